//! An import as a record: a list that came in, what its columns mean, where it stands.

use kring_core::{Error, Result, Timestamp};
use kring_db::{Value, stored};
use kring_frame::{ActorId, Deed, Mark, Permit, Tx, params, record, sql};
use sha2::{Digest, Sha256};

use kring_people::source;

use crate::{
    kept,
    kind::Kind,
    mapping::{Field, Mapping},
    preparing::count_secrets,
    reading::{Form, Record, Table},
    row::secret,
    say,
    work::{ReadList, RunImport, UndoImport},
};

stored! {
    /// Where an import stands.
    pub enum State {
        /// Being read and compared; nothing has been written.
        Reading = "reading",
        /// To be looked at.
        Ready = "ready",
        Running = "running",
        /// Halted by somebody; goes on from there, or is undone.
        Stopped = "stopped",
        Done = "done",
        Undoing = "undoing",
        Undone = "undone",
    }
}

impl State {
    /// Whether it goes on by itself.
    pub const fn is_busy(self) -> bool {
        matches!(self, Self::Reading | Self::Running | Self::Undoing)
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Import {
        pub id: i64,
        /// Of the file.
        pub name: String,
        /// What it holds.
        pub kind: Kind,
        /// Of the list: the same list may come again, and owns what it brought.
        pub list: String,
        pub actor: ActorId,
        pub actor_name: String,
        pub created_at: Timestamp,
        pub state: State,
        form: String,
        columns: String,
        pub(crate) mapping: String,
        pub rows_total: i64,
        pub rows_done: i64,
        pub at_line: i64,
        pub added: i64,
        pub changed: i64,
        pub unchanged: i64,
        pub refused: i64,
        pub warned: i64,
        pub removed: i64,
        pub restored: i64,
        pub kept: i64,
        pub bsn_dropped: i64,
        pub iban_masked: i64,
        /// Whose understanding of the columns was taken over, and from when.
        pub mapping_by: Option<String>,
        pub mapping_at: Option<Timestamp>,
        pub finished_at: Option<Timestamp>,
        pub undone_at: Option<Timestamp>,
    }
}

impl Import {
    pub fn form(&self) -> Form {
        serde_json::from_str(&self.form).unwrap_or_default()
    }
    pub fn columns(&self) -> Vec<String> {
        serde_json::from_str(&self.columns).unwrap_or_default()
    }
    pub fn mapping(&self) -> Mapping {
        serde_json::from_str(&self.mapping).unwrap_or(Mapping(Vec::new()))
    }
    /// What stands as source beside every value it brings.
    pub fn source(&self) -> String {
        self::source(self.id)
    }
    /// The scheme of the list's own numbers.
    pub fn scheme(&self) -> String {
        format!("list:{}", self.list)
    }
}

pub fn source(id: i64) -> String {
    format!("import:{id}")
}

/// One import; what nobody brought in is not found.
pub async fn one(tx: &mut Tx, id: i64) -> Result<Import> {
    tx.one(
        sql!(
            "select i.id, i.name, i.kind, i.list_key, i.actor_id, a.name, i.created_at, i.state, i.form, i.columns, i.mapping,
                    i.rows_total, i.rows_done, i.at_line, i.added, i.changed, i.unchanged, i.refused, i.warned, i.removed,
                    i.restored, i.kept, i.bsn_dropped, i.iban_masked, i.mapping_by, i.mapping_at,
                    i.finished_at, i.undone_at
             from imports i join actors a on a.id = i.actor_id where i.id = $1"
        ),
        params![id],
    )
    .await
}

/// The import for going on with it: until the end of the transaction nobody else does.
pub async fn hold(tx: &mut Tx, id: i64) -> Result<Import> {
    tx.run(sql!("update imports set name = name where id = $1"), params![id]).await?;
    one(tx, id).await
}

/// The newest imports before `before`.
pub async fn newest(tx: &mut Tx, before: i64, most: u32) -> Result<Vec<Import>> {
    tx.all(
        sql!(
            "select i.id, i.name, i.kind, i.list_key, i.actor_id, a.name, i.created_at, i.state, i.form, i.columns, i.mapping,
                    i.rows_total, i.rows_done, i.at_line, i.added, i.changed, i.unchanged, i.refused, i.warned, i.removed,
                    i.restored, i.kept, i.bsn_dropped, i.iban_masked, i.mapping_by, i.mapping_at,
                    i.finished_at, i.undone_at
             from imports i join actors a on a.id = i.actor_id where i.id < $1 order by i.id desc limit $2"
        ),
        params![before, most],
    )
    .await
}

/// A file as it was offered: what it is called, what it holds, the list it is a version of.
pub struct Offered<'a> {
    pub file: &'a str,
    pub kind: Kind,
    pub list: Option<&'a str>,
    pub hash: [u8; 32],
}

