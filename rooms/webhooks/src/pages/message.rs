//! One message: what was told, and every try.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::Chrome;

use super::{came, kind_name, outcome};
use crate::{
    MANAGE, Words,
    message::{self, Body, Message, State},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/webhooks/messages/{id}", &MANAGE, show),
        Route::post("/webhooks/messages/{id}/again", &MANAGE, again),
    ]
}

#[derive(Template)]
#[template(path = "webhook_message.html")]
struct MessagePage {
    chrome: Chrome,
    w: Words,
    back: String,
    back_label: String,
    title: String,
    name: String,
    state: &'static str,
    tone: &'static str,
    due: String,
    body: String,
    again: String,
    may_again: bool,
    tries: Vec<Try>,
}

struct Try {
    when: String,
    outcome: String,
    took: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let id: Id<Message> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (message, webhook) = message::one(&mut tx, &permit, id).await?;
    let zone = v.house.settings.zone.clone();
    let tries = message::attempts(&mut tx, id).await?.into_iter().map(|one| Try {
        when: dates::moment(one.at, &zone, v.lang),
        outcome: outcome(w, one.status, one.fault.as_deref()),
        took: w.milliseconds(numbers::int(one.took, v.lang)),
    });
    let (state, tone) = came(w, message.state);
    let title = kind_name(w, &message.kind);
    let body: Option<Body> = serde_json::from_str(&message.body).ok();
    let page = MessagePage {
        tries: tries.collect(),
        chrome: v.chrome(&mut tx, title.as_str()).await?,
        w,
        back: format!("/webhooks/{}", webhook.id),
        back_label: webhook.name,
        title,
        name: message.name(),
        state,
        tone,
        due: match message.state {
            State::Waiting if message.attempts > 0 && message.due_at > tx.now() => {
                w.tried_again_at(dates::moment(message.due_at, &zone, v.lang))
            }
            _ => String::new(),
        },
        // As it is sent it stands on one line; people read it better so.
        body: body.and_then(|body| serde_json::to_string_pretty(&body).ok()).unwrap_or(message.body),
        again: format!("/webhooks/messages/{id}/again"),
        may_again: message.state != State::Waiting,
    };
    v.html(&page)
}

async fn again(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Message> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    message::again(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/webhooks/messages/{id}"), "done-webhook-message-again", None)
}
