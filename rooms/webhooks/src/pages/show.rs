//! One webhook: how it stands, what it was told, and what can be done with it.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use super::{came, edit::secret_page, kind_name, outcome, segments, standing};
use crate::{
    MANAGE, Words,
    hook::{self, State, Webhook},
    message::{self, State as Came},
};

const PAGE: u32 = 50;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/webhooks/{id}", &MANAGE, show),
        Route::post("/webhooks/{id}/pause", &MANAGE, pause),
        Route::post("/webhooks/{id}/resume", &MANAGE, resume),
        Route::post("/webhooks/{id}/try", &MANAGE, try_out),
        Route::post("/webhooks/{id}/secret", &MANAGE, rotate),
        Route::post("/webhooks/{id}/again", &MANAGE, all_again),
        Route::get("/webhooks/{id}/remove", &MANAGE, ask_remove),
        Route::post("/webhooks/{id}/remove", &MANAGE, remove),
    ]
}

#[derive(Template)]
#[template(path = "webhook.html")]
struct ShowPage {
    chrome: Chrome,
    w: Words,
    webhook: Webhook,
    /// Where its buttons lead.
    at: Links,
    state: &'static str,
    tone: &'static str,
    /// What is the matter and what to do, when something is.
    matter: String,
    is_on: bool,
    made: String,
    last: String,
    old_secret: String,
    kinds: Vec<String>,
    segments: Vec<(String, String)>,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    failed: i64,
    first: String,
    next: String,
}

struct Links {
    edit: String,
    pause: String,
    resume: String,
    try_out: String,
    secret: String,
    again: String,
    remove: String,
}

struct Tab {
    label: String,
    href: String,
    current: bool,
}

struct Row {
    href: String,
    kind: String,
    state: &'static str,
    tone: &'static str,
    outcome: String,
    when: String,
    exact: String,
    tries: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let id: Id<Webhook> = v.path("id")?;
    let query = v.query()?;
    let chosen: Option<Came> = query.get("state").parse().ok();
    let before: Option<i64> = query.get("before").parse().ok();
    let mut tx = v.house.read(&v.actor).await?;
    let webhook = hook::one(&mut tx, &permit, id).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let counts = message::counts(&mut tx, id).await?;
    let count = |state: Came| counts.iter().find(|(s, _)| *s == state).map_or(0, |(_, n)| *n);
    let all: i64 = counts.iter().map(|(_, n)| n).sum();
    let href = |state: Option<Came>| match state {
        Some(state) => format!("/webhooks/{id}?state={state}"),
        None => format!("/webhooks/{id}"),
    };
    let tab = |state: Option<Came>, label: &str, n: i64| Tab {
        label: format!("{label} · {}", numbers::int(n, v.lang)),
        href: href(state),
        current: state == chosen,
    };
    let states = [Came::Waiting, Came::Delivered, Came::Failed];
    let tabs = [tab(None, w.message_all(), all)]
        .into_iter()
        .chain(states.map(|state| tab(Some(state), came(w, state).0, count(state))))
        .collect();
    let messages = message::list(&mut tx, id, chosen, before.unwrap_or(i64::MAX), PAGE).await?;
    let next = messages.last().filter(|_| messages.len() == PAGE as usize).map(|last| {
        let here = href(chosen);
        let sign = if here.contains('?') { '&' } else { '?' };
        format!("{here}{sign}before={}", last.id)
    });
    let rows = messages.iter().map(|one| {
        let (state, tone) = came(w, one.state);
        Row {
            href: format!("/webhooks/messages/{}", one.id),
            kind: kind_name(w, &one.kind),
            state,
            tone,
            outcome: match (one.state, outcome(w, one.status, one.fault.as_deref())) {
                (Came::Waiting, said) if !said.is_empty() => {
                    w.said_again(said, dates::moment(one.due_at, &zone, v.lang))
                }
                (_, said) => said,
            },
            when: dates::relative(one.made_at, now, &zone, v.lang),
            exact: dates::moment(one.made_at, &zone, v.lang),
            tries: numbers::int(one.attempts, v.lang),
        }
    });
    let mine = hook::segments_of(&mut tx, id).await?;
    let segments = segments(&mut tx)
        .await?
        .into_iter()
        .filter(|(segment, _)| mine.contains(segment))
        .map(|(segment, name)| (format!("/segments/{segment}"), name))
        .collect();
    let (state, tone) = standing(w, &webhook);
    let matter = match webhook.state {
        State::Gone => w.matter_gone().to_owned(),
        State::Failing => w.matter_failing().to_owned(),
        State::Paused => w.matter_paused().to_owned(),
        State::On if !hook::keys(&mut tx, &permit).await?.iter().any(|(key, _)| *key == webhook.key) => {
            w.matter_key().to_owned()
        }
        State::On => match webhook.failing_since {
            Some(since) => w.matter_no_answer(dates::moment(since, &zone, v.lang)),
            None => String::new(),
        },
        State::Removed => String::new(),
    };
    let page = ShowPage {
        at: Links {
            edit: format!("/webhooks/{id}/edit"),
            pause: format!("/webhooks/{id}/pause"),
            resume: format!("/webhooks/{id}/resume"),
            try_out: format!("/webhooks/{id}/try"),
            secret: format!("/webhooks/{id}/secret"),
            again: format!("/webhooks/{id}/again"),
            remove: format!("/webhooks/{id}/remove"),
        },
        rows: rows.collect(),
        chrome: v.chrome(&mut tx, webhook.name.as_str()).await?,
        w,
        state,
        tone,
        matter,
        is_on: webhook.state == State::On,
        made: w.made_by(webhook.made_by.as_str(), dates::short_day(webhook.made_at, &zone, v.lang)),
        last: match webhook.last_ok_at {
            Some(at) => dates::relative(at, now, &zone, v.lang),
            None => w.never().to_owned(),
        },
        old_secret: match webhook.old_until.filter(|until| *until > now) {
            Some(until) => w.secret_old(dates::moment(until, &zone, v.lang)),
            None => String::new(),
        },
        kinds: webhook.kinds().map(|offered| kind_name(w, offered.kind)).collect(),
        segments,
        tabs,
        failed: count(Came::Failed),
        first: before.map_or(String::new(), |_| href(chosen)),
        next: next.unwrap_or_default(),
        webhook,
    };
    v.html(&page)
}