/// Takes a list in: its rows are kept as they came, but for national numbers, which are dropped, and bank accounts,
/// which are masked. Reading and comparing them is the next step. A list without a name is called after its file;
/// with the same columns as before it is a new version of the same list. Columns that somebody explained when the list
/// came before mean the same again.
pub async fn begin(tx: &mut Tx, permit: &Permit, offered: &Offered<'_>, table: Table) -> Result<i64> {
    let kind = offered.kind;
    let guessed = Mapping::guess_for(kind, &table);
    let columns = serde_json::to_string(&table.columns).map_err(Error::broken)?;
    let list = match offered.list.map(key).filter(|l| !l.is_empty()) {
        Some(list) => list,
        None => name_for(tx, kind, offered.file, &columns).await?,
    };
    let kept = kept::of(tx, &list, kind).await?;
    let mapping = match &kept {
        Some(kept) => kept.apply(kind, &table.columns, &guessed),
        None => guessed,
    };
    let now = tx.now();
    let form = serde_json::to_string(&table.form).map_err(Error::broken)?;
    let total = table.rows.len();
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into imports (name, kind, list_key, actor_id, created_at, state, content_hash, form, columns, mapping,
                     rows_total, mapping_by, mapping_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id"
            ),
            params![
                offered.file,
                kind,
                &list,
                permit.actor(),
                now,
                State::Reading,
                offered.hash.as_slice(),
                form,
                columns,
                serde_json::to_string(&mapping).map_err(Error::broken)?,
                total,
                kept.as_ref().map(|k| k.by.clone()),
                kept.as_ref().map(|k| k.at)
            ],
        )
        .await?;
    source::name(tx, &self::source(id), &list, now).await?;
    let places = mapping.places();
    let (mut bsn, mut iban) = (0, 0);
    let mut sets: Vec<Vec<Value>> = Vec::new();
    for mut row in table.rows {
        for (cell, place) in row.cells.iter_mut().zip(&places) {
            let found = secret::scrub(cell, *place);
            bsn += found.bsn;
            iban += found.iban;
        }
        let raw = serde_json::to_string(&row.cells).map_err(Error::broken)?;
        sets.push(params![id, row.line, raw]);
        if sets.len() == 5_000 {
            insert(tx, std::mem::take(&mut sets)).await?;
        }
    }
    insert(tx, sets).await?;
    count_secrets(tx, id, bsn, iban).await?;
    tx.trail(Mark::of(Deed::Changed, permit.purpose(), "import").subject(id).detail("uploaded")).await?;
    tx.enqueue(&ReadList { import: id }).await?;
    Ok(id)
}

async fn insert(tx: &mut Tx, sets: Vec<Vec<Value>>) -> Result<()> {
    tx.many(sql!("insert into import_rows (import_id, line, raw) values ($1, $2, $3)"), sets).await.map(drop)
}

pub fn hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The name of a list from that of its file: "beurs 2026-11 (2).csv" is another version of "beurs". Two lists whose
/// files happen to be called alike ("export.csv") have other columns, and get a name of their own.
async fn name_for(tx: &mut Tx, kind: Kind, file: &str, columns: &str) -> Result<String> {
    let stem = key(file.rsplit_once('.').map_or(file, |(stem, _)| stem));
    let words =
        stem.split('-').filter(|w| !w.chars().all(|c| c.is_ascii_digit()) && !matches!(*w, "kopie" | "copy"));
    let bare = words.collect::<Vec<_>>().join("-");
    let bare = if bare.is_empty() { stem } else { bare };
    for n in 1..100 {
        let name = if n == 1 { bare.clone() } else { format!("{bare}-{n}") };
        let known: Vec<(String,)> = tx
            .all(
                sql!("select distinct case when kind = $2 then columns else '' end from imports where list_key = $1"),
                params![&name, kind],
            )
            .await?;
        if known.is_empty() || known.iter().any(|(c,)| c == columns) {
            return Ok(name);
        }
    }
    Ok(bare)
}

/// The name of a file as a label: its last part, without what could pass for a path or a line.
pub fn label(file: &str) -> String {
    let last = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    let plain = plain.trim();
    if plain.is_empty() { "lijst".to_owned() } else { plain.to_owned() }
}

/// The name of a list as it is compared: lower case, words joined by dashes.
pub fn key(name: &str) -> String {
    let name = kring_lang::names::fold(name);
    let words: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.join("-").chars().take(60).collect()
}

