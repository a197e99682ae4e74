//! Pairs joined into people.
//!
//! The rule: pairs that are *same* are taken from the strongest to the weakest (by bits; of equally strong ones by what
//! the records hold, never by where they stand, so the order of a list decides nothing). Two groups are
//! joined unless somewhere between them stands a pair that is kept apart: one that a rule holds for two people
//! (`Why::keeps_apart`), or whose fields taken together speak against (bits below zero). So a third record never joins
//! twins, and a chain of likenesses never joins its two ends when these contradict each other. Not having enough in
//! common (bits above zero, below the bound) is no contradiction: that is what the third record is for.

use crate::{compare::Memory, found::Pair, score::Band, view::View};

pub(crate) struct Clusters<'a> {
    view: &'a View<'a>,
    memory: Memory,
    /// The group of each record, by its first record.
    first: Vec<u32>,
    /// The members of each group, at its first record; empty for a record alone.
    members: Vec<Vec<u32>>,
}

impl<'a> Clusters<'a> {
    pub fn of(view: &'a View<'a>, pairs: &[Pair], watch: impl Fn(usize, usize)) -> Vec<u32> {
        let records = view.base.len();
        let mut clusters = Self {
            view,
            memory: Memory::large(),
            first: (0..records as u32).collect(),
            members: vec![Vec::new(); records],
        };
        let mut same: Vec<&Pair> = pairs.iter().filter(|p| p.band == Band::Same).collect();
        let held: Vec<u64> = (0..records).map(|record| view.base.fingerprint(record)).collect();
        let held = |at: u32| held.get(at as usize).copied().unwrap_or_default();
        let tie = |pair: &Pair| {
            let (x, y) = (held(pair.a), held(pair.b));
            (x.min(y), x.max(y), pair.a, pair.b)
        };
        same.sort_unstable_by(|x, y| y.bits.total_cmp(&x.bits).then_with(|| tie(x).cmp(&tie(y))));
        for (at, pair) in same.iter().enumerate() {
            clusters.join(pair.a, pair.b);
            if at % 10_000 == 0 {
                watch(at, same.len());
            }
        }
        clusters.first
    }

    fn first(&self, record: u32) -> u32 {
        self.first.get(record as usize).copied().unwrap_or(record)
    }

    fn group(&self, first: u32) -> Vec<u32> {
        let members = self.members.get(first as usize).filter(|m| !m.is_empty());
        members.cloned().unwrap_or_else(|| vec![first])
    }

    fn join(&mut self, a: u32, b: u32) {
        let (one, other) = (self.first(a), self.first(b));
        if one == other {
            return;
        }
        let (stay, go) = (self.group(one.min(other)), self.group(one.max(other)));
        for &x in &stay {
            for &y in &go {
                if (x, y) != (a, b) && (y, x) != (a, b) && self.are_apart(x, y) {
                    return;
                }
            }
        }
        let first = one.min(other);
        for &record in &go {
            if let Some(place) = self.first.get_mut(record as usize) {
                *place = first;
            }
        }
        if let Some(members) = self.members.get_mut(one.max(other) as usize) {
            members.clear();
        }
        if let Some(members) = self.members.get_mut(first as usize) {
            *members = [stay, go].concat();
        }
    }

    fn are_apart(&mut self, x: u32, y: u32) -> bool {
        let verdict = self.view.verdict(x as usize, y as usize, &mut self.memory);
        verdict.held.is_some_and(crate::held::Why::keeps_apart) || verdict.bits < 0.0
    }
}
