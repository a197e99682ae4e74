//! What a room is made of, and what it stands in: actors and rights, events, the trail, transactions with
//! somebody at work in them, routes that name the right they need, and the parts that rooms give each other.
//!
//! A room knows the hall, not its neighbours. Neighbours hear each other through events and give each other
//! parts whose types are defined here. Only the front door (`kring`) knows which rooms there are.

mod actor;
pub mod audience;
mod event;
mod fact;
mod hear;
mod holding;
mod house;
mod kept;
mod knock;
mod once;
mod own_act;
mod own_link;
mod parts;
mod purpose;
mod room;
mod route;
mod serve;
mod trail;
mod tx;
mod visit;
mod workspace;

use std::{future::Future, pin::Pin};

pub use actor::{Actor, ActorId, ActorKind, OrganisationId, Permit, PersonId, Right, UnitId, actor_of, mark};
pub use event::*;
pub use fact::{Alike, Code, CodesFn, Fact, Happens, Phrase, Tenses, Turned};
pub use holding::Holding;
pub use house::{Doorbell, House, Settings};
pub use kept::Kept;
pub use kring_audience as index;
pub use kring_core::{
    Chance, Clock, Error, Fault, Id, Lang, Result, Saying, Secret, Timestamp, Token, TokenHash,
};
pub use kring_db::{Sql, Told, migrations, params, record, sql, stored};
pub use kring_rules as rules;
pub use kring_work::{Claimed, Hours, Job, working_due};
pub use once::{Once, Slot};
pub use own_act::{OwnAct, by_their_own_hand};
pub use own_link::{LinkFn, OwnLink};
pub use parts::{
    ArcState, Block, Composed, Content, Envelope, Found, Letter, LetterFn, LettersFn, Line, Markup, Panel,
    RingArc, Section, Still, StillFn, StillsFn, Task, Tone,
};
pub use purpose::Purpose;
pub use room::{Chore, Forgotten, New, Offer, Place, Room, Rooms};
pub use route::{Access, Route, RouteKind};
pub use serve::{encode, router};
pub use trail::{Deed, Mark, TrailBreak, TrailEntry};
pub use tx::Tx;
pub use visit::{Gate, SignedIn, Visit, fingerprint};
pub use workspace::{Chapter, Doing, Entry, Shelf, Shelved, StartFn};

kring_lang::words!();

pub const MIGRATIONS: &[kring_db::Migration] = migrations!("frame": "0001_frame", "0002_happenings");

/// What an asynchronous part of a room returns.
pub type Fut<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

/// Jobs that wait, and jobs that are parked.
pub async fn count_jobs(tx: &mut Tx) -> Result<(i64, i64)> {
    kring_work::count(tx).await
}
