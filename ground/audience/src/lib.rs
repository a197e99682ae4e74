//! Who answers a rule: an index of a million people in memory that counts while a rule is typed, and that keeps the
//! members of saved segments right with every event.
//!
//! Generic over facts: a [`Field`] names a fact and what it holds; the index knows none by itself. Fed by changes, asked
//! by [`Rule`](kring_rules::Rule)s. It reads no clock, no file and no database: the day is told by
//! [`Audience::roll`], and the index is derived from a log that stays the truth.
//!
//! How it is fast: people stand in shards of 65,536 by their number, so that a set of them is 8 KB and a rule is
//! bitset arithmetic in the nearest cache ([`bits`]); what people did is held by kind and day too ([`histories`]), so that a
//! question about everybody reads the days of its window and counts in a byte for each person ([`sweep`]); conditions are
//! ordered so that the dear ones are asked of those whom the cheap ones left over ([`query`]), and where those are few
//! their histories are read from the newest back until the window ends ([`lists`], [`walk`]); what saved segments ask of
//! histories, roles and links is kept for everybody and mended by each change for the one person it is about ([`live`]),
//! side by side with all that is kept of that person ([`members`]).
//!
//! ```
//! use kring_audience::{Act, Audience, Change, Field, Holds, Value};
//! use kring_rules::{Count, Day, Did, Now, Rule, Test, When, Year};
//!
//! let fields = vec![Field::new("country", Holds::Choice), Field::new("visited", Holds::Acts(vec![3]))];
//! let mut audience = Audience::new(fields, Now { today: Day::new(20_000), year: Year::CALENDAR })?;
//! audience.apply(&Change::Person(7))?;
//! audience.apply(&Change::Set { person: 7, fact: "country", value: Value::Choice(Some("nl")) })?;
//!
//! let visited = Did { count: Count::AtLeast(1), details: vec![], when: When::Last(30) };
//! let rule = Rule::All(vec![
//!     Rule::fact("country", Test::AnyOf(vec!["nl".into()])),
//!     Rule::fact("visited", Test::Did(visited)),
//! ]);
//! audience.save(1, &rule)?;
//! let act = Act { kind: 3, day: Day::new(19_995), detail: None };
//! let moves = audience.apply(&Change::Act { person: 7, act })?;
//! assert_eq!((moves[0].segment, moves[0].person, moves[0].joined), (1, 7, true));
//! assert_eq!(audience.count(&rule)?, 1);
//! # Ok::<(), kring_audience::Fault>(())
//! ```

mod bits;
mod change;
mod column;
mod edit;
mod edit_things;
mod histories;
mod lists;
mod live;
mod members;
mod memory;
mod merge;
mod pack;
mod plan;
mod postings;
mod query;
mod roll;
mod save;
mod schema;
mod shard;
mod snapshot;
mod spans;
mod sweep;
mod things;
mod walk;
mod wave;

use kring_rules::{Day, Now};
use serde::{Deserialize, Serialize};

pub use change::{Act, Change, Value};
pub use memory::Memory;
pub use save::Shift;
pub use schema::{Field, Holds, MOST_KINDS};
pub use snapshot::{pack, unpack};
pub use wave::{Cause, Moved};

use live::Live;
use schema::{Codes, Fields, Pairs};
use shard::Shard;
use things::Things;

/// People are numbered from 0 to below this: 2,048 shards.
pub const MOST_PEOPLE: i64 = 1 << 27;

