use serde::Serialize;

use crate::{
    pack::{Label, Sector, UnitKind},
    people::Identifier,
    table::{Table, UnitKey},
};

/// A part of the institution. Names are data, in both languages.
#[derive(Clone, Debug, Serialize)]
pub struct Unit {
    pub key: String,
    pub parent: Option<UnitKey>,
    pub nl: String,
    pub en: String,
    pub kind: UnitKind,
    /// A controller of its own under the GDPR.
    pub legal_entity: bool,
    pub campus: Option<UnitKey>,
    /// Where perceived quality is measured: the true mean mark.
    pub mean: Option<f64>,
    /// BRIN, RIO and the like; fictional.
    pub codes: Vec<Identifier>,
}

/// The tree, with teams under each school.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Units {
    pub all: Table<UnitKey, Unit>,
    pub schools: Vec<UnitKey>,
    pub teams: Vec<UnitKey>,
    pub queues: Vec<UnitKey>,
    pub campuses: Vec<UnitKey>,
}

impl Units {
    pub(crate) fn make(sector: &Sector, teams_each: usize) -> Self {
        let mut units = Self::default();
        for seed in sector.units {
            let legal_entity =
                matches!(seed.kind, UnitKind::Institution | UnitKind::Fund | UnitKind::Association);
            let Label { nl, en } = seed.label;
            let unit = Unit {
                key: seed.key.into(),
                parent: units.find(seed.parent),
                nl: nl.into(),
                en: en.into(),
                kind: seed.kind,
                legal_entity,
                campus: units.find(seed.campus),
                mean: seed.mean,
                codes: codes(seed.key),
            };
            let key = units.all.add(unit);
            match seed.kind {
                UnitKind::School => units.schools.push(key),
                UnitKind::Queue => units.queues.push(key),
                UnitKind::Campus => units.campuses.push(key),
                _ => {}
            }
        }
        for school in units.schools.clone() {
            for n in 1..=teams_each {
                let of = &units.all[school];
                let team = Unit {
                    key: format!("{}-team-{n}", of.key),
                    parent: Some(school),
                    nl: format!("{}, team {n}", of.nl),
                    en: format!("{}, team {n}", of.en),
                    kind: UnitKind::Team,
                    legal_entity: false,
                    campus: of.campus,
                    mean: None,
                    codes: Vec::new(),
                };
                let team = units.all.add(team);
                units.teams.push(team);
            }
        }
        units
    }

    pub fn find(&self, key: &str) -> Option<UnitKey> {
        (!key.is_empty()).then(|| self.all.iter().find(|(_, u)| u.key == key).map(|(k, _)| k)).flatten()
    }

    /// The institution itself: the first of the list.
    pub fn root(&self) -> UnitKey {
        UnitKey(0)
    }

    pub(crate) fn named(&self, key: &str) -> UnitKey {
        self.find(key).unwrap_or(self.root())
    }
}

/// Codes in the formats of the registers, from ranges that no register gives out.
fn codes(key: &str) -> Vec<Identifier> {
    let codes: &[(&str, &str)] = match key {
        "meerland" => &[("rio_board", "999B901")],
        "college" => &[("brin", "99ZY"), ("rio_provider", "999A901")],
        "hogeschool" => &[("brin", "99ZX"), ("rio_provider", "999A902")],
        "stad" => &[("rio_location", "999X901")],
        "haven" => &[("rio_location", "999X902")],
        "groen" => &[("rio_location", "999X903")],
        _ => &[],
    };
    codes.iter().map(|(scheme, value)| Identifier { scheme, value: (*value).to_owned() }).collect()
}
