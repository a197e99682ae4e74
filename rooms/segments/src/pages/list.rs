//! All segments, with how many people each has now.

use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Permit, Route, Visit};
use kring_lang::dates;
use kring_web::Chrome;

use super::counted::shown;
use crate::{EDIT, USE, Words, labels::Labels, scope, segment, sentence::Speaker};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/segments", &USE, list)]
}

#[derive(Template)]
#[template(path = "segments.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    may_make: bool,
    archived: bool,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    name: String,
    /// The rule in words; empty for whoever may not see what it asks.
    words: String,
    people: String,
    by: String,
    changed: String,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let archived = v.query()?.get("archived") == "yes";
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let all = segment::all(&mut tx, archived).await?;
    let rules = all.iter().map(segment::Segment::rule).collect::<Result<Vec<_>>>()?;
    let labels = Labels::of(&mut tx, v.lang, &rules.iter().collect::<Vec<_>>()).await?;
    let speaker = Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels };
    let zone = &v.house.settings.zone;
    let saved = segment::rules(&mut tx).await?;
    let mut rows = Vec::with_capacity(all.len());
    for (segment, rule) in all.into_iter().zip(&rules) {
        let sees = v.house.rooms.facts.may_ask(&v.actor, &saved, rule);
        let people = match (sees, archived) {
            (true, false) => {
                let among = scope::within(&mut tx, &permit, rule).await?;
                shown(tx.count_people(&among).await?.is, &v)
            }
            _ => String::new(),
        };
        rows.push(Row {
            id: segment.id.get(),
            words: if sees { speaker.sentence(rule) } else { String::new() },
            name: segment.name,
            people,
            by: segment.by,
            changed: dates::short_date(dates::date_of(segment.changed_at, zone), v.lang),
        });
    }
    let title = if archived { w.segments_archived() } else { w.segments() };
    let chrome = v.chrome(&mut tx, title).await?;
    v.html(&ListPage { chrome, w, may_make: v.actor.may(&EDIT), archived, rows })
}
