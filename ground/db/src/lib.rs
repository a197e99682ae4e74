//! One SQL text, two databases.
//!
//! Kring runs on an embedded SQLite file by default and on PostgreSQL when one machine is outgrown. Rooms
//! see the few functions of [`Tx`] and never learn which of the two they speak to: statements are written
//! in the common core of both (`$1` parameters, `on conflict … returning`, windows, row values, keyset
//! pages) and registered with [`sql!`], so that one test can prepare every statement of the house on both.
//!
//! Why not an ORM or sqlx: twin query sets drift, checked queries know one database only, and on SQLite the
//! layers cost more than the queries. This crate is small enough to read before lunch.
//!
//! Types in the common core: `bigint` (ids, counts, instants in milliseconds), `text`, `boolean`,
//! `double precision`, bytes. Sums and averages are cast in the SQL, since the two differ on their types.

mod at_once;
mod backup;
mod bind;
mod error;
mod group;
mod log;
mod migrate;
mod postgres;
mod row;
mod sqlite;
mod tx;
mod value;

use std::{path::PathBuf, sync::Arc};

use kring_core::{Clock, Result, Secret};

pub use backup::{BackupNote, Progress};
pub use log::{Cursor, Entry, LOG, Told};
pub use migrate::{Migration, Schema};
pub use row::{FromRow, Row};
pub use tx::Tx;
pub use value::{FromValue, ToValue, Value};

/// Where the data lives.
#[derive(Clone)]
pub enum Place {
    /// One file; made when it is not there.
    Sqlite(PathBuf),
    /// A connection string, as `postgres://user:password@host/name`.
    Postgres(Secret<String>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A statement of the house. Only the macros [`sql!`] and [`two_faces!`] make one, from a literal: a value
/// can be nothing but a bind, and every statement can be found by reading the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sql {
    sqlite: &'static str,
    postgres: &'static str,
}

impl Sql {
    #[doc(hidden)]
    pub const fn registered(sqlite: &'static str, postgres: &'static str) -> Self {
        Self { sqlite, postgres }
    }

    #[doc(hidden)]
    pub const fn same(text: &'static str) -> Self {
        Self { sqlite: text, postgres: text }
    }

    pub const fn text(self, engine: Engine) -> &'static str {
        match engine {
            Engine::Sqlite => self.sqlite,
            Engine::Postgres => self.postgres,
        }
    }
}

/// One text for both databases.
#[macro_export]
macro_rules! sql {
    ($text:literal) => {
        $crate::Sql::registered($text, $text)
    };
}

/// Two texts, for the few things on which the databases have no common word: claiming work and reading the
/// log. Everything else is [`sql!`].
#[macro_export]
macro_rules! two_faces {
    (sqlite: $sqlite:literal, postgres: $postgres:literal $(,)?) => {
        $crate::Sql::registered($sqlite, $postgres)
    };
}

/// The values of a statement, in the order of `$1, $2 …`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$($crate::ToValue::to_value($value)),*] };
}

#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    clock: Clock,
    engine: Pool,
}

enum Pool {
    Sqlite(sqlite::Pool),
    Postgres(postgres::Pool),
}

impl Db {
    /// Opens the database and brings its schema up to date. Fails with a sentence for the operator when the
    /// file is in use by another process, when the database is newer than this binary, or when a migration
    /// that ran before now reads differently.
    pub async fn open(place: &Place, schema: &Schema, clock: Clock) -> Result<Self> {
        let engine = match place {
            Place::Sqlite(path) => Pool::Sqlite(sqlite::Pool::open(path)?),
            Place::Postgres(url) => Pool::Postgres(postgres::Pool::open(url).await?),
        };
        let db = Self(Arc::new(Inner { clock, engine }));
        migrate::run(&db, schema).await?;
        Ok(db)
    }

    /// Opens a database that a server may be using, for looking and for backups: nothing is migrated, and on SQLite
    /// nothing can be written.
    pub async fn open_beside(place: &Place, clock: Clock) -> Result<Self> {
        let engine = match place {
            Place::Sqlite(path) => Pool::Sqlite(sqlite::Pool::open_beside(path)?),
            Place::Postgres(url) => Pool::Postgres(postgres::Pool::open(url).await?),
        };
        Ok(Self(Arc::new(Inner { clock, engine })))
    }

    /// While a demo institution or a benchmark's base is made: commits do not wait for the disk. What is lost in a
    /// crash is made again, so nothing is promised; a server never calls this.
    pub async fn hurry(&self, on: bool) -> Result<()> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.hurry(on).await,
            Pool::Postgres(_) => Ok(()),
        }
    }

    pub fn engine(&self) -> Engine {
        match self.0.engine {
            Pool::Sqlite(_) => Engine::Sqlite,
            Pool::Postgres(_) => Engine::Postgres,
        }
    }

    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// For looking only: a statement that would write is refused. On SQLite one snapshot from the first
    /// statement on; on PostgreSQL each statement sees its own, which spares two round trips a page.
    pub async fn read(&self) -> Result<Tx> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.read().await.map(Tx::sqlite),
            Pool::Postgres(pool) => pool.read().await.map(Tx::postgres),
        }
    }

    /// One transaction, durable when `commit` returns (`synchronous=FULL`, `synchronous_commit=on`) and
    /// undone when it is dropped. SQLite has one writer: hold it for statements, never for the network.
    pub async fn write(&self) -> Result<Tx> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.write().await.map(Tx::sqlite),
            Pool::Postgres(pool) => pool.write().await.map(Tx::postgres),
        }
    }

    /// As [`write`](Self::write), for a few statements that somebody waits for: on SQLite such writes that come together share one
    /// flush of the disk, and each is answered when it is durable. More than some thousands at once are turned away as
    /// [`Busy`](kring_core::Error::Busy). PostgreSQL flushes for many at once by itself.
    pub async fn write_short(&self) -> Result<Tx> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.write_short().await.map(Tx::sqlite),
            Pool::Postgres(pool) => pool.write().await.map(Tx::postgres),
        }
    }

    /// Asks each engine to read this statement without running it, and which tables it touches (SQLite's
    /// authorizer lists them exactly; PostgreSQL answers an empty list). For the registry test.
    pub async fn prepare(&self, text: &str) -> Result<Vec<String>> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.prepare(text).await,
            Pool::Postgres(pool) => pool.prepare(text).await.map(|()| Vec::new()),
        }
    }

    /// Folds the write-ahead log into the file; nothing to do on PostgreSQL. Called at a graceful stop.
    pub async fn settle(&self) -> Result<()> {
        match &self.0.engine {
            Pool::Sqlite(pool) => pool.settle().await,
            Pool::Postgres(_) => Ok(()),
        }
    }
}
