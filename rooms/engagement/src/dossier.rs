//! What this room knows of a person, and how it forgets: every act that counts, what it counts for today, and the score.

use kring_core::Lang;
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

use crate::{
    account::{self, Reader, label},
    figure::plain,
};

/// The person reads the same account as a colleague, and every line of it. In the words of the house's own language, since a
/// dossier has no reader whose language is known.
pub fn dossier(tx: &mut Tx, person: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let account = account::of(tx, person, Reader::Themselves).await?;
        let acts: Vec<_> = account
            .entries
            .iter()
            .map(|entry| {
                let kind = entry.kind.as_deref().unwrap_or_default();
                json!({
                    "kind": kind, "what": label(tx, kind, Lang::Nl), "on": entry.day,
                    "points": entry.part.points, "counted": entry.part.counted,
                    "points_now": (entry.part.now * 100.0).round() / 100.0,
                    "adds": plain(entry.part.tenths), "adds_to_behaviour": plain(entry.part.lately),
                })
            })
            .collect();
        let behaviour = account.score.behaviour.map(|lately| {
            json!({"score": plain(lately.tenths), "last_act": account.last(), "stale": lately.stale})
        });
        let withheld = account.withheld.is_some();
        let data = json!({
            "score": (!withheld).then(|| plain(account.score.tenths)), "of": 100,
            "withheld": account.withheld.map(kring_consent::Withheld::as_str), "on": account.on,
            "formula_version": account.holding.version, "formula": account.holding.formula,
            "behaviour": behaviour, "acts": acts,
        });
        Ok(vec![Section { title: "engagement".into(), data }])
    })
}

/// The events that told it are the log's to forget.
pub fn forget(tx: &mut Tx, person: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased =
            tx.run(sql!("delete from engagement_acts where person_id = $1"), params![person]).await?;
        erased += tx.run(sql!("delete from engagement_scores where person_id = $1"), params![person]).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}
