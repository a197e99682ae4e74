-- A unit may have a definition of a derived role of its own, which can only be stricter than what holds above it. Where
-- `unit_id` is empty it is the institution's. An empty rule is a version too: from then on the unit follows what is above.
create table definitions_by_unit (
    id {id},
    kind text not null references role_kinds (kind),
    unit_id bigint references units (id),
    version bigint not null,
    -- The rule as JSON: see `definition/rule.rs`.
    rule text not null,
    note text not null default '',
    actor_id bigint not null references actors (id),
    at bigint not null,
    -- How many it made when it came into force.
    people bigint
);
insert into definitions_by_unit (kind, version, rule, note, actor_id, at, people)
    select kind, version, rule, note, actor_id, at, people from role_definitions order by id;
drop table role_definitions;
alter table definitions_by_unit rename to role_definitions;
create unique index role_definitions_once on role_definitions (kind, coalesce(unit_id, 0), version);

-- A derived role stands in the unit of the roles from which it follows. Those that were worked out before stand in none:
-- the next round, which the first start asks for, gives them their place.
delete from schema_facts where key = 'people.derived_on';
