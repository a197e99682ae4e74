-- Organisations that may be one, as they were found when everybody was last compared, and what was decided about them.
create table organisation_pairs (
    id {id},
    a_id bigint not null references organisations (id),
    b_id bigint not null references organisations (id),
    bits double precision not null,
    score text not null,
    state text not null,
    found_at bigint not null,
    decided_at bigint,
    decided_by bigint references actors (id),
    unique (a_id, b_id)
);
create index organisation_pairs_waiting on organisation_pairs (state, bits, id);
create index organisation_pairs_b on organisation_pairs (b_id);
