//! The first step: every row is read as its columns say, and then compared. Nothing is written outside this room.

use kring_core::{Error, Result};
use kring_db::{Value, record};
use kring_frame::{Actor, House, Tx, params, sql};
use kring_lang::{dates, names::fold};

use crate::{
    command::{Phase, Progress, Step},
    list::{self, Import, State},
    plan,
    row::{self, Cleaned, Remark},
};

/// Rows in one transaction: large enough that its flush does not count, small enough that others get a turn.
const BATCH: u32 = 1_000;

record! {
    struct Raw {
        line: i64,
        raw: String,
    }
}

/// Reads all rows that are left and compares them. Returns quietly when the import has moved on: somebody changed
/// the mapping, or another node was faster.
pub async fn prepare(house: &House, actor: &Actor, id: i64, progress: Progress<'_>) -> Result<()> {
    loop {
        let mut tx = house.write(actor).await?;
        let import = list::hold(&mut tx, id).await?;
        if import.state != State::Reading {
            return Ok(());
        }
        let rows: Vec<Raw> = tx
            .all(
                sql!("select line, raw from import_rows where import_id = $1 and line > $2 order by line limit $3"),
                params![id, import.at_line, BATCH],
            )
            .await?;
        let Some(last) = rows.last().map(|r| r.line) else {
            plan::compare(&mut tx, &import).await?;
            tx.run(
                sql!("update imports set state = 'ready', rows_done = 0, at_line = 0 where id = $1 and state = 'reading'"),
                params![id],
            )
            .await?;
            return tx.commit().await;
        };
        let done = import.rows_done + rows.len() as i64;
        let sets = clean(house, &import, rows).await?;
        write(&mut tx, sets).await?;
        advance(&mut tx, id, last, done).await?;
        tx.commit().await?;
        progress(Step { phase: Phase::Reading, done, total: import.rows_total });
    }
}

/// Moves the mark: in the transaction of the rows themselves.
pub async fn advance(tx: &mut Tx, id: i64, line: i64, done: i64) -> Result<()> {
    tx.run(sql!("update imports set at_line = $2, rows_done = $3 where id = $1"), params![id, line, done])
        .await
        .map(drop)
}

/// Reading names, days and phone numbers is work for the processor, so it is done beside the threads that answer
/// requests.
async fn clean(house: &House, import: &Import, rows: Vec<Raw>) -> Result<Vec<Vec<Value>>> {
    let (id, mapping) = (import.id, import.mapping());
    let today = dates::date_of(house.clock.now(), &house.settings.zone);
    let work = move || {
        rows.into_iter()
            .map(|row| {
                let cells: Vec<String> = serde_json::from_str(&row.raw).map_err(Error::broken)?;
                values(id, row.line, &row::clean(&cells, &mapping, today))
            })
            .collect()
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::broken)?
}

fn values(id: i64, line: i64, cleaned: &Cleaned) -> Result<Vec<Value>> {
    let c = &cleaned.candidate;
    let status = if cleaned.is_refused() {
        "refused"
    } else if cleaned.remarks.is_empty() {
        "fine"
    } else {
        "warned"
    };
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let remarks: &[Remark] = &cleaned.remarks;
    Ok(params![
        id,
        line,
        serde_json::to_string(c).map_err(Error::broken)?,
        serde_json::to_string(remarks).map_err(Error::broken)?,
        status,
        filled(&c.number),
        c.emails.first().map(|e| e.to_lowercase()),
        c.phones.first().cloned(),
        filled(&fold(&c.name().sort_name())),
        filled(&c.postcode),
        c.birth_date
    ])
}

async fn write(tx: &mut Tx, sets: Vec<Vec<Value>>) -> Result<()> {
    tx.many(
        sql!(
            "update import_rows set candidate = $3, remarks = $4, status = $5, number = $6, email = $7, phone = $8,
                 sort_key = $9, postcode = $10, birth_date = $11, fingerprint = null, twin_line = null, reason = null,
                 person_id = null
             where import_id = $1 and line = $2"
        ),
        sets,
    )
    .await
    .map(drop)
}
