use crate::{
    acquaintances, asking, campaigns, cohorts, companies, contacts, defects, desk, effort, families,
    findings::Planted,
    funnel, graduates,
    making::Making,
    names::Names,
    panel, personae,
    personae::Personae,
    placements, programmes, staff,
    table::Table,
    units::Units,
    voice, wishes,
    world::{Settings, World},
};

impl World {
    /// Makes the whole institution. At scale 1.0 half a million people, in well under a minute on one core.
    pub fn make(settings: &Settings) -> World {
        let settings = Settings { scale: settings.scale.clamp(0.005, 2.0), ..*settings };
        let sector = settings.pack.sector();
        let teams = ((6.0 * settings.scale.sqrt()).round() as usize).max(2);
        let mut m = Making {
            w: empty(settings, Units::make(sector, teams)),
            window: settings.window(),
            sector,
            names: Names::new(),
            flags: Table::default(),
            alumni: Vec::new(),
            staff: Vec::new(),
            students: Vec::new(),
            programme_of: Vec::new(),
        };
        programmes::make(&mut m);
        companies::make(&mut m);
        graduates::make(&mut m);
        staff::make(&mut m);
        let entrants = funnel::make(&mut m);
        cohorts::make(&mut m, entrants);
        defects::deaths(&mut m);
        defects::minors(&mut m);
        families::make(&mut m);
        let mut workplaces = contacts::make(&mut m);
        let placed = placements::make(&mut m, &workplaces);
        contacts::employ(&mut m, &mut workplaces, &placed);
        acquaintances::make(&mut m);
        desk::make(&mut m);
        voice::make(&mut m);
        panel::make(&mut m);
        asking::make(&mut m);
        effort::make(&mut m);
        campaigns::make(&mut m);
        wishes::make(&mut m);
        defects::make(&mut m);
        personae::make(&mut m);
        m.w.roles.sort_by_key(|r| (r.person, r.from));
        m.w
    }
}

fn empty(settings: Settings, units: Units) -> World {
    World {
        settings,
        units,
        programmes: Table::default(),
        offerings: Table::default(),
        organisations: Table::default(),
        people: Table::default(),
        roles: Vec::new(),
        leaving: Vec::new(),
        kinships: Vec::new(),
        ties: Vec::new(),
        knows: Vec::new(),
        consents: Vec::new(),
        subscriptions: Vec::new(),
        notes: Vec::new(),
        interests: Vec::new(),
        occasions: Table::default(),
        participations: Vec::new(),
        applications: Vec::new(),
        enrolments: Vec::new(),
        diplomas: Vec::new(),
        placements: Vec::new(),
        wanted: Vec::new(),
        requests: Table::default(),
        invitations: Vec::new(),
        responses: Table::default(),
        callbacks: Vec::new(),
        outside_scores: Vec::new(),
        panel: Vec::new(),
        rankings: Vec::new(),
        asks: Vec::new(),
        offers: Vec::new(),
        contributions: Vec::new(),
        gifts: Vec::new(),
        terms: Vec::new(),
        engagements: Vec::new(),
        budgets: Vec::new(),
        efforts: Vec::new(),
        campaigns: Table::default(),
        company_touches: Vec::new(),
        planted: Planted::default(),
        personae: Personae::default(),
    }
}
