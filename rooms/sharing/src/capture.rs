//! One minute after meeting somebody: who, how to reach them, what about, what next. Everything is written in one
//! transaction, or nothing is.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_frame::{Mark, New, OrganisationId, Permit, PersonId, Route, Tx, Visit};
use kring_lang::names::fold;
use kring_people::{
    NewPerson, Party, arrive, contact, duplicates, index, note, organisation, person,
    relationship::{self, Basis, Kind, NewRelationship, With},
};
use kring_web::{Choice, Chrome, Form};

use crate::{
    SHARE, Words,
    claim::{self, Claim},
    claims::{Warning, seen, warning},
    party, say,
    tip::{self, NewTip},
    tips::{addressed, receivers},
};

pub const NEW: New = New { label: |lang| Words(lang).capture_title(), href: "/capture", right: &SHARE };

pub fn routes() -> Vec<Route> {
    vec![Route::get("/capture", &SHARE, show), Route::post("/capture", &SHARE, save)]
}

#[derive(Template)]
#[template(path = "capture.html")]
struct CapturePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    /// Who this may be; empty until somebody was found.
    alike: Vec<Choice>,
    others: Warning,
    units: Vec<Choice>,
    colleagues: Vec<Choice>,
    /// Whom the last one became.
    saved: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let saved: Option<PersonId> = v.query()?.get("saved").parse().ok();
    page(&v, &permit, Form::default(), Vec::new(), saved).await
}

async fn page(
    v: &Visit,
    permit: &Permit,
    form: Form,
    alike: Vec<Choice>,
    saved: Option<PersonId>,
) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let others = match form.get("who").parse::<PersonId>() {
        Ok(id) if party::name(&mut tx, permit, id.into()).await.is_ok() => {
            warning(&mut tx, v.lang, id.into()).await?
        }
        _ => Warning { rows: Vec::new(), seen: String::new() },
    };
    let (units, colleagues) = receivers(&mut tx, v.lang).await?;
    let saved = match saved {
        Some(id) if party::name(&mut tx, permit, id.into()).await.is_ok() => Party::Person(id).href(),
        _ => String::new(),
    };
    let wrong = !form.faults().is_empty() || !alike.is_empty();
    let chrome = v.chrome(&mut tx, w.capture_title()).await?;
    let page = CapturePage { chrome, w, form, alike, others, units, colleagues, saved };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

/// What was typed, read and checked.
struct Captured {
    new: NewPerson,
    met: String,
    about: String,
    next: String,
    company: Option<OrganisationId>,
    tip: Option<NewTip>,
}

async fn read(tx: &mut Tx, permit: &Permit, form: &mut Form) -> Result<Captured> {
    let name = form.required_line("name", 200);
    let email = if form.get("email").trim().is_empty() { None } else { form.email("email") };
    let phone = form.line("phone", 40);
    if !phone.is_empty() && kring_formats::phone(&phone).is_none() {
        form.fault("phone", say::capture_phone());
    }
    let (met, next) = (form.line("met", 200), form.line("next", 200));
    let about = form.required_text("about", 2_000);
    let company = form.line("company", 200);
    let company = if company.is_empty() { None } else { called(tx, permit, &company).await? };
    if company.is_none() && !form.get("company").trim().is_empty() {
        form.fault("company", say::capture_company());
    }
    let tips = ["to_unit", "to_actor"].iter().any(|field| !form.get(field).is_empty());
    let to = if tips { addressed(tx, form).await? } else { None };
    let tip = to.map(|(to_unit, to_actor)| NewTip {
        to_unit,
        to_actor,
        what: about.lines().next().unwrap_or_default().chars().take(200).collect(),
        why: about.clone(),
        introducer: None,
    });
    let new = NewPerson {
        name: arrive::name_from(&name),
        emails: email.into_iter().collect(),
        phones: Some(phone).filter(|p| !p.is_empty()).into_iter().collect(),
        source: "staff".into(),
        ..NewPerson::default()
    };
    Ok(Captured { new, met, about, next, company, tip })
}

/// The one organisation that is called so, however it is written.
async fn called(tx: &mut Tx, permit: &Permit, name: &str) -> Result<Option<OrganisationId>> {
    let found = organisation::find(tx, permit, name, 20).await?;
    let mut same = found.iter().filter(|o| fold(&o.name) == fold(name));
    Ok(match (same.next(), same.next()) {
        (Some(one), None) => Some(one.id),
        _ => None,
    })
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let it = read(&mut tx, &permit, &mut form).await?;
    let mut alike = Vec::new();
    if form.done().is_ok() {
        let who = form.get("who").to_owned();
        if who.is_empty() {
            for like in duplicates::like(&mut tx, &it.new).await? {
                if party::name(&mut tx, &permit, like.person.into()).await.is_ok() {
                    let mut choice = Choice::new(like.person, like.name.clone());
                    choice.hint = like.says(v.lang);
                    alike.push(choice);
                }
            }
        }
        if alike.is_empty() {
            match write(&mut tx, &permit, w, &it, who.parse().ok(), &seen(&form)).await {
                Ok(id) => {
                    tx.commit().await?;
                    return v.see_done(&format!("/capture?saved={id}"), "done-capture", None);
                }
                Err(why) => form.absorb(why)?,
            }
        } else {
            alike.push(Choice::new("new", w.capture_somebody_else()));
        }
    }
    drop(tx);
    page(&v, &permit, form, alike, None).await
}

async fn write(
    tx: &mut Tx,
    permit: &Permit,
    w: Words,
    it: &Captured,
    known: Option<PersonId>,
    seen: &[Id<Claim>],
) -> Result<PersonId> {
    let id = match known {
        Some(id) => {
            party::name(tx, permit, id.into()).await?;
            for (kind, values) in
                [(contact::Kind::Email, &it.new.emails), (contact::Kind::Phone, &it.new.phones)]
            {
                for value in values {
                    contact::add(tx, id, kind, value, "staff").await?;
                }
            }
            index::index_person(tx, id).await?;
            id
        }
        None => person::add(tx, &it.new).await?,
    };
    let detail = if known.is_some() { "captured" } else { "added" };
    tx.trail(Mark::changed(permit, "person").person(id).detail(detail)).await?;
    let mut text = it.about.clone();
    if !it.met.is_empty() {
        text = format!("{text}\n{}", w.capture_note_met(&it.met));
    }
    if !it.next.is_empty() {
        text = format!("{text}\n{}", w.capture_note_next(&it.next));
    }
    note::write(tx, permit, id, &text).await?;
    person::contacted(tx, id).await?;
    if let Some(company) = it.company {
        let new = NewRelationship {
            kind: Kind::ContactOf,
            detail: String::new(),
            from: None,
            to: None,
            basis: Basis::OwnWord,
            confirmed_on: Some(claim::today(tx)),
            source: "staff".into(),
        };
        relationship::make(tx, id, With::Organisation(company), &new).await?;
    }
    if let Some(tip) = &it.tip {
        tip::give(tx, permit, id.into(), tip, seen).await?;
    }
    // A next step is a contact that goes on: colleagues see it for two weeks.
    if !it.next.is_empty() {
        let today = claim::today(tx);
        let until = today.checked_add(jiff::Span::new().days(claim::USUAL_DAYS)).unwrap_or(today);
        claim::make(tx, permit, id.into(), &it.next, until, seen).await?;
    }
    Ok(id)
}
