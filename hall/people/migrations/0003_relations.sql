-- One relation base: people and organisations side by side, each with dated roles, codes, addresses and relations.

-- A unit may be a legal entity of its own: then it is a controller of its own, and so is all below it.
alter table units add column legal_entity boolean not null default false;
alter table units add column location text not null default '';

alter table people add column pronouns text not null default '';
alter table people add column birth_year bigint;
-- Where somebody lives is nobody's business but of whoever must know.
alter table people add column address_protected boolean not null default false;
-- known, merged (the number leads to another), forgotten (an empty shell, so that counts still add up).
alter table people add column state text not null default 'known';
alter table people add column merged_into bigint references people (id);
drop index people_sorted;
create index people_listed on people (sort_key, id) where state = 'known';
create index people_merged on people (merged_into) where merged_into is not null;
create index people_owned on people (owner_id, sort_key, id) where owner_id is not null;

-- Companies with their branches, feeder schools, municipalities, partners: trees, with a number of their own.
create table organisations (
    id {id},
    parent_id bigint references organisations (id),
    kind text not null,
    name text not null,
    -- Folded, as people sort.
    sort_key text {binary} not null,
    also_known_as text not null default '',
    size_class text not null default '',
    -- A natural person before the law on telephone and mail.
    sole_trader boolean not null default false,
    unit_id bigint references units (id),
    owner_id bigint references actors (id),
    source text not null,
    state text not null default 'known',
    merged_into bigint references organisations (id),
    created_at bigint not null,
    changed_at bigint not null,
    last_contact_at bigint,
    version bigint not null default 1
);
create index organisations_listed on organisations (sort_key, id) where state = 'known';
create index organisations_parent on organisations (parent_id) where parent_id is not null;
create index organisations_owned on organisations (owner_id) where owner_id is not null;
create table organisation_words (
    word text {binary} not null,
    organisation_id bigint not null references organisations (id),
    primary key (word, organisation_id)
);
create index organisation_words_of on organisation_words (organisation_id, word);

-- Mail addresses and numbers of people and of organisations: a row belongs to one of them.
create table points (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    kind text not null,
    value text not null,
    canonical text {binary} not null,
    -- private, school, work; empty when nobody said.
    label text not null default '',
    -- fine, or dead: mail came back, the number is out of use.
    state text not null default 'fine',
    source text not null,
    added_at bigint not null,
    unique (person_id, kind, canonical),
    unique (organisation_id, kind, canonical),
    check ((person_id is null) <> (organisation_id is null))
);
insert into points (person_id, kind, value, canonical, source, added_at)
    select person_id, kind, value, canonical, source, added_at from contact_points order by id;
drop table contact_points;
alter table points rename to contact_points;
create index contact_points_value on contact_points (kind, canonical);

-- A role is a period, never a status: somebody may hold several at once, and the same one twice in a life.
create table party_roles (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    kind text not null,
    unit_id bigint references units (id),
    -- Programme, class or function, in the words of its source.
    detail text not null default '',
    valid_from text,
    valid_to text,
    source text not null,
    added_at bigint not null default 0,
    -- Worked out from a definition: nobody gives or ends it by hand.
    derived boolean not null default false,
    check ((person_id is null) <> (organisation_id is null))
);
insert into party_roles (person_id, kind, unit_id, detail, valid_from, valid_to, source)
    select person_id, kind, unit_id, detail, valid_from, valid_to, source from person_roles order by id;
drop table person_roles;
create unique index party_roles_once on party_roles
    (coalesce(person_id, 0), coalesce(organisation_id, 0), kind, coalesce(unit_id, 0), detail, coalesce(valid_from, ''));
create index party_roles_person on party_roles (person_id) where person_id is not null;
create index party_roles_organisation on party_roles (organisation_id) where organisation_id is not null;
create index party_roles_kind on party_roles (kind, person_id);
create index party_roles_unit on party_roles (unit_id, kind) where unit_id is not null;

