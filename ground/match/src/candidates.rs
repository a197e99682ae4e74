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

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::spec::{Field, Kind, Record, Spec};

    fn spec() -> Spec {
        let fields = [
            ("given", Kind::Given),
            ("surname", Kind::Surname),
            ("birth", Kind::Date),
            ("mail", Kind::Mail),
            ("postcode", Kind::Postcode),
            ("house", Kind::Number),
        ];
        Spec::new(fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect()).unwrap()
    }

    fn record() -> impl Strategy<Value = Record> {
        let given = prop::sample::select(vec!["jan", "johannes", "anna maria", "p", "sofie", ""]);
        let surname = prop::sample::select(vec!["bos", "de wit-bos", "meijer", "meyer", "jan", ""]);
        let birth = prop::sample::select(vec!["2001-02-03", "2001-03-02", "1999-12-31", ""]);
        let mails = prop::collection::vec(prop::sample::select(vec!["a@x.example", "b@x.example", ""]), 0..3);
        let postcode = prop::sample::select(vec!["1234ab", "1234xy", "9999zz", ""]);
        (given, surname, birth, mails, postcode, 0..4_u8).prop_map(
            |(given, surname, birth, mails, postcode, house)| {
                let house = house.to_string();
                let mut values = vec![("given", given), ("surname", surname), ("birth", birth)];
                values.extend(mails.into_iter().map(|mail| ("mail", mail)));
                values.extend([("postcode", postcode), ("house", house.as_str())]);
                spec().record(0, &values).unwrap()
            },
        )
    }

    proptest! {
        /// Sorting all keys at once finds the pairs that looking up one record's keys after another in a table does.
        #[test]
        fn keys_in_memory_and_as_rows_find_the_same(records in prop::collection::vec(record(), 1..90)) {
            let base = Base::new(&spec(), records.clone()).unwrap();
            let blocks = Blocks::of(&base, NonZero::<usize>::MIN, &|_| {});
            let mut in_memory = BTreeSet::new();
            let mut found = Vec::new();
            for at in 0..base.len() {
                blocks.candidates(&base, at, &mut found);
                in_memory.extend(found.iter().map(|&other| (at as u32, other)));
            }
            let keys = Keys::of(&spec());
            let mut rows: BTreeMap<u64, Vec<u32>> = BTreeMap::new();
            for (at, record) in records.iter().enumerate() {
                for key in keys.keys(record).unwrap() {
                    rows.entry(key).or_default().push(at as u32);
                }
            }
            let mut looked_up = BTreeSet::new();
            for (at, record) in records.iter().enumerate() {
                for key in keys.keys(record).unwrap() {
                    let bearers = &rows[&key];
                    if bearers.len() <= CROWD {
                        looked_up.extend(bearers.iter().filter(|&&b| b > at as u32).map(|&b| (at as u32, b)));
                    }
                }
            }
            prop_assert_eq!(in_memory, looked_up);
        }
    }

    #[test]
    fn a_crowds_key_finds_nobody() {
        let of = |many: usize| {
            let mail = |at: usize| {
                let given = format!("{}{}", char::from(b'a' + (at % 26) as u8), at);
                spec().record(0, &[("mail", "info@school.example"), ("given", given.as_str())]).unwrap()
            };
            let base = Base::new(&spec(), (0..many).map(mail)).unwrap();
            let blocks = Blocks::of(&base, NonZero::<usize>::MIN, &|_| {});
            let mut found = Vec::new();
            blocks.candidates(&base, 0, &mut found);
            found.len()
        };
        assert_eq!((of(CROWD), of(CROWD + 1)), (CROWD - 1, 0));
    }
}
