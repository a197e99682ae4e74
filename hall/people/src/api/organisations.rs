//! Organisations over the API.

use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Id, Result, Timestamp};
use kring_formats::code::Scheme;
use kring_frame::{Mark, Once, OrganisationId, Permit, Route, Tx, Visit};
use kring_web::Form;
use serde::{Deserialize, Serialize};
use utoipa::{OpenApi, ToSchema};

use super::{RoleDoc, after, cursor};
use crate::{
    Party, READ_PEOPLE, WRITE_PEOPLE, address, contact,
    duplicates::{self, Marks, OrganisationLikeness},
    identifier, index,
    organisation::{self, Filter, NewOrganisation},
    pages, roles, wall,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::api(Method::GET, "/api/v1/organisations", &READ_PEOPLE, list_organisations),
        Route::api(Method::GET, "/api/v1/organisations/{id}", &READ_PEOPLE, get_organisation),
        Route::api(Method::POST, "/api/v1/organisations", &WRITE_PEOPLE, add_organisation),
    ]
}

#[derive(OpenApi)]
#[openapi(
    paths(list_organisations, get_organisation, add_organisation),
    components(schemas(
        OrganisationDoc,
        OrganisationList,
        NewOrganisationDoc,
        AddressDoc,
        CodeDoc,
        RoleDoc
    ))
)]
struct Docs;

pub fn docs() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}

/// An organisation as the API tells it.
#[derive(Serialize, ToSchema)]
struct OrganisationDoc {
    /// The relation number. A number that was merged into another answers with that other.
    id: i64,
    name: String,
    also_known_as: String,
    #[schema(example = "company")]
    kind: String,
    /// The organisation of which this is a part.
    parent: Option<i64>,
    emails: Vec<String>,
    phones: Vec<String>,
    websites: Vec<String>,
    addresses: Vec<AddressDoc>,
    codes: Vec<CodeDoc>,
    roles: Vec<RoleDoc>,
    #[schema(value_type = String, format = DateTime)]
    known_since: Timestamp,
}

/// What is empty is not known. `country` is two letters; empty is the Netherlands.
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
struct AddressDoc {
    #[schema(max_length = 120)]
    street: String,
    #[schema(example = "12 bis", max_length = 30)]
    house_number: String,
    #[schema(example = "1234 AB", max_length = 12)]
    postcode: String,
    #[schema(max_length = 120)]
    city: String,
    #[schema(example = "NL", max_length = 2)]
    country: String,
}

/// A code that the outside world gave.
#[derive(Serialize, ToSchema)]
struct CodeDoc {
    #[schema(example = "kvk")]
    scheme: String,
    value: String,
}

#[derive(Serialize, ToSchema)]
struct OrganisationList {
    organisations: Vec<OrganisationItem>,
    /// Give this as `after` for the next page; absent on the last.
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct OrganisationItem {
    id: i64,
    name: String,
    kind: String,
    city: Option<String>,
}

/// An organisation to be found or added.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganisationDoc {
    #[schema(max_length = 200, min_length = 1)]
    name: String,
    /// Trade names, abbreviations: it is found by these too.
    #[schema(max_length = 300)]
    also_known_as: Option<String>,
    /// `company` unless said otherwise.
    #[schema(
        example = "company",
        pattern = "^(company|branch|school|municipality|government|association|foundation|care|other)$"
    )]
    kind: Option<String>,
    /// The organisation of which it is a part.
    parent: Option<i64>,
    /// The number in the trade register. Whoever has it already is the organisation that is meant.
    #[schema(pattern = "^[0-9]{8}$")]
    kvk: Option<String>,
    #[schema(format = Email, max_length = 254)]
    email: Option<String>,
    #[schema(max_length = 40)]
    phone: Option<String>,
    address: Option<AddressDoc>,
    /// Organisations that look like this one and were seen to be others.
    #[serde(default)]
    different_from: Vec<i64>,
}

/// Organisations by name, a page at a time.
#[utoipa::path(get, path = "/api/v1/organisations", tag = "organisations", security(("key" = [])),
    params(("q" = Option<String>, Query, description = "beginnings of words of a name, address or code"),
           ("after" = Option<String>, Query, description = "`next` of the page before")),
    responses((status = 200, body = OrganisationList), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 422, description = "`after` is not one of ours")))]
