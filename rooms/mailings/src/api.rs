//! Campaigns and mailings over `/api/v1`: what there is, and what came of it.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Id, Result};
use kring_frame::{Permit, Route, Visit};
use serde::Serialize;
use utoipa::{OpenApi, ToSchema};

use crate::{
    USE,
    campaign::{self, Campaign},
    cost, mailing, result,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/campaigns", &USE, list_campaigns),
        Route::api(Method::GET, "/api/v1/campaigns/{id}/mailings", &USE, mailings_of_campaign),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_campaigns, mailings_of_campaign),
    components(schemas(CampaignList, CampaignDoc, MailingList, MailingDoc, ResultDoc))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

#[derive(Serialize, ToSchema)]
struct CampaignList {
    campaigns: Vec<CampaignDoc>,
}

#[derive(Serialize, ToSchema)]
struct CampaignDoc {
    id: i64,
    name: String,
    unit: i64,
    purpose: String,
    reason: String,
    /// `process`, `result`
    label: String,
    /// `open`, `closed`
    state: String,
    budget_cents: i64,
    spent_cents: i64,
    budget_minutes: i64,
    spent_minutes: i64,
    /// The kind of event that counts as its result.
    goal: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct MailingList {
    mailings: Vec<MailingDoc>,
}

#[derive(Serialize, ToSchema)]
struct MailingDoc {
    id: i64,
    name: String,
    /// `draft`, `asked`, `approved`, `sending`, `paused`, `stopped`, `done`
    state: String,
    /// By text; those who were held out to compare with have none.
    results: Vec<ResultDoc>,
}

#[derive(Serialize, ToSchema)]
struct ResultDoc {
    /// `A`, `B`, or nothing for those who were held out.
    text: Option<String>,
    people: i64,
    /// Messages that wait to go.
    planned: i64,
    /// The relay took them.
    sent: i64,
    bounced: i64,
    refused: i64,
    doubtful: i64,
    /// People who did what the campaign is held for.
    reached: i64,
    wrote_back: i64,
    left: i64,
    complained: i64,
}

/// All campaigns of the house, 500 at most, those that are open first.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "mailings", security(("key" = [])),
    responses((status = 200, body = CampaignList), (status = 401, description = "no key"),
              (status = 403, description = "the key has not this scope")))]
async fn list_campaigns(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let mut campaigns = Vec::new();
    for campaign in campaign::all(&mut tx).await? {
        let spent = cost::spent(&mut tx, &campaign).await?;
        campaigns.push(CampaignDoc {
            id: campaign.id.get(),
            unit: campaign.unit.get(),
            purpose: campaign.purpose.to_string(),
            label: campaign.label.to_string(),
            state: campaign.state.to_string(),
            budget_cents: campaign.budget_cents,
            spent_cents: spent.cents,
            budget_minutes: campaign.budget_minutes,
            spent_minutes: spent.minutes,
            goal: campaign.goal_kind,
            name: campaign.name,
            reason: campaign.reason,
        });
    }
    v.json_answer(StatusCode::OK, &CampaignList { campaigns })
}

/// The mailings of a campaign with what came of each, newest first, 200 at most.
#[utoipa::path(get, path = "/api/v1/campaigns/{id}/mailings", tag = "mailings", security(("key" = [])),
    params(("id" = i64, Path, description = "the campaign")),
    responses((status = 200, body = MailingList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such campaign")))]
async fn mailings_of_campaign(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let campaign = campaign::one(&mut tx, id).await?;
    let mut mailings = Vec::new();
    for mailing in mailing::of(&mut tx, campaign.id).await? {
        let results = result::of(&mut tx, mailing.id).await?.into_iter().map(|row| ResultDoc {
            text: row.variant.map(|variant| crate::check::letter_of(variant).to_owned()),
            people: row.people,
            planned: row.planned,
            sent: row.went,
            bounced: row.bounced,
            refused: row.refused,
            doubtful: row.doubtful,
            reached: row.reached,
            wrote_back: row.wrote,
            left: row.left,
            complained: row.complained,
        });
        mailings.push(MailingDoc {
            id: mailing.id.get(),
            state: mailing.state.to_string(),
            results: results.collect(),
            name: mailing.name,
        });
    }
    v.json_answer(StatusCode::OK, &MailingList { mailings })
}
