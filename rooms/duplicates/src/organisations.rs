//! Organisations that may be one. There are few of them beside people, so the list and the decision are one page.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{OrganisationId, Permit, Route, Visit};
use kring_people::duplicates;
use kring_web::Chrome;

use crate::{DECIDE, Words};

const MOST: u32 = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/duplicates/organisations", &DECIDE, queue),
        Route::post("/duplicates/organisations/{id}", &DECIDE, decide),
    ]
}

#[derive(Template)]
#[template(path = "organisations_queue.html")]
struct QueuePage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
}

struct Row {
    id: i64,
    sides: [Side; 2],
    says: String,
    percent: String,
}

struct Side {
    id: OrganisationId,
    name: String,
    about: String,
}

async fn queue(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let side = |id, name, city: Option<String>, people: i64| Side {
        id,
        name,
        about: [city.unwrap_or_default(), w.people_there(people)]
            .into_iter()
            .filter(|s| !s.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
    };
    let rows = duplicates::organisation_pairs(&mut tx, &permit, None, MOST)
        .await?
        .into_iter()
        .map(|p| {
            let score = p.score()?;
            Ok(Row {
                id: p.id,
                says: duplicates::says(&score, v.lang),
                percent: kring_lang::numbers::percent(score.probability, 0, v.lang),
                sides: [side(p.a, p.a_name, p.a_city, p.a_people), side(p.b, p.b_name, p.b_city, p.b_people)],
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let page = QueuePage { chrome: v.chrome(&mut tx, w.organisations_title()).await?, w, rows };
    v.html(&page)
}

async fn decide(v: Visit, permit: Permit) -> Result<Response> {
    const HERE: &str = "/duplicates/organisations";
    let pair: i64 = v.path("id")?;
    let form = v.form()?;
    let keep = match form.get("keep") {
        "neither" => None,
        number => Some(number.parse::<OrganisationId>().map_err(|_| Error::NotFound)?),
    };
    let mut tx = v.house.write(&v.actor).await?;
    let merge = duplicates::decide_organisations(&mut tx, &permit, pair, keep).await?;
    tx.commit().await?;
    match merge {
        Some(merge) => v.see_done(HERE, "done-same", Some(&format!("/organisations/merges/{merge}/undo"))),
        None => v.see_done(HERE, "done-different", None),
    }
}
