//! Sets of rows within one shard: a full bitset to compute with, and a smaller form to keep.

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

/// Rows in a shard. A bitset over it is 8 KB, so a few of them stay in the first-level cache while a rule is answered.
pub(crate) const SHARD: u32 = 65_536;
const WORDS: usize = SHARD as usize / 64;
/// A set above this many rows (1/64 of a shard) is kept as a bitset: 8 KB, against 2 bytes a row in a sorted list.
pub(crate) const DENSE: usize = SHARD as usize / 64;

/// A bitset over the rows of a shard.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bits(Vec<u64>);

impl Bits {
    pub fn new() -> Self {
        Self(vec![0; WORDS])
    }

    pub fn get(&self, row: u16) -> bool {
        self.0.get(usize::from(row) / 64).is_some_and(|word| word >> (row % 64) & 1 == 1)
    }

    pub fn set(&mut self, row: u16) {
        if let Some(word) = self.0.get_mut(usize::from(row) / 64) {
            *word |= 1 << (row % 64);
        }
    }

    pub fn unset(&mut self, row: u16) {
        if let Some(word) = self.0.get_mut(usize::from(row) / 64) {
            *word &= !(1 << (row % 64));
        }
    }

    pub fn clear(&mut self) {
        self.0.fill(0);
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub fn len(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    pub fn and(&mut self, other: &Self) {
        self.each(other, |a, b| a & b);
    }

    pub fn or(&mut self, other: &Self) {
        self.each(other, |a, b| a | b);
    }

    pub fn minus(&mut self, other: &Self) {
        self.each(other, |a, b| a & !b);
    }

    fn each(&mut self, other: &Self, f: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.0.iter_mut().zip(&other.0) {
            *word = f(*word, *other);
        }
    }

    pub fn words(&self) -> &[u64] {
        &self.0
    }

    pub fn words_mut(&mut self) -> &mut [u64] {
        &mut self.0
    }

    /// Becomes the rows whose value holds.
    pub fn fill<T: Copy>(&mut self, values: &[T], holds: impl Fn(T) -> bool) {
        for (word, values) in self.0.iter_mut().zip(values.chunks(64)) {
            // A byte for each first, which the compiler does many at a time; then each eight of them into their bits.
            let mut held = [0_u8; 64];
            for (held, &value) in held.iter_mut().zip(values) {
                *held = u8::from(holds(value));
            }
            let eights = held.as_chunks::<8>().0.iter().rev();
            *word = eights.fold(0, |bits, eight| bits << 8 | gathered(u64::from_le_bytes(*eight)));
        }
    }

    /// The rows in rising order.
    pub fn rows(&self) -> impl Iterator<Item = u16> + '_ {
        self.0.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros();
                    rest &= rest - 1;
                    at as u16 * 64 + bit as u16
                })
            })
        })
    }

    /// The rows as numbers of people, the first row being this one.
    pub fn shifted(&self, first: u32) -> RoaringBitmap {
        let bytes: Vec<u8> = self.0.iter().flat_map(|word| word.to_le_bytes()).collect();
        RoaringBitmap::from_lsb0_bytes(first, &bytes)
    }
}

/// The lowest bits of the eight bytes of a word, side by side: the factor moves each to a place of its own in the
/// highest byte.
fn gathered(bytes: u64) -> u64 {
    bytes.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Where a row is in a sorted list, or where it would have to be put. Rows are spread over the shard more or less evenly,
/// so its place is near its share of the list: one or two cache lines, where a binary search hops through six.
pub(crate) fn found(rows: &[u16], row: u16) -> Result<usize, usize> {
    let guess = rows.len() * usize::from(row) / SHARD as usize;
    let mut reach = 8;
    loop {
        let (from, to) = (guess.saturating_sub(reach), (guess + reach).min(rows.len()));
        let begins = from == 0 || rows.get(from).is_some_and(|&first| first <= row);
        let ends = to == rows.len() || rows.get(to).is_some_and(|&last| last > row);
        if begins && ends {
            let place = rows.get(from..to).unwrap_or_default().binary_search(&row);
            return place.map(|at| from + at).map_err(|at| from + at);
        }
        reach *= 4;
    }
}

/// A set of rows as it is kept: a sorted list while it is small, a bitset above.
///
/// This is what a container of a roaring bitmap is. It is written out here because the dividing line is another one (a
/// bitset from 1/64, where roaring waits until 1/16: answering is all bitset arithmetic) and because a shard owns its
/// containers, so that shards can be answered and saved apart.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Set {
    Few(Vec<u16>),
    Many { bits: Bits, len: u32 },
}

