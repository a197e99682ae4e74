//! Weights learned from the base itself, without anybody saying who is the same as whom.
//!
//! `u` comes from pairs taken at random, of which next to none are one person. `m` comes from expectation–maximisation
//! with `u` held fixed (Winkler 1988; Fellegi and Sunter 1969), over **all** pairs: those that share no key count as
//! different without being looked at, so it does not matter that blocking prefers some agreements, as it does when
//! candidates alone are taken for the population. What keeps it from running astray:
//!
//! - the shipped `m` count as so many pairs seen before (a Dirichlet prior), so a small base keeps them;
//! - pairs that a rule holds for a family's are left out, or relatives would teach that given names may differ;
//! - a field whose result turned against sense (equal values that speak against) keeps what was shipped;
//! - fewer than a handful of expected duplicates teach nothing.

use std::{collections::HashMap, num::NonZero};

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    base::Base,
    candidates::{Blocks, Stage, Watch, spread},
    compare::Memory,
    held::{self, Why},
    level::Level,
    model::{Common, FieldModel, Model, TWICE, Weight},
    score::Matcher,
    spec::{Fault, Kind},
    view::{View, level_in},
};

/// How much is looked at. The defaults learn a million people in a few seconds.
#[derive(Clone, Copy, Debug)]
pub struct Learning {
    pub seed: u64,
    /// Pairs taken at random for `u`.
    pub random: usize,
    /// Candidates looked at for `m`, about.
    pub candidates: usize,
    pub threads: NonZero<usize>,
}

impl Default for Learning {
    fn default() -> Self {
        Self { seed: 1, random: 150_000, candidates: 1_000_000, threads: THREADS }
    }
}

/// Two, as on the machines that Kring is made for.
pub(crate) const THREADS: NonZero<usize> = NonZero::<usize>::MIN.saturating_add(1);

/// Pairs of one person that the shipped `m` are worth.
const BELIEF: f64 = 60.0;

/// Below so many expected duplicates nothing is learned.
const LEAST: f64 = 20.0;

/// A value that so many bear is common. Of what is personal by design it must be more, or somebody who is in the base
/// five times would be taken for five people with one number.
fn bearers(kind: Kind) -> u32 {
    if kind.is_personal() { 12 } else { 5 }
}

/// At most so many common values are kept of a field.
const MOST_COMMON: usize = 4000;

impl Model {
    /// Learns from a base. The same base and seed give the same model, whatever the number of threads.
    pub fn learn(base: &Base, learning: &Learning, watch: Watch<'_>) -> Result<Self, Fault> {
        let blocks = Blocks::of(base, learning.threads, watch);
        learned(base, &blocks, learning)
    }
}

pub(crate) fn learned(base: &Base, blocks: &Blocks, learning: &Learning) -> Result<Model, Fault> {
    let mut model = Model::shipped(base.spec(), base.len());
    // Two lists: each record of the smaller is in the other with a fair chance, or nobody would link them.
    let two = base.second() != base.len();
    if two {
        let smaller = base.second().min(base.len() - base.second()) as f64;
        model.prior = (0.3 * smaller / base.pairs().max(1e6)).min(0.001);
    }
    for (at, field) in model.fields.iter_mut().enumerate() {
        spread_of_values(base, at, field);
    }
    let matcher = Matcher::new(base.spec().clone(), model)?;
    let view = View::new(&matcher, base);
    let mut model = matcher.model().clone();
    differing(&view, &mut model, learning);
    agreeing(&view, blocks, &mut model, learning);
    Ok(model)
}

/// How rare values are: `u` of equal values, the share of each common value and of the rest. Each is drawn towards the
/// shipped share as by so many records seen before.
fn spread_of_values(base: &Base, at: usize, field: &mut FieldModel) {
    const SEEN: f64 = 500.0;
    let mut counts = vec![0_u32; base.symbol_count()];
    let mut all = 0.0_f64;
    for record in 0..base.len() {
        for slot in base.slots(record, at) {
            if let Some(count) = counts.get_mut(base.value(slot) as usize) {
                *count += 1;
                all += 1.0;
            }
        }
    }
    let Some(shipped) = field.weights.first().map(|w| w.u) else { return };
    // One bearer is the record itself: what counts is who else has it.
    let share = |count: u32| ((f64::from(count) - 1.0) + SEEN * shipped) / (all + SEEN);
    let mut common: Vec<(u32, u32)> = Vec::new();
    let (mut rare, mut rare_weight, mut exact) = (0.0, 0.0, 0.0);
    for (symbol, &count) in counts.iter().enumerate().filter(|(_, c)| **c > 0) {
        let weight = f64::from(count);
        exact += weight * share(count);
        if count >= bearers(field.kind) {
            common.push((count, symbol as u32));
        } else {
            rare += weight * share(count);
            rare_weight += weight;
        }
    }
    let hash = |symbol: u32| base.symbol(symbol).0.hash;
    common.sort_unstable_by_key(|&(count, symbol)| (u32::MAX - count, hash(symbol)));
    let nameable = !field.kind.is_personal() && field.kind != Kind::Date && field.kind != Kind::Code;
    field.common = common
        .iter()
        .take(MOST_COMMON)
        .map(|&(count, symbol)| Common {
            hash: hash(symbol),
            text: nameable.then(|| base.symbol(symbol).1.to_owned()),
            share: share(count),
        })
        .collect();
    // Of what belongs to one bearer by design the only repeats are the duplicates, so rarity stays as shipped.
    if field.kind.is_personal() || all == 0.0 {
        return;
    }
    field.rare = if rare_weight > 0.0 { rare / rare_weight } else { share(1) };
    if let Some(weight) = field.weights.first_mut() {
        weight.u = (exact / all).min(0.9);
    }
}

