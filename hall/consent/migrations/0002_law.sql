-- Whose consent it is: the legal entity that asked. Nothing said to one is said to another. Empty is the institution.
alter table consent_ledger add column controller_id bigint references units (id);
-- Who gave it, when it was not the person: a parent, for somebody under sixteen.
alter table consent_ledger add column given_by bigint references people (id);

-- The policy of relations: contact limits per unit. The institution sets; a unit may only tighten, so what holds in a
-- unit is the tightest of what it and all above it say.
create table contact_policy (
    unit_id bigint not null references units (id),
    limit_key text not null,
    value bigint not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (unit_id, limit_key)
);
