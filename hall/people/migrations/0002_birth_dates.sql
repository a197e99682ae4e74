-- Lists are compared with the base by day of birth, too.
create index people_birth on people (birth_date);
