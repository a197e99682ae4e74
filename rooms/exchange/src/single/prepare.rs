//! Reading such a list: each row is read, and weighed against the base as it stands. Nothing is written outside this room.

use kring_core::Result;
use kring_db::{Value, record};
use kring_frame::{Tx, params, sql};
use kring_lang::dates;

use super::{Weighed, read, weigh, words::Book};
use crate::{
    list::Import,
    preparing::{fingerprint_of, scrub},
    row::{Cells, Remark, codes},
};

record! {
    pub struct Raw {
        pub line: i64,
        pub raw: String,
    }
}

/// Reads and weighs these rows, which follow each other.
pub async fn prepare(tx: &mut Tx, import: &Import, rows: Vec<Raw>) -> Result<()> {
    let (Some(first), Some(last)) = (rows.first().map(|r| r.line), rows.last().map(|r| r.line)) else {
        return Ok(());
    };
    let book = Book::open(tx, &import.list).await?;
    let mapping = import.mapping();
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let places = mapping.places();
    let mut sets: Vec<Vec<Value>> = Vec::with_capacity(rows.len());
    let mut scrubbed = Vec::new();
    let (mut bsn, mut iban) = (0, 0);
    let mut suppressed = Vec::new();
    for raw in rows {
        let (cells, found) = scrub(&raw.raw, &places)?;
        if found.bsn + found.iban > 0 {
            scrubbed.push(params![
                import.id,
                raw.line,
                serde_json::to_string(&cells).map_err(kring_core::Error::broken)?
            ]);
            (bsn, iban) = (bsn + found.bsn, iban + found.iban);
        }
        let taken = read(import.kind, &Cells { cells: &cells, mapping: &mapping }, &book, today)?;
        let mut remarks = taken.remarks;
        let weighed = if remarks.iter().any(Remark::refuses) {
            Weighed::default()
        } else {
            weigh(tx, &book, import, &taken.key, &taken.text).await?
        };
        remarks.extend(weighed.remarks);
        if remarks.contains(&Remark::Suppressed) {
            suppressed.push(raw.line);
            continue;
        }
        remarks.sort_by_key(Remark::refuses);
        let refused = remarks.iter().any(Remark::refuses);
        let status = if refused {
            "refused"
        } else if remarks.is_empty() {
            "fine"
        } else {
            "warned"
        };
        sets.push(params![
            import.id,
            raw.line,
            taken.text,
            serde_json::to_string(&remarks).map_err(kring_core::Error::broken)?,
            status,
            codes(&remarks),
            fingerprint_of(&taken.key),
            weighed.expects,
            weighed.person,
            weighed.organisation,
            weighed.other
        ]);
    }
    tx.many(sql!("update import_rows set raw = $3 where import_id = $1 and line = $2"), scrubbed).await?;
    crate::preparing::count_secrets(tx, import.id, bsn, iban).await?;
    tx.many(
        sql!(
            "update import_rows set candidate = $3, remarks = $4, status = $5, codes = $6, fingerprint = $7, expects = $8,
                 person_id = $9, organisation_id = $10, other_id = $11, twin_line = null, reason = null
             where import_id = $1 and line = $2"
        ),
        sets,
    )
    .await?;
    for line in suppressed {
        crate::refusal::empty(tx, import.id, line).await?;
    }
    // A row that says what an earlier one says brings nothing more.
    tx.run(
        sql!(
            "update import_rows set twin_line = (select min(t.line) from import_rows t
                 where t.fingerprint = import_rows.fingerprint and t.import_id = import_rows.import_id
                   and t.status <> 'refused' and t.line < import_rows.line)
             where import_id = $1 and line >= $2 and line <= $3 and status <> 'refused' and fingerprint is not null"
        ),
        params![import.id, first, last],
    )
    .await
    .map(drop)
}
