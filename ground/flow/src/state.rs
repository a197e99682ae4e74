//! Where somebody is in a journey. Only what a later step may ask is kept, so that a million who wait are a few bytes each.

use std::collections::BTreeMap;

use kring_core::Timestamp;
use serde::{Deserialize, Serialize};

use crate::plan::{By, StepId};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// The wait it stands at; `None` before the beginning and after the end.
    pub at: Option<StepId>,
    /// When that wait began.
    pub since: Option<Timestamp>,
    /// When it ends by itself.
    pub due: Option<Timestamp>,
    /// Deeds done so far: with the run they name each one, once and for ever.
    pub deeds: u32,
    /// What was passed, as far as it is asked for again.
    pub kept: Kept,
}

/// The part of a state that only some journeys need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How often a step was come to, where one can come to it twice.
    #[serde(default, rename = "v", skip_serializing_if = "BTreeMap::is_empty")]
    pub visits: BTreeMap<StepId, u32>,
    /// Rounds made of a repetition that one is in.
    #[serde(default, rename = "r", skip_serializing_if = "BTreeMap::is_empty")]
    pub rounds: BTreeMap<StepId, u32>,
    #[serde(default, rename = "a", skip_serializing_if = "BTreeMap::is_empty")]
    pub answers: BTreeMap<StepId, String>,
    #[serde(default, rename = "e", skip_serializing_if = "BTreeMap::is_empty")]
    pub ended: BTreeMap<StepId, By>,
}

impl Kept {
    pub fn is_empty(&self) -> bool {
        self == &Self::default()
    }
}
