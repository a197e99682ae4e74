//! The embedded side: one writer and a few readers, each a thread with a connection of its own, so that a
//! flush to disk never holds up the threads that answer requests.

use std::{
    fs::File,
    path::Path,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

use jiff::SignedDuration;
use kring_core::{Error, Result};
use rusqlite::{Connection, OpenFlags, types::ValueRef};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{Row, Value, error::sqlite as house_error};

const READERS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(30);

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A connection on its own thread, spoken to by message; ends when its last sender is gone.
#[derive(Clone)]
struct Desk(mpsc::Sender<Job>);

impl Desk {
    fn open(path: &Path, reader: bool) -> Result<Self> {
        let flags = if reader {
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
        };
        let mut connection = Connection::open_with_flags(path, flags).map_err(house_error)?;
        let pragmas = if reader {
            "pragma query_only = on;"
        } else {
            // FULL: a commit that we answered for survives a loss of power. Erased rows leave no bytes.
            "pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;"
        };
        connection.execute_batch(pragmas).map_err(house_error)?;
        connection
            .execute_batch(
                "pragma foreign_keys = on; pragma busy_timeout = 5000; pragma cache_size = -32768;
                 pragma mmap_size = 2147418112; pragma temp_store = memory; pragma trusted_schema = off;",
            )
            .map_err(house_error)?;
        connection.set_prepared_statement_cache_capacity(512);
        let (send, receive) = mpsc::channel::<Job>();
        thread::Builder::new()
            .name(if reader { "db-read" } else { "db-write" }.into())
            .spawn(move || {
                while let Ok(job) = receive.recv() {
                    job(&mut connection);
                }
            })
            .map_err(Error::broken)?;
        Ok(Self(send))
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, wait) = oneshot::channel();
        self.tell(move |c| {
            let _ = answer.send(job(c));
        })?;
        wait.await.map_err(|_| Error::broken("the database thread has stopped"))?.map_err(house_error)
    }

    fn tell(&self, job: impl FnOnce(&mut Connection) + Send + 'static) -> Result<()> {
        self.0.send(Box::new(job)).map_err(|_| Error::broken("the database thread has stopped"))
    }
}

pub(crate) struct Pool {
    writer: Arc<tokio::sync::Mutex<Desk>>,
    readers: Arc<Mutex<Vec<Desk>>>,
    free: Arc<Semaphore>,
    /// Held as long as we live: a second process on the same file would break the single writer. `None` when we
    /// only look.
    _lock: Option<File>,
}

impl Pool {
    pub fn open(path: &Path) -> Result<Self> {
        let lock_path = path.with_extension("lock");
        let lock =
            File::create(&lock_path).map_err(|e| Error::broken(format!("{}: {e}", lock_path.display())))?;
        lock.try_lock().map_err(|_| {
            Error::broken(format!(
                "{} is in use by another kring process; stop that one first",
                path.display()
            ))
        })?;
        Self::with(Desk::open(path, false)?, path, READERS, Some(lock))
    }

    /// Beside a process that writes.
    pub fn open_beside(path: &Path) -> Result<Self> {
        Self::with(Desk::open(path, true)?, path, 1, None)
    }

    fn with(writer: Desk, path: &Path, count: usize, lock: Option<File>) -> Result<Self> {
        let readers = (0..count).map(|_| Desk::open(path, true)).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            writer: Arc::new(tokio::sync::Mutex::new(writer)),
            readers: Arc::new(Mutex::new(readers)),
            free: Arc::new(Semaphore::new(count)),
            _lock: lock,
        })
    }

    pub async fn hurry(&self, on: bool) -> Result<()> {
        let desk = self.writer.lock().await;
        // In a hurry everything is made at once and lost at once: pages are held in memory, since rows of an index come in
        // any order, and the log is folded in large pieces.
        let pragma = if on {
            "pragma synchronous = off; pragma cache_size = -1048576; pragma wal_autocheckpoint = 65536;"
        } else {
            "pragma synchronous = full; pragma cache_size = -32768; pragma wal_autocheckpoint = 1000;"
        };
        desk.ask(move |c| c.execute_batch(pragma)).await
    }

    pub async fn read(&self) -> Result<Session> {
        let permit = within(self.free.clone().acquire_owned()).await?.map_err(Error::broken)?;
        let desk = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let desk = desk.ok_or_else(|| Error::broken("a reader went missing"))?;
        let seat = Seat::Reader { desk, pool: self.readers.clone(), _permit: permit };
        Session::begin(seat, "begin").await
    }

    pub async fn write(&self) -> Result<Session> {
        let desk = within(self.writer.clone().lock_owned()).await?;
        Session::begin(Seat::Writer(desk), "begin immediate").await
    }

    pub async fn prepare(&self, text: &str) -> Result<Vec<String>> {
        let text = text.to_owned();
        let desk = self.writer.lock().await;
        desk.ask(move |c| {
            // With foreign keys on, deleting a row counts as reading every table that may refer to it.
            c.execute_batch("pragma foreign_keys = off")?;
            let touched = Arc::new(Mutex::new(Vec::new()));
            let seen = touched.clone();
            c.authorizer(Some(move |context: rusqlite::hooks::AuthContext<'_>| {
                use rusqlite::hooks::AuthAction as A;
                let table = match context.action {
                    A::Read { table_name, .. }
                    | A::Insert { table_name }
                    | A::Update { table_name, .. }
                    | A::Delete { table_name } => Some(table_name.to_owned()),
                    _ => None,
                };
                seen.lock().unwrap_or_else(PoisonError::into_inner).extend(table);
                rusqlite::hooks::Authorization::Allow
            }))?;
            let prepared = c.prepare(&text).map(drop);
            c.authorizer(None::<fn(rusqlite::hooks::AuthContext<'_>) -> rusqlite::hooks::Authorization>)?;
            c.execute_batch("pragma foreign_keys = on")?;
            prepared?;
            let mut tables = std::mem::take(&mut *touched.lock().unwrap_or_else(PoisonError::into_inner));
            tables.sort();
            tables.dedup();
            Ok(tables)
        })
        .await
    }

    pub async fn settle(&self) -> Result<()> {
        let desk = self.writer.lock().await;
        desk.ask(|c| c.query_row("pragma wal_checkpoint(truncate)", [], |_| Ok(()))).await
    }
}

