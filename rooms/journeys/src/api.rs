//! Journeys over `/api/v1`: which there are, and beginning one for somebody.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Mark, Once, Permit, PersonId, Route, Tx, Visit};
use kring_people::{READ_PEOPLE, person};
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use crate::{
    TASKS, USE,
    journey::{self, Journey},
    run::{self, Run},
    say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/journeys", &USE, list_journeys),
        Route::api(Method::POST, "/api/v1/journeys/{id}/runs", &TASKS, begin_journey),
        Route::api(Method::GET, "/api/v1/people/{id}/journeys", &READ_PEOPLE, journeys_of_person),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_journeys, begin_journey, journeys_of_person),
    components(schemas(JourneyList, JourneyDoc, BeginDoc, RunDoc, RunList))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct JourneyList {
    journeys: Vec<JourneyDoc>,
}

#[derive(Serialize, ToSchema)]
struct JourneyDoc {
    id: i64,
    name: String,
    /// `draft`, `live`, `paused`, `ended`
    state: String,
    /// The version that people begin with; 0 before the first.
    version: i64,
    unit: i64,
}

/// Somebody who is to begin.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct BeginDoc {
    /// The relation number.
    #[schema(minimum = 1)]
    person: i64,
}

#[derive(Serialize, ToSchema)]
struct RunList {
    runs: Vec<RunDoc>,
}

/// Somebody on a journey.
#[derive(Serialize, ToSchema)]
struct RunDoc {
    id: i64,
    journey: i64,
    version: i64,
    person: i64,
    /// `running`, `ended`, `stopped`, `stuck`
    state: String,
    /// The number of the step at which they wait.
    step: Option<i64>,
    #[schema(value_type = String, format = DateTime)]
    began_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_at: Option<Timestamp>,
    outcome: Option<String>,
}

impl RunDoc {
    fn of(run: Run) -> Self {
        Self {
            id: run.id.get(),
            journey: run.journey.get(),
            version: run.version,
            person: run.person.get(),
            state: run.state.to_string(),
            step: run.step,
            began_at: run.began_at,
            due_at: run.due_at,
            outcome: run.outcome,
        }
    }
}

/// All journeys of the house.
#[utoipa::path(get, path = "/api/v1/journeys", tag = "journeys", security(("key" = [])),
    responses((status = 200, body = JourneyList), (status = 401, description = "no key"),
              (status = 403, description = "the key has not this scope")))]
async fn list_journeys(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let journeys = journey::all(&mut tx).await?.into_iter().map(|journey| JourneyDoc {
        id: journey.id.get(),
        name: journey.name,
        state: journey.state.to_string(),
        version: journey.version,
        unit: journey.unit.get(),
    });
    v.json_answer(StatusCode::OK, &JourneyList { journeys: journeys.collect() })
}

/// Begins a journey for somebody. Whoever is on it, or was and may not again, does not begin: 409 says why.
#[utoipa::path(post, path = "/api/v1/journeys/{id}/runs", tag = "journeys", security(("key" = [])), request_body = BeginDoc,
    params(("id" = i64, Path, description = "the journey"),
           ("Idempotency-Key" = Option<String>, Header, description = "a repeated write with the same key has its effect once")),
    responses((status = 201, body = RunDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such journey or person, or out of reach"), (status = 409, description = "they do not begin now"),
              (status = 422, description = "what was sent cannot be accepted")))]
async fn begin_journey(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let begin: BeginDoc = v.json()?;
    let (mut tx, slot) = match v.once().await? {
        Once::Answered(response) => return Ok(response),
        Once::Fresh(tx, slot) => (tx, slot),
    };
    let person = PersonId::new(begin.person);
    person::read(&mut tx, &permit, person).await?;
    let journey = journey::one(&mut tx, id).await?;
    if journey.version == 0 {
        return Err(Error::Conflict(say::not_published_yet()));
    }
    let ready = journey::ready(&mut tx, id, journey.version).await?;
    let run = run::begin(&mut tx, &ready, person, None).await?.map_err(|not| Error::Conflict(not.say()))?;
    tx.trail(Mark::changed(&permit, "journey run").person(person).subject(run.get()).detail("begun")).await?;
    let doc = RunDoc::of(run::one(&mut tx, run).await?);
    slot.answer(tx, StatusCode::CREATED, &doc).await
}

/// The journeys that somebody is or was on, newest first, fifty at most.
#[utoipa::path(get, path = "/api/v1/people/{id}/journeys", tag = "journeys", security(("key" = [])),
    params(("id" = i64, Path, description = "the relation number")),
    responses((status = 200, body = RunList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "nobody with this number, or out of reach")))]
async fn journeys_of_person(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx: Tx = v.house.write(&v.actor).await?;
    person::read(&mut tx, &permit, id).await?;
    let runs = run::of(&mut tx, id, 50).await?.into_iter().map(RunDoc::of).collect();
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &RunList { runs })
}
