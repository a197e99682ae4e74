//! All facts of a house together: what the compiler to SQL, the index and a builder of rules ask them.

use std::collections::{BTreeMap, BTreeSet};

use kring_audience::{Field, Holds};
use kring_rules::{About, Catalog, Kind, Known, Place, Rule, Tables, Why, validate};

use crate::{Actor, Fact, Turned, fact::Happens};

/// Where people stand: named once, by the hall.
#[derive(Clone, Copy, Debug)]
pub struct Base {
    pub table: &'static str,
    pub key: &'static str,
    /// Who counts as a person, with `{}` for the alias of the table.
    pub only: &'static str,
    /// Who stands in lists, which may be more than count; and the column by which lists are in order.
    pub listed: &'static str,
    pub order: &'static str,
    /// The column with the number that a number leads to, when the two turned out to be one person.
    pub leads_to: &'static str,
    /// Events after which a row of that table may be another.
    pub moved_by: &'static [&'static str],
}

/// Every fact of the house, in the order in which rooms offer them.
#[derive(Default)]
pub struct Facts {
    pub list: Vec<Fact>,
    pub base: Option<Base>,
    happens: BTreeMap<&'static str, (u8, Happens)>,
    moved_by: BTreeSet<&'static str>,
}

impl Facts {
    pub(crate) fn new(list: Vec<Fact>, base: Option<Base>) -> Self {
        let mut facts = Self { list, base, ..Self::default() };
        for fact in &facts.list {
            for happens in fact.happens {
                let next = facts.happens.len() as u8;
                facts.happens.entry(happens.kind).or_insert((next, *happens));
            }
            facts.moved_by.extend(fact.moved_by);
        }
        facts.moved_by.extend(facts.happens.keys());
        facts.moved_by.extend(base.into_iter().flat_map(|base| base.moved_by));
        facts
    }

    pub fn find(&self, about: About<'_>, key: &str) -> Option<&Fact> {
        match about {
            About::Person => self.list.iter().find(|fact| fact.key == key),
            About::Linked(link) => {
                let link = self.list.iter().find(|fact| fact.key == link)?;
                link.things.iter().find(|fact| fact.key == key)
            }
        }
    }

    /// How an event of this kind is written down as a happening.
    pub(crate) fn happens(&self, kind: &str) -> Option<Happens> {
        self.happens.get(kind).map(|(_, happens)| *happens)
    }

    /// The number that the index knows a kind of happening by.
    pub(crate) fn act_number(&self, kind: &str) -> Option<u8> {
        self.happens.get(kind).map(|(number, _)| *number)
    }

    /// Whether somebody may fit other rules after an event of this kind.
    pub(crate) fn moved_by(&self, kind: &str) -> bool {
        self.moved_by.contains(kind)
    }

    /// Of whom an event of this kind, about nobody in particular, turned the values. Facts that stand in one table say the
    /// same; one answer is enough.
    pub(crate) fn turned_by(&self, kind: &str) -> Option<Turned> {
        self.list.iter().flat_map(|fact| fact.turned_by).find(|turned| turned.kind == kind).copied()
    }

    /// The facts as the index keeps them.
    pub(crate) fn fields(&self) -> Vec<Field> {
        self.list.iter().map(|fact| self.field(fact)).collect()
    }

    fn field(&self, fact: &Fact) -> Field {
        let holds = match fact.kind {
            Kind::Choice => Holds::Choice,
            Kind::Tags => Holds::Tags,
            Kind::Number => Holds::Number,
            Kind::Day => Holds::Day,
            Kind::Flag => Holds::Flag,
            Kind::Acts => Holds::Acts(fact.happens.iter().filter_map(|h| self.act_number(h.kind)).collect()),
            Kind::Spans => Holds::Spans,
            Kind::Links => Holds::Links(fact.things.iter().map(|thing| self.field(thing)).collect()),
        };
        Field::new(fact.key, holds)
    }

    /// The facts that somebody may select on.
    pub fn of<'a>(&'a self, actor: &'a Actor) -> impl Iterator<Item = &'a Fact> {
        self.list.iter().filter(|fact| actor.may(fact.right))
    }

    /// Whether somebody may ask all that a rule asks, also through the segments it refers to: else even its count would tell
    /// what is not for them to know.
    pub fn may_ask(&self, actor: &Actor, segments: &BTreeMap<i64, Rule>, rule: &Rule) -> bool {
        let catalog = self.catalog(actor, segments);
        let (mut seen, mut todo) = (BTreeSet::new(), vec![rule]);
        while let Some(rule) = todo.pop() {
            if validate(rule, &catalog, None).iter().any(|fault| matches!(fault.why, Why::NotAllowed(_))) {
                return false;
            }
            let new = refers(rule).into_iter().filter(|id| seen.insert(*id));
            todo.extend(new.filter_map(|id| segments.get(&id)));
        }
        true
    }

    /// As `validate` asks them, for one actor, with the rules of the segments that the actor may use.
    pub fn catalog<'a>(&'a self, actor: &'a Actor, segments: &'a BTreeMap<i64, Rule>) -> impl Catalog + 'a {
        ForActor { facts: self, actor, segments }
    }
}

impl Tables for Facts {
    fn people(&self) -> (&'static str, &'static str) {
        self.base.map_or(("", ""), |base| (base.table, base.key))
    }

    fn place(&self, about: About<'_>, key: &str) -> Option<Place> {
        self.find(about, key).map(|fact| fact.place)
    }
}

struct ForActor<'a> {
    facts: &'a Facts,
    actor: &'a Actor,
    segments: &'a BTreeMap<i64, Rule>,
}

impl Catalog for ForActor<'_> {
    fn fact(&self, about: About<'_>, key: &str) -> Option<Known> {
        let fact = self.facts.find(about, key)?;
        Some(Known { kind: fact.kind, allowed: self.actor.may(fact.right) })
    }

    fn segment(&self, id: i64) -> Option<&Rule> {
        self.segments.get(&id)
    }
}

/// The segments that a rule refers to itself.
pub(super) fn refers(rule: &Rule) -> Vec<i64> {
    match rule {
        Rule::Segment(id) => vec![*id],
        other => other.below().into_iter().flat_map(refers).collect(),
    }
}
