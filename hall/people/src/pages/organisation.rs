use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{OrganisationId, Panel, Permit, Route, Visit, encode};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{
    kind_choices, kind_names,
    person::{RoleChip, chip, owners},
    story::{Month, Pick, months, story},
};
use crate::{
    Party, READ_PEOPLE, WRITE_PEOPLE, Words, address, contact, identifier,
    organisation::{self, Filter, Kind},
    relationship, roles,
};

const PAGE: u32 = 50;
/// So many people of an organisation are in sight; the rest unfolds.
const FIRST: usize = 12;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/organisations", &READ_PEOPLE, list),
        Route::get("/organisations/{id}", &READ_PEOPLE, one),
        Route::post("/organisations/merges/{merge}/undo", &WRITE_PEOPLE, unmerge),
        Route::post("/organisations/{id}/merge", &WRITE_PEOPLE, merge_into),
    ]
}

#[derive(Template)]
#[template(path = "organisations.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    kinds: Vec<Choice>,
    roles: Vec<Choice>,
    rows: Vec<Row>,
    filtered: bool,
    may_write: bool,
    first: String,
    next: String,
}

struct Row {
    id: OrganisationId,
    name: String,
    kind: String,
    roles: Vec<String>,
    city: String,
    people: i64,
    owner: String,
    contact: String,
    exact: String,
}

/// The kinds of organisation, for a field.
pub fn organisation_kinds(w: Words) -> Vec<Choice> {
    Kind::ALL
        .iter()
        .filter_map(|k| Some(Choice::new(k.as_str(), w.find(&format!("organisation-{k}"))?)))
        .collect()
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let query = v.query()?;
    let mut tx = v.house.read(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let filter = Filter {
        words: query.get("q").chars().take(200).collect(),
        kind: Some(query.get("kind").to_owned()).filter(|k| k.parse::<Kind>().is_ok()),
        role: Some(query.get("role").to_owned()).filter(|r| kinds.iter().any(|k| k.key == *r)),
    };
    let after = match (query.get("after"), query.get("id").parse::<OrganisationId>()) {
        ("", _) | (_, Err(_)) => None,
        (key, Ok(id)) => Some((key.to_owned(), id)),
    };
    let found = organisation::list(&mut tx, &permit, &filter, after.clone(), PAGE + 1).await?;
    let base = format!(
        "/organisations?q={}&kind={}&role={}",
        encode(&filter.words),
        filter.kind.clone().unwrap_or_default(),
        filter.role.clone().unwrap_or_default()
    );
    let next = match found.get(PAGE as usize - 1) {
        Some(last) if found.len() > PAGE as usize => {
            format!("{base}&after={}&id={}", encode(&last.sort_key), last.id)
        }
        _ => String::new(),
    };
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let rows = found
        .into_iter()
        .take(PAGE as usize)
        .map(|o| Row {
            id: o.id,
            name: o.name,
            kind: w.find(&format!("organisation-{}", o.kind)).unwrap_or_default().to_owned(),
            roles: kind_names(&kinds, o.roles.as_deref(), v.lang),
            city: o.city.unwrap_or_default(),
            people: o.people,
            owner: o.owner.unwrap_or_default(),
            contact: o.last_contact_at.map(|at| dates::last(at, now, &zone, v.lang)).unwrap_or_default(),
            exact: o.last_contact_at.map(|at| dates::moment(at, &zone, v.lang)).unwrap_or_default(),
        })
        .collect();
    let page = ListPage {
        chrome: v.chrome(&mut tx, w.organisations()).await?,
        w,
        kinds: organisation_kinds(w),
        roles: kind_choices(&kinds, "organisation", v.lang),
        rows,
        filtered: !filter.words.trim().is_empty() || filter.kind.is_some() || filter.role.is_some(),
        may_write: v.actor.may(&WRITE_PEOPLE),
        form: query,
        first: if after.is_some() { base } else { String::new() },
        next,
    };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "organisation.html")]
