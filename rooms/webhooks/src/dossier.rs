//! Which other systems were told something about somebody: who receives data is part of what everybody may know.

use kring_core::Timestamp;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let told: Vec<(String, String, Timestamp, String)> = tx
            .all(
                sql!(
                    "select w.name, m.kind, m.made_at, m.state from webhook_messages m join webhooks w on w.id = m.webhook_id
                     where m.person_id = $1 order by m.id"
                ),
                params![person],
            )
            .await?;
        let told: Vec<_> = told
            .into_iter()
            .map(
                |(system, kind, at, state)| json!({"system": system, "what": kind, "at": at, "state": state}),
            )
            .collect();
        Ok(vec![Section { title: "webhooks".into(), data: json!({ "told_to_other_systems": told }) }])
    })
}

/// What was told is erased here; that this number is nobody any more is told to whoever listens for it.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = tx
            .run(
                sql!(
                    "delete from webhook_attempts where message_id in
                         (select m.id from webhook_messages m where m.person_id = $1)"
                ),
                params![person],
            )
            .await?;
        erased += tx.run(sql!("delete from webhook_messages where person_id = $1"), params![person]).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
