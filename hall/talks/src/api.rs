//! Messages over `/api/v1`: what went out, what did not, and why.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Result, Timestamp};
use kring_frame::{Mark, Permit, Route, Visit, params, record, sql};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::READ_MESSAGES;

pub fn routes() -> Vec<Route> {
    vec![Route::api(Method::GET, "/api/v1/messages", &READ_MESSAGES, list_messages)]
}

#[derive(OpenApi)]
#[openapi(paths(list_messages), components(schemas(MessageDoc, MessageList)))]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct MessageList {
    messages: Vec<MessageDoc>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

record! {
    /// A message to a person. Its text is not told: it belongs to the dialogue.
    #[derive(Serialize, ToSchema)]
    struct MessageDoc {
        id: i64,
        person: i64,
        unit: Option<i64>,
        /// Which letter it is: `desk.receipt`, `desk.answer`, `surveys.invitation`.
        kind: String,
        purpose: String,
        channel: String,
        /// `planned`, `claimed`, `data`, `sent`, `refused`, `doubtful` or `cancelled`.
        state: String,
        /// Why it was not sent, as a code.
        reason: Option<String>,
        message_id: Option<String>,
        #[schema(value_type = String, format = DateTime)]
        due_at: Timestamp,
        #[schema(value_type = Option<String>, format = DateTime)]
        handed_at: Option<Timestamp>,
    }
}

/// Messages of the units that the key reaches, newest first.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", security(("key" = [])),
    params(("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = MessageList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "`after` is not a number")))]
async fn list_messages(v: Visit, permit: Permit) -> Result<Response> {
    let after = v.after()?;
    let mut tx = v.house.write(&v.actor).await?;
    let mut messages: Vec<MessageDoc> = tx
        .all(
            sql!(
                "select id, person_id, unit_id, kind, purpose, channel, state, reason, mail_id, due_at, handed_at from messages
                 where id < $3 and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 order by id desc limit 101"
            ),
            params![permit.actor(), permit.right(), after.unwrap_or(i64::MAX)],
        )
        .await?;
    let next = messages.get(99).filter(|_| messages.len() > 100).map(|m| m.id);
    messages.truncate(100);
    let ids = messages.iter().map(|m| m.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "messages").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &MessageList { messages, next })
}
