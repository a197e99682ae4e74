-- A persona is a segment with a face: who its people are, what they come for, and how we speak with them. Whose segment is
-- the first in this order that somebody is in, theirs is the persona; nobody is ever assigned by hand.
create table personas (
    id {id},
    segment_id bigint not null unique references segments (id),
    place bigint not null,
    portrait text not null,
    wants text not null default '',
    approach text not null default '',
    actor_id bigint not null references actors (id),
    changed_at bigint not null,
    version bigint not null,
    dropped_at bigint
);
