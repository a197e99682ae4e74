-- What parents consented to for their children, whose birthdays are looked at every night: a few in a hundred of the ledger.
create index consent_ledger_given on consent_ledger (person_id) where act = 'consent' and given_by is not null and void_at is null;
