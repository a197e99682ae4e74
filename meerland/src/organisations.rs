use jiff::civil::Date;
use serde::Serialize;

use crate::{
    people::{Address, Identifier},
    table::{OrganisationKey, PersonKey, ProgrammeKey},
};

/// A company, a branch of one, a school, a municipality, a partner. KvK numbers begin with 99, BRIN codes with 98 and the
/// recognition numbers of training companies with 9: none of these is given out.
#[derive(Clone, Debug, Serialize)]
pub struct Organisation {
    pub name: String,
    pub kind: OrganisationKind,
    /// The head office of a branch.
    pub parent: Option<OrganisationKey>,
    pub identifiers: Vec<Identifier>,
    pub accreditations: Vec<Accreditation>,
    pub size: Size,
    /// A natural person to the law on calls and mail.
    pub sole_trader: bool,
    pub address: Address,
    /// E.164.
    pub phone: String,
    pub domain: String,
    /// The member of staff whose account this is.
    pub owner: Option<PersonKey>,
    pub since: Date,
    pub last_contact: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrganisationKind {
    /// Recognised for placements (mbo).
    Accredited,
    Company,
    /// One of the sector's partner kinds.
    Partner(&'static str),
}

/// Recognised for a programme. The end may lie ahead of today.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Accreditation {
    pub programme: ProgrammeKey,
    pub from: Date,
    pub until: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Size {
    #[serde(rename = "1-9")]
    Micro,
    #[serde(rename = "10-49")]
    Small,
    #[serde(rename = "50-249")]
    Medium,
    #[serde(rename = "250+")]
    Large,
}
