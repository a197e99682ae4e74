//! Where somebody who is on one version stands in another.

use crate::{
    plan::{StepId, What},
    program::Program,
    state::State,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// They wait at the same step.
    Same(StepId),
    /// Their step is gone, or is no wait any more: somebody must say where they go.
    Lost(StepId),
}

/// Where a state stands in another version; `None` for one that is not under way.
pub fn place<D, C>(state: &State, other: &Program<D, C>) -> Option<Placed> {
    let at = state.at?;
    let waits = matches!(other.step(at).map(|step| &step.what), Some(What::Wait(_)));
    Some(if waits { Placed::Same(at) } else { Placed::Lost(at) })
}

impl State {
    /// Moved to another version: to the same step, or to one that was chosen for those whose step is gone. What its plan says
    /// about time counts from when they came to wait, so that nobody waits twice.
    #[must_use]
    pub fn moved_to<D, C>(self, other: &Program<D, C>, at: StepId, zone: &jiff::tz::TimeZone) -> Self {
        let Some(What::Wait(wait)) = other.step(at).map(|step| &step.what) else { return self };
        let due = match (&wait.at_most, self.since) {
            (Some(limit), Some(since)) => Some(limit.ends(since, zone)),
            _ => self.due,
        };
        Self { at: Some(at), due, ..self }
    }
}
