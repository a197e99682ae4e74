//! What this room knows of a person, and how it forgets.

use kring_core::Timestamp;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let claims: Vec<(String, Timestamp, String)> = tx
            .all(
                sql!("select reason, from_at, until_day from claims where person_id = $1 order by id"),
                params![person],
            )
            .await?;
        let claims: Vec<_> = claims
            .into_iter()
            .map(|(reason, from, until)| json!({"reason": reason, "from": from, "until": until}))
            .collect();
        let tips: Vec<(String, String, Timestamp, String)> = tx
            .all(
                sql!("select what, why, given_at, outcome_note from tips where person_id = $1 order by id"),
                params![person],
            )
            .await?;
        let tips: Vec<_> = tips
            .into_iter()
            .map(|(what, why, at, outcome)| json!({"what": what, "why": why, "at": at, "outcome": outcome}))
            .collect();
        Ok(vec![Section { title: "sharing".into(), data: json!({ "contact": claims, "tips": tips }) }])
    })
}

/// All of it: a reason is a text about the person.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = tx.run(sql!("delete from claims where person_id = $1"), params![person]).await?;
        erased += tx.run(sql!("delete from notices where person_id = $1"), params![person]).await?;
        erased += tx.run(sql!("delete from tips where person_id = $1"), params![person]).await?;
        erased += tx.run(sql!("delete from handovers where person_id = $1"), params![person]).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
