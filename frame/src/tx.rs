use std::{
    collections::BTreeSet,
    ops::{Deref, DerefMut},
};

use kring_core::{Error, Result, Timestamp};
use kring_db::{Entry, Value, params, sql};
use kring_lang::dates;
use kring_rules::Day;
use kring_work::Job;

use crate::{
    About, Actor, Event, House,
    audience::{self, Heard},
};

/// A transaction of the house: somebody is at work in it, at one moment, and what they do can be told and
/// traced. Everything of the database's own transaction shows through.
pub struct Tx {
    inner: kring_db::Tx,
    house: House,
    actor: Actor,
    now: Timestamp,
    told: bool,
    /// What the index of audiences hears when this has committed.
    heard: Vec<Heard>,
    /// Kinds of happenings that this transaction writes down as the first.
    begins: Vec<&'static str>,
}

impl Tx {
    pub(crate) fn new(inner: kring_db::Tx, house: House, actor: Actor) -> Self {
        let now = house.clock.now();
        Self { inner, house, actor, now, told: false, heard: Vec::new(), begins: Vec::new() }
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
        let happened = self.happening(&entry);
        if happened.is_some() {
            self.begin(E::KIND).await?;
        }
        let payload = entry.payload.clone();
        let id = self.inner.log(entry).await?;
        if let Some(mut happened) = happened {
            happened.push(Value::Int(id));
            self.inner.run(HAPPENED, happened).await?;
        }
        if audience::concerns(&self.house, E::KIND) {
            self.heard.push(Heard::new(id, E::KIND, about, &payload));
        }
        Ok(id)
    }

    /// Tells many at once, for imports and the demo institution. Segments hear it from the log, a moment after the commit.
    pub async fn log_many(&mut self, entries: Vec<Entry>) -> Result<u64> {
        self.told = true;
        let mut happened: Vec<Vec<Value>> =
            entries.iter().filter_map(|entry| self.happening(entry)).collect();
        if happened.is_empty() {
            return self.inner.log_many(entries).await;
        }
        let mut kinds: BTreeSet<&'static str> = entries.iter().map(|entry| entry.kind).collect();
        kinds.retain(|kind| self.house.rooms.facts.happens(kind).is_some());
        for kind in kinds {
            self.begin(kind).await?;
        }
        // Which event it was is only asked of one that was told by itself.
        for set in &mut happened {
            set.push(Value::Int(0));
        }
        let told = self.inner.log_many(entries).await?;
        self.inner.many(HAPPENED, happened).await?;
        Ok(told)
    }

    async fn begin(&mut self, kind: &'static str) -> Result<()> {
        if !self.house.audience.has_begun(kind) && !self.begins.contains(&kind) {
            self.inner.run(audience::BEGIN, params![kind]).await?;
            self.begins.push(kind);
        }
        Ok(())
    }

    /// An event as a happening that rules ask for, without its number; `None` for most kinds.
    pub(crate) fn happening(&self, entry: &Entry) -> Option<Vec<Value>> {
        let happens = self.house.rooms.facts.happens(entry.kind)?;
        let person = entry.person?;
        let day = Day::from(dates::date_of(entry.at, &self.house.settings.zone));
        let detail = happens.detail.and_then(|field| {
            let payload: serde_json::Value = serde_json::from_str(&entry.payload).ok()?;
            match payload.get(field)? {
                serde_json::Value::String(text) => Some(text.clone()),
                serde_json::Value::Null => None,
                other => Some(other.to_string()),
            }
        });
        Some(params![person, entry.kind, day.number(), detail])
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
        self.house.audience.begun(&self.begins);
        if self.told {
            self.house.doorbell.ring();
        }
        if !self.heard.is_empty() {
            audience::heard(self.house, self.heard).await;
        }
        Ok(())
    }
}

pub(crate) const HAPPENED: kring_db::Sql =
    sql!("insert into happenings (person_id, kind, day, detail, event_id) values ($1, $2, $3, $4, $5)");

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
