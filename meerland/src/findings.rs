use serde::Serialize;

use crate::table::{CampaignKey, OrganisationKey, PersonKey, ProgrammeKey, UnitKey};

/// What was put in on purpose, as the making put it in. The answer key is written from it; the tests count again from the
/// records.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Planted {
    pub idle_companies: Vec<OrganisationKey>,
    pub leaky_campus: Option<UnitKey>,
    pub unready_unit: Option<UnitKey>,
    pub unready_campaigns: Vec<CampaignKey>,
    pub single_known: Vec<PersonKey>,
    pub single_leaving: Vec<PersonKey>,
    pub overloaded_team: Option<UnitKey>,
    pub disputed_service: Option<UnitKey>,
    pub over_cap: Vec<PersonKey>,
    pub slack_queue: Option<UnitKey>,
    pub doubled: Option<(CampaignKey, CampaignKey, OrganisationKey)>,
    pub raided_programme: Option<ProgrammeKey>,
    pub raider: &'static str,
    pub crisis_day: Option<jiff::civil::Date>,
    pub crisis_count: usize,
    pub no_basis: Vec<PersonKey>,
    pub protected: Vec<PersonKey>,
    pub unmarked: Vec<PersonKey>,
    pub marked: Vec<PersonKey>,
    pub stale_ties: usize,
    pub shared_mail: usize,
    /// Pairs that look alike and are two people.
    pub lookalikes: Vec<(PersonKey, PersonKey, &'static str)>,
    pub lookalike_companies: Vec<(OrganisationKey, OrganisationKey)>,
    /// An objector whom a dirty list brings in again.
    pub objector: Option<PersonKey>,
}
