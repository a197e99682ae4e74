//! The first step: every row is read as its columns say, and then compared. Nothing is written outside this room.

use kring_core::{Error, Result};
use kring_db::Value;
use kring_formats::secret::{Place, Scrubbed};
use kring_frame::{Actor, House, Tx, params, sql};
use kring_lang::{dates, names::fold};
use kring_people::{detect, suppression};
use sha2::{Digest, Sha256};

use crate::{
    batch,
    command::{Phase, Progress, Step},
    list::{self, Import, State},
    plan, refusal,
    row::{self, Cleaned, Remark, codes, secret},
    single::{self, Raw, words::Book},
};

/// The scheme by which a person of a list is found beside the list's own numbers.
const STUDENT: &str = "student_number";

/// Rows in one transaction: large enough that its flush does not count, small enough that others get a turn.
const BATCH: u32 = 1_000;

/// Reads all rows that are left and compares them. Returns quietly when the import has moved on: somebody changed
/// the mapping, or another node was faster.
pub async fn prepare(house: &House, actor: &Actor, id: i64, progress: Progress<'_>) -> Result<()> {
    loop {
        let mut tx = house.write(actor).await?;
        let import = list::hold(&mut tx, id).await?;
        if import.state != State::Reading {
            return Ok(());
        }
        // A row that was emptied, since its person was erased, says nothing any more and stays refused.
        let rows: Vec<Raw> = tx
            .all(
                sql!(
                    "select line, raw from import_rows where import_id = $1 and line > $2 and raw <> '[]' order by line limit $3"
                ),
                params![id, import.at_line, BATCH],
            )
            .await?;
        let Some(last) = rows.last().map(|r| r.line) else {
            if !import.kind.is_single() {
                drop(tx);
                if compare(house, actor, &import).await? {
                    return foresee(house, actor, id).await;
                }
                continue;
            }
            tx.run(
                sql!("update imports set state = 'ready', rows_done = 0, at_line = 0 where id = $1 and state = 'reading'"),
                params![id],
            )
            .await?;
            return tx.commit().await;
        };
        let done = import.rows_done + rows.len() as i64;
        if import.kind.is_single() {
            single::prepare(&mut tx, &import, rows).await?;
        } else {
            let book = Book::open(&mut tx, &import.list).await?;
            let read = clean(house, &import, book, rows).await?;
            write(&mut tx, id, read).await?;
        }
        advance(&mut tx, id, last, done).await?;
        tx.commit().await?;
        progress(Step { phase: Phase::Reading, done, total: import.rows_total });
    }
}

/// Compares the rows beside the work of others, and writes down what came of it; `false` when somebody gave the columns another
/// meaning meanwhile, and it has to be read anew.
async fn compare(house: &House, actor: &Actor, import: &Import) -> Result<bool> {
    let plan = plan::compare(&mut house.read(actor).await?, import).await?;
    let mut tx = house.write(actor).await?;
    let now = list::hold(&mut tx, import.id).await?;
    if (now.state, now.at_line, &now.mapping) != (import.state, import.at_line, &import.mapping) {
        return Ok(false);
    }
    plan::keep(&mut tx, &now, plan).await?;
    tx.commit().await?;
    Ok(true)
}

/// Works out what the rows about people who are known will change, some at a time, so that the preview can say it.
async fn foresee(house: &House, actor: &Actor, id: i64) -> Result<()> {
    let mut at = 0;
    loop {
        let mut tx = house.write(actor).await?;
        let mut import = list::hold(&mut tx, id).await?;
        if import.state != State::Reading {
            return Ok(());
        }
        import.at_line = at;
        match batch::foresee(&mut tx, &import).await? {
            Some(last) => at = last,
            None => {
                tx.run(
                    sql!("update imports set state = 'ready', rows_done = 0, at_line = 0 where id = $1 and state = 'reading'"),
                    params![id],
                )
                .await?;
                return tx.commit().await;
            }
        }
        tx.commit().await?;
    }
}

/// Moves the mark: in the transaction of the rows themselves.
pub async fn advance(tx: &mut Tx, id: i64, line: i64, done: i64) -> Result<()> {
    tx.run(sql!("update imports set at_line = $2, rows_done = $3 where id = $1"), params![id, line, done])
        .await
        .map(drop)
}

/// Rows as they were read, and those that had to be scrubbed once more.
#[derive(Default)]
struct Read {
    rows: Vec<(i64, Cleaned, Vec<String>)>,
    scrubbed: Vec<Vec<Value>>,
    bsn: i64,
    iban: i64,
}

