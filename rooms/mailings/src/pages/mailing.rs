//! A mailing: to whom, in which words, how it is spread; what is wrong with it; and, once it goes, how far it is and what came of it.

use askama::Template;
use axum::response::Response;
use jiff::civil::DateTime;
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Permit, Route, Tx, Visit, rules::Rule};
use kring_lang::{dates, numbers};
use kring_stats::{Counted, Level, difference};
use kring_talks::{
    reason_in_words, topic,
    writing::{Language, languages},
};
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    APPROVE, EDIT, USE, Words,
    campaign::{self, Campaign},
    check::{self, letter_of},
    mailing::{self, Mailing, MailingState, Phase},
    pages::{
        campaign::{Stat, share_of},
        list::tone,
    },
    plan::{MOST_TEXTS, Plan, Test},
    policy, result, seed,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/mailings/{id}", &USE, show),
        Route::post("/mailings/{id}", &EDIT, change),
        Route::post("/mailings/{id}/second", &EDIT, second),
        Route::post("/mailings/{id}/undo", &EDIT, undo),
        Route::post("/mailings/{id}/redo", &EDIT, redo),
        Route::post("/mailings/{id}/state", &EDIT, act),
        Route::post("/mailings/{id}/verdict", &APPROVE, verdict),
    ]
}

/// The draft that the editor saw.
pub fn seen(form: &Form) -> Result<i64> {
    form.get("draft").parse().map_err(|_| Error::NotFound)
}

struct TextRow {
    letter: &'static str,
    n: i64,
    subject: String,
    languages: Vec<Language>,
    preview: String,
}

struct Arm {
    name: String,
    stats: Vec<Stat>,
}

#[derive(Template)]
#[template(path = "mailing.html")]
struct ShowPage {
    chrome: Chrome,
    w: Words,
    campaign: Campaign,
    mailing: Mailing,
    state: String,
    tone: Tone,
    says: String,
    share: f64,
    remark: String,
    stops: Vec<String>,
    advice: Vec<String>,
    form: Form,
    segments: Vec<Choice>,
    topics: Vec<Choice>,
    overs: Vec<Choice>,
    texts: Vec<TextRow>,
    compares: bool,
    test_rule: String,
    seeds: Vec<seed::Seed>,
    seeds_note: String,
    arms: Vec<Arm>,
    lift: String,
    reasons: Vec<(String, String)>,
    before: bool,
    may_edit: bool,
    may_judge: bool,
    asks: bool,
    can_undo: bool,
    can_redo: bool,
}

fn form_of(v: &Visit, plan: &Plan) -> Form {
    let zone = &v.house.settings.zone;
    let begins = plan.begins_at.map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M").to_string());
    Form::of([
        ("segment", plan.segment.map(|id| id.to_string()).unwrap_or_default()),
        ("topic", plan.topic.map(|id| id.to_string()).unwrap_or_default()),
        ("over", plan.over_minutes.to_string()),
        ("begins", begins.unwrap_or_default()),
        ("hold_out", plan.hold_out.to_string()),
        ("share", plan.test.share.to_string()),
        ("hours", plan.test.hours.to_string()),
    ])
}

async fn segments(v: &Visit, tx: &mut Tx) -> Result<Vec<Choice>> {
    let mut segments = Vec::new();
    let Some(room) = v.house.rooms.segments else { return Ok(segments) };
    for (id, _) in (room.saved)(tx).await? {
        if tx.may_ask(&Rule::Segment(id)).await? {
            segments.push(Choice::new(id, (room.name)(tx, id).await?.unwrap_or_default()));
        }
    }
    segments.sort_by_key(|segment| segment.label.to_lowercase());
    Ok(segments)
}

