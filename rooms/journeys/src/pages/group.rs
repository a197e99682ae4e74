//! Beginning a journey for everybody in a segment: who that is, how many may be written to, over how many hours; and how far it is.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{
    Permit, Purpose, Route, Tx, Visit, params,
    rules::{Rule, Test},
    sql,
};
use kring_lang::{dates, numbers};
use kring_web::{Choice, Chrome, Form};

use crate::{
    EDIT, Words,
    group::{self, Group, GroupState},
    journey::{self, Journey, JourneyState},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/begin", &EDIT, choose),
        Route::post("/journeys/begin", &EDIT, begin),
        Route::get("/journeys/{id}/groups", &EDIT, list),
        Route::post("/journeys/groups/{group}/stop", &EDIT, stop),
    ]
}

#[derive(Template)]
#[template(path = "begin.html")]
struct BeginPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    segment: i64,
    segment_name: String,
    journeys: Vec<Choice>,
    overs: Vec<Choice>,
    says: Vec<String>,
    ready: bool,
}

async fn choose(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.query()?;
    let page = page(&v, &permit, form).await?;
    v.html(&page)
}

async fn segment_name(v: &Visit, tx: &mut Tx, segment: i64) -> Result<String> {
    let Some(room) = v.house.rooms.segments else { return Err(Error::NotFound) };
    if !tx.may_ask(&Rule::Segment(segment)).await? {
        return Err(Error::NotFound);
    }
    (room.name)(tx, segment).await?.ok_or(Error::NotFound)
}

async fn page(v: &Visit, permit: &Permit, form: Form) -> Result<BeginPage> {
    let w = Words(v.lang);
    let segment: i64 = form.get("segment").parse().map_err(|_| Error::NotFound)?;
    let mut tx = v.house.read(&v.actor).await?;
    let name = segment_name(v, &mut tx, segment).await?;
    let mut journeys = Vec::new();
    for journey in journey::all(&mut tx).await? {
        if journey.state == JourneyState::Live && journey::may_change(&tx, permit, &journey) {
            journeys.push(Choice::new(journey.id, journey.name));
        }
    }
    let chosen: Option<Id<Journey>> = form.get("journey").parse().ok();
    let chosen = chosen.filter(|id| journeys.iter().any(|journey| journey.value == id.to_string()));
    let says = match chosen {
        Some(id) => effect(v, &mut tx, id, segment).await?,
        None => Vec::new(),
    };
    Ok(BeginPage {
        chrome: v.chrome(&mut tx, w.begin_title()).await?,
        overs: [0, 60, 240, 480, 1_440, 4_320]
            .into_iter()
            .map(|minutes| {
                Choice::new(
                    minutes,
                    if minutes == 0 { w.at_once().to_owned() } else { w.hours(minutes / 60) },
                )
            })
            .collect(),
        ready: chosen.is_some(),
        w,
        form,
        segment,
        segment_name: name,
        journeys,
        says,
    })
}

/// What it will come to: how many are meant, how many are on it already, and of how many the law wants more than we have.
async fn effect(v: &Visit, tx: &mut Tx, id: Id<Journey>, segment: i64) -> Result<Vec<String>> {
    let w = Words(v.lang);
    let known = journey::one(tx, id).await?;
    let plan = journey::version(tx, id, known.version).await?;
    let said = |n: u64| numbers::int(i64::try_from(n).unwrap_or(i64::MAX), v.lang);
    let who = group::who(tx, segment).await?;
    let (on_it,): (i64,) = tx
        .one(
            sql!("select count(*) from journey_runs where journey_id = $1 and state = 'running'"),
            params![id],
        )
        .await?;
    let list = |list: &str| Rule::fact(&format!("mail_{list}"), Test::AnyOf(vec![plan.purpose.to_string()]));
    let may = match plan.purpose {
        Purpose::Marketing | Purpose::Alumni => Rule::All(vec![Rule::Segment(segment), list("yes")]),
        _ => Rule::All(vec![Rule::Segment(segment), Rule::None(vec![list("no")])]),
    };
    let may = tx.count_people(&may).await?.is;
    Ok(vec![
        w.begin_meant(said(who.len())),
        w.begin_may(said(may), said(who.len().saturating_sub(may))),
        w.begin_on_it(numbers::int(on_it, v.lang)),
    ])
}

async fn begin(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    form.required("journey");
    let journey = form.id::<Journey>("journey");
    let segment: i64 = form.get("segment").parse().map_err(|_| Error::NotFound)?;
    let over = form.int("over", 0..=10_080).unwrap_or(0);
    let (Some(journey), Ok(())) = (journey, form.done()) else {
        let page = page(&v, &permit, form).await?;
        return v.html_again(&page);
    };
    let mut tx = v.house.write(&v.actor).await?;
    let name = segment_name(&v, &mut tx, segment).await?;
    match group::make(&mut tx, &permit, journey, segment, &name, over).await {
        Ok(_) => {
            tx.commit().await?;
            v.house.doorbell.ring();
            v.see_done(&format!("/journeys/{journey}/groups"), "done-group", None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            form.fault("", what);
            let page = page(&v, &permit, form).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}

struct Row {
    id: Id<Group>,
    name: String,
    says: String,
    share: f64,
    running: bool,
    when: String,
}

#[derive(Template)]
#[template(path = "groups.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    journey: Journey,
    rows: Vec<Row>,
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let zone = v.house.settings.zone.clone();
    let rows = group::of(&mut tx, id).await?.into_iter().map(|group| {
        let n = |n: i64| numbers::int(n, v.lang);
        Row {
            says: match group.state {
                GroupState::Running => w.group_running(n(group.taken), n(group.total), n(group.begun)),
                GroupState::Stopped => w.group_stopped(n(group.taken), n(group.total), n(group.begun)),
                GroupState::Done => w.group_done(n(group.total), n(group.begun)),
            },
            share: group.taken as f64 / group.total.max(1) as f64,
            running: group.state == GroupState::Running,
            when: format!("{} · {}", dates::moment(group.made_at, &zone, v.lang), group.by),
            id: group.id,
            name: group.segment_name,
        }
    });
    let page = ListPage {
        rows: rows.collect(),
        chrome: v.chrome(&mut tx, w.groups_of(&journey.name)).await?,
        w,
        journey,
    };
    v.html(&page)
}

async fn stop(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Group> = v.path("group")?;
    let mut tx = v.house.write(&v.actor).await?;
    let journey = group::stop(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/journeys/{journey}/groups"), "done-group-stopped", None)
}
