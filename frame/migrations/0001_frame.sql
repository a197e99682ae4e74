-- Everybody and everything that acts: staff, API keys, robots, the anonymous visitor. The first two are the house
-- itself (1) and the visitor (2); the code knows them by these numbers.
create table actors (
    id {id},
    kind text not null,
    name text not null
);
insert into actors (kind, name) values ('robot', 'Kring'), ('visitor', 'visitor');

-- Which actor reaches which unit with which right: worked out from roles and the tree of units whenever one of
-- them changes, so that every scoped query is one look-up.
create table reach (
    actor_id bigint not null references actors (id),
    right_key text not null,
    unit_id bigint not null,
    primary key (actor_id, right_key, unit_id)
);

-- The trail: who read or changed what, written in the transaction of the deed. Eight chains, so that writers on
-- PostgreSQL seldom wait for each other; each entry carries a keyed hash over itself and the one before it.
create table trail (
    id {id},
    chain bigint not null,
    seq bigint not null,
    at bigint not null,
    actor_id bigint not null,
    deed text not null,
    kind text not null,
    person_id bigint,
    subject_id bigint,
    purpose text not null,
    detail text not null,
    hash {bytes} not null,
    unique (chain, seq)
);
create index trail_person on trail (person_id, at);
create index trail_actor on trail (actor_id, at);
create table trail_heads (
    chain bigint primary key,
    seq bigint not null,
    hash {bytes} not null
);
insert into trail_heads (chain, seq, hash)
    select n, 0, cast('' as {bytes}) from (select 0 as n union all select 1 union all select 2 union all select 3
        union all select 4 union all select 5 union all select 6 union all select 7) as chains;

-- How often a door was knocked on in a window of time; shared by all nodes.
create table knocks (
    door text not null,
    window_start bigint not null,
    times bigint not null,
    primary key (door, window_start)
);

-- Writes of the API under an idempotency key, with their first answer.
create table api_answers (
    actor_id bigint not null,
    idem_key text not null,
    request_hash {bytes} not null,
    status bigint,
    body text,
    at bigint not null,
    primary key (actor_id, idem_key)
);
