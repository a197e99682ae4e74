//! The person or organisation that a page is about, as its path says.

use kring_core::{Error, Result};
use kring_frame::{OrganisationId, Permit, PersonId, Tx, Visit};
use kring_people::{Party, organisation, person, wall};

/// `/people/7/…` or `/organisations/7/…`.
pub fn of_path(v: &Visit) -> Result<Party> {
    if v.uri.path().starts_with("/people/") {
        Ok(Party::Person(v.path::<PersonId>("id")?))
    } else {
        Ok(Party::Organisation(v.path::<OrganisationId>("id")?))
    }
}

/// From the two columns of a row.
pub fn of_row(person: Option<PersonId>, organisation: Option<OrganisationId>) -> Result<Party> {
    person
        .map(Party::Person)
        .or(organisation.map(Party::Organisation))
        .ok_or_else(|| Error::broken("a row belongs to nobody"))
}

/// The name of a party that is there and not behind the wall; a number that was merged or forgotten is not there.
pub async fn name(tx: &mut Tx, permit: &Permit, party: Party) -> Result<String> {
    match party {
        Party::Person(id) => {
            let found = person::load(tx, id).await?;
            wall::person(tx, permit, id).await?;
            if found.state == person::State::Known { Ok(found.display_name) } else { Err(Error::NotFound) }
        }
        Party::Organisation(id) => {
            let found = organisation::load(tx, id).await?;
            wall::organisation(tx, permit, id).await?;
            if found.merged_into.is_none() { Ok(found.name) } else { Err(Error::NotFound) }
        }
    }
}
