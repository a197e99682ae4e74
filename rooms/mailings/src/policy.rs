//! From how many people on a second person says yes before a mailing goes.

use kring_core::Result;
use kring_frame::{Mark, Permit, Tx, params, sql};

/// Where nobody has set it: a mistake to so many cannot be put right by telephone in an afternoon.
const SHIPPED: i64 = 500;

/// From so many people on; `None`: never.
pub async fn from_people(tx: &mut Tx) -> Result<Option<i64>> {
    let set: Option<(Option<i64>,)> =
        tx.maybe(sql!("select from_people from mailing_policy where id = 1"), params![]).await?;
    Ok(set.map_or(Some(SHIPPED), |(from,)| from))
}

/// Whether a mailing to so many needs it.
pub async fn asks(tx: &mut Tx, people: i64) -> Result<bool> {
    Ok(from_people(tx).await?.is_some_and(|from| people >= from))
}

pub async fn set(tx: &mut Tx, permit: &Permit, from: Option<i64>) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into mailing_policy (id, from_people, actor_id, changed_at) values (1, $1, $2, $3)
             on conflict (id) do update set from_people = excluded.from_people, actor_id = excluded.actor_id,
                 changed_at = excluded.changed_at"
        ),
        params![from, actor, now],
    )
    .await?;
    let detail = from.map_or_else(|| "never".to_owned(), |from| format!("from {from}"));
    tx.trail(Mark::changed(permit, "mailing policy").detail(detail)).await
}
