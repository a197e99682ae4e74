use jiff::civil::{Date, DateTime};
use serde::Serialize;

use crate::table::{CampaignKey, OrganisationKey, PersonKey, RequestKey, ResponseKey, UnitKey};

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Request {
    pub person: PersonKey,
    pub queue: UnitKey,
    /// The school or office that the person belongs to.
    pub unit: UnitKey,
    pub topic: &'static str,
    /// form, mail, chat, phone, whatsapp, desk
    pub channel: &'static str,
    pub at: DateTime,
    pub replied: Option<DateTime>,
    pub closed: Option<DateTime>,
    pub agent: Option<PersonKey>,
    /// The first reply came later than promised.
    pub late: bool,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Invitation {
    pub person: PersonKey,
    /// The department that asks.
    pub by: UnitKey,
    /// The unit that is asked about.
    pub unit: UnitKey,
    pub request: Option<RequestKey>,
    pub channel: &'static str,
    pub on: Date,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Response {
    /// Place in `World::invitations`.
    pub invitation: u32,
    pub person: PersonKey,
    pub unit: UnitKey,
    /// 1 to 10.
    pub score: u8,
    pub expectation: u8,
    pub wants_contact: bool,
    pub at: DateTime,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Callback {
    pub response: ResponseKey,
    pub person: PersonKey,
    pub queue: UnitKey,
    pub wanted: DateTime,
    pub due: DateTime,
    pub attempts: u8,
    pub reached: Option<DateTime>,
    /// Reached by the time promised.
    pub kept: bool,
}

/// A result of somebody else's instrument.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct OutsideScore {
    pub instrument: &'static str,
    pub unit: UnitKey,
    pub on: Date,
    pub scale: (f64, f64),
    pub mean: f64,
    pub sd: f64,
    pub n: u32,
    pub invited: u32,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct PanelTerm {
    pub person: PersonKey,
    /// students, staff, alumni (clients, staff in care)
    pub group: &'static str,
    pub from: Date,
    /// As agreed, a year later.
    pub until: Date,
}

/// How somebody ranks the aspects of a service: the most important first.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Ranking {
    pub service: UnitKey,
    pub person: PersonKey,
    pub by_panel: bool,
    pub order: [&'static str; 5],
    pub on: Date,
}

#[derive(Clone, Debug, Serialize)]
pub struct Campaign {
    pub unit: UnitKey,
    pub name: String,
    /// recruitment, llo, alumni, placements, service
    pub purpose: &'static str,
    /// The audience: people by role kind, or companies.
    pub audience: &'static str,
    pub on: Date,
    /// In whole euros.
    pub budget: u32,
    pub reason: &'static str,
}

/// A campaign's letter to an organisation. Those to people are `World::touches`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CompanyTouch {
    pub campaign: CampaignKey,
    pub organisation: OrganisationKey,
    pub on: Date,
}