/// How far it is, in one sentence.
fn how_far(v: &Visit, mailing: &Mailing) -> (String, f64) {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let n = |n: i64| numbers::int(n, v.lang);
    let moment = |at: Timestamp| dates::moment(at, zone, v.lang);
    let share = mailing.phase_taken as f64 / mailing.phase_total.max(1) as f64;
    let says = match (mailing.state, mailing.phase) {
        (MailingState::Sending, Some(Phase::Verdict)) => {
            return (w.far_verdict(mailing.decides_at.map(moment).unwrap_or_default()), 1.0);
        }
        (MailingState::Sending, Some(_)) if mailing.phase_taken == 0 => {
            w.far_begins(mailing.phase_at.map(moment).unwrap_or_default(), n(mailing.phase_total))
        }
        (MailingState::Sending, Some(Phase::Test)) => {
            w.far_test(n(mailing.phase_taken), n(mailing.phase_total))
        }
        (MailingState::Sending, _) => w.far_sending(n(mailing.phase_taken), n(mailing.phase_total)),
        (MailingState::Paused, _) => match mailing.brake.as_deref() {
            Some(why) => w.find(&format!("brake-{why}")).unwrap_or_default().to_owned(),
            None => w.far_paused(n(mailing.phase_taken), n(mailing.phase_total)),
        },
        (MailingState::Stopped, _) => w.far_stopped(n(mailing.phase_taken), n(mailing.phase_total)),
        (MailingState::Done, _) => w.far_done(n(mailing.total - mailing.held_out)),
        _ => String::new(),
    };
    (says, share)
}

/// What becomes of a test, said before it begins and after.
fn test_rule(v: &Visit, mailing: &Mailing, plan: &Plan) -> String {
    let w = Words(v.lang);
    if !plan.compares() {
        return String::new();
    }
    match (mailing.winner, mailing.told_apart) {
        (Some(winner), Some(true)) => w.test_told(letter_of(winner)),
        (Some(_), _) => w.test_not_told().to_owned(),
        _ => w.test_rule(plan.test.share, plan.test.hours),
    }
}

/// The goal reached more often by those who were written to than by those who were held out, or not, or one cannot tell.
fn lift(v: &Visit, rows: &[result::Row]) -> String {
    let w = Words(v.lang);
    let written = rows.iter().filter(|row| row.variant.is_some());
    let (went, reached) = written.fold((0, 0), |(n, hits), row| (n + row.went, hits + row.reached));
    let Some(held) = rows.iter().find(|row| row.variant.is_none()) else { return String::new() };
    let counted = |hits: i64, n: i64| Counted {
        hits: u64::try_from(hits.min(n)).unwrap_or_default(),
        n: u64::try_from(n).unwrap_or_default(),
        version: 0,
    };
    match difference(counted(reached, went), counted(held.reached, held.people), Level::P95) {
        Ok(figure) => {
            let points = |share: f64| numbers::decimal(share * 100.0, 1, v.lang);
            let (low, high) = (figure.low.unwrap_or(-1.0), figure.high.unwrap_or(1.0));
            if figure.is_different() {
                w.lift(points(figure.estimate), points(low), points(high))
            } else {
                w.lift_unclear(points(low), points(high))
            }
        }
        Err(_) => String::new(),
    }
}

