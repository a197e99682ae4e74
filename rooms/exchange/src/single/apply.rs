//! Some rows on their way into the base, one by one, in one transaction.

use kring_core::{Error, Result};
use kring_db::record;
use kring_frame::{Tx, params, sql};

use super::{bring, words::Book};
use crate::{
    list::Import,
    refusal,
    row::{Remark, codes},
};

/// Rows in one transaction: each takes some twenty statements.
const BATCH: u32 = 200;

record! {
    struct Row {
        line: i64,
        candidate: Option<String>,
        remarks: String,
        status: String,
    }
}

/// The next rows; `None` when there are none. Answers the last line and how many rows there were.
pub async fn next(tx: &mut Tx, import: &Import) -> Result<Option<(i64, i64)>> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select line, candidate, remarks, status from import_rows where import_id = $1 and line > $2 order by line limit $3"
            ),
            params![import.id, import.at_line, BATCH],
        )
        .await?;
    let Some(last) = rows.last().map(|r| r.line) else { return Ok(None) };
    let book = Book::open(tx, &import.list).await?;
    let (mut added, mut changed, mut unchanged, mut refused) = (0, 0, 0, 0);
    let count = rows.len() as i64;
    for row in rows {
        let Some(text) = row.candidate.filter(|_| row.status != "refused") else {
            refused += 1;
            tx.run(
                sql!("update import_rows set action = 'refused' where import_id = $1 and line = $2"),
                params![import.id, row.line],
            )
            .await?;
            continue;
        };
        let done = bring(tx, &book, import, &text).await?;
        let Some(action) = done.action else {
            // The base has lived on since the preview.
            refused += 1;
            refuse(tx, import, row.line, &row.remarks, done.remarks).await?;
            continue;
        };
        match action {
            super::Action::Added => added += 1,
            super::Action::Changed => changed += 1,
            super::Action::Unchanged => unchanged += 1,
        }
        tx.run(
            sql!(
                "update import_rows set action = $3, person_id = $4, organisation_id = $5, before = $6, other_id = $7
                 where import_id = $1 and line = $2"
            ),
            params![import.id, row.line, action, done.person, done.organisation, done.before, done.other],
        )
        .await?;
    }
    tx.run(
        sql!(
            "update imports set added = added + $2, changed = changed + $3, unchanged = unchanged + $4, refused = refused + $5
             where id = $1"
        ),
        params![import.id, added, changed, unchanged, refused],
    )
    .await?;
    Ok(Some((last, count)))
}

async fn refuse(tx: &mut Tx, import: &Import, line: i64, before: &str, why: Vec<Remark>) -> Result<()> {
    if why.contains(&Remark::Suppressed) {
        refusal::empty(tx, import.id, line).await?;
    } else {
        let mut remarks: Vec<Remark> = serde_json::from_str(before).map_err(Error::broken)?;
        remarks.extend(why);
        tx.run(
            sql!(
                "update import_rows set status = 'refused', remarks = $3, codes = $4, person_id = null, organisation_id = null,
                     other_id = null
                 where import_id = $1 and line = $2"
            ),
            params![
                import.id,
                line,
                serde_json::to_string(&remarks).map_err(Error::broken)?,
                codes(&remarks)
            ],
        )
        .await?;
    }
    tx.run(
        sql!("update import_rows set action = 'refused' where import_id = $1 and line = $2"),
        params![import.id, line],
    )
    .await
    .map(drop)
}
