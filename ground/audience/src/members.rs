//! Many sets of the same people, for one shard: who is in which segment, and for whom which leaf holds.

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::bits::{Bits, SHARD, found};

/// People who share a line of the table of large sets. A line has a byte for each set, so that all that is asked of one person
/// is a few hundred bytes: with 64 people a line it would be eight times as many cache lines for an event, with one person
/// a line each set would have to be gathered bit by bit.
const LINE: usize = 8;
/// People who share a line of the marks of small sets.
const BLOCK: usize = 64;
/// A set with more people than this is a column: a line of it costs 8 KB, and a list as long as this is looked into at every
/// eighth event that asks whether somebody is in it.
const COLUMN: usize = SHARD as usize / 512;

/// Small sets are sorted lists. The others are columns of one table that has a line for each eight people: an event
/// asks of one person whether they are in fifty segments, and "in which is this person" asks it of all of them. Side by
/// side those answers are a few cache lines; in a bitset for each segment every one of them is a line of its own, and
/// most of the time of an event is waiting for them. Reading one set hops through the table instead, which is done for a
/// whole question at a time and not for each event.
///
/// The lists have a second table beside them, with one bit for 64 people: most of the time nobody of them is in a
/// small set, and then its list is not looked at.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Members {
    /// A set with more people than this is a column.
    dense: usize,
    /// By the number of the segment or leaf.
    held: Vec<Held>,
    /// Whose each column is; one that is free again has `None`.
    columns: Vec<Option<u32>>,
    table: Table<u8, LINE>,
    /// A bit for each number: whether its list has had somebody of these 64 since it was laid.
    marks: Table<u64, BLOCK>,
}

impl Default for Members {
    fn default() -> Self {
        Self {
            dense: COLUMN,
            held: Vec::new(),
            columns: Vec::new(),
            table: Table::default(),
            marks: Table::default(),
        }
    }
}

/// Words in a line for each so many rows.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Table<W, const ROWS: usize> {
    room: usize,
    words: Vec<W>,
}

impl<W: Copy + Default, const ROWS: usize> Table<W, ROWS> {
    fn line(&self, row: u16) -> &[W] {
        let from = usize::from(row) / ROWS * self.room;
        self.words.get(from..from + self.room).unwrap_or_default()
    }

    fn word(&self, row: u16, at: usize) -> W {
        self.line(row).get(at).copied().unwrap_or_default()
    }

    fn word_mut(&mut self, row: u16, at: usize) -> Option<&mut W> {
        self.words.get_mut(usize::from(row) / ROWS * self.room + at)
    }

    /// The same word of each line.
    fn column(&self, at: usize) -> impl Iterator<Item = W> + '_ {
        self.words.chunks(self.room.max(1)).map(move |line| line.get(at).copied().unwrap_or_default())
    }

    fn column_mut(&mut self, at: usize) -> impl Iterator<Item = &mut W> + '_ {
        self.words.chunks_mut(self.room.max(1)).filter_map(move |line| line.get_mut(at))
    }

    /// Sees to it that there is such a word in each line, with an eighth more when it has to be laid anew.
    fn reserve(&mut self, at: usize) {
        if at < self.room {
            return;
        }
        let room = (self.room + self.room / 8).max(at + 1);
        let mut words = vec![W::default(); SHARD as usize / ROWS * room];
        for (new, old) in words.chunks_mut(room).zip(self.words.chunks(self.room.max(1))) {
            new.iter_mut().zip(old).for_each(|(new, old)| *new = *old);
        }
        *self = Self { room, words };
    }

    fn bytes(&self) -> usize {
        self.words.capacity() * size_of::<W>()
    }
}

/// The bit of a row in its word.
const fn bit(row: u16) -> u8 {
    1 << (row as usize % LINE)
}

#[derive(Clone, Serialize, Deserialize)]
enum Held {
    Few(Vec<u16>),
    Column { at: usize, len: u32 },
}

