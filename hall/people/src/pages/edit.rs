//! Adding somebody by hand, and changing their own row: one form for both.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result, Tongue};
use kring_frame::{Permit, PersonId, Route, Visit};
use kring_lang::{
    dates,
    names::{FormOfAddress, NameUsage, PersonName},
};
use kring_web::{Choice, Chrome, Form};

use crate::{
    WRITE_PEOPLE, Words, contact,
    duplicates::{self, Likeness},
    person::{self, Details, NewPerson},
};

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
    usages: Vec<Choice>,
    languages: Vec<Choice>,
    /// People who may be the one that is being added.
    alike: Vec<Likeness>,
}

impl FormPage {
    fn new(v: &Visit, chrome: Chrome, id: Option<PersonId>, form: Form) -> Self {
        let w = Words(v.lang);
        let chosen = |prefix: &str, codes: &[&str]| {
            codes.iter().filter_map(|c| Some(Choice::new(*c, w.find(&format!("{prefix}-{c}"))?))).collect()
        };
        Self {
            chrome,
            w,
            id,
            form,
            forms_of_address: chosen("address", &["mr", "mrs", "neutral", "custom"]),
            usages: chosen("usage", &NameUsage::ALL.map(NameUsage::code)),
            languages: Tongue::common().map(|t| Choice::new(t.tag(), t.name_in_own_words())).collect(),
            alike: Vec::new(),
        }
    }
}

async fn new_form(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_person()).await?;
    v.html(&FormPage::new(&v, chrome, None, v.query()?))
}

fn read(v: &Visit, form: &mut Form) -> Details {
    let form_of_address = match form.get("form_of_address") {
        "custom" => {
            let words = form.line("address_words", 40);
            FormOfAddress::from_code(&format!("custom:{words}"))
        }
        code => FormOfAddress::from_code(code),
    };
    let name = PersonName {
        given_names: form.line("given_names", 200),
        initials: form.line("initials", 30),
        preferred_name: form.line("preferred_name", 100),
        surname_prefix: form.line("surname_prefix", 40),
        surname: form.line("surname", 200),
        partner_surname_prefix: form.line("partner_surname_prefix", 40),
        partner_surname: form.line("partner_surname", 200),
        name_usage: NameUsage::from_code(form.get("name_usage")).unwrap_or_default(),
        title_prefix: form.line("title_prefix", 60),
        title_suffix: form.line("title_suffix", 60),
        form_of_address,
        display_override: form.line("display_override", 200),
    };
    let today = dates::date_of(v.house.clock.now(), &v.house.settings.zone);
    let birth_date = form.date("birth_date");
    if birth_date.is_some_and(|born| born > today || born.year() < 1880) {
        form.fault("birth_date", crate::say::birth_impossible());
    }
    let year = i64::from(today.year());
    let birth_year =
        if form.get("birth_year").trim().is_empty() { None } else { form.int("birth_year", 1880..=year) };
    Details {
        name,
        pronouns: form.line("pronouns", 40),
        lang: form.get("lang").parse().ok(),
        birth_year: birth_year.filter(|_| birth_date.is_none()),
        birth_date,
        deceased: form.tick("deceased"),
        address_protected: form.tick("address_protected"),
    }
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let details = read(&v, &mut form);
    let email = if form.get("email").trim().is_empty() { None } else { form.email("email") };
    let phone = form.line("phone", 40);
    if !phone.is_empty() && kring_formats::phone(&phone).is_none() {
        form.fault("phone", crate::say::contact_unreadable());
    }
    let mut alike = Vec::new();
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let canonical = email.as_ref().map(|a| contact::canonical(contact::Kind::Email, a));
        let owner = match &canonical {
            Some(canonical) => crate::arrive::owner(&mut tx, canonical).await?,
            None => None,
        };
        let new = NewPerson {
            name: details.name.clone(),
            lang: details.lang.clone(),
            birth_date: details.birth_date,
            birth_year: details.birth_year,
            pronouns: details.pronouns.clone(),
            emails: email.into_iter().collect(),
            phones: Some(phone).filter(|p| !p.is_empty()).into_iter().collect(),
            source: "staff".into(),
            ..NewPerson::default()
        };
        // Whoever said "somebody else" has seen them.
        if !form.tick("somebody_else") {
            alike = duplicates::like(&mut tx, &new).await?;
        }
        match owner {
            Some(known) if alike.is_empty() && !form.tick("somebody_else") => {
                form.fault("email", crate::say::address_known(known.get()));
            }
            _ if alike.is_empty() => match person::add(&mut tx, &new).await {
                Ok(id) => {
                    tx.trail(kring_frame::Mark::changed(&permit, "person").person(id).detail("added"))
                        .await?;
                    tx.commit().await?;
                    return v.see_done(&format!("/people/{id}"), "done-person", None);
                }
                Err(why) => form.absorb(why)?,
            },
            _ => {}
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).new_person()).await?;
    v.html_again(&FormPage { alike, ..FormPage::new(&v, chrome, None, form) })
}

async fn edit_form(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let p = person::read(&mut tx, &permit, id).await?;
    let chrome = v.chrome(&mut tx, Words(v.lang).edit_title(&p.display_name)).await?;
    tx.commit().await?;
    let n = p.name();
    let tick = |yes: bool| if yes { "on".to_owned() } else { String::new() };
    let code = n.form_of_address.code();
    let (address, words) = code.split_once(':').unwrap_or((code.as_str(), ""));
    let form = Form::of([
        ("version", p.version.to_string()),
        ("given_names", n.given_names.clone()),
        ("initials", n.initials.clone()),
        ("preferred_name", n.preferred_name.clone()),
        ("surname_prefix", n.surname_prefix.clone()),
        ("surname", n.surname.clone()),
        ("partner_surname_prefix", n.partner_surname_prefix.clone()),
        ("partner_surname", n.partner_surname.clone()),
        ("name_usage", n.name_usage.code().to_owned()),
        ("title_prefix", n.title_prefix.clone()),
        ("title_suffix", n.title_suffix.clone()),
        ("form_of_address", address.to_owned()),
        ("address_words", words.to_owned()),
        ("display_override", n.display_override.clone()),
        ("pronouns", p.pronouns.clone()),
        ("lang", p.lang.as_ref().map(|l| l.tag().to_owned()).unwrap_or_default()),
        ("birth_date", p.birth_date.map(|d| d.to_string()).unwrap_or_default()),
        ("birth_year", p.birth_year.map(|y| y.to_string()).unwrap_or_default()),
        ("deceased", tick(p.deceased)),
        ("address_protected", tick(p.address_protected)),
    ]);
    v.html(&FormPage::new(&v, chrome, Some(id), form))
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    let version = form.int("version", 1..=i64::MAX).unwrap_or_default();
    let details = read(&v, &mut form);
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        match person::change(&mut tx, &permit, id, version, &details, "staff").await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/people/{id}"), "done-person", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let chrome = v.chrome(&mut tx, details.name.display()).await?;
    v.html_again(&FormPage::new(&v, chrome, Some(id), form))
}
