//! Who is on a journey, what became of one of them, and why somebody is not.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Mark, Permit, PersonId, Route, Visit, mark, params, record, sql};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, person};
use kring_web::{Chrome, Form, Tone};

use crate::{
    EDIT, TASKS, Words,
    journey::{self, Journey},
    lines,
    run::{self, Run, RunState},
    say, stop,
    why::{self, Link},
};

/// People on one page.
const PAGE: usize = 50;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/{id}/people", &READ_PEOPLE, list),
        Route::get("/journeys/{id}/why", &READ_PEOPLE, why_not),
        Route::get("/journeys/runs/{run}", &READ_PEOPLE, show),
        Route::post("/journeys/runs/{run}/stop", &EDIT, stop),
        Route::post("/journeys/runs/{run}/again", &EDIT, again),
        Route::post("/people/{id}/journeys", &TASKS, begin),
    ]
}

record! {
    struct On {
        run: Id<Run>,
        person: PersonId,
        name: String,
        state: RunState,
        began: kring_core::Timestamp,
        due: Option<kring_core::Timestamp>,
        outcome: Option<String>,
    }
}

struct Row {
    run: Id<Run>,
    name: String,
    began: String,
    state: String,
    tone: Tone,
}

#[derive(Template)]
#[template(path = "on_it.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    rows: Vec<Row>,
    first: String,
    next: String,
    form: Form,
    says: Vec<String>,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let page = list_page(&v, &permit, Form::default(), Vec::new()).await?;
    v.html(&page)
}

