-- A saved rule about people: who is meant. Its members are worked out, never kept; what is kept is who moved and why.
create table segments (
    id {id},
    name text not null,
    note text not null default '',
    -- Whose it is: a segment is seen in the whole institution and changed by whoever works for this unit.
    unit_id bigint not null references units (id),
    actor_id bigint not null references actors (id),
    rule text not null,
    version bigint not null,
    made_at bigint not null,
    changed_at bigint not null,
    archived_at bigint
);

-- What it has been, and how many came and went by each change.
create table segment_versions (
    segment_id bigint not null references segments (id),
    version bigint not null,
    rule text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    joined bigint,
    gone bigint,
    primary key (segment_id, version)
);

-- Who joined and who left by themselves, when, and because of which event; without one, because a day went by.
create table segment_moves (
    id {id},
    segment_id bigint not null references segments (id),
    person_id bigint not null references people (id),
    joined boolean not null,
    at bigint not null,
    event_id bigint,
    -- The kind of the event, or `day`.
    cause text not null
);
create index segment_moves_of on segment_moves (segment_id, id);
create index segment_moves_person on segment_moves (person_id, segment_id, id);

-- The members of one moment, for a study that must not move.
create table segment_snapshots (
    id {id},
    segment_id bigint not null references segments (id),
    version bigint not null,
    reason text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    people bigint not null
);
create index segment_snapshots_of on segment_snapshots (segment_id, id);
create table segment_snapshot_people (
    id {id},
    snapshot_id bigint not null references segment_snapshots (id),
    person_id bigint not null references people (id),
    unique (snapshot_id, person_id)
);
create index segment_snapshot_people_of on segment_snapshot_people (person_id);
