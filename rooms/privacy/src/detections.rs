//! What was found in free text and should not stand there: a list for the data steward.

use askama::Template;
use axum::response::Response;
use kring_core::{Lang, Result};
use kring_frame::{
    Entry, Forgotten, Fut, Mark, Permit, PersonId, Route, Section, Shelved, Task, Tone, Tx, Visit,
};
use kring_lang::dates;
use kring_people::detect;
use kring_web::Chrome;

use crate::{HANDLE_PRIVACY, Words};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/privacy/found", &HANDLE_PRIVACY, show),
        Route::post("/privacy/found/{id}", &HANDLE_PRIVACY, handle),
    ]
}

pub fn count(tx: &mut Tx) -> Fut<'_, i64> {
    Box::pin(async move { detect::waiting(tx).await })
}

pub fn tasks(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Task>> {
    Box::pin(async move {
        if !tx.actor().may(&HANDLE_PRIVACY) {
            return Ok(Vec::new());
        }
        let n = detect::waiting(tx).await?;
        if n == 0 {
            return Ok(Vec::new());
        }
        let w = Words(lang);
        Ok(vec![Task {
            icon: "shield",
            title: w.found_task(n),
            href: "/privacy/found".into(),
            text: w.found_task_text().to_owned(),
            due: None,
        }])
    })
}

/// What was found in free text and waits for a look.
pub fn shelf(tx: &mut Tx, lang: Lang) -> Fut<'_, Shelved> {
    Box::pin(async move {
        let w = Words(lang);
        let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
        let found = detect::open(tx, 5).await?;
        let entry = |d: detect::Detection| Entry {
            href: d.person.map_or_else(|| "/privacy/found".to_owned(), |p| format!("/people/{p}")),
            text: w.find(&format!("found-{}", d.what)).unwrap_or_default().to_owned(),
            note: dates::last(d.at, now, &zone, lang),
            exact: dates::moment(d.at, &zone, lang),
            title: d.name.unwrap_or_else(|| w.found_nobody().to_owned()),
        };
        Ok(Shelved {
            icon: "shield",
            tone: Tone::Coral,
            title: w.found_title().to_owned(),
            all: Some((w.shelf_all().to_owned(), "/privacy/found".to_owned())),
            rows: found.into_iter().map(entry).collect(),
            empty: w.shelf_empty().to_owned(),
        })
    })
}

#[derive(Template)]
#[template(path = "found.html")]
struct FoundPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    href: String,
    name: String,
    says: String,
    when: String,
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let zone = &v.house.settings.zone;
    let rows = detect::open(&mut tx, 200)
        .await?
        .into_iter()
        .map(|d| {
            let what = w.find(&format!("found-{}", d.what)).unwrap_or_default();
            let place = w.find(&format!("place-{}", d.place)).unwrap_or_default();
            Row {
                id: d.id,
                href: d.person.map(|p| format!("/people/{p}")).unwrap_or_default(),
                name: d.name.unwrap_or_else(|| w.found_nobody().to_owned()),
                says: w.found_says(what, d.times, place, d.by),
                when: dates::moment(d.at, zone, v.lang),
            }
        })
        .collect();
    let chrome = v.chrome(&mut tx, w.found_title()).await?;
    v.html(&FoundPage { chrome, w, rows })
}

async fn handle(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let id: i64 = v.path("id")?;
    detect::handle(&mut tx, id).await?;
    tx.trail(Mark::changed(&permit, "detection").subject(id)).await?;
    tx.commit().await?;
    v.see_done("/privacy/found", "done-found", None)
}

/// The requests themselves stay: that we answered is what we have to show (GDPR 5(2)); they hold no more than a number.
pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let asked: Vec<(String, kring_core::Timestamp)> = tx
            .all(
                kring_frame::sql!("select kind, at from privacy_requests where person_id = $1 order by id"),
                kring_frame::params![person],
            )
            .await?;
        let asked: Vec<_> =
            asked.into_iter().map(|(kind, at)| serde_json::json!({"kind": kind, "at": at})).collect();
        Ok(vec![Section { title: "privacy".into(), data: serde_json::Value::Array(asked) }])
    })
}

pub fn forget(_tx: &mut Tx, _person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move { Ok(Forgotten::default()) })
}
