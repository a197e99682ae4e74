use kring_core::{Error, Result};
use kring_frame::{About, PersonChanged, PersonId, Tx, params, sql};

use super::bring::Change;
use crate::{list::Import, single::Undone};

/// Takes a row back: what it made goes and what it ended goes on, as long as that is how the list left it.
pub async fn take_back(tx: &mut Tx, import: &Import, person: PersonId, before: &str) -> Result<Undone> {
    let change: Change = serde_json::from_str(before).map_err(Error::broken)?;
    let source = import.source();
    // A merge may have moved the role or relation to another number; it is known by its own.
    let (n, undone) = match change {
        Change::Role(id, to) => (
            tx.run(
                sql!("delete from party_roles where id = $1 and source = $2 and valid_to is not distinct from $3"),
                params![id, &source, to],
            )
            .await?,
            Undone::Removed,
        ),
        Change::Relation(id, to) => (
            tx.run(
                sql!(
                    "delete from relationships where id = $1 and source = $2 and valid_to is not distinct from $3
                       and confirmed_on is null"
                ),
                params![id, &source, to],
            )
            .await?,
            Undone::Removed,
        ),
        Change::RoleEnd(id, was, is) => (
            tx.run(
                sql!("update party_roles set valid_to = $2 where id = $1 and valid_to is not distinct from $3"),
                params![id, was, is],
            )
            .await?,
            Undone::Restored,
        ),
        Change::RelationEnd(id, was, is) => (
            tx.run(
                sql!("update relationships set valid_to = $2 where id = $1 and valid_to is not distinct from $3"),
                params![id, was, is],
            )
            .await?,
            Undone::Restored,
        ),
    };
    if n == 0 {
        return Ok(Undone::Kept);
    }
    // Derived roles follow: whoever is no graduate any more is no alumnus either.
    tx.tell(About::person(person).subject(import.id), &PersonChanged { how: "undo".into() }).await?;
    Ok(undone)
}
