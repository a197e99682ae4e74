//! Requests over `/api/v1`.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_frame::{Once, Permit, Route, Tx, Visit, params, sql};
use kring_people::arrive;
use kring_talks::{NewDialogue, topic};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::{Request, WORK_REQUESTS, request};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/requests", &WORK_REQUESTS, list_requests),
        Route::api(Method::POST, "/api/v1/requests", &WORK_REQUESTS, add_request),
        Route::api(Method::GET, "/api/v1/requests/{id}", &WORK_REQUESTS, get_request),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_requests, get_request, add_request),
    components(schemas(RequestDoc, RequestList, NewRequestDoc, TurnDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

/// A request as the API tells it.
#[derive(Serialize, ToSchema)]
struct RequestDoc {
    id: i64,
    /// The relation number of who asked.
    person: i64,
    topic: i64,
    unit: i64,
    subject: String,
    language: String,
    /// `new`, `assigned`, `waiting` or `closed`.
    state: String,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// By when the first answer is promised.
    #[schema(value_type = String, format = DateTime)]
    due_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    answered_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// What was said; only when one request is asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    turns: Vec<TurnDoc>,
}

#[derive(Serialize, ToSchema)]
struct TurnDoc {
    /// `in` from the person, `out` from us.
    direction: String,
    channel: String,
    language: String,
    text: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
}

#[derive(Serialize, ToSchema)]
struct RequestList {
    requests: Vec<RequestDoc>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

/// A question to put to the Serviceplein, on behalf of whoever answers to the address.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRequestDoc {
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    #[schema(format = Email, max_length = 254)]
    email: String,
    topic: i64,
    #[schema(min_length = 1, max_length = 5000)]
    text: String,
    #[schema(example = "nl", pattern = "^(nl|en)$")]
    language: Option<String>,
}

fn doc(r: Request, turns: Vec<TurnDoc>) -> RequestDoc {
    RequestDoc {
        id: r.id.get(),
        person: r.person.get(),
        topic: r.topic.get(),
        unit: r.unit.get(),
        subject: r.subject,
        language: r.lang.tag().to_owned(),
        state: r.state.to_string(),
        opened_at: r.opened_at,
        due_at: r.due_at,
        answered_at: r.answered_at,
        closed_at: r.closed_at,
        turns,
    }
}

/// Requests of the units that the key reaches, newest first.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", security(("key" = [])),
    params(("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = RequestList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "`after` is not a number")))]
async fn list_requests(v: Visit, permit: Permit) -> Result<Response> {
    let after = v.after()?;
    let mut tx = v.house.write(&v.actor).await?;
    let found: Vec<Request> = tx
        .all(
            sql!(
                "select r.id, r.person_id, p.display_name, r.dialogue_id, r.unit_id, r.topic_id, r.subject, r.lang, r.channel,
                        r.state, r.owner_id, a.name, r.version, r.opened_at, r.due_at, r.answered_at, r.closed_at
                 from requests r join people p on p.id = r.person_id left join actors a on a.id = r.owner_id
                 where r.id < $3 and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                 order by r.id desc limit 101"
            ),
            params![permit.actor(), permit.right(), after.unwrap_or(i64::MAX)],
        )
        .await?;
    let ids = found.iter().take(100).map(|r| r.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(kring_frame::Mark::read(&permit, "requests").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    let next = found.get(99).filter(|_| found.len() > 100).map(|r| r.id.get());
    let requests = found.into_iter().take(100).map(|r| doc(r, Vec::new())).collect();
    v.json_answer(StatusCode::OK, &RequestList { requests, next })
}

/// One request with all that was said.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests", security(("key" = [])),
    params(("id" = i64, Path)),
    responses((status = 200, body = RequestDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "not there, or not in reach of the key")))]
async fn get_request(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Request> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let doc = whole(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &doc)
}

async fn whole(tx: &mut Tx, permit: &Permit, id: Id<Request>) -> Result<RequestDoc> {
    let r = request::read(tx, permit, id).await?;
    tx.trail(kring_frame::Mark::read(permit, "request").person(r.person).subject(id.get())).await?;
    let turns = kring_talks::turns(tx, r.dialogue).await?;
    let turns = turns
        .into_iter()
        .map(|t| TurnDoc {
            direction: t.direction.to_string(),
            channel: t.channel,
            language: t.lang.tag().to_owned(),
            text: t.text,
            at: t.at,
        })
        .collect();
    Ok(doc(r, turns))
}

/// Puts a question to the Serviceplein. A receipt goes to the person by mail.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", security(("key" = [])), request_body = NewRequestDoc,
    params(("Idempotency-Key" = Option<String>, Header, description = "a repeated write with the same key has its effect once")),
    responses((status = 201, body = RequestDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "what was sent cannot be accepted")))]
async fn add_request(v: Visit, permit: Permit) -> Result<Response> {
    let new: NewRequestDoc = v.json()?;
    let mut form = kring_web::Form::of([("name", new.name), ("email", new.email), ("text", new.text)]);
    let name = form.required_line("name", 200);
    let email = form.email("email").unwrap_or_default();
    let text = form.required_text("text", 5_000);
    let lang = match new.language.as_deref() {
        None => Lang::default(),
        Some(tag @ ("nl" | "en")) => tag.parse().unwrap_or_default(),
        Some(_) => {
            form.fault("language", kring_people::say::language_unknown());
            Lang::default()
        }
    };
    form.done()?;
    let (mut tx, slot) = match v.once().await? {
        Once::Answered(response) => return Ok(response),
        Once::Fresh(tx, slot) => (tx, slot),
    };
    let topics = topic::active(&mut tx).await?;
    let reached = v.actor.units(&WORK_REQUESTS);
    let topic = topics
        .into_iter()
        .find(|t| t.id.get() == new.topic && reached.contains(&t.unit))
        .ok_or_else(|| Error::field("topic", crate::say::topic_unknown()))?;
    let (person, _) = arrive::find_or_make(
        &mut tx,
        &arrive::Arrival { name, email, lang: lang.into(), source: "api".into() },
    )
    .await?;
    let dialogue = kring_talks::open(
        &mut tx,
        &NewDialogue {
            person,
            unit: Some(topic.unit),
            topic: topic.key.clone(),
            purpose: permit.purpose(),
            lang,
            channel: kring_consent::Channel::Mail,
        },
    )
    .await?;
    kring_talks::hear(&mut tx, dialogue, "api", lang, &text).await?;
    let now = tx.now();
    let id = request::open_from(&mut tx, person, dialogue, topic.id, "api", now).await?;
    let doc = whole(&mut tx, &permit, id).await?;
    slot.answer(tx, StatusCode::CREATED, &doc).await
}
