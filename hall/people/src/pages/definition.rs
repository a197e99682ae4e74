//! What a derived role means, in the institution and in each of its parts: to be read by everybody and changed by whoever
//! has the right there.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Lang, Result};
use kring_frame::{Permit, Route, Tx, UnitId, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{kind_choices, unit_choices};
use crate::{
    DEFINE, READ_PEOPLE, Words,
    definition::{self, Definition, Outcome, Rule},
    roles, units,
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
    /// What holds here.
    says: String,
    /// What the institution says, where a unit is looked at.
    house: String,
    /// As it is chosen; the institution is the top of the tree.
    at: String,
    /// Whose definition it is: empty for the institution's.
    unit: String,
    units: Vec<Choice>,
    /// Units with a definition of their own: name, address, and what it says.
    stricter: Vec<(String, String, String)>,
    versions: Vec<Version>,
    current: i64,
    /// The unit has a definition of its own that it could take back.
    own: bool,
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
    let unit = query.get("unit").parse().ok();
    let asked = query.names().any(|n| n == "preview");
    page(&v, &permit, unit, asked.then_some(query)).await
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

/// The fields as a rule fills them.
fn filled(rule: &Rule) -> Form {
    let mut values: Vec<(&str, String)> = Vec::new();
    values.extend(rule.kinds.iter().map(|k| ("kinds", k.clone())));
    values.extend(rule.former.iter().map(|k| ("former", k.clone())));
    values.push(("least_months", rule.least_months.to_string()));
    if rule.adults_only {
        values.push(("adults_only", "on".into()));
    }
    Form::of(values)
}

/// The effect of what was typed, once nothing is wrong with it.
async fn effect(
    tx: &mut Tx,
    permit: &Permit,
    kind: &str,
    unit: Option<UnitId>,
    form: &mut Form,
    lang: Lang,
) -> Result<Option<(String, Outcome)>> {
    let kinds = roles::kinds(tx).await?;
    let rule = rule_of(form, &kinds);
    if let Err(why) = definition::check(tx, kind, unit, &rule).await {
        form.absorb(why)?;
    }
    if form.done().is_err() {
        return Ok(None);
    }
    let outcome = definition::preview(tx, permit, kind, unit, Some(&rule)).await?;
    Ok(Some((rule.says(&kinds, lang), outcome)))
}

/// A form that was asked with has its effect on the page, or what is wrong with it.
async fn page(v: &Visit, permit: &Permit, unit: Option<UnitId>, asked: Option<Form>) -> Result<Response> {
    let kind: String = v.path("kind")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let unit = definition::place(&mut tx, unit).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let name =
        kinds.iter().find(|k| k.key == kind && k.derived).ok_or(Error::NotFound)?.name(v.lang).to_owned();
    let meaning = definition::meaning(&mut tx, &kind).await?.ok_or(Error::NotFound)?;
    let versions = definition::versions(&mut tx, &kind, unit).await?;
    let newest = versions.first().and_then(Definition::rule);
    let holds = meaning.in_unit(unit).clone();
    let mut form = asked.clone().unwrap_or_else(|| filled(newest.as_ref().unwrap_or(&holds)));
    let preview = match asked {
        Some(_) if form.done().is_ok() => effect(&mut tx, permit, &kind, unit, &mut form, v.lang).await?,
        _ => None,
    };
    let may_define = match v.actor.permit(&DEFINE) {
        Ok(permit) => definition::may_decide(&mut tx, &permit, unit).await?,
        Err(_) => false,
    };
    let all = units::all(&mut tx).await?;
    let unit_name = |id: UnitId| all.iter().find(|u| u.id == id).map_or("", |u| u.name(v.lang)).to_owned();
    let address = |id: UnitId| format!("/definitions/{kind}?unit={id}");
    let stricter = meaning
        .own()
        .into_iter()
        .filter(|_| unit.is_none())
        .map(|(id, _)| (unit_name(id), address(id), meaning.in_unit(Some(id)).says(&kinds, v.lang)));
    let top = all.iter().find(|u| u.parent.is_none()).map(|u| u.id);
    let hand: Vec<roles::Kind> = kinds.iter().filter(|k| !k.derived).cloned().collect();
    let wrong = !form.faults().is_empty();
    let page = DefinitionPage {
        chrome: v.chrome(&mut tx, w.definition_title(&name)).await?,
        w,
        says: holds.says(&kinds, v.lang),
        house: unit.map(|_| meaning.in_unit(None).says(&kinds, v.lang)).unwrap_or_default(),
        at: unit.or(top).map(|id| id.to_string()).unwrap_or_default(),
        unit: unit.map(|id| id.to_string()).unwrap_or_default(),
        units: unit_choices(&mut tx, v.lang).await?,
        stricter: stricter.collect(),
        current: versions.first().map_or(0, |d| d.version),
        own: unit.is_some() && newest.is_some(),
        versions: versions.into_iter().map(|d| version(v, &kinds, d)).collect(),
        kind: kind.clone(),
        name,
        kinds: kind_choices(&hand, "person", v.lang),
        preview,
        form,
        may_define,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

fn version(v: &Visit, kinds: &[roles::Kind], d: Definition) -> Version {
    let w = Words(v.lang);
    Version {
        number: d.version,
        says: d.rule().map_or_else(|| w.definition_inherits().to_owned(), |rule| rule.says(kinds, v.lang)),
        by: if d.at.as_millisecond() == 0 {
            w.definition_shipped().to_owned()
        } else {
            w.definition_by(&d.by, dates::day(d.at, &v.house.settings.zone, v.lang))
        },
        people: d.people.map(|n| kring_lang::numbers::int(n, v.lang)).unwrap_or_default(),
        note: d.note,
    }
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let kind: String = v.path("kind")?;
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    if !kinds.iter().any(|k| k.key == kind && k.derived) {
        return Err(Error::NotFound);
    }
    let unit: Option<UnitId> = form.id("unit");
    let back = format!("/definitions/{kind}{}", unit.map(|u| format!("?unit={u}")).unwrap_or_default());
    let inherits = form.tick("inherit");
    let rule = if inherits { None } else { Some(rule_of(&mut form, &kinds)) };
    let note = form.line("note", 300);
    let before = form.int("version", 0..=i64::MAX).unwrap_or_default();
    if form.done().is_ok() {
        match definition::change(&mut tx, &permit, &kind, unit, before, rule.as_ref(), &note).await {
            Ok(_) => {
                tx.commit().await?;
                let done = if inherits { "done-definition-inherits" } else { "done-definition" };
                return v.see_done(&back, done, None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => form.absorb(why)?,
        }
    }
    drop(tx);
    let read = v.actor.permit(&READ_PEOPLE)?;
    page(&v, &read, unit, Some(form)).await
}
