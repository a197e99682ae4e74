//! What is kept of a row that was refused. Of somebody who was erased nothing but the line and the reason; of all others the
//! row as it came, so that it can be mended, until ninety days after the import.

use jiff::ToSpan;
use kring_core::{Error, Result};
use kring_frame::{Actor, House, Tx, params, sql};

use crate::row::Remark;

/// Rows that are emptied in one step of the chore.
const AT_ONCE: u32 = 500;
/// Days after the end of an import.
const KEPT_DAYS: i64 = 90;

/// Refuses a row because its person was erased, and forgets what it said.
pub async fn empty(tx: &mut Tx, import: i64, line: i64) -> Result<()> {
    empty_all(tx, vec![(import, line, vec![Remark::Suppressed])]).await
}

/// Empties rows, with the remarks that remain.
pub async fn empty_all(tx: &mut Tx, rows: Vec<(i64, i64, Vec<Remark>)>) -> Result<()> {
    let sets = rows
        .into_iter()
        .map(|(import, line, remarks)| {
            let text = serde_json::to_string(&remarks).map_err(Error::broken)?;
            Ok(params![import, line, text, crate::row::codes(&remarks)])
        })
        .collect::<Result<_>>()?;
    tx.many(
        sql!(
            "update import_rows set raw = '[]', candidate = null, remarks = $3, codes = $4, status = 'refused', number = null,
                 student_number = null, email = null, phone = null, sort_key = null, postcode = null, birth_date = null,
                 fingerprint = null, expects = null, twin_line = null, reason = null, person_id = null, organisation_id = null, other_id = null
             where import_id = $1 and line = $2"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Empties refused rows of imports that ended long ago; `false` when there were none.
pub async fn sweep(house: &House) -> Result<bool> {
    let mut look = house.db.read().await?;
    let long_ago = house.clock.now().checked_sub((KEPT_DAYS * 24).hours()).map_err(Error::broken)?;
    let old: Vec<(i64, i64, String)> = look
        .all(
            sql!(
                "select r.import_id, r.line, r.remarks from import_rows r join imports i on i.id = r.import_id
                 where coalesce(i.undone_at, i.finished_at) < $1 and r.status = 'refused' and r.raw <> '[]' limit $2"
            ),
            params![long_ago, AT_ONCE],
        )
        .await?;
    drop(look);
    if old.is_empty() {
        return Ok(false);
    }
    let rows = old
        .into_iter()
        .map(|(import, line, text)| {
            let remarks: Vec<Remark> = serde_json::from_str(&text).map_err(Error::broken)?;
            Ok((import, line, remarks.iter().map(Remark::bare).collect()))
        })
        .collect::<Result<_>>()?;
    let mut tx = house.write(&Actor::robot()).await?;
    empty_all(&mut tx, rows).await?;
    tx.commit().await?;
    Ok(true)
}