create table codes (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    scheme text not null,
    value text not null,
    source text not null,
    valid_from text,
    valid_to text,
    unique (scheme, value),
    check ((person_id is null) <> (organisation_id is null))
);
insert into codes (person_id, scheme, value, source) select person_id, scheme, value, source from identifiers order by id;
drop table identifiers;
alter table codes rename to identifiers;
create index identifiers_person on identifiers (person_id) where person_id is not null;
create index identifiers_organisation on identifiers (organisation_id) where organisation_id is not null;

create table postal_addresses (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    -- home, post, visit, invoice
    kind text not null,
    street text not null default '',
    house_number text not null default '',
    addition text not null default '',
    postcode text not null default '',
    city text not null default '',
    country text not null default 'NL',
    source text not null,
    added_at bigint not null,
    valid_to text,
    check ((person_id is null) <> (organisation_id is null))
);
create index postal_addresses_person on postal_addresses (person_id) where person_id is not null;
create index postal_addresses_organisation on postal_addresses (organisation_id) where organisation_id is not null;
create index postal_addresses_place on postal_addresses (postcode, house_number) where postcode <> '';

-- Typed and dated: between two people (parent of, partner of, introduced) or a person and an organisation (employed
-- at, contact of). It reads from `person_id`; the other side reads it the other way round.
create table relationships (
    id {id},
    person_id bigint not null references people (id),
    other_id bigint references people (id),
    organisation_id bigint references organisations (id),
    kind text not null,
    detail text not null default '',
    valid_from text,
    valid_to text,
    -- Who said so, and may we use it: own_word, other_party, staff, list.
    basis text not null,
    source text not null,
    confirmed_on text,
    actor_id bigint not null references actors (id),
    added_at bigint not null,
    check ((other_id is null) <> (organisation_id is null))
);
create index relationships_person on relationships (person_id);
create index relationships_other on relationships (other_id) where other_id is not null;
create index relationships_organisation on relationships (organisation_id, kind) where organisation_id is not null;

-- Who keeps the relation, per group of roles; `people.owner_id` keeps it as a whole.
create table relation_owners (
    id {id},
    person_id bigint references people (id),
    organisation_id bigint references organisations (id),
    relation_group text not null,
    actor_id bigint not null references actors (id),
    since bigint not null,
    unique (person_id, relation_group),
    unique (organisation_id, relation_group),
    check ((person_id is null) <> (organisation_id is null))
);
create index relation_owners_actor on relation_owners (actor_id);

