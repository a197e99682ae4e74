//! What another administration has kept for years comes in whole: with labels and states, periods, owners and the days on
//! which it came to be known.

use jiff::civil::Date;
use kring_core::{Error, Result, Timestamp};
use kring_frame::{ActorId, OrganisationId, PersonId, Tx, params, sql};
use kring_lang::names::fold;

use super::name_values;
use crate::{
    address::NewAddress,
    contact, organisation,
    party::{Party, bound},
    person::NewPerson,
    relationship::{NewRelationship, With},
    roles::NewRole,
};

/// Somebody with all that stands in the person's own row, as another administration has kept it.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    pub new: NewPerson,
    pub deceased: bool,
    pub address_protected: bool,
    pub owner: Option<ActorId>,
    /// Since when we know them.
    pub since: Timestamp,
    pub last_contact: Option<Timestamp>,
}

/// Adds people whole, in order; each with the source it names, without addresses. Answers the number of the first: those
/// of the others follow it one by one, as long as nobody else adds people meanwhile, which is looked at.
pub async fn add_whole(tx: &mut Tx, people: &[Whole]) -> Result<PersonId> {
    let (highest,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from people"), params![]).await?;
    let sets = people
        .iter()
        .map(|whole| {
            let mut set = name_values(&whole.new.name);
            set.extend(params![
                whole.new.lang.clone(),
                whole.new.birth_date,
                whole.new.birth_year,
                &whole.new.pronouns,
                whole.new.unit,
                &whole.new.source,
                whole.deceased,
                whole.address_protected,
                whole.owner,
                whole.since,
                whole.last_contact
            ]);
            set
        })
        .collect();
    tx.many(
        sql!(
            "insert into people (given_names, initials, preferred_name, surname_prefix, surname,
                 partner_surname_prefix, partner_surname, name_usage, title_prefix, title_suffix, form_of_address,
                 display_override, display_name, sort_key, lang, birth_date, birth_year, pronouns, unit_id, source, deceased,
                 address_protected, owner_id, created_at, changed_at, last_contact_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
                 $24, $24, $25)"
        ),
        sets,
    )
    .await?;
    let (first, last): (Option<i64>, Option<i64>) =
        tx.one(sql!("select min(id), max(id) from people where id > $1"), params![highest]).await?;
    run_of("people", first, last, people.len()).map(PersonId::new)
}

/// The first of so many numbers, when they follow one another.
fn run_of(what: &str, first: Option<i64>, last: Option<i64>, count: usize) -> Result<i64> {
    match (first, last) {
        (Some(first), Some(last)) if last - first + 1 == count as i64 => Ok(first),
        (None, None) if count == 0 => Ok(0),
        _ => Err(Error::broken(format!("{what} were added by somebody else meanwhile"))),
    }
}

/// Adds organisations without addresses, in order, with who keeps them and since when we know them; a parent is named by
/// its place among these. Answers the number of the first; those of the others follow it.
pub async fn organisations(
    tx: &mut Tx,
    all: &[(organisation::NewOrganisation, Option<usize>, Option<ActorId>, Timestamp, Option<Timestamp>)],
) -> Result<OrganisationId> {
    let (highest,): (i64,) =
        tx.one(sql!("select coalesce(max(id), 0) from organisations"), params![]).await?;
    let sets = all
        .iter()
        .map(|(new, _, owner, since, last)| {
            let kind = new.kind.unwrap_or(organisation::Kind::Company);
            let name = new.name.trim();
            params![
                kind,
                name,
                fold(name),
                new.also_known_as.trim(),
                &new.size_class,
                new.sole_trader,
                new.unit,
                *owner,
                &new.source,
                *since,
                *last
            ]
        })
        .collect();
    tx.many(
        sql!(
            "insert into organisations (kind, name, sort_key, also_known_as, size_class, sole_trader, unit_id, owner_id, source,
                 created_at, changed_at, last_contact_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11)"
        ),
        sets,
    )
    .await?;
    let (first, last): (Option<i64>, Option<i64>) =
        tx.one(sql!("select min(id), max(id) from organisations where id > $1"), params![highest]).await?;
    let first = run_of("organisations", first, last, all.len())?;
    let below = all
        .iter()
        .zip(first..)
        .filter_map(|((_, parent, ..), id)| parent.map(|at| params![first + at as i64, id]))
        .collect();
    tx.many(sql!("update organisations set parent_id = $1 where id = $2"), below).await?;
    Ok(OrganisationId::new(first))
}

/// Makes the words by which these organisations are found; last, when names, addresses and codes are there.
pub async fn index_organisations(tx: &mut Tx, ids: impl Iterator<Item = OrganisationId>) -> Result<()> {
    for id in ids {
        crate::index::index_organisation(tx, id).await?;
    }
    Ok(())
}

/// A mail address or a number, with its label and whether it still works.
#[derive(Clone, Debug)]
pub struct Point {
    pub party: Party,
    pub kind: contact::Kind,
    pub value: String,
    pub label: &'static str,
    pub state: contact::State,
    pub source: String,
    pub at: Timestamp,
}

