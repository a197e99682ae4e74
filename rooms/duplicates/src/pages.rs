//! The queue.

use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Deed, Mark, Permit, Route, Visit};
use kring_lang::dates;
use kring_people::duplicates::{self, FindDuplicates, Pair, State};
use kring_web::Chrome;

use crate::{DECIDE, Words, sure::MergeSure};

const PAGE: u32 = 40;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/duplicates", &DECIDE, queue),
        Route::post("/duplicates/sweep", &DECIDE, sweep),
        Route::post("/duplicates/merge-sure", &DECIDE, merge_sure),
    ]
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    chrome: Chrome,
    w: Words,
    state: State,
    sure: i64,
    ask: i64,
    organisations: i64,
    rows: Vec<Row>,
    next: String,
    first: String,
    last_sweep: Option<String>,
}

impl QueuePage {
    fn is(&self, state: &str) -> bool {
        self.state.as_str() == state
    }
}

struct Row {
    id: i64,
    a: String,
    b: String,
    says: String,
    percent: String,
}

impl Row {
    fn of(pair: Pair, v: &Visit) -> Result<Self> {
        let score = pair.score()?;
        Ok(Self {
            id: pair.id,
            a: pair.a_name,
            b: pair.b_name,
            says: duplicates::says(&score, v.lang),
            percent: crate::review::chance(score.probability, v.lang),
        })
    }
}

async fn queue(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let query = v.query()?;
    let state = match query.get("state") {
        "sure" => State::Sure,
        "different" => State::Different,
        _ => State::Ask,
    };
    let below = match (query.get("bits").parse::<f64>(), query.get("id").parse::<i64>()) {
        (Ok(bits), Ok(id)) => Some((bits, id)),
        _ => None,
    };
    let mut tx = v.house.read(&v.actor).await?;
    let (sure, ask) = duplicates::waiting(&mut tx).await?;
    let organisations = duplicates::organisations_waiting(&mut tx).await?;
    let found = duplicates::pairs(&mut tx, &permit, state, below, PAGE + 1).await?;
    let next = match found.get(PAGE as usize - 1) {
        Some(last) if found.len() > PAGE as usize => {
            format!("/duplicates?state={state}&bits={}&id={}", last.bits, last.id)
        }
        _ => String::new(),
    };
    let zone = &v.house.settings.zone;
    let last_sweep = duplicates::last_sweep(&mut tx)
        .await?
        .map(|(at, swept)| w.swept(dates::relative(at, tx.now(), zone, v.lang), swept.people));
    let rows = found.into_iter().take(PAGE as usize).map(|p| Row::of(p, &v)).collect::<Result<Vec<_>>>()?;
    let page = QueuePage {
        chrome: v.chrome(&mut tx, w.duplicates()).await?,
        w,
        sure,
        ask,
        organisations,
        rows,
        next,
        first: if below.is_some() { format!("/duplicates?state={state}") } else { String::new() },
        last_sweep,
        state,
    };
    v.html(&page)
}

/// Comparing everybody takes minutes on a large base, so it is work for the background.
async fn sweep(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    tx.enqueue(&FindDuplicates {}).await?;
    tx.trail(Mark::of(Deed::Read, permit.purpose(), "people").detail("sweep")).await?;
    tx.commit().await?;
    v.see_done("/duplicates", "done-sweep", None)
}

async fn merge_sure(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    tx.enqueue(&MergeSure { actor: v.actor.id.get() }).await?;
    tx.trail(Mark::changed(&permit, "people").detail("merge_sure")).await?;
    tx.commit().await?;
    v.see_done("/duplicates?state=sure", "done-merging", None)
}
