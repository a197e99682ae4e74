//! Needs over `/api/v1`: for whatever hears what people want to know, and for what has an answer.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Mark, Once, Permit, PersonId, Route, Visit, params, sql};
use kring_people::wall;
use kring_web::Form;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::{
    READ, WRITE,
    need::{self, Need, NewNeed, Source, State},
    say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/needs", &READ, list_needs),
        Route::api(Method::POST, "/api/v1/needs", &WRITE, add_need),
        Route::api(Method::GET, "/api/v1/needs/{id}", &READ, get_need),
        Route::api(Method::POST, "/api/v1/needs/{id}/answer", &WRITE, answer_need),
        Route::api(Method::POST, "/api/v1/needs/{id}/lapse", &WRITE, lapse_need),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_needs, get_need, add_need, answer_need, lapse_need),
    components(schemas(NeedDoc, NeedList, NewNeedDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

/// What somebody wants to know. The words are not told: who may read them reads them on the person's page.
#[derive(Serialize, ToSchema)]
struct NeedDoc {
    id: i64,
    /// The relation number.
    person: i64,
    topic: i64,
    /// The unit that answers.
    unit: i64,
    /// `open`, `answered` or `lapsed`.
    state: String,
    /// Where it was first asked: `form`, `request`, `api`, `phone` or `hand`.
    source: String,
    #[schema(value_type = String, format = DateTime)]
    opened_at: Timestamp,
    /// How often it was asked while it was open.
    times: i64,
    #[schema(value_type = String, format = DateTime)]
    last_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    /// The request whose answer closed it.
    closed_with: Option<i64>,
}

impl From<Need> for NeedDoc {
    fn from(n: Need) -> Self {
        Self {
            id: n.id.get(),
            person: n.person.get(),
            topic: n.topic.get(),
            unit: n.unit.get(),
            state: n.state.to_string(),
            source: n.source.to_string(),
            opened_at: n.opened_at,
            times: n.times,
            last_at: n.last_at,
            closed_at: n.closed_at,
            closed_with: n.closed_with,
        }
    }
}

#[derive(Serialize, ToSchema)]
struct NeedList {
    needs: Vec<NeedDoc>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

/// Something that a person was heard to want to know.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewNeedDoc {
    /// The relation number.
    person: i64,
    topic: i64,
    /// In the person's own words. A national number is taken out, a bank account masked.
    #[schema(max_length = 2000)]
    words: Option<String>,
    /// Where it was asked; `api` unless said otherwise.
    #[schema(example = "hand", pattern = "^(api|phone|hand)$")]
    source: Option<String>,
}

/// What people want or wanted to know, within the units that the key reaches, newest first.
#[utoipa::path(get, path = "/api/v1/needs", tag = "needs", security(("key" = [])),
    params(("topic" = Option<i64>, Query, description = "only of this topic"),
           ("state" = Option<String>, Query, description = "only `open`, `answered` or `lapsed`"),
           ("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = NeedList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "`topic` or `after` is no number, or `state` none of those")))]
async fn list_needs(v: Visit, permit: Permit) -> Result<Response> {
    const PAGE: usize = 100;
    let after = v.after()?;
    let mut query = v.query()?;
    let topic = query.int("topic", 0..=i64::MAX);
    // A form that is left empty asks nothing; a program that sends an empty number has made a mistake, and is told.
    if topic.is_none() && query.has("topic", "") {
        query.fault("topic", say::topic_unknown());
    }
    let states: Vec<(&str, State)> = State::ALL.iter().map(|state| (state.as_str(), *state)).collect();
    let state = query.choice("state", &states);
    query.done()?;
    let mut tx = v.house.write(&v.actor).await?;
    let wall = wall::of(&mut tx, &permit).await?;
    let mut found: Vec<Need> = tx
        .all(
            sql!(
                "select n.id, n.person_id, n.topic_id, t.name_nl, t.name_en, n.unit_id, n.state, n.source, n.opened_at, n.times,
                        n.last_at, n.closed_at, c.name, n.closed_with, r.name
                 from needs n join topics t on t.id = n.topic_id join actors r on r.id = n.recorded_by
                 left join actors c on c.id = n.closed_by
                 where n.id < $3 and (cast($4 as bigint) is null or n.topic_id = $4) and (cast($5 as text) is null or n.state = $5)
                   and (n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                        where k.need_id = n.id and h.actor_id = $1 and h.right_key = $2))
                   and (cast($6 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = n.person_id and h.actor_id = $6 and h.right_key = $7))
                 order by n.id desc limit $8"
            ),
            params![
                permit.actor(),
                permit.right(),
                after.unwrap_or(i64::MAX),
                topic,
                state,
                wall.actor,
                wall.right,
                PAGE + 1
            ],
        )
        .await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let ids = found.iter().map(|n| n.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "needs").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    let next = found.last().filter(|_| more).map(|n| n.id.get());
    let needs = found.into_iter().map(NeedDoc::from).collect();
    v.json_answer(StatusCode::OK, &NeedList { needs, next })
}

/// One need.
#[utoipa::path(get, path = "/api/v1/needs/{id}", tag = "needs", security(("key" = [])),
    params(("id" = i64, Path)),
    responses((status = 200, body = NeedDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "not there, or not in reach of the key")))]
async fn get_need(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let need = need::one(&mut tx, &permit, v.path("id")?).await?;
    tx.trail(Mark::read(&permit, "need").person(need.person).subject(need.id.get())).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &NeedDoc::from(need))
}

