//! One person's account on a page of its own: every act, what is left of it, and how the modes make the score.

use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Permit, PersonId, Route, Visit};
use kring_lang::numbers;
use kring_people::{merge, person};
use kring_web::Chrome;

use super::mode_name;
use crate::{
    FORMULA, READ, Words,
    account::{self, Reader, says_withheld},
    figure::{points, tenths},
    lines::{Line, lines},
    panel::{Lately, behaviour, says},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/people/{id}/engagement", &READ, show)]
}

#[derive(Template)]
#[template(path = "engagement_person.html")]
struct PersonPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    score: String,
    share: f64,
    says: String,
    /// Why there is no score.
    withheld: Option<&'static str>,
    formula: bool,
    version: i64,
    lines: Vec<Line>,
    modes: Vec<ModeRow>,
    behaviour: Option<Lately>,
}

struct ModeRow {
    name: String,
    sum: String,
    score: String,
    share: String,
    adds: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let w = Words(v.lang);
    // Looking at somebody is written down, so a look is a transaction.
    let mut tx = v.house.write(&v.actor).await?;
    let found = person::read(&mut tx, &permit, id).await?;
    if found.merged_into.is_some() {
        let now = merge::current(&mut tx, id).await?;
        tx.commit().await?;
        return v.see(format!("/people/{now}/engagement"));
    }
    let account = account::of(&mut tx, id, Reader::Colleague).await?;
    let modes = account
        .score
        .modes
        .iter()
        .map(|mode| ModeRow {
            name: mode_name(mode.mode, v.lang),
            sum: points(mode.sum, v.lang),
            score: points(mode.score, v.lang),
            share: numbers::percent(mode.share, 0, v.lang),
            adds: tenths(mode.tenths, v.lang),
        })
        .collect();
    let page = PersonPage {
        chrome: v.chrome(&mut tx, w.person_title(&found.display_name)).await?,
        w,
        id,
        score: tenths(account.score.tenths, v.lang),
        share: account.score.tenths as f64 / 1_000.0,
        says: says(&account, v.lang),
        withheld: account.withheld.map(|why| says_withheld(why, v.lang)),
        formula: v.actor.may(&FORMULA),
        version: account.holding.version,
        lines: lines(&tx, &account, v.lang),
        modes,
        behaviour: behaviour(&mut tx, &account, id, v.lang).await?,
        name: found.display_name,
    };
    tx.commit().await?;
    v.html(&page)
}
