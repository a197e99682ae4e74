//! The formula, whichever version is asked for, and how the scores lie today.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use super::{KindRow, ModeRow, band_names, kind_rows, mode_rows};
use crate::{
    DECIDE, FORMULA, Words,
    formula::{self, Version},
    groups::{self, Group},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/engagement", &FORMULA, show)]
}

#[derive(Template)]
#[template(path = "engagement.html")]
struct FormulaPage {
    chrome: Chrome,
    w: Words,
    version: i64,
    /// An older version is looked at.
    old: bool,
    says: String,
    reason: String,
    kinds: Vec<KindRow>,
    modes: Vec<ModeRow>,
    /// Some modes have nothing in them yet.
    off: bool,
    behaviour: String,
    bands: Vec<String>,
    groups: Vec<Row>,
    versions: Vec<(i64, String, String)>,
    may_change: bool,
}

struct Row {
    name: String,
    people: String,
    /// `None` when there are too few to say.
    spread: Option<Spread>,
}

struct Spread {
    /// The part that ever did anything, from 0 to 1.
    any: f64,
    /// The share in each band.
    bands: Vec<String>,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let asked = v.query()?.get("version").parse::<i64>().ok();
    let mut tx = v.house.read(&v.actor).await?;
    let versions = formula::versions(&mut tx).await?;
    let newest = versions.first().map_or(0, |one| one.number);
    let number = asked.unwrap_or(newest);
    let shown = versions.iter().find(|one| one.number == number).ok_or(Error::NotFound)?;
    let formula = shown.formula()?;
    let modes = mode_rows(&tx, &formula, v.lang);
    let lately = formula.behaviour;
    let old = number != newest;
    let groups = if old { Vec::new() } else { groups::all(&mut tx, &permit, v.lang).await? };
    let page = FormulaPage {
        chrome: v.chrome(&mut tx, w.engagement()).await?,
        w,
        version: number,
        old,
        says: decided(&v, shown),
        reason: shown.reason.clone(),
        kinds: kind_rows(&tx, &formula, v.lang),
        off: modes.iter().any(|mode| mode.share.is_none()),
        modes,
        behaviour: w.formula_behaviour(lately.half_life, lately.k, lately.stale),
        bands: band_names(v.lang),
        groups: groups.into_iter().map(|group| row(&v, group)).collect(),
        versions: versions.iter().map(|one| (one.number, decided(&v, one), one.reason.clone())).collect(),
        may_change: v.actor.may(&DECIDE),
    };
    v.html(&page)
}

fn decided(v: &Visit, version: &Version) -> String {
    let w = Words(v.lang);
    if version.is_shipped() {
        w.formula_shipped().to_owned()
    } else {
        w.formula_decided(&version.by, dates::day(version.at, &v.house.settings.zone, v.lang))
    }
}

fn row(v: &Visit, group: Group) -> Row {
    let whole = group.people.max(1) as f64;
    let spread = group.bands.map(|counts| {
        let bands = counts.map(|count| numbers::percent(count as f64 / whole, 0, v.lang)).to_vec();
        let none = counts.first().copied().unwrap_or_default() as f64 / whole;
        Spread { any: 1.0 - none, bands }
    });
    Row {
        name: group.name.unwrap_or_else(|| Words(v.lang).groups_everybody().to_owned()),
        people: numbers::int(i64::try_from(group.people).unwrap_or(i64::MAX), v.lang),
        spread,
    }
}