struct OrganisationPage {
    chrome: Chrome,
    w: Words,
    id: OrganisationId,
    name: String,
    initials: String,
    kind: String,
    also: String,
    above: Vec<(OrganisationId, String)>,
    below: Vec<(OrganisationId, String)>,
    roles: Vec<RoleChip>,
    says: Vec<String>,
    contacts: Vec<(&'static str, String)>,
    places: Vec<String>,
    codes: Vec<(String, String)>,
    members: Vec<Somebody>,
    merged: Vec<(i64, String)>,
    panels: Vec<Panel>,
    months: Vec<Month>,
    chapters: Vec<Pick>,
    units: Vec<Pick>,
    older: String,
    may_write: bool,
}

struct Somebody {
    href: String,
    name: String,
    what: String,
    note: String,
    past: bool,
    alumnus: bool,
}

async fn one(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let it = organisation::read(&mut tx, &permit, id).await?;
    if let Some(kept) = it.merged_into {
        tx.commit().await?;
        return v.see(format!("/organisations/{kept}"));
    }
    let party = Party::Organisation(id);
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let mut above = organisation::path(&mut tx, id).await?;
    above.pop();
    let below = organisation::below(&mut tx, id).await?;
    let roles = roles::of(&mut tx, party).await?.iter().map(|r| chip(r, w, v.lang)).collect();
    let mut says = owners(&mut tx, w, party).await?;
    says.push(w.known_since(dates::day(it.created_at, &zone, v.lang)));
    says.push(match it.last_contact_at {
        Some(at) => w.last_contact(dates::last(at, now, &zone, v.lang)),
        None => w.no_contact_yet().to_owned(),
    });
    let contacts = contact::of(&mut tx, party)
        .await?
        .into_iter()
        .map(|c| {
            let icon = match c.kind {
                contact::Kind::Email => "mail",
                contact::Kind::Phone => "phone",
                contact::Kind::Website => "globe",
            };
            (icon, c.shown())
        })
        .collect();
    let places = address::of(&mut tx, party)
        .await?
        .into_iter()
        .filter(|a| a.valid_to.is_none())
        .map(|a| a.line())
        .collect();
    let codes = identifier::of(&mut tx, party)
        .await?
        .into_iter()
        .map(|c| {
            let scheme = w.find(&format!("scheme-{}", c.scheme.replace('_', "-"))).unwrap_or(&c.scheme);
            (scheme.to_owned(), c.value)
        })
        .collect();
    let today = dates::date_of(now, &zone);
    let members = relationship::members(&mut tx, id, 200)
        .await?
        .into_iter()
        .map(|m| {
            let key = format!("relation-{}", m.kind.as_str().replace('_', "-"));
            let what = w.find(&key).unwrap_or(m.kind.as_str());
            Somebody {
                href: format!("/people/{}", m.person),
                what: if m.detail.is_empty() { what.to_owned() } else { format!("{}, {what}", m.detail) },
                name: m.name,
                note: match (m.to, m.confirmed_on) {
                    (Some(to), _) => w.until(dates::short_date(to, v.lang)),
                    (None, Some(on)) => w.confirmed(dates::relative_day(on, today, v.lang)),
                    (None, None) => String::new(),
                },
                past: m.to.is_some(),
                alumnus: m.alumnus,
            }
        })
        .collect();
    let merged = crate::merge::into(&mut tx, party).await?.into_iter().map(|m| (m.id, m.gone_name)).collect();
    let panels = v.house.rooms.organisation_panels(&mut tx, v.lang, id).await?;
    let story = story(&mut tx, &v, party).await?;
    let chrome = v.chrome(&mut tx, it.name.clone()).await?;
    tx.commit().await?;
    let page = OrganisationPage {
        chrome,
        w,
        id,
        initials: it.name.chars().filter(|c| c.is_alphanumeric()).take(1).collect(),
        kind: w.find(&format!("organisation-{}", it.kind)).unwrap_or_default().to_owned(),
        also: it.also_known_as,
        name: it.name,
        above,
        below,
        roles,
        says,
        contacts,
        places,
        codes,
        members,
        merged,
        panels,
        older: story.older(party),
        chapters: story.chapters,
        units: story.units,
        months: months(story.told.lines, &v, now),
        may_write: v.actor.may(&WRITE_PEOPLE),
    };
    v.html(&page)
}

/// Another organisation turns out to be this one.
async fn merge_into(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let mut form = v.form()?;
    let other = form.line("other", 20).replace('.', "").parse().map_err(|_| kring_core::Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    let merge =
        crate::merge::organisations(&mut tx, &permit, id, OrganisationId::new(other), "by hand").await?;
    tx.commit().await?;
    v.see_done(
        &format!("/organisations/{id}"),
        "done-merged",
        Some(&format!("/organisations/merges/{merge}/undo")),
    )
}

async fn unmerge(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let separate = crate::merge::undo_organisations(&mut tx, &permit, v.path("merge")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/organisations/{separate}"), "done-unmerged", None)
}
