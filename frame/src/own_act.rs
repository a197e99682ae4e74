//! What people do of their own accord, as far as it shows that they are involved. The room that tells of an act names it; what
//! it is worth is decided elsewhere, by the institution, in one formula for all.

use kring_core::Lang;
use kring_db::Told;

use crate::{Actor, Event, room::Draft, room::HearFn, room::Rooms};

/// A kind of event that is an act of the person it is about. Opens of mails are none, and neither are clicks: machines do both.
/// Nor is anything that tells of health, belief, marks, absence, complaints or trouble on a placement: no room may declare it.
#[derive(Clone, Copy)]
pub struct OwnAct {
    /// The kind of the event.
    pub event: &'static str,
    /// The name under which its worth is decided: `survey_answer`. Stands in formulas: stable for ever.
    pub kind: &'static str,
    /// What the person did, as a line under their name says it: "answered a survey".
    pub label: fn(Lang) -> &'static str,
}

impl OwnAct {
    pub const fn new<E: Event>(kind: &'static str, label: fn(Lang) -> &'static str) -> Self {
        Self { event: E::KIND, kind, label }
    }
}

/// Whether the person's own hand told this. Only who is not signed in is at work for nobody else: a colleague who fills in a
/// form for somebody, a key and the house itself have done it themselves, however well it was meant.
pub fn by_their_own_hand(told: &Told) -> bool {
    told.actor == Actor::visitor().id.get()
}

impl Draft {
    /// Names events of this room that are people's own acts.
    pub fn own_acts(mut self, acts: &[OwnAct]) -> Self {
        self.0.own_acts.extend_from_slice(acts);
        self
    }

    /// Hears every own act, whichever room tells it. The name begins that of the readers, which have a cursor each: stable
    /// for ever.
    pub fn on_own_acts(mut self, reader: &'static str, hear: HearFn) -> Self {
        self.0.hears_own_acts = Some((reader, hear));
        self
    }
}

impl Rooms {
    /// What an event of this kind is as an own act.
    pub fn own_act(&self, event: &str) -> Option<&OwnAct> {
        self.own_acts.iter().find(|act| act.event == event)
    }

    /// What acts of this kind are called; `None` when no room tells of such.
    pub fn own_act_label(&self, kind: &str, lang: Lang) -> Option<&'static str> {
        self.own_acts.iter().find(|act| act.kind == kind).map(|act| (act.label)(lang))
    }
}
