//! Hearing the log: each reader has a cursor and handles every event of its kind once, in the transaction that moves the
//! cursor. One round reads the log for all of them: fifty readers that each asked for themselves would cost a hundred
//! small queries whenever anything happens, most to learn that it was nothing for them.

use std::{
    borrow::Cow,
    sync::{Arc, PoisonError},
};

use kring_core::{Error, Result};
use kring_db::{Cursor, Told, Value, params, sql};
use kring_work::{Claimed, Crew, Job};
use serde::{Deserialize, Serialize};

use crate::{Actor, Chore, House, Tx, room::HearFn};

const PAGE: u32 = 256;

/// A reader of one kind of event.
#[derive(Clone)]
pub struct Ear {
    pub reader: Cow<'static, str>,
    pub kind: &'static str,
    pub hear: HearFn,
}

/// Where the round of this process stands. Nothing the log could not give back: lost, it begins at the cursor that is
/// furthest behind, and what has been heard is passed over.
#[derive(Default)]
pub(crate) struct Round {
    /// Up to here every ear has heard what is for it.
    heard: Option<Cursor>,
    /// Events since the cursors of ears with nothing to hear were last moved along.
    unmoved: usize,
}

/// An event that a reader could not handle; work tries it again with patience and parks it for a person, while
/// the reader goes on with the next.
#[derive(Serialize, Deserialize)]
struct HearAgain {
    reader: String,
    event: i64,
}

impl Job for HearAgain {
    const KIND: &'static str = "frame.hear_again";
    fn unique_key(&self) -> Option<String> {
        Some(format!("{}/{}", self.reader, self.event))
    }
}

/// One chore for all ears.
pub(crate) fn chore() -> Chore {
    Chore::new("hear", 1, |house| Box::pin(async move { step(&house).await }))
}

/// Hands the next events to whoever hears their kind; `false` when the log has nothing new.
async fn step(house: &House) -> Result<bool> {
    let mut look = house.db.read().await?;
    let from = match round(house, |r| r.heard) {
        Some(heard) => heard,
        None => furthest_behind(house, &mut look).await?,
    };
    let page = look.events_after(from, PAGE).await?;
    drop(look);
    let Some(end) = page.last().map(Told::cursor) else { return Ok(false) };
    let full = page.len() == PAGE as usize || round(house, |r| r.unmoved + page.len() >= PAGE as usize);
    if full || house.rooms.ears.iter().any(|ear| ear.concerned(&page)) {
        match hear(house, &house.rooms.ears, &page, full).await {
            Ok(()) => {}
            // One ear cannot handle one event: the others must not wait for it.
            Err(_) => one_by_one(house, &page).await?,
        }
    }
    round(house, |r| {
        r.heard = Some(end);
        r.unmoved = if full { 0 } else { r.unmoved + page.len() };
    });
    Ok(true)
}

fn round<T>(house: &House, with: impl FnOnce(&mut Round) -> T) -> T {
    with(&mut house.round.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Everything of the page, by everybody it concerns, in one transaction. Where one reader's cursor is further than the
/// page, another node was first. `all` moves along those too that had nothing to hear, so that a round that begins anew
/// does not begin far back.
async fn hear(house: &House, ears: &[Ear], page: &[Told], all: bool) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    for ear in ears.iter().filter(|e| e.concerned(page)) {
        ear.hear_page(&mut tx, page).await?;
    }
    if let Some(end) = page.last().map(Told::cursor).filter(|_| all) {
        let sets: Vec<Vec<Value>> = ears.iter().map(|e| params![&*e.reader, end.xid, end.id]).collect();
        tx.many(
            sql!(
                "insert into event_cursors as old (reader, xid, event_id) values ($1, $2, $3)
                 on conflict (reader) do update set xid = excluded.xid, event_id = excluded.event_id
                 where (old.xid, old.event_id) < (excluded.xid, excluded.event_id)"
            ),
            sets,
        )
        .await?;
    }
    tx.commit().await
}

async fn one_by_one(house: &House, page: &[Told]) -> Result<()> {
    for told in page {
        for ear in house.rooms.ears.iter().filter(|e| e.kind == told.kind) {
            let alone = std::slice::from_ref(told);
            let Err(why) = hear(house, std::slice::from_ref(ear), alone, false).await else { continue };
            tracing::warn!(event = "hearing_failed", reader = &*ear.reader, id = told.id, reason = %why);
            let mut tx = house.write(&Actor::robot()).await?;
            tx.enqueue(&HearAgain { reader: ear.reader.to_string(), event: told.id }).await?;
            // A reader that never heard anything has no cursor yet, and would begin with this event again after a restart.
            tx.cursor(&ear.reader).await?;
            tx.move_cursor(&ear.reader, told.cursor()).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

/// A reader that is new in this version has no cursor yet, and begins with the first event ever told.
async fn furthest_behind(house: &House, look: &mut kring_db::Tx) -> Result<Cursor> {
    let known: Vec<(String, i64, i64)> =
        look.all(sql!("select reader, xid, event_id from event_cursors"), params![]).await?;
    let cursor = |ear: &Ear| {
        let mine = known.iter().find(|(reader, _, _)| *reader == ear.reader);
        mine.map(|(_, xid, id)| Cursor { xid: *xid, id: *id }).unwrap_or_default()
    };
    Ok(house.rooms.ears.iter().map(cursor).min().unwrap_or_default())
}

impl Ear {
    fn concerned(&self, page: &[Told]) -> bool {
        page.iter().any(|told| told.kind == self.kind)
    }

    async fn hear_page(&self, tx: &mut Tx, page: &[Told]) -> Result<()> {
        let cursor = tx.cursor(&self.reader).await?;
        let mut last = cursor;
        for told in page.iter().filter(|t| t.kind == self.kind && t.cursor() > cursor) {
            (self.hear)(tx, told).await?;
            last = told.cursor();
        }
        tx.move_cursor(&self.reader, last).await
    }
}

pub(crate) fn teach(crew: &mut Crew<House>) {
    crew.teach::<HearAgain, _, _>(hear_again);
}

async fn hear_again(house: House, job: HearAgain, claimed: Arc<Claimed>) -> Result<()> {
    let ear = house
        .rooms
        .ears
        .iter()
        .find(|e| e.reader == job.reader)
        .cloned()
        .ok_or_else(|| Error::broken(format!("reader {} is gone", job.reader)))?;
    let mut tx = house.write(&Actor::robot()).await?;
    let told: Told = tx
        .one(
            sql!(
                "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                 from events where id = $1"
            ),
            params![job.event],
        )
        .await?;
    (ear.hear)(&mut tx, &told).await?;
    claimed.finish(&mut tx).await?;
    tx.commit().await
}
