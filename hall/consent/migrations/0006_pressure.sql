-- Who approached: the unit that the message or the call was of. What was approached before this is known by person only.
alter table attention add column unit_id bigint references units (id);
-- With the unit in it, the index answers the budget as before, and a report goes through it person by person and sorts nothing.
drop index attention_person;
create index attention_person on attention (person_id, kind, at, unit_id);

-- The pressure of contact as it was counted last, for each period; counted anew every night, as a whole.
create table pressure_figures (
    days bigint not null,
    -- unit, group, all
    part text not null,
    -- The unit's number, the kind of role; empty for what belongs to none.
    part_key text not null,
    promotion_mail bigint not null,
    promotion_call bigint not null,
    ask bigint not null,
    survey bigint not null,
    -- People who were approached, those of them with a cap that is used up, and people in the group at all.
    approached bigint not null,
    at_cap bigint not null,
    members bigint not null,
    primary key (days, part, part_key)
);
create table pressure_refusals (
    days bigint not null,
    unit_id bigint,
    reason text not null,
    n bigint not null
);
