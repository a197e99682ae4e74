-- What happened under a number that was merged into an organisation is part of its story: the page asks which those are.
create index organisations_merged on organisations (merged_into) where merged_into is not null;