/// Gives the columns another meaning, or the list another name, and has it read again.
pub async fn remap(tx: &mut Tx, permit: &Permit, id: i64, list: &str, fields: Vec<Field>) -> Result<()> {
    let import = one(tx, id).await?;
    // What the values say has not changed since the guess, so the guess's secret columns are those of now.
    let chosen = Mapping::chosen(import.kind, &import.mapping(), fields)?;
    let list = key(list);
    if list.is_empty() {
        return Err(Error::field("list", say::list_name_missing()));
    }
    kept::keep(tx, &list, import.kind, &import.columns(), &chosen).await?;
    source::name(tx, &import.source(), &list, import.created_at).await?;
    let mapping = chosen;
    let mapping = serde_json::to_string(&mapping).map_err(Error::broken)?;
    let n = tx
        .run(
            sql!(
                "update imports set mapping = $2, list_key = $3, state = 'reading', rows_done = 0, at_line = 0,
                     mapping_by = null, mapping_at = null
                 where id = $1 and state in ('ready', 'reading')"
            ),
            params![id, mapping, list],
        )
        .await?;
    moved(n)?;
    tx.trail(Mark::changed(permit, "import").subject(id).detail("mapping")).await?;
    tx.enqueue(&ReadList { import: id }).await
}

/// Forgets how the list was explained, and guesses its columns anew.
pub async fn guess_again(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    let import = one(tx, id).await?;
    kept::forget(tx, permit, id, &import.list, import.kind).await?;
    let rows: Vec<(i64, String)> = tx
        .all(
            sql!("select line, raw from import_rows where import_id = $1 order by line limit 500"),
            params![id],
        )
        .await?;
    let mut table = Table { columns: import.columns(), rows: Vec::new(), form: import.form() };
    for (line, raw) in rows {
        let cells = serde_json::from_str(&raw).map_err(Error::broken)?;
        table.rows.push(Record { line: u32::try_from(line).unwrap_or_default(), cells });
    }
    // A column of national numbers is empty by now, and stays what it was.
    let mapping = import.mapping().with(import.kind, Mapping::guess_for(import.kind, &table).0);
    let n = tx
        .run(
            sql!(
                "update imports set mapping = $2, state = 'reading', rows_done = 0, at_line = 0, mapping_by = null, mapping_at = null
                 where id = $1 and state in ('ready', 'reading')"
            ),
            params![id, serde_json::to_string(&mapping).map_err(Error::broken)?],
        )
        .await?;
    moved(n)?;
    tx.enqueue(&ReadList { import: id }).await
}

/// Begins, or goes on after a stop. `same` are the pairs that somebody said are one person.
pub async fn start(tx: &mut Tx, permit: &Permit, id: i64, same: &[i64]) -> Result<()> {
    let import = one(tx, id).await?;
    let now = tx.now();
    let n = match import.state {
        State::Ready => {
            let mapping = Mapping::chosen(import.kind, &import.mapping(), import.mapping().0)?;
            kept::keep(tx, &import.list, import.kind, &import.columns(), &mapping).await?;
            tx.run(sql!("update import_pairs set same = false where import_id = $1"), params![id]).await?;
            let sets = same.iter().map(|pair| params![id, *pair]).collect();
            tx.many(sql!("update import_pairs set same = true where import_id = $1 and id = $2"), sets)
                .await?;
            tx.run(
                sql!(
                    "update imports set state = 'running', rows_done = 0, at_line = 0, started_at = $2
                     where id = $1 and state = 'ready'"
                ),
                params![id, now],
            )
            .await?
        }
        State::Stopped => {
            tx.run(
                sql!("update imports set state = 'running' where id = $1 and state = 'stopped'"),
                params![id],
            )
            .await?
        }
        // The button was pressed twice.
        State::Running => return Ok(()),
        _ => 0,
    };
    moved(n)?;
    tx.trail(Mark::changed(permit, "import").subject(id).detail("started")).await?;
    tx.enqueue(&RunImport { import: id, from: import.at_line }).await
}

/// Halts after the batch under way.
pub async fn stop(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    one(tx, id).await?;
    let n = tx
        .run(sql!("update imports set state = 'stopped' where id = $1 and state = 'running'"), params![id])
        .await?;
    moved(n)?;
    tx.trail(Mark::changed(permit, "import").subject(id).detail("stopped")).await
}

/// Takes back what it did, as far as nothing else has happened since.
pub async fn undo(tx: &mut Tx, permit: &Permit, id: i64) -> Result<()> {
    if one(tx, id).await?.state == State::Undoing {
        return Ok(());
    }
    let n = tx
        .run(
            sql!(
                "update imports set state = 'undoing', rows_done = 0, at_line = 0
                 where id = $1 and state in ('done', 'stopped')"
            ),
            params![id],
        )
        .await?;
    moved(n)?;
    tx.trail(Mark::changed(permit, "import").subject(id).detail("undo")).await?;
    tx.enqueue(&UndoImport { import: id, from: 0 }).await
}

fn moved(n: u64) -> Result<()> {
    if n == 1 { Ok(()) } else { Err(Error::Conflict(say::import_moved_on())) }
}
