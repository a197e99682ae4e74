//! Among whom somebody counts: everybody, or those on their side of the wall between legal entities.

use kring_core::Result;
use kring_frame::{Permit, Tx, rules::Rule};
use kring_people::wall;

/// The rule among those whom the actor at work may know of.
pub async fn within(tx: &mut Tx, permit: &Permit, rule: &Rule) -> Result<Rule> {
    Ok(match wall::rule(tx, permit).await? {
        Some(wall) => Rule::All(vec![rule.clone(), wall]),
        None => rule.clone(),
    })
}

/// Whether the actor at work stands behind a wall: lists that are kept by number are not theirs to read.
pub async fn is_walled(tx: &mut Tx, permit: &Permit) -> Result<bool> {
    Ok(wall::of(tx, permit).await?.actor.is_some())
}
