-- What became of the messages about one row of a room, or about a range of them: a mailing counts its own.
create index messages_subject on messages (kind, subject_id);
