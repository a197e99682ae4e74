//! Surveys and what was answered, over `/api/v1`.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Id, Result, Timestamp};
use kring_frame::{Mark, Permit, Route, Visit, params, sql};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::{READ_ANSWERS, Survey, survey};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/surveys", &READ_ANSWERS, list_surveys),
        Route::api(Method::GET, "/api/v1/surveys/{id}/responses", &READ_ANSWERS, list_responses),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_surveys, list_responses),
    components(schemas(SurveyDoc, SurveyList, QuestionDoc, ResponseDoc, ResponseList, AnswerDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct SurveyList {
    surveys: Vec<SurveyDoc>,
}

#[derive(Serialize, ToSchema)]
struct SurveyDoc {
    id: i64,
    name_nl: String,
    name_en: String,
    /// `draft`, `live` or `closed`.
    state: String,
    questions: Vec<QuestionDoc>,
}

#[derive(Serialize, ToSchema)]
struct QuestionDoc {
    id: i64,
    /// `experience`, `expectation` (1–5), `mark` (1–10), `yes_no` (0–1) or `text`.
    kind: String,
    text_nl: String,
    text_en: String,
}

#[derive(Serialize, ToSchema)]
struct ResponseList {
    responses: Vec<ResponseDoc>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct ResponseDoc {
    id: i64,
    request: i64,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    wants_contact: bool,
    answers: Vec<AnswerDoc>,
}

#[derive(Serialize, ToSchema)]
struct AnswerDoc {
    question: i64,
    number: Option<i64>,
    text: Option<String>,
}

/// The surveys of the units that the key reaches.
#[utoipa::path(get, path = "/api/v1/surveys", tag = "surveys", security(("key" = [])),
    responses((status = 200, body = SurveyList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope")))]
async fn list_surveys(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut surveys = Vec::new();
    for s in survey::list(&mut tx, &permit).await? {
        let questions = survey::questions(&mut tx, s.id).await?;
        surveys.push(SurveyDoc {
            id: s.id.get(),
            name_nl: s.name_nl,
            name_en: s.name_en,
            state: s.state.to_string(),
            questions: questions
                .into_iter()
                .map(|q| QuestionDoc {
                    id: q.id.get(),
                    kind: q.kind.to_string(),
                    text_nl: q.text_nl,
                    text_en: q.text_en,
                })
                .collect(),
        });
    }
    v.json_answer(StatusCode::OK, &SurveyList { surveys })
}

/// What was answered to one survey, newest first.
#[utoipa::path(get, path = "/api/v1/surveys/{id}/responses", tag = "surveys", security(("key" = [])),
    params(("id" = i64, Path), ("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = ResponseList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such survey in reach"), (status = 422, description = "`after` is not a number")))]
async fn list_responses(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Survey> = v.path("id")?;
    let after = v.after()?;
    let mut tx = v.house.write(&v.actor).await?;
    survey::read(&mut tx, &permit, id).await?;
    let rows: Vec<(i64, i64, Timestamp, bool)> = tx
        .all(
            sql!(
                "select r.id, i.request_id, r.at, r.wants_contact from responses r join invitations i on i.id = r.invitation_id
                 where i.survey_id = $1 and r.id < $2
                   and r.unit_id in (select unit_id from reach where actor_id = $3 and right_key = $4)
                 order by r.id desc limit 101"
            ),
            params![id, after.unwrap_or(i64::MAX), permit.actor(), permit.right()],
        )
        .await?;
    let next = rows.get(99).filter(|_| rows.len() > 100).map(|r| r.0);
    let mut responses = Vec::new();
    for (response, request, at, wants_contact) in rows.into_iter().take(100) {
        let answers: Vec<(i64, Option<i64>, Option<String>)> = tx
            .all(
                sql!("select question_id, number, text from answers where response_id = $1 order by question_id"),
                params![response],
            )
            .await?;
        let answers = answers
            .into_iter()
            .map(|(question, number, text)| AnswerDoc { question, number, text })
            .collect();
        responses.push(ResponseDoc { id: response, request, at, wants_contact, answers });
    }
    let ids = responses.iter().map(|r| r.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "answers").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &ResponseList { responses, next })
}
