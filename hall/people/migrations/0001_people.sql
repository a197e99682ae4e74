-- The units of the institution: one tree. Names are data, in both languages of the house.
create table units (
    id {id},
    parent_id bigint references units (id),
    name_nl text not null,
    name_en text not null,
    kind text not null
);

-- One row per person; the key is the relation number that people see. Never a national number.
create table people (
    id {id},
    given_names text not null default '',
    initials text not null default '',
    preferred_name text not null default '',
    surname_prefix text not null default '',
    surname text not null default '',
    partner_surname_prefix text not null default '',
    partner_surname text not null default '',
    name_usage text not null default 'own',
    title_prefix text not null default '',
    title_suffix text not null default '',
    form_of_address text not null default 'neutral',
    display_override text not null default '',
    display_name text not null,
    -- Folded (no accents, lower case), so that both databases sort alike.
    sort_key text {binary} not null,
    lang text,
    birth_date text,
    deceased boolean not null default false,
    owner_id bigint references actors (id),
    unit_id bigint references units (id),
    source text not null,
    created_at bigint not null,
    changed_at bigint not null,
    last_contact_at bigint,
    version bigint not null default 1
);
create index people_sorted on people (sort_key, id);
create index people_contacted on people (last_contact_at, id);

create table contact_points (
    id {id},
    person_id bigint not null references people (id),
    kind text not null,
    -- As the person wrote it, and as it is compared.
    value text not null,
    canonical text {binary} not null,
    source text not null,
    added_at bigint not null,
    unique (person_id, kind, canonical)
);
create index contact_points_value on contact_points (kind, canonical);

-- Who answers to an address: the first to bring it. Others may share the address, but a form or a mail from it
-- finds one person, also when two arrive at the same moment.
create table address_owners (
    canonical text primary key,
    person_id bigint not null references people (id)
);
create index address_owners_person on address_owners (person_id);

create table person_roles (
    id {id},
    person_id bigint not null references people (id),
    kind text not null,
    unit_id bigint references units (id),
    detail text not null default '',
    valid_from text,
    valid_to text,
    source text not null,
    unique (person_id, kind, unit_id, detail)
);
create index person_roles_kind on person_roles (kind, person_id);

create table identifiers (
    id {id},
    person_id bigint not null references people (id),
    scheme text not null,
    value text not null,
    source text not null,
    unique (scheme, value)
);
create index identifiers_person on identifiers (person_id);

-- What else is known: postcode, city, interest. One value per key, with where it came from and when.
create table person_details (
    person_id bigint not null references people (id),
    detail_key text not null,
    value text not null,
    source text not null,
    at bigint not null,
    primary key (person_id, detail_key)
);

create table notes (
    id {id},
    person_id bigint not null references people (id),
    unit_id bigint references units (id),
    actor_id bigint not null references actors (id),
    text text not null,
    at bigint not null
);
create index notes_person on notes (person_id);

-- The folded words by which a person is found: names, addresses, numbers.
create table person_words (
    word text {binary} not null,
    person_id bigint not null references people (id),
    primary key (word, person_id)
);
create index person_words_person on person_words (person_id);
