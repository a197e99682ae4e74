//! The one log: events told in the transaction of the fact itself, read by cursors that never skip a late
//! commit.

use kring_core::{Result, Timestamp};

use crate::{Engine, Tx, Value, migrate::Migration, migrations, params, record, sql, two_faces};

/// The log's own tables; they come before every room's.
pub const LOG: &[Migration] = migrations!("db": "0001_log", "0002_organisations");

/// What is told. Ids only, never names or addresses: the payload outlives many other copies.
pub struct Entry {
    pub kind: &'static str,
    pub at: Timestamp,
    pub person: Option<i64>,
    pub organisation: Option<i64>,
    pub unit: Option<i64>,
    pub actor: i64,
    pub purpose: &'static str,
    /// The row that the event is about, in the table of the room that tells.
    pub subject: Option<i64>,
    pub payload: String,
}

record! {
    /// An event as it was told.
    #[derive(Clone, Debug)]
    pub struct Told {
        pub id: i64,
        pub xid: i64,
        pub kind: String,
        pub at: Timestamp,
        pub person: Option<i64>,
        pub organisation: Option<i64>,
        pub unit: Option<i64>,
        pub actor: i64,
        pub purpose: String,
        pub subject: Option<i64>,
        pub payload: String,
    }
}

/// A place in the log, just after the event it names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor {
    pub xid: i64,
    pub id: i64,
}

impl Told {
    pub fn cursor(&self) -> Cursor {
        Cursor { xid: self.xid, id: self.id }
    }
}

impl Tx {
    /// Tells an event; it exists when this transaction does.
    pub async fn log(&mut self, e: Entry) -> Result<i64> {
        let (id,) = self
            .one(
                sql!(
                    "insert into events (kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload)
                     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id"
                ),
                params![e.kind, e.at, e.person, e.organisation, e.unit, e.actor, e.purpose, e.subject, e.payload],
            )
            .await?;
        Ok(id)
    }

    /// Tells many at once, for imports and the demo institution.
    pub async fn log_many(&mut self, entries: Vec<Entry>) -> Result<u64> {
        let sets: Vec<Vec<Value>> = entries
            .into_iter()
            .map(|e| {
                params![
                    e.kind,
                    e.at,
                    e.person,
                    e.organisation,
                    e.unit,
                    e.actor,
                    e.purpose,
                    e.subject,
                    e.payload
                ]
            })
            .collect();
        self.many(
            sql!(
                "insert into events (kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
            ),
            sets,
        )
        .await
    }

    /// The next events after a cursor, oldest first.
    ///
    /// On PostgreSQL ids are drawn before the commit, so an event with a lower id may appear later than one
    /// with a higher. Reading in order of (transaction, id), and only transactions older than every one
    /// still running, leaves nothing that could still appear behind the cursor. The price is that a long
    /// transaction delays all readers. SQLite has one writer: there the order of ids is the order of commits, and
    /// no event has a transaction. (Of a row value SQLite uses the first column only, which there would be the whole log.)
    pub async fn events_after(&mut self, cursor: Cursor, most: u32) -> Result<Vec<Told>> {
        self.all(
            two_faces!(
                sqlite: "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                     from events where id > $2 and $1 >= 0 order by id limit $3",
                postgres: "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                     from events where (xid, id) > ($1, $2) and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                     order by xid, id limit $3",
            ),
            params![cursor.xid, cursor.id, i64::from(most)],
        )
        .await
    }

    /// The cursor behind everything that may be read now: where a reader begins that has no need of the past.
    pub async fn events_end(&mut self) -> Result<Cursor> {
        let newest: Option<(i64, i64)> = self
            .maybe(
                two_faces!(
                    sqlite: "select xid, id from events order by xid desc, id desc limit 1",
                    postgres: "select xid, id from events where xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
                         order by xid desc, id desc limit 1",
                ),
                params![],
            )
            .await?;
        Ok(newest.map(|(xid, id)| Cursor { xid, id }).unwrap_or_default())
    }

    /// Is there an event that has committed, but may not be read yet, since some older transaction still runs? On
    /// PostgreSQL that is any transaction of the whole server, also in another database.
    pub async fn events_held_back(&mut self) -> Result<bool> {
        let (n,): (i64,) = self
            .one(
                two_faces!(
                    sqlite: "select 0",
                    postgres: "select count(*) from events where xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
                ),
                params![],
            )
            .await?;
        Ok(n > 0)
    }

    /// Where a reader stands; on PostgreSQL the row stays locked until the end of the transaction, so that two
    /// nodes never handle the same event.
    pub async fn cursor(&mut self, reader: &str) -> Result<Cursor> {
        self.run(
            sql!(
                "insert into event_cursors (reader, xid, event_id) values ($1, 0, 0)
                 on conflict (reader) do update set reader = excluded.reader"
            ),
            params![reader],
        )
        .await?;
        let (xid, id) = self
            .one(sql!("select xid, event_id from event_cursors where reader = $1"), params![reader])
            .await?;
        Ok(Cursor { xid, id })
    }

    /// Where a reader stands, without holding anybody up.
    pub async fn cursor_of(&mut self, reader: &str) -> Result<Cursor> {
        let found: Option<(i64, i64)> = self
            .maybe(sql!("select xid, event_id from event_cursors where reader = $1"), params![reader])
            .await?;
        Ok(found.map(|(xid, id)| Cursor { xid, id }).unwrap_or_default())
    }

    pub async fn move_cursor(&mut self, reader: &str, to: Cursor) -> Result<()> {
        self.run(
            sql!("update event_cursors set xid = $2, event_id = $3 where reader = $1"),
            params![reader, to.xid, to.id],
        )
        .await
        .map(drop)
    }

    /// A fact the database knows of itself: `epoch`, `held`.
    pub async fn fact(&mut self, key: &str) -> Result<Option<String>> {
        let found = self.maybe(sql!("select value from schema_facts where key = $1"), params![key]).await?;
        Ok(found.map(|(value,)| value))
    }

    pub async fn set_fact(&mut self, key: &str, value: &str) -> Result<()> {
        self.run(
            sql!(
                "insert into schema_facts (key, value) values ($1, $2)
                 on conflict (key) do update set value = excluded.value"
            ),
            params![key, value],
        )
        .await
        .map(drop)
    }
}

/// What stands behind the column `xid`: the transaction's number on PostgreSQL, nothing on SQLite.
pub(crate) fn xid_default(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => "default 0",
        Engine::Postgres => "default (pg_current_xact_id()::text::bigint)",
    }
}
