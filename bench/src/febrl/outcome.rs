//! What was found, held against who is who.

use std::collections::{HashMap, HashSet};

use kring_match::{Band, Base, Found};

use crate::Figure;

#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// How many pairs are truly one.
    pub truth: f64,
    pub precision: f64,
    pub recall: f64,
    /// The recall when people answer every question rightly.
    pub recall_asked: f64,
    /// Questions, as a share of the true pairs.
    pub asked: f64,
    /// Of the people that the pairs were joined into.
    pub joined_precision: f64,
    pub joined_recall: f64,
}

impl Outcome {
    pub fn f(self) -> f64 {
        2.0 * self.precision * self.recall / (self.precision + self.recall).max(1e-9)
    }

    /// `person` tells of each record whose it is; 0 is nobody's, and such a record pairs with none.
    pub fn of(base: &Base, found: &Found, person: &[u32]) -> Self {
        let whose = |at: u32| person.get(at as usize).copied().unwrap_or_default();
        let two = base.second() != base.len();
        let across =
            |a: u32, b: u32| !two || ((a as usize) < base.second()) != ((b as usize) < base.second());
        let is_one = |&(a, b): &(u32, u32)| whose(a) != 0 && whose(a) == whose(b);
        let mut records: HashMap<u32, (f64, f64)> = HashMap::new();
        for (at, &who) in person.iter().enumerate().filter(|(_, who)| **who != 0) {
            let counts = records.entry(who).or_default();
            if at < base.second() { counts.0 += 1.0 } else { counts.1 += 1.0 }
        }
        let pairs = records.values().map(|(a, b)| if two { a * b } else { a * (a - 1.0) / 2.0 });
        let truth: f64 = pairs.sum::<f64>().max(1.0);
        let of_band = |band: Band| -> Vec<(u32, u32)> {
            found.pairs.iter().filter(|p| p.band == band).map(|p| (p.a, p.b)).collect()
        };
        let (same, ask) = (of_band(Band::Same), of_band(Band::Ask));
        let mut joined: HashSet<(u32, u32)> = HashSet::new();
        for cluster in found.clusters() {
            for (at, &a) in cluster.iter().enumerate() {
                joined.extend(cluster.iter().skip(at + 1).filter(|&&b| across(a, b)).map(|&b| (a, b)));
            }
        }
        let right = |pairs: &mut dyn Iterator<Item = (u32, u32)>| pairs.filter(is_one).count() as f64;
        let same_right = right(&mut same.iter().copied());
        let joined_right = right(&mut joined.iter().copied());
        Self {
            truth,
            precision: same_right / (same.len() as f64).max(1.0),
            recall: same_right / truth,
            recall_asked: (same_right + right(&mut ask.iter().copied())) / truth,
            asked: ask.len() as f64 / truth,
            joined_precision: joined_right / (joined.len() as f64).max(1.0),
            joined_recall: joined_right / truth,
        }
    }

    /// Precision at least 0.995 and recall at least 0.98; the rest has no goal and is there to be read.
    pub fn tell(self, bench: &str, of: &str) {
        for (name, value, goal) in [
            ("precision", self.precision, 0.995),
            ("recall", self.recall, 0.98),
            ("f", self.f(), 0.0),
            ("recall_with_questions", self.recall_asked, 0.0),
            ("joined_precision", self.joined_precision, 0.0),
            ("joined_recall", self.joined_recall, 0.0),
            ("questions", self.asked, 0.0),
        ] {
            figure(bench, &format!("{of}{name}"), value, "share", goal, false);
        }
    }
}

/// One figure of one run.
pub fn figure(bench: &str, name: &str, value: f64, unit: &str, goal: f64, at_most: bool) {
    Figure { name, value, unit, goal, at_most, runs: 1, min: value, max: value }.tell(bench);
}
