//! Which pairs are compared: those that share a key which is not a crowd's. Keys are sorted, not hashed into lists: at a
//! million people that is one array of twelve million pairs instead of twelve million small vectors.

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{
    base::Base,
    keys::{CROWD, Keys},
};

/// Where a long piece of work is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub stage: Stage,
    pub done: usize,
    pub of: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Keys are being made, counted in records.
    Keys,
    /// Candidates are being compared, counted in records.
    Comparing,
    /// Pairs are being joined into people, counted in pairs.
    Joining,
}

/// Called from the threads at work, some hundred times in all.
pub type Watch<'a> = &'a (dyn Fn(Progress) + Sync);

/// Splits `0..of` into stretches that the threads take one after another; the results come back in order, so that the
/// number of threads changes nothing but the time.
pub(crate) fn spread<T: Send, S>(
    of: usize,
    threads: NonZero<usize>,
    stage: Stage,
    watch: Watch<'_>,
    begin: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, std::ops::Range<usize>) -> T + Sync,
) -> Vec<T> {
    let stretch = (of / 256).clamp(64, 8192);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let run = || {
        let mut state = begin();
        let mut found: Vec<(usize, T)> = Vec::new();
        loop {
            let start = next.fetch_add(stretch, Ordering::Relaxed);
            if start >= of {
                return found;
            }
            let end = (start + stretch).min(of);
            found.push((start, work(&mut state, start..end)));
            let done = done.fetch_add(end - start, Ordering::Relaxed) + end - start;
            watch(Progress { stage, done, of });
        }
    };
    let mut all = thread::scope(|scope| {
        let others: Vec<_> = (1..threads.get()).map(|_| scope.spawn(run)).collect();
        let mut all = run();
        for other in others {
            match other.join() {
                Ok(found) => all.extend(found),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_unstable_by_key(|(start, _)| *start);
    all.into_iter().map(|(_, found)| found).collect()
}

/// The blocks: records that share a key.
pub(crate) struct Blocks {
    /// Records in the order of their keys.
    members: Vec<u32>,
    /// For each record the blocks that it is in, as stretches of `members`.
    of_record: Vec<(u32, u32)>,
    starts: Vec<u32>,
}

impl Blocks {
    pub fn of(base: &Base, threads: NonZero<usize>, watch: Watch<'_>) -> Self {
        let keys = Keys::of(base.spec());
        let parts = spread(base.len(), threads, Stage::Keys, watch, Vec::new, |own, records| {
            let mut entries: Vec<(u64, u32)> = Vec::new();
            for record in records {
                own.clear();
                keys.of_base(base, record, own);
                entries.extend(own.iter().map(|&key| (key, record as u32)));
            }
            entries
        });
        let mut entries: Vec<(u64, u32)> = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        for part in parts {
            entries.extend(part);
        }
        entries.sort_unstable();
        Self::sorted(base.len(), &entries)
    }

    fn sorted(records: usize, entries: &[(u64, u32)]) -> Self {
        let live = || {
            let mut at = 0;
            entries.chunk_by(|a, b| a.0 == b.0).filter_map(move |block| {
                let start = at;
                at += block.len();
                (2..=CROWD).contains(&block.len()).then_some((start as u32, at as u32, block))
            })
        };
        let mut starts = vec![0_u32; records + 1];
        for (_, _, block) in live() {
            for (_, record) in block {
                if let Some(count) = starts.get_mut(*record as usize + 1) {
                    *count += 1;
                }
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut of_record = vec![(0, 0); sum as usize];
        for (start, end, block) in live() {
            for (_, record) in block {
                if let Some(at) = next.get_mut(*record as usize) {
                    if let Some(place) = of_record.get_mut(*at as usize) {
                        *place = (start, end);
                    }
                    *at += 1;
                }
            }
        }
        Self { members: entries.iter().map(|e| e.1).collect(), of_record, starts }
    }

    /// The later records that this one is compared with, each once.
    pub fn candidates(&self, base: &Base, record: usize, found: &mut Vec<u32>) {
        found.clear();
        let bound = |at: usize| self.starts.get(at).copied().unwrap_or_default() as usize;
        for &(start, end) in self.of_record.get(bound(record)..bound(record + 1)).unwrap_or_default() {
            let members = self.members.get(start as usize..end as usize).unwrap_or_default();
            // Members of a block stand in the order of their numbers.
            let later = members.partition_point(|&other| other as usize <= record);
            let later = members.get(later..).unwrap_or_default();
            found.extend(later.iter().copied().filter(|&other| base.may_pair(record, other as usize)));
        }
        found.sort_unstable();
        found.dedup();
    }
}
