//! The page of the day: what people answered, and whom we promised to contact.

use askama::Template;
use axum::response::Response;
use http::Method;
use jiff::SignedDuration;
use kring_core::{Id, Lang, Result, Timestamp};
use kring_frame::{Mark, Route, Visit};
use kring_lang::dates;
use kring_web::{Chrome, PromiseClock};

use crate::{
    CALL_BACK, READ_ANSWERS, Words,
    callback::{self, Callback, Outcome},
    response::{self, Read},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(
            Method::GET,
            "/feedback",
            "shows answers and promises each under its own right",
            day,
        ),
        Route::post("/callbacks/{id}/own", &CALL_BACK, own),
        Route::post("/callbacks/{id}/attempt", &CALL_BACK, attempt),
        Route::post("/callbacks/{id}/finish", &CALL_BACK, finish),
    ]
}

#[derive(Template)]
#[template(path = "day.html")]
struct DayPage {
    chrome: Chrome,
    w: Words,
    may_read: bool,
    may_call: bool,
    callbacks: Vec<Promise>,
    days: Vec<Day>,
}

struct Promise {
    call: Callback,
    clock: PromiseClock,
    how: String,
    mine: bool,
    late: bool,
}

struct Day {
    title: String,
    answers: Vec<Said>,
}

struct Said {
    read: Read,
    topic: String,
    when: String,
    verdict: String,
}

async fn day(v: Visit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let callbacks = match v.actor.permit(&CALL_BACK) {
        Ok(permit) => callback::open(&mut tx, &permit).await?,
        Err(_) => Vec::new(),
    };
    let mut days: Vec<Day> = Vec::new();
    if let Ok(permit) = v.actor.permit(&READ_ANSWERS) {
        let from = now - SignedDuration::from_hours(24 * 7);
        let answers =
            response::between(&mut tx, &permit, from, now + SignedDuration::from_secs(1), 200).await?;
        let ids = answers.iter().map(|a| a.id.to_string()).collect::<Vec<_>>().join(",");
        tx.trail(Mark::read(&permit, "answers").detail(format!("ids={ids}"))).await?;
        let today = dates::date_of(now, &zone);
        for read in answers {
            let title = dates::relative_day(dates::date_of(read.at, &zone), today, v.lang);
            let said = Said::of(&v, w, read);
            match days.last_mut() {
                Some(day) if day.title == title => day.answers.push(said),
                _ => days.push(Day { title, answers: vec![said] }),
            }
        }
    }
    let chrome = v.chrome(&mut tx, w.feedback()).await?;
    tx.commit().await?;
    let page = DayPage {
        w,
        may_read: v.actor.may(&READ_ANSWERS),
        may_call: v.actor.may(&CALL_BACK),
        callbacks: callbacks.into_iter().map(|c| Promise::of(&v, w, c, now)).collect(),
        days,
        chrome,
    };
    v.html(&page)
}

impl Promise {
    fn of(v: &Visit, w: Words, call: Callback, now: Timestamp) -> Self {
        let moment = w.find(&format!("moment-{}", call.moment)).unwrap_or_default();
        let how = match (&call.phone, call.channel.as_str()) {
            (Some(phone), "phone") => w.wants_call(phone, moment),
            _ => w.wants_mail().to_owned(),
        };
        Self {
            clock: PromiseClock::new(call.wanted_at, call.due_at, now, &v.house.settings.zone, v.lang),
            how,
            mine: call.owner == Some(v.actor.id),
            late: call.escalated_at.is_some() || call.due_at < now,
            call,
        }
    }
}

impl Said {
    fn of(v: &Visit, w: Words, read: Read) -> Self {
        Self {
            topic: if v.lang == Lang::Nl { read.topic_nl.clone() } else { read.topic_en.clone() },
            when: dates::time(read.at, &v.house.settings.zone),
            verdict: verdict(w, read.experience, read.expectation, read.mark),
            read,
        }
    }
}

/// "goed, verwachtte gewoon; rapportcijfer 8".
pub fn verdict(w: Words, experience: Option<i64>, expectation: Option<i64>, mark: Option<i64>) -> String {
    let face = |n: i64| w.find(&format!("face-{n}")).unwrap_or_default().to_owned();
    let mut parts = Vec::new();
    match (experience, expectation) {
        (Some(was), Some(wanted)) => parts.push(w.was_and_expected(face(was), face(wanted))),
        (Some(was), None) => parts.push(w.was(face(was))),
        _ => {}
    }
    if let Some(mark) = mark {
        parts.push(w.gave_mark(mark));
    }
    parts.join(" · ")
}

async fn own(v: Visit, permit: kring_frame::Permit) -> Result<Response> {
    let id: Id<Callback> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    callback::own(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done("/feedback", "done-owned", None)
}

async fn attempt(v: Visit, permit: kring_frame::Permit) -> Result<Response> {
    let id: Id<Callback> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    callback::attempt(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done("/feedback", "done-attempted", None)
}

async fn finish(v: Visit, permit: kring_frame::Permit) -> Result<Response> {
    let id: Id<Callback> = v.path("id")?;
    let outcome: Outcome = v.form()?.get("outcome").parse().map_err(|()| kring_core::Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    callback::finish(&mut tx, &permit, id, outcome).await?;
    tx.commit().await?;
    v.see_done("/feedback", "done-finished", None)
}
