-- What somebody wants to know, about one topic: open until it is answered or no longer wanted. Asked again while it is open,
-- it is the same need, asked more often.
create table needs (
    id {id},
    person_id bigint not null references people (id),
    -- The number under which it was first asked, which a merge does not move: one number has one open need on a topic.
    asker_id bigint not null,
    topic_id bigint not null references topics (id),
    -- Which unit answers.
    unit_id bigint not null references units (id),
    -- open, answered, lapsed
    state text not null,
    -- Where it was first asked: form, request, api, phone, hand.
    source text not null,
    recorded_by bigint not null references actors (id),
    opened_at bigint not null,
    times bigint not null default 1,
    last_at bigint not null,
    closed_at bigint,
    closed_by bigint references actors (id),
    -- The request whose answer closed it; empty when somebody of the house said so.
    closed_with bigint,
    -- The days of the institution for rules on people: the day on which it was opened, and the last on which it was open to
    -- its end. Whoever gets an answer has no open need any more that very day.
    open_from text not null,
    open_to text
);
create unique index needs_open on needs (asker_id, topic_id) where state = 'open';
create index needs_person on needs (person_id, topic_id);
create index needs_topic on needs (topic_id, id);
create index needs_last on needs (last_at);

-- Each time that it was asked: where, when, in which words, written down by whom.
create table askings (
    id {id},
    need_id bigint not null references needs (id),
    source text not null,
    -- Of a question: the request that answers it, and the dialogue with its words.
    request_id bigint unique,
    dialogue_id bigint references dialogues (id),
    -- Written down by hand: for which unit, by whom, in the person's own words.
    unit_id bigint references units (id),
    actor_id bigint not null references actors (id),
    words text not null default '',
    at bigint not null,
    -- The request was closed, and whether by an answer.
    closed boolean not null default false,
    answered boolean not null default false
);
create index askings_need on askings (need_id, id);
create index askings_at on askings (at);
