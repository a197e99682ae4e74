//! What can be asked about people in a rule. A room offers a fact about the data it owns: where it stands, who may select on
//! it, its codes and its words. The compiler, the index and the builder of segments know no fact by name.

use kring_core::Lang;
use kring_db::Sql;
use kring_rules::{Kind, Place};

use crate::{Fut, Right, Tx};

/// One value that a fact may have, with the words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    pub code: String,
    pub label: String,
}

impl Code {
    pub fn new(code: impl ToString, label: impl Into<String>) -> Self {
        Self { code: code.to_string(), label: label.into() }
    }
}

/// The codes of a fact in the language of whoever asks, in the order in which they are offered.
pub type CodesFn = for<'a> fn(&'a mut Tx, Lang) -> Fut<'a, Vec<Code>>;

/// How a fact reads in a sentence about people.
#[derive(Clone, Copy)]
pub struct Phrase {
    /// In a list of facts: "rol".
    pub noun: fn(Lang) -> &'static str,
    /// Before the value: "is", "woont in", "vroeg naar". "people who …"
    pub verb: fn(Lang) -> &'static str,
    /// The opposite, which is no prefix in either language: "is geen", "vroeg niet naar".
    pub not: fn(Lang) -> &'static str,
}

/// How spans read when another time than now is asked. Roles are what somebody *is*, and read so by themselves; what somebody
/// wants or has needs a verb of its own for each time, in both languages.
#[derive(Clone, Copy)]
pub struct Tenses {
    /// After the verb, when no kind is chosen: "welk onderwerp ook".
    pub any: fn(Lang) -> &'static str,
    pub ever: fn(Lang) -> &'static str,
    pub never: fn(Lang) -> &'static str,
    pub formerly: fn(Lang) -> &'static str,
    pub not_formerly: fn(Lang) -> &'static str,
    /// In a period.
    pub during: fn(Lang) -> &'static str,
    pub not_during: fn(Lang) -> &'static str,
}

/// One fact. Made by [`Fact::new`] and what follows it, as a constant of the room that owns the data.
#[derive(Clone, Copy)]
pub struct Fact {
    /// Stands in saved rules: stable for ever.
    pub key: &'static str,
    pub kind: Kind,
    /// Whoever selects on it needs this: nobody finds out by a count what he may not see.
    pub right: &'static Right,
    pub place: Place,
    pub phrase: Phrase,
    /// Of spans that are not roles.
    pub tenses: Option<Tenses>,
    /// Of choices, tags and the details of acts; the kinds of spans and links. Without, a text is typed.
    pub codes: Option<CodesFn>,
    /// Where spans may be.
    pub places: Option<CodesFn>,
    /// The events after which a person's value may be another, beside those of the person's own row.
    pub moved_by: &'static [&'static str],
    /// How a number is told to be another for many at once, by time or by decree.
    pub turned_by: &'static [Turned],
    /// Of acts: the kinds of events that are such a happening, and the field of their payload that is its detail.
    pub happens: &'static [Happens],
    /// Of links: the facts of the things on the other side.
    pub things: &'static [Fact],
    /// By what of it people may be called alike. Without, it is never looked at for that: age, descent, health, where somebody
    /// lives and what they struggle with say nothing that we want to say of others.
    pub alike: Option<Alike>,
}

/// What two people may have in common of a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alike {
    /// A code: a tag, the kind of a role, the detail of something that happened.
    Codes,
    /// The place of a role: its unit or programme.
    Places,
}

/// An event about nobody in particular, after which the values of many may be others: an event for each of them would fill the
/// log every night.
#[derive(Clone, Copy, Debug)]
pub struct Turned {
    pub kind: &'static str,
    /// The numbers of the people; `$1` is the subject of the event.
    pub who: Sql,
}

/// A kind of event that is written down as a happening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Happens {
    pub kind: &'static str,
    pub detail: Option<&'static str>,
}

impl Fact {
    pub const fn new(
        key: &'static str,
        kind: Kind,
        right: &'static Right,
        place: Place,
        phrase: Phrase,
    ) -> Self {
        Self {
            key,
            kind,
            right,
            place,
            phrase,
            tenses: None,
            codes: None,
            places: None,
            moved_by: &[],
            turned_by: &[],
            happens: &[],
            things: &[],
            alike: None,
        }
    }

    #[must_use]
    pub const fn tenses(mut self, tenses: Tenses) -> Self {
        self.tenses = Some(tenses);
        self
    }

    #[must_use]
    pub const fn codes(mut self, codes: CodesFn) -> Self {
        self.codes = Some(codes);
        self
    }

    #[must_use]
    pub const fn places(mut self, places: CodesFn) -> Self {
        self.places = Some(places);
        self
    }

    #[must_use]
    pub const fn moved_by(mut self, kinds: &'static [&'static str]) -> Self {
        self.moved_by = kinds;
        self
    }

    #[must_use]
    pub const fn turned_by(mut self, turned: &'static [Turned]) -> Self {
        self.turned_by = turned;
        self
    }

    #[must_use]
    pub const fn happens(mut self, happens: &'static [Happens]) -> Self {
        self.happens = happens;
        self
    }

    #[must_use]
    pub const fn alike(mut self, by: Alike) -> Self {
        self.alike = Some(by);
        self
    }

    #[must_use]
    pub const fn things(mut self, facts: &'static [Fact]) -> Self {
        self.things = facts;
        self
    }
}

/// Where happenings of one kind of event stand, as a [`Place`]: `happening!("question.asked")`.
#[macro_export]
macro_rules! happening {
    ($kind:literal) => {
        $crate::rules::Place::Acts {
            rows: $crate::rules::Rows {
                table: "happenings",
                owner: "person_id",
                only: Some(concat!("{}.kind = '", $kind, "'")),
            },
            day: "day",
            detail: Some($crate::rules::Column::text("detail")),
        }
    };
}
