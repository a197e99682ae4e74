//! The pages of claims: making one, and the lists of those that hold.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Lang, Result};
use kring_frame::{Permit, Route, Tx, Visit};
use kring_lang::dates;
use kring_people::Party;
use kring_web::{Chrome, Form};

use crate::{
    LEAD, SHARE, Words,
    claim::{self, Claim},
    colleague, party,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/claims", &SHARE, list),
        Route::get("/people/{id}/claim", &SHARE, show),
        Route::post("/people/{id}/claim", &SHARE, make),
        Route::get("/organisations/{id}/claim", &SHARE, show),
        Route::post("/organisations/{id}/claim", &SHARE, make),
        Route::post("/claims/{id}/end", &SHARE, end),
        Route::post("/claims/{id}/again", &SHARE, again),
    ]
}

/// A claim as it reads.
pub struct Row {
    pub id: Id<Claim>,
    pub href: String,
    pub about: String,
    pub who: String,
    pub reason: String,
    pub until: String,
}

pub fn row(c: Claim, lang: Lang) -> Result<Row> {
    let w = Words(lang);
    Ok(Row {
        id: c.id,
        href: c.party()?.href(),
        who: c.who(lang),
        until: w.claim_until(dates::date(c.until, lang)),
        about: c.about,
        reason: c.reason,
    })
}

#[derive(Template)]
#[template(path = "claims.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    /// Whether the tab of those who lead is shown.
    leads: bool,
    mine: Vec<Row>,
    unit: Vec<Row>,
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let mine = claim::mine(&mut tx).await?.into_iter().map(|c| row(c, v.lang)).collect::<Result<_>>()?;
    let unit = match colleague::unit_of(&mut tx, v.actor.id).await? {
        Some(unit) => {
            claim::in_unit(&mut tx, unit).await?.into_iter().map(|c| row(c, v.lang)).collect::<Result<_>>()?
        }
        None => Vec::new(),
    };
    let chrome = v.chrome(&mut tx, w.claims_title()).await?;
    v.html(&ListPage { chrome, w, leads: v.actor.may(&LEAD), mine, unit })
}

/// What others should be seen before going on, with their numbers for the form.
pub struct Warning {
    pub rows: Vec<Row>,
    pub seen: String,
}

pub async fn warning(tx: &mut Tx, lang: Lang, party: Party) -> Result<Warning> {
    let others = claim::of_others(tx, party).await?;
    let seen = others.iter().map(|c| c.id.to_string()).collect::<Vec<_>>().join(",");
    Ok(Warning { rows: others.into_iter().map(|c| row(c, lang)).collect::<Result<_>>()?, seen })
}

/// The numbers that a form says were on its page.
pub fn seen(form: &Form) -> Vec<Id<Claim>> {
    form.get("seen").split(',').filter_map(|n| n.parse().ok()).collect()
}

#[derive(Template)]
#[template(path = "claim.html")]
struct ClaimPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    name: String,
    href: String,
    others: Warning,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    page(&v, &permit, None).await
}

async fn page(v: &Visit, permit: &Permit, form: Option<Form>) -> Result<Response> {
    let w = Words(v.lang);
    let party = party::of_path(v)?;
    let mut tx = v.house.read(&v.actor).await?;
    let name = party::name(&mut tx, permit, party).await?;
    let others = warning(&mut tx, v.lang, party).await?;
    let form = match form {
        Some(form) => form,
        None => {
            let own = claim::of(&mut tx, party).await?.into_iter().find(|c| c.actor == v.actor.id);
            let today = claim::today(&tx);
            let usual = today.checked_add(jiff::Span::new().days(claim::USUAL_DAYS)).unwrap_or(today);
            match own {
                Some(own) => Form::of([("reason", own.reason), ("until", own.until.to_string())]),
                None => Form::of([("until", usual.to_string())]),
            }
        }
    };
    let wrong = !form.faults().is_empty();
    let chrome = v.chrome(&mut tx, w.claim_title(&name)).await?;
    let page = ClaimPage { chrome, w, form, name, href: party.href(), others };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let party = party::of_path(&v)?;
    let reason = form.required_line("reason", 300);
    form.required("until");
    let until = form.date("until");
    if let (Ok(()), Some(until)) = (form.done(), until) {
        let mut tx = v.house.write(&v.actor).await?;
        match claim::make(&mut tx, &permit, party, &reason, until, &seen(&form)).await {
            Ok(_) => {
                tx.commit().await?;
                return v.see_done(&party.href(), "done-claim", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, &permit, Some(form)).await
}

async fn end(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Claim> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    claim::end(&mut tx, &permit, id, false).await?;
    tx.commit().await?;
    v.see_done("/claims", "done-claim-ended", Some(&format!("/claims/{id}/again")))
}

async fn again(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let party = claim::end(&mut tx, &permit, v.path("id")?, true).await?;
    tx.commit().await?;
    v.see_done(&party.href(), "done-claim", None)
}