/// Writes down what somebody wants to know. While they want to know something about this topic already, that need is asked
/// once more.
#[utoipa::path(post, path = "/api/v1/needs", tag = "needs", security(("key" = [])), request_body = NewNeedDoc,
    params(("Idempotency-Key" = Option<String>, Header, description = "a repeated write with the same key has its effect once")),
    responses((status = 201, body = NeedDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "what was sent cannot be accepted")))]
async fn add_need(v: Visit, permit: Permit) -> Result<Response> {
    let new: NewNeedDoc = v.json()?;
    let mut form = Form::of([
        ("words", new.words.unwrap_or_default()),
        ("source", new.source.unwrap_or_else(|| Source::Api.to_string())),
    ]);
    let words = form.text("words", 2_000);
    let known = [Source::Api, Source::Phone, Source::Hand].map(|source| (source.as_str(), source));
    form.required("source");
    let source = form.choice("source", &known).unwrap_or(Source::Api);
    form.done()?;
    let (mut tx, slot) = match v.once().await? {
        Once::Answered(response) => return Ok(response),
        Once::Fresh(tx, slot) => (tx, slot),
    };
    let new_need = NewNeed { topic: Id::new(new.topic), source, words };
    let noted = match need::add(&mut tx, &permit, PersonId::new(new.person), &new_need).await {
        Err(Error::NotFound) => return Err(Error::field("person", say::person_unknown())),
        noted => noted?,
    };
    let doc = NeedDoc::from(need::one(&mut tx, &permit, noted.need).await?);
    slot.answer(tx, StatusCode::CREATED, &doc).await
}

/// Says that somebody got an answer.
#[utoipa::path(post, path = "/api/v1/needs/{id}/answer", tag = "needs", security(("key" = [])),
    params(("id" = i64, Path)),
    responses((status = 200, body = NeedDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "not there, or not in reach of the key"), (status = 409, description = "it is not open any more")))]
async fn answer_need(v: Visit, permit: Permit) -> Result<Response> {
    settle(v, permit, true).await
}

/// Says that somebody no longer wants to know it.
#[utoipa::path(post, path = "/api/v1/needs/{id}/lapse", tag = "needs", security(("key" = [])),
    params(("id" = i64, Path)),
    responses((status = 200, body = NeedDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "not there, or not in reach of the key"), (status = 409, description = "it is not open any more")))]
async fn lapse_need(v: Visit, permit: Permit) -> Result<Response> {
    settle(v, permit, false).await
}

async fn settle(v: Visit, permit: Permit, answered: bool) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let need = need::settle(&mut tx, &permit, v.path("id")?, answered).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &NeedDoc::from(need))
}
