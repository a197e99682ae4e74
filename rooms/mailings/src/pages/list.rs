//! All campaigns, with what they cost and what came of them; and beginning a mailing from a segment.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, Visit, rules::Rule};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    APPROVE, EDIT, USE, Words,
    campaign::{self, Campaign, CampaignState},
    check::euros,
    cost, mailing, result,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/campaigns", &USE, list),
        Route::get("/campaigns/write", &EDIT, choose),
        Route::post("/campaigns/write", &EDIT, write),
    ]
}

struct Row {
    id: Id<Campaign>,
    name: String,
    unit: String,
    purpose: String,
    label: String,
    closed: bool,
    spent: String,
    share: f64,
    over: bool,
    went: String,
    reached: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "campaigns.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
    may_edit: bool,
    may_approve: bool,
}

/// A purpose, as the house calls it.
pub fn purpose_name(v: &Visit, purpose: kring_frame::Purpose) -> String {
    kring_people::Words(v.lang).find(&format!("purpose-{purpose}")).unwrap_or_default().to_owned()
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let units = units::all(&mut tx).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let mut rows = Vec::new();
    for campaign in campaign::all(&mut tx).await? {
        let spent = cost::spent(&mut tx, &campaign).await?;
        let sum = result::sum(&mut tx, &campaign).await?;
        rows.push(Row {
            unit: units
                .iter()
                .find(|unit| unit.id == campaign.unit)
                .map(|unit| unit.name(v.lang).to_owned())
                .unwrap_or_default(),
            purpose: purpose_name(&v, campaign.purpose),
            label: w.find(&format!("label-{}", campaign.label)).unwrap_or_default().to_owned(),
            closed: campaign.state == CampaignState::Closed,
            spent: w.spent_of(euros(spent.cents, v.lang), euros(campaign.budget_cents, v.lang)),
            share: spent.cents as f64 / campaign.budget_cents.max(1) as f64,
            over: spent.cents > campaign.budget_cents,
            went: numbers::int(sum.went, v.lang),
            reached: match campaign.goal_kind {
                Some(_) => numbers::int(sum.reached, v.lang),
                None => w.no_goal().to_owned(),
            },
            changed: dates::last(campaign.changed_at, now, &zone, v.lang),
            id: campaign.id,
            name: campaign.name,
        });
    }
    let page = ListPage {
        chrome: v.chrome(&mut tx, w.campaigns()).await?,
        w,
        rows,
        may_edit: v.actor.may(&EDIT),
        may_approve: v.actor.may(&APPROVE),
    };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "write.html")]
struct WritePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    segment: i64,
    segment_name: String,
    campaigns: Vec<Choice>,
}

async fn write_page(v: &Visit, permit: &Permit, form: Form) -> Result<WritePage> {
    let segment: i64 = form.get("segment").parse().map_err(|_| Error::NotFound)?;
    let mut tx = v.house.read(&v.actor).await?;
    let Some(room) = v.house.rooms.segments else { return Err(Error::NotFound) };
    if !tx.may_ask(&Rule::Segment(segment)).await? {
        return Err(Error::NotFound);
    }
    let segment_name = (room.name)(&mut tx, segment).await?.ok_or(Error::NotFound)?;
    let mut campaigns = Vec::new();
    for campaign in campaign::all(&mut tx).await? {
        if campaign.state == CampaignState::Open && campaign::may_change(&tx, permit, &campaign) {
            campaigns.push(Choice::new(campaign.id, campaign.name));
        }
    }
    let w = Words(v.lang);
    Ok(WritePage {
        chrome: v.chrome(&mut tx, w.write_title()).await?,
        w,
        form,
        segment,
        segment_name,
        campaigns,
    })
}

async fn choose(v: Visit, permit: Permit) -> Result<Response> {
    let page = write_page(&v, &permit, v.query()?).await?;
    v.html(&page)
}

/// A mailing to a segment: of a campaign, since a reason and a budget come first.
async fn write(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    form.required("campaign");
    let campaign = form.id::<Campaign>("campaign");
    let name = form.required_line("name", 120);
    let (Some(campaign), Ok(())) = (campaign, form.done()) else {
        let page = write_page(&v, &permit, form).await?;
        return v.html_again(&page);
    };
    let segment: i64 = form.get("segment").parse().map_err(|_| Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    if !tx.may_ask(&Rule::Segment(segment)).await? {
        return Err(Error::NotFound);
    }
    let id = mailing::make(&mut tx, &permit, campaign, &name, Some(segment), v.lang).await?;
    tx.commit().await?;
    v.see(format!("/mailings/{id}"))
}

/// How a mailing looks in a list.
pub fn tone(state: mailing::MailingState) -> Tone {
    use mailing::MailingState as S;
    match state {
        S::Draft | S::Asked => Tone::Plain,
        S::Approved | S::Sending => Tone::Leaf,
        S::Paused => Tone::Sun,
        S::Stopped => Tone::Coral,
        S::Done => Tone::Plum,
    }
}