-- Where a value of the person's own row came from, when it is not the source that brought the person; and what it was
-- before, so that no value is lost.
create table value_sources (
    id {id},
    person_id bigint not null references people (id),
    attribute text not null,
    value text not null,
    was text not null,
    source text not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index value_sources_person on value_sources (person_id, attribute, id);

-- Two numbers that turned out to be one. The rows that moved are noted, so that they can move back.
create table merges (
    id {id},
    -- person, organisation
    party text not null,
    kept_id bigint not null,
    gone_id bigint not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    -- What the two were compared on, as codes and weights.
    why text not null default '',
    -- The values that were taken over from the one that went: attribute, before, after.
    chosen text not null default '[]',
    undone_at bigint,
    undone_by bigint references actors (id)
);
create index merges_kept on merges (party, kept_id);
create index merges_gone on merges (party, gone_id);
create table merge_rows (
    merge_id bigint not null references merges (id),
    table_name text not null,
    row_id bigint not null,
    primary key (merge_id, table_name, row_id)
);

-- The distinct words of names, and those words with one sign left out: a slip of the hand leaves the same remainder in
-- what was typed and in what was meant. One text for both databases, exact, and a hundredth of the size of the base.
create table name_words (
    word text {binary} primary key,
    spread boolean not null default false
);
create index name_words_new on name_words (word) where not spread;
create table word_slips (
    slip text {binary} not null,
    word text {binary} not null,
    primary key (slip, word)
);
create index word_slips_word on word_slips (word);
drop index person_words_person;
create index person_words_of on person_words (person_id, word);
insert into name_words (word) select distinct word from person_words
    where word not like '%@%' and word not like '%.%' and word not like '%0%';

-- What was kept out or looks as if it should be: a national number in a note, a bank account, a remark on health. The
-- text itself is not here.
create table detections (
    id {id},
    person_id bigint references people (id),
    -- note, import, form, request
    place text not null,
    -- bsn, iban, health
    what text not null,
    times bigint not null,
    -- The row it stood in, where it is kept.
    subject_id bigint,
    actor_id bigint not null references actors (id),
    at bigint not null,
    handled_at bigint,
    handled_by bigint references actors (id)
);
create index detections_open on detections (id) where handled_at is null;
create index detections_person on detections (person_id) where person_id is not null;

-- The kinds of role are data: a sector pack is rows, not a fork. `schema_facts` names the pack that is in use.
create table role_kinds (
    kind text primary key,
    -- education, care, all
    pack text not null,
    -- person, organisation
    party text not null,
    -- before, during, after, giving, staff, outside: owners are per group, and the ring is drawn from it.
    relation_group text not null,
    name_nl text not null,
    name_en text not null,
    position bigint not null,
    -- Worked out by a definition.
    derived boolean not null default false
);
insert into role_kinds (position, kind, pack, party, relation_group, name_nl, name_en) values
    (10, 'prospect', 'education', 'person', 'before', 'prospect', 'prospect'),
    (11, 'visitor', 'education', 'person', 'before', 'bezoeker', 'visitor'),
    (12, 'applicant', 'education', 'person', 'before', 'aanmelder', 'applicant'),
    (20, 'enrolled_student', 'education', 'person', 'during', 'student', 'student'),
    (21, 'course_participant', 'education', 'person', 'during', 'cursist', 'course participant'),
    (30, 'former_student', 'education', 'person', 'after', 'oud-student zonder diploma', 'former student without diploma'),
    (31, 'graduate', 'education', 'person', 'after', 'gediplomeerde', 'graduate'),
    (32, 'alumnus', 'education', 'person', 'after', 'alumnus', 'alumnus'),
    (33, 'association_member', 'education', 'person', 'after', 'lid alumnivereniging', 'member of the alumni association'),
    (40, 'ambassador', 'all', 'person', 'giving', 'ambassadeur', 'ambassador'),
    (41, 'panel_member', 'all', 'person', 'giving', 'panellid', 'panel member'),
    (42, 'donor', 'all', 'person', 'giving', 'donateur', 'donor'),
    (43, 'mentor', 'education', 'person', 'giving', 'mentor', 'mentor'),
    (44, 'mentee', 'education', 'person', 'giving', 'mentee', 'mentee'),
    (45, 'guest_teacher', 'education', 'person', 'giving', 'gastdocent', 'guest teacher'),
    (50, 'employee', 'all', 'person', 'staff', 'medewerker', 'employee'),
    (60, 'company_contact', 'education', 'person', 'outside', 'contactpersoon bedrijf', 'company contact'),
    (61, 'workplace_supervisor', 'education', 'person', 'outside', 'praktijkopleider', 'workplace supervisor'),
    (62, 'parent_guardian', 'education', 'person', 'outside', 'ouder of verzorger', 'parent or guardian'),
    (63, 'school_contact', 'education', 'person', 'outside', 'decaan toeleverende school', 'contact at a feeder school'),
    (64, 'municipal_contact', 'education', 'person', 'outside', 'contactpersoon gemeente', 'municipal contact'),
    (65, 'partner_contact', 'all', 'person', 'outside', 'contactpersoon partner', 'partner contact'),
    (20, 'client', 'care', 'person', 'during', 'cliënt', 'client'),
    (10, 'potential_client', 'care', 'person', 'before', 'toekomstige cliënt', 'potential client'),
    (60, 'relative', 'care', 'person', 'outside', 'naaste', 'relative'),
    (43, 'volunteer', 'care', 'person', 'giving', 'vrijwilliger', 'volunteer'),
    (61, 'referrer', 'care', 'person', 'outside', 'verwijzer', 'referrer'),
    (44, 'client_council_member', 'care', 'person', 'giving', 'lid cliëntenraad', 'member of the client council'),
    (30, 'former_client', 'care', 'person', 'after', 'oud-cliënt', 'former client'),
    (70, 'training_company', 'education', 'organisation', 'outside', 'leerbedrijf', 'training company'),
    (71, 'placement_company', 'education', 'organisation', 'outside', 'stagebedrijf', 'placement company'),
    (72, 'feeder_school', 'education', 'organisation', 'before', 'toeleverende school', 'feeder school'),
    (73, 'contract_client', 'all', 'organisation', 'during', 'opdrachtgever', 'contract client'),
    (74, 'partner', 'all', 'organisation', 'outside', 'partner', 'partner'),
    (75, 'municipality', 'all', 'organisation', 'outside', 'gemeente', 'municipality'),
    (76, 'sponsor', 'all', 'organisation', 'giving', 'sponsor', 'sponsor'),
    (77, 'referring_organisation', 'care', 'organisation', 'outside', 'verwijzende organisatie', 'referring organisation');
insert into schema_facts (key, value) values ('pack', 'education');

-- A filter with its columns under a name.
create table saved_views (
    id {id},
    actor_id bigint not null references actors (id),
    place text not null,
    name text not null,
    query text not null,
    shared boolean not null default false,
    at bigint not null,
    unique (actor_id, place, name)
);

-- Something done to many people at once, with what it was before for each, so that it can be undone.
create table bulk_deeds (
    id {id},
    actor_id bigint not null references actors (id),
    at bigint not null,
    -- owner, role
    kind text not null,
    detail text not null,
    people bigint not null,
    undone_at bigint
);
create table bulk_deed_rows (
    deed_id bigint not null references bulk_deeds (id),
    person_id bigint not null references people (id),
    before text not null,
    primary key (deed_id, person_id)
);
create index bulk_deed_rows_person on bulk_deed_rows (person_id);

-- Keys that two records of one person are likely to share (`kring-match` says which): by these one person finds those to
-- be compared with. The number is a hash; nobody can be read from it.
create table match_keys (
    key bigint not null,
    person_id bigint not null references people (id),
    primary key (key, person_id)
);
create index match_keys_of on match_keys (person_id);

-- Weights as they were learned from this base, with what the comparison of everybody found.
create table match_models (
    id {id},
    at bigint not null,
    people bigint not null,
    model text not null,
    swept text not null
);

create table duplicate_pairs (
    id {id},
    a_id bigint not null references people (id),
    b_id bigint not null references people (id),
    bits double precision not null,
    -- Field by field: levels and weights, no values.
    score text not null,
    state text not null,
    found_at bigint not null,
    decided_at bigint,
    decided_by bigint references actors (id),
    merge_id bigint references merges (id),
    unique (a_id, b_id)
);
create index duplicate_pairs_waiting on duplicate_pairs (state, bits, id);
create index duplicate_pairs_b on duplicate_pairs (b_id);

-- What a derived role means: versions, of which the newest that is in force counts. One definition drives every count.
create table role_definitions (
    id {id},
    kind text not null references role_kinds (kind),
    version bigint not null,
    -- The rule as JSON: see `definition.rs`.
    rule text not null,
    note text not null default '',
    actor_id bigint not null references actors (id),
    at bigint not null,
    -- How many it made when it came into force.
    people bigint,
    unique (kind, version)
);
create index party_roles_derived on party_roles (kind, person_id) where derived;
update role_kinds set derived = true where kind in ('alumnus', 'former_client');
insert into role_definitions (kind, version, rule, note, actor_id, at) values
    ('alumnus', 1, '{"kinds":["graduate"],"former":[],"least_months":0,"adults_only":false}', '', 1, 0),
    ('former_client', 1, '{"kinds":[],"former":["client"],"least_months":0,"adults_only":false}', '', 1, 0);

-- What remains of somebody who is gone: keyed hashes of their addresses and codes, and of their name with their day of
-- birth, so that a list from elsewhere does not bring them back; and nothing from which they could be read.
create table suppressions (
    hash text primary key,
    at bigint not null
);

alter table notes add column purpose text not null default 'relation';

-- Between two legal entities people are shared only under an arrangement that was registered: joint controllers (GDPR
-- 26), a processor (28), or two who are each responsible.
create table arrangements (
    id {id},
    from_unit bigint not null references units (id),
    to_unit bigint not null references units (id),
    article text not null,
    -- Purposes, apart by blanks.
    purposes text not null,
    note text not null default '',
    valid_from text not null,
    valid_to text,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index arrangements_to on arrangements (to_unit);
