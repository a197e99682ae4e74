//! A colleague who leaves hands over whom only they know.

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_db::Told;
use kring_frame::{ActorId, Event, Mark, OwnerChanged, Permit, PersonId, Tx, UnitId, params, record, sql};
use kring_people::{Party, owner};

use crate::{LEAD, SHARE, colleague, knowing, notice, say};

/// At most so many at once: what is on one page.
pub const MOST: u32 = 500;

record! {
    #[derive(Clone, Debug)]
    pub struct Leaver {
        pub id: i64,
        pub actor: ActorId,
        pub name: String,
        pub unit: UnitId,
        pub leaves_on: Date,
        pub people: i64,
    }
}

/// Everybody who is marked as leaving.
pub async fn all(tx: &mut Tx) -> Result<Vec<Leaver>> {
    tx.all(
        sql!(
            "select v.id, v.actor_id, a.name, v.unit_id, v.leaves_on, v.people from leavers v join actors a on a.id = v.actor_id
             where v.withdrawn_at is null order by v.leaves_on, v.id"
        ),
        params![],
    )
    .await
}

pub async fn of(tx: &mut Tx, actor: ActorId) -> Result<Option<Leaver>> {
    Ok(all(tx).await?.into_iter().find(|l| l.actor == actor))
}

/// Where a colleague belongs, for whoever leads it; nobody else learns that they are there.
pub async fn led(tx: &mut Tx, actor: ActorId) -> Result<(String, UnitId)> {
    let found: Option<(String,)> =
        tx.maybe(sql!("select name from actors where id = $1 and kind = 'staff'"), params![actor]).await?;
    let (name,) = found.ok_or(Error::NotFound)?;
    let unit = match of(tx, actor).await? {
        Some(leaver) => Some(leaver.unit),
        None => colleague::unit_of(tx, actor).await?,
    };
    let me = tx.actor().id;
    match unit {
        Some(unit) if colleague::reaches(tx, me, &LEAD, unit).await? => Ok((name, unit)),
        _ => Err(Error::NotFound),
    }
}

/// Marks somebody as leaving on a day, or moves the day.
pub async fn mark(tx: &mut Tx, permit: &Permit, actor: ActorId, on: Date) -> Result<()> {
    let (_, unit) = led(tx, actor).await?;
    let (now, me) = (tx.now(), tx.actor().id);
    if of(tx, actor).await?.is_some() {
        tx.run(
            sql!("update leavers set leaves_on = $2 where actor_id = $1 and withdrawn_at is null"),
            params![actor, on],
        )
        .await?;
    } else {
        tx.run(
            sql!(
                "insert into leavers (actor_id, unit_id, leaves_on, marked_by, at, people) values ($1, $2, $3, $4, $5, 0)"
            ),
            params![actor, unit, on, me, now],
        )
        .await?;
    }
    recount(tx, actor).await?;
    tx.trail(Mark::changed(permit, "leaver").subject(actor.get())).await
}

/// They stay after all.
pub async fn withdraw(tx: &mut Tx, permit: &Permit, actor: ActorId) -> Result<()> {
    led(tx, actor).await?;
    let now = tx.now();
    tx.run(
        sql!("update leavers set withdrawn_at = $2 where actor_id = $1 and withdrawn_at is null"),
        params![actor, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "leaver").subject(actor.get())).await
}

async fn recount(tx: &mut Tx, actor: ActorId) -> Result<()> {
    let left = knowing::only(tx, actor, MOST).await?.len();
    tx.run(
        sql!("update leavers set people = $2 where actor_id = $1 and withdrawn_at is null"),
        params![actor, left],
    )
    .await
    .map(drop)
}

/// Gives these people, as far as only the colleague knows them, to another, who is told. Answers the batch, for the undo.
pub async fn hand_over(
    tx: &mut Tx,
    permit: &Permit,
    from: ActorId,
    to: ActorId,
    people: &[PersonId],
) -> Result<i64> {
    led(tx, from).await?;
    let unit = colleague::unit_of(tx, to).await?;
    let works = match unit {
        Some(unit) => colleague::reaches(tx, to, &SHARE, unit).await?,
        None => false,
    };
    if !works || to == from {
        return Err(Error::field("to", say::handover_to_whom()));
    }
    let only: Vec<PersonId> = knowing::only(tx, from, MOST).await?.into_iter().map(|(id, _, _)| id).collect();
    let (now, me) = (tx.now(), tx.actor().id);
    let mut batch: Option<i64> = None;
    for person in people.iter().filter(|p| only.contains(p)) {
        let (before,): (Option<ActorId>,) =
            tx.one(sql!("select owner_id from people where id = $1"), params![*person]).await?;
        let (row,): (i64,) = tx
            .one(
                sql!(
                    "insert into handovers (batch_id, from_actor_id, to_actor_id, person_id, before_id, by_id, at)
                     values ($1, $2, $3, $4, $5, $6, $7) returning id"
                ),
                params![batch, from, to, *person, before, me, now],
            )
            .await?;
        if batch.is_none() {
            tx.run(sql!("update handovers set batch_id = id where id = $1"), params![row]).await?;
            batch = Some(row);
        }
        owner::set(tx, permit, Party::Person(*person), "", Some(to)).await?;
        tell(tx, to, *person).await?;
    }
    recount(tx, from).await?;
    batch.ok_or_else(|| Error::field("person", say::handover_whom()))
}

/// The new owner is told, also when somebody of their own unit did it.
async fn tell(tx: &mut Tx, to: ActorId, person: PersonId) -> Result<()> {
    let told: Told = tx
        .one(
            sql!(
                "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                 from events where person_id = $1 and kind = $2 order by id desc limit 1"
            ),
            params![person, OwnerChanged::KIND],
        )
        .await?;
    notice::give(tx, &[to], Party::Person(person), &told).await
}

/// Gives a batch back to who kept them before, as far as nobody else has become their owner since.
pub async fn undo(tx: &mut Tx, permit: &Permit, batch: i64) -> Result<ActorId> {
    let rows: Vec<(i64, ActorId, ActorId, PersonId, Option<ActorId>)> = tx
        .all(
            sql!(
                "select h.id, h.from_actor_id, h.to_actor_id, h.person_id, h.before_id from handovers h
                 where h.batch_id = $1 and h.undone_at is null order by h.id"
            ),
            params![batch],
        )
        .await?;
    let from = rows.first().map(|r| r.1).ok_or(Error::NotFound)?;
    led(tx, from).await?;
    let now = tx.now();
    for (row, _, to, person, before) in rows {
        let (at,): (Option<ActorId>,) =
            tx.one(sql!("select owner_id from people where id = $1"), params![person]).await?;
        if at == Some(to) {
            owner::set(tx, permit, Party::Person(person), "", before).await?;
        }
        tx.run(sql!("update handovers set undone_at = $2 where id = $1"), params![row, now]).await?;
    }
    recount(tx, from).await?;
    Ok(from)
}
