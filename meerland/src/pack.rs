use serde::Serialize;

use crate::{care::CARE, education::EDUCATION};

/// Which kind of institution is made. The code is the same; words, roles, instruments and sizes are data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pack {
    Education,
    Care,
}

impl Pack {
    pub const fn sector(self) -> &'static Sector {
        match self {
            Pack::Education => &EDUCATION,
            Pack::Care => &CARE,
        }
    }
}

/// A sector by data. Sizes are those of scale 1.0.
#[derive(Debug, Serialize)]
pub struct Sector {
    pub key: &'static str,
    pub name: Label,
    pub roles: &'static [RoleKind],
    pub slots: Slots,
    pub units: &'static [UnitSeed],
    pub tracks: &'static [Track],
    pub interests: &'static [InterestKind],
    pub topics: &'static [Topic],
    /// Reasons for loss with their share in a hundred.
    pub losses: &'static [(&'static str, f64)],
    /// The reason that may name a competitor, and the share that does.
    pub lost_elsewhere: (&'static str, f64),
    pub competitors: &'static [&'static str],
    pub instruments: &'static [Instrument],
    /// Functions of staff with their number.
    pub functions: &'static [Function],
    pub partners: &'static [PartnerKind],
    pub aspects: [&'static str; 5],
    pub asks: &'static [AskKind],
    /// Prospects by month, from August on.
    pub months: [f64; 12],
    pub crisis: &'static str,
    /// Scheme of the number that everybody enrolled has, and the domain of the mailbox that goes with it (or none).
    pub number: &'static str,
    pub mailbox: &'static str,
    /// The departments' lists of people that there are, each with the line above its header.
    pub lists: &'static [(&'static str, &'static str)],
    pub sizes: Sizes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Label {
    pub nl: &'static str,
    pub en: &'static str,
}

pub(crate) const fn label(nl: &'static str, en: &'static str) -> Label {
    Label { nl, en }
}

#[derive(Debug, Serialize)]
pub struct RoleKind {
    pub code: &'static str,
    /// before, learning (or receiving), after, giving, staff, outside
    pub group: &'static str,
    pub label: Label,
}

pub(crate) const fn role(
    code: &'static str,
    group: &'static str,
    nl: &'static str,
    en: &'static str,
) -> RoleKind {
    RoleKind { code, group, label: label(nl, en) }
}

/// Which role kind plays which part in the making.
#[derive(Debug, Serialize)]
pub struct Slots {
    pub interested: &'static str,
    pub applicant: &'static str,
    pub enrolled: &'static str,
    pub left: &'static str,
    pub finished: &'static str,
    /// Lasting relation after finishing; empty where there is none.
    pub alumnus: &'static str,
    pub member: &'static str,
    pub staff: &'static str,
    pub family: &'static str,
    pub contact: &'static str,
    pub supervisor: &'static str,
    pub referrer: &'static str,
    pub ambassador: &'static str,
    pub panel: &'static str,
    pub donor: &'static str,
    pub mentor: &'static str,
    pub mentee: &'static str,
    pub guest: &'static str,
    pub public: &'static str,
    pub course: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    Institution,
    Division,
    Campus,
    School,
    Team,
    Service,
    Queue,
    Office,
    Fund,
    Association,
}

#[derive(Debug, Serialize)]
pub struct UnitSeed {
    pub key: &'static str,
    pub parent: &'static str,
    pub kind: UnitKind,
    pub label: Label,
    pub campus: &'static str,
    /// Where perceived quality is measured: the mean mark on a scale of 1 to 10.
    pub mean: Option<f64>,
}

/// A stream of people who come in, stay and leave: mbo and hbo, or a form of care.
#[derive(Debug, Serialize)]
pub struct Track {
    pub key: &'static str,
    pub division: &'static str,
    /// Enrolled today.
    pub enrolled: f64,
    /// Of those, who were with us before (alumni).
    pub returned: f64,
    pub intake: f64,
    pub extra_start: f64,
    pub start: Start,
    /// Finished within the window who were not with us before; who is neither enrolled nor finished has left.
    pub finished: f64,
    pub levels: &'static [Level],
    pub prior: &'static [(&'static str, f64, f64)],
    pub programmes: f64,
    /// `crebo`, `croho` or the sector's own.
    pub scheme: &'static str,
    pub code_from: u32,
    pub titles: &'static [(&'static str, &'static str, &'static str)],
    /// Applications over the season: month, day, cumulative share.
    pub curve: &'static [(i32, i32, f64)],
    pub km: f64,
    pub placements: f64,
    pub female: f64,
    /// Share of finishers before the window.
    pub alumni: f64,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub enum Start {
    /// With the academic year, in this month.
    Year(i32),
    /// When there is room: the median in weeks.
    Waiting(f64),
}

