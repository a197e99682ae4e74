-- Colleagues who leave on a day, and whom of those that only they know was handed to whom.
create table leavers (
    id {id},
    actor_id bigint not null references actors (id),
    -- Where they belonged: an account that was closed reaches nothing any more.
    unit_id bigint not null references units (id),
    leaves_on text not null,
    marked_by bigint not null references actors (id),
    at bigint not null,
    -- How many were left when somebody last counted.
    people bigint not null,
    withdrawn_at bigint
);
create unique index leavers_once on leavers (actor_id) where withdrawn_at is null;
create table handovers (
    id {id},
    -- The number of the first of those that were handed over together.
    batch_id bigint,
    from_actor_id bigint not null references actors (id),
    to_actor_id bigint not null references actors (id),
    person_id bigint not null references people (id),
    before_id bigint references actors (id),
    by_id bigint not null references actors (id),
    at bigint not null,
    undone_at bigint
);
create index handovers_person on handovers (person_id);
create index handovers_batch on handovers (batch_id);
