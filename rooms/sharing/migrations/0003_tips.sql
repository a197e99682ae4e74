-- An opportunity passed on to another department: accepted or declined with a reason, and closed with an outcome.
create table tips (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    giver_id bigint not null references actors (id),
    giver_unit_id bigint references units (id),
    to_unit_id bigint not null references units (id),
    to_actor_id bigint references actors (id),
    what text not null,
    why text not null,
    -- open, accepted, declined, closed
    state text not null,
    given_at bigint not null,
    -- Ten working days after it was given.
    due_at bigint not null,
    escalated_at bigint,
    answered_at bigint,
    answered_by bigint references actors (id),
    answer text not null default '',
    closed_at bigint,
    -- won, lost, other
    outcome text,
    outcome_note text not null default '',
    check ((person_id is null) <> (organisation_id is null))
);
create index tips_to on tips (to_unit_id, state);
create index tips_to_actor on tips (to_actor_id) where to_actor_id is not null;
create index tips_giver on tips (giver_id);
create index tips_person on tips (person_id) where person_id is not null;
create index tips_organisation on tips (organisation_id) where organisation_id is not null;
