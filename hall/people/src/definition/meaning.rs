//! What a derived role means in each part of the institution, worked out once for everybody.

use std::collections::HashMap;

use kring_core::Result;
use kring_frame::{Tx, UnitId, params, sql};

use super::Rule;
use crate::units::{self, Unit};

/// What one derived role means everywhere: the institution's definition, and in a unit that of all on the way down to it
/// at once.
#[derive(Clone, Debug)]
pub struct Meaning {
    pub kind: String,
    house: Rule,
    /// What units say of their own.
    own: HashMap<UnitId, Rule>,
    parents: HashMap<UnitId, Option<UnitId>>,
    /// What holds in units where it is not the institution's alone.
    holds: HashMap<UnitId, Rule>,
}

impl Meaning {
    pub(super) fn new(kind: String, house: Rule, own: HashMap<UnitId, Rule>, all: &[Unit]) -> Self {
        let parents = all.iter().map(|u| (u.id, u.parent)).collect();
        let mut meaning = Self { kind, house, own, parents, holds: HashMap::new() };
        meaning.work_out();
        meaning
    }

    fn work_out(&mut self) {
        let units: Vec<UnitId> = self.parents.keys().copied().collect();
        self.holds = units
            .into_iter()
            .filter_map(|unit| {
                let mut way = self.way(unit).filter_map(|at| self.own.get(&at)).peekable();
                way.peek()?;
                Some((unit, way.fold(self.house.clone(), |above, own| above.and(own))))
            })
            .collect();
    }

    /// A unit and all above it. A tree is a few levels deep; sixteen end a loop that a broken import might have made.
    fn way(&self, unit: UnitId) -> impl Iterator<Item = UnitId> {
        std::iter::successors(Some(unit), |at| self.parents.get(at).copied().flatten()).take(16)
    }

    /// What holds for roles in this unit, and for those in none.
    pub fn in_unit(&self, unit: Option<UnitId>) -> &Rule {
        unit.and_then(|unit| self.holds.get(&unit)).unwrap_or(&self.house)
    }

    /// What holds above this unit, whatever it says itself.
    pub fn above(&self, unit: UnitId) -> Rule {
        self.in_unit(self.parents.get(&unit).copied().flatten()).clone()
    }

    /// The units with a definition of their own, in the order of the tree.
    pub fn own(&self) -> Vec<(UnitId, &Rule)> {
        let mut own: Vec<_> = self.own.iter().map(|(unit, rule)| (*unit, rule)).collect();
        own.sort_unstable_by_key(|(unit, _)| *unit);
        own
    }

    /// The same with another rule in one place.
    #[must_use]
    pub fn with(mut self, unit: Option<UnitId>, rule: Option<&Rule>) -> Self {
        match (unit, rule) {
            (Some(unit), Some(rule)) => {
                self.own.insert(unit, rule.clone());
            }
            (Some(unit), None) => {
                self.own.remove(&unit);
            }
            (None, Some(rule)) => self.house = rule.clone(),
            (None, None) => {}
        }
        self.work_out();
        self
    }
}

/// What the derived roles of the pack in use mean now, for working them out: asked at every role that is given.
pub(super) async fn all(tx: &mut Tx) -> Result<Vec<Meaning>> {
    let rows = said(tx).await?;
    // Where no unit says anything of its own, the tree has no part in it.
    let tree =
        if rows.iter().any(|(_, unit, _)| unit.is_some()) { units::all(tx).await? } else { Vec::new() };
    Ok(of(rows, &tree))
}

type Row = (String, Option<UnitId>, String);

async fn said(tx: &mut Tx) -> Result<Vec<Row>> {
    tx.all(
        sql!(
            "select d.kind, d.unit_id, d.rule from role_definitions d join role_kinds k on k.kind = d.kind
             where d.version = (select max(x.version) from role_definitions x
                    where x.kind = d.kind and x.unit_id is not distinct from d.unit_id)
               and (k.pack = 'all' or k.pack = (select f.value from schema_facts f where f.key = 'pack'))
             order by d.kind, d.id"
        ),
        params![],
    )
    .await
}

fn of(rows: Vec<Row>, tree: &[Unit]) -> Vec<Meaning> {
    let mut said: HashMap<String, (Rule, HashMap<UnitId, Rule>)> = HashMap::new();
    for (kind, unit, text) in rows {
        let (house, own) = said.entry(kind).or_default();
        // A unit that took its own back says nothing.
        let Some(rule) = serde_json::from_str::<Rule>(&text).ok() else { continue };
        match unit {
            Some(unit) => {
                own.insert(unit, rule);
            }
            None => *house = rule,
        }
    }
    let mut all: Vec<Meaning> =
        said.into_iter().map(|(kind, (house, own))| Meaning::new(kind, house, own, tree)).collect();
    all.sort_unstable_by(|a, b| a.kind.cmp(&b.kind));
    all
}

/// What one derived role means now; `None` for a kind that is given by hand, or of another pack.
pub async fn meaning(tx: &mut Tx, kind: &str) -> Result<Option<Meaning>> {
    let (rows, tree) = (said(tx).await?, units::all(tx).await?);
    Ok(of(rows, &tree).into_iter().find(|m| m.kind == kind))
}
