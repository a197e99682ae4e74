-- When it was said, where that is not when it was written down: a list tells of last year. The newest by this counts.
alter table consent_ledger add column said_at bigint;
update consent_ledger set said_at = at;
-- Taken back with the list that brought it: the row stays, as every row of the ledger does, and counts no more.
alter table consent_ledger add column void_at bigint;