async fn list_organisations(v: Visit, permit: Permit) -> Result<Response> {
    let after = after(&v)?;
    let filter = Filter { words: v.query()?.get("q").chars().take(200).collect(), ..Filter::default() };
    let mut tx = v.house.write(&v.actor).await?;
    let found = organisation::list(&mut tx, &permit, &filter, after, 101).await?;
    let ids = found.iter().take(100).map(|o| o.id.to_string()).collect::<Vec<_>>().join(",");
    tx.trail(Mark::read(&permit, "organisations").detail(format!("ids={ids}"))).await?;
    tx.commit().await?;
    let next = found.get(99).filter(|_| found.len() > 100).map(|o| cursor(o.id, &o.sort_key));
    let organisations = found
        .into_iter()
        .take(100)
        .map(|o| OrganisationItem { id: o.id.get(), name: o.name, kind: o.kind.to_string(), city: o.city })
        .collect();
    v.json_answer(StatusCode::OK, &OrganisationList { organisations, next })
}

/// One organisation. The reading is written in the trail.
#[utoipa::path(get, path = "/api/v1/organisations/{id}", tag = "organisations", security(("key" = [])),
    params(("id" = i64, Path, description = "the relation number")),
    responses((status = 200, body = OrganisationDoc), (status = 401, description = "no key"), (status = 403, description = "the key has not this scope"),
              (status = 404, description = "no such organisation")))]
async fn get_organisation(v: Visit, permit: Permit) -> Result<Response> {
    let id: OrganisationId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let doc = doc(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.json_answer(StatusCode::OK, &doc)
}

async fn doc(tx: &mut Tx, permit: &Permit, id: OrganisationId) -> Result<OrganisationDoc> {
    let id = organisation::current(tx, id).await?;
    let it = organisation::read(tx, permit, id).await?;
    let points = contact::of(tx, id).await?;
    let of = |kind| points.iter().filter(|p| p.kind == kind).map(|p| p.value.clone()).collect();
    let addresses = address::of(tx, id).await?.into_iter().filter(|a| a.valid_to.is_none());
    let codes = identifier::of(tx, id).await?;
    // The number under which a list keeps something is that list's own business.
    let codes = codes.into_iter().filter(|c| Scheme::find(&c.scheme).is_some());
    Ok(OrganisationDoc {
        id: id.get(),
        name: it.name,
        also_known_as: it.also_known_as,
        kind: it.kind.to_string(),
        parent: it.parent.map(Id::get),
        emails: of(contact::Kind::Email),
        phones: of(contact::Kind::Phone),
        websites: of(contact::Kind::Website),
        addresses: addresses
            .map(|a| AddressDoc {
                street: a.street,
                house_number: format!("{} {}", a.house_number, a.addition).trim().to_owned(),
                postcode: a.postcode,
                city: a.city,
                country: a.country,
            })
            .collect(),
        codes: codes.map(|c| CodeDoc { scheme: c.scheme, value: c.value }).collect(),
        roles: roles::of(tx, id).await?.into_iter().map(RoleDoc::from).collect(),
        known_since: it.created_at,
    })
}

/// What was sent, read as a page reads it, so that both refuse the same with the same sentences.
fn read(sent: NewOrganisationDoc) -> Result<(NewOrganisation, Marks)> {
    let text = Option::unwrap_or_default;
    let address = sent.address.unwrap_or_default();
    let mut form = Form::of([
        ("name", sent.name),
        ("also_known_as", text(sent.also_known_as)),
        ("email", text(sent.email)),
        ("phone", text(sent.phone)),
        ("kvk", text(sent.kvk)),
        ("street", address.street),
        ("house_number", address.house_number),
        ("postcode", address.postcode),
        ("city", address.city),
        ("country", address.country),
        ("kind", address::Kind::Visit.to_string()),
    ]);
    let some = |text: String| Some(text).filter(|t| !t.is_empty());
    let kind = sent.kind.map(|kind| kind.parse::<organisation::Kind>());
    if matches!(kind, Some(Err(()))) {
        form.fault("kind", crate::say::organisation_kind_unknown());
    }
    let new = NewOrganisation {
        parent: sent.parent.map(OrganisationId::new),
        kind: kind.and_then(std::result::Result::ok),
        name: form.required_line("name", 200),
        also_known_as: form.line("also_known_as", 300),
        source: "api".into(),
        ..NewOrganisation::default()
    };
    let phone = some(form.line("phone", 40));
    if phone.as_ref().is_some_and(|phone| kring_formats::phone(phone).is_none()) {
        form.fault("phone", crate::say::contact_unreadable());
    }
    let typed = form.line("kvk", 20);
    let kvk = Scheme::Kvk.read(&typed);
    if kvk.is_none() && !typed.is_empty() {
        form.fault("kvk", crate::say::code_unreadable());
    }
    let marks = Marks { kvk, phone, email: form.email("email"), address: pages::read_address(&mut form) };
    form.done()?;
    Ok((new, marks))
}

/// Finds the organisation that has a number of the trade register, or adds one: 200 when known, 201 when new. Where one is
/// known that looks like it, nothing is added until the caller says in `different_from` that it is another.
#[utoipa::path(post, path = "/api/v1/organisations", tag = "organisations", security(("key" = [])), request_body = NewOrganisationDoc,
    params(("Idempotency-Key" = Option<String>, Header, description = "a repeated write with the same key has its effect once")),
    responses((status = 200, body = OrganisationDoc), (status = 201, body = OrganisationDoc), (status = 401, description = "no key"),
              (status = 403, description = "the key has not this scope"), (status = 409, description = "one that looks like it is known"),
              (status = 422, description = "what was sent cannot be accepted")))]
