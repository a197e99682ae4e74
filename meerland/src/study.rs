use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::table::{OccasionKey, OfferingKey, OrganisationKey, PersonKey, ProgrammeKey, UnitKey};

#[derive(Clone, Debug, Serialize)]
pub struct Programme {
    pub track: &'static str,
    /// crebo, croho or the sector's own
    pub scheme: &'static str,
    pub code: String,
    pub nl: String,
    pub en: String,
    pub level: &'static str,
    pub school: UnitKey,
    pub team: UnitKey,
    pub years: f64,
}

/// A programme as offered: form and campus, with a cohort per start.
#[derive(Clone, Debug, Serialize)]
pub struct Offering {
    pub programme: ProgrammeKey,
    pub form: &'static str,
    pub campus: UnitKey,
    pub cohorts: Vec<Cohort>,
}

/// A start, with its window for applying. The current season's lies ahead of today.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Cohort {
    pub start: Date,
    pub apply_from: Date,
    pub apply_until: Date,
    pub capacity: u16,
}

/// An interest in a programme: the lead.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Interest {
    pub person: PersonKey,
    pub programme: ProgrammeKey,
    /// One of the sector's interest kinds.
    pub kind: &'static str,
    pub source: &'static str,
    pub on: Date,
    pub stage: Stage,
    pub stage_on: Date,
    pub loss: Option<&'static str>,
    pub competitor: Option<&'static str>,
    /// The year of intended intake when put off.
    pub deferred_to: Option<i16>,
    pub km: u16,
    /// Which season, by the calendar year in which it began.
    pub season: i16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    New,
    Engaged,
    Qualified,
    Applied,
    Enrolled,
    Lost,
    Dormant,
    Deferred,
}

/// An open day or the like.
#[derive(Clone, Debug, Serialize)]
pub struct Occasion {
    pub nl: String,
    pub en: String,
    pub campus: UnitKey,
    pub on: Date,
    pub seats: u32,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Participation {
    pub person: PersonKey,
    pub occasion: OccasionKey,
    pub programme: ProgrammeKey,
    pub registered: Date,
    /// Who registered, when it was not the person.
    pub booked_by: Option<PersonKey>,
    pub attended: bool,
    pub companions: u8,
    /// Hours after the event until somebody called or wrote; none when nobody did.
    pub followed_up: Option<u16>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Application {
    pub person: PersonKey,
    pub programme: ProgrammeKey,
    pub at: DateTime,
    /// Not known to us before.
    pub stealth: bool,
    pub season: i16,
    /// The codes of the mbo application flow (AO, OA, LI, AI, LNI), of Studielink (V, I, A) or of the sector, in order.
    pub states: Vec<(&'static str, Date)>,
    pub enrolled: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Enrolment {
    pub person: PersonKey,
    pub offering: OfferingKey,
    pub programme: ProgrammeKey,
    pub prior: &'static str,
    pub start: Date,
    /// A start in February.
    pub extra_start: bool,
    pub outcome: Outcome,
    pub end: Option<Date>,
    /// Left without a basic qualification, under 23.
    pub early_leaver: bool,
    /// Went on to another programme here.
    pub next: Option<ProgrammeKey>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Current,
    Finished,
    Left(&'static str),
}

/// A diploma, also of those who left long before the demo begins.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Diploma {
    pub person: PersonKey,
    pub programme: ProgrammeKey,
    pub on: Date,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Placement {
    pub student: PersonKey,
    pub organisation: OrganisationKey,
    pub supervisor: Option<PersonKey>,
    pub tutor: Option<PersonKey>,
    pub programme: ProgrammeKey,
    pub start: Date,
    /// As agreed; lies ahead of today while it runs.
    pub end: Date,
    pub hours: u16,
    pub state: PlacementState,
    pub signed: Option<Date>,
    /// Marks 1 to 10 given by both sides.
    pub student_mark: Option<u8>,
    pub supervisor_mark: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PlacementState {
    Matched,
    Signed,
    Running,
    Completed,
    BrokenOff(&'static str),
}

/// A student who still looks for a place, with the day on which it should begin (it may lie ahead).
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Wanted {
    pub student: PersonKey,
    pub programme: ProgrammeKey,
    pub start: Date,
}
