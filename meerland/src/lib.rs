//! Meerland, the demo institution, as pure data: from a seed come the units, organisations and people, five academic years
//! of what happened to them, the lists that departments keep of it with all their faults, and the key with which a test
//! can tell whether somebody who looks finds what was planted.
//!
//! Nobody in it exists. The same settings give the same bytes on every machine; moving `today` moves the whole
//! institution with it.

mod acquaintances;
mod ambassadors;
mod asking;
mod calendar;
mod campaigns;
mod care;
mod cast_after;
mod cast_before;
mod cast_care;
mod cohorts;
mod companies;
mod contacts;
mod create;
mod defects;
mod desk;
mod dice;
mod education;
mod education_lists;
mod effort;
mod families;
mod findings;
mod funnel;
mod giving;
mod graduates;
mod key;
mod leads;
mod lists;
mod making;
mod marks;
mod name_lists;
mod names;
mod organisations;
mod pack;
mod panel;
mod people;
mod personae;
mod placements;
mod places;
mod programmes;
mod season;
mod service;
mod staff;
mod streams;
mod study;
mod table;
mod units;
mod voice;
mod wishes;
mod world;

pub use giving::*;
pub use key::answer_key;
pub use lists::{DirtyList, Encoding, ListKind, Truth, lists, write_lookalikes, write_truth};
pub use organisations::*;
pub use pack::{
    AskKind, Function, Instrument, InterestKind, Label, Level, Pack, PartnerKind, RoleKind, Sector, Sizes,
    Slots, Start, Topic, Track, UnitKind,
};
pub use people::*;
pub use personae::{Persona, Personae};
pub use service::*;
pub use streams::{AuditEntry, ChatTurn, FormVisit, Touch};
pub use study::*;
pub use table::*;
pub use units::{Unit, Units};
pub use world::{Settings, World};

/// The named test cases of a world.
pub fn personae(world: &World) -> &Personae {
    &world.personae
}
