//! Adding somebody by hand, and changing a name: one form for both.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Lang, Result};
use kring_frame::{Permit, PersonId, Route, Visit};
use kring_lang::names::{FormOfAddress, PersonName};
use kring_web::{Choice, Chrome, Form};

use crate::{WRITE_PEOPLE, Words, contact, person};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/new", &WRITE_PEOPLE, new_form),
        Route::post("/people/new", &WRITE_PEOPLE, add),
        Route::get("/people/{id}/edit", &WRITE_PEOPLE, edit_form),
        Route::post("/people/{id}/edit", &WRITE_PEOPLE, edit),
    ]
}

#[derive(Template)]
#[template(path = "person_form.html")]
struct FormPage {
    chrome: Chrome,
    w: Words,
    id: Option<PersonId>,
    form: Form,
    forms_of_address: Vec<Choice>,
    languages: Vec<Choice>,
}

impl FormPage {
    fn new(v: &Visit, chrome: Chrome, id: Option<PersonId>, form: Form) -> Self {
        let w = Words(v.lang);
        Self {
            chrome,
            w,
            id,
            form,
            forms_of_address: ["mr", "mrs", "neutral"]
                .iter()
                .filter_map(|c| Some(Choice::new(c, w.find(&format!("address-{c}"))?)))
                .collect(),
            languages: vec![Choice::new("nl", "Nederlands"), Choice::new("en", "English")],
        }
    }
}

async fn new_form(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_person()).await?;
    v.html(&FormPage::new(&v, chrome, None, v.query()?))
}

fn read_name(form: &mut Form) -> (PersonName, Option<Lang>) {
    let name = PersonName {
        given_names: form.line("given_names", 200),
        initials: form.line("initials", 30),
        preferred_name: form.line("preferred_name", 100),
        surname_prefix: form.line("surname_prefix", 40),
        surname: form.line("surname", 200),
        title_prefix: form.line("title_prefix", 60),
        title_suffix: form.line("title_suffix", 60),
        form_of_address: FormOfAddress::from_code(form.get("form_of_address")),
        ..PersonName::default()
    };
    (name, form.get("lang").parse().ok())
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let (name, lang) = read_name(&mut form);
    let email = if form.get("email").trim().is_empty() { None } else { form.email("email") };
    let phone = form.line("phone", 40);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let known = match &email {
            Some(address) => {
                let canonical = contact::canonical(contact::Kind::Email, address);
                crate::arrive::owner(&mut tx, &canonical).await?
            }
            None => None,
        };
        if let Some(known) = known {
            form.fault("email", crate::say::address_known(known.get()));
        } else {
            let new = person::NewPerson {
                name,
                lang,
                emails: email.into_iter().collect(),
                phones: Some(phone).filter(|p| !p.is_empty()).into_iter().collect(),
                source: "staff".into(),
                ..person::NewPerson::default()
            };
            match person::add(&mut tx, &new).await {
                Ok(id) => {
                    tx.trail(kring_frame::Mark::changed(&permit, "person").person(id).detail("added"))
                        .await?;
                    tx.commit().await?;
                    return v.see_done(&format!("/people/{id}"), "done-person", None);
                }
                Err(why) => form.absorb(why)?,
            }
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_person()).await?;
    v.html_again(&FormPage::new(&v, chrome, None, form))
}

async fn edit_form(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let p = person::read(&mut tx, &permit, id).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).edit_title(&p.display_name)).await?;
    tx.commit().await?;
    let n = p.name();
    let form = Form::of([
        ("version", p.version.to_string()),
        ("given_names", n.given_names.clone()),
        ("initials", n.initials.clone()),
        ("preferred_name", n.preferred_name.clone()),
        ("surname_prefix", n.surname_prefix.clone()),
        ("surname", n.surname.clone()),
        ("title_prefix", n.title_prefix.clone()),
        ("title_suffix", n.title_suffix.clone()),
        ("form_of_address", n.form_of_address.code()),
        ("lang", p.lang.map(|l| l.tag().to_owned()).unwrap_or_default()),
    ]);
    v.html(&FormPage::new(&v, chrome, Some(id), form))
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    let version = form.int("version", 1..=i64::MAX).unwrap_or_default();
    let (mut name, lang) = read_name(&mut form);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let before = person::load(&mut tx, id).await?.name();
        // What this form does not show stays as it was.
        name.partner_surname = before.partner_surname;
        name.partner_surname_prefix = before.partner_surname_prefix;
        name.name_usage = before.name_usage;
        name.display_override = before.display_override;
        match person::rename(&mut tx, &permit, id, version, &name, lang).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/people/{id}"), "done-person", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, name.display()).await?;
    v.html_again(&FormPage::new(&v, chrome, Some(id), form))
}
