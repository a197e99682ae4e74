//! What we hold of a person or an organisation, laid out for whoever keeps it: roles, relations, addresses, codes,
//! owners, each with a form of its own. Both kinds of party have the same page.

mod acts;

pub(crate) use acts::read_address;

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_formats::code::{Holder, Scheme};
use kring_frame::{OrganisationId, Permit, PersonId, Route, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{colleagues, kind_choices, list::source_named, own::own_sources, unit_choices};
use crate::{
    Party, WRITE_PEOPLE, Words, address, contact, identifier, organisation, owner, person,
    relationship::{self, Basis},
    roles, source,
    timeline::relation_words,
    wall,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/{id}/data", &WRITE_PEOPLE, person_data),
        Route::post("/people/{id}/data", &WRITE_PEOPLE, person_act),
        Route::get("/organisations/{id}/data", &WRITE_PEOPLE, organisation_data),
        Route::post("/organisations/{id}/data", &WRITE_PEOPLE, organisation_act),
    ]
}

#[derive(Template)]
#[template(path = "data.html")]
struct DataPage {
    chrome: Chrome,
    w: Words,
    party: Party,
    name: String,
    form: Form,
    /// The section whose form was refused.
    at: String,
    /// The values of the party's own row.
    own: Vec<Item>,
    roles: Vec<Item>,
    relations: Vec<Item>,
    addresses: Vec<Item>,
    contacts: Vec<Item>,
    codes: Vec<Item>,
    owners: Vec<Item>,
    role_kinds: Vec<Choice>,
    units: Vec<Choice>,
    relation_kinds: Vec<Choice>,
    bases: Vec<Choice>,
    address_kinds: Vec<Choice>,
    schemes: Vec<Choice>,
    groups: Vec<Choice>,
    colleagues: Vec<Choice>,
}

impl DataPage {
    fn href(&self) -> String {
        self.party.href()
    }
    fn action(&self) -> String {
        format!("{}/data", self.party.href())
    }
    fn is_person(&self) -> bool {
        matches!(self.party, Party::Person(_))
    }
    /// What stands in the form of a section: what was typed, when it was this one.
    fn typed(&self, section: &str) -> Form {
        if self.at == section { self.form.clone() } else { Form::default() }.placed(section)
    }
}

/// Something that is held, with where it came from and what can be done with it.
struct Item {
    id: String,
    text: String,
    note: String,
    href: Option<String>,
    /// Over, or out of use.
    past: bool,
    /// The word on its button, when it can be ended or taken away.
    act: Option<&'static str>,
}

async fn person_data(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    person::read(&mut tx, &permit, id).await?;
    tx.commit().await?;
    show(&v, id.into(), Form::default(), "").await
}

async fn organisation_data(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    organisation::read(&mut tx, &permit, id).await?;
    tx.commit().await?;
    show(&v, id.into(), Form::default(), "").await
}

async fn person_act(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    act(v, permit, id.into()).await
}

async fn organisation_act(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    act(v, permit, id.into()).await
}

