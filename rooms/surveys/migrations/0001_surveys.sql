create table surveys (
    id {id},
    name_nl text not null,
    name_en text not null,
    -- For one topic, or for all that have none of their own.
    topic_id bigint references topics (id),
    unit_id bigint not null references units (id),
    -- draft, live, closed
    state text not null,
    made_at bigint not null
);

-- A question is never edited once it can have been answered: it is retired, and a new one takes its place, so that
-- no trend line mixes two wordings.
create table questions (
    id {id},
    survey_id bigint not null references surveys (id),
    position bigint not null,
    -- experience, expectation, mark, yes_no, text
    kind text not null,
    text_nl text not null,
    text_en text not null,
    retired_at bigint
);
create index questions_survey on questions (survey_id, position);

-- Somebody was asked. The link's token is kept as its hash, and made when the letter is written.
create table invitations (
    id {id},
    survey_id bigint not null references surveys (id),
    person_id bigint not null references people (id),
    request_id bigint not null unique,
    unit_id bigint not null references units (id),
    topic_id bigint not null,
    lang text not null,
    -- The chance with which this request was drawn, for weighting (1 when every request is asked).
    chance double precision not null,
    token_hash {bytes} unique,
    made_at bigint not null,
    expires_at bigint not null,
    -- A request that was opened again is not asked about.
    withdrawn boolean not null default false
);
create index invitations_person on invitations (person_id, id);

create table responses (
    id {id},
    invitation_id bigint not null unique references invitations (id),
    unit_id bigint not null references units (id),
    person_id bigint not null references people (id),
    wants_contact boolean not null,
    -- How often the person changed their mind; the last answer counts.
    times bigint not null default 1,
    at bigint not null
);
create index responses_unit on responses (unit_id, at);
create index responses_person on responses (person_id, id);

create table answers (
    response_id bigint not null references responses (id),
    question_id bigint not null references questions (id),
    number bigint,
    text text,
    primary key (response_id, question_id)
);

-- "Please contact me": a promise with an owner, a due time and an outcome.
create table callbacks (
    id {id},
    response_id bigint not null unique references responses (id),
    person_id bigint not null references people (id),
    unit_id bigint not null references units (id),
    -- mail, phone
    channel text not null,
    phone text,
    -- any, morning, afternoon
    moment text not null,
    -- wanted, owned, closed
    state text not null,
    owner_id bigint references actors (id),
    attempts bigint not null default 0,
    wanted_at bigint not null,
    due_at bigint not null,
    escalated_at bigint,
    closed_at bigint,
    -- reached, not_reached, not_needed
    outcome text
);
create index callbacks_open on callbacks (state, unit_id, due_at);
create index callbacks_person on callbacks (person_id);
