-- Staff: an account is an actor that can sign in. The unit is where it belongs, and so who may manage it.
create table accounts (
    actor_id bigint primary key references actors (id),
    unit_id bigint not null references units (id),
    email text not null,
    -- Lower case: one address is one account, however it is typed.
    email_key text {binary} not null unique,
    -- Folded name and address, to sort and to search by.
    sort_key text {binary} not null,
    -- Argon2id with its parameters; null until somebody who was invited has chosen one.
    password text,
    lang text,
    state text not null,
    -- Of the demo institution: its password is public, so it opens nothing anywhere else.
    demo boolean not null default false,
    created_at bigint not null,
    signed_in_at bigint
);
create index accounts_sorted on accounts (sort_key, actor_id);

-- Which role somebody has, and in which unit; `reach` follows from it.
create table role_grants (
    account_id bigint not null references accounts (actor_id),
    role text not null,
    unit_id bigint not null references units (id),
    granted_by bigint not null references actors (id),
    granted_at bigint not null,
    primary key (account_id, role, unit_id)
);

create table sessions (
    id {id},
    token_hash {bytes} not null unique,
    account_id bigint not null references accounts (actor_id),
    created_at bigint not null,
    last_seen_at bigint not null,
    expires_at bigint not null,
    -- "Firefox · Windows", never the whole header: that would be a fingerprint of the person.
    browser text not null
);
create index sessions_account on sessions (account_id);

-- From which networks somebody has signed in before (a keyed hash, no address). Whoever has may sign in from there
-- while strangers make so much noise that everybody else has to wait.
create table familiar_networks (
    account_id bigint not null references accounts (actor_id),
    network text not null,
    at bigint not null,
    primary key (account_id, network)
);

-- Links that work once: the first start, an invitation, a new password.
create table access_links (
    id {id},
    token_hash {bytes} not null unique,
    purpose text not null,
    account_id bigint references accounts (actor_id),
    made_at bigint not null,
    expires_at bigint not null,
    used_at bigint
);
create index access_links_account on access_links (account_id);

create table api_keys (
    actor_id bigint primary key references actors (id),
    token_hash {bytes} not null unique,
    -- Right keys, with a space between.
    scopes text not null,
    unit_id bigint not null references units (id),
    created_by bigint not null references actors (id),
    created_at bigint not null,
    last_used_at bigint,
    revoked_at bigint
);
