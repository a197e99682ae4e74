//! Two records weighed: bits per field, a probability, a band, and the reason when a rule held the pair.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    base::{Base, value_hash},
    compare::Memory,
    held::Why,
    level::Level,
    model::Model,
    spec::{Fault, Kind, Record, Spec},
    text,
    view::View,
};

/// What is to be done with a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    Different,
    /// A person decides.
    Ask,
    Same,
}

/// What one field says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldScore {
    pub key: String,
    pub level: Level,
    /// Evidence in bits; the sum over the fields is the score's.
    pub bits: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Evidence in bits: 10 makes one person a thousand times likelier than before.
    pub bits: f64,
    /// The chance that the two are one, 0 to 1, the prior included and the rule that held it not.
    pub probability: f64,
    pub band: Band,
    pub fields: Vec<FieldScore>,
    /// The rule that speaks against *same*, also where the bits alone would not have made it that.
    pub held: Option<Why>,
}

/// Of one kind of field: bits per level, and how rare its values are.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub kind: Kind,
    /// By `Level as usize`; of `Exact` and `Swapped` only log2 m, since the value's rarity comes to it.
    pub bits: [f64; 14],
    /// log2 of 1 / share of a value that is not common.
    pub rare: f64,
    pub common: HashMap<u64, f64>,
}

/// A specification and a model that fits it, prepared for comparing.
#[derive(Clone, Debug)]
pub struct Matcher {
    pub(crate) spec: Spec,
    pub(crate) model: Model,
    pub(crate) tables: Vec<Table>,
}

/// Rarer than one in thirty million nothing is taken to be, lest one shared value outweigh all the rest.
const RAREST: f64 = 25.0;

/// The second of two fields that changed places: given that the first did, it nearly always does.
const BOTH_SWAPPED: f64 = 0.9;

impl Matcher {
    pub fn new(spec: Spec, model: Model) -> Result<Self, Fault> {
        model.fits(&spec)?;
        let tables = model.fields.iter().enumerate().map(|(at, field)| {
            let mut bits = [0.0; 14];
            for weight in &field.weights {
                if let Some(slot) = bits.get_mut(weight.level as usize) {
                    *slot = match weight.level {
                        Level::Swapped if spec.swaps().iter().any(|&(_, second)| second == at) => {
                            BOTH_SWAPPED.log2()
                        }
                        Level::Exact | Level::Swapped => weight.m.log2(),
                        _ => weight.bits(),
                    };
                }
            }
            let surprise = |share: f64| (-share.log2()).clamp(0.0, RAREST);
            Table {
                kind: field.kind,
                bits,
                rare: surprise(field.rare),
                common: field.common.iter().map(|c| (c.hash, surprise(c.share))).collect(),
            }
        });
        let tables = tables.collect();
        Ok(Self { spec, model, tables })
    }

    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Weighs two records. Symmetric. For many pairs, `dedupe` and `link` share the work.
    pub fn score(&self, a: &Record, b: &Record) -> Result<Score, Fault> {
        let base = Base::new(&self.spec, [a.clone(), b.clone()])?;
        Ok(View::new(self, &base).score(0, 1, &mut Memory::none()))
    }

    /// How many bits it says that two share this value; for whoever explains a score.
    pub fn surprise(&self, field: usize, value: &str) -> f64 {
        let Some(table) = self.tables.get(field) else { return 0.0 };
        let hash = value_hash(table.kind, &text::normal(table.kind, value));
        table.common.get(&hash).copied().unwrap_or(table.rare)
    }
}
