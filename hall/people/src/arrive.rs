//! Somebody comes in through a public door with a name and a mail address.

use kring_core::{Error, Result, Tongue};
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::{NameUsage, PersonName, split_full_name};

use crate::{contact, merge, person};

/// What a visitor told of themselves.
#[derive(Clone, Debug)]
pub struct Arrival {
    pub name: String,
    pub email: String,
    pub lang: Tongue,
    /// `form`, `api`, `mail`.
    pub source: String,
}

/// Finds the person who answers to this address, or makes one: never two for one address, also when the form
/// is sent twice at the same moment. A known person's data is not touched by what a stranger may have typed.
pub async fn find_or_make(tx: &mut Tx, arrival: &Arrival) -> Result<(PersonId, bool)> {
    let canonical = contact::canonical(contact::Kind::Email, &arrival.email);
    if let Some(known) = owner(tx, &canonical).await? {
        return Ok((known, false));
    }
    let id = person::add(
        tx,
        &person::NewPerson {
            name: name_from(&arrival.name),
            lang: Some(arrival.lang.clone()),
            emails: vec![arrival.email.clone()],
            source: arrival.source.clone(),
            ..person::NewPerson::default()
        },
    )
    .await?;
    // On PostgreSQL two transactions may both have found nobody; the address decides which of them was first,
    // and the other's new person goes with its transaction.
    match owner(tx, &canonical).await? {
        Some(first) if first == id => Ok((id, true)),
        _ => Err(Error::TooMany(jiff::SignedDuration::from_millis(50))),
    }
}

/// The person who answers to an address.
pub async fn owner(tx: &mut Tx, canonical: &str) -> Result<Option<PersonId>> {
    let found: Option<(PersonId,)> = tx
        .maybe(sql!("select person_id from address_owners where canonical = $1"), params![canonical])
        .await?;
    match found {
        Some((id,)) => merge::current(tx, id).await.map(Some),
        None => Ok(None),
    }
}

/// The parts of a name as somebody typed it in one box.
pub fn name_from(full: &str) -> PersonName {
    let parts = split_full_name(full);
    PersonName {
        preferred_name: parts.given,
        initials: parts.initials,
        surname_prefix: parts.prefix,
        surname: parts.surname,
        name_usage: NameUsage::Own,
        ..PersonName::default()
    }
}