/// As [`contacts`], with label, state and day of each.
pub async fn points(tx: &mut Tx, points: &[Point]) -> Result<()> {
    let sets = points
        .iter()
        .map(|p| {
            let canonical = contact::canonical(p.kind, &p.value);
            bound(p.party, params![p.kind, &p.value, canonical, p.label, p.state, &p.source, p.at])
        })
        .collect();
    tx.many(
        sql!(
            "insert into contact_points (person_id, organisation_id, kind, value, canonical, label, state, source, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing"
        ),
        sets,
    )
    .await?;
    let owners = points
        .iter()
        .filter_map(|p| match (p.party, p.kind) {
            (Party::Person(id), contact::Kind::Email) => {
                Some(params![contact::canonical(p.kind, &p.value), id])
            }
            _ => None,
        })
        .collect();
    tx.many(
        sql!("insert into address_owners (canonical, person_id) values ($1, $2) on conflict (canonical) do nothing"),
        owners,
    )
    .await
    .map(drop)
}

/// Adds postal addresses, each with the last day on which it held, when it does no more.
pub async fn addresses(
    tx: &mut Tx,
    all: &[(Party, NewAddress, Option<Date>, Timestamp)],
    source: &str,
) -> Result<()> {
    let sets = all
        .iter()
        .map(|(party, new, until, at)| {
            let kind = new.kind.unwrap_or(crate::address::Kind::Home);
            let country = if new.country.is_empty() { "NL" } else { new.country.as_str() };
            let rest = params![
                kind,
                &new.street,
                &new.house_number,
                &new.addition,
                &new.postcode,
                &new.city,
                country,
                source,
                *at,
                *until
            ];
            bound(*party, rest)
        })
        .collect();
    tx.many(
        sql!(
            "insert into postal_addresses (person_id, organisation_id, kind, street, house_number, addition, postcode, city,
                 country, source, added_at, valid_to)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// A role as it was or is, for [`give_roles`].
#[derive(Clone, Debug)]
pub struct Given {
    pub party: Party,
    pub role: NewRole,
    pub source: String,
    /// Follows from a definition: `definition::derive_all` looks after it from then on.
    pub derived: bool,
}

/// Gives roles, in order; the caller knows that nobody has one of them yet. Answers the number of the first; those of the
/// others follow it.
pub async fn give_roles(tx: &mut Tx, all: &[Given], at: Timestamp) -> Result<i64> {
    let (highest,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from party_roles"), params![]).await?;
    let sets = all
        .iter()
        .map(|g| {
            let r = &g.role;
            bound(g.party, params![&r.kind, r.unit, &r.detail, r.from, r.to, &g.source, at, g.derived])
        })
        .collect();
    tx.many(
        sql!(
            "insert into party_roles (person_id, organisation_id, kind, unit_id, detail, valid_from, valid_to, source, added_at, derived)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        sets,
    )
    .await?;
    let (first, last): (Option<i64>, Option<i64>) =
        tx.one(sql!("select min(id), max(id) from party_roles where id > $1"), params![highest]).await?;
    run_of("roles", first, last, all.len())
}

/// Gives codes; one that belongs to somebody already stays theirs.
pub async fn codes(tx: &mut Tx, all: &[(Party, String, String)], source: &str) -> Result<()> {
    let sets =
        all.iter().map(|(party, scheme, value)| bound(*party, params![scheme, value, source])).collect();
    tx.many(
        sql!(
            "insert into identifiers (person_id, organisation_id, scheme, value, source) values ($1, $2, $3, $4, $5)
             on conflict (scheme, value) do nothing"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Writes down relations; the caller knows that they are not there yet and make sense.
pub async fn relationships(
    tx: &mut Tx,
    all: &[(PersonId, With, NewRelationship)],
    at: Timestamp,
) -> Result<()> {
    let actor = tx.actor().id;
    let sets = all
        .iter()
        .map(|(person, with, new)| {
            let (other, organisation) = match with {
                With::Person(id) => (Some(*id), None),
                With::Organisation(id) => (None, Some(*id)),
            };
            params![
                *person,
                other,
                organisation,
                new.kind,
                &new.detail,
                new.from,
                new.to,
                new.basis,
                &new.source,
                new.confirmed_on,
                actor,
                at
            ]
        })
        .collect();
    tx.many(
        sql!(
            "insert into relationships (person_id, other_id, organisation_id, kind, detail, valid_from, valid_to, basis, source,
                 confirmed_on, actor_id, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Gives relations an owner for one group of roles.
pub async fn group_owners(tx: &mut Tx, group: &str, all: &[(Party, ActorId, Timestamp)]) -> Result<()> {
    let sets =
        all.iter().map(|(party, actor, since)| bound(*party, params![group, *actor, *since])).collect();
    tx.many(
        sql!(
            "insert into relation_owners (person_id, organisation_id, relation_group, actor_id, since) values ($1, $2, $3, $4, $5)
             on conflict do nothing"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Writes notes as they were written, by whom and when; their texts have been cleaned (`detect::clean`) before. Answers
/// the number of the first; those of the others follow it.
pub async fn notes_of(tx: &mut Tx, notes: &[(PersonId, ActorId, String, Timestamp)]) -> Result<i64> {
    let (highest,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from notes"), params![]).await?;
    let sets = notes.iter().map(|(id, by, text, at)| params![*id, *by, text, *at]).collect();
    tx.many(sql!("insert into notes (person_id, actor_id, text, at) values ($1, $2, $3, $4)"), sets).await?;
    let (first, last): (Option<i64>, Option<i64>) =
        tx.one(sql!("select min(id), max(id) from notes where id > $1"), params![highest]).await?;
    run_of("notes", first, last, notes.len())
}