impl Default for Held {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Members {
    pub fn contains(&self, number: u32, row: u16) -> bool {
        match self.held.get(number as usize) {
            Some(Held::Few(rows)) => self.is_marked(number, row) && found(rows, row).is_ok(),
            Some(Held::Column { at, .. }) => self.table.word(row, *at) & bit(row) != 0,
            None => false,
        }
    }

    /// Brings what is kept of a row near. Fifty questions one after the other would wait for a cache line each; asked for at once,
    /// without an answer that anything waits for, they arrive together.
    pub fn warm(&self, row: u16) {
        let table = self.table.line(row).iter().step_by(64).fold(0_u8, |sum, word| sum ^ word);
        let marks = self.marks.line(row).iter().step_by(8).fold(0_u64, |sum, word| sum ^ word);
        std::hint::black_box((table, marks));
    }

    /// Puts a row in or out; whether that changed anything.
    pub fn put(&mut self, number: u32, row: u16, within: bool) -> bool {
        let is_marked = self.is_marked(number, row);
        let fits = match self.held.get_mut(number as usize) {
            Some(Held::Few(_)) if !is_marked && !within => return false,
            Some(Held::Few(rows)) => {
                match (found(rows, row), within) {
                    (Err(at), true) => rows.insert(at, row),
                    (Ok(at), false) => drop(rows.remove(at)),
                    _ => return false,
                }
                let is_small = rows.len() <= self.dense;
                self.mark(number, row);
                is_small
            }
            Some(Held::Column { at, len }) => {
                let Some(word) = self.table.word_mut(row, *at) else { return false };
                if (*word & bit(row) != 0) == within {
                    return false;
                }
                *word ^= bit(row);
                *len = if within { *len + 1 } else { *len - 1 };
                // Half of the line above, so that a set at the line does not change its form at every change.
                *len as usize > self.dense / 2
            }
            None => return false,
        };
        if !fits {
            let bits = self.bits(number);
            self.set(number, &bits);
        }
        true
    }

    /// Gives a segment or leaf these people instead of its own.
    pub fn set(&mut self, number: u32, people: &Bits) {
        if self.held.len() <= number as usize {
            self.held.resize_with(number as usize + 1, Held::default);
        }
        self.clear(number);
        let len = people.len();
        let held = if len as usize > self.dense {
            let at = self.free_column(number);
            let bytes = people.words().iter().flat_map(|word| word.to_le_bytes());
            self.table.column_mut(at).zip(bytes).for_each(|(place, byte)| *place = byte);
            Held::Column { at, len }
        } else {
            for row in people.rows() {
                self.mark(number, row);
            }
            Held::Few(people.rows().collect())
        };
        if let Some(place) = self.held.get_mut(number as usize) {
            *place = held;
        }
    }

    /// Leaves nobody in a segment or leaf.
    pub fn clear(&mut self, number: u32) {
        let Some(held) = self.held.get_mut(number as usize) else { return };
        match std::mem::take(held) {
            Held::Column { at, .. } => {
                if let Some(column) = self.columns.get_mut(at) {
                    *column = None;
                }
                self.table.column_mut(at).for_each(|word| *word = 0);
            }
            Held::Few(_) => {
                let bit = 1 << (number % 64);
                self.marks.column_mut(number as usize / 64).for_each(|word| *word &= !bit);
            }
        }
    }

    fn is_marked(&self, number: u32, row: u16) -> bool {
        self.marks.word(row, number as usize / 64) >> (number % 64) & 1 == 1
    }

    fn mark(&mut self, number: u32, row: u16) {
        let at = number as usize / 64;
        self.marks.reserve(at);
        if let Some(word) = self.marks.word_mut(row, at) {
            *word |= 1 << (number % 64);
        }
    }

    fn free_column(&mut self, number: u32) -> usize {
        let at = self.columns.iter().position(Option::is_none).unwrap_or(self.columns.len());
        if at == self.columns.len() {
            self.columns.push(None);
        }
        if let Some(column) = self.columns.get_mut(at) {
            *column = Some(number);
        }
        self.table.reserve(at);
        at
    }