/// `u` of the other levels, from pairs taken at random.
fn differing(view: &View<'_>, model: &mut Model, learning: &Learning) {
    let base = view.base;
    let possible = base.pairs();
    if base.len() < 2 || possible < 1.0 {
        return;
    }
    let wanted = (learning.random as f64).min(possible) as usize;
    let mut chance = ChaCha8Rng::seed_from_u64(learning.seed);
    let two = base.second() != base.len();
    let pairs: Vec<(usize, usize)> = (0..wanted)
        .filter_map(|_| {
            let (a, b) = if two {
                (chance.random_range(0..base.second()), chance.random_range(base.second()..base.len()))
            } else {
                (chance.random_range(0..base.len()), chance.random_range(0..base.len()))
            };
            (a != b).then_some((a, b))
        })
        .collect();
    let patterns = counted(learning.threads, pairs.len(), |memory, at| {
        let (a, b) = pairs.get(at).copied()?;
        Some(view.look(a, b, memory).pattern())
    });
    for (at, field) in model.fields.iter_mut().enumerate() {
        let counts = levels(&patterns, at, |_| 1.0);
        let seen: f64 = counts.iter().skip(1).sum();
        if seen == 0.0 {
            continue;
        }
        // What was shipped weighs as a twentieth of what was seen, and as a thousand pairs at least: a level that
        // chance did not show is rare, not impossible.
        let belief = 1000.0 + seen / 20.0;
        let exact = field.weights.first().map_or(0.0, |w| w.u);
        let mut rest = 0.0;
        for weight in field.weights.iter_mut().skip(1) {
            let count = counts.get(weight.level as usize).copied().unwrap_or_default();
            weight.u = (count + belief * weight.u) / (seen + belief);
            rest += weight.u;
        }
        for weight in field.weights.iter_mut().skip(1) {
            weight.u *= (1.0 - exact) / rest;
        }
    }
}

/// `m` and the prior, by expectation–maximisation over the candidates.
fn agreeing(view: &View<'_>, blocks: &Blocks, model: &mut Model, learning: &Learning) {
    let base = view.base;
    let (stride, few) = stride(base, blocks, learning);
    if few {
        return;
    }
    let starts: Vec<usize> = (0..base.len()).step_by(stride).collect();
    let patterns = counted_many(learning.threads, starts.len(), |memory, at, found, count| {
        let Some(&record) = starts.get(at) else { return };
        blocks.candidates(base, record, found);
        for &other in found.iter() {
            let look = view.look(record, other as usize, memory);
            let family = held::held(&view.signs(record, other as usize, &look));
            let left_out = family.is_some_and(|(why, _)| why.keeps_apart() && why != Why::OwnNumbers);
            if !left_out {
                count(look.pattern());
            }
        }
    });
    let possible = base.pairs();
    let shipped: Vec<Vec<Weight>> = model.fields.iter().map(|f| f.weights.clone()).collect();
    let mut same = 0.0;
    for _ in 0..50 {
        let chances: Vec<f64> = patterns.iter().map(|&(pattern, _)| chance_of(model, pattern)).collect();
        same = patterns.iter().zip(&chances).map(|((_, n), p)| n * p).sum();
        if same < LEAST {
            for (field, weights) in model.fields.iter_mut().zip(shipped) {
                field.weights = weights;
            }
            return;
        }
        let mut moved = 0.0_f64;
        for (at, field) in model.fields.iter_mut().enumerate() {
            let mut chances = chances.iter();
            let counts = levels(&patterns, at, |_| chances.next().copied().unwrap_or_default());
            let seen: f64 = counts.iter().skip(1).sum();
            for (weight, before) in field.weights.iter_mut().zip(shipped.get(at).into_iter().flatten()) {
                let count = counts.get(weight.level as usize).copied().unwrap_or_default();
                // Families are left out, and with them those whose name was written quite otherwise: what was never
                // seen is not taken to be five times rarer than shipped.
                let m = ((count + BELIEF * before.m) / (seen + BELIEF)).max(before.m / 5.0);
                moved = moved.max((m - weight.m).abs());
                weight.m = m;
            }
        }
        let found = same * stride as f64;
        let most = base.len() as f64 * 2.0;
        model.prior = ((found + 1.0) / (possible + 1.0)).min(most / possible.max(1.0)).clamp(1e-12, 0.2);
        if moved < 1e-5 {
            break;
        }
    }
    for (field, weights) in model.fields.iter_mut().zip(shipped) {
        let sense = field.weights.first().is_some_and(|w| w.m > 2.0 * w.u && w.m > 0.1)
            && field.weights.last().is_some_and(|w| w.m < w.u);
        field.learned = sense && same >= LEAST;
        if !sense {
            field.weights = weights;
        } else if !field.kind.is_personal()
            && let Some(exact) = field.weights.first_mut()
        {
            // Equal values were counted over all pairs, those of one person among them; these are taken out again.
            let own = model.prior * exact.m;
            exact.u = (exact.u - own).max(exact.u / 5.0);
            field.rare = (field.rare - own).max(field.rare / 5.0);
        }
    }
    if !model.prior.is_finite() {
        model.prior = 2.0 * TWICE / base.len().max(1) as f64;
    }
}

