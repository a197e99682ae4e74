//! The steward's own page: retention with its preview, and the way to what was found.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::dates;
use kring_web::{Chrome, Form};

use crate::{
    HANDLE_PRIVACY, Words,
    retention::{self, Rule, Setting},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/privacy", &HANDLE_PRIVACY, show),
        Route::post("/privacy/retention", &HANDLE_PRIVACY, save),
    ]
}

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    found: i64,
    rules: Vec<Row>,
    runs: Vec<(String, String, i64)>,
}

struct Row {
    key: &'static str,
    label: &'static str,
    what: &'static str,
    months: i64,
    active: bool,
    /// How many it reaches now, "more than" when the count was cut off, and the first few.
    reaches: String,
    some: Vec<(String, String)>,
}

/// A preview looks no further than this.
const LOOK: u32 = 5_000;

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    page(&v, Form::default()).await
}

async fn page(v: &Visit, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let mut rules = Vec::new();
    for setting in retention::settings(&mut tx).await? {
        let due = retention::reached(&mut tx, setting, LOOK + 1).await?;
        let n = i64::try_from(due.len()).unwrap_or(i64::MAX);
        rules.push(Row {
            key: setting.rule.as_str(),
            label: w.find(&format!("rule-{}", setting.rule)).unwrap_or_default(),
            what: w.find(&format!("rule-{}-what", setting.rule)).unwrap_or_default(),
            months: setting.months,
            active: setting.active,
            reaches: if n > i64::from(LOOK) { w.reaches_more(i64::from(LOOK)) } else { w.reaches(n) },
            some: due.into_iter().take(5).map(|(id, name)| (format!("/people/{id}"), name)).collect(),
        });
    }
    let zone = &v.house.settings.zone;
    let runs = retention::runs(&mut tx)
        .await?
        .into_iter()
        .map(|(rule, at, n)| {
            let label = w.find(&format!("rule-{rule}")).unwrap_or_default().to_owned();
            (label, dates::moment(at, zone, v.lang), n)
        })
        .collect();
    let found = kring_people::detect::waiting(&mut tx).await?;
    let wrong = !form.faults().is_empty();
    let page = SettingsPage { chrome: v.chrome(&mut tx, w.privacy()).await?, w, form, found, rules, runs };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let rule: Rule = form.get("rule").parse().map_err(|()| Error::NotFound)?;
    let months = form.int("months", 1..=600);
    let active = form.tick("active");
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let months = months.unwrap_or(rule.shipped_months());
        match retention::set(&mut tx, &permit, Setting { rule, months, active }).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done("/privacy", "done-retention", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, form).await
}
