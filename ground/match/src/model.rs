//! What a base has learned of its fields: the weights, how rare each value is, and where the bands lie.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    level::Level,
    shipped,
    spec::{Fault, Kind, Spec},
};

/// The chances of one level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Weight {
    pub level: Level,
    /// How often two records of one show it, 0 to 1.
    pub m: f64,
    /// How often two records of different ones show it, 0 to 1.
    pub u: f64,
}

impl Weight {
    /// Evidence in bits: log2(m / u), after Fellegi and Sunter (1969). Positive speaks for, negative against.
    pub fn bits(&self) -> f64 {
        (self.m / self.u).log2()
    }
}

/// A value that many bear, and therefore says less when two share it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Common {
    /// The stable hash of the value, so that a stored model names nobody's mail address or phone.
    pub hash: u64,
    /// The value itself, for the kinds where that is no personal datum: names and places.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The share of the records that bear it, 0 to 1.
    pub share: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldModel {
    pub key: String,
    pub kind: Kind,
    /// In the order of `Level::of`.
    pub weights: Vec<Weight>,
    /// The share of a value that is not among the common ones, 0 to 1.
    pub rare: f64,
    pub common: Vec<Common>,
    /// Whether `m` was learned from this base; otherwise the shipped one stands.
    pub learned: bool,
}

/// Serialisable, and printable as a table (`to_string`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// How many records it was made for.
    pub records: usize,
    /// The chance that two records taken at random are one person.
    pub prior: f64,
    /// A pair is *same* at this probability and above.
    pub same: f64,
    /// A pair is a question to a person at this probability and above, *different* below.
    pub ask: f64,
    /// Bits that the address counts for at most: a household shares all of it, so its fields agree together.
    pub address_most: f64,
    /// Bits that the address counts for at least: who moves changes all of it at once.
    pub address_least: f64,
    pub fields: Vec<FieldModel>,
}

/// Three records in a hundred are somebody's second, until the base says otherwise.
pub(crate) const TWICE: f64 = 0.03;

/// A smaller base is taken for a sample of a town of this many: in thirty people a name is unique by accident.
pub(crate) const TOWN: usize = 1000;

impl Model {
    /// The weights that Kring ships, for a base of so many records (two lists: the sum).
    pub fn shipped(spec: &Spec, records: usize) -> Self {
        let fields = spec.fields().iter().map(|field| {
            let weights = shipped::weights(field.kind)
                .iter()
                .map(|&(level, m, u)| Weight { level, m, u })
                .collect::<Vec<_>>();
            let rare = weights.first().map_or(1.0, |w| w.u);
            FieldModel {
                key: field.key.clone(),
                kind: field.kind,
                weights,
                rare,
                common: Vec::new(),
                learned: false,
            }
        });
        Self {
            records,
            prior: 2.0 * TWICE / records.max(TOWN) as f64,
            same: 0.99,
            ask: 0.20,
            address_most: 14.0,
            address_least: -4.0,
            fields: fields.collect(),
        }
    }

    pub fn fits(&self, spec: &Spec) -> Result<(), Fault> {
        let same = self.fields.len() == spec.fields().len()
            && self.fields.iter().zip(spec.fields()).all(|(m, f)| m.key == f.key && m.kind == f.kind);
        if same { Ok(()) } else { Err(Fault::OtherFields) }
    }

    /// Bits of the chance that two records taken at random are one.
    pub fn prior_bits(&self) -> f64 {
        (self.prior / (1.0 - self.prior)).log2()
    }
}

impl fmt::Display for Model {
    /// One line a level: field, level, m, u, bits; below each field what is common in it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} records; prior {:.3e} ({:.1} bits); same from {}, ask from {}; address {:+} to {:+} bits",
            self.records,
            self.prior,
            self.prior_bits(),
            self.same,
            self.ask,
            self.address_least,
            self.address_most
        )?;
        writeln!(f, "{:<16}{:<12}{:>10}{:>12}{:>8}", "field", "level", "m", "u", "bits")?;
        for field in &self.fields {
            let origin = if field.learned { "" } else { " *" };
            for weight in &field.weights {
                writeln!(
                    f,
                    "{:<16}{:<12}{:>10.5}{:>12.3e}{:>+8.1}{origin}",
                    field.key,
                    weight.level.word(),
                    weight.m,
                    weight.u,
                    weight.bits()
                )?;
            }
            let most = field
                .common
                .iter()
                .take(5)
                .filter_map(|c| c.text.as_ref().map(|text| format!("{text} {:.2} %", c.share * 100.0)));
            let most: Vec<String> = most.collect();
            writeln!(f, "{:<16}{} common: {}", field.key, field.common.len(), most.join(", "))?;
        }
        writeln!(f, "* as shipped")
    }
}
