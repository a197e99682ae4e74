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
        let mut postings = Self::default();
        for row in 0..=u16::MAX {
            histories.get(row).iter().for_each(|&word| postings.insert(row, word));
        }
        postings
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