/// Rather than wait for ever for a writer that hangs, say that it is busy.
async fn within<F: Future>(wait: F) -> Result<F::Output> {
    tokio::time::timeout(PATIENCE, wait).await.map_err(|_| Error::TooMany(SignedDuration::from_secs(5)))
}

enum Seat {
    Writer(OwnedMutexGuard<Desk>),
    Reader { desk: Desk, pool: Arc<Mutex<Vec<Desk>>>, _permit: OwnedSemaphorePermit },
}

pub(crate) struct Session {
    seat: Seat,
    open: bool,
}

impl Session {
    async fn begin(seat: Seat, how: &'static str) -> Result<Self> {
        // Made first: if the caller is cancelled while `begin` is under way, drop still rolls back.
        let session = Self { seat, open: true };
        session.desk().ask(move |c| c.execute_batch(how)).await?;
        Ok(session)
    }

    fn desk(&self) -> &Desk {
        match &self.seat {
            Seat::Writer(desk) => desk,
            Seat::Reader { desk, .. } => desk,
        }
    }

    pub async fn rows(&mut self, text: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        let text = text.to_owned();
        self.desk()
            .ask(move |c| {
                let mut statement = c.prepare_cached(&text)?;
                let places = places(&statement, params.len())?;
                bind(&mut statement, &places, params)?;
                let columns: Arc<[String]> = statement.column_names().map(str::to_owned).collect();
                let width = columns.len();
                let mut found = Vec::new();
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    let values =
                        (0..width).map(|i| row.get_ref(i).map(value)).collect::<rusqlite::Result<_>>()?;
                    found.push(Row::new(columns.clone(), values));
                }
                Ok(found)
            })
            .await
    }

    pub async fn run(&mut self, text: &str, params: Vec<Value>) -> Result<u64> {
        self.many(text, vec![params]).await
    }

    pub async fn many(&mut self, text: &str, sets: Vec<Vec<Value>>) -> Result<u64> {
        let text = text.to_owned();
        self.desk()
            .ask(move |c| {
                let mut statement = c.prepare_cached(&text)?;
                let places = places(&statement, sets.first().map_or(0, Vec::len))?;
                let mut touched = 0;
                for params in sets {
                    bind(&mut statement, &places, params)?;
                    touched += statement.raw_execute()? as u64;
                }
                Ok(touched)
            })
            .await
    }

    pub async fn batch(&mut self, text: &str) -> Result<()> {
        let text = text.to_owned();
        self.desk().ask(move |c| c.execute_batch(&text)).await
    }

    pub async fn commit(mut self) -> Result<()> {
        self.desk().ask(|c| c.execute_batch("commit")).await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if self.open {
            // The thread takes its messages in order, so whoever sits here next comes after the rollback.
            let _ = self.desk().tell(|c| {
                if !c.is_autocommit() {
                    let _ = c.execute_batch("rollback");
                }
            });
        }
        if let Seat::Reader { desk, pool, .. } = &self.seat {
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(desk.clone());
        }
    }
}

/// Where each of so many values goes. To SQLite `$2` is a name, numbered in order of appearance, while to PostgreSQL it is
/// the second value; looking them up by name, once a statement and not once a row, makes both mean the second.
fn places(statement: &rusqlite::Statement<'_>, values: usize) -> rusqlite::Result<Vec<Option<usize>>> {
    let wanted = statement.parameter_count();
    let places: Vec<Option<usize>> =
        (1..=values).map(|n| statement.parameter_index(&format!("${n}"))).collect::<rusqlite::Result<_>>()?;
    let bound = places.iter().flatten().count();
    if bound == wanted { Ok(places) } else { Err(rusqlite::Error::InvalidParameterCount(bound, wanted)) }
}

fn bind(
    statement: &mut rusqlite::Statement<'_>,
    places: &[Option<usize>],
    params: Vec<Value>,
) -> rusqlite::Result<()> {
    if params.len() != places.len() {
        return Err(rusqlite::Error::InvalidParameterCount(params.len(), places.len()));
    }
    for (place, value) in places.iter().zip(params) {
        if let Some(place) = place {
            statement.raw_bind_parameter(*place, Bound(value))?;
        }
    }
    Ok(())
}

struct Bound(Value);

impl rusqlite::ToSql for Bound {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput::Borrowed, ValueRef};
        Ok(Borrowed(match &self.0 {
            Value::Null => ValueRef::Null,
            Value::Int(n) => ValueRef::Integer(*n),
            Value::Bool(b) => ValueRef::Integer(i64::from(*b)),
            Value::Real(x) => ValueRef::Real(*x),
            Value::Text(s) => ValueRef::Text(s.as_bytes()),
            Value::Bytes(b) => ValueRef::Blob(b),
        }))
    }
}

fn value(found: ValueRef<'_>) -> Value {
    match found {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Int(n),
        ValueRef::Real(x) => Value::Real(x),
        ValueRef::Text(s) => Value::Text(String::from_utf8_lossy(s).into_owned()),
        ValueRef::Blob(b) => Value::Bytes(b.to_vec()),
    }
}
