//! Personas: all of them in their order, and the face of one segment.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::{dates, numbers};
use kring_web::{Chrome, Form};

use super::counted::shown;
use crate::{
    EDIT, USE, Words,
    labels::Labels,
    persona::{self, Persona, Portrait},
    scope,
    segment::{self, Segment},
    sentence::Speaker,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/personas", &USE, list),
        Route::get("/segments/{id}/persona", &EDIT, form),
        Route::post("/segments/{id}/persona", &EDIT, save),
        Route::post("/segments/{id}/persona/up", &EDIT, up),
        Route::post("/segments/{id}/persona/drop", &EDIT, drop_it),
        Route::post("/segments/{id}/persona/restore", &EDIT, restore),
    ]
}

#[derive(Template)]
#[template(path = "personas.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    may_edit: bool,
    cards: Vec<Card>,
}

/// A persona as it is shown.
struct Card {
    persona: Persona,
    /// The rule in words; empty for whoever may not see what it asks.
    words: String,
    people: String,
    share: String,
    changed: String,
    first: bool,
    may_change: bool,
    /// Where its buttons lead.
    edit: String,
    alike: String,
    up: String,
    drop: String,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let personas = persona::all(&mut tx).await?;
    let mut segments = Vec::with_capacity(personas.len());
    for persona in &personas {
        segments.push(segment::one(&mut tx, persona.segment).await?);
    }
    let rules = segments.iter().map(Segment::rule).collect::<Result<Vec<_>>>()?;
    let labels = Labels::of(&mut tx, v.lang, &rules.iter().collect::<Vec<_>>()).await?;
    let speaker = Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels };
    let saved = segment::rules(&mut tx).await?;
    let nobody_left_out = kring_frame::rules::Rule::All(Vec::new());
    let among = scope::within(&mut tx, &permit, &nobody_left_out).await?;
    let everybody = tx.count_people(&among).await?.is;
    let zone = &v.house.settings.zone;
    let mut cards = Vec::with_capacity(personas.len());
    for ((persona, segment), rule) in personas.into_iter().zip(&segments).zip(&rules) {
        let at = format!("/segments/{}", segment.id);
        let sees = v.house.rooms.facts.may_ask(&v.actor, &saved, rule);
        let (mut people, mut share) = (String::new(), String::new());
        if sees {
            let among = scope::within(&mut tx, &permit, rule).await?;
            let count = tx.count_people(&among).await?.is;
            people = shown(count, &v);
            share = numbers::percent(count as f64 / everybody.max(1) as f64, 1, v.lang);
        }
        cards.push(Card {
            words: if sees { speaker.sentence(rule) } else { String::new() },
            people,
            share,
            changed: dates::short_date(dates::date_of(persona.changed_at, zone), v.lang),
            first: cards.is_empty(),
            edit: format!("{at}/persona"),
            alike: format!("{at}/alike"),
            up: format!("{at}/persona/up"),
            drop: format!("{at}/persona/drop"),
            may_change: v.actor.permit(&EDIT).is_ok_and(|edit| segment::may_change(&tx, &edit, segment)),
            persona,
        });
    }
    let chrome = v.chrome(&mut tx, w.personas()).await?;
    v.html(&ListPage { chrome, w, may_edit: v.actor.may(&EDIT), cards })
}

#[derive(Template)]
#[template(path = "persona_form.html")]
struct FormPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    segment: Segment,
    words: String,
}

async fn form(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::mine(&mut tx, &permit, v.path("id")?).await?;
    let form = match persona::of_segment(&mut tx, segment.id).await? {
        Some(known) => Form::of([
            ("version", known.version.to_string()),
            ("portrait", known.portrait),
            ("wants", known.wants),
            ("approach", known.approach),
        ]),
        None => Form::of([("version", "0".to_owned()), ("portrait", segment.note.clone())]),
    };
    drop(tx);
    page(&v, &permit, form).await
}

async fn page(v: &Visit, permit: &Permit, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let segment = segment::mine(&mut tx, permit, v.path("id")?).await?;
    let rule = segment.rule()?;
    let words = if tx.may_ask(&rule).await? {
        let labels = Labels::of(&mut tx, v.lang, &[&rule]).await?;
        Speaker { lang: v.lang, facts: &v.house.rooms.facts, labels: &labels }.sentence(&rule)
    } else {
        String::new()
    };
    let chrome = v.chrome(&mut tx, w.persona_of(segment.name.as_str())).await?;
    let wrong = !form.faults().is_empty();
    let page = FormPage { chrome, w, form, segment, words };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let mut form = v.form()?;
    let portrait = form.text("portrait", 2_000);
    if portrait.is_empty() {
        form.fault("portrait", crate::say::persona_portrait_missing());
    }
    let new = Portrait { portrait, wants: form.text("wants", 2_000), approach: form.text("approach", 2_000) };
    let before = form.int("version", 0..=i64::MAX).unwrap_or_default();
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match persona::save(&mut tx, &permit, id, before, &new).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done("/personas", "done-persona-saved", None);
            }
            // What was typed stays, with what to do about it.
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, &permit, form).await
}

async fn up(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    persona::up(&mut tx, &permit, v.path("id")?).await?;
    tx.commit().await?;
    v.see_done("/personas", "done-persona-moved", None)
}

async fn drop_it(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Segment> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    persona::drop(&mut tx, &permit, id, true).await?;
    tx.commit().await?;
    v.see_done("/personas", "done-persona-dropped", Some(&format!("/segments/{id}/persona/restore")))
}

async fn restore(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    persona::drop(&mut tx, &permit, v.path("id")?, false).await?;
    tx.commit().await?;
    v.see_done("/personas", "done-persona-restored", None)
}
