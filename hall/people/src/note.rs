use kring_core::{Error, Result, Timestamp};
use kring_frame::{
    About, CoachingNoted, Mark, NoteWritten, Permit, PersonId, Purpose, Tx, UnitId, params, record, sql,
};

use crate::{detect, person, units, wall};

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
/// shared with everybody who may see the relation; under the right to coach only coaches read it who reach the unit in
/// which it was written, and to everybody else it is a locked line.
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
    let unit = unit_of_writer(tx, permit, person).await?;
    let now = tx.now();
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into notes (person_id, unit_id, actor_id, text, at, purpose) values ($1, $2, $3, $4, $5, $6) returning id"
            ),
            params![person, unit, permit.actor(), text, now, permit.purpose()],
        )
        .await?;
    detect::report(tx, Some(person), "note", Some(id), found).await?;
    tx.trail(Mark::changed(permit, "note").person(person).subject(id)).await?;
    let about = About::person(person).subject(id);
    if permit.purpose() == Purpose::Coaching {
        // The wall by unit stands on the unit of the event.
        tx.tell(About { unit, ..about }, &CoachingNoted {}).await?;
    } else {
        // A unit here would lock a note that all who see the relation are to read.
        tx.tell(about, &NoteWritten {}).await?;
    }
    Ok(Written { id, cleaned: found.bsn + found.iban > 0 })
}

/// The unit for which somebody writes about a person: where the right holds under which they do. Whoever holds it in
/// several, such as a coach of two schools, writes for the one in which the person has a role, that of today first: the
/// coaches of the other have no business with it.
pub async fn unit_of_writer(tx: &mut Tx, permit: &Permit, person: PersonId) -> Result<Option<UnitId>> {
    let all = units::all(tx).await?;
    let mine = units::highest(&all, tx.actor().units_of(permit));
    if mine.len() < 2 {
        return Ok(mine.first().copied());
    }
    let held: Vec<(UnitId,)> = tx
        .all(
            sql!(
                "select unit_id from party_roles where person_id = $1 and unit_id is not null
                 order by case when valid_to is null then 0 else 1 end, valid_from desc, id desc"
            ),
            params![person],
        )
        .await?;
    let for_role = |(unit,): &(UnitId,)| mine.iter().find(|top| units::below(&all, **top).contains(unit));
    Ok(held.iter().find_map(for_role).or(mine.first()).copied())
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
