//! Who fits which rule, answered from memory: an index of everybody beside the database, filled from it at the start, mended by
//! what is told in the log, and never the truth. While it fills, or when it would need more memory than it may use, the
//! same questions go to the database, and whoever asks is told that it may take longer.
//!
//! An event moves people in and out of saved segments before whoever caused it gets an answer: the commit of a transaction
//! that told something waits for the index ([`Audiences::heard`]). What other processes tell, and what was told in bulk, is
//! heard from the log a moment later ([`follow`]). Either way a person is read anew as a whole and not by what the event
//! says of the change: a late, doubled or overtaken event then does no harm.

mod ask;
mod disk;
mod facts;
mod feed;
mod fill;
mod order;
mod past;
mod read;

use std::{
    collections::HashSet,
    sync::{PoisonError, RwLock, atomic::AtomicBool},
};

use jiff::civil::Date;
use kring_audience::{Audience, Fault, Shift};
use kring_core::Result;
use kring_db::Cursor;
use kring_lang::dates;
use kring_rules::{Now, Rule, Year};
use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::{Chore, Fut, House, Tx};

pub use ask::{Answer, By};
pub use facts::{Base, Facts};
pub(crate) use feed::{Heard, concerns, heard};
pub use order::{Order, place};
pub(crate) use past::BEGIN;

/// How the index stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// So many people of so many have been read.
    Filling {
        done: u64,
        of: u64,
    },
    Ready,
    /// It would need more than it may use, or met a fault; the database answers.
    Down(String),
}

/// Somebody joined a saved segment or left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub segment: i64,
    pub person: i64,
    pub joined: bool,
    pub because: Because,
}

/// Because of what somebody moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Because {
    /// This event, of this kind; its number is not known when it was told in bulk by another process.
    Event { id: i64, kind: String },
    /// A day went by.
    Day(Date),
    /// It was found when the index was filled: it happened while nobody looked.
    Away,
}

/// What the room of segments gives to the index and hears from it.
#[derive(Clone, Copy)]
pub struct Segments {
    /// The kind of event after which the saved rules are others.
    pub changed: &'static str,
    pub saved: for<'a> fn(&'a mut Tx) -> Fut<'a, Vec<(i64, Rule)>>,
    /// What a segment is called, where another room shows a list of its people.
    pub name: for<'a> fn(&'a mut Tx, i64) -> Fut<'a, Option<String>>,
    pub moved: for<'a> fn(&'a mut Tx, &'a [Membership]) -> Fut<'a, ()>,
    /// The members of a segment are others since its rule is.
    pub shifted: for<'a> fn(&'a mut Tx, &'a [Shift]) -> Fut<'a, ()>,
    /// The index was filled, and found these people in each segment.
    pub met: for<'a> fn(&'a mut Tx, &'a [Shift]) -> Fut<'a, ()>,
}

/// Bytes the index may use, unless the operator says otherwise.
pub const MEMORY: usize = 2 << 30;

/// The school year of Dutch institutions begins on the first of August (WEB 1.1.1, WHW 1.1).
const YEAR: (i8, i8) = (8, 1);

pub struct Audiences {
    state: RwLock<State>,
    /// One at a time reads people and tells the index, so that what is read last is what is told last.
    feeding: Mutex<Feeding>,
    /// Kinds of events of which it is known that they are written down as they are told.
    begun: std::sync::Mutex<HashSet<&'static str>>,
    /// Somebody was erased whom the index knew: it stays off the disk.
    spoiled: AtomicBool,
}

enum State {
    Filling {
        done: u64,
        of: u64,
    },
    /// Filled, and hearing what was told since: nobody asks yet.
    Behind(Box<Known>),
    Ready(Box<Known>),
    Down(String),
}

/// All that is kept of people in memory.
#[derive(Serialize, Deserialize)]
pub(crate) struct Known {
    pub index: Audience,
    /// The dead: they stand in lists, and are no answer to a rule.
    pub apart: Audience,
    pub order: Order,
}

impl Known {
    fn new(facts: &Facts, now: Now) -> std::result::Result<Self, Fault> {
        let mut index = Audience::new(facts.fields(), now)?;
        index.bound_memory(Some(MEMORY));
        Ok(Self { index, apart: Audience::new(facts.fields(), now)?, order: Order::default() })
    }
}

#[derive(Default)]
struct Feeding {
    /// Up to here the log has been heard.
    cursor: Cursor,
    /// Events beyond the cursor that were heard at their commit.
    heard: HashSet<i64>,
}

