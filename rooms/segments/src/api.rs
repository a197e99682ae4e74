//! Segments over `/api/v1`.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{
    Mark, Permit, Route, Tx, Visit,
    rules::{Rule, validate},
};
use kring_people::READ_PEOPLE;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::{
    USE,
    labels::Labels,
    pages::counted::FEW,
    scope,
    segment::{self, Segment},
    sentence::Speaker,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/segments", &USE, list_segments),
        Route::api(Method::GET, "/api/v1/segments/{id}", &USE, get_segment),
        Route::api(Method::GET, "/api/v1/segments/{id}/people", &READ_PEOPLE, list_members),
        Route::api(Method::POST, "/api/v1/segments/count", &USE, count_rule),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_segments, get_segment, list_members, count_rule),
    components(schemas(SegmentList, SegmentDoc, MemberList, RuleDoc, CountDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct SegmentList {
    segments: Vec<SegmentDoc>,
}

/// A segment as the API tells it. One that asks for what the key may not see is not told at all.
#[derive(Serialize, ToSchema)]
struct SegmentDoc {
    id: i64,
    name: String,
    note: String,
    version: i64,
    /// The rule in words, in the language of the key.
    words: String,
    /// The rule as a tree: `{"all": [{"fact": {"key": "role", "is": …}}]}`.
    #[schema(value_type = Object)]
    rule: Rule,
    /// How many people are in it now; absent when there are so few that a count would tell who, and the key may not see people.
    people: Option<u64>,
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

#[derive(Serialize, ToSchema)]
struct MemberList {
    /// Relation numbers, rising.
    people: Vec<i64>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RuleDoc {
    #[schema(value_type = Object)]
    rule: Rule,
}

#[derive(Serialize, ToSchema)]
struct CountDoc {
    people: Option<u64>,
    words: String,
}

async fn told(v: &Visit, permit: &Permit, tx: &mut Tx, segment: Segment) -> Result<Option<SegmentDoc>> {
    let rule = segment.rule()?;
    if !tx.may_ask(&rule).await? {
        return Ok(None);
    }
    let (words, people) = counted(v, permit, tx, &rule).await?;
    Ok(Some(SegmentDoc {
        id: segment.id.get(),
        name: segment.name,
        note: segment.note,
        version: segment.version,
        words,
        rule,
        people,
        changed_at: segment.changed_at,
    }))
}

async fn counted(v: &Visit, permit: &Permit, tx: &mut Tx, rule: &Rule) -> Result<(String, Option<u64>)> {
    let labels = Labels::of(tx, v.lang, &[rule]).await?;
    let words = Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels }.sentence(rule);
    let among = scope::within(tx, permit, rule).await?;
    let people = tx.count_people(&among).await?.is;
    let few = people > 0 && people < FEW && !v.actor.may(&READ_PEOPLE);
    Ok((words, (!few).then_some(people)))
}

/// The segments in use, by name.
#[utoipa::path(get, path = "/api/v1/segments", tag = "segments", security(("key" = [])),
    responses((status = 200, body = SegmentList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope")))]
async fn list_segments(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut segments = Vec::new();
    for segment in segment::all(&mut tx, false).await? {
        segments.extend(told(&v, &permit, &mut tx, segment).await?);
    }
    v.json_answer(StatusCode::OK, &SegmentList { segments })
}

/// One segment.
#[utoipa::path(get, path = "/api/v1/segments/{id}", tag = "segments", security(("key" = [])),
    params(("id" = i64, Path, description = "the number of the segment")),
    responses((status = 200, body = SegmentDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such segment, or it asks for what the key may not see")))]
async fn get_segment(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::one(&mut tx, v.path("id")?).await?;
    let doc = told(&v, &permit, &mut tx, segment).await?.ok_or(Error::NotFound)?;
    v.json_answer(StatusCode::OK, &doc)
}

/// Who is in a segment now, by relation number, a thousand a page.
#[utoipa::path(get, path = "/api/v1/segments/{id}/people", tag = "segments", security(("key" = [])),
    params(("id" = i64, Path, description = "the number of the segment"),
           ("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = MemberList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such segment, or it asks for what the key may not see"),
              (status = 422, description = "`after` is no number")))]
async fn list_members(v: Visit, permit: Permit) -> Result<Response> {
    const PAGE: usize = 1_000;
    let id: Id<Segment> = v.path("id")?;
    let after = v.after()?.unwrap_or(0);
    let mut tx = v.house.write(&v.actor).await?;
    let segment = segment::one(&mut tx, id).await?;
    let rule = segment.rule()?;
    if !v.actor.may(&USE) || !tx.may_ask(&rule).await? {
        return Err(Error::NotFound);
    }
    let among = scope::within(&mut tx, &permit, &rule).await?;
    let members = tx.people_who(&among).await?.is;
    let people: Vec<i64> =
        members.iter().map(i64::from).filter(|person| *person > after).take(PAGE).collect();
    let next = people.last().copied().filter(|_| people.len() == PAGE);
    let read = Mark::read(&permit, "segment").subject(id.get());
    tx.trail(read.detail(format!("people={},after={after}", people.len()))).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &MemberList { people, next })
}

/// How many people a rule holds for, without saving it.
#[utoipa::path(post, path = "/api/v1/segments/count", tag = "segments", security(("key" = [])),
    request_body = RuleDoc,
    responses((status = 200, body = CountDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "what is wrong with the rule, and in which part")))]
async fn count_rule(v: Visit, permit: Permit) -> Result<Response> {
    let RuleDoc { rule } = v.json()?;
    let mut tx = v.house.read(&v.actor).await?;
    let rules = segment::rules(&mut tx).await?;
    let faults = {
        let catalog = v.house.rooms.facts.catalog(&v.actor, &rules);
        validate(&rule, &catalog, None)
    };
    if let Some(fault) = faults.first() {
        let place = fault.at.to_string();
        let why = crate::pages::faults::say_both(&fault.why, &v.house.rooms.facts);
        return Err(Error::field(format!("rule.{place}"), why));
    }
    let (words, people) = counted(&v, &permit, &mut tx, &rule).await?;
    v.json_answer(StatusCode::OK, &CountDoc { people, words })
}
