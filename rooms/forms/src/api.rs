//! Forms and what was answered, over `/api/v1`.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Id, Result, Timestamp};
use kring_frame::{Mark, Permit, Route, Visit, params, sql};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::{
    ANSWERS, USE,
    answers::Answers,
    piece::{self, Kind, Piece},
    plan::Plan,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/forms", &USE, list_forms),
        Route::api(Method::GET, "/api/v1/forms/{id}/answers", &ANSWERS, list_form_answers),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_forms, list_form_answers),
    components(schemas(FormDoc, FormList, FieldDoc, FormAnswerDoc, FormAnswerList, GivenDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct FormList {
    forms: Vec<FormDoc>,
}

#[derive(Serialize, ToSchema)]
struct FormDoc {
    id: i64,
    name: String,
    /// Where the public finds it.
    url: String,
    /// `draft`, `live` or `closed`.
    state: String,
    /// The version that the public sees; 0 before the first.
    version: i64,
    unit: i64,
    /// The fields of that version.
    fields: Vec<FieldDoc>,
}

#[derive(Serialize, ToSchema)]
struct FieldDoc {
    /// Stays the same over all versions of the form.
    id: i64,
    /// `short`, `long`, `one`, `many`, `date`, `number`, `email`, `phone`, `name`, `address`, `programme`, `consent`, `file` or
    /// `hidden`.
    kind: String,
    /// In the first language of the form.
    label: String,
    /// The codes that can be chosen.
    codes: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct FormAnswerList {
    answers: Vec<FormAnswerDoc>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<i64>,
}

#[derive(Serialize, ToSchema)]
struct FormAnswerDoc {
    id: i64,
    version: i64,
    /// The relation number; absent when nobody is known behind it.
    person: Option<i64>,
    /// `link` by a link of their own, `typed` by what they say of themselves.
    origin: String,
    campaign: String,
    /// The language in which it was read.
    lang: String,
    #[schema(value_type = String, format = DateTime)]
    at: Timestamp,
    given: Vec<GivenDoc>,
}

#[derive(Serialize, ToSchema)]
struct GivenDoc {
    field: i64,
    /// Of a name and an address which part.
    part: Option<String>,
    /// A code of an option, or what was typed.
    value: String,
}

/// All forms, with the fields of what is published.
#[utoipa::path(get, path = "/api/v1/forms", tag = "forms", security(("key" = [])),
    responses((status = 200, body = FormList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope")))]
async fn list_forms(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut forms = Vec::new();
    for form in piece::all(&mut tx, Kind::Form).await? {
        let fields = match form.version {
            0 => Vec::new(),
            version => fields(&piece::version(&mut tx, form.id, version).await?),
        };
        forms.push(FormDoc {
            id: form.id.get(),
            url: format!("{}{}", v.house.settings.site, form.path()),
            state: form.state.to_string(),
            version: form.version,
            unit: form.unit.get(),
            fields,
            name: form.name,
        });
    }
    v.json_answer(StatusCode::OK, &FormList { forms })
}

fn fields(plan: &Plan) -> Vec<FieldDoc> {
    let doc = |field: &crate::plan::Field| FieldDoc {
        id: field.id,
        kind: field.kind.key().to_owned(),
        label: field.label.get(&plan.source).to_owned(),
        codes: field.options.iter().map(|option| option.code.clone()).collect(),
    };
    plan.fields.iter().filter(|field| field.kind != crate::plan::Ask::Text).map(doc).collect()
}

/// What was answered to one form, newest first, a hundred at a time. What is held or was put away is not among it.
#[utoipa::path(get, path = "/api/v1/forms/{id}/answers", tag = "forms", security(("key" = [])),
    params(("id" = i64, Path), ("after" = Option<i64>, Query, description = "`next` of the page before")),
    responses((status = 200, body = FormAnswerList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such form"), (status = 422, description = "`after` is not a number")))]
async fn list_form_answers(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let after = v.after()?;
    let mut tx = v.house.write(&v.actor).await?;
    piece::one(&mut tx, Kind::Form, id).await?;
    let rows: Vec<(i64, i64, Option<i64>, String, String, String, Timestamp)> = tx
        .all(
            sql!(
                "select n.id, n.version, n.person_id, n.origin, n.campaign, n.tongue, n.at from form_answers n
                 where n.form_id = $1 and n.id < $2 and n.state = 'counted'
                   and n.unit_id in (select unit_id from reach where actor_id = $3 and right_key = $4)
                 order by n.id desc limit 101"
            ),
            params![id, after.unwrap_or(i64::MAX), permit.actor(), permit.right()],
        )
        .await?;
    let next = rows.get(99).filter(|_| rows.len() > 100).map(|row| row.0);
    let mut answers = Vec::new();
    for (id, version, person, origin, campaign, lang, at) in rows.into_iter().take(100) {
        let given = Answers::load(&mut tx, id)
            .await?
            .iter()
            .map(|(field, part, value)| GivenDoc {
                field,
                part: Some(part.to_owned()).filter(|part| !part.is_empty()),
                value: value.to_owned(),
            })
            .collect();
        answers.push(FormAnswerDoc { id, version, person, origin, campaign, lang, at, given });
    }
    let ids = answers.iter().map(|answer| answer.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "form answers").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &FormAnswerList { answers, next })
}
