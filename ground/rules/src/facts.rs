//! What the house tells of its facts: of which kind each is, and who may ask about it.

use serde::{Deserialize, Serialize};

use crate::rule::{Rule, Test};

/// What a fact holds, which decides the operators it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// One code of a list, or none.
    Choice,
    /// Any number of codes of a list.
    Tags,
    /// A whole number, or none.
    Number,
    /// A calendar day, or none.
    Day,
    /// Set or not.
    Flag,
    /// Dated happenings, each with a detail code or none.
    Acts,
    /// Roles: of a kind, at a place or at none, from a day to a day.
    Spans,
    /// Ties to other things, of a kind; the things have facts of their own.
    Links,
}

impl Kind {
    pub fn knows(self, test: &Test) -> bool {
        match test {
            Test::AnyOf(_) | Test::NoneOf(_) => matches!(self, Self::Choice | Self::Tags),
            Test::AllOf(_) => self == Self::Tags,
            Test::Known | Test::Unknown => {
                matches!(self, Self::Choice | Self::Tags | Self::Number | Self::Day)
            }
            Test::Between { .. } => self == Self::Number,
            Test::Days { .. } => self == Self::Day,
            Test::Yes | Test::No => self == Self::Flag,
            Test::Did(_) | Test::Then(_) => self == Self::Acts,
            Test::Role(_) => self == Self::Spans,
            Test::Linked(_) => self == Self::Links,
        }
    }
}

/// Whose fact is meant: a key stands for one thing of a person and may stand for another of an organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About<'a> {
    Person,
    /// The things that this fact of people, of the kind links, leads to.
    Linked(&'a str),
}

/// What is known of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub kind: Kind,
    /// Whether the asker may select on it: nobody can find out by a count what he may not see.
    pub allowed: bool,
}

/// The facts there are, as far as one asker is concerned.
pub trait Catalog {
    fn fact(&self, about: About<'_>, key: &str) -> Option<Known>;

    /// Whether a choice, tags, acts (details), spans (kinds) or links (kinds) has this code. Lists that grow by
    /// themselves may answer yes to all.
    fn has_code(&self, _about: About<'_>, _key: &str, _code: &str) -> bool {
        true
    }

    /// Whether spans have this place.
    fn has_place(&self, _key: &str, _place: &str) -> bool {
        true
    }

    /// The rule of a saved segment that the asker may use.
    fn segment(&self, id: i64) -> Option<&Rule>;
}
