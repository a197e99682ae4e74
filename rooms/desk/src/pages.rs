use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_frame::{Mark, Panel, Permit, Route, Tx, Visit};
use kring_lang::dates;
use kring_talks::{Direction, Topic, Turn, topic};
use kring_web::{Choice, Chrome, Form, PromiseClock};

use crate::{
    Request, RequestState, WORK_REQUESTS, Words,
    inbox::{self, Item, View},
    live::live,
    request::{self, After},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/desk", &WORK_REQUESTS, inbox_page),
        Route::get("/desk/live", &WORK_REQUESTS, live),
        Route::get("/desk/{id}", &WORK_REQUESTS, request_page),
        Route::post("/desk/{id}/answer", &WORK_REQUESTS, answer),
        Route::post("/desk/{id}/answers/{turn}/undo", &WORK_REQUESTS, take_back),
        Route::post("/desk/{id}/close", &WORK_REQUESTS, close),
        Route::post("/desk/{id}/reopen", &WORK_REQUESTS, reopen),
        Route::post("/desk/{id}/assign", &WORK_REQUESTS, assign),
    ]
}

/// A page of the inbox; more than this is a reason to look at a report, not to scroll.
const SHOWN: u32 = 100;

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    chrome: Chrome,
    w: Words,
    view: View,
    open: i64,
    late: i64,
    items: Vec<Row>,
    current: Option<Open>,
}

struct Row {
    item: Item,
    topic: String,
    clock: Option<PromiseClock>,
    state: &'static str,
    current: bool,
}

/// The request that lies open.
struct Open {
    request: Request,
    topic: Topic,
    clock: Option<PromiseClock>,
    looking: Vec<String>,
    turns: Vec<Said>,
    form: Form,
    closing: Vec<Choice>,
    mine: bool,
    heads: Vec<(String, Vec<String>)>,
    panels: Vec<Panel>,
    news: Vec<Said>,
}

impl Open {
    /// The newest turn in sight, so that what comes after it can be shown as new.
    fn last(&self) -> String {
        self.turns.last().map(|s| s.turn.id.to_string()).unwrap_or_default()
    }
}

struct Said {
    turn: Turn,
    when: String,
    exact: String,
    ours: bool,
    note: Option<String>,
}

fn view_of(form: &Form) -> View {
    match form.get("view") {
        "mine" => View::Mine,
        "closed" => View::Closed,
        _ => View::Open,
    }
}

impl View {
    fn key(self) -> &'static str {
        match self {
            View::Open => "open",
            View::Mine => "mine",
            View::Closed => "closed",
        }
    }
}

async fn inbox_page(v: Visit, permit: Permit) -> Result<Response> {
    let view = view_of(&v.query()?);
    show(&v, &permit, view, None, None).await
}

async fn request_page(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let id: Id<Request> = v.path("id")?;
    let typed = Some(query.get("text")).filter(|t| !t.is_empty()).map(|t| Form::of([("text", t)]));
    show(&v, &permit, view_of(&query), Some(id), typed).await
}

