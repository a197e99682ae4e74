-- What a million people ask of a page that shall answer at once.

-- Who shares a birthday is asked together with how their names sort: fifty of a million share a day, and few of those a
-- name. The index alone answers it.
drop index people_birth;
create index people_birth on people (birth_date, sort_key);

-- A pair sleeps while one of its two was merged into another: then nobody has to decide on it, until the merge is undone.
-- Said of the pair, so that counting those that wait, on every page, walks the index and looks up nobody.
alter table duplicate_pairs add column asleep boolean not null default false;
update duplicate_pairs set asleep = true
 where exists (select 1 from people p where p.id in (duplicate_pairs.a_id, duplicate_pairs.b_id) and p.state <> 'known');
drop index duplicate_pairs_waiting;
create index duplicate_pairs_waiting on duplicate_pairs (state, bits, id) where not asleep;

-- Who has a role now: lists of people who are rare begin here.
create index party_roles_now on party_roles (kind, person_id, unit_id) where valid_to is null;

-- Whether a mail address works, answered from the index: whom of them we cannot reach is asked of tens of thousands.
create index contact_points_mailed on contact_points (person_id, kind, state) where kind = 'email';
