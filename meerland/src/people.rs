use jiff::civil::Date;
use kring_lang::{Lang, names::PersonName};
use serde::Serialize;

use crate::table::{OrganisationKey, PersonKey, ProgrammeKey, UnitKey};

/// A person as he or she truly is. Nobody exists: names are combined at random, streets are invented, and telephone
/// numbers lie in one block (`+31 6 19 …`); they are well-formed, so that validators accept them, and nothing in this
/// house dials.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub name: PersonName,
    pub pronouns: &'static str,
    pub gender: Gender,
    /// What is on record; the true day is known to the making alone.
    pub birth: Birth,
    #[serde(skip)]
    pub(crate) born: i32,
    pub lang: Lang,
    pub emails: Vec<Email>,
    pub phones: Vec<Phone>,
    pub address: Option<Address>,
    pub deceased: Option<Deceased>,
    /// The address may be seen by nobody who does not need it.
    pub protected: bool,
    /// External codes: `student_number`.
    pub identifiers: Vec<Identifier>,
    /// The member of staff whose relation this is.
    pub owner: Option<PersonKey>,
    pub unit: Option<UnitKey>,
    pub since: Date,
    pub last_contact: Option<Date>,
    pub source: &'static str,
    pub basis: Basis,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gender {
    F,
    M,
    X,
    Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Birth {
    Full(Date),
    Year(i16),
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Email {
    pub address: String,
    pub kind: EmailKind,
    pub state: EmailState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EmailKind {
    Private,
    School,
    Work,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EmailState {
    Valid,
    /// Letters come back.
    Dead,
    /// Also the address of a parent or child.
    Shared,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Phone {
    /// E.164.
    pub number: String,
    pub valid: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Address {
    pub street: &'static str,
    pub number: u16,
    pub addition: &'static str,
    /// `1234 AB`
    pub postcode: String,
    pub city: &'static str,
    /// ISO 3166, two letters.
    pub country: &'static str,
    pub valid: bool,
}

impl Address {
    /// "12a", "12 bis", "12-2": number and addition, kept apart where they would run together.
    pub fn house(&self) -> String {
        let between = match self.addition.chars().next() {
            Some(c) if c.is_ascii_digit() => "-",
            Some(_) if self.addition.len() > 1 => " ",
            _ => "",
        };
        format!("{}{between}{}", self.number, self.addition)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deceased {
    pub on: Date,
    /// Whether anybody here has noted it.
    pub marked: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Identifier {
    pub scheme: &'static str,
    pub value: String,
}

/// Why we may hold the record at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    PublicTask,
    Contract,
    PreContract,
    Consent,
    LegitimateInterest,
    /// A planted defect.
    None,
}

/// A role over time; a person has as many as life brings.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Role {
    pub person: PersonKey,
    /// One of the sector's role kinds.
    pub kind: &'static str,
    pub unit: Option<UnitKey>,
    pub programme: Option<ProgrammeKey>,
    /// The function of staff, the form of a study, a level.
    pub detail: &'static str,
    pub from: Date,
    pub to: Option<Date>,
    pub source: &'static str,
}

/// Somebody's leaving that is planned: may lie ahead of today.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Leaving {
    pub staff: PersonKey,
    pub on: Date,
    pub reason: &'static str,
}

/// Between two people; `from` is the parent, mentor or introducer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Kinship {
    pub from: PersonKey,
    pub to: PersonKey,
    pub kind: KinshipKind,
    pub since: Date,
    pub until: Option<Date>,
    /// How we know: form, intake, staff.
    pub basis: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KinshipKind {
    ParentOf,
    PartnerOf,
    MentorOf,
    Introduced,
    Knows,
    Referred,
}

/// Between a person and an organisation.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Tie {
    pub person: PersonKey,
    pub organisation: OrganisationKey,
    pub kind: TieKind,
    pub function: &'static str,
    pub from: Date,
    pub to: Option<Date>,
    pub confirmed: Date,
    /// In truth over, and still in our lists: the employer of years ago.
    pub stale: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TieKind {
    EmployedAt,
    ContactOf,
    SupervisorAt,
    OwnerOf,
}

/// A member of staff who knows somebody.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Knows {
    pub staff: PersonKey,
    pub person: PersonKey,
    pub since: Date,
    pub last_contact: Date,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    Mail,
    Phone,
    Post,
    Message,
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Wish {
    Consents,
    Withdrew,
    /// Against direct marketing: absolute, over all departments.
    Objects,
}

/// What somebody said we may do; the last entry per purpose and channel counts.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Consent {
    pub person: PersonKey,
    /// orientation, newsletter, alumni, fundraising, llo, survey, marketing
    pub purpose: &'static str,
    pub channel: Channel,
    pub wish: Wish,
    pub on: Date,
    /// form, counter, phone, mail, list
    pub how: &'static str,
    /// Given by a parent, for who is under sixteen.
    pub by: Option<PersonKey>,
    /// The legal entity that may rely on it.
    pub controller: UnitKey,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Subscription {
    pub person: PersonKey,
    pub letter: &'static str,
    pub since: Date,
    pub until: Option<Date>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Note {
    pub person: PersonKey,
    pub by: Option<PersonKey>,
    pub on: Date,
    pub kind: NoteKind,
    /// As somebody typed it, with all that should not be in it.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum NoteKind {
    Plain,
    Bsn,
    Iban,
    Health,
}
