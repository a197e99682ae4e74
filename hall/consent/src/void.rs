//! Rows of the ledger that a list brought: whether they are there already, and taking them back with the list.

use kring_core::Result;
use kring_frame::{About, ConsentChanged, PersonId, Tx, params, sql};

use crate::Entry;

/// Takes a row back that never should have come in, since the list that brought it was the wrong one. The ledger is only
/// ever added to, so it stays and is shown, but counts no more. `how` is the door by which it came: no other row is
/// touched. Answers whether it was there.
pub async fn void(tx: &mut Tx, person: PersonId, id: i64, how: &str) -> Result<bool> {
    let now = tx.now();
    let found: Option<(String, String, String)> = tx
        .maybe(
            sql!(
                "update consent_ledger set void_at = $4 where id = $1 and person_id = $2 and how = $3 and void_at is null
                 returning purpose, channel, act"
            ),
            params![id, person, how, now],
        )
        .await?;
    let Some((purpose, channel, act)) = found else { return Ok(false) };
    let told = ConsentChanged { purpose, channel, act: format!("void_{act}") };
    tx.tell(About::person(person), &told).await?;
    Ok(true)
}

/// Whether the ledger holds this already: the same act about the same, said at the same moment to the same.
pub async fn holds(tx: &mut Tx, e: &Entry) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from consent_ledger where person_id = $1 and purpose = $2 and channel = $3 and act = $4
                   and controller_id is not distinct from $5 and said_at is not distinct from $6 and void_at is null limit 1"
            ),
            params![e.person, e.purpose, e.channel, e.act, e.controller, e.said_at],
        )
        .await?;
    Ok(found.is_some())
}