async fn show(v: &Visit, party: Party, form: Form, at: &str) -> Result<Response> {
    let w = Words(v.lang);
    let lang = v.lang;
    let mut tx = v.house.read(&v.actor).await?;
    let tx = &mut tx;
    let (name, protected) = match party {
        Party::Person(id) => {
            let p = person::load(tx, id).await?;
            (p.display_name, p.address_protected)
        }
        Party::Organisation(id) => (organisation::load(tx, id).await?.name, false),
    };
    let day = |d: Option<jiff::civil::Date>| d.map(|d| dates::short_date(d, lang)).unwrap_or_default();
    let period = |from, to: Option<jiff::civil::Date>| match (from, to) {
        (None, None) => String::new(),
        (from, None) => w.since(day(from)),
        (None, to) => w.until(day(to)),
        (from, to) => format!("{} – {}", day(from), day(to)),
    };
    let note =
        |parts: &[String]| parts.iter().filter(|p| !p.is_empty()).cloned().collect::<Vec<_>>().join(" · ");
    let roles = roles::of(tx, party).await?;
    let ties = match party {
        Party::Organisation(_) => Vec::new(),
        Party::Person(id) => relationship::of(tx, id).await?,
    };
    let addresses = address::of(tx, party).await?;
    let contacts = contact::of(tx, party).await?;
    let codes = identifier::of(tx, party).await?;
    let (came, traced) = own_sources(tx, party).await?;
    let sources = roles.iter().map(|r| r.source.as_str()).chain(ties.iter().map(|t| t.source.as_str()));
    let sources = sources.chain(addresses.iter().map(|a| a.source.as_str()));
    let sources = sources.chain(contacts.iter().map(|c| c.source.as_str()));
    let sources = sources.chain(codes.iter().map(|c| c.source.as_str()));
    let sources = sources.chain(traced.iter().map(|t| t.source.as_str())).chain([came.0.as_str()]);
    let names = source::names(tx, sources).await?;
    let zone = v.house.settings.zone.clone();
    let from = |source: &str| w.from_source(source_named(w, &names, &zone, source));
    let mut own = vec![Item {
        id: String::new(),
        text: w.came_from(source_named(w, &names, &zone, &came.0), dates::day(came.1, &zone, lang)),
        note: String::new(),
        href: None,
        past: false,
        act: None,
    }];
    own.extend(traced.into_iter().map(|t| Item {
        id: String::new(),
        text: w.find(&format!("attribute-{}", t.attribute.replace('_', "-"))).unwrap_or_default().to_owned(),
        note: note(&[from(&t.source), w.changed_by(t.by, dates::day(t.at, &zone, lang))]),
        href: None,
        past: false,
        act: None,
    }));
    let roles = roles.into_iter().map(|r| {
        let place = r.place(lang);
        let text =
            if place.is_empty() { r.name(lang).to_owned() } else { format!("{} · {place}", r.name(lang)) };
        Item {
            id: r.id.to_string(),
            text,
            note: note(&[period(r.from, r.to), from(&r.source)]),
            href: None,
            past: r.to.is_some(),
            act: (r.to.is_none() && !r.derived).then(|| w.end()),
        }
    });
    let roles = roles.collect();
    let relations = ties
        .into_iter()
        .map(|r| Item {
            id: r.id.to_string(),
            text: format!("{} {}", relation_words(w, &r), r.name),
            note: note(&[
                r.detail.clone(),
                period(r.from, r.to),
                w.find(&format!("basis-{}", r.basis.as_str().replace('_', "-")))
                    .unwrap_or_default()
                    .to_owned(),
                r.confirmed_on.map(|d| w.confirmed(dates::short_date(d, lang))).unwrap_or_default(),
                from(&r.source),
            ]),
            href: r
                .other
                .map(|id| format!("/people/{id}"))
                .or_else(|| r.organisation.map(|id| format!("/organisations/{id}"))),
            past: r.to.is_some(),
            act: r.to.is_none().then(|| w.end()),
        })
        .collect();
    let addresses = addresses
        .into_iter()
        .map(|a| Item {
            id: a.id.to_string(),
            text: if protected { w.address_protected().to_owned() } else { a.line() },
            note: note(&[
                w.find(&format!("address-kind-{}", a.kind)).unwrap_or_default().to_owned(),
                a.valid_to.map(|d| w.until(dates::short_date(d, lang))).unwrap_or_default(),
                from(&a.source),
            ]),
            href: None,
            past: a.valid_to.is_some(),
            act: None,
        })
        .collect();
    let contacts = contacts
        .into_iter()
        .map(|c| Item {
            id: c.id.to_string(),
            text: c.shown(),
            note: note(&[
                w.find(&format!("label-{}", c.label)).unwrap_or_default().to_owned(),
                if c.state == contact::State::Dead { w.address_dead().to_owned() } else { String::new() },
                from(&c.source),
            ]),
            href: None,
            past: c.state == contact::State::Dead,
            act: Some(w.take_away()),
        })
        .collect();
    let codes = codes
        .into_iter()
        .map(|c| Item {
            id: c.id.to_string(),
            text: c.value.clone(),
            note: note(&[scheme_name(w, &c.scheme), from(&c.source)]),
            href: None,
            past: false,
            act: None,
        })
        .collect();
    let owners = owner::of(tx, party)
        .await?
        .into_iter()
        .map(|o| Item {
            id: o.group.clone(),
            text: o.name,
            note: w.find(&format!("group-{}", o.group)).unwrap_or_else(|| w.group_whole()).to_owned(),
            href: None,
            past: false,
            act: Some(w.take_away()),
        })
        .collect();
    let kinds = roles::kinds(tx).await?;
    let (sort, holder) = match party {
        Party::Person(_) => ("person", Holder::Person),
        Party::Organisation(_) => ("organisation", Holder::Organisation),
    };
    let chosen = |prefix: &str, keys: &[&str]| -> Vec<Choice> {
        keys.iter()
            .filter_map(|k| Some(Choice::new(*k, w.find(&format!("{prefix}-{}", k.replace('_', "-")))?)))
            .collect()
    };
    let relation_keys: Vec<&str> = relationship::Kind::ALL.iter().map(|k| k.as_str()).collect();
    let basis_keys: Vec<&str> = Basis::ALL.iter().map(|k| k.as_str()).collect();
    let address_keys: Vec<&str> = address::Kind::ALL.iter().map(|k| k.as_str()).collect();
    let mut groups = vec![Choice::new("", w.group_whole())];
    groups.extend(chosen("group", roles::GROUPS));
    let page = DataPage {
        chrome: v.chrome(tx, w.data_title(&name)).await?,
        w,
        party,
        name,
        own,
        roles,
        relations,
        addresses,
        contacts,
        codes,
        owners,
        role_kinds: kind_choices(&kinds.into_iter().filter(|k| !k.derived).collect::<Vec<_>>(), sort, lang),
        units: unit_choices(tx, lang).await?,
        relation_kinds: chosen("relation", &relation_keys),
        bases: chosen("basis", &basis_keys),
        address_kinds: chosen("address-kind", &address_keys),
        schemes: Scheme::of(holder).map(|s| Choice::new(s.key(), scheme_name(w, s.key()))).collect(),
        groups,
        colleagues: colleagues(tx).await?,
        at: at.to_owned(),
        form,
    };
    if at.is_empty() { v.html(&page) } else { v.html_again(&page) }
}

