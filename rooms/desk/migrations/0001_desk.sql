-- What a person asks of the Serviceplein. What was said is in the dialogue; here is whose it is and by when.
create table requests (
    id {id},
    person_id bigint not null references people (id),
    dialogue_id bigint not null unique references dialogues (id),
    unit_id bigint not null references units (id),
    topic_id bigint not null references topics (id),
    subject text not null,
    lang text not null,
    channel text not null,
    -- new, assigned, waiting, closed
    state text not null,
    owner_id bigint references actors (id),
    -- Goes up with every change, so that an answer to an older state is noticed.
    version bigint not null default 1,
    opened_at bigint not null,
    due_at bigint not null,
    answered_at bigint,
    closed_at bigint,
    closed_by bigint references actors (id),
    outcome text
);
create index requests_open on requests (state, unit_id, due_at, id);
create index requests_person on requests (person_id, id);
create index requests_closed on requests (closed_at);
create index requests_opened on requests (opened_at);

-- The promise per topic: working minutes until the first answer.
create table desk_promises (
    topic_id bigint primary key references topics (id),
    first_answer_minutes bigint not null
);

-- Who is looking at a request just now.
create table request_looking (
    request_id bigint not null references requests (id),
    actor_id bigint not null references actors (id),
    since bigint not null,
    seen_at bigint not null,
    primary key (request_id, actor_id)
);
