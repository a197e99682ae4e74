-- How good the relation base was, night by night: counting reads all of it, so a page shows what was counted last. Numbers
-- only; nobody can be read from them.
create table quality_counts (
    id {id},
    at bigint not null,
    -- Whoever asked, or the house by night.
    actor_id bigint not null references actors (id),
    -- As JSON: see `quality.rs`.
    result text not null
);
