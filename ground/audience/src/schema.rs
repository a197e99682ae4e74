//! Which facts there are, of what kind, and the numbers that their codes get.

use hashbrown::HashMap;
use kring_rules::Kind;
use serde::{Deserialize, Serialize};

/// What a fact holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Holds {
    Choice,
    Tags,
    Number,
    Day,
    Flag,
    /// Happenings of these kinds of the log, by number; several facts may share a kind.
    Acts(Vec<u8>),
    Spans,
    /// The facts of the things on the other side: choices, tags, numbers, days and flags.
    Links(Vec<Field>),
}

/// Kinds of happenings are numbered 0 to 63.
pub const MOST_KINDS: u8 = 64;

impl Holds {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Choice => Kind::Choice,
            Self::Tags => Kind::Tags,
            Self::Number => Kind::Number,
            Self::Day => Kind::Day,
            Self::Flag => Kind::Flag,
            Self::Acts(_) => Kind::Acts,
            Self::Spans => Kind::Spans,
            Self::Links(_) => Kind::Links,
        }
    }

    /// The kinds of an acts fact as a bit for each.
    pub(crate) fn mask(&self) -> u64 {
        match self {
            Self::Acts(kinds) => {
                kinds.iter().filter(|&&kind| kind < MOST_KINDS).fold(0, |mask, kind| mask | 1 << kind)
            }
            _ => 0,
        }
    }
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub key: String,
    pub holds: Holds,
}

impl Field {
    pub fn new(key: &str, holds: Holds) -> Self {
        Self { key: key.to_owned(), holds }
    }
}

/// The facts of people or of things, found by key.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Fields {
    pub list: Vec<Field>,
    by_key: HashMap<String, u16>,
    /// The codes of each: of a choice, of tags, the kinds of spans and links.
    pub codes: Vec<Codes>,
    /// The places of spans.
    pub places: Vec<Codes>,
}

impl Fields {
    pub fn new(list: Vec<Field>) -> Self {
        let by_key = list.iter().enumerate().map(|(at, field)| (field.key.clone(), at as u16)).collect();
        let codes = vec![Codes::default(); list.len()];
        Self { places: codes.clone(), codes, list, by_key }
    }

    pub fn find(&self, key: &str) -> Option<(u16, &Holds)> {
        let at = *self.by_key.get(key)?;
        self.list.get(usize::from(at)).map(|field| (at, &field.holds))
    }

    pub fn code(&self, field: u16, code: &str) -> Option<u32> {
        self.codes.get(usize::from(field))?.find(code)
    }

    pub fn learn(&mut self, field: u16, code: &str) -> u32 {
        self.codes.get_mut(usize::from(field)).map_or(0, |codes| codes.learn(code))
    }

    pub fn bytes(&self) -> usize {
        self.codes.iter().chain(&self.places).map(Codes::bytes).sum()
    }
}

/// Codes in the order in which they came by: the number of a code never changes.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Codes {
    numbers: HashMap<String, u32>,
}

impl Codes {
    pub fn find(&self, code: &str) -> Option<u32> {
        self.numbers.get(code).copied()
    }

    pub fn learn(&mut self, code: &str) -> u32 {
        if let Some(number) = self.find(code) {
            return number;
        }
        let number = self.numbers.len() as u32;
        self.numbers.insert(code.to_owned(), number);
        number
    }

    fn bytes(&self) -> usize {
        self.numbers.capacity() * (size_of::<String>() + 16)
            + self.numbers.keys().map(String::len).sum::<usize>()
    }
}

/// The pairs of kind and place that spans name, so that a span needs one number for both.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Pairs {
    list: Vec<(u32, Option<u32>)>,
    numbers: HashMap<(u32, Option<u32>), u32>,
}

impl Pairs {
    pub fn list(&self) -> &[(u32, Option<u32>)] {
        &self.list
    }

    pub fn number(&mut self, pair: (u32, Option<u32>)) -> u32 {
        let next = self.list.len() as u32;
        let number = *self.numbers.entry(pair).or_insert(next);
        if number == next {
            self.list.push(pair);
        }
        number
    }
}
