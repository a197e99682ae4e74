//! What this room knows of a person, and how it forgets: what they wanted to know, each time they asked, and in which words it
//! was written down. The words of their questions are told by the talks.

use std::collections::HashMap;

use kring_core::{Id, Timestamp};
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

use crate::need::{Need, Source, State};

pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let asked: Vec<(Id<Need>, Source, Timestamp, String)> = tx
            .all(
                sql!(
                    "select a.need_id, a.source, a.at, a.words from askings a join needs n on n.id = a.need_id
                     where n.person_id = $1 order by a.id"
                ),
                params![person],
            )
            .await?;
        let mut by_need: HashMap<Id<Need>, Vec<_>> = HashMap::new();
        for (need, source, at, words) in asked {
            let one = json!({"where": source.as_str(), "at": at, "words": words});
            by_need.entry(need).or_default().push(one);
        }
        let needs: Vec<(Id<Need>, String, State, Timestamp, i64, Option<Timestamp>)> = tx
            .all(
                sql!(
                    "select n.id, t.topic_key, n.state, n.opened_at, n.times, n.closed_at from needs n
                     join topics t on t.id = n.topic_id where n.person_id = $1 order by n.id"
                ),
                params![person],
            )
            .await?;
        let needs: Vec<_> = needs
            .into_iter()
            .map(|(id, topic, state, opened, times, closed)| {
                json!({
                    "topic": topic, "state": state.as_str(), "opened": opened, "times": times, "closed": closed,
                    "asked": by_need.remove(&id).unwrap_or_default(),
                })
            })
            .collect();
        Ok(vec![Section { title: "needs".into(), data: json!({ "needs": needs }) }])
    })
}

/// All of it: a need without the person it was of says nothing that the list of needs would still use.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = tx
            .run(
                sql!(
                    "delete from askings where need_id in (select n.id from needs n where n.person_id = $1)"
                ),
                params![person],
            )
            .await?;
        erased += tx.run(sql!("delete from needs where person_id = $1"), params![person]).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