#[derive(Debug, Serialize)]
pub struct Level {
    pub key: &'static str,
    pub share: f64,
    /// How likely to leave, relative to the other levels.
    pub leaving: f64,
    pub years: f64,
    /// Forms with share and ages: from, mode, to.
    pub forms: &'static [(&'static str, f64, (i32, i32, i32))],
}

#[derive(Debug, Serialize)]
pub struct InterestKind {
    pub key: &'static str,
    pub share: f64,
    pub track: &'static str,
    pub ages: (i32, i32, i32),
    /// Share that is known already, as alumnus.
    pub known: f64,
    pub english: f64,
}

#[derive(Debug, Serialize)]
pub struct Topic {
    pub key: &'static str,
    pub label: Label,
    pub share: f64,
    pub queue: &'static str,
}

#[derive(Debug, Serialize)]
pub struct Instrument {
    pub key: &'static str,
    pub scale: (f64, f64),
    pub mean: f64,
    pub sd: f64,
    pub response: f64,
    pub month: i32,
}

#[derive(Debug, Serialize)]
pub struct Function {
    pub key: &'static str,
    pub count: f64,
    pub unit: &'static str,
}

#[derive(Debug, Serialize)]
pub struct PartnerKind {
    pub key: &'static str,
    pub share: f64,
    pub label: &'static str,
    pub contact: &'static str,
}

#[derive(Debug, Serialize)]
pub struct AskKind {
    pub key: &'static str,
    pub share: f64,
    /// Share answered with yes.
    pub yes: f64,
    /// What comes of it, in which unit, and how much of it.
    pub gives: &'static str,
    pub amount: f64,
}

/// How many at scale 1.0; "a year" where it says so.
#[derive(Debug, Serialize)]
pub struct Sizes {
    pub interested_a_year: f64,
    pub registered: f64,
    pub show_up: f64,
    pub companions: f64,
    pub attendee_applies: f64,
    pub other_applies: f64,
    pub stealth_a_year: f64,
    pub applications_each: f64,
    pub enrols: f64,
    pub alumni: f64,
    pub two_diplomas: f64,
    pub staff_alumni: f64,
    pub organisations: f64,
    pub accredited: f64,
    pub partners: f64,
    pub contacts: f64,
    pub contacts_alumni: f64,
    pub families: f64,
    pub volunteers: f64,
    pub referrers: f64,
    pub donors: f64,
    pub donor_companies: f64,
    pub reached: [f64; 5],
    pub single_known: f64,
    pub single_leaving: f64,
    pub idle_companies: f64,
    pub requests_a_year: f64,
    pub crisis_questions: f64,
    pub answers_a_year: f64,
    pub over_cap: f64,
    pub asks_a_year: f64,
    pub effort_a_year: f64,
    pub panel: f64,
    pub no_basis: f64,
    pub protected: f64,
    pub notes_bsn: f64,
    pub notes_iban: f64,
    pub notes_health: f64,
    pub lookalikes: f64,
    pub minors_enrolled: f64,
    pub minors_interested: f64,
    pub mails_two_years: f64,
    pub clicks_two_years: f64,
    pub forms_two_years: f64,
    pub chats_two_years: f64,
    pub audit_two_years: f64,
}