async fn list_page(v: &Visit, permit: &Permit, form: Form, says: Vec<String>) -> Result<ListPage> {
    let id: Id<Journey> = v.path("id")?;
    let w = Words(v.lang);
    let before: Option<i64> = v.query()?.get("before").parse().ok();
    let mut tx = v.house.write(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let found: Vec<On> = tx
        .all(
            sql!(
                "select r.id, r.person_id, p.display_name, r.state, r.began_at, r.due_at, r.outcome
                 from journey_runs r join people p on p.id = r.person_id
                 where r.journey_id = $1 and r.id < $2 order by r.id desc limit 51"
            ),
            params![id, before.unwrap_or(i64::MAX)],
        )
        .await?;
    let ids: Vec<String> = found.iter().map(|on| on.person.to_string()).collect();
    tx.trail(Mark::read(permit, "journey").subject(id.get()).detail(format!("ids={}", ids.join(","))))
        .await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let next = match found.get(PAGE - 1) {
        Some(last) if found.len() > PAGE => format!("/journeys/{id}/people?before={}", last.run),
        _ => String::new(),
    };
    let rows = found
        .into_iter()
        .take(PAGE)
        .map(|on| Row {
            run: on.run,
            name: on.name,
            began: dates::last(on.began, now, &zone, v.lang),
            tone: if on.state == RunState::Stuck { Tone::Coral } else { Tone::Plain },
            state: match (on.state, on.due) {
                (RunState::Running, Some(due)) => w.waits_until(dates::moment(due, &zone, v.lang)),
                (RunState::Running, None) => w.waits().to_owned(),
                (RunState::Stuck, _) => w.stuck().to_owned(),
                (state, _) => lines::outcome_said(v.lang, &on.outcome.unwrap_or_else(|| state.to_string())),
            },
        })
        .collect();
    let page = ListPage {
        chrome: v.chrome(&mut tx, w.people_on(&journey.name)).await?,
        w,
        first: if before.is_some() { format!("/journeys/{id}/people") } else { String::new() },
        journey,
        rows,
        next,
        form,
        says,
    };
    tx.commit().await?;
    Ok(page)
}

/// "Why is she not on it?"
async fn why_not(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut form = v.query()?;
    form.required("number");
    let number = form.id::<mark::Person>("number");
    let mut says = Vec::new();
    if let (Some(number), Ok(())) = (number, form.done()) {
        let mut tx = v.house.write(&v.actor).await?;
        match person::read(&mut tx, &permit, number).await {
            Ok(_) => {
                let journey = journey::one(&mut tx, id).await?;
                if journey.version == 0 {
                    says.push(Words(v.lang).not_live().to_owned());
                } else {
                    let ready = journey::ready(&mut tx, id, journey.version).await?;
                    says = why::not_on_it(&mut tx, v.lang, &ready, number).await?;
                }
                tx.commit().await?;
            }
            Err(_) => form.fault("number", say::nobody_with_number()),
        }
    }
    let faulty = form.done().is_err();
    let page = list_page(&v, &permit, form, says).await?;
    if faulty { v.html_again(&page) } else { v.html(&page) }
}

struct Shown {
    link: Link,
    when: String,
}

#[derive(Template)]
#[template(path = "run.html")]
struct RunPage {
    chrome: Chrome,
    w: Words,
    run: Run,
    person: PersonId,
    name: String,
    journey: Journey,
    state: String,
    links: Vec<Shown>,
    running: bool,
    stuck: bool,
    may_edit: bool,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Run> = v.path("run")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let run = run::one(&mut tx, id).await?;
    let person = person::read(&mut tx, &permit, run.person).await?;
    let journey = journey::one(&mut tx, run.journey).await?;
    let zone = v.house.settings.zone.clone();
    let links = why::chain(&mut tx, v.lang, &run)
        .await?
        .into_iter()
        .map(|link| Shown { when: dates::moment(link.at, &zone, v.lang), link })
        .collect();
    let page = RunPage {
        chrome: v.chrome(&mut tx, w.run_title(&journey.name, &person.display_name)).await?,
        state: match (run.state, run.due_at) {
            (RunState::Running, Some(due)) => w.waits_until(dates::moment(due, &zone, v.lang)),
            (RunState::Running, None) => w.waits().to_owned(),
            (RunState::Stuck, _) => w.stuck().to_owned(),
            (state, _) => {
                lines::outcome_said(v.lang, &run.outcome.clone().unwrap_or_else(|| state.to_string()))
            }
        },
        may_edit: v.actor.permit(&EDIT).is_ok_and(|permit| journey::may_change(&tx, &permit, &journey)),
        w,
        person: run.person,
        name: person.display_name,
        running: run.state == RunState::Running,
        stuck: run.state == RunState::Stuck,
        journey,
        links,
        run,
    };
    tx.commit().await?;
    v.html(&page)
}

async fn stop(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Run> = v.path("run")?;
    let mut tx = v.house.write(&v.actor).await?;
    let run = run::one(&mut tx, id).await?;
    let journey = journey::mine(&mut tx, &permit, run.journey).await?;
    stop::stop(&mut tx, &run, journey.unit, "stopped").await?;
    let mark = Mark::changed(&permit, "journey run").person(run.person).subject(id.get());
    tx.trail(mark.detail("stopped")).await?;
    tx.commit().await?;
    v.see_done(&format!("/journeys/runs/{id}"), "done-run-stopped", None)
}

/// Takes up one that could not go on.
async fn again(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Run> = v.path("run")?;
    let mut tx = v.house.write(&v.actor).await?;
    let run = run::one(&mut tx, id).await?;
    journey::mine(&mut tx, &permit, run.journey).await?;
    stop::take_up(&mut tx, &run).await?;
    let mark = Mark::changed(&permit, "journey run").person(run.person).subject(id.get());
    tx.trail(mark.detail("taken up")).await?;
    tx.commit().await?;
    v.house.doorbell.ring();
    v.see_done(&format!("/journeys/runs/{id}"), "done-run-again", None)
}

/// A colleague begins a journey for somebody.
async fn begin(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    form.required("journey");
    let journey = form.id::<Journey>("journey");
    form.done()?;
    let journey = journey.ok_or(Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    person::read(&mut tx, &permit, id).await?;
    let known = journey::one(&mut tx, journey).await?;
    if known.version == 0 {
        return Err(Error::Conflict(say::not_published_yet()));
    }
    let ready = journey::ready(&mut tx, journey, known.version).await?;
    let run = run::begin(&mut tx, &ready, id, None).await?.map_err(|not| Error::Conflict(not.say()))?;
    tx.trail(Mark::changed(&permit, "journey run").person(id).subject(run.get()).detail("begun")).await?;
    tx.commit().await?;
    v.see_done(&format!("/people/{id}"), "done-run-begun", None)
}
