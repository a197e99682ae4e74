//! Midnight: what turns because a day went by.

use hashbrown::HashMap;
use kring_rules::{Days, Now};

use crate::{
    Audience,
    bits::{Bits, SHARD},
    pack,
    plan::{Leaf, Linked, Plan},
    schema::MOST_KINDS,
    shard::Stored,
    spans::Stay,
    wave::{Cause, Moved, Wave},
};

/// A leaf whose window shifts by more days than this (the year turned, or the machine slept) is answered anew for
/// everybody; below, only those are looked at who did something on a day that came into the window or left it.
const MOST_SHIFTED: i32 = 60;

/// Days for which acts leaves have to be looked at: the day, the leaf, and the kinds of happenings that count there.
#[derive(Default)]
struct Turning(Vec<(u16, u32, u64)>);

impl Turning {
    fn add(&mut self, days: impl Iterator<Item = i32>, leaf: u32, kinds: u64) {
        self.0.extend(days.map(|day| (pack::clamped(day), leaf, kinds)));
    }
}

impl Audience {
    /// Tells the index that it is another day (or that the years run otherwise), and says who moved by that.
    ///
    /// Any number of days at a time, and back too: what counts is the difference between two days, not the way there.
    pub fn roll(&mut self, now: Now) -> Vec<Moved> {
        let before = std::mem::replace(&mut self.now, now);
        let old: Vec<(u32, Days)> = self
            .live
            .all_leaves()
            .into_iter()
            .filter_map(|number| self.live.leaf(number).map(|kept| (number, kept.days)))
            .collect();
        self.live.renew_days(now);
        let passed = passed(before.today.number(), now.today.number());
        let mut wave = Wave::default();
        let mut turning = Turning::default();
        let mut anew = Vec::new();
        let mut roles: HashMap<u16, Vec<u32>> = HashMap::new();
        for (number, old) in old {
            let Some(kept) = self.live.leaf(number) else { continue };
            let (leaf, days) = (&kept.leaf, kept.days);
            match leaf {
                Leaf::Days { .. } if days != old => self.shift_day_fact(number, old, &mut wave),
                Leaf::Did { acts, .. } => match shifted(old, days) {
                    Some(shifted) => turning.add(shifted.into_iter(), number, acts.kinds),
                    None => anew.push(number),
                },
                Leaf::Then { acts, next, .. } => match (shifted(old, days), &passed) {
                    (Some(shifted), Some(passed)) => {
                        turning.add(shifted.into_iter(), number, acts.kinds);
                        turning.add(passed.iter().copied(), number, next.kinds);
                    }
                    _ => anew.push(number),
                },
                Leaf::Role { field, held, .. } => {
                    if matches!(held, kring_rules::Held::During { .. }) {
                        anew.extend((days != old).then_some(number));
                    } else {
                        roles.entry(*field).or_default().push(number);
                    }
                }
                Leaf::Linked(linked) if moves(linked) => self.refit_things(number, linked.field, &mut wave),
                _ => {}
            }
        }
        for leaf in anew {
            self.everybody(|audience, person| audience.renew(leaf, person, Cause::Day, &mut wave));
        }
        self.turn_acts(&turning, &mut wave);
        for (field, leaves) in roles {
            self.turn_roles(field, &leaves, (before.today.number(), now.today.number()), &mut wave);
        }
        self.settle(wave)
    }

    fn everybody(&mut self, mut each: impl FnMut(&mut Self, u32)) {
        for number in 0..self.shards.len() {
            let Some(here) = self.shards.get(number).map(|shard| shard.here.clone()) else { return };
            for row in here.rows() {
                each(self, number as u32 * SHARD + u32::from(row));
            }
        }
    }

