//! What this room knows of a person, and how it forgets.

use kring_core::Timestamp;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

type Row = (String, String, Option<i64>, Timestamp, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>);

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let rows: Vec<Row> = tx
            .all(
                sql!(
                    "select m.name, c.reason, p.variant, p.at, p.reached_at, p.wrote_at, p.left_at from mailing_people p
                     join mailings m on m.id = p.mailing_id join campaigns c on c.id = m.campaign_id
                     where p.person_id = $1 order by p.id"
                ),
                params![person],
            )
            .await?;
        let mailings: Vec<_> = rows
            .into_iter()
            .map(|(name, reason, variant, at, reached, wrote, left)| {
                json!({
                    "mailing": name, "reason": reason, "held_out": variant.is_none(), "at": at,
                    "did_what_it_was_for": reached, "wrote_back": wrote, "wanted_no_more": left,
                })
            })
            .collect();
        Ok(vec![Section { title: "mailings".into(), data: json!(mailings) }])
    })
}

/// All of it. The figures of a mailing lose one, which is what forgetting means.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = 0;
        for statement in [
            sql!("delete from mailing_seeds where person_id = $1"),
            sql!("delete from mailing_trials where person_id = $1"),
            sql!("delete from mailing_people where person_id = $1"),
        ] {
            erased += tx.run(statement, params![person]).await?;
        }
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
