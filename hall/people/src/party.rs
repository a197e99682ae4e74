use kring_core::Error;
use kring_db::{ToValue, Value};
use kring_frame::{About, OrganisationId, PersonId};

/// Somebody or something that we have a relation with. Addresses, roles and codes belong to either, in the same tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Party {
    Person(PersonId),
    Organisation(OrganisationId),
}

impl Party {
    /// The two binds of `(person_id = $n or organisation_id = $m)`. An `or` and not `is not distinct from`: each side
    /// of it finds its own index on both databases.
    pub fn binds(self) -> [Value; 2] {
        match self {
            Self::Person(id) => [id.to_value(), Value::Null],
            Self::Organisation(id) => [Value::Null, id.to_value()],
        }
    }

    pub fn about(self) -> About {
        match self {
            Self::Person(id) => About::person(id),
            Self::Organisation(id) => About::organisation(id),
        }
    }

    /// Its page.
    pub fn href(self) -> String {
        match self {
            Self::Person(id) => format!("/people/{id}"),
            Self::Organisation(id) => format!("/organisations/{id}"),
        }
    }

    pub(crate) fn of(person: Option<PersonId>, organisation: Option<OrganisationId>) -> Result<Self, Error> {
        match (person, organisation) {
            (Some(id), _) => Ok(Self::Person(id)),
            (None, Some(id)) => Ok(Self::Organisation(id)),
            (None, None) => Err(Error::broken("a row belongs to nobody")),
        }
    }
}

impl From<PersonId> for Party {
    fn from(id: PersonId) -> Self {
        Self::Person(id)
    }
}

impl From<OrganisationId> for Party {
    fn from(id: OrganisationId) -> Self {
        Self::Organisation(id)
    }
}

/// Puts the two binds of a party before the other values of a statement.
pub(crate) fn bound(party: Party, rest: Vec<Value>) -> Vec<Value> {
    party.binds().into_iter().chain(rest).collect()
}
