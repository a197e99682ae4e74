//! An import from beginning to end by one call: for the command line.

use kring_core::{Error, Lang, Result};
use kring_frame::{Actor, House, Tx, params, sql};

use crate::{
    IMPORT, Words, apply,
    kind::Kind,
    list::{self, Offered, State},
    preparing, preview, reading, row, undo,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Reading,
    Importing,
    /// Whoever is new is made findable by name.
    Finding,
    Undoing,
}

/// How far a phase has come, in rows or people.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub phase: Phase,
    pub done: i64,
    pub total: i64,
}

pub type Progress<'a> = &'a mut (dyn FnMut(Step) + Send);

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// What the list holds.
    pub kind: Kind,
    /// The name of the list; the same list may come again. Otherwise it is taken from the columns or the file.
    pub list: Option<String>,
    /// Only read and compare: nothing is written, and the import waits on its page.
    pub preview_only: bool,
}

/// What an import did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    pub import: i64,
    pub rows: i64,
    pub added: i64,
    pub changed: i64,
    pub unchanged: i64,
    pub refused: i64,
    /// Taken, with something left out or repaired.
    pub warned: i64,
    /// What rows are refused or remarked on for, and how many, most first.
    pub reasons: Vec<(String, i64)>,
    /// Rows about what an earlier row is about.
    pub twins: i64,
    /// Pairs worth a look.
    pub likely: i64,
    pub bsn_dropped: i64,
    pub iban_masked: i64,
    /// Lines that held nothing.
    pub blank: i64,
}

/// Reads a file and brings in what it holds. The actor needs the right to import.
pub async fn import_file(
    house: &House,
    actor: &Actor,
    name: &str,
    bytes: Vec<u8>,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Summary> {
    let permit = actor.permit(&IMPORT)?;
    let hash = list::hash(&bytes);
    let table = read(bytes).await?;
    let mut tx = house.write(actor).await?;
    let id = {
        let label = list::label(name);
        let offered = Offered { file: &label, kind: options.kind, list: options.list.as_deref(), hash };
        list::begin(&mut tx, &permit, &offered, table).await?
    };
    tx.commit().await?;
    go_on(house, actor, id, progress).await?;
    if !options.preview_only {
        let mut tx = house.write(actor).await?;
        list::start(&mut tx, &permit, id, &[]).await?;
        tx.commit().await?;
        go_on(house, actor, id, progress).await?;
    }
    summary(&mut house.read(actor).await?, id).await
}

/// Takes an import back, as the button does.
pub async fn undo_import(
    house: &House,
    actor: &Actor,
    id: i64,
    progress: Progress<'_>,
) -> Result<list::Import> {
    let permit = actor.permit(&IMPORT)?;
    let mut tx = house.write(actor).await?;
    list::undo(&mut tx, &permit, id).await?;
    tx.commit().await?;
    go_on(house, actor, id, progress).await?;
    list::one(&mut house.read(actor).await?, id).await
}

/// Does what there is to do. The job for it is on the list too, and a server that runs beside us may take it: then
/// the two take turns, and whoever comes last finds nothing.
async fn go_on(house: &House, actor: &Actor, id: i64, progress: Progress<'_>) -> Result<()> {
    loop {
        let import = list::one(&mut house.read(actor).await?, id).await?;
        match import.state {
            State::Reading => preparing::prepare(house, actor, id, progress).await?,
            State::Running => drop(apply::run(house, actor, id, usize::MAX, progress).await?),
            State::Undoing => drop(undo::run(house, actor, id, usize::MAX, progress).await?),
            State::Ready | State::Stopped | State::Done | State::Undone => return Ok(()),
        }
    }
}

/// Reads a file beside the threads that answer requests.
pub async fn read(bytes: Vec<u8>) -> Result<reading::Table> {
    tokio::task::spawn_blocking(move || reading::read(&bytes)).await.map_err(Error::broken)?
}

pub async fn summary(tx: &mut Tx, id: i64) -> Result<Summary> {
    let import = list::one(tx, id).await?;
    let expected = expected(tx, id).await?;
    let ran = import.state != State::Ready;
    Ok(Summary {
        import: id,
        rows: import.rows_total,
        added: if ran { import.added } else { expected.new },
        changed: if ran { import.changed } else { expected.changed },
        unchanged: if ran { import.unchanged } else { expected.unchanged },
        reasons: preview::reasons(tx, id).await?.into_iter().map(|r| (r.code, r.rows)).collect(),
        refused: expected.refused,
        warned: expected.warned,
        twins: expected.twins,
        likely: expected.likely,
        bsn_dropped: import.bsn_dropped,
        iban_masked: import.iban_masked,
        blank: import.form().blank as i64,
    })
}

/// What a code among the reasons of a summary means for many rows.
pub fn reason_in_words(lang: Lang, code: &str) -> &'static str {
    row::many(Words(lang), code).unwrap_or_default()
}

/// What the plan says will happen.
#[derive(Clone, Copy, Debug, Default)]
pub struct Expected {
    /// What is not known yet.
    pub new: i64,
    /// Rows about what is known, which bring something new, or nothing.
    pub changed: i64,
    pub unchanged: i64,
    /// Rows about what an earlier row is about.
    pub twins: i64,
    pub refused: i64,
    pub warned: i64,
    pub likely: i64,
}

pub async fn expected(tx: &mut Tx, id: i64) -> Result<Expected> {
    let (new, changed, unchanged, twins, refused, warned): (i64, i64, i64, i64, i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where status <> 'refused' and twin_line is null and coalesce(expects, 'added') = 'added'),
                        count(*) filter (where status <> 'refused' and twin_line is null and expects = 'changed'),
                        count(*) filter (where status <> 'refused' and twin_line is null and expects = 'unchanged'),
                        count(*) filter (where status <> 'refused' and twin_line is not null),
                        count(*) filter (where status = 'refused'),
                        count(*) filter (where status = 'warned')
                 from import_rows where import_id = $1"
            ),
            params![id],
        )
        .await?;
    let (likely,): (i64,) =
        tx.one(sql!("select count(*) from import_pairs where import_id = $1"), params![id]).await?;
    Ok(Expected { new, changed, unchanged, twins, refused, warned, likely })
}
