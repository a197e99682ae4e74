//! What a derived role means, to be read by everybody and changed by whoever has the right.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::kind_choices;
use crate::{
    DEFINE, READ_PEOPLE, Words,
    definition::{self, Outcome, Rule},
    roles,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/definitions/{kind}", &READ_PEOPLE, show),
        Route::post("/definitions/{kind}", &DEFINE, change),
    ]
}

#[derive(Template)]
#[template(path = "definition.html")]
struct DefinitionPage {
    chrome: Chrome,
    w: Words,
    kind: String,
    name: String,
    says: String,
    versions: Vec<Version>,
    current: i64,
    form: Form,
    kinds: Vec<Choice>,
    preview: Option<(String, Outcome)>,
    may_define: bool,
}

struct Version {
    number: i64,
    says: String,
    note: String,
    by: String,
    people: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let asked = query.names().any(|n| n == "preview");
    page(&v, &permit, asked.then_some(query), false).await
}

fn rule_of(form: &mut Form, kinds: &[roles::Kind]) -> Rule {
    let chosen = |name: &str, form: &Form| -> Vec<String> {
        form.all(name)
            .into_iter()
            .filter(|key| kinds.iter().any(|k| k.key == *key && !k.derived && k.party == "person"))
            .map(str::to_owned)
            .collect()
    };
    let least =
        if form.get("least_months").trim().is_empty() { Some(0) } else { form.int("least_months", 0..=240) };
    Rule {
        kinds: chosen("kinds", form),
        former: chosen("former", form),
        least_months: least.unwrap_or_default(),
        adults_only: form.tick("adults_only"),
    }
}

async fn page(v: &Visit, permit: &Permit, asked: Option<Form>, wrong: bool) -> Result<Response> {
    let kind: String = v.path("kind")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let name =
        kinds.iter().find(|k| k.key == kind && k.derived).ok_or(Error::NotFound)?.name(v.lang).to_owned();
    let versions = definition::versions(&mut tx, &kind).await?;
    let newest = versions.first().ok_or(Error::NotFound)?;
    let (current, rule) = (newest.version, newest.rule());
    let preview = match &asked {
        Some(form) if !wrong => {
            let rule = rule_of(&mut form.clone(), &kinds);
            Some((rule.says(&kinds, v.lang), definition::preview(&mut tx, permit, &kind, &rule).await?))
        }
        _ => None,
    };
    let form = asked.unwrap_or_else(|| {
        let mut values: Vec<(&str, String)> = Vec::new();
        values.extend(rule.kinds.iter().map(|k| ("kinds", k.clone())));
        values.extend(rule.former.iter().map(|k| ("former", k.clone())));
        values.push(("least_months", rule.least_months.to_string()));
        if rule.adults_only {
            values.push(("adults_only", "on".into()));
        }
        Form::of(values)
    });
    let zone = &v.house.settings.zone;
    let hand: Vec<roles::Kind> = kinds.iter().filter(|k| !k.derived).cloned().collect();
    let page = DefinitionPage {
        chrome: v.chrome(&mut tx, w.definition_title(&name)).await?,
        w,
        says: rule.says(&kinds, v.lang),
        versions: versions
            .into_iter()
            .map(|d| Version {
                number: d.version,
                says: d.rule().says(&kinds, v.lang),
                note: d.note.clone(),
                by: if d.at.as_millisecond() == 0 {
                    w.definition_shipped().to_owned()
                } else {
                    w.definition_by(&d.by, dates::day(d.at, zone, v.lang))
                },
                people: d.people.map(|n| kring_lang::numbers::int(n, v.lang)).unwrap_or_default(),
            })
            .collect(),
        kind,
        name,
        current,
        kinds: kind_choices(&hand, "person", v.lang),
        preview,
        form,
        may_define: v.actor.may(&DEFINE),
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let kind: String = v.path("kind")?;
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let rule = rule_of(&mut form, &kinds);
    let note = form.line("note", 300);
    let before = form.int("version", 0..=i64::MAX).unwrap_or_default();
    if form.done().is_ok() {
        match definition::change(&mut tx, &permit, &kind, before, &rule, &note).await {
            Ok(_) => {
                tx.commit().await?;
                return v.see_done(&format!("/definitions/{kind}"), "done-definition", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    drop(tx);
    let read = v.actor.permit(&READ_PEOPLE)?;
    page(&v, &read, Some(form), true).await
}
