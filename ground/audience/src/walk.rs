//! A leaf on one person: codes and numbers from the row, happenings by a walk from the newest back.

use kring_rules::{Days, Held, Now};

use crate::{
    pack,
    plan::{Acts, Leaf, Linked},
    shard::Shard,
};

/// A leaf with all that answering it for many people needs only once.
pub(crate) struct Asking<'a> {
    pub leaf: &'a Leaf,
    pub days: Days,
    pub today: i32,
    /// The kinds and places of the pairs that spans name; empty for other leaves.
    pub pairs: &'a [(u32, Option<u32>)],
    /// For a linked leaf: which things have all that is asked of them, by number.
    pub things: &'a [bool],
    /// See [`Audience::as_if_large`](crate::Audience::as_if_large).
    pub always_sweep: bool,
}

impl<'a> Asking<'a> {
    pub fn new(leaf: &'a Leaf, now: Now, pairs: &'a [(u32, Option<u32>)], things: &'a [bool]) -> Self {
        let (days, today) = (leaf.days(now), now.today.number());
        Self { leaf, days, today, pairs, things, always_sweep: false }
    }

    /// `first` is the number of the shard's first person.
    pub fn holds(&self, shard: &Shard, first: u32, row: u16) -> bool {
        match self.leaf {
            Leaf::Codes { field, codes } => shard.has_code(*field, row, codes),
            Leaf::Known { field } => shard.is_known(*field, row),
            Leaf::Number { field, from, to } => {
                shard.number(*field, row).is_some_and(|number| (*from..=*to).contains(&number))
            }
            Leaf::Days { field, .. } => {
                let days = i64::from(self.days.from)..=i64::from(self.days.to);
                shard.number(*field, row).is_some_and(|day| days.contains(&day))
            }
            Leaf::Flag { field } => shard.flag(*field, row),
            Leaf::Did { acts, count, days, .. } => {
                number(shard.acts.of(row), acts, self.days, *count, *days) == *count
            }
            Leaf::Then { acts, next, within, .. } => {
                let today = pack::clamped(self.today);
                then(shard.acts.of(row), (acts, self.days), (next, today), *within)
            }
            Leaf::Role { field, kinds, places, held } => {
                let spans = shard.list(*field, row).iter().filter_map(|&word| {
                    let (from, to, pair) = pack::span_parts(word);
                    let pair = self.pairs.get(pair as usize)?;
                    names(pair, kinds.as_deref(), places.as_deref()).then_some((from, to))
                });
                role(spans, *held, self.days, pack::clamped(self.today))
            }
            Leaf::Linked(Linked { field, kinds, .. }) => shard.list(*field, row).iter().any(|&word| {
                let (thing, kind) = pack::link_parts(word);
                among(kinds.as_deref(), kind) && self.things.get(thing as usize) == Some(&true)
            }),
            Leaf::Bucket(bucket) => bucket.contains(i64::from(first) + i64::from(row)),
        }
    }
}

/// Whether a pair of kind and place is asked for.
pub(crate) fn names(
    (kind, place): &(u32, Option<u32>),
    kinds: Option<&[u32]>,
    places: Option<&[u32]>,
) -> bool {
    among(kinds, *kind) && place.map_or(places.is_none(), |place| among(places, place))
}

/// Whether a code is asked for.
pub(crate) fn among(codes: Option<&[u32]>, code: u32) -> bool {
    codes.is_none_or(|codes| codes.contains(&code))
}

impl Acts {
    pub fn contain(&self, word: u64) -> bool {
        self.kinds >> (pack::act_kind(word) & 63) & 1 == 1
            && self.details.as_ref().is_none_or(|details| details.contains(&pack::act_detail(word)))
    }
}

/// The first and the last packed day of a range; empty ranges stay empty.
pub(crate) fn packed(days: Days) -> (u16, u16) {
    (pack::clamped(days.from), pack::clamped(days.to))
}

/// How many happenings there are, or days with one, counted up to a number that is enough.
fn number(history: &[u64], acts: &Acts, days: Days, enough: u32, by_day: bool) -> u32 {
    if days.is_empty() {
        return 0;
    }
    let (from, to) = packed(days);
    let (mut found, mut last) = (0, pack::OPEN);
    for &word in history.iter().rev() {
        let day = pack::act_day(word);
        if day < from || found == enough {
            break;
        }
        if day <= to && acts.contain(word) && !(by_day && day == last) {
            found += 1;
            last = day;
        }
    }
    found
}

/// Going back in time, the last B that was seen is the nearest one after whatever comes next. Within a day the order is
/// that of the kinds, which means nothing, so an A waits for a B of its own day as well.
fn then(history: &[u64], (acts, days): (&Acts, Days), (next, today): (&Acts, u16), within: u32) -> bool {
    if days.is_empty() {
        return false;
    }
    let (from, to) = packed(days);
    let (mut later, mut first) = (None, None);
    for &word in history.iter().rev() {
        let day = pack::act_day(word);
        if day < from {
            return false;
        }
        if day <= today && next.contain(word) {
            later = Some(day);
            if first == Some(day) {
                return true;
            }
        }
        if day <= to && acts.contain(word) {
            first = Some(day);
            if later.is_some_and(|later: u16| u32::from(later - day) <= within) {
                return true;
            }
        }
    }
    false
}

fn role(mut spans: impl Iterator<Item = (u16, u16)> + Clone, held: Held, days: Days, today: u16) -> bool {
    let begun = |from: u16| from <= today;
    let runs = |(from, to): (u16, u16)| begun(from) && today <= to;
    match held {
        Held::Now => spans.any(runs),
        Held::Ever => spans.any(|(from, _)| begun(from)),
        Held::Formerly => spans.clone().any(|(_, to)| to < today) && !spans.any(runs),
        Held::During { .. } => {
            // Also for a range that ends before it begins, which a role that has both days in it meets: the plain
            // reading compares each end apart, and the readings have to agree on what nobody would ask.
            let (first, last) = packed(days);
            spans.any(|(from, to)| from <= last && to >= first)
        }
    }
}

impl Asking<'_> {
    /// Whether one more (or one less) of this happening can turn the leaf.
    pub fn concerns(&self, word: u64) -> bool {
        match self.leaf {
            Leaf::Did { acts, .. } => {
                let (from, to) = packed(self.days);
                (from..=to).contains(&pack::act_day(word)) && acts.contain(word)
            }
            Leaf::Then { acts, next, .. } => acts.contain(word) || next.contain(word),
            _ => false,
        }
    }

    /// Whether one more happening that concerns the leaf has just turned it, where the number alone tells: "at least n"
    /// turns when there are n, and at no other. The history is in the cache by now, where what is kept of fifty such
    /// leaves is not.
    pub fn turned_by_one_more(&self, history: &[u64]) -> Option<bool> {
        match self.leaf {
            Leaf::Did { acts, count, days: false, .. } => {
                Some(number(history, acts, self.days, count.saturating_add(1), false) == *count)
            }
            _ => None,
        }
    }
}
