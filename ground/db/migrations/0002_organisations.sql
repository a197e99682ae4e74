-- The story of an organisation is read as that of a person is.
create index events_organisation on events (organisation_id, at, id) where organisation_id is not null;
