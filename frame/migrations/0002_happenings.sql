-- What happened to people, as rules ask for it: written with the event that tells it, in the day of the institution, since
-- neither database knows its zone. The event stays the truth; a row here goes along when two numbers turn out to be one
-- person, which an event never does.
create table happenings (
    id {id},
    person_id bigint not null,
    -- The kind of the event.
    kind text not null,
    -- Days since 1 January 1970.
    day bigint not null,
    detail text,
    event_id bigint not null
);
create index happenings_person on happenings (person_id);
create index happenings_asked on happenings (kind, day, detail, person_id);

-- From which event on a kind is written down as it is told; what was told before is read from the log once, up to there.
create table happening_kinds (
    kind text primary key,
    up_to bigint not null,
    done bigint not null
);
