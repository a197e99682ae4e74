//! A leaf about happenings or roles for a whole shard at once: over the days that it asks for, with a counter for each row; over
//! all who have had such a role.

use kring_rules::Held;

use crate::{
    bits::{Bits, SHARD},
    histories::Histories,
    pack,
    plan::{Acts, Leaf},
    shard::Shard,
    spans::Stay,
    walk::{Asking, names, packed},
};

const ROWS: usize = SHARD as usize;
/// Walking through one history costs about as much as reading so many happenings of a sweep …
const WALK: usize = 64;
/// … and clearing and reading the counters of a shard as so many.
const CLEAR: usize = 8_192;

/// Rows by day, of one or several kinds.
type Sweep<'a> = Vec<(u16, &'a [u16])>;

impl Asking<'_> {
    /// Those of `within` for whom a leaf about happenings or roles holds; `None` when it is another leaf, or when so few are
    /// asked for that a walk through what each did or was is less work. With how many bytes were read.
    pub fn sweep(&self, shard: &Shard, first: u32, within: &Bits) -> Option<(Bits, usize)> {
        let (mut found, mut bytes) = match self.leaf {
            Leaf::Did { acts, count, days, .. } => {
                let (from, to) = packed(self.days);
                let sweep = acts.sweep(&shard.acts, from, to);
                if self.days.is_empty() {
                    return Some((Bits::new(), 0));
                }
                let read = read(&sweep);
                self.worth(read, within).then(|| (did(sweep, *count, *days), 2 * read))?
            }
            Leaf::Then { acts, next, within: days, .. } => {
                let (from, to) = packed(self.days);
                let last = to.saturating_add(u16::try_from(*days).unwrap_or(u16::MAX));
                let last = last.min(pack::clamped(self.today));
                let firsts = acts.sweep(&shard.acts, from, to);
                let nexts = next.sweep(&shard.acts, from, last);
                if self.days.is_empty() {
                    return Some((Bits::new(), 0));
                }
                let read = read(&firsts) + read(&nexts);
                self.worth(read, within).then(|| (then(firsts, nexts, *days), 2 * read))?
            }
            Leaf::Role { field, kinds, places, held } => {
                let spans = shard.spans(*field)?;
                let asked = |pair: &(usize, _)| names(pair.1, kinds.as_deref(), places.as_deref());
                let pairs = self.pairs.iter().enumerate().filter(asked);
                let stays: Vec<&[Stay]> = pairs.map(|(pair, _)| spans.of_pair(pair)).collect();
                let read = stays.iter().map(|stays| stays.len()).sum();
                let (days, today) = (packed(self.days), pack::clamped(self.today));
                self.worth(read, within)
                    .then(|| (was(&stays, *held, days, today), read * size_of::<Stay>()))?
            }
            _ => return None,
        };
        found.and(within);
        if !self.is_swept_whole() {
            bytes += found.rows().map(|row| 12 + 8 * shard.acts.of(row).len()).sum::<usize>();
            let wrong: Vec<u16> = found.rows().filter(|&row| !self.holds(shard, first, row)).collect();
            for row in wrong {
                found.unset(row);
            }
        }
        Some((found, bytes))
    }

    fn worth(&self, read: usize, within: &Bits) -> bool {
        self.always_sweep || read + CLEAR < within.len() as usize * WALK
    }

    /// Whether the postings alone tell for whom the leaf holds. Otherwise they tell who comes into question.
    fn is_swept_whole(&self) -> bool {
        match self.leaf {
            Leaf::Did { acts, count, .. } => acts.details.is_none() && u8::try_from(*count).is_ok(),
            Leaf::Then { acts, next, .. } => acts.details.is_none() && next.details.is_none(),
            Leaf::Role { .. } => true,
            _ => false,
        }
    }
}

fn read(sweep: &Sweep<'_>) -> usize {
    sweep.iter().map(|(_, rows)| rows.len()).sum()
}

