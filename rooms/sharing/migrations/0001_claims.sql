-- "I am in contact now": for whoever is about to approach the same relation. It warns and never blocks.
create table claims (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    actor_id bigint not null references actors (id),
    -- Where the claimer belonged when claiming.
    unit_id bigint references units (id),
    reason text not null,
    from_at bigint not null,
    -- The last day on which it holds: it runs out by the clock, and nothing has to happen for that.
    until_day text not null,
    ended_at bigint,
    check ((person_id is null) <> (organisation_id is null))
);
create index claims_person on claims (person_id) where person_id is not null;
create index claims_organisation on claims (organisation_id) where organisation_id is not null;
create index claims_actor on claims (actor_id);
create index claims_unit on claims (unit_id);
