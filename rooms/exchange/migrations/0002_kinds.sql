-- What a list holds: people, organisations, relations, consents.
alter table imports add column kind text not null default 'people';
-- Whose understanding of the columns was taken over, and from when.
alter table imports add column mapping_by text;
alter table imports add column mapping_at bigint;
-- How far the log and the trail were when the rows were compared with the base: if nothing has happened since, the
-- comparison still stands when the import starts.
alter table imports add column compared_event bigint;
alter table imports add column compared_mark bigint;

-- The organisation a row is about, and in a relation between people the other of them: forgetting either empties the row. What will come of the row, worked out when the list was read: added, changed,
-- unchanged. The codes of its remarks, apart by commas: they are counted by these. A student number, found by on its own.
alter table import_rows add column organisation_id bigint;
alter table import_rows add column other_id bigint;
alter table import_rows add column expects text;
alter table import_rows add column codes text;
alter table import_rows add column student_number text;
create index import_rows_other on import_rows (other_id) where other_id is not null;
create index import_rows_organisation on import_rows (organisation_id) where organisation_id is not null;

-- Refused rows that still say something: they are emptied ninety days after their import.
create index import_rows_refused on import_rows (import_id) where status = 'refused' and raw <> '[]';

-- How the columns of a list were understood by whoever brought it in last: the next version of the list takes it over.
create table import_mappings (
    list_key text not null,
    kind text not null,
    -- Pairs of a header, as it is compared, and a meaning.
    mapping text not null,
    actor_id bigint not null references actors (id),
    at bigint not null,
    primary key (list_key, kind)
);

-- Where values came from is shown by the name of the list.
insert into sources (source, label, at) select 'import:' || id, list_key, created_at from imports;
