-- The exact words that people agreed to, by version and language; a version is never edited.
create table wordings (
    wording_key text not null,
    version bigint not null,
    lang text not null,
    text text not null,
    primary key (wording_key, version, lang)
);

-- The ledger: consents, withdrawals and objections as they came in. Only ever added to; the present state is
-- the newest row per purpose and channel.
create table consent_ledger (
    id {id},
    person_id bigint not null references people (id),
    purpose text not null,
    channel text not null,
    act text not null,
    wording_key text,
    wording_version bigint,
    lang text,
    how text not null,
    proof text not null default '',
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index consent_ledger_person on consent_ledger (person_id, purpose, channel, id);

-- The links behind "stop" in a mail: what they are for, and nothing that shows whose they are.
create table choice_links (
    hash {bytes} primary key,
    person_id bigint not null references people (id),
    purpose text not null,
    channel text not null,
    made_at bigint not null
);
create index choice_links_person on choice_links (person_id);

-- One budget of attention per person over all departments and channels. A row is one approach that was granted.
create table attention (
    id {id},
    person_id bigint not null references people (id),
    kind text not null,
    -- What it was granted for; granted once, however often it is tried.
    claim text not null unique,
    at bigint not null
);
create index attention_person on attention (person_id, kind, at);
create table attention_locks (
    person_id bigint primary key,
    turn bigint not null
);

insert into wordings (wording_key, version, lang, text) values
    ('newsletter', 1, 'nl', 'Ja, stuur mij nieuws per mail. Ik kan dit altijd stoppen.'),
    ('newsletter', 1, 'en', 'Yes, send me news by e-mail. I can stop this at any time.');