async fn page(v: &Visit, tx: &mut Tx, id: Id<Mailing>, form: Option<Form>) -> Result<ShowPage> {
    let w = Words(v.lang);
    let mailing = mailing::one(tx, id).await?;
    let campaign = campaign::one(tx, mailing.campaign).await?;
    let plan = mailing::plan(tx, &mailing).await?;
    let before = mailing.state.is_before();
    let may_edit = v.actor.permit(&EDIT).is_ok_and(|permit| mailing::may_change(tx, &permit, &mailing));
    let found = if before { check::check(tx, &campaign, &mailing, &plan).await? } else { Vec::new() };
    let said = |stops: bool| -> Vec<String> {
        let of = found.iter().filter(|finding| finding.stops == stops);
        of.map(|finding| check::said(v.lang, plan.compares(), finding)).collect()
    };
    let asks = match check::people(tx, &plan).await {
        Ok(people) => policy::asks(tx, i64::try_from(people.len()).unwrap_or(i64::MAX)).await?,
        Err(_) => false,
    };
    let topics = topic::active(tx).await?;
    let (can_undo, can_redo) = mailing::can_undo(tx, &mailing).await?;
    let (says, share) = how_far(v, &mailing);
    let (mut arms, mut lifted, mut reasons) = (Vec::new(), String::new(), Vec::new());
    if !before {
        let rows = result::of(tx, id).await?;
        arms = rows.iter().map(|row| arm(v, &campaign, &plan, row)).collect();
        if campaign.goal_kind.is_some() {
            lifted = lift(v, &rows);
        }
        for (code, n) in result::reasons(tx, id).await? {
            reasons.push((reason_in_words(v.lang, &code), numbers::int(n, v.lang)));
        }
    }
    let texts = (0_i64..).zip(&plan.texts).map(|(n, text)| TextRow {
        letter: letter_of(n),
        n,
        subject: text.sheets.get(&text.source).map(|sheet| sheet.subject.clone()).unwrap_or_default(),
        languages: languages(text),
        preview: format!("/mailings/{id}/{n}/preview"),
    });
    let seeds = seed::of(tx, mailing.unit).await?;
    let over = |minutes: i64| match minutes {
        0 => w.at_once().to_owned(),
        _ => w.n_hours(numbers::int(minutes / 60, v.lang)),
    };
    Ok(ShowPage {
        texts: texts.collect(),
        chrome: v.chrome(tx, mailing.name.clone()).await?,
        state: w.find(&format!("state-{}", mailing.state)).unwrap_or_default().to_owned(),
        tone: tone(mailing.state),
        says,
        share,
        remark: mailing.remark.clone().unwrap_or_default(),
        stops: said(true),
        advice: said(false),
        form: form.unwrap_or_else(|| form_of(v, &plan)),
        segments: segments(v, tx).await?,
        topics: topics.iter().map(|topic| Choice::new(topic.id, topic.name(v.lang))).collect(),
        overs: [0, 60, 240, 480, 1_440, 4_320].into_iter().map(|n| Choice::new(n, over(n))).collect(),
        compares: plan.compares(),
        test_rule: test_rule(v, &mailing, &plan),
        seeds_note: w.seeds_note(i64::try_from(seeds.len()).unwrap_or_default()),
        seeds,
        arms,
        lift: lifted,
        reasons,
        before,
        may_edit,
        may_judge: mailing.state == MailingState::Asked && mailing::may_judge(tx, &mailing).await?,
        asks,
        can_undo,
        can_redo,
        w,
        campaign,
        mailing,
    })
}

fn arm(v: &Visit, campaign: &Campaign, plan: &Plan, row: &result::Row) -> Arm {
    let w = Words(v.lang);
    let n = |n: i64| numbers::int(n, v.lang);
    let mut stats = Vec::new();
    if row.variant.is_some() {
        stats.push(Stat {
            label: w.stat_went().to_owned(),
            figure: n(row.went),
            interval: String::new(),
            note: w.stat_went_note(n(row.planned), n(row.refused), n(row.bounced)),
        });
    }
    let of = if row.variant.is_some() { row.went } else { row.people };
    if campaign.goal_kind.is_some() {
        stats.push(share_of(v, w.stat_goal(), row.reached, of));
    }
    if row.variant.is_some() {
        stats.push(share_of(v, w.stat_wrote(), row.wrote, of));
        stats.push(share_of(v, w.stat_left(), row.left, of));
    }
    let name = match row.variant {
        None => w.held_out().to_owned(),
        Some(variant) if plan.compares() => w.text_n(letter_of(variant)),
        Some(_) => String::new(),
    };
    Arm { name, stats }
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let page = page(&v, &mut tx, id, None).await?;
    v.html(&page)
}

