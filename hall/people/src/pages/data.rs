//! What we hold of a person or an organisation, laid out for whoever keeps it: roles, relations, addresses, codes,
//! owners, each with a form of its own. Both kinds of party have the same page.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_formats::code::{Holder, Scheme};
use kring_frame::{ActorId, Mark, OrganisationId, Permit, PersonId, Route, Tx, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{colleagues, kind_choices, list::source_named, own::own_sources, unit_choices};
use crate::{
    Party, WRITE_PEOPLE, Words, address, contact, identifier, index, organisation, owner, person,
    relationship::{self, Basis, NewRelationship, With},
    roles::{self, NewRole},
    search, source,
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
        "role" => give_role(&mut tx, &permit, party, &mut form).await,
        "role-end" => end_role(&mut tx, &permit, party, &mut form).await,
        "relation" => make_relation(&mut tx, &permit, party, &mut form).await,
        "relation-end" => end_relation(&mut tx, &permit, party, &mut form).await,
        "address" => add_address(&mut tx, &permit, party, &mut form).await,
        "contact" => add_contact(&mut tx, &permit, party, &mut form).await,
        "contact-remove" => remove_contact(&mut tx, &permit, party, &mut form).await,
        "code" => add_code(&mut tx, &permit, party, &mut form).await,
        "owner" => set_owner(&mut tx, &permit, party, &mut form).await,
        _ => Err(Error::NotFound),
    };
    match done {
        Ok(()) => {
            reindex(&mut tx, party).await?;
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

async fn reindex(tx: &mut Tx, party: Party) -> Result<()> {
    match party {
        Party::Person(id) => index::index_person(tx, id).await,
        Party::Organisation(id) => index::index_organisation(tx, id).await,
    }
}

async fn traced(tx: &mut Tx, permit: &Permit, party: Party, what: &'static str) -> Result<()> {
    let mark = Mark::changed(permit, what);
    let mark = match party {
        Party::Person(id) => mark.person(id),
        Party::Organisation(id) => mark.subject(id.get()).detail("organisation"),
    };
    tx.trail(mark).await
}

async fn give_role(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    form.required("kind");
    let role = NewRole {
        kind: form.get("kind").to_owned(),
        unit: form.id("unit"),
        detail: form.line("detail", 200),
        from: form.date("from"),
        to: form.date("to"),
    };
    let sort = if matches!(party, Party::Person(_)) { "person" } else { "organisation" };
    let kinds = roles::kinds(tx).await?;
    if !role.kind.is_empty() && !kinds.iter().any(|k| k.key == role.kind && k.party == sort && !k.derived) {
        form.fault("kind", crate::say::role_unknown());
    }
    form.done()?;
    roles::give_new(tx, party, &role, "staff").await?;
    traced(tx, permit, party, "role").await
}

async fn end_role(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let id = form.get("id").parse().map_err(|_| Error::NotFound)?;
    let last = last_day(tx, form)?;
    roles::end(tx, party, id, last).await?;
    traced(tx, permit, party, "role").await
}

/// The day that was given, or today.
fn last_day(tx: &Tx, form: &mut Form) -> Result<jiff::civil::Date> {
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let day = form.date("to");
    form.done()?;
    Ok(day.unwrap_or(today))
}

async fn make_relation(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let Party::Person(person) = party else { return Err(Error::NotFound) };
    form.required("kind");
    let kind: Option<relationship::Kind> = form.get("kind").parse().ok();
    let new = NewRelationship {
        kind: kind.unwrap_or(relationship::Kind::Knows),
        detail: form.line("function", 200),
        from: form.date("from"),
        to: None,
        basis: form.get("basis").parse().unwrap_or(Basis::Staff),
        confirmed_on: Some(dates::date_of(tx.now(), &tx.house().settings.zone)),
        source: "staff".into(),
    };
    let other = form.required_line("other", 200);
    form.done()?;
    let Some(kind) = kind else { return Err(Error::field("kind", crate::say::role_unknown())) };
    let with = other_side(tx, permit, kind, &other).await?;
    // Read from the other side, a relation between people is the other's.
    let (one, with) = match with {
        With::Person(other) if form.tick("inverse") => (other, With::Person(person)),
        with => (person, with),
    };
    relationship::make(tx, one, with, &new).await?;
    traced(tx, permit, party, "relationship").await
}

/// Who is meant: a number, or words that exactly one answers to.
async fn other_side(tx: &mut Tx, permit: &Permit, kind: relationship::Kind, text: &str) -> Result<With> {
    let number: Option<i64> =
        text.split([' ', '·']).next().and_then(|first| first.replace('.', "").parse().ok());
    if kind.with_organisation() {
        if let Some(id) = number.map(OrganisationId::new) {
            organisation::load(tx, id).await.map_err(|_| unknown())?;
            return Ok(With::Organisation(id));
        }
        let filter = organisation::Filter { words: text.to_owned(), ..organisation::Filter::default() };
        let found = organisation::list(tx, permit, &filter, None, 2).await?;
        return match found.as_slice() {
            [one] => Ok(With::Organisation(one.id)),
            [] => Err(unknown()),
            _ => Err(Error::field("other", crate::say::other_several())),
        };
    }
    if let Some(id) = number.map(PersonId::new) {
        let found = person::load(tx, id).await.map_err(|_| unknown())?;
        return if found.state == person::State::Known { Ok(With::Person(id)) } else { Err(unknown()) };
    }
    let found = search::find(tx, permit, text, 2).await?;
    match found.as_slice() {
        [one] => Ok(With::Person(one.id)),
        [] => Err(unknown()),
        _ => Err(Error::field("other", crate::say::other_several())),
    }
}

fn unknown() -> Error {
    Error::field("other", crate::say::other_unknown())
}

async fn end_relation(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let Party::Person(person) = party else { return Err(Error::NotFound) };
    let id = form.get("id").parse().map_err(|_| Error::NotFound)?;
    let last = last_day(tx, form)?;
    relationship::end(tx, permit, person, id, last).await
}

/// An address as it was typed, on a page or for the API.
pub(crate) fn read_address(form: &mut Form) -> address::NewAddress {
    let country = form.line("country", 2).to_uppercase();
    let typed = form.line("postcode", 12);
    let dutch = country.is_empty() || country == "NL";
    let postcode = match kring_formats::postcode(&typed) {
        Some(postcode) if dutch => postcode,
        _ if typed.is_empty() || !dutch => typed.to_uppercase(),
        _ => {
            form.fault("postcode", crate::say::postcode_unreadable());
            String::new()
        }
    };
    let number = form.line("house_number", 30);
    let number = match kring_formats::house_number(&number) {
        Some(number) => number,
        None if number.is_empty() => kring_formats::HouseNumber::default(),
        None => {
            form.fault("house_number", crate::say::house_number_unreadable());
            kring_formats::HouseNumber::default()
        }
    };
    address::NewAddress {
        kind: form.get("kind").parse().ok(),
        street: form.line("street", 120),
        house_number: number.number,
        addition: number.addition,
        postcode,
        city: form.line("city", 120),
        country,
    }
}

async fn add_address(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let new = read_address(form);
    if new.is_empty() {
        form.fault("street", crate::say::address_empty());
    }
    form.done()?;
    address::add(tx, party, &new, "staff").await?;
    traced(tx, permit, party, "address").await
}

async fn add_contact(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let value = form.required_line("value", 254);
    form.done()?;
    let label = form.get("label").to_owned();
    let label = if ["private", "school", "work"].contains(&label.as_str()) { label } else { String::new() };
    let kind = if value.contains('@') {
        form.email("value");
        contact::Kind::Email
    } else {
        if kring_formats::phone(&value).is_none() {
            form.fault("value", crate::say::contact_unreadable());
        }
        contact::Kind::Phone
    };
    form.done()?;
    contact::add_labelled(tx, party, kind, &value, &label, "staff").await?;
    traced(tx, permit, party, "contact").await
}

async fn remove_contact(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let id = form.get("id").parse().map_err(|_| Error::NotFound)?;
    contact::remove(tx, party, id).await?;
    traced(tx, permit, party, "contact").await
}

async fn add_code(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    form.required("scheme");
    let code = form.required_line("code", 200);
    form.done()?;
    let scheme = Scheme::find(form.get("scheme")).ok_or(Error::NotFound)?;
    identifier::give(tx, party, scheme, &code, "staff").await?;
    traced(tx, permit, party, "code").await
}

async fn set_owner(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let group = form.get("group").to_owned();
    if !group.is_empty() && !roles::GROUPS.contains(&group.as_str()) {
        return Err(Error::NotFound);
    }
    let owner: Option<ActorId> = form.get("owner").parse::<i64>().ok().map(Id::new);
    owner::set(tx, permit, party, &group, owner).await
}