async fn pause(v: Visit, permit: Permit) -> Result<Response> {
    turn(v, permit, State::Paused, "done-webhook-paused").await
}

async fn resume(v: Visit, permit: Permit) -> Result<Response> {
    turn(v, permit, State::On, "done-webhook-resumed").await
}

async fn turn(v: Visit, permit: Permit, state: State, code: &str) -> Result<Response> {
    let id: Id<Webhook> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    hook::set_state(&mut tx, &permit, id, state).await?;
    tx.commit().await?;
    let back = match state {
        State::Paused => Some(format!("/webhooks/{id}/resume")),
        _ => None,
    };
    v.see_done(&format!("/webhooks/{id}"), code, back.as_deref())
}

async fn try_out(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let message = message::try_out(&mut tx, &permit, v.path("id")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/webhooks/messages/{message}"), "done-webhook-tried", None)
}

async fn rotate(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Webhook> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let secret = hook::rotate(&mut tx, &permit, id).await?;
    let shown = secret_page(&v, &mut tx, id, secret.reveal(), Words(v.lang).secret_other()).await?;
    tx.commit().await?;
    Ok(shown)
}

async fn all_again(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Webhook> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    message::all_again(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/webhooks/{id}"), "done-webhook-again", None)
}

#[derive(Template)]
#[template(path = "webhook_remove.html")]
struct RemovePage {
    chrome: Chrome,
    w: Words,
    text: String,
    action: String,
    back: String,
}

async fn ask_remove(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let id: Id<Webhook> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let webhook = hook::one(&mut tx, &permit, id).await?;
    let waiting = message::waiting(&mut tx, id).await?;
    let chrome = v.chrome(&mut tx, w.remove_title(webhook.name.as_str())).await?;
    let (action, back) = (format!("/webhooks/{id}/remove"), format!("/webhooks/{id}"));
    v.html(&RemovePage { chrome, w, text: w.remove_text(waiting), action, back })
}

async fn remove(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    hook::remove(&mut tx, &permit, v.path("id")?).await?;
    tx.commit().await?;
    v.see_done("/webhooks", "done-webhook-removed", None)
}
