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
use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedMutexGuard, OwnedSemaphorePermit, Semaphore, oneshot};

use crate::{
    Row, Value,
    bind::{bind, places, value},
    error::sqlite as house_error,
    group::{Bench, Queue},
};

const READERS: usize = 4;
const PATIENCE: Duration = Duration::from_secs(30);

/// So many short writes may wait; at fifteen thousand a second the last of them waits a quarter of a second.
const MOST_WAITING: usize = 4_096;

type Job = Box<dyn FnOnce(&mut Bench) + Send>;

/// A connection on its own thread, spoken to by message; ends when its last sender is gone.
#[derive(Clone)]
struct Desk(mpsc::Sender<Job>, Arc<Queue>);

impl Desk {
    fn open(path: &Path, reader: bool) -> Result<Self> {
        let flags = if reader {
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX
        } else {
            OpenFlags::SQLITE_OPEN_READ_WRITE
                | OpenFlags::SQLITE_OPEN_CREATE
                | OpenFlags::SQLITE_OPEN_NO_MUTEX
        };
        let connection = Connection::open_with_flags(path, flags).map_err(house_error)?;
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
        let queue = Arc::new(Queue::default());
        let waiting = queue.clone();
        thread::Builder::new()
            .name(if reader { "db-read" } else { "db-write" }.into())
            .spawn(move || {
                let mut bench = Bench::new(connection);
                loop {
                    let job = match bench.patience() {
                        Some(left) => receive.recv_timeout(left),
                        None => receive.recv().map_err(|_| mpsc::RecvTimeoutError::Disconnected),
                    };
                    match job {
                        Ok(job) => job(&mut bench),
                        Err(mpsc::RecvTimeoutError::Timeout) => {}
                        Err(mpsc::RecvTimeoutError::Disconnected) => break,
                    }
                    bench.perhaps_commit(&waiting);
                }
                bench.commit();
            })
            .map_err(Error::broken)?;
        Ok(Self(send, queue))
    }

    async fn ask<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.ask_bench(move |bench| {
            bench.commit();
            job(&mut bench.connection)
        })
        .await
    }

    /// As `ask`, among the short writes that wait for one commit.
    async fn ask_bench<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut Bench) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        let (answer, wait) = oneshot::channel();
        self.tell(move |bench| {
            let _ = answer.send(job(bench));
        })?;
        wait.await.map_err(|_| stopped())?.map_err(house_error)
    }

    fn tell(&self, job: impl FnOnce(&mut Bench) + Send + 'static) -> Result<()> {
        self.0.send(Box::new(job)).map_err(|_| stopped())
    }
}

pub(crate) struct Pool {
    writer: Arc<tokio::sync::Mutex<Desk>>,
    /// Short writes that have come.
    queue: Arc<Queue>,
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
            queue: writer.1.clone(),
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

    pub async fn write_short(&self) -> Result<Session> {
        let place = Place::take(&self.queue)?;
        let desk = within(self.writer.clone().lock_owned()).await?;
        Ok(Session { seat: Some(Seat::Short { desk, place, sits: false }), open: true })
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

fn stopped() -> Error {
    Error::broken("the database thread has stopped")
}

/// Rather than wait for ever for a writer that hangs, say that it is busy.
async fn within<F: Future>(wait: F) -> Result<F::Output> {
    tokio::time::timeout(PATIENCE, wait).await.map_err(|_| Error::Busy(SignedDuration::from_secs(5)))
}

enum Seat {
    Writer(OwnedMutexGuard<Desk>),
    /// A write that shares its commit; it sits down with its first statement.
    Short {
        desk: OwnedMutexGuard<Desk>,
        place: Place,
        sits: bool,
    },
    Reader {
        desk: Desk,
        pool: Arc<Mutex<Vec<Desk>>>,
        _permit: OwnedSemaphorePermit,
    },
}

/// A place among the short writes that have come, for as long as it is held.
struct Place(Arc<Queue>);

impl Place {
    fn take(queue: &Arc<Queue>) -> Result<Self> {
        if queue.enter(MOST_WAITING) {
            Ok(Self(queue.clone()))
        } else {
            Err(Error::Busy(SignedDuration::from_secs(1)))
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.leave();
    }
}

pub(crate) struct Session {
    /// There until the commit.
    seat: Option<Seat>,
    open: bool,
}

impl Session {
    async fn begin(seat: Seat, how: &'static str) -> Result<Self> {
        // Made first: if the caller is cancelled while `begin` is under way, drop still rolls back.
        let mut session = Self { seat: Some(seat), open: true };
        session.ask(move |c| c.execute_batch(how)).await?;
        Ok(session)
    }

    async fn ask<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        match &mut self.seat {
            None => Err(Error::broken("a session that is over")),
            Some(Seat::Writer(desk)) => desk.ask(job).await,
            Some(Seat::Reader { desk, .. }) => desk.ask(job).await,
            Some(Seat::Short { desk, sits, .. }) => {
                let first = !std::mem::replace(sits, true);
                let done = desk.ask_bench(move |bench| {
                    if first {
                        bench.sit()?;
                    }
                    bench.work(job)
                });
                done.await
            }
        }
    }

    pub async fn rows(&mut self, text: &str, params: Vec<Value>) -> Result<Vec<Row>> {
        let text = text.to_owned();
        self.ask(move |c| {
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
        self.ask(move |c| {
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
        self.ask(move |c| c.execute_batch(&text)).await
    }

    pub async fn commit(mut self) -> Result<()> {
        if let Some(Seat::Short { desk, place, sits }) =
            self.seat.take_if(|seat| matches!(seat, Seat::Short { .. }))
        {
            if !sits {
                return Ok(());
            }
            let (answer, wait) = oneshot::channel();
            // Those that are still to come are counted without us: alone, we wait for nobody.
            drop(place);
            desk.tell(move |bench| bench.rise(answer))?;
            // The next may sit down while we wait for the disk, and go with us.
            drop(desk);
            return wait.await.map_err(|_| stopped())?.map_err(house_error);
        }
        self.ask(|c| c.execute_batch("commit")).await?;
        self.open = false;
        Ok(())
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // The thread takes its messages in order, so whoever sits here next comes after the rollback.
        match &self.seat {
            Some(Seat::Short { desk, sits: true, .. }) => {
                let _ = desk.tell(Bench::fall);
            }
            Some(Seat::Writer(desk)) if self.open => undo(desk),
            Some(Seat::Reader { desk, .. }) if self.open => undo(desk),
            _ => {}
        }
        if let Some(Seat::Reader { desk, pool, .. }) = &self.seat {
            pool.lock().unwrap_or_else(PoisonError::into_inner).push(desk.clone());
        }
    }
}

fn undo(desk: &Desk) {
    let _ = desk.tell(|bench| {
        if !bench.connection.is_autocommit() {
            let _ = bench.connection.execute_batch("rollback");
        }
    });
}
