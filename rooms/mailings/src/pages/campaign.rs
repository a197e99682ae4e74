//! A campaign: what it is for and may cost, what it cost, its mailings, and what came of it.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Purpose, Route, Tx, Visit, mark};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_stats::{Level, Sides, share};
use kring_talks::occasion;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    EDIT, USE, Words,
    campaign::{self, Campaign, CampaignState, Draft, Label, PURPOSES},
    check::euros,
    cost, hear,
    mailing::{self, Mailing},
    pages::list::{purpose_name, tone},
    result, say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/campaigns/new", &EDIT, new),
        Route::post("/campaigns", &EDIT, make),
        Route::get("/campaigns/{id}", &USE, show),
        Route::get("/campaigns/{id}/edit", &EDIT, edit),
        Route::post("/campaigns/{id}", &EDIT, change),
        Route::post("/campaigns/{id}/mailings", &EDIT, add_mailing),
        Route::post("/campaigns/{id}/costs", &EDIT, book),
        Route::post("/campaigns/costs/{cost}/back", &EDIT, take_back),
        Route::post("/campaigns/{id}/close", &EDIT, close),
        Route::post("/campaigns/{id}/open", &EDIT, open),
    ]
}

#[derive(Template)]
#[template(path = "campaign_edit.html")]
struct EditPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    action: String,
    back: String,
    units: Vec<Choice>,
    purposes: Vec<Choice>,
    labels: Vec<Choice>,
    goals: Vec<Choice>,
}

async fn edit_page(v: &Visit, tx: &mut Tx, form: Form, id: Option<Id<Campaign>>) -> Result<EditPage> {
    let w = Words(v.lang);
    let mine = v.actor.units(&EDIT);
    let title = if id.is_some() { w.campaign_settings() } else { w.new_campaign() };
    Ok(EditPage {
        chrome: v.chrome(tx, title).await?,
        w,
        form,
        action: id.map_or("/campaigns".to_owned(), |id| format!("/campaigns/{id}")),
        back: id.map_or("/campaigns".to_owned(), |id| format!("/campaigns/{id}")),
        units: units::all(tx)
            .await?
            .iter()
            .filter(|unit| mine.contains(&unit.id))
            .map(|unit| Choice::new(unit.id, unit.name(v.lang)))
            .collect(),
        purposes: PURPOSES.iter().map(|purpose| Choice::new(*purpose, purpose_name(v, *purpose))).collect(),
        labels: Label::ALL
            .iter()
            .map(|label| Choice::new(*label, w.find(&format!("label-{label}-long")).unwrap_or_default()))
            .collect(),
        goals: occasion::choices(tx, v.lang).await?,
    })
}

async fn new(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let form = Form::of([("goal_days", "14"), ("label", "process"), ("mail_cost", "0")]);
    let page = edit_page(&v, &mut tx, form, None).await?;
    v.html(&page)
}

fn form_of(c: &Campaign) -> Form {
    let money = |cents: i64| {
        if cents % 100 == 0 {
            (cents / 100).to_string()
        } else {
            format!("{}.{:02}", cents / 100, cents % 100)
        }
    };
    let goal = match (&c.goal_kind, &c.goal_detail) {
        (Some(kind), Some(detail)) => format!("{kind}={detail}"),
        (Some(kind), None) => kind.clone(),
        _ => String::new(),
    };
    Form::of([
        ("name", c.name.clone()),
        ("unit", c.unit.to_string()),
        ("purpose", c.purpose.to_string()),
        ("reason", c.reason.clone()),
        ("label", c.label.to_string()),
        ("budget", money(c.budget_cents)),
        ("hours", numbers::decimal(c.budget_minutes as f64 / 60.0, 1, kring_core::Lang::En)),
        ("mail_cost", money(c.mail_cents)),
        ("goal", goal),
        ("goal_days", c.goal_days.to_string()),
    ])
}