/// The inbox, with a request open or not; `form` is what stands in the answer, with what is wrong with it.
async fn show(
    v: &Visit,
    permit: &Permit,
    view: View,
    id: Option<Id<Request>>,
    form: Option<Form>,
) -> Result<Response> {
    let w = Words(v.lang);
    let wrong = form.as_ref().is_some_and(|f| !f.faults().is_empty());
    let mut tx = v.house.write(&v.actor).await?;
    let now = tx.now();
    let current = match id {
        Some(id) => Some(open(v, &mut tx, permit, id, form).await?),
        None => None,
    };
    let items = inbox::list(&mut tx, permit, view, SHOWN).await?;
    let (waiting, late) = inbox::open_and_late(&mut tx).await?;
    let title = current.as_ref().map_or_else(|| w.desk().to_owned(), |c| c.request.subject.clone());
    let chrome = v.chrome(&mut tx, title).await?;
    tx.commit().await?;
    let items = items
        .into_iter()
        .map(|item| Row {
            topic: if v.lang == Lang::Nl { item.topic_nl.clone() } else { item.topic_en.clone() },
            clock: clock(v, item.state, item.opened_at, item.due_at, item.answered_at, now),
            state: w.find(&format!("state-{}", item.state)).unwrap_or_default(),
            current: Some(item.id) == id,
            item,
        })
        .collect();
    let page = InboxPage { chrome, w, view, open: waiting, late, items, current };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

/// The promise, as long as it runs: until the first answer.
fn clock(
    v: &Visit,
    state: RequestState,
    opened: Timestamp,
    due: Timestamp,
    answered: Option<Timestamp>,
    now: Timestamp,
) -> Option<PromiseClock> {
    let running = answered.is_none() && state != RequestState::Closed;
    running.then(|| PromiseClock::new(opened, due, now, &v.house.settings.zone, v.lang))
}

async fn open(v: &Visit, tx: &mut Tx, permit: &Permit, id: Id<Request>, form: Option<Form>) -> Result<Open> {
    let w = Words(v.lang);
    let r = request::read(tx, permit, id).await?;
    tx.trail(Mark::read(permit, "request").person(r.person).subject(id.get())).await?;
    let looking = inbox::look(tx, permit, id).await?;
    let now = tx.now();
    let turns: Vec<Said> =
        kring_talks::turns(tx, r.dialogue).await?.into_iter().map(|t| said(v, w, t, now)).collect();
    let heads = v.house.rooms.heads(tx, v.lang, r.person).await?;
    let panels = v.house.rooms.panels(tx, v.lang, r.person).await?;
    let form = form.unwrap_or_else(|| Form::of([("version", r.version.to_string())]));
    // After a refusal: what came in since the agent began to write.
    let seen: i64 = form.get("last").parse().unwrap_or(i64::MAX);
    let news = if form.faults().is_empty() {
        Vec::new()
    } else {
        let fresh: Vec<Turn> =
            kring_talks::turns(tx, r.dialogue).await?.into_iter().filter(|t| t.id > seen).collect();
        fresh.into_iter().map(|t| said(v, w, t, now)).collect()
    };
    Ok(Open {
        topic: topic::one(tx, r.topic).await?,
        clock: clock(v, r.state, r.opened_at, r.due_at, r.answered_at, now),
        looking: looking
            .into_iter()
            .map(|(name, since)| w.looks_since(name, dates::time(since, &v.house.settings.zone)))
            .collect(),
        turns,
        form,
        closing: ["answered_elsewhere", "no_question", "double"]
            .iter()
            .filter_map(|o| Some(Choice::new(o, w.find(&format!("outcome-{}", o.replace('_', "-")))?)))
            .collect(),
        mine: r.owner == Some(v.actor.id),
        heads,
        panels,
        news,
        request: r,
    })
}

fn said(v: &Visit, w: Words, turn: Turn, now: Timestamp) -> Said {
    let zone = &v.house.settings.zone;
    let note = match turn.message_state.as_deref() {
        Some("planned" | "claimed" | "data") => Some(w.note_on_its_way().to_owned()),
        Some("refused") => {
            let why =
                kring_talks::reason_in_words(v.lang, turn.message_reason.as_deref().unwrap_or_default());
            Some(w.note_not_sent(why))
        }
        Some("doubtful") => Some(w.note_doubtful().to_owned()),
        _ if turn.channel == kring_talks::AUTOMATIC => Some(w.note_automatic().to_owned()),
        _ => None,
    };
    Said {
        when: dates::relative(turn.at, now, zone, v.lang),
        exact: dates::moment(turn.at, zone, v.lang),
        ours: turn.direction == Direction::Out,
        note,
        turn,
    }
}

async fn answer(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Request> = v.path("id")?;
    let mut form = v.form()?;
    let text = form.required_text("text", 20_000);
    let version = form.int("version", 1..=i64::MAX).unwrap_or_default();
    let after = if form.get("then") == "close" { After::Close } else { After::Wait };
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match request::answer(&mut tx, &permit, id, version, &text, after).await {
            Ok(done) => {
                tx.commit().await?;
                let undo = format!("/desk/{id}/answers/{}/undo", done.turn);
                return v.see_done(&format!("/desk/{id}"), "done-answer", Some(&undo));
            }
            // Somebody was first: nothing is sent, the text stays, and what changed is shown above it.
            Err(Error::Conflict(what)) => form.fault("text", what),
            Err(why) => form.absorb(why)?,
        }
        drop(tx);
    }
    show(&v, &permit, View::Open, Some(id), Some(refreshed(&v, &permit, id, form).await?)).await
}

/// The same text on the newest version, so that sending again is a decision made with what is new in sight.
async fn refreshed(v: &Visit, permit: &Permit, id: Id<Request>, form: Form) -> Result<Form> {
    let mut tx = v.house.read(&v.actor).await?;
    let r = request::read(&mut tx, permit, id).await?;
    let mut fresh = Form::of([
        ("text", form.get("text").to_owned()),
        ("last", form.get("last").to_owned()),
        ("version", r.version.to_string()),
    ]);
    for fault in form.faults() {
        fresh.fault(&fault.field, fault.what.clone());
    }
    Ok(fresh)
}

async fn take_back(v: Visit, permit: Permit) -> Result<Response> {
    let (id, turn): (Id<Request>, i64) = (v.path("id")?, v.path("turn")?);
    let mut tx = v.house.write(&v.actor).await?;
    let text = request::take_back(&mut tx, &permit, id, turn).await?;
    tx.commit().await?;
    // The text goes back into the composer through the page itself, not through the address.
    let form = Form::of([("text", text), ("version", version(&v, &permit, id).await?.to_string())]);
    show(&v, &permit, View::Open, Some(id), Some(form)).await
}

async fn version(v: &Visit, permit: &Permit, id: Id<Request>) -> Result<i64> {
    let mut tx = v.house.read(&v.actor).await?;
    Ok(request::read(&mut tx, permit, id).await?.version)
}

async fn close(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Request> = v.path("id")?;
    let form = v.form()?;
    let outcome @ ("answered_elsewhere" | "no_question" | "double") = form.get("outcome") else {
        return Err(Error::field("outcome", crate::say::outcome_missing()));
    };
    let version = form.get("version").parse().unwrap_or_default();
    let mut tx = v.house.write(&v.actor).await?;
    request::close(&mut tx, &permit, id, version, outcome).await?;
    tx.commit().await?;
    v.see_done("/desk", "done-closed", Some(&format!("/desk/{id}/reopen")))
}

async fn reopen(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Request> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    request::reopen(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/desk/{id}"), "done-reopened", None)
}

async fn assign(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Request> = v.path("id")?;
    let owner = if v.form()?.get("to") == "me" { Some(v.actor.id) } else { None };
    let mut tx = v.house.write(&v.actor).await?;
    request::assign(&mut tx, &permit, id, owner).await?;
    tx.commit().await?;
    v.see_done(&format!("/desk/{id}"), if owner.is_some() { "done-mine" } else { "done-free" }, None)
}
