use kring_core::{Error, Result, Timestamp};
use kring_frame::{
    About, CoachingNoted, Mark, NoteWritten, Permit, PersonId, Purpose, Tx, params, record, sql,
};

use crate::{detect, person, wall};

record! {
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Note {
        pub id: i64,
        pub text: String,
        pub at: Timestamp,
        pub by: String,
    }
}

/// Writes down what a colleague should know. The permit's purpose is the note's: under the right to keep relations it is
/// shared with everybody who may see the relation; under the right to coach only other coaches read it, and to everybody
/// else it is a locked line.
///
/// A national number in it is taken out, a bank account masked, and the steward is told; the writer hears that too.
pub async fn write(tx: &mut Tx, permit: &Permit, person: PersonId, text: &str) -> Result<Written> {
    let mut text = text.trim().to_owned();
    if text.is_empty() {
        return Err(Error::field("text", crate::say::note_empty()));
    }
    person::load(tx, person).await?;
    wall::person(tx, permit, person).await?;
    let found = detect::clean(&mut text);
    let now = tx.now();
    let (id,): (i64,) = tx
        .one(
            sql!("insert into notes (person_id, actor_id, text, at, purpose) values ($1, $2, $3, $4, $5) returning id"),
            params![person, permit.actor(), text, now, permit.purpose()],
        )
        .await?;
    detect::report(tx, Some(person), "note", Some(id), found).await?;
    tx.trail(Mark::changed(permit, "note").person(person).subject(id)).await?;
    let about = About::person(person).subject(id);
    if permit.purpose() == Purpose::Coaching {
        tx.tell(about, &CoachingNoted {}).await?;
    } else {
        tx.tell(about, &NoteWritten {}).await?;
    }
    Ok(Written { id, cleaned: found.bsn + found.iban > 0 })
}

/// A note that was written down.
#[derive(Clone, Copy, Debug)]
pub struct Written {
    pub id: i64,
    /// Something that must not be kept was taken out.
    pub cleaned: bool,
}

/// A note as imported: by the house, from a list.
pub async fn import(tx: &mut Tx, person: PersonId, text: &str) -> Result<i64> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (i64,) = tx
        .one(
            sql!("insert into notes (person_id, actor_id, text, at) values ($1, $2, $3, $4) returning id"),
            params![person, actor, text, now],
        )
        .await?;
    tx.tell(About::person(person).subject(id), &NoteWritten {}).await?;
    Ok(id)
}

pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Note>> {
    tx.all(
        sql!(
            "select n.id, n.text, n.at, a.name from notes n join actors a on a.id = n.actor_id
             where n.person_id = $1 order by n.at desc, n.id desc"
        ),
        params![person],
    )
    .await
}

/// The note that an event tells of. It has to be the person's own, or have moved along in a merge: a number that was
/// taken back with its note must not lead to somebody else's.
pub(crate) async fn one(tx: &mut Tx, id: i64, person: Option<i64>) -> Result<Option<Note>> {
    tx.maybe(
        sql!(
            "select n.id, n.text, n.at, a.name from notes n join actors a on a.id = n.actor_id
             where n.id = $1 and (n.person_id = $2 or exists (select 1 from merge_rows m where m.table_name = 'notes.person_id' and m.row_id = n.id))"
        ),
        params![id, person],
    )
    .await
}
