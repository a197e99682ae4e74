//! Editing a plan: every change names a step by its number and where it is to go, and either is made whole or not at all.

use crate::plan::{Flow, Step, StepId, What};

/// Where a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spot {
    First,
    After(StepId),
    /// At the beginning of the n-th list within a step, as [`Step::lists`] counts them.
    Into(StepId, usize),
}

/// Why a change was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clash {
    /// The step is not there (any more).
    Gone,
    /// It is the first or the last of its list already.
    NoRoom,
}

/// A number that no step of this plan has; `beyond` is the highest that any version has had.
pub fn next_id<D, C>(flow: &Flow<D, C>, beyond: StepId) -> StepId {
    flow.all().into_iter().map(|step| step.id).max().unwrap_or(0).max(beyond) + 1
}

/// Puts a step in its place.
pub fn insert<D, C>(flow: &mut Flow<D, C>, spot: Spot, step: Step<D, C>) -> Result<(), Clash> {
    match spot {
        Spot::First => flow.steps.insert(0, step),
        Spot::After(before) => {
            let (list, n) = find(&mut flow.steps, before).ok_or(Clash::Gone)?;
            list.insert(n + 1, step);
        }
        Spot::Into(around, n) => {
            let (list, at) = find(&mut flow.steps, around).ok_or(Clash::Gone)?;
            let within = list.get_mut(at).ok_or(Clash::Gone)?;
            within.lists_mut().into_iter().nth(n).ok_or(Clash::Gone)?.insert(0, step);
        }
    }
    Ok(())
}

/// Takes a step out, with all that lies in it.
pub fn remove<D, C>(flow: &mut Flow<D, C>, id: StepId) -> Result<Step<D, C>, Clash> {
    let (list, n) = find(&mut flow.steps, id).ok_or(Clash::Gone)?;
    Ok(list.remove(n))
}

/// Moves a step one place within its list.
pub fn shift<D, C>(flow: &mut Flow<D, C>, id: StepId, down: bool) -> Result<(), Clash> {
    let (list, n) = find(&mut flow.steps, id).ok_or(Clash::Gone)?;
    let other = if down { n + 1 } else { n.checked_sub(1).ok_or(Clash::NoRoom)? };
    if other >= list.len() {
        return Err(Clash::NoRoom);
    }
    list.swap(n, other);
    Ok(())
}

/// Gives a step another content.
pub fn change<D, C>(flow: &mut Flow<D, C>, id: StepId, what: What<D, C>) -> Result<(), Clash> {
    let (list, n) = find(&mut flow.steps, id).ok_or(Clash::Gone)?;
    list.get_mut(n).ok_or(Clash::Gone)?.what = what;
    Ok(())
}

/// The list in which a step lies, and its place in it.
fn find<D, C>(steps: &mut Vec<Step<D, C>>, id: StepId) -> Option<(&mut Vec<Step<D, C>>, usize)> {
    if let Some(n) = steps.iter().position(|step| step.id == id) {
        return Some((steps, n));
    }
    steps.iter_mut().find_map(|step| step.lists_mut().into_iter().find_map(|list| find(list, id)))
}