pub async fn again(v: &Visit, id: Id<Mailing>, form: Form, why: Option<Error>) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let form = match why {
        Some(Error::Conflict(what)) => {
            let plan = mailing::one(&mut tx, id).await?;
            let plan = mailing::plan(&mut tx, &plan).await?;
            // Of a button there is nothing typed to keep: the settings are shown as they are.
            let mut form = if form.get("over").is_empty() { form_of(v, &plan) } else { form };
            form.fault("", what);
            form
        }
        Some(other) => return Err(other),
        None => form,
    };
    let page = page(v, &mut tx, id, Some(form)).await?;
    v.html_again(&page)
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut form = v.form()?;
    let before = seen(&form)?;
    let segment = form.get("segment").parse::<i64>().ok();
    let topic = form.id::<kring_talks::Topic>("topic");
    let over = form.int("over", 0..=10_080);
    let hold_out = form.int("hold_out", 0..=50);
    let compares = form.get("compares") == "yes";
    let test = if compares {
        form.int("share", 5..=100).zip(form.int("hours", 1..=336)).map(|(share, hours)| Test { share, hours })
    } else {
        None
    };
    let begins = begins(&v, &mut form);
    let (Some(over), Some(hold_out), Ok(())) = (over, hold_out, form.done()) else {
        return again(&v, id, form, None).await;
    };
    let mut tx = v.house.write(&v.actor).await?;
    if let Some(segment) = segment
        && !tx.may_ask(&Rule::Segment(segment)).await?
    {
        return Err(Error::NotFound);
    }
    let changed = mailing::change(&mut tx, &permit, id, before, |plan| {
        *plan = Plan {
            segment,
            topic,
            over_minutes: over,
            hold_out,
            test: test.unwrap_or(plan.test),
            begins_at: begins,
            texts: std::mem::take(&mut plan.texts),
        };
        Ok(())
    })
    .await;
    match changed {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/mailings/{id}"), "done-mailing", Some(&format!("/mailings/{id}/undo")))
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

/// A moment on the clock of the institution.
fn begins(v: &Visit, form: &mut Form) -> Option<Timestamp> {
    let typed = form.get("begins").trim();
    if typed.is_empty() {
        return None;
    }
    let at = typed.parse::<DateTime>().ok();
    let at = at.and_then(|at| at.to_zoned(v.house.settings.zone.clone()).ok());
    if at.is_none() {
        form.fault("begins", kring_web::say::field_date());
    }
    at.map(|at| at.timestamp())
}

/// Adds a second text, as a copy of the first to be changed, or drops it.
async fn second(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let form = v.form()?;
    let (before, add) = (seen(&form)?, form.get("what") == "add");
    let mut tx = v.house.write(&v.actor).await?;
    let changed = mailing::change(&mut tx, &permit, id, before, |plan| {
        match (add, plan.texts.first().cloned()) {
            (true, Some(first)) if plan.texts.len() < MOST_TEXTS => plan.texts.push(first),
            (true, _) => {}
            (false, _) => plan.texts.truncate(1),
        }
        Ok(())
    })
    .await;
    match changed {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/mailings/{id}"), "done-mailing", Some(&format!("/mailings/{id}/undo")))
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    step(&v, &permit, true).await
}

async fn redo(v: Visit, permit: Permit) -> Result<Response> {
    step(&v, &permit, false).await
}

async fn step(v: &Visit, permit: &Permit, back: bool) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    match mailing::undo(&mut tx, permit, id, back).await {
        Ok(()) => {
            tx.commit().await?;
            v.see(format!("/mailings/{id}"))
        }
        Err(why) => {
            drop(tx);
            again(v, id, Form::default(), Some(why)).await
        }
    }
}

/// Asks for approval, sends, pauses, goes on, stops, tries it on colleagues.
async fn act(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let done = match form.get("what") {
        "ask" => mailing::ask(&mut tx, &permit, id, true).await.map(|()| "done-asked"),
        "unask" => mailing::ask(&mut tx, &permit, id, false).await.map(|()| "done-unasked"),
        "send" => mailing::send(&mut tx, &permit, id, seen(&form)?).await.map(|()| "done-sending"),
        "pause" => mailing::pause(&mut tx, &permit, id).await.map(|()| "done-paused"),
        "go" => mailing::go_on(&mut tx, &permit, id).await.map(|()| "done-going"),
        "stop" => mailing::stop(&mut tx, &permit, id).await.map(|()| "done-stopped"),
        "try" => {
            let mailing = mailing::mine(&mut tx, &permit, id).await?;
            seed::try_out(&mut tx, &permit, &mailing).await.map(|_| "done-tried")
        }
        "name" => {
            mailing::rename(&mut tx, &permit, id, form.get("name").trim()).await.map(|()| "done-mailing")
        }
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(what) => {
            tx.commit().await?;
            v.house.doorbell.ring();
            v.see_done(&format!("/mailings/{id}"), what, None)
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

/// The answer of whoever approves.
async fn verdict(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut form = v.form()?;
    let no = form.get("what") == "no";
    let remark = if no { Some(form.required_text("remark", 1_000)) } else { None };
    if form.done().is_err() {
        return again(&v, id, form, None).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    match mailing::judge(&mut tx, &permit, id, remark.as_deref()).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/mailings/{id}"), if no { "done-returned" } else { "done-approved" }, None)
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}
