//! What each of the forms does, beside the page that shows them.

use kring_core::{Error, Id, Result};
use kring_formats::code::Scheme;
use kring_frame::{ActorId, Mark, OrganisationId, Permit, PersonId, Tx};
use kring_lang::dates;
use kring_web::Form;

use crate::{
    Party, address, contact, identifier, index, organisation, owner, person,
    relationship::{self, Basis, NewRelationship, With},
    roles::{self, NewRole},
    search,
};

pub(super) async fn reindex(tx: &mut Tx, party: Party) -> Result<()> {
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

pub(super) async fn give_role(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
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

pub(super) async fn end_role(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
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

pub(super) async fn make_relation(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
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

pub(super) async fn end_relation(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
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

pub(super) async fn add_address(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let new = read_address(form);
    if new.is_empty() {
        form.fault("street", crate::say::address_empty());
    }
    form.done()?;
    address::add(tx, party, &new, "staff").await?;
    traced(tx, permit, party, "address").await
}

pub(super) async fn add_contact(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
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

pub(super) async fn remove_contact(
    tx: &mut Tx,
    permit: &Permit,
    party: Party,
    form: &mut Form,
) -> Result<()> {
    let id = form.get("id").parse().map_err(|_| Error::NotFound)?;
    contact::remove(tx, party, id).await?;
    traced(tx, permit, party, "contact").await
}

pub(super) async fn add_code(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    form.required("scheme");
    let code = form.required_line("code", 200);
    form.done()?;
    let scheme = Scheme::find(form.get("scheme")).ok_or(Error::NotFound)?;
    identifier::give(tx, party, scheme, &code, "staff").await?;
    traced(tx, permit, party, "code").await
}

pub(super) async fn set_owner(tx: &mut Tx, permit: &Permit, party: Party, form: &mut Form) -> Result<()> {
    let group = form.get("group").to_owned();
    if !group.is_empty() && !roles::GROUPS.contains(&group.as_str()) {
        return Err(Error::NotFound);
    }
    let owner: Option<ActorId> = form.get("owner").parse::<i64>().ok().map(Id::new);
    owner::set(tx, permit, party, &group, owner).await
}
