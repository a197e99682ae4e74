//! Group commit. A commit waits for the disk, some milliseconds, and whoever writes next waits for that; so short writes that come
//! together share one. Each is a savepoint in a transaction of them all: what goes wrong in one is undone without touching the
//! others, and none is answered before the commit that makes it durable. A later one sees what an earlier one wrote, as it would
//! have if that had been committed by itself, and should the commit fail, it fails for all of them.
//!
//! Only writes that say so join ([`Db::write_short`](crate::Db::write_short)): a long one would make those before it wait for its own
//! end. It need not be asked for either way: what does not join first commits those that wait.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

/// Nobody waits longer for company than this; a flush takes about as long.
const LONGEST: Duration = Duration::from_millis(4);
/// More than this make a commit cheaper by nothing.
const MOST: usize = 512;

type Answer = oneshot::Sender<rusqlite::Result<()>>;

/// The writer's connection, with the writes that wait for its next commit.
pub(crate) struct Bench {
    pub connection: Connection,
    waiting: Vec<Answer>,
    since: Option<Instant>,
    /// A write is under way: its savepoint is open.
    inside: bool,
}

/// How many short writes have come and are not yet through. Fewer than would be answered in time: more are turned away.
#[derive(Default)]
pub(crate) struct Queue(AtomicUsize);

impl Queue {
    /// Takes a place; `false` when there are too many before.
    pub fn enter(&self, most: usize) -> bool {
        let before = self.0.fetch_add(1, Ordering::SeqCst);
        if before >= most {
            self.leave();
        }
        before < most
    }

    pub fn leave(&self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }

    pub fn is_empty(&self) -> bool {
        self.0.load(Ordering::SeqCst) == 0
    }
}

impl Bench {
    pub fn new(connection: Connection) -> Self {
        Self { connection, waiting: Vec::new(), since: None, inside: false }
    }

    /// Begins a short write, in the transaction of the others if there is one.
    pub fn sit(&mut self) -> rusqlite::Result<()> {
        if self.since.is_none() {
            self.connection.execute_batch("begin immediate")?;
            self.since = Some(Instant::now());
        }
        self.connection.execute_batch("savepoint short")?;
        self.inside = true;
        Ok(())
    }

    /// Some of what a short write does. After a fault that ended the transaction nothing of it may be done outside of one.
    pub fn work<T>(
        &mut self,
        job: impl FnOnce(&mut Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<T> {
        if !self.inside {
            return Err(lost());
        }
        let done = job(&mut self.connection);
        self.mind();
        done
    }

    /// Its writer is done, and is answered after the commit.
    pub fn rise(&mut self, answer: Answer) {
        let inside = std::mem::take(&mut self.inside);
        let done = if inside { self.connection.execute_batch("release short") } else { Err(lost()) };
        match done {
            Ok(()) => self.waiting.push(answer),
            Err(why) => {
                let _ = answer.send(Err(why));
            }
        }
        self.mind();
    }

    /// Its writer has gone away: what it did is undone, and nothing else.
    pub fn fall(&mut self) {
        if std::mem::take(&mut self.inside) {
            let _ = self.connection.execute_batch("rollback to short; release short");
        }
        self.mind();
    }

    /// A fault of the machinery (the disk is full, a page cannot be read) ends the whole transaction. Those that wait must not be
    /// told that they were kept.
    fn mind(&mut self) {
        if self.since.is_some() && self.connection.is_autocommit() {
            self.since = None;
            self.inside = false;
            for answer in self.waiting.drain(..) {
                let _ = answer.send(Err(lost()));
            }
        }
    }

    /// How long those that wait will wait for another; `None` when nobody does.
    pub fn patience(&self) -> Option<Duration> {
        let since = self.since.filter(|_| !self.inside)?;
        Some(LONGEST.saturating_sub(since.elapsed()))
    }

    /// Commits when there is no reason to wait: nobody else has come, enough have, or it has taken long enough.
    pub fn perhaps_commit(&mut self, queue: &Queue) {
        if let Some(left) = self.patience()
            && (left.is_zero() || queue.is_empty() || self.waiting.len() >= MOST)
        {
            self.commit();
        }
    }

    /// Commits those that wait, if there are any.
    pub fn commit(&mut self) {
        if self.since.take().is_none() {
            return;
        }
        let done = self.connection.execute_batch("commit");
        if done.is_err() && !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("rollback");
        }
        for answer in self.waiting.drain(..) {
            let _ = answer.send(if done.is_ok() { Ok(()) } else { Err(lost()) });
        }
    }
}

/// The error of one cannot be cloned for the others; that it may be tried again is what they have to know.
fn lost() -> rusqlite::Error {
    rusqlite::Error::SqliteFailure(
        rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY),
        Some("the commit that this write shared with others failed".to_owned()),
    )
}
