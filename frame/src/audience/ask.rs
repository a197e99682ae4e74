//! A question to the index, or to the database when the index is not there.

use std::collections::BTreeMap;

use kring_core::{Error, Result};
use kring_db::{ToValue, Value};
use kring_rules::{NotInSql, Param, Rule, Subject, World, compile, compile_for};
use roaring::RoaringBitmap;

use super::now;
use crate::{PersonId, Tx};

/// Who answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Index,
    Database,
}

/// An answer, and by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer<T> {
    pub is: T,
    pub by: By,
}

impl Tx {
    /// How many people a rule holds for. Checked before ([`validate`](kring_rules::validate)).
    pub async fn count_people(&mut self, rule: &Rule) -> Result<Answer<u64>> {
        let house = self.house().clone();
        if let Some(Ok(is)) = house.audience.ask(|index| index.count(rule)) {
            return Ok(Answer { is, by: By::Index });
        }
        let (text, params) = self.statement("count(*)", None, rule).await?;
        let row = self.composed(&text, params).await?.into_iter().next();
        let is: i64 = row.ok_or(Error::NotFound)?.take()?;
        Ok(Answer { is: is.unsigned_abs(), by: By::Database })
    }

    /// The relation numbers of those for whom a rule holds.
    pub async fn people_who(&mut self, rule: &Rule) -> Result<Answer<RoaringBitmap>> {
        let house = self.house().clone();
        if let Some(Ok(is)) = house.audience.ask(|index| index.members(rule)) {
            return Ok(Answer { is, by: By::Index });
        }
        let is = self.people_who_in_database(rule).await?;
        Ok(Answer { is, by: By::Database })
    }

    /// As [`Tx::people_who`], always by the database: the reference that the index is held against.
    pub async fn people_who_in_database(&mut self, rule: &Rule) -> Result<RoaringBitmap> {
        let key = self.house().rooms.facts.base.map_or("id", |base| base.key);
        let (text, params) = self.statement(&format!("p.{key}"), None, rule).await?;
        let mut members = RoaringBitmap::new();
        for mut row in self.composed(&text, params).await? {
            let id: i64 = row.take()?;
            members.extend(u32::try_from(id));
        }
        Ok(members)
    }

    /// Whether a rule holds for one person.
    pub async fn fits(&mut self, rule: &Rule, person: PersonId) -> Result<bool> {
        let house = self.house().clone();
        if let Some(Ok(is)) = house.audience.ask(|index| index.holds(rule, person.get())) {
            return Ok(is);
        }
        let (text, params) = self.statement("1", Some(person), rule).await?;
        Ok(!self.composed(&text, params).await?.is_empty())
    }

    /// Whether the actor at work may ask all that a rule asks; see [`Facts::may_ask`].
    pub async fn may_ask(&mut self, rule: &Rule) -> Result<bool> {
        let house = self.house().clone();
        let saved: BTreeMap<i64, Rule> = match house.rooms.segments {
            Some(segments) => (segments.saved)(self).await?.into_iter().collect(),
            None => BTreeMap::new(),
        };
        Ok(house.rooms.facts.may_ask(self.actor(), &saved, rule))
    }

    /// The saved segments that somebody is in, in rising order; by the index at once, by the database one after another.
    pub async fn segments_of(&mut self, person: PersonId) -> Result<Vec<i64>> {
        let house = self.house().clone();
        if let Some(found) = house.audience.ask(|index| index.segments_of(person.get())) {
            return Ok(found);
        }
        let Some(segments) = house.rooms.segments else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for (id, rule) in (segments.saved)(self).await? {
            if self.fits(&rule, person).await? {
                found.push(id);
            }
        }
        Ok(found)
    }

    async fn statement(
        &mut self,
        what: &str,
        of: Option<PersonId>,
        rule: &Rule,
    ) -> Result<(String, Vec<Value>)> {
        let house = self.house().clone();
        let base = house.rooms.facts.base.ok_or_else(|| Error::broken("no room says where people stand"))?;
        let saved = match house.rooms.segments {
            Some(segments) => (segments.saved)(self).await?,
            None => Vec::new(),
        };
        let world = Saved(saved.into_iter().collect());
        let (facts, now) = (&house.rooms.facts, now(&house));
        let sql = match of {
            Some(person) => compile_for(rule, facts, &world, &now, "p", person.get()),
            None => compile(rule, facts, &world, &now, "p"),
        };
        let sql = sql.map_err(not_in_sql)?;
        let only = base.only.replace("{}", "p");
        let mut text = format!("select {what} from {} p where {only} and {}", base.table, sql.text);
        let params = sql.params.into_iter().map(|param| match param {
            Param::Int(number) => number.to_value(),
            Param::Text(text) => text.to_value(),
        });
        let mut params: Vec<Value> = params.collect();
        if let Some(person) = of {
            params.push(person.to_value());
            text = format!("{text} and p.{} = ${}", base.key, params.len());
        }
        Ok((text, params))
    }
}

fn not_in_sql(why: NotInSql) -> Error {
    Error::broken(format!("a rule that was checked has no SQL: {why:?}"))
}

/// Only rules refer to each other when they are compiled; people and things are in the tables.
struct Saved(BTreeMap<i64, Rule>);

impl World for Saved {
    fn thing(&self, _fact: &str, _id: i64) -> Option<&dyn Subject> {
        None
    }
    fn linked(&self, _fact: &str, _thing: i64) -> Vec<&dyn Subject> {
        Vec::new()
    }
    fn segment(&self, id: i64) -> Option<&Rule> {
        self.0.get(&id)
    }
}
