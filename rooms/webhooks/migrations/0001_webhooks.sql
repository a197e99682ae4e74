-- Another system that is told what happens here, and what it is told.
create table webhooks (
    id {id},
    name text not null,
    url text not null,
    -- The kinds of events, with a space between.
    kinds text not null,
    -- The key under whose rights it listens: it is told of nobody whom that key does not see.
    key_id bigint not null references actors (id),
    made_by bigint not null references actors (id),
    made_at bigint not null,
    -- on, paused, gone (the other side said so), failing (nothing arrived for days), removed
    state text not null,
    -- What its secret is made from, with a key that is not in the database; and the one before, as long as it still signs.
    salt text not null,
    old_salt text,
    old_until bigint,
    -- One hand at a time sends to it.
    leased_until bigint not null default 0,
    -- Nobody answered there: nothing is tried before this moment.
    rest_until bigint not null default 0,
    -- How often in a row nobody answered, and since when.
    faults bigint not null default 0,
    failing_since bigint,
    last_ok_at bigint
);

-- Of which segments it hears who joins and leaves.
create table webhook_segments (
    webhook_id bigint not null references webhooks (id),
    segment_id bigint not null references segments (id),
    primary key (webhook_id, segment_id)
);

-- What is to be told, as it will be told: the same bytes at every try.
create table webhook_messages (
    id {id},
    webhook_id bigint not null references webhooks (id),
    -- Empty when somebody tries whether the other side listens.
    event_id bigint,
    kind text not null,
    person_id bigint references people (id),
    body text not null,
    -- waiting, delivered, failed
    state text not null,
    attempts bigint not null default 0,
    due_at bigint not null,
    made_at bigint not null,
    done_at bigint,
    unique (webhook_id, event_id)
);
create index webhook_messages_due on webhook_messages (webhook_id, due_at, id) where state = 'waiting';
create index webhook_messages_of on webhook_messages (webhook_id, state, id);
create index webhook_messages_person on webhook_messages (person_id);
create index webhook_messages_made on webhook_messages (made_at);

-- Each try: what the other side answered, or why it did not.
create table webhook_attempts (
    id {id},
    message_id bigint not null references webhook_messages (id),
    at bigint not null,
    took bigint not null,
    status bigint,
    fault text
);
create index webhook_attempts_of on webhook_attempts (message_id, id);
