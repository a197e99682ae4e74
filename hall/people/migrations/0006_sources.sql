-- What a source is called and since when it speaks: `import:12` is a number to the machine, and to a colleague the list of
-- the open day, brought in on 3 November. Who brings something in writes it here.
create table sources (
    source text primary key,
    label text not null,
    at bigint not null
);

-- As `value_sources`, for the own row of an organisation: where a value came from and what it was before.
create table organisation_value_sources (
    id {id},
    organisation_id bigint not null references organisations (id),
    attribute text not null,
    value text not null,
    was text not null,
    source text not null,
    actor_id bigint not null references actors (id),
    at bigint not null
);
create index organisation_value_sources_of on organisation_value_sources (organisation_id, attribute, id);

-- Where somebody lives was kept by earlier imports as loose details; it is an address. Who has an address by other means
-- keeps it, and the details stay beside it. The number keeps its addition ("72 bis"): it is compared as one word.
insert into postal_addresses (person_id, kind, house_number, postcode, city, source, added_at)
    select d.person_id, 'home',
           coalesce(max(case when d.detail_key = 'house_number' then d.value end), ''),
           coalesce(max(case when d.detail_key = 'postcode' then d.value end), ''),
           coalesce(max(case when d.detail_key = 'city' then d.value end), ''),
           coalesce(max(case when d.detail_key = 'postcode' then d.source end), max(d.source)),
           max(d.at)
    from person_details d
    where d.detail_key in ('postcode', 'house_number', 'city')
      and not exists (select 1 from postal_addresses a where a.person_id = d.person_id and a.kind = 'home' and a.valid_to is null)
    group by d.person_id;
delete from person_details
    where detail_key in ('postcode', 'house_number', 'city')
      and not exists (select 1 from postal_addresses a where a.person_id = person_details.person_id and a.kind = 'home'
           and a.valid_to is null and a.source not like 'import:%');
