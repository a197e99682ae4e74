//! What this room knows of a person, and how it forgets: which segments they joined and left, and the snapshots they are in.

use kring_core::Timestamp;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let moves: Vec<(String, bool, Timestamp, String)> = tx
            .all(
                sql!(
                    "select s.name, m.joined, m.at, m.cause from segment_moves m join segments s on s.id = m.segment_id
                     where m.person_id = $1 order by m.id"
                ),
                params![person],
            )
            .await?;
        let moves: Vec<_> = moves
            .into_iter()
            .map(|(name, joined, at, cause)| json!({"segment": name, "joined": joined, "at": at, "cause": cause}))
            .collect();
        let kept: Vec<(String, String, Timestamp)> = tx
            .all(
                sql!(
                    "select g.name, s.reason, s.at from segment_snapshot_people p join segment_snapshots s on s.id = p.snapshot_id
                     join segments g on g.id = s.segment_id where p.person_id = $1 order by s.id"
                ),
                params![person],
            )
            .await?;
        let kept: Vec<_> = kept
            .into_iter()
            .map(|(name, reason, at)| json!({"segment": name, "reason": reason, "at": at}))
            .collect();
        Ok(vec![Section { title: "segments".into(), data: json!({ "moves": moves, "snapshots": kept }) }])
    })
}

/// The counts of a study stay; who was in it is forgotten.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased =
            tx.run(sql!("delete from segment_moves where person_id = $1"), params![person]).await?;
        erased +=
            tx.run(sql!("delete from segment_snapshot_people where person_id = $1"), params![person]).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
