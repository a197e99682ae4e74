-- A campaign: why, for what purpose, with how much, and what counts as its result.
create table campaigns (
    id {id},
    name text not null,
    unit_id bigint not null references units (id),
    purpose text not null,
    reason text not null,
    -- process: what we do; result: what we claim to have reached.
    label text not null,
    budget_cents bigint not null,
    budget_minutes bigint not null,
    -- What a thousand mails cost.
    mail_cents bigint not null,
    -- What whoever was reached does: a kind of event, perhaps narrowed, and within how many days.
    goal_kind text,
    goal_detail text,
    goal_days bigint not null,
    -- open, closed
    state text not null,
    -- What came of it, in the words of whoever closed it.
    outcome text,
    actor_id bigint not null references actors (id),
    made_at bigint not null,
    changed_at bigint not null
);

-- What it cost. A booking is never changed: it is taken back.
create table campaign_costs (
    id {id},
    campaign_id bigint not null references campaigns (id),
    what text not null,
    cents bigint not null,
    minutes bigint not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    taken_back_at bigint
);
create index campaign_costs_campaign on campaign_costs (campaign_id, id);

create table mailings (
    id {id},
    campaign_id bigint not null references campaigns (id),
    name text not null,
    -- draft, asked (for approval), approved, sending, paused, stopped, done
    state text not null,
    -- The newest draft that counts; those after it were undone.
    draft bigint not null,
    -- Who approved it, and why it came back when it did.
    approved_by bigint references actors (id),
    remark text,
    -- From here on: what is being sent. The people are those who were in the segment when it was decided.
    seed bigint not null,
    people {bytes},
    total bigint not null default 0,
    held_out bigint not null default 0,
    -- test, verdict (waiting for it), rest, way (all are planned, some have not gone)
    phase text,
    phase_total bigint not null default 0,
    phase_taken bigint not null default 0,
    -- The last relation number that was looked at in this phase.
    after_person bigint not null default 0,
    phase_at bigint,
    paused_at bigint,
    -- Why it paused by itself: complaints, bounces.
    brake text,
    -- Nobody pauses it by itself any more: a person let it go on.
    brake_off boolean not null default false,
    decides_at bigint,
    -- The text that the rest gets, and whether the test told the two apart.
    winner bigint,
    told_apart boolean,
    actor_id bigint not null references actors (id),
    made_at bigint not null,
    changed_at bigint not null,
    sent_at bigint,
    ended_at bigint
);
create index mailings_campaign on mailings (campaign_id, id);

-- Every state of the draft, so that a change is undone by stepping back.
create table mailing_drafts (
    mailing_id bigint not null references mailings (id),
    no bigint not null,
    plan text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (mailing_id, no)
);

-- Whom it went to, and who was held out to compare with (`variant` is nothing). The number is made of the mailing and of the
-- person, so that nobody is written to twice by one mailing.
create table mailing_people (
    id bigint primary key,
    mailing_id bigint not null references mailings (id),
    person_id bigint not null references people (id),
    variant bigint,
    at bigint not null,
    -- They did what it is held for; wrote back; wanted no more of it; complained.
    reached_at bigint,
    wrote_at bigint,
    left_at bigint,
    complained_at bigint
);
create index mailing_people_person on mailing_people (person_id, at);
create index mailing_people_complained on mailing_people (mailing_id) where complained_at is not null;
create index mailing_people_mailing on mailing_people (mailing_id, variant);

-- Colleagues of a unit who get every mailing before others do.
create table mailing_seeds (
    id {id},
    unit_id bigint not null references units (id),
    person_id bigint not null references people (id),
    actor_id bigint not null references actors (id),
    at bigint not null,
    unique (unit_id, person_id)
);

-- A text as it went to the colleagues of that list.
create table mailing_trials (
    id {id},
    mailing_id bigint not null references mailings (id),
    draft bigint not null,
    variant bigint not null,
    tongue text not null,
    person_id bigint not null references people (id),
    at bigint not null
);
create index mailing_trials_mailing on mailing_trials (mailing_id, draft);

-- From how many people on a second person approves; nothing: never.
create table mailing_policy (
    id bigint primary key,
    from_people bigint,
    actor_id bigint references actors (id),
    changed_at bigint not null
);
