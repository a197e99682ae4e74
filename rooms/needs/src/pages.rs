//! What somebody wants to know, with how it was asked and settled; and what can be done with it.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_frame::{Mark, Permit, PersonId, Route, Visit};
use kring_people::person;
use kring_web::{Choice, Chrome, Form};

use crate::{
    READ, WRITE, Words,
    need::{self, Need, NewNeed, Source},
    panel::{self, Row},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/{id}/needs", &READ, show),
        Route::post("/people/{id}/needs", &WRITE, add),
        Route::post("/needs/{id}/answered", &WRITE, answered),
        Route::post("/needs/{id}/lapsed", &WRITE, lapsed),
        Route::post("/needs/{id}/reopen", &WRITE, reopen),
        Route::post("/needs/askings/{asking}/undo", &WRITE, take_back),
    ]
}

#[derive(Template)]
#[template(path = "person_needs.html")]
struct PersonPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    rows: Vec<Row>,
    form: Form,
    topics: Vec<Choice>,
    sources: Vec<Choice>,
    may_write: bool,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let form = Form::of([("source", Source::Hand.as_str())]);
    page(&v, &permit, v.path("id")?, form).await
}

async fn page(v: &Visit, permit: &Permit, id: PersonId, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let person = person::load(&mut tx, id).await?;
    kring_people::wall::person(&mut tx, permit, id).await?;
    tx.trail(Mark::read(permit, "needs").person(id)).await?;
    let rows = if v.actor.may(&READ) { panel::rows(&mut tx, v.lang, id).await? } else { Vec::new() };
    let (topics, sources) = panel::choices(&mut tx, v.lang).await?;
    let name = person.display_name;
    let chrome = v.chrome(&mut tx, w.person_title(&name)).await?;
    tx.commit().await?;
    let (wrong, may_write) = (!form.faults().is_empty(), v.actor.may(&WRITE));
    let page = PersonPage { chrome, w, id, name, rows, form, topics, sources, may_write };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    form.required("topic");
    let topic = form.id("topic");
    let words = form.text("words", 2_000);
    let where_asked = [Source::Hand, Source::Phone].map(|source| (source.as_str(), source));
    let source = form.choice("source", &where_asked).unwrap_or(Source::Hand);
    if let (Ok(()), Some(topic)) = (form.done(), topic) {
        let mut tx = v.house.write(&v.actor).await?;
        match need::add(&mut tx, &permit, id, &NewNeed { topic, source, words }).await {
            Ok(noted) => {
                tx.commit().await?;
                let code = match noted {
                    need::Noted { cleaned: true, .. } => "done-need-cleaned",
                    need::Noted { again: true, .. } => "done-need-again",
                    _ => "done-need-noted",
                };
                let undo = format!("/needs/askings/{}/undo", noted.asking);
                return v.see_done(&format!("/people/{id}"), code, Some(&undo));
            }
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, &permit, id, form).await
}

async fn answered(v: Visit, permit: Permit) -> Result<Response> {
    settle(v, permit, true).await
}

async fn lapsed(v: Visit, permit: Permit) -> Result<Response> {
    settle(v, permit, false).await
}

async fn settle(v: Visit, permit: Permit, answered: bool) -> Result<Response> {
    let id: Id<Need> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let need = need::settle(&mut tx, &permit, id, answered).await?;
    tx.commit().await?;
    let code = if answered { "done-need-answered" } else { "done-need-lapsed" };
    v.see_done(&format!("/people/{}", need.person), code, Some(&format!("/needs/{id}/reopen")))
}

async fn reopen(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let need = need::reopen(&mut tx, &permit, v.path("id")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/people/{}", need.person), "done-need-reopened", None)
}

async fn take_back(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let person = need::take_back(&mut tx, &permit, v.path("asking")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/people/{person}"), "done-need-taken-back", None)
}
