-- A list that somebody brought in: what was read, how its columns are understood, how far it has come, and what
-- it did. Lists with one `list_key` are the same list at different times; it is what owns the values it brought.
create table imports (
    id {id},
    name text not null,
    list_key text not null,
    actor_id bigint not null references actors (id),
    created_at bigint not null,
    state text not null,
    -- SHA-256 of the bytes as they came. The bytes themselves are not kept: they may hold what we must not have.
    content_hash {bytes} not null,
    form text not null,
    columns text not null,
    mapping text not null,
    rows_total bigint not null,
    rows_done bigint not null default 0,
    at_line bigint not null default 0,
    added bigint not null default 0,
    changed bigint not null default 0,
    unchanged bigint not null default 0,
    refused bigint not null default 0,
    warned bigint not null default 0,
    removed bigint not null default 0,
    restored bigint not null default 0,
    kept bigint not null default 0,
    bsn_dropped bigint not null default 0,
    iban_masked bigint not null default 0,
    started_at bigint,
    finished_at bigint,
    undone_at bigint
);
create index imports_list on imports (list_key, id);

-- Each row as it came and as we read it, with what it did. `person_id` refers to people without a constraint, so
-- that a person can be taken away; forgetting a person empties the row.
create table import_rows (
    import_id bigint not null references imports (id),
    line bigint not null,
    raw text not null,
    candidate text,
    remarks text not null default '[]',
    status text not null default 'raw',
    -- By these it is compared, spelled as the hall spells them.
    number text,
    email text {binary},
    phone text {binary},
    sort_key text {binary},
    postcode text,
    birth_date text,
    fingerprint text,
    -- The first row of the same person in this file, and the person it belongs to, with the reason.
    twin_line bigint,
    reason text,
    person_id bigint,
    action text,
    before text,
    undone text,
    primary key (import_id, line)
);
create index import_rows_person on import_rows (person_id, import_id);
create index import_rows_fingerprint on import_rows (fingerprint);

-- Rows that look like somebody but are not surely the same: with another row, or with a person of the base. They
-- become people of their own unless somebody says `same`.
create table import_pairs (
    id {id},
    import_id bigint not null references imports (id),
    line bigint not null,
    other_line bigint,
    person_id bigint,
    reason text not null,
    same boolean not null default false
);
create index import_pairs_import on import_pairs (import_id, line);

-- Notes that an import wrote, so that undoing it takes exactly those.
create table import_notes (
    note_id bigint primary key,
    import_id bigint not null references imports (id),
    person_id bigint not null
);
create index import_notes_person on import_notes (person_id);

-- People to look at: two that an import kept apart although they look alike.
create table lookalikes (
    person_id bigint not null,
    other_id bigint not null,
    import_id bigint not null references imports (id),
    reason text not null,
    primary key (person_id, other_id)
);
create index lookalikes_other on lookalikes (other_id);
