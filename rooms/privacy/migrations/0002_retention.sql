-- The hashes live in the hall now, where lists and other systems ask for them.
insert into suppressions (hash, at) select hash, erased_at from tombstones;
drop table tombstones;

-- How long what is kept, for which kind of relation, and whether it is carried out.
create table retention_rules (
    rule_key text primary key,
    months bigint not null,
    active boolean not null default false,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create table retention_runs (
    id {id},
    rule_key text not null,
    at bigint not null,
    people bigint not null
);