/// Every how manieth record is looked at so that about the wanted number of candidates is; and whether there are none.
fn stride(base: &Base, blocks: &Blocks, learning: &Learning) -> (usize, bool) {
    let every = (base.len() / 2000).max(1);
    let mut found = Vec::new();
    let mut seen = 0;
    for record in (0..base.len()).step_by(every) {
        blocks.candidates(base, record, &mut found);
        seen += found.len();
    }
    let all = seen * every;
    ((all / learning.candidates.max(1)).max(1), all == 0)
}

/// The chance that a pair with these levels is one person's, equal values taken for averagely rare.
fn chance_of(model: &Model, pattern: u64) -> f64 {
    let (mut bits, mut plus, mut minus) = (0.0, 0.0, 0.0);
    let mut swapped = false;
    for (at, field) in model.fields.iter().enumerate() {
        let level = level_in(pattern, at);
        let Some(weight) = field.weights.iter().find(|w| w.level as u64 == level) else { continue };
        let own = match weight.level {
            // The other field's swap is the same event; it costs its chance once.
            Level::Swapped if swapped => field.weights.first().map_or(0.0, |exact| -exact.u.log2()),
            Level::Swapped => {
                swapped = true;
                (weight.m / field.weights.first().map_or(1.0, |exact| exact.u)).log2()
            }
            _ => weight.bits(),
        };
        if !field.kind.is_address() {
            bits += own;
        } else if own > 0.0 {
            plus += own;
        } else {
            minus += own;
        }
    }
    bits += plus.min(model.address_most) + minus.max(model.address_least);
    1.0 / (1.0 + (-(bits + model.prior_bits())).exp2())
}

/// How often each level of a field was seen, by `Level as usize`; `Missing` first.
fn levels(patterns: &[(u64, f64)], at: usize, mut weight: impl FnMut(u64) -> f64) -> [f64; 16] {
    let mut counts = [0.0; 16];
    for &(pattern, n) in patterns {
        let weight = weight(pattern);
        if let Some(count) = counts.get_mut(level_in(pattern, at) as usize) {
            *count += n * weight;
        }
    }
    counts
}

fn counted(
    threads: NonZero<usize>,
    of: usize,
    pattern: impl Fn(&mut Memory, usize) -> Option<u64> + Sync,
) -> Vec<(u64, f64)> {
    counted_many(threads, of, |memory, at, _, count| {
        if let Some(pattern) = pattern(memory, at) {
            count(pattern);
        }
    })
}

/// Counts patterns over all threads; sorted, so that sums are the same in every run.
fn counted_many(
    threads: NonZero<usize>,
    of: usize,
    work: impl Fn(&mut Memory, usize, &mut Vec<u32>, &mut dyn FnMut(u64)) + Sync,
) -> Vec<(u64, f64)> {
    let begin = || (Memory::large(), Vec::new());
    let parts = spread(of, threads, Stage::Keys, &|_| {}, begin, |(memory, found), range| {
        let mut counts: HashMap<u64, u32> = HashMap::new();
        for at in range {
            work(memory, at, found, &mut |pattern| *counts.entry(pattern).or_default() += 1);
        }
        counts
    });
    let mut all: HashMap<u64, f64> = HashMap::new();
    for (pattern, n) in parts.into_iter().flatten() {
        *all.entry(pattern).or_default() += f64::from(n);
    }
    let mut all: Vec<(u64, f64)> = all.into_iter().collect();
    all.sort_unstable_by_key(|(pattern, _)| *pattern);
    all
}
