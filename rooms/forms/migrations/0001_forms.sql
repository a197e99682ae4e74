-- A form or a landing page: what is worked on, and the versions that the public sees.
create table form_pieces (
    id {id},
    -- form, page
    kind text not null,
    name text not null,
    -- Where it stands, behind /f/ or /p/.
    slug text not null unique,
    unit_id bigint not null references units (id),
    -- draft, live, closed
    state text not null,
    -- The one that the public sees; 0 before the first.
    version bigint not null,
    -- The newest draft that counts; those after it were undone.
    draft bigint not null,
    -- The highest number that a field has ever had here, so that no answer is read as one to another question.
    fields bigint not null,
    actor_id bigint not null references actors (id),
    made_at bigint not null,
    changed_at bigint not null
);

-- Every state of the draft, so that a change is undone by stepping back.
create table form_drafts (
    piece_id bigint not null references form_pieces (id),
    no bigint not null,
    plan text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (piece_id, no)
);

-- What was published. A version is never changed: answers were given to it.
create table form_versions (
    piece_id bigint not null references form_pieces (id),
    version bigint not null,
    plan text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (piece_id, version)
);

-- What somebody filled in.
create table form_answers (
    id {id},
    form_id bigint not null references form_pieces (id),
    version bigint not null,
    unit_id bigint not null references units (id),
    -- Nobody while it is held, and of an answer without an address.
    person_id bigint references people (id),
    -- In which language the form was read.
    tongue text not null,
    -- counted, held, refused
    state text not null,
    -- Why it was held, as a code.
    suspicion text,
    -- link: by a link of their own; typed: who they are is what they say
    origin text not null,
    campaign text not null,
    at bigint not null,
    decided_by bigint references actors (id),
    decided_at bigint
);
create index form_answers_form on form_answers (form_id, state, id);
create index form_answers_person on form_answers (person_id, id);
create index form_answers_held on form_answers (state, unit_id, id);

create table form_values (
    id {id},
    answer_id bigint not null references form_answers (id),
    field bigint not null,
    -- Of a name and an address which part; empty for all else.
    part text not null,
    value text not null
);
create index form_values_answer on form_values (answer_id, field, id);

-- A file that came with an answer. What it was called is a label and never a path.
create table form_files (
    id {id},
    answer_id bigint not null references form_answers (id),
    field bigint not null,
    name text not null,
    -- As its content says, not its name.
    kind text not null,
    size bigint not null,
    content {bytes} not null
);
create index form_files_answer on form_files (answer_id);

-- A yes that counts when the link in the mail is used.
create table form_yeses (
    id {id},
    answer_id bigint not null references form_answers (id),
    person_id bigint not null references people (id),
    token_hash {bytes} unique,
    made_at bigint not null,
    expires_at bigint not null,
    said_at bigint
);
create index form_yeses_person on form_yeses (person_id);

-- Links in our mails by which somebody is known and is not asked what we know.
create table form_links (
    id {id},
    hash {bytes} not null unique,
    form_id bigint not null references form_pieces (id),
    person_id bigint not null references people (id),
    made_at bigint not null
);
create index form_links_person on form_links (person_id);

-- How often it was opened and sent on a day. Totals: nobody is told apart.
create table form_days (
    piece_id bigint not null references form_pieces (id),
    day text not null,
    seen bigint not null,
    sent bigint not null,
    primary key (piece_id, day)
);

-- Pictures for public pages, as we drew them again from what was brought in.
create table form_pictures (
    id {id},
    unit_id bigint not null references units (id),
    name text not null,
    hash text not null unique,
    kind text not null,
    width bigint not null,
    height bigint not null,
    content {bytes} not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);

-- The colours and the sign of a unit and of all below it, until the next that has its own. The newest holds.
create table form_brands (
    id {id},
    unit_id bigint not null references units (id),
    colour text not null,
    picture_id bigint references form_pictures (id),
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index form_brands_unit on form_brands (unit_id, id);
