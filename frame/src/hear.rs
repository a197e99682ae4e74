//! Hearing the log: each reader has a cursor and handles every event of its kind once, in the transaction that
//! moves the cursor.

use std::sync::Arc;

use kring_core::{Error, Result};
use kring_db::{Told, params, sql};
use kring_work::{Claimed, Crew, Job};
use serde::{Deserialize, Serialize};

use crate::{Actor, Chore, House, room::HearFn};

const PAGE: u32 = 256;

#[derive(Clone)]
pub struct Ear {
    pub reader: &'static str,
    pub kind: &'static str,
    pub hear: HearFn,
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

impl Ear {
    pub fn chore(self) -> Chore {
        let reader = self.reader;
        let mut chore = Chore::new(reader, 1, move |house| {
            let ear = self.clone();
            Box::pin(async move { ear.step(&house).await })
        });
        chore.listens = true;
        chore
    }

    /// Handles the next events; `false` when the log has nothing new.
    async fn step(&self, house: &House) -> Result<bool> {
        let mut look = house.db.read().await?;
        let at: Option<(i64, i64)> = look
            .maybe(sql!("select xid, event_id from event_cursors where reader = $1"), params![self.reader])
            .await?;
        let at = at.map(|(xid, id)| kring_db::Cursor { xid, id }).unwrap_or_default();
        if !look.concerns(at, self.kind, PAGE).await? {
            return Ok(false);
        }
        drop(look);
        match self.page(house, PAGE).await {
            Ok(()) => Ok(true),
            // One event of the page cannot be handled: find it by going on one by one.
            Err(_) => self.one(house).await,
        }
    }

    async fn page(&self, house: &House, most: u32) -> Result<()> {
        let mut tx = house.write(&Actor::robot()).await?;
        let cursor = tx.cursor(self.reader).await?;
        let page = tx.events_after(cursor, most).await?;
        for told in page.iter().filter(|t| t.kind == self.kind) {
            (self.hear)(&mut tx, told).await?;
        }
        if let Some(last) = page.last() {
            tx.move_cursor(self.reader, last.cursor()).await?;
        }
        tx.commit().await
    }

    async fn one(&self, house: &House) -> Result<bool> {
        let Err(why) = self.page(house, 1).await else { return Ok(true) };
        let mut tx = house.write(&Actor::robot()).await?;
        let cursor = tx.cursor(self.reader).await?;
        let Some(told) = tx.events_after(cursor, 1).await?.into_iter().next() else { return Ok(false) };
        tracing::warn!(event = "hearing_failed", reader = self.reader, id = told.id, reason = %why);
        tx.enqueue(&HearAgain { reader: self.reader.to_owned(), event: told.id }).await?;
        tx.move_cursor(self.reader, told.cursor()).await?;
        tx.commit().await?;
        Ok(true)
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
