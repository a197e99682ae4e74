//! How often a form or a page was opened and sent, and what was chosen.

use std::collections::BTreeMap;

use kring_core::{Id, Result};
use kring_frame::{Tx, params, sql};
use kring_lang::dates;

use crate::{ANSWERS, piece::Piece};

/// Answers that wait for a decision of the colleague at work.
pub async fn held(tx: &mut Tx) -> Result<i64> {
    let actor = tx.actor().id;
    let (n,) = tx
        .one(
            sql!(
                "select count(*) from form_answers where state = 'held'
                   and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
            ),
            params![actor, ANSWERS.key],
        )
        .await?;
    Ok(n)
}

/// One more time that it was opened today.
pub async fn opened(tx: &mut Tx, piece: Id<Piece>) -> Result<()> {
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    tx.run(
        sql!(
            "insert into form_days (piece_id, day, seen, sent) values ($1, $2, 1, 0)
             on conflict (piece_id, day) do update set seen = form_days.seen + 1"
        ),
        params![piece, today],
    )
    .await
    .map(drop)
}

/// Opened and sent, since the beginning.
pub async fn totals(tx: &mut Tx) -> Result<BTreeMap<Id<Piece>, (i64, i64)>> {
    let rows: Vec<(Id<Piece>, i64, i64)> = tx
        .all(
            sql!(
                "select piece_id, cast(sum(seen) as bigint), cast(sum(sent) as bigint) from form_days group by piece_id"
            ),
            params![],
        )
        .await?;
    Ok(rows.into_iter().map(|(id, seen, sent)| (id, (seen, sent))).collect())
}

/// How often each value of each field was given, over all versions of a form: codes of options stay what they are.
pub async fn chosen(tx: &mut Tx, form: Id<Piece>) -> Result<BTreeMap<(i64, String), i64>> {
    let rows: Vec<(i64, String, i64)> = tx
        .all(
            sql!(
                "select v.field, v.value, count(*) from form_values v join form_answers n on n.id = v.answer_id
                 where n.form_id = $1 and n.state = 'counted' and v.part = '' and length(v.value) <= 40
                 group by v.field, v.value"
            ),
            params![form],
        )
        .await?;
    Ok(rows.into_iter().map(|(field, value, n)| ((field, value), n)).collect())
}