async fn add_organisation(v: Visit, permit: Permit) -> Result<Response> {
    let mut sent: NewOrganisationDoc = v.json()?;
    let seen = std::mem::take(&mut sent.different_from);
    let (new, marks) = read(sent)?;
    let (mut tx, slot) = match v.once().await? {
        Once::Answered(response) => return Ok(response),
        Once::Fresh(tx, slot) => (tx, slot),
    };
    if let Some(kvk) = &marks.kvk
        && let Some(Party::Organisation(known)) = identifier::owner(&mut tx, Scheme::Kvk.key(), kvk).await?
    {
        let known = organisation::current(&mut tx, known).await?;
        // Behind the wall of another legal entity it is not there, and its number is given out all the same.
        if wall::organisation(&mut tx, &permit, known).await.is_err() {
            return Err(Error::field("kvk", crate::say::code_taken()));
        }
        let doc = doc(&mut tx, &permit, known).await?;
        return slot.answer(tx, StatusCode::OK, &doc).await;
    }
    if let Some(parent) = new.parent {
        above(&mut tx, &permit, parent).await?;
    }
    let alike = duplicates::like_organisation(&mut tx, &new, &marks).await?;
    unlike(&mut tx, &permit, &alike, &seen).await?;
    let id = add(&mut tx, &permit, &new, &marks).await?;
    for like in &alike {
        duplicates::propose_organisations(&mut tx, id, like).await?;
    }
    let doc = doc(&mut tx, &permit, id).await?;
    slot.answer(tx, StatusCode::CREATED, &doc).await
}

/// The parent has to be there, for this caller.
async fn above(tx: &mut Tx, permit: &Permit, parent: OrganisationId) -> Result<()> {
    let unknown = || Error::field("parent", crate::say::other_unknown());
    let it = match organisation::load(tx, parent).await {
        Err(Error::NotFound) => return Err(unknown()),
        other => other?,
    };
    let seen = wall::organisation(tx, permit, parent).await.is_ok();
    if seen && it.merged_into.is_none() { Ok(()) } else { Err(unknown()) }
}

/// Refuses while there is one that looks like it and was not seen; one behind a wall is not told of, and waits in the queue
/// for whoever may see both.
async fn unlike(tx: &mut Tx, permit: &Permit, alike: &[OrganisationLikeness], seen: &[i64]) -> Result<()> {
    let mut names = Vec::new();
    for like in alike.iter().filter(|like| !seen.contains(&like.organisation.get())) {
        if wall::organisation(tx, permit, like.organisation).await.is_ok() {
            names.push(format!("{} ({})", like.name, like.organisation));
        }
    }
    if names.is_empty() {
        Ok(())
    } else {
        Err(Error::Conflict(crate::say::organisation_alike(names.join(", "))))
    }
}

async fn add(tx: &mut Tx, permit: &Permit, new: &NewOrganisation, marks: &Marks) -> Result<OrganisationId> {
    let id = organisation::add(tx, new).await?;
    if let Some(kvk) = &marks.kvk {
        match identifier::give(tx, id, Scheme::Kvk, kvk, "api").await {
            // On PostgreSQL two writes may both have found nobody; the second tries again, and finds the first.
            Err(Error::Conflict(_)) => return Err(Error::TooMany(jiff::SignedDuration::from_millis(50))),
            other => other?,
        }
    }
    for (kind, value) in [(contact::Kind::Email, &marks.email), (contact::Kind::Phone, &marks.phone)] {
        if let Some(value) = value {
            contact::add_labelled(tx, id, kind, value, "work", "api").await?;
        }
    }
    address::add(tx, id, &marks.address, "api").await?;
    index::index_organisation(tx, id).await?;
    tx.trail(Mark::changed(permit, "organisation").subject(id.get()).detail("added")).await?;
    Ok(id)
}
