//! For who keeps the house running: what is on its way, what is doubtful, and the release of a restored
//! instance; and the demo institution's drawer.

use askama::Template;
use axum::{body::Body, response::Response};
use http::{Method, header};
use kring_core::{Error, Result, Timestamp};
use kring_frame::{Permit, Route, Visit, params, record, sql};
use kring_lang::dates;
use kring_web::Chrome;

use crate::{
    MessageState, OPERATE_MAIL, Words,
    lines::reason_in_words,
    message::{self, Shown},
};

const DRAWER: &str =
    "the demo institution is made up, and its drawer is there to be read; elsewhere it is not found";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/operations/mail", &OPERATE_MAIL, outgoing),
        Route::post("/operations/mail/release", &OPERATE_MAIL, release),
        Route::post("/operations/mail/stop", &OPERATE_MAIL, stop),
        Route::post("/operations/mail/{id}/settle", &OPERATE_MAIL, settle),
        Route::open(Method::GET, "/drawer", DRAWER, drawer),
        Route::open(Method::GET, "/drawer/{id}", DRAWER, mail),
        Route::open(Method::GET, "/drawer/{id}/body", DRAWER, body),
    ]
}

#[derive(Template)]
#[template(path = "outgoing.html")]
struct OutgoingPage {
    chrome: Chrome,
    w: Words,
    held: bool,
    stopped: bool,
    /// Incoming mail that waits for a decision.
    quarantined: i64,
    counts: Vec<(String, i64)>,
    doubtful: Vec<Row>,
    refused: Vec<Row>,
}

struct Row {
    message: Shown,
    kind: String,
    reason: String,
    when: String,
}

impl Row {
    fn of(v: &Visit, message: Shown) -> Self {
        let w = Words(v.lang);
        let key = format!("kind-{}", message.kind.replace('.', "-"));
        let at = message.handed_at.unwrap_or(message.due_at);
        Self {
            kind: w.find(&key).unwrap_or(&message.kind).to_owned(),
            reason: message.reason.as_deref().map(|r| reason_in_words(v.lang, r)).unwrap_or_default(),
            when: dates::moment(at, &v.house.settings.zone, v.lang),
            message,
        }
    }
}

async fn outgoing(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let doubtful = message::in_state(&mut tx, &permit, MessageState::Doubtful, 100).await?;
    let refused = message::in_state(&mut tx, &permit, MessageState::Refused, 20).await?;
    let counts = message::counts(&mut tx).await?;
    let page = OutgoingPage {
        w,
        held: message::is_held(&mut tx).await?,
        stopped: message::is_stopped(&mut tx).await?,
        quarantined: crate::inbound::waiting(&mut tx).await?,
        counts: counts
            .into_iter()
            .map(|(state, n)| (w.find(&format!("state-{state}")).unwrap_or_default().to_owned(), n))
            .collect(),
        doubtful: doubtful.into_iter().map(|m| Row::of(&v, m)).collect(),
        refused: refused.into_iter().map(|m| Row::of(&v, m)).collect(),
        chrome: v.chrome(&mut tx, w.post_title()).await?,
    };
    v.html(&page)
}

async fn release(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    message::release(&mut tx, &permit).await?;
    tx.commit().await?;
    v.house.doorbell.ring();
    v.see_done("/operations/mail", "done-released", None)
}

/// The emergency stop, and its end.
async fn stop(v: Visit, permit: Permit) -> Result<Response> {
    let stop = match v.form()?.get("stop") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::NotFound),
    };
    let mut tx = v.house.write(&v.actor).await?;
    message::stop_all(&mut tx, &permit, stop).await?;
    tx.commit().await?;
    v.house.doorbell.ring();
    v.see_done("/operations/mail", if stop { "done-stopped" } else { "done-goes-on" }, None)
}

async fn settle(v: Visit, permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let arrived = match v.form()?.get("arrived") {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::NotFound),
    };
    let mut tx = v.house.write(&v.actor).await?;
    message::settle(&mut tx, &permit, id, arrived).await?;
    tx.commit().await?;
    v.see_done("/operations/mail", "done-settled", None)
}

record! {
    struct Lying {
        id: i64,
        to: String,
        subject: String,
        at: Timestamp,
    }
}

#[derive(Template)]
#[template(path = "drawer.html")]
struct DrawerPage {
    face: kring_web::Face,
    w: Words,
    mails: Vec<(Lying, String)>,
    first: String,
    next: String,
}

fn only_in_demo(v: &Visit) -> Result<()> {
    if v.house.settings.demo { Ok(()) } else { Err(Error::NotFound) }
}

async fn drawer(v: Visit) -> Result<Response> {
    only_in_demo(&v)?;
    let before: Option<i64> = v.query()?.get("before").parse().ok();
    let mut tx = v.house.read(&v.actor).await?;
    let mails: Vec<Lying> = tx
        .all(
            sql!("select id, to_address, subject, at from drawer where id < $1 order by id desc limit 31"),
            params![before.unwrap_or(i64::MAX)],
        )
        .await?;
    let now = tx.now();
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let page = DrawerPage {
        face: v.face(w.drawer_title()),
        w,
        first: if before.is_some() { "/drawer".into() } else { String::new() },
        next: if mails.len() > 30 {
            mails.get(29).map(|m| format!("/drawer?before={}", m.id)).unwrap_or_default()
        } else {
            String::new()
        },
        mails: mails
            .into_iter()
            .take(30)
            .map(|m| {
                let when = dates::relative(m.at, now, zone, v.lang);
                (m, when)
            })
            .collect(),
    };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "drawer_mail.html")]
struct MailPage {
    face: kring_web::Face,
    w: Words,
    id: i64,
    to: String,
    subject: String,
    when: String,
}

async fn mail(v: Visit) -> Result<Response> {
    only_in_demo(&v)?;
    let id: i64 = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let lying: Lying =
        tx.one(sql!("select id, to_address, subject, at from drawer where id = $1"), params![id]).await?;
    let w = Words(v.lang);
    let page = MailPage {
        face: v.face(lying.subject.clone()),
        w,
        id,
        to: lying.to,
        subject: lying.subject,
        when: dates::moment(lying.at, &v.house.settings.zone, v.lang),
    };
    v.html(&page)
}

/// The letter as its reader gets it: no script, style at the element, links open outside the frame.
async fn body(v: Visit) -> Result<Response> {
    only_in_demo(&v)?;
    let id: i64 = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (html,): (String,) = tx.one(sql!("select html from drawer where id = $1"), params![id]).await?;
    let html = html.replacen("<head>", "<head><base target=\"_top\">", 1);
    Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; form-action 'none'; \
             sandbox allow-top-navigation-by-user-activation allow-popups",
        )
        .header("cross-origin-resource-policy", "same-origin")
        .body(Body::from(html))
        .map_err(Error::broken)
}