fn scheme_name(w: Words, scheme: &str) -> String {
    match scheme.strip_prefix("list:") {
        Some(list) => w.scheme_list(list),
        None => w.find(&format!("scheme-{}", scheme.replace('_', "-"))).unwrap_or(scheme).to_owned(),
    }
}

async fn act(v: Visit, permit: Permit, party: Party) -> Result<Response> {
    let mut form = v.form()?;
    let section = form.get("section").to_owned();
    let mut tx = v.house.write(&v.actor).await?;
    match party {
        Party::Person(id) => wall::person(&mut tx, &permit, id).await?,
        Party::Organisation(id) => wall::organisation(&mut tx, &permit, id).await?,
    }
    let done = match section.as_str() {
        "role" => acts::give_role(&mut tx, &permit, party, &mut form).await,
        "role-end" => acts::end_role(&mut tx, &permit, party, &mut form).await,
        "relation" => acts::make_relation(&mut tx, &permit, party, &mut form).await,
        "relation-end" => acts::end_relation(&mut tx, &permit, party, &mut form).await,
        "address" => acts::add_address(&mut tx, &permit, party, &mut form).await,
        "contact" => acts::add_contact(&mut tx, &permit, party, &mut form).await,
        "contact-remove" => acts::remove_contact(&mut tx, &permit, party, &mut form).await,
        "code" => acts::add_code(&mut tx, &permit, party, &mut form).await,
        "owner" => acts::set_owner(&mut tx, &permit, party, &mut form).await,
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => {
            acts::reindex(&mut tx, party).await?;
            tx.commit().await?;
            v.see_done(&format!("{}/data", party.href()), "done-person", None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            form.fault("", what);
            show(&v, party, form, &section).await
        }
        Err(why) => {
            drop(tx);
            form.absorb(why)?;
            show(&v, party, form, &section).await
        }
    }
}
