-- One time that somebody pressed "save" on the page behind the links in mails: what belongs together is undone together.
create table choice_saves (
    id {id},
    person_id bigint not null references people (id),
    how text not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index choice_saves_person on choice_saves (person_id, id);

-- What somebody wants that is no consent: quiet hours, a pause, a language. Only ever added to; the newest row of a wish holds,
-- and an empty value is none.
create table own_wishes (
    id {id},
    person_id bigint not null references people (id),
    wish text not null,
    value text not null,
    -- What held before, for whoever undoes it.
    was text not null,
    save_id bigint references choice_saves (id),
    how text not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index own_wishes_person on own_wishes (person_id, id);

alter table consent_ledger add column save_id bigint references choice_saves (id);

insert into wordings (wording_key, version, lang, text) values
    ('choice-marketing', 1, 'nl', 'Ja, stuur mij nieuws, uitnodigingen en aanbod. Ik kan dit altijd stoppen.'),
    ('choice-marketing', 1, 'en', 'Yes, send me news, invitations and offers. I can stop this at any time.'),
    ('choice-alumni', 1, 'nl', 'Ja, stuur mij nieuws en vragen voor oud-studenten. Ik kan dit altijd stoppen.'),
    ('choice-alumni', 1, 'en', 'Yes, send me news and questions for former students. I can stop this at any time.');
