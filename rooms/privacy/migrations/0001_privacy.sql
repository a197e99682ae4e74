-- What remains of somebody who is gone: keyed hashes of their addresses and codes, so that a list from elsewhere
-- does not bring them back, and nothing from which they could be read.
create table tombstones (
    hash text primary key,
    erased_at bigint not null
);

-- What was asked under the law, when, and what became of it.
create table privacy_requests (
    id {id},
    person_id bigint not null references people (id),
    -- access, erasure
    kind text not null,
    at bigint not null,
    actor_id bigint not null references actors (id),
    erased bigint not null default 0
);
