//! What rooms give each other: lines, panels, tasks, figures. Their types are here, their making is in the room
//! that owns the data.

use std::fmt;

use kring_blocks::{Sheet, Values};
use kring_core::{Timestamp, Tongue};
pub use kring_web::{Arc as RingArc, ArcState, Tone};

/// HTML that a template made, so everything in it has been escaped.
#[derive(Clone, Debug, Default)]
pub struct Markup(String);

impl Markup {
    pub fn from_template(html: String) -> Self {
        Self(html)
    }
}
impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of somebody's timeline.
#[derive(Clone, Debug)]
pub struct Line {
    /// The event it tells.
    pub event: i64,
    pub at: Timestamp,
    pub icon: &'static str,
    pub tone: Tone,
    pub title: String,
    pub href: Option<String>,
    pub text: Vec<String>,
    /// What the person said, in their own words.
    pub quote: Option<String>,
    /// Who and from where.
    pub by: String,
    /// Planned but held back, with its reason in the text.
    pub unsent: bool,
}

/// A card beside the timeline.
#[derive(Clone, Debug)]
pub struct Panel {
    pub title: String,
    pub tone: Tone,
    pub note: Option<String>,
    pub href: Option<(String, String)>,
    pub body: Markup,
}

/// Something that waits for somebody.
#[derive(Clone, Debug)]
pub struct Task {
    pub icon: &'static str,
    pub title: String,
    pub href: String,
    pub text: String,
    pub due: Option<Timestamp>,
}

/// Something that a search over everything found.
#[derive(Clone, Debug)]
pub struct Found {
    pub icon: &'static str,
    pub title: String,
    pub text: String,
    pub href: String,
}

/// What one room knows of a person, for the answer to an access request.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Section {
    pub title: String,
    /// Machine-readable, complete.
    pub data: serde_json::Value,
}

/// A piece of a letter. Text is plain; whatever it becomes, HTML or the text part, is escaped there.
#[derive(Clone, Debug)]
pub enum Block {
    Paragraph(String),
    /// What somebody wrote, set apart.
    Quote(String),
    Button {
        label: String,
        url: String,
    },
    /// The five faces: what each is called and where it leads, worst first.
    Faces {
        question: String,
        faces: Vec<(String, String)>,
    },
    Small(String),
}

/// What a mail says, before it has a shape.
#[derive(Clone, Debug)]
pub struct Letter {
    pub lang: kring_core::Lang,
    pub subject: String,
    pub greeting: String,
    pub blocks: Vec<Block>,
    /// Who signs: a name, a department.
    pub closing: Vec<String>,
}

/// A letter made of a document: in any language, in the dress of the institution.
#[derive(Clone, Debug)]
pub struct Composed {
    pub tongue: Tongue,
    pub sheet: Sheet,
    pub values: Values,
    /// For each answer that it asks for, where its link leads.
    pub choices: Vec<(String, String)>,
    /// The thread in which it is a turn; by its number, since threads are the hall's.
    pub dialogue: Option<i64>,
}

/// What a message says.
#[derive(Clone, Debug)]
pub enum Content {
    Letter(Letter),
    Composed(Box<Composed>),
}

impl From<Letter> for Content {
    fn from(letter: Letter) -> Self {
        Self::Letter(letter)
    }
}

impl From<Composed> for Content {
    fn from(composed: Composed) -> Self {
        Self::Composed(Box::new(composed))
    }
}

/// Whether a message may still go, as the room that asked for it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Still {
    Go,
    /// What it belongs to is paused.
    Later,
    /// What it belongs to was stopped.
    Never,
}

/// What a letter is written for.
#[derive(Clone, Copy, Debug)]
pub struct Envelope {
    pub message: i64,
    pub person: crate::PersonId,
    /// The row in the room that asked for the message.
    pub subject: i64,
}

/// Writes a letter when it is about to go out, in the transaction of its claim, so that links made for it exist
/// only if it does. `None`: there is no reason to send it any more.
pub type LetterFn = for<'a> fn(&'a mut crate::Tx, Envelope) -> crate::Fut<'a, Option<Content>>;

/// Writes the letters of many messages of one kind at once, in the order of their envelopes: for rooms that write to
/// thousands, and read with one statement what is needed for all.
pub type LettersFn = for<'a> fn(&'a mut crate::Tx, &'a [Envelope]) -> crate::Fut<'a, Vec<Option<Content>>>;

/// Asked twice: before a letter is written, and in the transaction before it cannot be taken back, so that a pause or a stop
/// that was committed holds for every message that has not gone.
pub type StillFn = for<'a> fn(&'a mut crate::Tx, Envelope) -> crate::Fut<'a, Still>;

/// The same for many at once, in the order of their envelopes.
pub type StillsFn = for<'a> fn(&'a mut crate::Tx, &'a [Envelope]) -> crate::Fut<'a, Vec<Still>>;