    pub fn bits(&self, number: u32) -> Bits {
        let mut bits = Bits::new();
        match self.held.get(number as usize) {
            Some(Held::Few(rows)) => rows.iter().for_each(|&row| bits.set(row)),
            Some(Held::Column { at, .. }) => {
                let mut bytes = self.table.column(*at);
                for word in bits.words_mut() {
                    *word = u64::from_le_bytes(std::array::from_fn(|_| bytes.next().unwrap_or_default()));
                }
            }
            None => {}
        }
        bits
    }

    /// The people by their numbers, the first row being this one.
    pub fn shifted(&self, number: u32, first: u32) -> RoaringBitmap {
        match self.held.get(number as usize) {
            Some(Held::Few(rows)) => rows.iter().map(|&row| first + u32::from(row)).collect(),
            Some(Held::Column { .. }) => self.bits(number).shifted(first),
            None => RoaringBitmap::new(),
        }
    }

    /// The segments or leaves that a row is in, in no order.
    pub fn of(&self, row: u16) -> impl Iterator<Item = u32> + '_ {
        let columns = self.columns.iter().zip(self.table.line(row));
        let large = columns.filter(move |(_, word)| **word & bit(row) != 0);
        let marked = (0_u32..).zip(self.marks.line(row)).flat_map(|(at, &word)| {
            (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| at * 64 + bit)
        });
        large
            .filter_map(|(number, _)| *number)
            .chain(marked.filter(move |&number| self.has_in_list(number, row)))
    }

    fn has_in_list(&self, number: u32, row: u16) -> bool {
        matches!(self.held.get(number as usize), Some(Held::Few(rows)) if found(rows, row).is_ok())
    }

    /// For tests, whose worlds are too small for columns: from how many people on a set is one.
    pub fn set_dense(&mut self, dense: usize) {
        self.dense = dense;
    }

    pub fn bytes(&self) -> usize {
        let few = |held: &Held| match held {
            Held::Few(rows) => rows.capacity() * 2,
            Held::Column { .. } => 0,
        };
        self.table.bytes()
            + self.marks.bytes()
            + self.columns.capacity() * size_of::<Option<u32>>()
            + self.held.capacity() * size_of::<Held>()
            + self.held.iter().map(few).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn sets_side_by_side_are_what_sets_apart_would_be() {
        let mut members = Members::default();
        members.set_dense(20);
        let mut plain: Vec<BTreeSet<u16>> = vec![BTreeSet::new(); 150];
        let mut seed = 3_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..100_000 {
            // Few rows, so that they meet; half of them close together, which is where a guess goes wrong.
            let row = if next(2) == 0 { next(40) as u16 } else { next(40) as u16 * 1_600 };
            let number = next(150) as usize;
            match next(100) {
                0 => {
                    members.clear(number as u32);
                    plain[number].clear();
                }
                1 => {
                    let mut bits = Bits::new();
                    plain[number] = (0..next(60)).map(|_| next(65_536) as u16).collect();
                    plain[number].iter().for_each(|&row| bits.set(row));
                    members.set(number as u32, &bits);
                }
                _ => {
                    let within = next(3) > 0;
                    let changed = if within { plain[number].insert(row) } else { plain[number].remove(&row) };
                    // What was never given any people has no place to put them in.
                    if members.held.len() <= number {
                        members.set(number as u32, &Bits::new());
                    }
                    assert_eq!(members.put(number as u32, row, within), changed);
                }
            }
            assert_eq!(members.contains(number as u32, row), plain[number].contains(&row));
        }
        for (number, plain) in (0..).zip(&plain) {
            assert!(members.bits(number).rows().eq(plain.iter().copied()));
            assert_eq!(members.shifted(number, 0).len(), plain.len() as u64);
        }
        for row in 0..=u16::MAX {
            let of: BTreeSet<u32> = members.of(row).collect();
            let plain = (0_u32..).zip(&plain).filter(|(_, rows)| rows.contains(&row));
            assert!(of.into_iter().eq(plain.map(|(number, _)| number)));
        }
        assert!(members.held.iter().any(|held| matches!(held, Held::Column { .. })));
    }
}