impl Default for Audiences {
    fn default() -> Self {
        Self {
            state: RwLock::new(State::Filling { done: 0, of: 0 }),
            feeding: Mutex::default(),
            begun: std::sync::Mutex::default(),
            spoiled: AtomicBool::default(),
        }
    }
}

impl Audiences {
    pub fn standing(&self) -> Standing {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Filling { done, of } => Standing::Filling { done: *done, of: *of },
            State::Behind(known) => Standing::Filling { done: known.index.len(), of: known.index.len() },
            State::Ready(_) => Standing::Ready,
            State::Down(why) => Standing::Down(why.clone()),
        }
    }

    /// Asks the index, when it is there.
    pub fn ask<T>(&self, question: impl FnOnce(&Audience) -> T) -> Option<T> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Ready(known) => Some(question(&known.index)),
            _ => None,
        }
    }

    /// Everybody in lists of whom a rule holds, the dead too, when the index is there. The rule asks nothing of other things.
    pub fn listed(&self, rule: &Rule) -> Option<RoaringBitmap> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Ready(known) => Some(known.index.members(rule).ok()? | known.apart.members(rule).ok()?),
            _ => None,
        }
    }

    /// Asks who comes first by name, when that is known.
    pub fn by_name<T>(&self, question: impl FnOnce(&Order) -> T) -> Option<T> {
        match &*self.state.read().unwrap_or_else(PoisonError::into_inner) {
            State::Ready(known) => Some(question(&known.order)),
            _ => None,
        }
    }

    fn alter<T>(&self, change: impl FnOnce(&mut Known) -> T) -> Option<T> {
        match &mut *self.state.write().unwrap_or_else(PoisonError::into_inner) {
            State::Behind(known) | State::Ready(known) => Some(change(known)),
            _ => None,
        }
    }

    /// From here on it answers, unless it has met a fault meanwhile.
    fn caught_up(&self) -> bool {
        let state = &mut *self.state.write().unwrap_or_else(PoisonError::into_inner);
        match std::mem::replace(state, State::Filling { done: 0, of: 0 }) {
            State::Behind(known) => *state = State::Ready(known),
            other => *state = other,
        }
        matches!(state, State::Ready(_))
    }

    /// While an institution is made nobody asks: the index is not filled, and the database answers.
    pub fn rest(&self) {
        self.set(State::Down("nobody asks yet".to_owned()));
    }

    pub(crate) fn has_begun(&self, kind: &str) -> bool {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).contains(kind)
    }

    pub(crate) fn begun(&self, kinds: &[&'static str]) {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner).extend(kinds);
    }

    fn set(&self, state: State) {
        *self.state.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// A fault of the index is no fault of whoever works: from here on the database answers.
    fn give_up(&self, fault: &Fault) {
        tracing::error!(event = "audience_down", reason = %fault);
        self.set(State::Down(fault.to_string()));
    }
}

/// The day it is at the institution, and how its years run.
pub fn now(house: &House) -> Now {
    let today = dates::date_of(house.clock.now(), &house.settings.zone);
    Now { today: today.into(), year: Year::starting(YEAR.0, YEAR.1).unwrap_or(Year::CALENDAR) }
}

/// Fills the index now, for a command: a server does it beside its work.
pub async fn open(house: &House) -> Result<()> {
    match house.audience.standing() {
        Standing::Filling { .. } => fill::fill(house).await,
        _ => Ok(()),
    }
}

/// Writes the index down for the next start, when there is one.
pub(crate) async fn put_by(house: &House) -> Result<()> {
    let feeding = house.audience.feeding.lock().await;
    let mut look = house.db.read().await?;
    let sign = disk::Sign::of(house, &mut look, feeding.cursor).await?;
    drop(look);
    let bytes = match &*house.audience.state.read().unwrap_or_else(PoisonError::into_inner) {
        State::Ready(known) => disk::packed(&sign, known),
        _ => return Ok(()),
    };
    drop(feeding);
    disk::keep(house, bytes);
    Ok(())
}

/// Fills the index, then follows the log and the calendar.
pub(crate) fn chore() -> Chore {
    Chore::new("audience", 1, |house| Box::pin(async move { step(&house).await }))
}

async fn step(house: &House) -> Result<bool> {
    if house.rooms.facts.base.is_none() {
        return Ok(false);
    }
    match house.audience.standing() {
        Standing::Filling { .. } => fill::fill(house).await.map(|()| true),
        Standing::Ready => {
            let rolled = feed::roll(house).await?;
            let heard = feed::follow(house).await?;
            if rolled {
                put_by(house).await?;
            }
            Ok(heard || rolled)
        }
        Standing::Down(_) => Ok(false),
    }
}
