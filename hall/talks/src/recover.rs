//! After a crash: what was claimed goes back to the plan, what was at DATA becomes doubtful.
//!
//! On SQLite there is one process, so whatever is claimed when it starts belonged to a dead one. On PostgreSQL
//! each process says every second that it is there; one that is silent for a few seconds has lost its claims.
//! Being wrong about that is harmless: a claim taken away fails the check before DATA, and a process that
//! comes back with the relay's answer may still settle its own doubt.

use jiff::SignedDuration;
use kring_core::{Result, Timestamp};
use kring_db::Engine;
use kring_frame::{About, Actor, House, MessageDoubtful, PersonId, Tx, UnitId, params, sql};

use crate::Sender;

const SILENCE: SignedDuration = SignedDuration::from_secs(4);

/// Signs this process in, and recovers what dead ones left. Call once, before anything is sent.
pub(crate) async fn start_node(house: &House) -> Result<i64> {
    let mut tx = house.write(&Actor::robot()).await?;
    if tx.engine() == Engine::Sqlite {
        // We hold the file's lock: nobody else is alive. Numbers are never handed out twice, so what a dead process
        // had claimed cannot look like ours.
        tx.run(sql!("delete from nodes"), params![]).await?;
    }
    let now = tx.now();
    let (node,): (i64,) =
        tx.one(sql!("insert into nodes (seen_at) values ($1) returning id"), params![now]).await?;
    recover(&mut tx).await?;
    tx.commit().await?;
    Ok(node)
}

/// On PostgreSQL: says that we are here, and looks for silent nodes. Never asks to be called again at once.
pub(crate) async fn step(house: &House, sender: &Sender) -> Result<bool> {
    if house.db.engine() == Engine::Sqlite {
        return Ok(false);
    }
    sender.beat(house).await?;
    let mut tx = house.write(&Actor::robot()).await?;
    recover(&mut tx).await?;
    tx.commit().await?;
    Ok(false)
}

pub(crate) async fn still_here(tx: &mut Tx, node: i64) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!("insert into nodes (id, seen_at) values ($1, $2) on conflict (id) do update set seen_at = excluded.seen_at"),
        params![node, now],
    )
    .await
    .map(drop)
}

async fn recover(tx: &mut Tx) -> Result<()> {
    let alive_since: Timestamp = tx.now() - SILENCE;
    let lost: Vec<(i64, i64, Option<UnitId>, String, String)> = tx
        .all(
            sql!(
                "update messages set state = 'doubtful', reason = 'crash'
                 where state = 'data' and not exists (select 1 from nodes n where n.id = node_id and n.seen_at >= $1)
                 returning id, person_id, unit_id, purpose, channel"
            ),
            params![alive_since],
        )
        .await?;
    for (id, person, unit, purpose, channel) in lost {
        tracing::warn!(event = "message_doubtful", id);
        let about =
            About { person: Some(PersonId::new(person)), unit, subject: Some(id), ..About::default() };
        tx.tell(about, &MessageDoubtful { purpose, channel }).await?;
    }
    tx.run(
        sql!(
            "update messages set state = 'planned', node_id = null, fence = fence + 1
             where state = 'claimed' and not exists (select 1 from nodes n where n.id = node_id and n.seen_at >= $1)"
        ),
        params![alive_since],
    )
    .await?;
    tx.run(sql!("delete from nodes where seen_at < $1"), params![alive_since]).await?;
    Ok(())
}
