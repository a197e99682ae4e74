//! What was published, and moving people from one version to the newest.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_flow::StepId;
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::{Choice, Chrome, Form};

use crate::{
    EDIT, USE, Words,
    journey::{self, Journey},
    plan::What,
    sentence::{self, Names},
    take_over,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/{id}/versions", &USE, list),
        Route::get("/journeys/{id}/versions/{version}/take-over", &EDIT, preview),
        Route::post("/journeys/{id}/versions/{version}/take-over", &EDIT, take),
    ]
}

struct Row {
    version: i64,
    when: String,
    by: String,
    running: i64,
    running_said: String,
    ended: String,
}

#[derive(Template)]
#[template(path = "versions.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    rows: Vec<Row>,
    may_edit: bool,
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let zone = v.house.settings.zone.clone();
    let rows = journey::versions(&mut tx, id).await?.into_iter().map(|published| Row {
        version: published.version,
        when: dates::moment(published.at, &zone, v.lang),
        by: published.by,
        running: published.running,
        running_said: numbers::int(published.running, v.lang),
        ended: numbers::int(published.ended, v.lang),
    });
    let page = ListPage {
        rows: rows.collect(),
        chrome: v.chrome(&mut tx, w.versions_of(&journey.name)).await?,
        may_edit: v.actor.permit(&EDIT).is_ok_and(|permit| journey::may_change(&tx, &permit, &journey)),
        w,
        journey,
    };
    v.html(&page)
}

struct Moves {
    field: String,
    from: String,
    people: String,
    lost: bool,
}

#[derive(Template)]
#[template(path = "take_over.html")]
struct PreviewPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    from: i64,
    moves: Vec<Moves>,
    waits: Vec<Choice>,
    form: Form,
}

async fn preview(v: Visit, permit: Permit) -> Result<Response> {
    let page = preview_page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn preview_page(v: &Visit, permit: &Permit, form: Form) -> Result<PreviewPage> {
    let (id, from): (Id<Journey>, i64) = (v.path("id")?, v.path("version")?);
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::mine(&mut tx, permit, id).await?;
    let names = Names::load(&mut tx, v.lang).await?;
    let old = journey::version(&mut tx, id, from).await?;
    let new = journey::version(&mut tx, id, journey.version).await?;
    let moves = take_over::preview(&mut tx, &journey, from).await?.into_iter().map(|group| Moves {
        field: format!("to-{}", group.step),
        from: old.step(group.step).map(|step| sentence::step(&names, &old, step).title).unwrap_or_default(),
        people: w.people(numbers::int(group.people, v.lang)),
        lost: group.lost,
    });
    let numbers_of = sentence::numbers(&new);
    let waits = new.steps.all().into_iter().filter(|step| matches!(step.what, What::Wait(_))).map(|step| {
        let number = numbers_of.get(&step.id).copied().unwrap_or_default();
        Choice::new(step.id, format!("{number} {}", sentence::step(&names, &new, step).title))
    });
    Ok(PreviewPage {
        moves: moves.collect(),
        waits: waits.collect(),
        chrome: v.chrome(&mut tx, w.take_over_title()).await?,
        w,
        journey,
        from,
        form,
    })
}

async fn take(v: Visit, permit: Permit) -> Result<Response> {
    let (id, from): (Id<Journey>, i64) = (v.path("id")?, v.path("version")?);
    let form = v.form()?;
    let mut chosen: BTreeMap<StepId, StepId> = BTreeMap::new();
    for name in form.names() {
        let step = name.strip_prefix("to-").and_then(|step| step.parse().ok());
        if let (Some(step), Ok(to)) = (step, form.get(name).parse()) {
            chosen.insert(step, to);
        }
    }
    let mut tx = v.house.write(&v.actor).await?;
    let journey = journey::mine(&mut tx, &permit, id).await?;
    match take_over::take_over(&mut tx, &permit, &journey, from, &chosen).await {
        Ok(_) => {
            tx.commit().await?;
            v.see_done(&format!("/journeys/{id}/versions"), "done-took-over", None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            let mut form = form;
            form.fault("", what);
            let page = preview_page(&v, &permit, form).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}
