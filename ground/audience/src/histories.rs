//! All that the people of a shard did, in the two orders in which it is read.

use serde::{Deserialize, Serialize, Serializer};

use crate::{
    lists::Lists,
    postings::{Posting, Postings},
};

/// By person, for what is asked of one; by kind and day, for what is asked of all. Nothing changes the one without the
/// other, and a snapshot holds only the first.
#[derive(Clone, Default, Deserialize)]
#[serde(from = "Lists")]
pub(crate) struct Histories {
    by_person: Lists,
    by_day: Postings,
}

impl From<Lists> for Histories {
    fn from(by_person: Lists) -> Self {
        Self { by_day: Postings::of(&by_person), by_person }
    }
}

impl Serialize for Histories {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.by_person.serialize(to)
    }
}

impl Histories {
    /// What a row did, of all kinds, by day.
    pub fn of(&self, row: u16) -> &[u64] {
        self.by_person.get(row)
    }

    /// Who did something of a kind, on each day from the first to the last of two packed ones.
    pub fn on_days(&self, kind: u8, from: u16, to: u16) -> &[Posting] {
        self.by_day.days(kind, from, to)
    }

    /// Equal happenings may be there more than once.
    pub fn insert(&mut self, row: u16, word: u64) {
        self.by_person.insert(row, word);
        self.by_day.insert(row, word);
    }

    /// Takes one of the equal happenings out, if there is one.
    pub fn remove(&mut self, row: u16, word: u64) {
        if self.by_person.remove(row, word) {
            self.by_day.remove(row, word);
        }
    }

    /// Gives a row these happenings instead of its own.
    pub fn set(&mut self, row: u16, words: Vec<u64>) {
        for &word in self.by_person.get(row) {
            self.by_day.remove(row, word);
        }
        for &word in &words {
            self.by_day.insert(row, word);
        }
        self.by_person.set(row, words);
    }

    pub fn bytes(&self) -> usize {
        self.by_person.bytes() + self.by_day.bytes()
    }
}
