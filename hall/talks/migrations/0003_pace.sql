-- How many were handed over on each day, while a plan says how many may be.
create table mail_days (
    day text primary key,
    handed bigint not null
);