/// The cells of a row, without what must not be kept; and how much of that there was.
pub fn scrub(raw: &str, places: &[Place]) -> Result<(Vec<String>, Scrubbed)> {
    let mut cells: Vec<String> = serde_json::from_str(raw).map_err(Error::broken)?;
    let mut all = Scrubbed::default();
    for (cell, place) in cells.iter_mut().zip(places) {
        let found = secret::scrub(cell, *place);
        all.bsn += found.bsn;
        all.iban += found.iban;
    }
    Ok((cells, all))
}

/// Counts what was taken out, and leaves a task for whoever looks after the data.
pub async fn count_secrets(tx: &mut Tx, id: i64, bsn: i64, iban: i64) -> Result<()> {
    if bsn + iban == 0 {
        return Ok(());
    }
    tx.run(
        sql!(
            "update imports set bsn_dropped = bsn_dropped + $2, iban_masked = iban_masked + $3 where id = $1"
        ),
        params![id, bsn, iban],
    )
    .await?;
    detect::report(tx, None, "import", Some(id), detect::Found { bsn, iban, health: 0 }).await
}

/// Reading names, days and phone numbers is work for the processor, so it is done beside the threads that answer
/// requests.
///
/// The cells were scrubbed when they came in, by what the columns seemed to mean; a column of numbers that turns out
/// to hold remarks is looked at more strictly now.
async fn clean(house: &House, import: &Import, book: Book, rows: Vec<Raw>) -> Result<Read> {
    let (id, mapping) = (import.id, import.mapping());
    let today = dates::date_of(house.clock.now(), &house.settings.zone);
    let house = house.clone();
    let work = move || {
        let places = mapping.places();
        let mut read = Read::default();
        for row in rows {
            let (cells, found) = scrub(&row.raw, &places)?;
            let (bsn, iban) = (found.bsn, found.iban);
            if bsn + iban > 0 {
                read.scrubbed.push(params![
                    id,
                    row.line,
                    serde_json::to_string(&cells).map_err(Error::broken)?
                ]);
                read.bsn += bsn;
                read.iban += iban;
            }
            let cleaned = row::clean_with(&cells, &mapping, &book.kinds, today);
            let c = &cleaned.candidate;
            let mails: Vec<String> = c.emails.iter().map(|m| m.to_lowercase()).collect();
            let known = mails.iter().chain(&c.phones).chain([&c.number]).map(String::as_str);
            let known = known.chain(c.codes.iter().map(|(_, code)| code.as_str()));
            let marks = suppression::marks(&house, &c.name(), c.birth_date, known);
            read.rows.push((row.line, cleaned, marks));
        }
        Ok(read)
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
        c.birth_date,
        fingerprint_of(&c.identity()),
        codes(remarks),
        c.codes.iter().find(|(scheme, _)| *scheme == STUDENT).map(|(_, code)| code.clone())
    ])
}

/// What stays the same from one version of a list to the next, as a key of one length.
pub fn fingerprint_of(identity: &str) -> String {
    Sha256::digest(identity).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

async fn write(tx: &mut Tx, id: i64, read: Read) -> Result<()> {
    let marks: Vec<String> = read.rows.iter().flat_map(|(_, _, marks)| marks.clone()).collect();
    let erased = suppression::among(tx, &marks).await?;
    let mut rows = Vec::with_capacity(read.rows.len());
    let mut gone = Vec::new();
    for (line, cleaned, marks) in &read.rows {
        if marks.iter().any(|mark| erased.contains(mark)) {
            gone.push((id, *line, vec![Remark::Suppressed]));
        } else {
            rows.push(values(id, *line, cleaned)?);
        }
    }
    tx.many(sql!("update import_rows set raw = $3 where import_id = $1 and line = $2"), read.scrubbed)
        .await?;
    count_secrets(tx, id, read.bsn, read.iban).await?;
    refusal::empty_all(tx, gone).await?;
    tx.many(
        sql!(
            "update import_rows set candidate = $3, remarks = $4, status = $5, number = $6, email = $7, phone = $8,
                 sort_key = $9, postcode = $10, birth_date = $11, fingerprint = $12, codes = $13, student_number = $14,
                 twin_line = null, reason = null, person_id = null, expects = null
             where import_id = $1 and line = $2"
        ),
        rows,
    )
    .await
    .map(drop)
}
