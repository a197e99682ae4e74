//! What the installation is busy with: jobs, readers of the log, the database.

use askama::Template;
use axum::response::Response;
use kring_core::{Result, Timestamp};
use kring_db::Engine;
use kring_frame::{Mark, Permit, Route, Tx, Visit, params, record, sql};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use crate::{OPERATE, Words};

/// Beyond this many a reader is "far behind", and counting on would only load the database that is behind.
const FAR: i64 = 10_000;
const SHOWN: u32 = 100;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/operations", &OPERATE, page),
        Route::post("/operations/jobs/{id}/retry", &OPERATE, retry),
        Route::post("/operations/jobs/{id}/drop", &OPERATE, drop_job),
    ]
}

/// How many jobs wait for a person: the number in the rail.
pub(crate) async fn parked(tx: &mut Tx) -> Result<i64> {
    kring_work::count(tx).await.map(|(_, parked)| parked)
}

#[derive(Template)]
#[template(path = "operations.html")]
struct OperationsPage {
    chrome: Chrome,
    w: Words,
    waiting: i64,
    parked: i64,
    jobs: Vec<Job>,
    readers: Vec<Reader>,
    events: String,
    engine: &'static str,
    version: &'static str,
}

struct Job {
    id: i64,
    kind: String,
    parked: bool,
    attempts: i64,
    when: String,
    exact: String,
    reason: String,
}

struct Reader {
    name: String,
    behind: i64,
    says: String,
}

record! {
    struct Cursor {
        reader: String,
        xid: i64,
        event: i64,
    }
}

impl Reader {
    /// How far behind a reader is. Events that no reader may see yet, since an older transaction is still open,
    /// count too: that is what being behind looks like from outside.
    async fn of(tx: &mut Tx, v: &Visit, cursor: Cursor) -> Result<Self> {
        let w = Words(v.lang);
        let (behind, oldest): (i64, Option<Timestamp>) = tx
            .one(
                sql!(
                    "select count(*), min(b.at) from
                         (select at from events where (xid, id) > ($1, $2) order by xid, id limit $3) b"
                ),
                params![cursor.xid, cursor.event, FAR + 1],
            )
            .await?;
        let since = oldest
            .map(|at| dates::relative(at, tx.now(), &v.house.settings.zone, v.lang))
            .unwrap_or_default();
        let says = match behind {
            0 => w.reader_there().to_owned(),
            n if n > FAR => w.reader_far(FAR, since),
            n => w.reader_behind(n, since),
        };
        Ok(Self { name: cursor.reader, behind, says })
    }
}

async fn page(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let mut tx = v.house.read(&v.actor).await?;
    let now = tx.now();
    let (waiting, parked) = kring_work::count(&mut tx).await?;
    let jobs = kring_work::waiting(&mut tx, SHOWN).await?.into_iter().map(|job| Job {
        id: job.id,
        when: dates::relative(job.due_at, now, zone, v.lang),
        exact: dates::moment(job.due_at, zone, v.lang),
        reason: job.reason.unwrap_or_default(),
        kind: job.kind,
        parked: job.parked,
        attempts: job.attempts,
    });
    let jobs: Vec<Job> = jobs.collect();
    let cursors: Vec<Cursor> =
        tx.all(sql!("select reader, xid, event_id from event_cursors order by reader"), params![]).await?;
    let mut readers = Vec::with_capacity(cursors.len());
    for cursor in cursors {
        readers.push(Reader::of(&mut tx, &v, cursor).await?);
    }
    let (events,): (Option<i64>,) = tx.one(sql!("select max(id) from events"), params![]).await?;
    let page = OperationsPage {
        chrome: v.chrome(&mut tx, w.operations()).await?,
        w,
        waiting,
        parked,
        jobs,
        readers,
        events: numbers::int(events.unwrap_or(0), v.lang),
        engine: match v.house.db.engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        },
        version: env!("CARGO_PKG_VERSION"),
    };
    v.html(&page)
}

async fn retry(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let now = tx.now();
    kring_work::retry(&mut tx, id, now).await?;
    tx.trail(Mark::changed(&permit, "job").subject(id).detail("retry")).await?;
    tx.commit().await?;
    v.house.doorbell.ring();
    v.see_done("/operations", "done-job-retried", None)
}

async fn drop_job(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    kring_work::drop_parked(&mut tx, id).await?;
    tx.trail(Mark::changed(&permit, "job").subject(id).detail("dropped")).await?;
    tx.commit().await?;
    v.see_done("/operations", "done-job-dropped", None)
}
