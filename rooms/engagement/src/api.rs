//! Engagement over `/api/v1`.

use axum::response::Response;
use http::{Method, StatusCode};
use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_frame::{Permit, PersonId, Route, Visit};
use kring_people::person;
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::{
    READ,
    account::{self, Account, Reader},
    figure::plain,
};

pub fn routes() -> Vec<Route> {
    vec![Route::api(Method::GET, "/api/v1/people/{id}/engagement", &READ, get_engagement)]
}

#[derive(OpenApi)]
#[openapi(paths(get_engagement), components(schemas(EngagementDoc, ModeDoc, ContributionDoc, BehaviourDoc)))]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

/// A person's engagement on a day. Never to be used in a decision on admission, marks, discipline or care.
#[derive(Serialize, ToSchema)]
struct EngagementDoc {
    person: i64,
    /// From 0 to 100, with one decimal; absent when there is none.
    score: Option<f64>,
    /// Why there is no score and nothing that counts: `objected` to direct marketing, which profiling belongs to, or `under_16`.
    withheld: Option<&'static str>,
    /// The version of the formula by which it was worked out.
    formula_version: i64,
    #[schema(value_type = String, format = Date)]
    on: Date,
    modes: Vec<ModeDoc>,
    /// What somebody did lately; absent when they never did anything.
    behaviour: Option<BehaviourDoc>,
    /// Every act, newest first. What they add, adds up to the score.
    contributions: Vec<ContributionDoc>,
}

#[derive(Serialize, ToSchema)]
struct ModeDoc {
    mode: &'static str,
    /// Its part of all modes in which something can be done, from 0 to 1.
    share: f64,
    /// What it adds to the score.
    adds: f64,
}

#[derive(Serialize, ToSchema)]
struct ContributionDoc {
    /// Absent when the key may not see for which purpose it was done.
    kind: Option<String>,
    #[schema(value_type = String, format = Date)]
    on: Date,
    /// What it is worth by the formula, what it counted for under the cap of its year, and what is left of that.
    points: i64,
    counted: i64,
    points_now: f64,
    /// What it adds to the score.
    adds: f64,
}

#[derive(Serialize, ToSchema)]
struct BehaviourDoc {
    /// From 0 to 100.
    score: f64,
    #[schema(value_type = String, format = Date)]
    last_act: Option<Date>,
    /// Too long ago to say anything by.
    stale: bool,
}

fn doc(person: PersonId, account: Account) -> EngagementDoc {
    let last_act = account.last();
    let Account { holding, on, score, entries, withheld } = account;
    EngagementDoc {
        person: person.get(),
        score: withheld.is_none().then(|| plain(score.tenths)),
        withheld: withheld.map(kring_consent::Withheld::as_str),
        formula_version: holding.version,
        on,
        modes: score
            .modes
            .iter()
            .map(|one| ModeDoc { mode: one.mode.key(), share: one.share, adds: plain(one.tenths) })
            .collect(),
        behaviour: score.behaviour.map(|lately| BehaviourDoc {
            score: plain(lately.tenths),
            last_act,
            stale: lately.stale,
        }),
        contributions: entries
            .into_iter()
            .map(|entry| ContributionDoc {
                kind: entry.kind,
                on: entry.day,
                points: entry.part.points,
                counted: entry.part.counted,
                points_now: (entry.part.now * 100.0).round() / 100.0,
                adds: plain(entry.part.tenths),
            })
            .collect(),
    }
}

/// How involved a person is, and why. The reading is written in the trail.
#[utoipa::path(get, path = "/api/v1/people/{id}/engagement", tag = "engagement", security(("key" = [])),
    params(("id" = i64, Path, description = "the relation number")),
    responses((status = 200, body = EngagementDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such person")))]
async fn get_engagement(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let found = person::read(&mut tx, &permit, id).await?;
    if found.merged_into.is_some() {
        return Err(Error::NotFound);
    }
    let account = account::of(&mut tx, id, Reader::Colleague).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &doc(id, account))
}
