use std::time::{Duration, Instant};

use kring_core::{Error, Result};

use crate::{Engine, FromRow, Row, Sql, Value, postgres, sqlite};

/// A statement that takes longer than this is told to whoever listens: `KRING_LOG=info,kring_db=debug`; `trace` tells all.
const SLOW: Duration = Duration::from_millis(30);

/// A transaction. Dropped without `commit`, all of it is undone.
pub struct Tx(Side);

enum Side {
    Sqlite(sqlite::Session),
    Postgres(postgres::Session),
}

impl Tx {
    pub(crate) fn sqlite(session: sqlite::Session) -> Self {
        Self(Side::Sqlite(session))
    }
    pub(crate) fn postgres(session: postgres::Session) -> Self {
        Self(Side::Postgres(session))
    }

    pub fn engine(&self) -> Engine {
        match self.0 {
            Side::Sqlite(_) => Engine::Sqlite,
            Side::Postgres(_) => Engine::Postgres,
        }
    }

    /// Every row.
    pub async fn all<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<Vec<T>> {
        let rows = self.rows(sql.text(self.engine()), params).await?;
        rows.into_iter().map(|mut row| T::from_row(&mut row)).collect()
    }

    /// As [`Tx::all`], for a text that the program composed from its own parts: conditions compiled from rules, and where facts
    /// stand. Values are binds here as everywhere; nothing that somebody typed is ever part of a text.
    pub async fn composed(&mut self, text: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        self.rows(text, params).await
    }

    /// The first row, if there is one.
    pub async fn maybe<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<Option<T>> {
        Ok(self.all(sql, params).await?.into_iter().next())
    }

    /// The first row; `NotFound` when there is none.
    pub async fn one<T: FromRow>(&mut self, sql: Sql, params: Vec<Value>) -> Result<T> {
        self.maybe(sql, params).await?.ok_or(Error::NotFound)
    }

    /// Runs a statement and says how many rows it touched.
    pub async fn run(&mut self, sql: Sql, params: Vec<Value>) -> Result<u64> {
        let text = sql.text(self.engine());
        let begun = Instant::now();
        let touched = match &mut self.0 {
            Side::Sqlite(s) => s.run(text, params).await,
            Side::Postgres(s) => s.run(text, params).await,
        };
        told(text, begun);
        touched
    }

    /// Runs one statement for many sets of values, as if one after another: one visit to the writer thread on SQLite, one
    /// statement over arrays on PostgreSQL where that means the same. For imports and for the demo institution.
    pub async fn many(&mut self, sql: Sql, sets: Vec<Vec<Value>>) -> Result<u64> {
        let text = sql.text(self.engine());
        self.many_text(text, sets).await
    }

    pub async fn commit(self) -> Result<()> {
        match self.0 {
            Side::Sqlite(s) => s.commit().await,
            Side::Postgres(s) => s.commit().await,
        }
    }

    pub(crate) async fn many_text(&mut self, text: &str, sets: Vec<Vec<Value>>) -> Result<u64> {
        if sets.is_empty() {
            return Ok(0);
        }
        let begun = Instant::now();
        let touched = match &mut self.0 {
            Side::Sqlite(s) => s.many(text, sets).await,
            Side::Postgres(s) => s.many(text, sets).await,
        };
        told(text, begun);
        touched
    }

    pub(crate) async fn rows(&mut self, text: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        let begun = Instant::now();
        let rows = match &mut self.0 {
            Side::Sqlite(s) => s.rows(text, params).await,
            Side::Postgres(s) => s.rows(text, params).await,
        };
        told(text, begun);
        rows
    }

    /// Several statements without parameters: schema changes.
    pub(crate) async fn batch(&mut self, text: &str) -> Result<()> {
        match &mut self.0 {
            Side::Sqlite(s) => s.batch(text).await,
            Side::Postgres(s) => s.batch(text).await,
        }
    }
}

/// The text has no values in it, so nothing of a person gets into the log.
fn told(text: &str, begun: Instant) {
    let took = begun.elapsed();
    let statement = || text.split_whitespace().collect::<Vec<_>>().join(" ");
    let ms = took.as_secs_f64() * 1_000.0;
    if took >= SLOW {
        tracing::debug!(ms, statement = statement(), "slow statement");
    } else {
        tracing::trace!(ms, statement = statement(), "statement");
    }
}