impl Acts {
    /// What was done from one packed day to another; by day within each kind.
    fn sweep<'a>(&self, of: &'a Histories, from: u16, to: u16) -> Sweep<'a> {
        let kinds = (0_u8..64).filter(|kind| self.kinds >> kind & 1 == 1);
        let postings = kinds.flat_map(|kind| of.on_days(kind, from, to));
        postings.map(|posting| (posting.day, &*posting.rows)).collect()
    }
}

/// Those with at least so many happenings, or days with one. A counter stops at 255.
fn did(mut sweep: Sweep<'_>, count: u32, by_day: bool) -> Bits {
    let mut found = Bits::new();
    let mut counters = vec![0_u8; ROWS];
    // Of a length that the compiler knows: no row lies outside.
    let Some(counters) = counters.as_mut_array::<ROWS>() else { return found };
    if by_day {
        sweep.sort_by_key(|(day, _)| *day);
        let mut last = vec![0_u16; ROWS];
        let Some(last) = last.as_mut_array::<ROWS>() else { return found };
        for (day, rows) in sweep {
            for row in rows.iter().copied().map(usize::from) {
                if let (Some(counter), Some(last)) = (counters.get_mut(row), last.get_mut(row)) {
                    *counter = counter.saturating_add(u8::from(*last != day));
                    *last = day;
                }
            }
        }
    } else {
        for (_, rows) in sweep {
            for row in rows.iter().copied().map(usize::from) {
                if let Some(counter) = counters.get_mut(row) {
                    *counter = counter.saturating_add(1);
                }
            }
        }
    }
    let count = u8::try_from(count).unwrap_or(u8::MAX);
    found.fill(counters, |counter| counter >= count);
    found
}

/// Those who have, had or will have one of these roles, as it is asked: the same reading as that of one person's roles.
fn was(stays: &[&[Stay]], held: Held, (first, last): (u16, u16), today: u16) -> Bits {
    let rows = |is: &dyn Fn(Stay) -> bool| {
        let mut rows = Bits::new();
        for stay in stays.iter().copied().flatten().filter(|stay| is(**stay)) {
            rows.set(stay.row);
        }
        rows
    };
    let runs = |stay: Stay| stay.from <= today && today <= stay.to;
    match held {
        Held::Now => rows(&runs),
        Held::Ever => rows(&|stay| stay.from <= today),
        Held::Formerly => {
            let mut past = rows(&|stay| stay.to < today);
            past.minus(&rows(&runs));
            past
        }
        Held::During { .. } => rows(&|stay| stay.from <= last && stay.to >= first),
    }
}

/// Those who did the one and then the other within so many days. Going forward in time, the last A that was seen is the
/// nearest one before whatever comes next; on the day of an A a B counts, so the day's As come first.
fn then(mut firsts: Sweep<'_>, mut nexts: Sweep<'_>, within: u32) -> Bits {
    let mut found = Bits::new();
    firsts.sort_by_key(|(day, _)| *day);
    nexts.sort_by_key(|(day, _)| *day);
    let (mut last, mut held) = (vec![0_u16; ROWS], vec![0_u8; ROWS]);
    let (Some(last), Some(held)) = (last.as_mut_array::<ROWS>(), held.as_mut_array::<ROWS>()) else {
        return found;
    };
    let within = u16::try_from(within).unwrap_or(u16::MAX);
    let mut firsts = firsts.into_iter().peekable();
    for (day, rows) in nexts {
        while let Some((day, rows)) = firsts.next_if(|(first, _)| *first <= day) {
            for &row in rows {
                if let Some(last) = last.get_mut(usize::from(row)) {
                    *last = day;
                }
            }
        }
        for row in rows.iter().copied().map(usize::from) {
            // No branch, which would be taken at random. Day 0 is no day: nothing was seen yet.
            if let (Some(&last), Some(held)) = (last.get(row), held.get_mut(row)) {
                *held |= u8::from(last != 0) & u8::from(day.wrapping_sub(last) <= within);
            }
        }
    }
    found.fill(held, |held| held != 0);
    found
}
