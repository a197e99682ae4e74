-- Up to which line those who were new are found by name and compared with others: after the rows are in, see `findable`.
alter table imports add column found_to bigint not null default 0;
