//! What acts come to: arithmetic and nothing else. Whoever scores one person on a page and whoever scores everybody by night
//! comes here, so that there is one formula in one place.
//!
//! An act of kind *k*, *a* days old, is worth `points · 2^(−a / half-life)`, as far as the cap of its kind for the calendar
//! year has room. In each mode these add up to `S`, and the mode scores `100 · (1 − e^(−S / K))`: the tenth answer says less
//! than the first, and nobody passes a hundred. Engagement is the mean of the modes by weight, over those modes in which
//! anything can be done at all.
//!
//! The cap is one of calendar years and not of the last 365 days: what an act counted for then is settled the day it is done,
//! and no later act, nor the passing of a day, changes it. A rolling year would let points come back in spring.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

/// The four modes in which people are involved with an institution, after CASE (Alumni Engagement Metrics).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Communication,
    Experiential,
    Volunteer,
    Philanthropic,
}

impl Mode {
    pub const ALL: [Self; 4] =
        [Self::Communication, Self::Experiential, Self::Volunteer, Self::Philanthropic];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Communication => "communication",
            Self::Experiential => "experiential",
            Self::Volunteer => "volunteer",
            Self::Philanthropic => "philanthropic",
        }
    }
}

/// What one act of a kind is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    pub mode: Mode,
    pub points: i64,
    /// Days after which it is worth half.
    pub half_life: i64,
    /// Points that acts of this kind count for in one calendar year, at most.
    pub cap: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weight {
    /// In hundredths; what the weights of all modes add up to is taken for the whole.
    pub weight: i64,
    /// With so many points a mode scores 63 of 100.
    pub k: i64,
}

/// How a prospect's behaviour is read from the same acts: they fade faster, and of whoever has done nothing for a while
/// nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lately {
    pub half_life: i64,
    pub k: i64,
    /// Days without an act after which the number is stale.
    pub stale: i64,
}

/// A version of the formula, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Formula {
    /// By the name under which rooms tell of an act. Some have no room that tells of them yet.
    pub kinds: BTreeMap<String, Worth>,
    pub modes: BTreeMap<Mode, Weight>,
    pub behaviour: Lately,
}

impl Formula {
    pub fn weight(&self, mode: Mode) -> Weight {
        self.modes.get(&mode).copied().unwrap_or(Weight { weight: 0, k: 1 })
    }

    /// The modes that count: they have a weight, and one of these kinds of acts is worth something in them.
    pub fn modes_with<'a>(&self, kinds: impl IntoIterator<Item = &'a str>) -> BTreeSet<Mode> {
        let worth =
            kinds.into_iter().filter_map(|kind| self.kinds.get(kind)).filter(|worth| worth.points > 0);
        worth.map(|worth| worth.mode).filter(|mode| self.weight(*mode).weight > 0).collect()
    }
}

/// Something that somebody did. Days are numbered, one after the other.
#[derive(Clone, Copy, Debug)]
pub struct Act<'a> {
    pub kind: &'a str,
    pub day: i64,
    /// The calendar year that day lies in.
    pub year: i64,
}

/// What one act adds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Part {
    /// By the formula.
    pub points: i64,
    /// As far as the cap of its year had room.
    pub counted: i64,
    /// What is left of that today.
    pub now: f64,
    /// In tenths of a point of the score; with those of the other acts it adds up to the score.
    pub tenths: i64,
    /// The same of the behaviour.
    pub lately: i64,
}

/// What the acts in one mode come to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InMode {
    pub mode: Mode,
    /// Points left today.
    pub sum: f64,
    /// From 0 to 100.
    pub score: f64,
    /// Its share of all weights that count, from 0 to 1.
    pub share: f64,
    /// In tenths of a point of the score; those of all modes add up to the score.
    pub tenths: i64,
}

/// What somebody's acts come to on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Tenths of a point, from 0 to 1,000.
    pub tenths: i64,
    pub modes: Vec<InMode>,
    /// In the order of the acts.
    pub parts: Vec<Part>,
    pub behaviour: Option<Behaviour>,
}

/// What somebody did lately; of whoever never did anything there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Behaviour {
    pub tenths: i64,
    /// The day of their last act.
    pub last: i64,
    /// That is longer ago than the formula lets the number stand.
    pub stale: bool,
}

impl Score {
    /// As rules ask for it: whole points that were reached, so that "at least 40" holds for nobody who is shown 39.9.
    pub fn whole(&self) -> i64 {
        self.tenths / 10
    }

    /// The same of the behaviour; a stale number is not known any more.
    pub fn behaviour(&self) -> Option<i64> {
        self.behaviour.filter(|lately| !lately.stale).map(|lately| lately.tenths / 10)
    }
}

