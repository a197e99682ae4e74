//! A short sorted list of 64-bit words for each row of a shard: histories, roles, links.

use serde::{Deserialize, Serialize};

use crate::bits::SHARD;

/// One arena with a stretch for each row. A vector for each row would cost 40 bytes before its first word, which is
/// more than half of all people need for everything they did; and reading all rows in order would hop through memory.
///
/// A stretch that is full moves to the end, with room for a quarter more; when a quarter of the arena is left behind
/// this way, it is laid anew.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Lists {
    /// Empty until the first word comes, as many as there are rows afterwards.
    at: Vec<Stretch>,
    words: Vec<u64>,
    /// Words in `words` that no stretch has.
    lost: usize,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Stretch {
    start: u32,
    len: u32,
    room: u32,
}

impl Stretch {
    fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.start as usize + self.len as usize
    }
}

impl Lists {
    /// The words of a row in rising order.
    pub fn get(&self, row: u16) -> &[u64] {
        self.at.get(usize::from(row)).and_then(|at| self.words.get(at.range())).unwrap_or_default()
    }

    /// Equal words may be there more than once.
    pub fn insert(&mut self, row: u16, word: u64) {
        let list = self.get(row);
        let place = list.partition_point(|&one| one <= word);
        let Stretch { len, room, .. } = self.stretch(row);
        if len == room {
            self.roomier(row);
        }
        if let Some(at) = self.at.get_mut(usize::from(row)) {
            at.len += 1;
            let range = at.range();
            if let Some(list) = self.words.get_mut(range)
                && let Some(tail) = list.get_mut(place..)
            {
                tail.rotate_right(1);
                if let Some(first) = tail.first_mut() {
                    *first = word;
                }
            }
        }
    }

    /// Takes one of the equal words out; whether there was one.
    pub fn remove(&mut self, row: u16, word: u64) -> bool {
        let Ok(place) = self.get(row).binary_search(&word) else { return false };
        if let Some(at) = self.at.get_mut(usize::from(row)) {
            if let Some(tail) = self.words.get_mut(at.range()).and_then(|list| list.get_mut(place..)) {
                tail.rotate_left(1);
            }
            at.len -= 1;
        }
        true
    }

    /// Gives a row these words instead of its own.
    pub fn set(&mut self, row: u16, mut words: Vec<u64>) {
        words.sort_unstable();
        let Stretch { start, room, .. } = self.stretch(row);
        let len = words.len() as u32;
        let start = if len <= room {
            start as usize
        } else {
            self.lost += room as usize;
            let end = self.words.len();
            self.make_room(words.len());
            self.words.resize(end + words.len(), 0);
            end
        };
        if let Some(stretch) = self.words.get_mut(start..start + words.len()) {
            stretch.copy_from_slice(&words);
        }
        if let Some(at) = self.at.get_mut(usize::from(row)) {
            *at = Stretch { start: start as u32, len, room: room.max(len) };
        }
        self.tidy();
    }

    fn stretch(&mut self, row: u16) -> Stretch {
        if self.at.is_empty() {
            self.at = vec![Stretch::default(); SHARD as usize];
        }
        self.at.get(usize::from(row)).copied().unwrap_or_default()
    }

    fn roomier(&mut self, row: u16) {
        let old = self.stretch(row);
        let room = old.len + old.len / 4 + 2;
        let start = self.words.len();
        self.make_room(room as usize);
        self.words.extend_from_within(old.range());
        self.words.resize(start + room as usize, 0);
        self.lost += old.room as usize;
        if let Some(at) = self.at.get_mut(usize::from(row)) {
            *at = Stretch { start: start as u32, len: old.len, room };
        }
        self.tidy();
    }

    /// By an eighth, not by doubling: a shard of events is 10 MB, and all shards grow at once.
    fn make_room(&mut self, words: usize) {
        if self.words.capacity() < self.words.len() + words {
            self.words.reserve_exact((self.words.len() / 8).max(words));
        }
    }

    fn tidy(&mut self) {
        if self.lost > 4_096 && self.lost > self.words.len() / 4 {
            let kept: usize = self.at.iter().map(|at| at.room as usize).sum();
            let mut words = Vec::with_capacity(kept + kept / 16);
            for at in &mut self.at {
                let start = words.len();
                words.extend_from_slice(self.words.get(at.range()).unwrap_or_default());
                words.resize(start + at.room as usize, 0);
                at.start = start as u32;
            }
            self.words = words;
            self.lost = 0;
        }
    }

    pub fn bytes(&self) -> usize {
        self.at.capacity() * size_of::<Stretch>() + self.words.capacity() * 8
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn lists_are_what_sorted_vectors_would_be() {
        let mut lists = Lists::default();
        let mut plain: BTreeMap<u16, Vec<u64>> = BTreeMap::new();
        let mut seed = 1_u64;
        let mut next = |below: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % below
        };
        for _ in 0..60_000 {
            let (row, word) = (next(50) as u16 * 1_000, next(400));
            let list = plain.entry(row).or_default();
            match next(10) {
                0..7 => {
                    list.push(word);
                    list.sort_unstable();
                    lists.insert(row, word);
                }
                7..9 => {
                    let at = list.iter().position(|&one| one == word);
                    assert_eq!(lists.remove(row, word), at.is_some());
                    at.map(|at| list.remove(at));
                }
                _ => {
                    *list = (0..next(60)).collect();
                    lists.set(row, list.clone());
                }
            }
            assert_eq!(lists.get(row), &**list);
        }
        assert!(plain.iter().all(|(&row, list)| lists.get(row) == &**list));
        let held: usize = plain.values().map(Vec::len).sum();
        assert!(lists.words.len() < 4 * held + 8_192, "what is left behind is laid anew");
    }
}
