-- A journey: a plan for dialogues, with a draft that is worked on and versions that people are on.
create table journeys (
    id {id},
    name text not null,
    note text not null,
    unit_id bigint not null references units (id),
    -- draft, live, paused, ended
    state text not null,
    -- The one that new people begin with; 0 before the first.
    version bigint not null,
    -- The newest draft that counts; those after it were undone.
    draft bigint not null,
    -- The highest number that a step has ever had here, so that none is given twice.
    steps bigint not null,
    actor_id bigint not null references actors (id),
    made_at bigint not null,
    changed_at bigint not null
);

-- Every state of the draft, so that a change is undone by stepping back.
create table journey_drafts (
    journey_id bigint not null references journeys (id),
    no bigint not null,
    plan text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (journey_id, no)
);

-- What was published. A version is never changed: runs are on it.
create table journey_versions (
    journey_id bigint not null references journeys (id),
    version bigint not null,
    plan text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (journey_id, version)
);

-- What a version listens to: to begin somebody, or to end a wait. `detail` is a segment's number, or a code.
create table journey_hears (
    kind text not null,
    journey_id bigint not null references journeys (id),
    version bigint not null,
    begins boolean not null,
    detail text,
    primary key (kind, journey_id, version, begins)
);

-- Somebody on a journey. What a later step may ask is in `kept`; most have nothing there.
create table journey_runs (
    id {id},
    journey_id bigint not null references journeys (id),
    version bigint not null,
    person_id bigint not null references people (id),
    dialogue_id bigint references dialogues (id),
    -- running, ended, stopped, stuck
    state text not null,
    -- The step at which they wait, since when, and until when.
    step bigint,
    since bigint,
    due_at bigint,
    -- What was due while the journey was paused: so that it is not met again and again until it goes on.
    parked_at bigint,
    deeds bigint not null,
    -- Grows with every turn: two that move one run at once do not both succeed.
    turns bigint not null,
    kept text,
    -- What began it: the event, or nothing when a person did.
    cause bigint,
    began_at bigint not null,
    ended_at bigint,
    outcome text
);
create unique index journey_runs_once on journey_runs (journey_id, person_id) where state = 'running';
create index journey_runs_due on journey_runs (due_at, id) where due_at is not null;
create index journey_runs_parked on journey_runs (journey_id) where parked_at is not null;
create index journey_runs_person on journey_runs (person_id, id);
create index journey_runs_began on journey_runs (journey_id, id);

-- Every deed of a run, once: its number is made of the run and of how many came before, so that a deed cannot be written twice.
create table journey_deeds (
    id bigint primary key,
    run_id bigint not null references journey_runs (id),
    version bigint not null,
    step bigint not null,
    visit bigint not null,
    at bigint not null,
    -- done, late (left out, by the rule of the step), refused (with a reason)
    state text not null,
    reason text,
    message_id bigint,
    turn_id bigint,
    -- Of a question: the link's secret as a hash, and what was answered.
    token_hash {bytes},
    answer text,
    answered_at bigint
);
create unique index journey_deeds_token on journey_deeds (token_hash) where token_hash is not null;
create index journey_deeds_message on journey_deeds (message_id) where message_id is not null;

-- How somebody came to where they are: what each turn passed, and the event that moved them.
create table journey_turns (
    run_id bigint not null references journey_runs (id),
    no bigint not null,
    version bigint not null,
    at bigint not null,
    trace text not null,
    cause bigint,
    primary key (run_id, no)
){clustered};

-- What reached people on a journey while it was paused, for when it goes on.
create table journey_missed (
    id {id},
    run_id bigint not null references journey_runs (id),
    event_id bigint not null
);
create index journey_missed_run on journey_missed (run_id);

-- What a journey handed to a person.
create table journey_tasks (
    id {id},
    run_id bigint not null references journey_runs (id),
    deed_id bigint not null,
    person_id bigint not null references people (id),
    unit_id bigint not null references units (id),
    -- task, call
    kind text not null,
    title text not null,
    owner_id bigint references actors (id),
    due_at bigint not null,
    made_at bigint not null,
    done_at bigint,
    done_by bigint references actors (id),
    -- done, not_reached, not_needed
    outcome text,
    note text
);
create index journey_tasks_open on journey_tasks (unit_id, due_at) where done_at is null;
create index journey_tasks_person on journey_tasks (person_id, id);

-- A journey begun for everybody who is in a segment at one moment, perhaps spread over hours.
create table journey_groups (
    id {id},
    journey_id bigint not null references journeys (id),
    version bigint not null,
    segment_id bigint not null,
    segment_name text not null,
    actor_id bigint not null references actors (id),
    -- Their relation numbers, as a roaring bitmap, until it is over: who was meant is decided once.
    people {bytes},
    total bigint not null,
    -- How many of them have been taken, in the order of their numbers; of those, how many began.
    taken bigint not null,
    begun bigint not null,
    over_minutes bigint not null,
    -- running, stopped, done
    state text not null,
    made_at bigint not null,
    ended_at bigint
);
create index journey_groups_running on journey_groups (id) where state = 'running';
