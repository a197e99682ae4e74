-- Whoever is forgotten may stand in rows of lists that brought them by another number, or that were taken back: those are
-- found by the address.
create index import_rows_email on import_rows (email) where email is not null;
create index import_rows_phone on import_rows (phone) where phone is not null;
