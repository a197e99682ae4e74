//! The tree itself, and its JSON form: what is stored, sent by the builder and read by people in an export.
//!
//! What is open or empty may be left out when it is read and is there when it is written: a form without names, as
//! snapshots of the index use, could not be read back otherwise.

use serde::{Deserialize, Serialize};

use crate::{
    bucket::Bucket,
    window::{Bound, When},
};

/// A condition on a person.
///
/// As JSON a node is an object with one key: `{"all": […]}`, `{"none": […]}`, `{"segment": 7}`,
/// `{"fact": {"key": "country", "is": {"any_of": ["nl"]}}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Every one of them holds; without any, everybody.
    All(Vec<Rule>),
    /// At least one of them holds; without any, nobody.
    Any(Vec<Rule>),
    /// Not one of them holds; without any, everybody.
    None(Vec<Rule>),
    Fact(Leaf),
    /// Whoever is in another segment, by its number.
    Segment(i64),
    Bucket(Bucket),
}

impl Rule {
    pub fn fact(key: &str, is: Test) -> Self {
        Self::Fact(Leaf { key: key.to_owned(), is })
    }

    /// The rules one step down, in the order in which a [`Path`](crate::Path) numbers them: the members of a group;
    /// under a link first what must hold of the other thing, then what must hold of its people.
    pub fn below(&self) -> Vec<&Rule> {
        match self {
            Self::All(rules) | Self::Any(rules) | Self::None(rules) => rules.iter().collect(),
            Self::Fact(Leaf { is: Test::Linked(linked), .. }) => {
                let to = linked.to.as_deref();
                to.into_iter().chain(linked.people.as_ref().map(|people| &*people.rule)).collect()
            }
            Self::Fact(_) | Self::Segment(_) | Self::Bucket(_) => Vec::new(),
        }
    }
}

/// A question about one fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    pub key: String,
    pub is: Test,
}

/// The operators. Which of them a fact knows depends on its [`Kind`](crate::Kind).
///
/// A test on what is not known fails, and `none_of` holds: who has no country is not in the Netherlands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Choice, tags: has at least one of these codes.
    AnyOf(Vec<String>),
    /// Tags: has each of these codes.
    AllOf(Vec<String>),
    /// Choice, tags: has not one of these codes.
    NoneOf(Vec<String>),
    /// Choice, tags, number, day: there is a value.
    Known,
    /// The opposite of known.
    Unknown,
    /// Number: both ends belong to it, and either may be open.
    Between {
        #[serde(default)]
        from: Option<i64>,
        #[serde(default)]
        to: Option<i64>,
    },
    /// Day: both ends belong to it, and either may be open.
    Days {
        #[serde(default)]
        from: Option<Bound>,
        #[serde(default)]
        to: Option<Bound>,
    },
    /// Flag: it is set.
    Yes,
    /// Flag: it is not set, which is also so when nothing is known.
    No,
    /// Acts.
    Did(Did),
    /// Acts.
    Then(Then),
    /// Spans.
    Role(Role),
    /// Links.
    Linked(Linked),
}

/// How often something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Count {
    AtLeast(u32),
    /// `fewer_than: 1` is "has not".
    FewerThan(u32),
    /// On at least so many different days.
    OnDays(u32),
}

/// "Did X at least n times in the last d days".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Did {
    pub count: Count,
    /// Only happenings with one of these details; without any, all.
    #[serde(default)]
    pub details: Vec<String>,
    pub when: When,
}

/// "Did A, then B within d days": some A, and some B on the same day or at most so many days later.
///
/// The order within a day is not known here, so B on the day of A counts; and B has happened, so it is not after today.
/// One happening that is an A and a B (two facts over the same log may overlap) counts as both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Then {
    #[serde(default)]
    pub details: Vec<String>,
    /// In which days the A lies. B may lie outside.
    pub when: When,
    /// The fact of the B.
    pub next: String,
    #[serde(default)]
    pub next_details: Vec<String>,
    pub within: u32,
}

/// "Is a student of Nursing", "was an intern at Radboud".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Without any, roles of every kind.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// Without any, at every place and at none.
    #[serde(default)]
    pub places: Vec<String>,
    pub held: Held,
}

/// When a role is held. It runs from its first to its last day; a role without a first day has always been, one
/// without a last day goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    Now,
    /// It has begun, and may have ended.
    Ever,
    /// One ended before today, and none of those asked for runs today.
    Formerly,
    /// It ran on at least one of these days.
    During {
        #[serde(default)]
        from: Option<Bound>,
        #[serde(default)]
        to: Option<Bound>,
    },
}

/// "Works at an organisation that hosts an internship": there is one thing for which all of this holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linked {
    /// By a link of one of these kinds; without any, of every kind.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// A rule on the facts of the other thing.
    #[serde(default)]
    pub to: Option<Box<Rule>>,
    #[serde(default)]
    pub people: Option<People>,
}

/// "… where at least two alumni attended": among all who are linked to the thing by a link of the same kinds, the
/// person asked about included, so many different ones for whom a rule holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct People {
    pub at_least: u32,
    pub rule: Box<Rule>,
}
