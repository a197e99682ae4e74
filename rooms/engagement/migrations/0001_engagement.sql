-- How acts are weighed: every version with who decided it, when and why. What holds is the newest.
create table engagement_formulas (
    version bigint primary key,
    formula text not null,
    reason text not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);

-- What people did of their own accord, as far as a room tells of it. The event is the truth; a row here goes along when two
-- numbers turn out to be one person. What it is worth is never kept: a formula says so.
create table engagement_acts (
    id {id},
    person_id bigint not null references people (id),
    -- The name that formulas weigh it by.
    kind text not null,
    -- The day of the institution, as the number of days since 1 January 1970, and the calendar year it lies in.
    day bigint not null,
    year bigint not null,
    event_id bigint not null unique
);
create index engagement_acts_person on engagement_acts (person_id, day, id);

-- What that comes to, as rules ask for it: for everybody who ever did anything, since which day it is so.
create table engagement_scores (
    person_id bigint primary key references people (id),
    -- From how many acts it was worked out: whoever works by night does not write over what came meanwhile.
    acts bigint not null,
    score bigint not null,
    -- Null when it is stale.
    behaviour bigint,
    day bigint not null
);
create index engagement_scores_day on engagement_scores (day);

insert into engagement_formulas (version, formula, reason, actor_id, at) values (1, '{
  "kinds": {
    "click": {"mode": "communication", "points": 1, "half_life": 365, "cap": 10},
    "question": {"mode": "communication", "points": 3, "half_life": 365, "cap": 12},
    "reply": {"mode": "communication", "points": 3, "half_life": 365, "cap": 12},
    "survey_answer": {"mode": "communication", "points": 3, "half_life": 365, "cap": 12},
    "profile_confirmed": {"mode": "communication", "points": 4, "half_life": 365, "cap": 4},
    "event_registered": {"mode": "experiential", "points": 1, "half_life": 365, "cap": 5},
    "event_attended": {"mode": "experiential", "points": 6, "half_life": 365, "cap": 30},
    "curriculum_feedback": {"mode": "volunteer", "points": 6, "half_life": 365, "cap": 24},
    "guest_lesson": {"mode": "volunteer", "points": 12, "half_life": 365, "cap": 48},
    "mentoring_month": {"mode": "volunteer", "points": 8, "half_life": 730, "cap": 96},
    "open_day_help": {"mode": "volunteer", "points": 10, "half_life": 365, "cap": 40},
    "panel_quarter": {"mode": "volunteer", "points": 8, "half_life": 365, "cap": 32},
    "placement_offered": {"mode": "volunteer", "points": 15, "half_life": 365, "cap": 60},
    "referral": {"mode": "volunteer", "points": 6, "half_life": 365, "cap": 24},
    "gift": {"mode": "philanthropic", "points": 8, "half_life": 730, "cap": 8},
    "gift_recurring": {"mode": "philanthropic", "points": 4, "half_life": 730, "cap": 4}
  },
  "modes": {
    "communication": {"weight": 20, "k": 10},
    "experiential": {"weight": 30, "k": 15},
    "volunteer": {"weight": 35, "k": 30},
    "philanthropic": {"weight": 15, "k": 12}
  },
  "behaviour": {"half_life": 60, "k": 8, "stale": 90}
}', '', 1, 0);
