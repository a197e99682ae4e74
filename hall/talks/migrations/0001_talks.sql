-- A dialogue: one person, one topic, one purpose, over whichever channels; closed with an outcome.
create table dialogues (
    id {id},
    person_id bigint not null references people (id),
    unit_id bigint references units (id),
    topic text not null,
    purpose text not null,
    lang text not null,
    channel text not null,
    -- ours (to answer), theirs, waiting, closed
    state text not null,
    outcome text,
    -- A named colleague, or nobody: then the robot keeps it.
    owner_id bigint references actors (id),
    opened_at bigint not null,
    changed_at bigint not null
);
create index dialogues_person on dialogues (person_id, changed_at);

-- Everything that was said in it.
create table turns (
    id {id},
    dialogue_id bigint not null references dialogues (id),
    -- in, out
    direction text not null,
    channel text not null,
    actor_id bigint not null references actors (id),
    lang text not null,
    text text not null,
    message_id bigint,
    at bigint not null
);
create index turns_dialogue on turns (dialogue_id, id);

-- Every message to a person. A letter is written when it goes out, not when it is planned: a row is small, and
-- secrets in links are made only for what is sent.
create table messages (
    id {id},
    person_id bigint not null references people (id),
    dialogue_id bigint references dialogues (id),
    unit_id bigint references units (id),
    -- Which letter, and about which row of the room that asked.
    kind text not null,
    subject_id bigint not null,
    purpose text not null,
    channel text not null,
    class text not null,
    approach text,
    -- The room that asked has a line of its own for it on the timeline.
    told_by_room boolean not null,
    -- planned, claimed, data, sent, refused, doubtful, cancelled
    state text not null,
    due_at bigint not null,
    attempts bigint not null default 0,
    node_id bigint,
    epoch bigint,
    fence bigint not null default 0,
    mail_id text unique,
    relay text,
    reason text,
    subject text,
    body text,
    created_at bigint not null,
    handed_at bigint
);
create index messages_due on messages (state, due_at, id);
create index messages_person on messages (person_id, id);

-- Processes that send. A node that stops saying that it is there has lost what it had claimed.
create table nodes (
    id {id},
    seen_at bigint not null
);

-- The demo institution's mail: what would have gone to a relay lies here to be read in the browser.
create table drawer (
    id {id},
    message_id bigint not null references messages (id),
    person_id bigint not null,
    to_address text not null,
    subject text not null,
    raw {bytes} not null,
    html text not null,
    at bigint not null
);

-- What dialogues are about, and which unit answers.
create table topics (
    id {id},
    topic_key text not null unique,
    name_nl text not null,
    name_en text not null,
    unit_id bigint not null references units (id),
    position bigint not null,
    active boolean not null default true
);
