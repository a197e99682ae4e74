//! A persona: a segment with a face, to think of when something is written. Whoever is in its segment has it; of several it is
//! the first in the order that the institution chose. Nobody is assigned one by hand, and none decides about anybody: it says
//! in which words we begin.

use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Mark, Permit, PersonId, Tx, params, record, sql};

use crate::{
    say,
    segment::{self, Segment},
};

record! {
    #[derive(Clone, Debug)]
    pub struct Persona {
        pub id: Id<Persona>,
        pub segment: Id<Segment>,
        /// That of the segment.
        pub name: String,
        pub portrait: String,
        pub wants: String,
        pub approach: String,
        pub by: String,
        pub changed_at: Timestamp,
        pub version: i64,
    }
}

/// What somebody typed about a persona.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Portrait {
    /// Who they are, in a few sentences.
    pub portrait: String,
    /// What they come for.
    pub wants: String,
    /// How we speak with them.
    pub approach: String,
}

/// Those of segments in use, in their order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Persona>> {
    tx.all(
        sql!(
            "select p.id, p.segment_id, s.name, p.portrait, p.wants, p.approach, a.name, p.changed_at, p.version
             from personas p join segments s on s.id = p.segment_id join actors a on a.id = p.actor_id
             where p.dropped_at is null and s.archived_at is null order by p.place, p.id"
        ),
        params![],
    )
    .await
}

pub async fn of_segment(tx: &mut Tx, id: Id<Segment>) -> Result<Option<Persona>> {
    Ok(all(tx).await?.into_iter().find(|persona| persona.segment == id))
}

/// The persona of somebody who is in these segments: the first in the order.
pub async fn among(tx: &mut Tx, segments: &[i64]) -> Result<Option<Persona>> {
    Ok(all(tx).await?.into_iter().find(|persona| segments.contains(&persona.segment.get())))
}

/// The persona of somebody, for whoever writes to them.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Option<Persona>> {
    let within = tx.segments_of(person).await?;
    among(tx, &within).await
}

/// Gives a segment a face, or another one. `before` is the version that the editor saw; 0 when there was none.
pub async fn save(tx: &mut Tx, permit: &Permit, id: Id<Segment>, before: i64, new: &Portrait) -> Result<()> {
    let segment = segment::mine(tx, permit, id).await?;
    if segment.archived_at.is_some() {
        return Err(Error::NotFound);
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let done = if before == 0 {
        tx.run(
            sql!(
                "insert into personas (segment_id, place, portrait, wants, approach, actor_id, changed_at, version)
                 values ($1, (select coalesce(max(place), 0) + 1 from personas), $2, $3, $4, $5, $6, 1)
                 on conflict (segment_id) do update set portrait = excluded.portrait, wants = excluded.wants,
                     approach = excluded.approach, actor_id = excluded.actor_id, changed_at = excluded.changed_at,
                     version = personas.version + 1, dropped_at = null
                 where personas.dropped_at is not null"
            ),
            params![id, &new.portrait, &new.wants, &new.approach, actor, now],
        )
        .await?
    } else {
        tx.run(
            sql!(
                "update personas set portrait = $3, wants = $4, approach = $5, actor_id = $6, changed_at = $7, version = version + 1
                 where segment_id = $1 and version = $2 and dropped_at is null"
            ),
            params![id, before, &new.portrait, &new.wants, &new.approach, actor, now],
        )
        .await?
    };
    if done == 0 {
        return Err(Error::Conflict(say::persona_meanwhile()));
    }
    marked(tx, permit, id, "persona").await
}

/// Takes the face off a segment, or puts it back.
pub async fn drop(tx: &mut Tx, permit: &Permit, id: Id<Segment>, away: bool) -> Result<()> {
    segment::mine(tx, permit, id).await?;
    let now = tx.now();
    let at = away.then_some(now);
    let done = tx
        .run(
            sql!("update personas set dropped_at = $2, changed_at = $3, version = version + 1 where segment_id = $1"),
            params![id, at, now],
        )
        .await?;
    if done == 0 {
        return Err(Error::NotFound);
    }
    marked(tx, permit, id, if away { "persona dropped" } else { "persona restored" }).await
}

/// Puts a persona before the one above it: whoever is in both segments has this one from now on.
pub async fn up(tx: &mut Tx, permit: &Permit, id: Id<Segment>) -> Result<()> {
    segment::mine(tx, permit, id).await?;
    let all = all(tx).await?;
    let at = all.iter().position(|persona| persona.segment == id).ok_or(Error::NotFound)?;
    let mut order: Vec<Id<Persona>> = all.iter().map(|persona| persona.id).collect();
    if at > 0 {
        order.swap(at, at - 1);
    }
    let sets = order.into_iter().zip(1_i64..).map(|(persona, place)| params![persona, place]).collect();
    tx.many(sql!("update personas set place = $2 where id = $1"), sets).await?;
    marked(tx, permit, id, "persona up").await
}

async fn marked(tx: &mut Tx, permit: &Permit, id: Id<Segment>, what: &str) -> Result<()> {
    tx.trail(Mark::changed(permit, "segment").subject(id.get()).detail(what.to_owned())).await
}
