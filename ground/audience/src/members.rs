//! Many sets of the same people, for one shard: who is in which segment, and for whom which leaf holds.

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::bits::{Bits, DENSE, SHARD, Set, found};

const BLOCKS: usize = SHARD as usize / 64;

/// Small sets are sorted lists. The others are columns of one table that has a line for each 64 people: an event
/// asks of one person whether they are in fifty segments, and "in which is this person" asks it of all of them. Side by
/// side those answers are a few cache lines; in a bitset for each segment every one of them is a line of its own, and
/// most of the time of an event is waiting for them. Reading one set hops through the table instead, which is done for a
/// whole question at a time and not for each event.
///
/// The lists have a second table beside them, with one bit for 64 people: most of the time nobody of them is in a
/// small set, and then its list is not looked at.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Members {
    /// By the number of the segment or leaf.
    held: Vec<Held>,
    /// Whose each column is; one that is free again has `None`.
    columns: Vec<Option<u32>>,
    table: Table,
    /// A bit for each number: whether its list has had somebody of these 64 since it was laid.
    marks: Table,
}

/// Words in a line for each 64 rows.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Table {
    room: usize,
    words: Vec<u64>,
}

impl Table {
    fn line(&self, row: u16) -> &[u64] {
        let from = usize::from(row / 64) * self.room;
        self.words.get(from..from + self.room).unwrap_or_default()
    }

    fn word(&self, row: u16, at: usize) -> u64 {
        self.line(row).get(at).copied().unwrap_or(0)
    }

    fn word_mut(&mut self, row: u16, at: usize) -> Option<&mut u64> {
        self.words.get_mut(usize::from(row / 64) * self.room + at)
    }

    /// The same word of each line.
    fn column(&self, at: usize) -> impl Iterator<Item = u64> + '_ {
        self.words.chunks(self.room.max(1)).map(move |line| line.get(at).copied().unwrap_or(0))
    }

    fn column_mut(&mut self, at: usize) -> impl Iterator<Item = &mut u64> + '_ {
        self.words.chunks_mut(self.room.max(1)).filter_map(move |line| line.get_mut(at))
    }

    /// Sees to it that there is such a word in each line, with an eighth more when it has to be laid anew.
    fn reserve(&mut self, at: usize) {
        if at < self.room {
            return;
        }
        let room = (self.room + self.room / 8).max(at + 1);
        let mut words = vec![0; BLOCKS * room];
        for (new, old) in words.chunks_mut(room).zip(self.words.chunks(self.room.max(1))) {
            new.iter_mut().zip(old).for_each(|(new, old)| *new = *old);
        }
        *self = Self { room, words };
    }

    fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }
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
            Some(Held::Column { at, .. }) => self.table.word(row, *at) >> (row % 64) & 1 == 1,
            None => false,
        }
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
                let is_small = rows.len() <= DENSE;
                self.mark(number, row);
                is_small
            }
            Some(Held::Column { at, len }) => {
                let Some(word) = self.table.word_mut(row, *at) else { return false };
                let bit = 1 << (row % 64);
                if (*word & bit != 0) == within {
                    return false;
                }
                *word ^= bit;
                *len = if within { *len + 1 } else { *len - 1 };
                // Half of the line above, so that a set at the line does not change its form at every change.
                *len as usize > DENSE / 2
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
        let held = match Set::from(people) {
            Set::Few(rows) => {
                for &row in &rows {
                    self.mark(number, row);
                }
                Held::Few(rows)
            }
            Set::Many { bits, len } => {
                let at = self.free_column(number);
                self.table.column_mut(at).zip(bits.words()).for_each(|(place, word)| *place = *word);
                Held::Column { at, len }
            }
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
                let words = self.table.column(*at);
                bits.words_mut().iter_mut().zip(words).for_each(|(place, word)| *place = word);
            }
            None => {}
        }
        bits
    }

    /// The people by their numbers, the first row being this one.
    pub fn shifted(&self, number: u32, first: u32) -> RoaringBitmap {
        match self.held.get(number as usize) {
            Some(Held::Few(rows)) => rows.iter().map(|&row| first + u32::from(row)).collect(),
            Some(Held::Column { .. }) => Set::from(&self.bits(number)).shifted(first),
            None => RoaringBitmap::new(),
        }
    }

    /// The segments or leaves that a row is in, in no order.
    pub fn of(&self, row: u16) -> impl Iterator<Item = u32> + '_ {
        let columns = self.columns.iter().zip(self.table.line(row));
        let large = columns.filter(move |(_, word)| **word >> (row % 64) & 1 == 1);
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
