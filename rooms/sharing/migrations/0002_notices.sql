-- What somebody who keeps a relation, or is in contact now, should know that another did. No text of anybody: what
-- happened is read where it stands, by whoever may.
create table notices (
    id {id},
    actor_id bigint not null references actors (id),
    -- The kind of event.
    kind text not null,
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    event_id bigint not null,
    -- Who did it; the house for what came from outside.
    by_id bigint not null references actors (id),
    purpose text not null,
    unit_id bigint,
    subject_id bigint,
    at bigint not null,
    read_at bigint,
    unique (actor_id, event_id)
);
create index notices_unread on notices (actor_id) where read_at is null;
create index notices_person on notices (person_id) where person_id is not null;
create index notices_of on notices (actor_id, id);
