//! The words for codes, read once for a page: of the facts that a rule asks, or of all that a builder offers.

use std::collections::HashMap;

use kring_core::{Lang, Result};
use kring_frame::{
    Code, Fact, Tx,
    rules::{Leaf, Rule, Test},
};

use crate::segment;

/// Codes by fact, with the units below each unit and the names of segments.
pub struct Labels {
    codes: HashMap<&'static str, Vec<Code>>,
    places: HashMap<&'static str, Vec<Code>>,
    pub segments: Vec<Code>,
}

impl Labels {
    /// Of the facts that these rules ask.
    pub async fn of(tx: &mut Tx, lang: Lang, rules: &[&Rule]) -> Result<Self> {
        let mut keys = Vec::new();
        for rule in rules {
            asked(rule, &mut keys);
        }
        let house = tx.house().clone();
        let facts: Vec<Fact> = house
            .rooms
            .facts
            .list
            .iter()
            .filter(|fact| keys.iter().any(|key| key == fact.key))
            .copied()
            .collect();
        let mut labels = Self { codes: HashMap::new(), places: HashMap::new(), segments: Vec::new() };
        for fact in &facts {
            labels.read(tx, lang, fact).await?;
            for thing in fact.things {
                labels.read(tx, lang, thing).await?;
            }
        }
        let all = segment::all(tx, false).await?;
        labels.segments = all.into_iter().map(|segment| Code::new(segment.id, segment.name)).collect();
        Ok(labels)
    }

    async fn read(&mut self, tx: &mut Tx, lang: Lang, fact: &Fact) -> Result<()> {
        if let Some(codes) = fact.codes {
            self.codes.insert(fact.key, codes(tx, lang).await?);
        }
        if let Some(places) = fact.places {
            self.places.insert(fact.key, places(tx, lang).await?);
        }
        Ok(())
    }

    pub fn codes(&self, fact: &Fact) -> &[Code] {
        self.codes.get(fact.key).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn places(&self, fact: &Fact) -> &[Code] {
        self.places.get(fact.key).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn segment(&self, id: i64) -> String {
        named(&self.segments, &id.to_string())
    }
}

/// The words for a code; a code that no list has any more is said as it is.
pub fn named(codes: &[Code], code: &str) -> String {
    codes.iter().find(|one| one.code == code).map_or_else(|| code.to_owned(), |one| one.label.clone())
}

/// The facts of people that a rule asks.
pub fn asked(rule: &Rule, keys: &mut Vec<String>) {
    if let Rule::Fact(Leaf { key, is }) = rule {
        keys.push(key.clone());
        match is {
            Test::Then(then) => keys.push(then.next.clone()),
            Test::Linked(linked) => {
                if let Some(people) = &linked.people {
                    asked(&people.rule, keys);
                }
            }
            _ => {}
        }
        return;
    }
    for rule in rule.below() {
        asked(rule, keys);
    }
}
