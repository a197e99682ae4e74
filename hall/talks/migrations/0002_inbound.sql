-- Every mail that came in, byte by byte, kept before it was acknowledged. Reading it is a later step, that can be done again.
create table inbound_mails (
    id {id},
    -- lmtp, imap
    way text not null,
    -- SHA-256 of the bytes: handed over twice, it is one.
    hash text not null unique,
    -- What a mail says of itself, hashed: the same mail out of two mailboxes is one, too. Set when it is read.
    content text unique,
    -- Empty when the bytes are erased.
    raw {bytes},
    size bigint not null,
    -- The envelope, as far as there was one; recipients a line each.
    sender text,
    recipients text not null,
    -- kept, read, quarantined, discarded
    state text not null,
    -- What was done with it: turn, question, automatic, bounce, complaint, withdrawal, duplicate, own, discarded.
    outcome text,
    -- Why it is in quarantine.
    reason text,
    tries bigint not null default 0,
    due_at bigint not null,
    parser bigint not null default 0,
    mail_id text,
    from_address text,
    from_name text,
    subject text,
    person_id bigint references people (id),
    dialogue_id bigint references dialogues (id),
    turn_id bigint,
    received_at bigint not null,
    read_at bigint,
    decided_by bigint references actors (id)
);
create index inbound_mails_due on inbound_mails (state, due_at, id);
create index inbound_mails_person on inbound_mails (person_id, id);
create index inbound_mails_from on inbound_mails (from_address);
create index inbound_mails_dialogue on inbound_mails (dialogue_id, id);

-- Where it lay in a mailbox: what is here was kept, and is not fetched again.
create table inbound_places (
    account text not null,
    validity bigint not null,
    uid bigint not null,
    mail_id bigint not null references inbound_mails (id),
    primary key (account, validity, uid)
);
create index inbound_places_mail on inbound_places (mail_id);

-- Mail to this address is a question with this topic.
create table topic_mailboxes (
    id {id},
    address text not null unique,
    topic_id bigint not null references topics (id)
);

-- How often a mail came back for now.
alter table messages add column bounces bigint not null default 0;