/// The score of these acts, in the order in which they were done.
pub fn score(formula: &Formula, on: &BTreeSet<Mode>, acts: &[Act<'_>], today: i64) -> Score {
    let mut used: HashMap<(&str, i64), i64> = HashMap::new();
    let (mut parts, mut modes_of, mut lately) = (Vec::new(), Vec::new(), Vec::new());
    for act in acts {
        let worth = formula.kinds.get(act.kind).filter(|worth| on.contains(&worth.mode));
        let points = worth.map_or(0, |worth| worth.points);
        let used = used.entry((act.kind, act.year)).or_default();
        let counted = worth.map_or(0, |worth| points.min(worth.cap - *used).max(0));
        *used += counted;
        let age = today - act.day;
        let now = worth.map_or(0.0, |worth| left(counted, age, worth.half_life));
        parts.push(Part { points, counted, now, tenths: 0, lately: 0 });
        modes_of.push(worth.map(|worth| worth.mode));
        lately.push(left(counted, age, formula.behaviour.half_life));
    }
    let whole: i64 = on.iter().map(|mode| formula.weight(*mode).weight).sum();
    let mut modes: Vec<InMode> = on
        .iter()
        .map(|mode| {
            let Weight { weight, k } = formula.weight(*mode);
            let sum = parts
                .iter()
                .zip(&modes_of)
                .filter(|(_, of)| **of == Some(*mode))
                .map(|(part, _)| part.now)
                .sum();
            let share = if whole > 0 { weight as f64 / whole as f64 } else { 0.0 };
            InMode { mode: *mode, sum, score: saturated(sum, k), share, tenths: 0 }
        })
        .collect();
    let exact: Vec<f64> = modes.iter().map(|mode| mode.score * mode.share).collect();
    let tenths = tenths(exact.iter().sum());
    for (mode, tenths) in modes.iter_mut().zip(shared(tenths, &exact)) {
        mode.tenths = tenths;
        let mine: Vec<usize> =
            modes_of.iter().enumerate().filter(|(_, of)| **of == Some(mode.mode)).map(|(at, _)| at).collect();
        let values: Vec<f64> = mine.iter().filter_map(|at| parts.get(*at)).map(|part| part.now).collect();
        for (at, tenths) in mine.into_iter().zip(shared(mode.tenths, &values)) {
            if let Some(part) = parts.get_mut(at) {
                part.tenths = tenths;
            }
        }
    }
    let behaviour = behaviour(formula.behaviour, acts, &lately, today);
    let to_share = behaviour.map_or(0, |lately| lately.tenths);
    for (part, tenths) in parts.iter_mut().zip(shared(to_share, &lately)) {
        part.lately = tenths;
    }
    Score { tenths, modes, parts, behaviour }
}

fn behaviour(lately: Lately, acts: &[Act<'_>], values: &[f64], today: i64) -> Option<Behaviour> {
    let counts = acts.iter().zip(values).filter(|(_, value)| **value > 0.0);
    let last = counts.map(|(act, _)| act.day).max()?;
    let tenths = tenths(saturated(values.iter().sum(), lately.k));
    Some(Behaviour { tenths, last, stale: today - last > lately.stale })
}

/// What is left of points after some days. An act of tomorrow, by a clock that was wrong, is worth what it is worth.
fn left(points: i64, age: i64, half_life: i64) -> f64 {
    points as f64 * (-(age.max(0) as f64) / half_life.max(1) as f64).exp2()
}

/// `100 · (1 − e^(−S / K))`
fn saturated(sum: f64, k: i64) -> f64 {
    -100.0 * (-sum / k.max(1) as f64).exp_m1()
}

fn tenths(score: f64) -> i64 {
    ((score * 10.0).round() as i64).clamp(0, 1_000)
}

/// A whole number dealt out in proportion, so that what is dealt adds up to it: everybody gets what they surely have, and the
/// rest goes to the largest remainders (the method of Hamilton).
fn shared(whole: i64, values: &[f64]) -> Vec<i64> {
    let sum: f64 = values.iter().sum();
    if sum <= 0.0 || whole <= 0 {
        return vec![0; values.len()];
    }
    let exact: Vec<f64> = values.iter().map(|value| whole as f64 * value / sum).collect();
    let mut dealt: Vec<i64> = exact.iter().map(|share| share.floor() as i64).collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    let remainder = |at: usize| exact.get(at).map_or(0.0, |share| share.fract());
    order.sort_by(|a, b| remainder(*b).total_cmp(&remainder(*a)).then(a.cmp(b)));
    let over = whole - dealt.iter().sum::<i64>();
    for at in order.into_iter().take(usize::try_from(over).unwrap_or(0)) {
        if let Some(share) = dealt.get_mut(at) {
            *share += 1;
        }
    }
    // What is exact may come out a hair too high, and then too much is dealt: the largest share gives it back.
    if let Some(largest) = dealt.iter_mut().max().filter(|_| over < 0) {
        *largest += over;
    }
    dealt
}

#[cfg(test)]
mod tests;