/// Why a question or a change was refused. Nothing was changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("there is no fact {0:?}")]
    NoFact(String),
    #[error("the fact {0:?} does not know this test or value")]
    WrongKind(String),
    #[error("there is no segment {0}")]
    NoSegment(i64),
    #[error("the segment {0} leads back to itself")]
    Circular(i64),
    #[error("the segment {0} refers to it")]
    InUse(i64),
    #[error("the rule is too large with its segments written out")]
    TooLarge,
    #[error("the numbers of people go from 0 to {MOST_PEOPLE}, so not {0}")]
    Number(i64),
    #[error("there is nobody with number {0}")]
    Nobody(i64),
    #[error("there is no thing with number {0}")]
    NoThing(i64),
    #[error("kinds of happenings go from 0 to 63, so not {0}")]
    ActKind(u8),
    #[error("happenings and roles lie between 1900 and 2079, so not {}", .0.date())]
    Day(Day),
    #[error("the facts of things are choices, tags, numbers, days and flags")]
    ThingFields,
    #[error("the index would need more than the {0} bytes it may use")]
    Memory(usize),
    #[error("these are not the bytes of a snapshot by this version")]
    Snapshot,
}

/// The index. See the crate's own words.
#[derive(Clone, Serialize, Deserialize)]
pub struct Audience {
    fields: Fields,
    now: Now,
    details: Codes,
    /// Of spans, by the number of the fact.
    pairs: Vec<Pairs>,
    /// Behind links, by the number of the fact.
    things: Vec<Option<Things>>,
    shards: Vec<Shard>,
    live: Live,
    /// Bytes it may use, and how many changes from now it looks again.
    bound: Option<(usize, u32)>,
    #[serde(skip)]
    always_sweep: bool,
}

impl Audience {
    /// An empty index over these facts.
    pub fn new(fields: Vec<Field>, now: Now) -> Result<Self, Fault> {
        let mut things = Vec::new();
        for field in &fields {
            things.push(match &field.holds {
                Holds::Links(facts) => {
                    let plain =
                        |fact: &Field| !matches!(fact.holds, Holds::Acts(_) | Holds::Spans | Holds::Links(_));
                    if !facts.iter().all(plain) {
                        return Err(Fault::ThingFields);
                    }
                    Some(Things::new(Fields::new(facts.clone())))
                }
                Holds::Acts(kinds) => {
                    if let Some(&kind) = kinds.iter().find(|&&kind| kind >= MOST_KINDS) {
                        return Err(Fault::ActKind(kind));
                    }
                    None
                }
                _ => None,
            });
        }
        let count = fields.len();
        Ok(Self {
            fields: Fields::new(fields),
            now,
            details: Codes::default(),
            pairs: vec![Pairs::default(); count],
            things,
            shards: Vec::new(),
            live: Live::new(count),
            bound: None,
            always_sweep: false,
        })
    }

    /// The day and year by which windows are counted.
    pub fn now(&self) -> Now {
        self.now
    }

    /// How many people there are.
    pub fn len(&self) -> u64 {
        self.shards.iter().map(|shard| u64::from(shard.here.len())).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.shards.iter().all(|shard| shard.here.is_empty())
    }

    pub fn contains(&self, person: i64) -> bool {
        self.row(person).is_ok()
    }

    /// For tests, whose worlds are too small for what large ones need: answers from now on what is asked of histories by
    /// day also where a few people are asked, and keeps the shards that are there now as if their segments were large.
    /// The answers are the same.
    #[doc(hidden)]
    pub fn as_if_large(&mut self, large: bool) {
        self.always_sweep = large;
        let dense = if large { 3 } else { bits::DENSE };
        for members in self.live.members.iter_mut().chain(&mut self.live.held) {
            members.set_dense(dense);
        }
    }

    /// The shard and the row of somebody who is there.
    fn row(&self, person: i64) -> Result<(usize, u16), Fault> {
        let (number, row) = place(person)?;
        match self.shards.get(number) {
            Some(shard) if shard.here.get(row) => Ok((number, row)),
            _ => Err(Fault::Nobody(person)),
        }
    }

    fn things_of(&self, field: u16) -> Option<&Things> {
        self.things.get(usize::from(field))?.as_ref()
    }
}

/// The shard and the row of a number.
fn place(person: i64) -> Result<(usize, u16), Fault> {
    if !(0..MOST_PEOPLE).contains(&person) {
        return Err(Fault::Number(person));
    }
    Ok(((person >> 16) as usize, (person & 0xffff) as u16))
}
