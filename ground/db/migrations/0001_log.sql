-- What the database knows of itself: the oldest binary that may open it, the epoch, whether sends are held.
create table schema_facts (
    key text primary key,
    value text not null
);

-- The one log: written in the transaction of the fact it tells, never changed after. It is the timeline, the
-- outbox of handlers, and the feed of whatever is derived. `xid` orders late commits on PostgreSQL.
create table events (
    id {id},
    xid bigint not null {xid},
    kind text not null,
    at bigint not null,
    person_id bigint,
    organisation_id bigint,
    unit_id bigint,
    actor_id bigint not null,
    purpose text not null,
    subject_id bigint,
    payload text not null
);
create index events_order on events (xid, id);
create index events_person on events (person_id, at, id);
create index events_kind on events (kind, at);
create index events_subject on events (subject_id, kind);

-- How far each reader of the log has come.
create table event_cursors (
    reader text primary key,
    xid bigint not null,
    event_id bigint not null
);

insert into schema_facts (key, value) values ('epoch', '1'), ('held', 'no');