/// An amount, with a comma or a point, in hundredths: euros to cents. `empty`: what it is when nothing was typed.
fn hundredths(form: &mut Form, name: &str, most: i64, empty: Option<i64>) -> Option<i64> {
    if form.get(name).trim().is_empty() && empty.is_some() {
        return empty;
    }
    let typed = form.get(name).trim().replace(['€', ' ', '\u{a0}'], "").replace(',', ".");
    let value = typed.parse::<f64>().ok().filter(|value| value.is_finite() && *value >= 0.0);
    let hundredths = value.map(|value| (value * 100.0).round());
    match hundredths.filter(|n| *n <= (most as f64) * 100.0) {
        Some(n) => Some(n as i64),
        None => {
            form.fault(name, say::amount(numbers::int(most, kring_core::Lang::Nl)));
            None
        }
    }
}

fn read(form: &mut Form) -> Option<Draft> {
    let name = form.required_line("name", 120);
    let reason = form.required_text("reason", 1_000);
    let unit = form.id::<mark::Unit>("unit");
    form.required("unit");
    let purposes: Vec<(String, Purpose)> = PURPOSES.iter().map(|p| (p.to_string(), *p)).collect();
    let purposes: Vec<(&str, Purpose)> = purposes.iter().map(|(key, p)| (key.as_str(), *p)).collect();
    let purpose = form.choice("purpose", &purposes);
    form.required("purpose");
    form.required("label");
    let label = form.choice("label", &[("process", Label::Process), ("result", Label::Result)]);
    let budget = hundredths(form, "budget", 10_000_000, None);
    let hours = hundredths(form, "hours", 100_000, None);
    let mail = hundredths(form, "mail_cost", 10_000, Some(0));
    let days = form.int("goal_days", 1..=hear::MOST_DAYS);
    let goal = form.get("goal").to_owned();
    let goal = match goal.split_once('=') {
        _ if goal.is_empty() => None,
        Some((kind, detail)) => Some((kind.to_owned(), Some(detail.to_owned()))),
        None => Some((goal, None)),
    };
    if let Some((kind, _)) = &goal
        && occasion::known(kind).is_none()
    {
        form.fault("goal", kring_web::say::field_choose());
    }
    form.done().ok()?;
    Some(Draft {
        name,
        unit: unit?,
        purpose: purpose?,
        reason,
        label: label?,
        budget_cents: budget?,
        budget_minutes: hours? * 60 / 100,
        mail_cents: mail?,
        goal,
        goal_days: days?,
    })
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let draft = read(&mut form);
    let mut tx = v.house.write(&v.actor).await?;
    let Some(draft) = draft else {
        let page = edit_page(&v, &mut tx, form, None).await?;
        return v.html_again(&page);
    };
    let id = campaign::make(&mut tx, &permit, &draft).await?;
    tx.commit().await?;
    v.see(format!("/campaigns/{id}"))
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let campaign = campaign::mine(&mut tx, &permit, id).await?;
    let page = edit_page(&v, &mut tx, form_of(&campaign), Some(id)).await?;
    v.html(&page)
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut form = v.form()?;
    let draft = read(&mut form);
    let mut tx = v.house.write(&v.actor).await?;
    let changed = match draft {
        Some(draft) => campaign::change(&mut tx, &permit, id, &draft).await,
        None => Err(Error::Invalid(Vec::new())),
    };
    match changed {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/campaigns/{id}"), "done-campaign", None)
        }
        Err(Error::Conflict(why)) => {
            form.fault("", why);
            let page = edit_page(&v, &mut tx, form, Some(id)).await?;
            v.html_again(&page)
        }
        Err(Error::Invalid(_)) => {
            let page = edit_page(&v, &mut tx, form, Some(id)).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}

struct MailingRow {
    id: Id<Mailing>,
    name: String,
    state: String,
    tone: Tone,
    went: String,
    reached: String,
    changed: String,
}

struct CostRow {
    id: i64,
    what: String,
    euros: String,
    hours: String,
    by: String,
    back: bool,
}

/// A figure with its interval, for a card.
pub struct Stat {
    pub label: String,
    pub figure: String,
    pub interval: String,
    pub note: String,
}

#[derive(Template)]
#[template(path = "campaign.html")]
struct ShowPage {
    chrome: Chrome,
    w: Words,
    campaign: Campaign,
    unit: String,
    purpose: String,
    label: String,
    is_result: bool,
    closed: bool,
    goal: String,
    money: String,
    money_share: f64,
    money_over: bool,
    time: String,
    time_share: f64,
    time_over: bool,
    stats: Vec<Stat>,
    mailings: Vec<MailingRow>,
    costs: Vec<CostRow>,
    form: Form,
    may_edit: bool,
}

/// Hours, as they are said.
fn hours(minutes: i64, v: &Visit) -> String {
    let digits = u8::from(minutes % 60 != 0);
    Words(v.lang).n_hours(numbers::decimal(minutes as f64 / 60.0, digits, v.lang))
}

/// A share of those who got it, with its interval; only the count while nobody did.
pub fn share_of(v: &Visit, label: &str, hits: i64, of: i64) -> Stat {
    let w = Words(v.lang);
    let (hits_n, of_n) = (u64::try_from(hits).unwrap_or_default(), u64::try_from(of).unwrap_or_default());
    let n = |n: i64| numbers::int(n, v.lang);
    match share(hits_n.min(of_n), of_n, Level::P95, Sides::Two) {
        Ok(figure) => Stat {
            label: label.to_owned(),
            figure: numbers::percent(figure.estimate, 1, v.lang),
            interval: w.interval(
                numbers::percent(figure.low.unwrap_or(0.0), 1, v.lang),
                numbers::percent(figure.high.unwrap_or(1.0), 1, v.lang),
            ),
            note: w.n_of_n(n(hits), n(of)),
        },
        Err(_) => Stat {
            label: label.to_owned(),
            figure: "–".to_owned(),
            interval: String::new(),
            note: w.nobody_yet().to_owned(),
        },
    }
}

async fn show_page(v: &Visit, tx: &mut Tx, id: Id<Campaign>, form: Form) -> Result<ShowPage> {
    let w = Words(v.lang);
    let campaign = campaign::one(tx, id).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let units = units::all(tx).await?;
    let spent = cost::spent(tx, &campaign).await?;
    let sum = result::sum(tx, &campaign).await?;
    let n = |n: i64| numbers::int(n, v.lang);
    let mut stats = vec![Stat {
        label: w.stat_went().to_owned(),
        figure: n(sum.went),
        interval: String::new(),
        note: w.stat_went_note(n(sum.planned), n(sum.refused), n(sum.bounced)),
    }];
    let goal = match (&campaign.goal_kind, &campaign.goal_detail) {
        (Some(kind), detail) => {
            let key = detail.as_ref().map_or(kind.clone(), |detail| format!("{kind}={detail}"));
            let known = occasion::choices(tx, v.lang).await?.into_iter().find(|choice| choice.value == key);
            let known = known.map_or(key, |choice| choice.label);
            stats.push(share_of(v, &w.stat_reached(known.clone()), sum.reached, sum.went));
            w.goal_within(known, campaign.goal_days)
        }
        _ => w.no_goal_long().to_owned(),
    };
    stats.push(share_of(v, w.stat_wrote(), sum.wrote, sum.went));
    stats.push(share_of(v, w.stat_left(), sum.left, sum.went));
    let mut mailings = Vec::new();
    for mailing in mailing::of(tx, id).await? {
        let rows = result::of(tx, mailing.id).await?;
        let written = || rows.iter().filter(|row| row.variant.is_some());
        mailings.push(MailingRow {
            state: w.find(&format!("state-{}", mailing.state)).unwrap_or_default().to_owned(),
            tone: tone(mailing.state),
            went: n(written().map(|row| row.went).sum()),
            reached: n(written().map(|row| row.reached).sum()),
            changed: dates::last(mailing.changed_at, now, &zone, v.lang),
            id: mailing.id,
            name: mailing.name,
        });
    }
    let costs = cost::of(tx, id).await?.into_iter().map(|cost| CostRow {
        id: cost.id,
        euros: euros(cost.cents, v.lang),
        hours: hours(cost.minutes, v),
        by: format!("{} · {}", dates::day(cost.at, &zone, v.lang), cost.by),
        back: cost.taken_back.is_some(),
        what: cost.what,
    });
    let permit = v.actor.permit(&EDIT).ok();
    Ok(ShowPage {
        costs: costs.collect(),
        chrome: v.chrome(tx, campaign.name.clone()).await?,
        w,
        unit: units
            .iter()
            .find(|u| u.id == campaign.unit)
            .map(|u| u.name(v.lang).to_owned())
            .unwrap_or_default(),
        purpose: purpose_name(v, campaign.purpose),
        label: w.find(&format!("label-{}", campaign.label)).unwrap_or_default().to_owned(),
        is_result: campaign.label == Label::Result,
        closed: campaign.state == CampaignState::Closed,
        goal,
        money: w.spent_of(euros(spent.cents, v.lang), euros(campaign.budget_cents, v.lang)),
        money_share: spent.cents as f64 / campaign.budget_cents.max(1) as f64,
        money_over: spent.cents > campaign.budget_cents,
        time: w.spent_of(hours(spent.minutes, v), hours(campaign.budget_minutes, v)),
        time_share: spent.minutes as f64 / campaign.budget_minutes.max(1) as f64,
        time_over: spent.minutes > campaign.budget_minutes,
        stats,
        mailings,
        form,
        may_edit: permit.is_some_and(|permit| campaign::may_change(tx, &permit, &campaign)),
        campaign,
    })
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let page = show_page(&v, &mut tx, id, Form::default()).await?;
    v.html(&page)
}

async fn again(v: &Visit, id: Id<Campaign>, mut form: Form, why: Option<Error>) -> Result<Response> {
    match why {
        Some(Error::Conflict(what)) => form.fault("", what),
        Some(other) => return Err(other),
        None => {}
    }
    let mut tx = v.house.read(&v.actor).await?;
    let page = show_page(v, &mut tx, id, form).await?;
    v.html_again(&page)
}

async fn add_mailing(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    if form.done().is_err() {
        return again(&v, id, form, None).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    match mailing::make(&mut tx, &permit, id, &name, None, v.lang).await {
        Ok(mailing) => {
            tx.commit().await?;
            v.see(format!("/mailings/{mailing}"))
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

async fn book(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut form = v.form()?;
    let what = form.required_line("what", 200);
    let cents = hundredths(&mut form, "cents", 10_000_000, Some(0));
    let spent = hundredths(&mut form, "spent_hours", 100_000, Some(0));
    let (Some(cents), Some(spent), Ok(())) = (cents, spent, form.done()) else {
        return again(&v, id, form, None).await;
    };
    let mut tx = v.house.write(&v.actor).await?;
    match cost::book(&mut tx, &permit, id, &what, cents, spent * 60 / 100).await {
        Ok(cost) => {
            tx.commit().await?;
            v.see_done(
                &format!("/campaigns/{id}"),
                "done-cost",
                Some(&format!("/campaigns/costs/{cost}/back")),
            )
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

async fn take_back(v: Visit, permit: Permit) -> Result<Response> {
    let cost: i64 = v.path("cost")?;
    let mut tx = v.house.write(&v.actor).await?;
    let id = cost::take_back(&mut tx, &permit, cost).await?;
    tx.commit().await?;
    v.see_done(&format!("/campaigns/{id}"), "done-cost-back", Some(&format!("/campaigns/costs/{cost}/back")))
}

async fn close(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut form = v.form()?;
    let outcome = form.required_text("outcome", 2_000);
    if form.done().is_err() {
        return again(&v, id, form, None).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    match campaign::close(&mut tx, &permit, id, &outcome).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/campaigns/{id}"), "done-closed", Some(&format!("/campaigns/{id}/open")))
        }
        Err(why) => {
            drop(tx);
            again(&v, id, form, Some(why)).await
        }
    }
}

async fn open(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Campaign> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    campaign::reopen(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/campaigns/{id}"), "done-opened", None)
}
