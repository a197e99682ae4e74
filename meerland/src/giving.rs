use jiff::civil::Date;
use serde::Serialize;

use crate::table::{OrganisationKey, PersonKey, ProgrammeKey, UnitKey};

/// Somebody was asked for something.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ask {
    pub person: PersonKey,
    pub by: PersonKey,
    /// One of the sector's kinds of ask.
    pub kind: &'static str,
    pub on: Date,
    pub answer: Answer,
    pub answered: Option<Date>,
    pub done: Option<Date>,
    pub thanked: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    Yes,
    No,
    Later,
    None,
}

/// What we offered somebody.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Offer {
    pub person: PersonKey,
    /// event, course, career_advice, network, library
    pub kind: &'static str,
    pub on: Date,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Contribution {
    pub person: PersonKey,
    /// Place in `World::asks`; none when it came unasked.
    pub ask: Option<u32>,
    pub kind: &'static str,
    /// hours, places, feedback, people, euros
    pub unit: &'static str,
    pub amount: f64,
    pub on: Date,
}

#[derive(Clone, Debug, Serialize)]
pub struct Gift {
    pub giver: Giver,
    /// In cents; the worth when in kind.
    pub cents: u64,
    pub in_kind: &'static str,
    pub on: Date,
    /// The transaction number of a periodic agreement. The donor's own copy of the form has a national number on it; it
    /// is never stored.
    pub agreement: Option<String>,
    pub thanked: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Giver {
    Person(PersonKey),
    Organisation(OrganisationKey),
}

/// A term as ambassador, mentor, volunteer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Term {
    pub person: PersonKey,
    pub kind: &'static str,
    pub programme: Option<ProgrammeKey>,
    pub from: Date,
    pub to: Option<Date>,
}

/// The four modes of CASE. An alumnus is reached who has at least one in the last twelve months.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Communication,
    Experiential,
    Volunteer,
    Philanthropic,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Engagement {
    pub person: PersonKey,
    pub mode: Mode,
    pub on: Date,
}

/// Hours of a team for a goal in an academic year.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct EffortBudget {
    pub team: UnitKey,
    /// The calendar year in which the academic year began.
    pub year: i16,
    pub goal: &'static str,
    pub facilitated: u16,
    pub planned: u16,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct EffortEntry {
    pub staff: PersonKey,
    pub team: UnitKey,
    pub goal: &'static str,
    /// Quarter hours.
    pub quarters: u16,
    pub on: Date,
}
