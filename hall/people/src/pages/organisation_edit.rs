use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Mark, OrganisationId, Permit, Route, Visit};
use kring_web::{Choice, Chrome, Form};

use super::organisation::organisation_kinds;
use crate::{
    WRITE_PEOPLE, Words,
    duplicates::{self, Marks, OrganisationLikeness},
    organisation::{self, NewOrganisation, SIZE_CLASSES},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/organisations/new", &WRITE_PEOPLE, new_form),
        Route::post("/organisations/new", &WRITE_PEOPLE, add),
        Route::get("/organisations/{id}/edit", &WRITE_PEOPLE, edit_form),
        Route::post("/organisations/{id}/edit", &WRITE_PEOPLE, edit),
    ]
}

#[derive(Template)]
#[template(path = "organisation_form.html")]
struct FormPage {
    chrome: Chrome,
    w: Words,
    id: Option<OrganisationId>,
    form: Form,
    kinds: Vec<Choice>,
    sizes: Vec<Choice>,
    /// Organisations that may be the one that is being added.
    alike: Vec<OrganisationLikeness>,
}

impl FormPage {
    fn new(v: &Visit, chrome: Chrome, id: Option<OrganisationId>, form: Form) -> Self {
        let w = Words(v.lang);
        let sizes = SIZE_CLASSES.iter().map(|s| Choice::new(*s, *s)).collect();
        Self { chrome, w, id, form, kinds: organisation_kinds(w), sizes, alike: Vec::new() }
    }
}

fn read(form: &mut Form) -> NewOrganisation {
    let parent = form.line("parent", 20);
    NewOrganisation {
        parent: match parent.replace('.', "").parse() {
            Ok(id) => Some(OrganisationId::new(id)),
            Err(_) if parent.is_empty() => None,
            Err(_) => {
                form.fault("parent", crate::say::other_unknown());
                None
            }
        },
        kind: form.get("kind").parse().ok(),
        name: form.required_line("name", 200),
        also_known_as: form.line("also_known_as", 300),
        size_class: Some(form.get("size").to_owned())
            .filter(|s| SIZE_CLASSES.contains(&s.as_str()))
            .unwrap_or_default(),
        sole_trader: form.tick("sole_trader"),
        unit: None,
        source: "staff".into(),
    }
}

async fn new_form(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_organisation()).await?;
    v.html(&FormPage::new(&v, chrome, None, v.query()?))
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let new = read(&mut form);
    let mut alike = Vec::new();
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        // Whoever said "another one" has seen them.
        if !form.tick("another_one") {
            alike = duplicates::alike_in_sight(&mut tx, &permit, &new, &Marks::default()).await?;
        }
        match parent_exists(&mut tx, &new).await {
            Ok(()) if !alike.is_empty() => {}
            Ok(()) => {
                let id = organisation::add(&mut tx, &new).await?;
                tx.trail(Mark::changed(&permit, "organisation").subject(id.get()).detail("added")).await?;
                tx.commit().await?;
                return v.see_done(&format!("/organisations/{id}/data"), "done-organisation", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_organisation()).await?;
    v.html_again(&FormPage { alike, ..FormPage::new(&v, chrome, None, form) })
}

async fn parent_exists(tx: &mut kring_frame::Tx, new: &NewOrganisation) -> Result<()> {
    match new.parent {
        Some(parent) => match organisation::load(tx, parent).await {
            Err(Error::NotFound) => Err(Error::field("parent", crate::say::other_unknown())),
            other => other.map(drop),
        },
        None => Ok(()),
    }
}

async fn edit_form(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let it = organisation::read(&mut tx, &permit, id).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).edit_title(&it.name)).await?;
    tx.commit().await?;
    let form = Form::of([
        ("version", it.version.to_string()),
        ("name", it.name),
        ("also_known_as", it.also_known_as),
        ("kind", it.kind.to_string()),
        ("size", it.size_class),
        ("parent", it.parent.map(|p| p.to_string()).unwrap_or_default()),
        ("sole_trader", if it.sole_trader { "on".to_owned() } else { String::new() }),
    ]);
    v.html(&FormPage::new(&v, chrome, Some(id), form))
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let mut form = v.form()?;
    let version = form.int("version", 1..=i64::MAX).unwrap_or_default();
    let new = read(&mut form);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let done = match parent_exists(&mut tx, &new).await {
            Ok(()) => organisation::change(&mut tx, &permit, id, version, &new).await,
            Err(why) => Err(why),
        };
        match done {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/organisations/{id}"), "done-organisation", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, new.name).await?;
    v.html_again(&FormPage::new(&v, chrome, Some(id), form))
}
