use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use super::standing;
use crate::{
    MANAGE, Words, hook,
    message::{self, State},
};

pub fn routes(open: bool) -> Vec<Route> {
    let list = move |v: Visit, permit: Permit| list(v, permit, open);
    vec![Route::get("/webhooks", &MANAGE, list)]
}

#[derive(Template)]
#[template(path = "webhooks.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    /// Whether the operator opened this way out.
    open: bool,
    rows: Vec<Row>,
}

struct Row {
    href: String,
    name: String,
    url: String,
    tells: String,
    state: &'static str,
    tone: &'static str,
    last: String,
    waiting: String,
    failed: String,
}

async fn list(v: Visit, permit: Permit, open: bool) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let mut rows = Vec::new();
    for webhook in hook::all(&mut tx, &permit).await? {
        let counts = message::counts(&mut tx, webhook.id).await?;
        let count = |state| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
        let (state, tone) = standing(w, &webhook);
        let failed = count(State::Failed);
        rows.push(Row {
            href: format!("/webhooks/{}", webhook.id),
            tells: w.tells_kinds(webhook.kinds().count() as i64),
            state,
            tone,
            last: match webhook.last_ok_at {
                Some(at) => dates::relative(at, now, &zone, v.lang),
                None => w.never().to_owned(),
            },
            waiting: numbers::int(count(State::Waiting), v.lang),
            failed: if failed == 0 { String::new() } else { numbers::int(failed, v.lang) },
            name: webhook.name,
            url: webhook.url,
        });
    }
    let chrome = v.chrome(&mut tx, w.webhooks()).await?;
    v.html(&ListPage { chrome, w, open, rows })
}
