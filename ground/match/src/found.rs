//! A whole base against itself, or two lists against each other: the pairs worth a name, and the people they make.

use std::num::NonZero;

use crate::{
    base::Base,
    candidates::{Blocks, Progress, Stage, Watch, spread},
    cluster::Clusters,
    compare::Memory,
    held::Why,
    learn::{self, Learning},
    model::Model,
    score::{Band, Matcher, Score},
    spec::Fault,
    view::{Verdict, View},
};

/// A pair that is the same or a question, or that a rule keeps apart where the bits would have it the same.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Numbers of records in the base; `a < b`.
    pub a: u32,
    pub b: u32,
    pub bits: f64,
    pub probability: f64,
    pub band: Band,
    pub held: Option<Why>,
}

impl Pair {
    fn of(a: u32, b: u32, verdict: Verdict) -> Self {
        Self {
            a,
            b,
            bits: verdict.bits,
            probability: verdict.probability,
            band: verdict.band,
            held: verdict.held,
        }
    }
}

/// What was found. `pairs` are in the order of `a`, then `b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub pairs: Vec<Pair>,
    /// For each record the first record of the same person: itself when it is that.
    pub first: Vec<u32>,
    /// How many pairs were compared.
    pub compared: u64,
}

impl Found {
    /// The records of each person with more than one, in the order of their first.
    pub fn clusters(&self) -> Vec<Vec<u32>> {
        let mut members: Vec<(u32, u32)> =
            self.first.iter().enumerate().map(|(at, &first)| (first, at as u32)).collect();
        members.sort_unstable();
        members
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|cluster| cluster.len() > 1)
            .map(|cluster| cluster.iter().map(|m| m.1).collect())
            .collect()
    }
}

/// Compares a base with itself, or its two lists with each other, by a given model.
pub fn find(
    matcher: &Matcher,
    base: &Base,
    threads: NonZero<usize>,
    watch: Watch<'_>,
) -> Result<Found, Fault> {
    matcher.model().fits(base.spec())?;
    let blocks = Blocks::of(base, threads, watch);
    Ok(compared(matcher, base, &blocks, threads, watch))
}

/// Learns a model from the base, then compares by it. The keys are made once for both.
pub fn learn_and_find(base: &Base, learning: &Learning, watch: Watch<'_>) -> Result<(Matcher, Found), Fault> {
    let blocks = Blocks::of(base, learning.threads, watch);
    let model: Model = learn::learned(base, &blocks, learning)?;
    let matcher = Matcher::new(base.spec().clone(), model)?;
    let found = compared(&matcher, base, &blocks, learning.threads, watch);
    Ok((matcher, found))
}

/// The whole scores of pairs of a base, field by field. Of many at once, since what the matcher knows of the base's values is
/// looked up first, and that costs as much as the base is large.
pub fn explain(matcher: &Matcher, base: &Base, pairs: &[(u32, u32)]) -> Vec<Score> {
    let view = View::new(matcher, base);
    let mut memory = Memory::none();
    pairs.iter().map(|&(a, b)| view.score(a as usize, b as usize, &mut memory)).collect()
}

/// Weighs these pairs of a base, of which somebody else said that they should be: those that are the same or a question, and
/// those that a rule keeps apart, however little they have in common.
pub fn judge(matcher: &Matcher, base: &Base, pairs: &[(u32, u32)], threads: NonZero<usize>) -> Vec<Pair> {
    let view = View::new(matcher, base);
    let parts = spread(pairs.len(), threads, Stage::Comparing, &|_| {}, Memory::large, |memory, stretch| {
        let some = pairs.get(stretch).unwrap_or_default();
        let judged = some.iter().map(|&(a, b)| Pair::of(a, b, view.verdict(a as usize, b as usize, memory)));
        judged.filter(|pair| pair.band > Band::Different || pair.held.is_some()).collect::<Vec<_>>()
    });
    parts.into_iter().flatten().collect()
}

fn compared(
    matcher: &Matcher,
    base: &Base,
    blocks: &Blocks,
    threads: NonZero<usize>,
    watch: Watch<'_>,
) -> Found {
    let view = View::new(matcher, base);
    let ask = matcher.model().ask;
    let begin = || (Memory::large(), Vec::new());
    let parts = spread(base.len(), threads, Stage::Comparing, watch, begin, |(memory, found), records| {
        let (mut pairs, mut count) = (Vec::new(), 0_u64);
        for record in records {
            blocks.candidates(base, record, found);
            count += found.len() as u64;
            for &other in found.iter() {
                let verdict = view.verdict(record, other as usize, memory);
                if verdict.band > Band::Different || (verdict.held.is_some() && verdict.probability >= ask) {
                    pairs.push(Pair::of(record as u32, other, verdict));
                }
            }
        }
        (pairs, count)
    });
    let compared = parts.iter().map(|(_, count)| count).sum();
    let pairs: Vec<Pair> = parts.into_iter().flat_map(|(pairs, _)| pairs).collect();
    let first = Clusters::of(&view, &pairs, |done, of| watch(Progress { stage: Stage::Joining, done, of }));
    Found { pairs, first, compared }
}
