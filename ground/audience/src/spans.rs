//! The roles of a shard, in the two orders in which they are read.

use serde::{Deserialize, Serialize, Serializer};

use crate::{bits::Bits, lists::Lists, pack};

/// By person, for what is asked of one; by kind and place, for what is asked of all. Nothing changes the one without the
/// other, and a snapshot holds only the first.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Lists")]
pub(crate) struct Spans {
    by_person: Lists,
    /// By the number of the pair of kind and place; each in rising order.
    by_pair: Vec<Vec<Stay>>,
}

/// Somebody has, had or will have a role: six bytes, so that asking who of a million are alumni today reads two megabytes in a
/// row, where going from person to person takes more than ten times as long.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Stay {
    pub row: u16,
    /// As packed by [`pack::span`].
    pub from: u16,
    pub to: u16,
}

impl From<Lists> for Spans {
    fn from(by_person: Lists) -> Self {
        let mut by_pair = Vec::new();
        for row in 0..=u16::MAX {
            for &word in by_person.get(row) {
                let (stay, pair) = of(row, word);
                if let Some(stays) = place(&mut by_pair, pair) {
                    stays.push(stay);
                }
            }
        }
        for stays in &mut by_pair {
            stays.sort_unstable();
            stays.shrink_to_fit();
        }
        Self { by_person, by_pair }
    }
}

impl Serialize for Spans {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.by_person.serialize(to)
    }
}

impl Spans {
    /// The roles of a row, as packed by [`pack::span`].
    pub fn get(&self, row: u16) -> &[u64] {
        self.by_person.get(row)
    }

    /// Gives a row these roles instead of its own.
    pub fn set(&mut self, row: u16, words: Vec<u64>) {
        for &word in self.by_person.get(row) {
            let (stay, pair) = of(row, word);
            if let Some(stays) = place(&mut self.by_pair, pair)
                && let Ok(at) = stays.binary_search(&stay)
            {
                stays.remove(at);
            }
        }
        for &word in &words {
            let (stay, pair) = of(row, word);
            let Some(stays) = place(&mut self.by_pair, pair) else { continue };
            if stays.len() == stays.capacity() {
                // By an eighth, not by doubling: a quarter of all there is would be room.
                stays.reserve_exact(stays.len() / 8 + 4);
            }
            // Whoever fills the index comes with rising rows.
            if stays.last().is_none_or(|last| *last <= stay) {
                stays.push(stay);
            } else {
                stays.insert(stays.partition_point(|one| *one <= stay), stay);
            }
        }
        self.by_person.set(row, words);
    }

    /// Who has, had or will have the role with this number.
    pub fn of_pair(&self, pair: usize) -> &[Stay] {
        self.by_pair.get(pair).map_or(&[], Vec::as_slice)
    }

    /// Those who have a role of which this is true.
    pub fn any(&self, is: impl Fn(Stay) -> bool) -> Bits {
        let mut rows = Bits::new();
        self.by_pair.iter().flatten().filter(|stay| is(**stay)).for_each(|stay| rows.set(stay.row));
        rows
    }

    pub fn bytes(&self) -> usize {
        let by_pair: usize = self.by_pair.iter().map(|stays| stays.capacity() * size_of::<Stay>()).sum();
        self.by_person.bytes() + by_pair + self.by_pair.capacity() * size_of::<Vec<Stay>>()
    }
}

fn of(row: u16, word: u64) -> (Stay, usize) {
    let (from, to, pair) = pack::span_parts(word);
    (Stay { row, from, to }, pair as usize)
}

fn place(by_pair: &mut Vec<Vec<Stay>>, pair: usize) -> Option<&mut Vec<Stay>> {
    if by_pair.len() <= pair {
        by_pair.resize_with(pair + 1, Vec::new);
    }
    by_pair.get_mut(pair)
}
