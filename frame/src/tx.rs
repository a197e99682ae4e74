use std::ops::{Deref, DerefMut};

use kring_core::{Error, Result, Timestamp};
use kring_db::Entry;
use kring_work::Job;

use crate::{About, Actor, Event, House};

/// A transaction of the house: somebody is at work in it, at one moment, and what they do can be told and
/// traced. Everything of the database's own transaction shows through.
pub struct Tx {
    inner: kring_db::Tx,
    house: House,
    actor: Actor,
    now: Timestamp,
    told: bool,
}

impl Tx {
    pub(crate) fn new(inner: kring_db::Tx, house: House, actor: Actor) -> Self {
        let now = house.clock.now();
        Self { inner, house, actor, now, told: false }
    }

    pub fn actor(&self) -> &Actor {
        &self.actor
    }
    pub fn house(&self) -> &House {
        &self.house
    }
    /// One moment for all that happens in this transaction.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// Tells what happened; readers of the log hear it after the commit, and only then.
    pub async fn tell<E: Event>(&mut self, about: About, event: &E) -> Result<i64> {
        self.told = true;
        let entry = self.entry(about, event)?;
        self.inner.log(entry).await
    }

    /// An event as it stands in the log, for telling many at once with `log_many`.
    pub fn entry<E: Event>(&self, about: About, event: &E) -> Result<Entry> {
        Ok(Entry {
            kind: E::KIND,
            at: self.now,
            person: about.person.map(kring_core::Id::get),
            organisation: about.organisation.map(kring_core::Id::get),
            unit: about.unit.map(kring_core::Id::get),
            actor: self.actor.id.get(),
            purpose: E::PURPOSE.as_str(),
            subject: about.subject,
            payload: serde_json::to_string(event).map_err(Error::broken)?,
        })
    }

    /// Asks for work that begins when this transaction has committed.
    pub async fn enqueue<J: Job>(&mut self, job: &J) -> Result<()> {
        self.enqueue_at(job, self.now).await
    }

    pub async fn enqueue_at<J: Job>(&mut self, job: &J, due: Timestamp) -> Result<()> {
        self.told = true;
        kring_work::enqueue(&mut self.inner, job, due, self.now).await
    }

    pub async fn commit(self) -> Result<()> {
        self.inner.commit().await?;
        if self.told {
            self.house.doorbell.ring();
        }
        Ok(())
    }
}

impl Deref for Tx {
    type Target = kring_db::Tx;
    fn deref(&self) -> &kring_db::Tx {
        &self.inner
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut kring_db::Tx {
        &mut self.inner
    }
}
