use jiff::civil::Date;
use serde::Serialize;

use crate::{
    calendar::{Window, ymd},
    findings::Planted,
    giving::{Ask, Contribution, EffortBudget, EffortEntry, Engagement, Gift, Offer, Term},
    organisations::Organisation,
    pack::{Pack, Sector},
    people::{Consent, Kinship, Knows, Leaving, Note, Person, Role, Subscription, Tie},
    personae::Personae,
    service::{
        Callback, Campaign, CompanyTouch, Invitation, OutsideScore, PanelTerm, Ranking, Request, Response,
    },
    study::{
        Application, Diploma, Enrolment, Interest, Occasion, Offering, Participation, Placement, Programme,
        Wanted,
    },
    table::{
        CampaignKey, OccasionKey, OfferingKey, OrganisationKey, PersonKey, ProgrammeKey, RequestKey,
        ResponseKey, Table,
    },
    units::Units,
};

/// From which everything follows.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Settings {
    pub seed: u64,
    /// 0.005 to 1.0; 1.0 is 20,000 students and 150,000 alumni.
    pub scale: f64,
    /// The last day of the demo. What has happened lies before it; plans (ends of agreements, retirements, cohorts to
    /// come) may lie after it.
    pub today: Date,
    pub pack: Pack,
}

impl Settings {
    /// How many of `full` at this scale; at least one of what there is at all.
    pub(crate) fn n(&self, full: f64) -> usize {
        if full <= 0.0 { 0 } else { ((full * self.scale).round() as usize).max(1) }
    }

    /// As `n`, and never fewer than `least` (of what there is at all).
    pub(crate) fn at_least(&self, least: usize, full: f64) -> usize {
        if full <= 0.0 { 0 } else { self.n(full).max(least) }
    }

    pub(crate) fn window(&self) -> Window {
        Window::until(self.today)
    }
}

/// All that is true of Meerland. A row's key is its place; dates are civil, in the institution's zone.
#[derive(Clone, Debug, Serialize)]
pub struct World {
    pub settings: Settings,
    pub units: Units,
    pub programmes: Table<ProgrammeKey, Programme>,
    pub offerings: Table<OfferingKey, Offering>,
    pub organisations: Table<OrganisationKey, Organisation>,
    pub people: Table<PersonKey, Person>,
    /// By person.
    pub roles: Vec<Role>,
    pub leaving: Vec<Leaving>,
    pub kinships: Vec<Kinship>,
    pub ties: Vec<Tie>,
    pub knows: Vec<Knows>,
    pub consents: Vec<Consent>,
    pub subscriptions: Vec<Subscription>,
    pub notes: Vec<Note>,
    pub interests: Vec<Interest>,
    pub occasions: Table<OccasionKey, Occasion>,
    pub participations: Vec<Participation>,
    pub applications: Vec<Application>,
    pub enrolments: Vec<Enrolment>,
    pub diplomas: Vec<Diploma>,
    pub placements: Vec<Placement>,
    pub wanted: Vec<Wanted>,
    pub requests: Table<RequestKey, Request>,
    pub invitations: Vec<Invitation>,
    pub responses: Table<ResponseKey, Response>,
    pub callbacks: Vec<Callback>,
    pub outside_scores: Vec<OutsideScore>,
    pub panel: Vec<PanelTerm>,
    pub rankings: Vec<Ranking>,
    pub asks: Vec<Ask>,
    pub offers: Vec<Offer>,
    pub contributions: Vec<Contribution>,
    pub gifts: Vec<Gift>,
    pub terms: Vec<Term>,
    pub engagements: Vec<Engagement>,
    pub budgets: Vec<EffortBudget>,
    pub efforts: Vec<EffortEntry>,
    pub campaigns: Table<CampaignKey, Campaign>,
    pub company_touches: Vec<CompanyTouch>,
    pub(crate) planted: Planted,
    pub(crate) personae: Personae,
}

impl World {
    pub fn sector(&self) -> &'static Sector {
        self.settings.pack.sector()
    }

    /// The roles of one person, in the order in which they began.
    pub fn roles_of(&self, person: PersonKey) -> &[Role] {
        let from = self.roles.partition_point(|r| r.person < person);
        let to = self.roles.partition_point(|r| r.person <= person);
        self.roles.get(from..to).unwrap_or_default()
    }

    /// Under eighteen today, by the true birthday, which the record may not have.
    pub fn is_minor(&self, person: PersonKey) -> bool {
        let d = self.settings.today;
        let line = ymd(i32::from(d.year()) - 18, i32::from(d.month()), i32::from(d.day()));
        self.people[person].born > line
    }
}