impl Default for Set {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

impl Set {
    pub fn contains(&self, row: u16) -> bool {
        match self {
            Self::Few(rows) => found(rows, row).is_ok(),
            Self::Many { bits, .. } => bits.get(row),
        }
    }

    /// Puts a row in or out; whether that changed anything.
    pub fn put(&mut self, row: u16, within: bool) -> bool {
        match self {
            Self::Few(rows) => {
                match (found(rows, row), within) {
                    (Err(at), true) => rows.insert(at, row),
                    (Ok(at), false) => drop(rows.remove(at)),
                    _ => return false,
                }
                if rows.len() > DENSE {
                    let mut bits = Bits::new();
                    for &row in &*rows {
                        bits.set(row);
                    }
                    *self = Self::Many { len: rows.len() as u32, bits };
                }
            }
            Self::Many { bits, .. } if bits.get(row) == within => return false,
            Self::Many { bits, len } => {
                if within {
                    bits.set(row);
                    *len += 1;
                } else {
                    bits.unset(row);
                    *len -= 1;
                }
                // Half of the line above, so that a set at the line does not change its form at every change.
                if *len as usize <= DENSE / 2 {
                    *self = Self::Few(bits.rows().collect());
                }
            }
        }
        true
    }

    pub fn or_into(&self, bits: &mut Bits) {
        match self {
            Self::Few(rows) => rows.iter().for_each(|&row| bits.set(row)),
            Self::Many { bits: own, .. } => bits.or(own),
        }
    }

    /// As [`Bits::shifted`].
    pub fn shifted(&self, first: u32) -> RoaringBitmap {
        match self {
            Self::Few(rows) => rows.iter().map(|&row| first + u32::from(row)).collect(),
            Self::Many { bits, .. } => bits.shifted(first),
        }
    }

    pub fn bytes(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Few(rows) => rows.capacity() * 2,
                Self::Many { .. } => WORDS * 8,
            }
    }
}

impl From<&Bits> for Set {
    fn from(bits: &Bits) -> Self {
        let len = bits.len();
        if len as usize > DENSE {
            Self::Many { bits: bits.clone(), len }
        } else {
            Self::Few(bits.rows().collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_keeps_its_rows_through_both_forms() {
        let mut set = Set::default();
        let rows: Vec<u16> = (0..3_000_u32).map(|n| (n * 21 % SHARD) as u16).collect();
        assert!(rows.iter().all(|&row| set.put(row, true)));
        assert!(!set.put(rows[5], true), "twice is once");
        assert!(matches!(set, Set::Many { len: 3_000, .. }));
        let mut bits = Bits::new();
        set.or_into(&mut bits);
        assert_eq!(bits.len(), 3_000);
        assert!(rows.iter().skip(400).all(|&row| set.put(row, false)));
        assert!(matches!(set, Set::Few(_)));
        assert!(rows.iter().enumerate().all(|(at, &row)| set.contains(row) == (at < 400)));
    }

    #[test]
    fn the_rows_of_a_bitset_come_in_order() {
        let mut bits = Bits::new();
        for row in [0, 63, 64, 65_535, 7] {
            bits.set(row);
        }
        assert_eq!(bits.rows().collect::<Vec<_>>(), [0, 7, 63, 64, 65_535]);
        bits.unset(63);
        assert_eq!(bits.len(), 4);
    }
}
