//! People over `/api/v1`: the same verbs as the pages, for whoever holds a key with the right.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Lang, Result, Timestamp};
use kring_frame::{Once, Permit, PersonId, Route, Visit};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{RoleDoc, after, cursor};
use crate::{Filter, READ_PEOPLE, WRITE_PEOPLE, arrive, contact, list, person, roles};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/people", &READ_PEOPLE, list_people),
        Route::api(Method::GET, "/api/v1/people/{id}", &READ_PEOPLE, get_person),
        Route::api(Method::POST, "/api/v1/people", &WRITE_PEOPLE, add_person),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_people, get_person, add_person),
    components(schemas(PersonDoc, PersonList, NewPersonDoc, RoleDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

/// A person as the API tells it.
#[derive(Serialize, ToSchema)]
struct PersonDoc {
    /// The relation number.
    id: i64,
    display_name: String,
    #[schema(example = "nl")]
    language: Option<String>,
    emails: Vec<String>,
    phones: Vec<String>,
    roles: Vec<RoleDoc>,
    #[schema(value_type = String, format = DateTime)]
    known_since: Timestamp,
}

#[derive(Serialize, ToSchema)]
struct PersonList {
    people: Vec<PersonItem>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct PersonItem {
    id: i64,
    display_name: String,
    email: Option<String>,
}

/// Somebody to be found or added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPersonDoc {
    /// The name as the person writes it.
    #[schema(max_length = 200, min_length = 1)]
    name: String,
    #[schema(format = Email, max_length = 254)]
    email: String,
    #[schema(example = "nl", pattern = "^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?$")]
    language: Option<String>,
}

/// People by name, a page at a time.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", security(("key" = [])),
    params(("q" = Option<String>, Query, description = "beginnings of words of a name, address or number"),
           ("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = PersonList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "`after` is not one of ours")))]
async fn list_people(v: Visit, permit: Permit) -> Result<Response> {
    let after = after(&v)?;
    let filter = Filter { words: v.query()?.get("q").chars().take(200).collect(), ..Filter::default() };
    let mut tx = v.house.write(&v.actor).await?;
    let found = list(&mut tx, &permit, &filter, after, 101).await?;
    let ids = found.iter().take(100).map(|p| p.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(kring_frame::Mark::read(&permit, "people").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    let next = found.get(99).filter(|_| found.len() > 100).map(|p| cursor(p.id, &p.sort_key));
    let people = found
        .into_iter()
        .take(100)
        .map(|p| PersonItem { id: p.id.get(), display_name: p.name, email: p.email })
        .collect();
    v.json_answer(StatusCode::OK, &PersonList { people, next })
}

/// One person. The reading is written in the trail.
#[utoipa::path(get, path = "/api/v1/people/{id}", tag = "people", security(("key" = [])),
    params(("id" = i64, Path, description = "the relation number")),
    responses((status = 200, body = PersonDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such person")))]
async fn get_person(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let doc = doc(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &doc)
}

async fn doc(tx: &mut kring_frame::Tx, permit: &Permit, id: PersonId) -> Result<PersonDoc> {
    let p = person::read(tx, permit, id).await?;
    let (emails, phones): (Vec<_>, Vec<_>) =
        contact::of(tx, id).await?.into_iter().partition(|c| c.kind == contact::Kind::Email);
    let roles = roles::of(tx, id).await?;
    Ok(PersonDoc {
        id: id.get(),
        display_name: p.display_name,
        language: p.lang.as_ref().map(|l| l.tag().to_owned()),
        emails: emails.into_iter().map(|c| c.value).collect(),
        phones: phones.into_iter().map(|c| c.value).collect(),
        roles: roles.into_iter().map(RoleDoc::from).collect(),
        known_since: p.created_at,
    })
}

/// Finds the person who answers to an address, or adds one: 200 when known, 201 when new.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", security(("key" = [])), request_body = NewPersonDoc,
    params(("Idempotency-Key" = Option<String>, Header, description = "a repeated write with the same key has its effect once")),
    responses((status = 200, body = PersonDoc), (status = 201, body = PersonDoc), (status = 401, description = "no key"),
              (status = 403, description = "the key has not this scope"), (status = 422, description = "what was sent cannot be accepted")))]
async fn add_person(v: Visit, permit: Permit) -> Result<Response> {
    let new: NewPersonDoc = v.json()?;
    let mut form = kring_web::Form::of([("name", new.name), ("email", new.email)]);
    let name = form.required_line("name", 200);
    let email = form.email("email");
    let lang = match new.language.as_deref() {
        None => Lang::default().into(),
        Some(tag) => tag.parse().unwrap_or_else(|()| {
            form.fault("language", crate::say::language_unknown());
            Lang::default().into()
        }),
    };
    form.done()?;
    let (mut tx, slot) = match v.once().await? {
        Once::Answered(response) => return Ok(response),
        Once::Fresh(tx, slot) => (tx, slot),
    };
    let arrival = arrive::Arrival { name, email: email.unwrap_or_default(), lang, source: "api".into() };
    let (id, made) = arrive::find_or_make(&mut tx, &arrival).await?;
    let doc = doc(&mut tx, &permit, id).await?;
    slot.answer(tx, if made { StatusCode::CREATED } else { StatusCode::OK }, &doc).await
}