    /// A day fact is not kept: it turned for those whose day is in one of the ranges and not in the other.
    fn shift_day_fact(&self, leaf: u32, old: Days, wave: &mut Wave) {
        let Some(kept) = self.live.leaf(leaf) else { return };
        let Leaf::Days { field, .. } = kept.leaf else { return };
        let (mut before, mut after) = (Bits::new(), Bits::new());
        for (number, shard) in (0_u32..).zip(&self.shards) {
            let Some(Stored::Column(column)) = shard.field(field) else { continue };
            column.range(i64::from(old.from), i64::from(old.to), &mut before);
            column.range(i64::from(kept.days.from), i64::from(kept.days.to), &mut after);
            let mut both = before.clone();
            both.and(&after);
            before.or(&after);
            before.minus(&both);
            before.and(&shard.here);
            wave.turned.extend(before.rows().map(|row| (leaf, number * SHARD + u32::from(row), Cause::Day)));
        }
    }

    fn refit_things(&mut self, leaf: u32, field: u16, wave: &mut Wave) {
        let things = self.things_of(field).map_or(0, |things| things.list.len());
        for thing in 0..things as u32 {
            let was = wave.turned.len();
            self.refit(leaf, thing, wave);
            for (_, _, cause) in wave.turned.iter_mut().skip(was) {
                *cause = Cause::Day;
            }
        }
    }

    /// Everybody who did something on a day that came into the window of a leaf or left it.
    fn turn_acts(&mut self, turning: &Turning, wave: &mut Wave) {
        let mut doubtful = Vec::new();
        for number in 0..self.shards.len() {
            let Some(shard) = self.shards.get(number) else { continue };
            doubtful.clear();
            for &(day, leaf, kinds) in &turning.0 {
                let kinds = (0..MOST_KINDS).filter(|kind| kinds >> kind & 1 == 1);
                let rows = kinds.flat_map(|kind| shard.acts.on_days(kind, day, day)).flat_map(|on| &on.rows);
                doubtful.extend(rows.map(|&row| (row, leaf)));
            }
            // Person after person, since a history and what is kept of all leaves for one stand together.
            doubtful.sort_unstable();
            doubtful.dedup();
            for &(row, leaf) in &doubtful {
                self.renew(leaf, number as u32 * SHARD + u32::from(row), Cause::Day, wave);
            }
        }
    }

    /// Roles begin on their first day and end after their last.
    fn turn_roles(&mut self, field: u16, leaves: &[u32], (before, after): (i32, i32), wave: &mut Wave) {
        let (early, late) = (pack::clamped(before.min(after)), pack::clamped(before.max(after)));
        let mut doubtful = Vec::new();
        for (number, shard) in (0_u32..).zip(&self.shards) {
            let Some(spans) = shard.spans(field) else { continue };
            let turns =
                |stay: Stay| (early < stay.from && stay.from <= late) || (early <= stay.to && stay.to < late);
            doubtful.extend(spans.any(turns).rows().map(|row| number * SHARD + u32::from(row)));
        }
        for person in doubtful {
            for &leaf in leaves {
                self.renew(leaf, person, Cause::Day, wave);
            }
        }
    }
}

/// Whether what is asked of the things themselves depends on the day.
fn moves(linked: &Linked) -> bool {
    let Some(to) = &linked.to else { return false };
    fn any(plan: &Plan) -> bool {
        matches!(plan, Plan::Leaf(leaf) if matches!(**leaf, Leaf::Days { .. }))
            || plan.below().iter().any(any)
    }
    any(to)
}

/// The days after the earlier of two, up to the later; none when they are many.
fn passed(one: i32, other: i32) -> Option<Vec<i32>> {
    let (early, late) = (one.min(other), one.max(other));
    (late.saturating_sub(early) <= MOST_SHIFTED).then(|| (early + 1..=late).collect())
}

/// The days that are in one of two ranges and not in the other; none when they are many.
fn shifted(old: Days, new: Days) -> Option<Vec<i32>> {
    if old == new || (old.is_empty() && new.is_empty()) {
        return Some(Vec::new());
    }
    if old.is_empty() || new.is_empty() {
        return None;
    }
    // Days from the one edge up to, not including, the other.
    let between = |one: i32, other: i32| {
        let (low, high) = (one.min(other), one.max(other));
        (high.saturating_sub(low) <= MOST_SHIFTED).then_some(low..high)
    };
    let begins = between(old.from, new.from)?;
    let ends = between(old.to, new.to)?;
    Some(begins.chain(ends.map(|day| day + 1)).collect())
}
