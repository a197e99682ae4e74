//! Who did something on which day, for each kind of happening: what a question about everybody reads.

use crate::lists::Lists;
use crate::pack;

/// For each kind the days on which it happened, each with its rows.
///
/// Two bytes a happening. A window of a month reads a month of one kind this way, where histories by person have to be
/// gone through from everybody's newest happening back, all kinds of it. Details are not here: they would be as many
/// bytes again, and what they leave out is found in the histories of those who did the kind at all.
#[derive(Clone, Default)]
pub(crate) struct Postings {
    /// By kind, up to the highest there is; the days of each in rising order.
    kinds: Vec<Vec<Posting>>,
}

/// Everybody who did one kind of thing on one day.
#[derive(Clone)]
pub(crate) struct Posting {
    /// As packed by [`pack::day`].
    pub day: u16,
    /// In rising order, and as often as it was done.
    pub rows: Vec<u16>,
}

impl Postings {
    /// Those of all histories of a shard.
    pub fn of(histories: &Lists) -> Self {
        let everything = || {
            let of = |row| histories.get(row).iter().map(move |&word| (row, word));
            (0..=u16::MAX).flat_map(of).map(|(row, word)| (row, pack::act_kind(word), pack::act_day(word)))
        };
        // Counted first, so that each day gets the room it needs, and found by its place in the year afterwards: a
        // start would take three times as long by one insertion after the other.
        let mut counts: Vec<Vec<u32>> = Vec::new();
        for (_, kind, day) in everything() {
            let (kind, day) = (usize::from(kind), usize::from(day));
            if counts.len() <= kind {
                counts.resize_with(kind + 1, Vec::new);
            }
            let Some(counts) = counts.get_mut(kind) else { continue };
            if counts.len() <= day {
                counts.resize(day + 1, 0);
            }
            if let Some(count) = counts.get_mut(day) {
                *count += 1;
            }
        }
        let mut places = counts;
        let laid_out = |places: &mut Vec<u32>| {
            let mut days = Vec::new();
            for (day, place) in (0_u16..).zip(places).filter(|(_, count)| **count > 0) {
                let rows = Vec::with_capacity(*place as usize);
                *place = days.len() as u32;
                days.push(Posting { day, rows });
            }
            days
        };
        let mut kinds: Vec<Vec<Posting>> = places.iter_mut().map(laid_out).collect();
        for (row, kind, day) in everything() {
            let kind = usize::from(kind);
            let place = places.get(kind).and_then(|places| places.get(usize::from(day)));
            let days = kinds.get_mut(kind);
            if let Some(posting) = place.zip(days).and_then(|(place, days)| days.get_mut(*place as usize)) {
                posting.rows.push(row);
            }
        }
        Self { kinds }
    }

    pub fn insert(&mut self, row: u16, word: u64) {
        let (kind, day) = (usize::from(pack::act_kind(word)), pack::act_day(word));
        if self.kinds.len() <= kind {
            self.kinds.resize_with(kind + 1, Vec::new);
        }
        let Some(days) = self.kinds.get_mut(kind) else { return };
        let at = days.partition_point(|posting| posting.day < day);
        if days.get(at).is_none_or(|posting| posting.day != day) {
            days.insert(at, Posting { day, rows: Vec::new() });
        }
        let Some(Posting { rows, .. }) = days.get_mut(at) else { return };
        if rows.len() == rows.capacity() {
            // By an eighth, not by doubling: a quarter of all there is would be room.
            rows.reserve_exact(rows.len() / 8 + 4);
        }
        // Whoever fills the index comes with rising rows.
        if rows.last().is_none_or(|&last| last <= row) {
            rows.push(row);
        } else {
            rows.insert(rows.partition_point(|&one| one <= row), row);
        }
    }

    pub fn remove(&mut self, row: u16, word: u64) {
        let Some(days) = self.kinds.get_mut(usize::from(pack::act_kind(word))) else { return };
        let day = pack::act_day(word);
        let Ok(at) = days.binary_search_by_key(&day, |posting| posting.day) else { return };
        if let Some(Posting { rows, .. }) = days.get_mut(at)
            && let Ok(place) = rows.binary_search(&row)
        {
            rows.remove(place);
            if rows.is_empty() {
                days.remove(at);
            }
        }
    }

    /// The days of a kind from the first to the last of two packed ones, in rising order.
    pub fn days(&self, kind: u8, from: u16, to: u16) -> &[Posting] {
        let days = self.kinds.get(usize::from(kind)).map_or(&[][..], Vec::as_slice);
        let first = days.partition_point(|posting| posting.day < from);
        let end = days.partition_point(|posting| posting.day <= to);
        days.get(first..end).unwrap_or_default()
    }

    pub fn bytes(&self) -> usize {
        let of_days = |days: &Vec<Posting>| {
            days.capacity() * size_of::<Posting>()
                + days.iter().map(|posting| posting.rows.capacity() * 2).sum::<usize>()
        };
        self.kinds.iter().map(of_days).sum()
    }
}
