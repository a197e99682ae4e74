//! Work as rows: enqueued in the transaction of whoever asks, claimed with a lease, tried again with
//! growing patience, and parked for a person when it keeps failing.
//!
//! A job is done *at least once*. What must happen once is made so by finishing the job in the same
//! transaction as its effect: see [`Claimed::finish`].

mod hours;

use std::{collections::HashMap, future::Future, pin::Pin, sync::Arc};

use jiff::SignedDuration;
use kring_core::{Error, Result, Timestamp};
use kring_db::{Db, Migration, Tx, migrations, params, record, sql, two_faces};
use serde::{Serialize, de::DeserializeOwned};

pub use hours::{Hours, working_due};

pub const MIGRATIONS: &[Migration] = migrations!("work": "0001_jobs");

/// How long a claim holds; a worker that is silent for longer has lost its job to another.
const LEASE: SignedDuration = SignedDuration::from_mins(5);
/// Tries before a job is parked: with the back-off below that is a little over ten minutes.
const TRIES: i64 = 8;

/// Something that can be asked for now and done later.
pub trait Job: Serialize + DeserializeOwned + Send {
    /// Stable for ever: rows with this name may be waiting when a new version starts. `room.verb`.
    const KIND: &'static str;

    /// Two requests with the same key are one job, as long as the first has not been done.
    fn unique_key(&self) -> Option<String> {
        None
    }
}

record! {
    /// A job in the hands of one worker.
    #[derive(Debug)]
    pub struct Claimed {
        pub id: i64,
        pub kind: String,
        pub payload: String,
        pub attempts: i64,
        pub fence: i64,
    }
}

record! {
    /// A job as the operations page shows it.
    #[derive(Debug)]
    pub struct Waiting {
        pub id: i64,
        pub kind: String,
        pub due_at: Timestamp,
        pub attempts: i64,
        pub parked: bool,
        pub reason: Option<String>,
    }
}

/// Asks for a job, as part of the caller's transaction. Asked twice under one key, it is there once.
pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J, due: Timestamp, now: Timestamp) -> Result<()> {
    let payload = serde_json::to_string(job).map_err(Error::broken)?;
    tx.run(
        sql!(
            "insert into jobs (kind, payload, unique_key, due_at, created_at) values ($1, $2, $3, $4, $5)
             on conflict (unique_key) do nothing"
        ),
        params![J::KIND, payload, job.unique_key().map(|k| format!("{}/{k}", J::KIND)), due, now],
    )
    .await
    .map(drop)
}

impl Claimed {
    /// Takes the job off the list as part of the transaction that holds its effect. `Conflict` would be a
    /// lie to the outside, so a lost lease is `Broken`: the transaction must not commit.
    pub async fn finish(&self, tx: &mut Tx) -> Result<()> {
        let done = tx
            .run(sql!("delete from jobs where id = $1 and fence = $2"), params![self.id, self.fence])
            .await?;
        if done == 1 { Ok(()) } else { Err(Error::broken("the lease on this job was lost")) }
    }

    fn read<J: Job>(&self) -> Result<J> {
        serde_json::from_str(&self.payload).map_err(Error::broken)
    }
}

type Run<C> = Arc<dyn Fn(C, Claimed) -> Pin<Box<dyn Future<Output = Result<()>> + Send>> + Send + Sync>;

/// The jobs a process knows how to do; `C` is what they work with (the house).
pub struct Crew<C> {
    runs: HashMap<&'static str, Run<C>>,
}

impl<C> Default for Crew<C> {
    fn default() -> Self {
        Self { runs: HashMap::new() }
    }
}

impl<C: Clone + Send + Sync + 'static> Crew<C> {
    /// Teaches the crew one kind of job. The function either finishes the job in its own transaction, or
    /// leaves it and returns `Ok`; then it is finished here, after the effect.
    pub fn teach<J, F, Fut>(&mut self, run: F)
    where
        J: Job + 'static,
        F: Fn(C, J, Arc<Claimed>) -> Fut + Send + Sync + Clone + 'static,
        Fut: Future<Output = Result<()>> + Send + 'static,
    {
        self.runs.insert(
            J::KIND,
            Arc::new(move |context, claimed| {
                let run = run.clone();
                Box::pin(async move { run(context, claimed.read::<J>()?, Arc::new(claimed)).await })
            }),
        );
    }

    pub fn kinds(&self) -> impl Iterator<Item = &'static str> {
        self.runs.keys().copied()
    }

    /// Claims and does one job that is due. `false` when there is nothing to do.
    pub async fn step(&self, db: &Db, context: &C) -> Result<bool> {
        let Some(claimed) = claim(db).await? else { return Ok(false) };
        let (id, fence, attempts) = (claimed.id, claimed.fence, claimed.attempts);
        let kind = claimed.kind.clone();
        let outcome = match self.runs.get(kind.as_str()) {
            Some(run) => run(context.clone(), claimed).await,
            None => Err(Error::broken(format!("nobody here knows how to do {kind}"))),
        };
        let mut tx = db.write().await?;
        match outcome {
            Ok(()) => {
                tx.run(sql!("delete from jobs where id = $1 and fence = $2"), params![id, fence]).await?;
            }
            Err(why) => {
                let park = attempts >= TRIES || !worth_another_try(&why);
                tracing::warn!(event = "job_failed", job = %kind, id, attempts, parked = park, reason = %why);
                tx.run(
                    sql!(
                        "update jobs set lease_until = null, due_at = $3, parked = $4, reason = $5
                         where id = $1 and fence = $2"
                    ),
                    params![id, fence, db.clock().now() + patience(attempts), park, why.to_string()],
                )
                .await?;
            }
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// 5 s, 10 s, 20 s … up to an hour.
fn patience(attempts: i64) -> SignedDuration {
    SignedDuration::from_secs((5_i64 << attempts.clamp(1, 10).saturating_sub(1)).min(3600))
}

fn worth_another_try(why: &Error) -> bool {
    matches!(why, Error::Broken(_) | Error::TooMany(_) | Error::Busy(_))
}

async fn claim(db: &Db) -> Result<Option<Claimed>> {
    let now = db.clock().now();
    // Looking first spares the idle machine a write transaction every time it wakes up.
    let due: Option<(i64,)> = db
        .read()
        .await?
        .maybe(
            sql!(
                "select id from jobs where not parked and due_at <= $1 and (lease_until is null or lease_until < $1)
                 order by due_at, id limit 1"
            ),
            params![now],
        )
        .await?;
    if due.is_none() {
        return Ok(None);
    }
    let mut tx = db.write().await?;
    let claimed = tx
        .maybe(
            two_faces!(
                sqlite: "update jobs set lease_until = $2, fence = fence + 1, attempts = attempts + 1
                     where id = (select id from jobs where not parked and due_at <= $1
                                   and (lease_until is null or lease_until < $1) order by due_at, id limit 1)
                     returning id, kind, payload, attempts, fence",
                postgres: "update jobs set lease_until = $2, fence = fence + 1, attempts = attempts + 1
                     where id = (select id from jobs where not parked and due_at <= $1
                                   and (lease_until is null or lease_until < $1) order by due_at, id limit 1
                                   for update skip locked)
                     returning id, kind, payload, attempts, fence",
            ),
            params![now, now + LEASE],
        )
        .await?;
    tx.commit().await?;
    Ok(claimed)
}

/// When the next job is due; `None` when none is waiting.
pub async fn next_due(tx: &mut Tx) -> Result<Option<Timestamp>> {
    let (at,): (Option<Timestamp>,) =
        tx.one(sql!("select min(due_at) from jobs where not parked"), params![]).await?;
    Ok(at)
}

/// What waits and what is parked, parked first: for the operations page.
pub async fn waiting(tx: &mut Tx, most: u32) -> Result<Vec<Waiting>> {
    tx.all(
        sql!(
            "select id, kind, due_at, attempts, parked, reason from jobs order by parked desc, due_at, id limit $1"
        ),
        params![most],
    )
    .await
}

/// How many wait, how many are parked.
pub async fn count(tx: &mut Tx) -> Result<(i64, i64)> {
    tx.one(
        sql!("select count(*) filter (where not parked), count(*) filter (where parked) from jobs"),
        params![],
    )
    .await
}

/// Puts a parked job back at the front, with all its tries before it.
pub async fn retry(tx: &mut Tx, id: i64, now: Timestamp) -> Result<()> {
    let n = tx
        .run(
            sql!("update jobs set parked = false, attempts = 0, due_at = $2, lease_until = null where id = $1 and parked"),
            params![id, now],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Gives up a parked job.
pub async fn drop_parked(tx: &mut Tx, id: i64) -> Result<()> {
    let n = tx.run(sql!("delete from jobs where id = $1 and parked"), params![id]).await?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}
