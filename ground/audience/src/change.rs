//! What can change, as the log tells it.

use kring_rules::{Day, Span};

use crate::{Audience, Fault, edit::Touched, wave::Moved};

/// A happening: which kind of the log, when, and a detail code or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Act<'a> {
    pub kind: u8,
    pub day: Day,
    pub detail: Option<&'a str>,
}

/// What a fact becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    Choice(Option<&'a str>),
    Tag { code: &'a str, on: bool },
    Number(Option<i64>),
    Day(Option<Day>),
    Flag(bool),
}

/// One change. It may come late and in any order, save that a person is told of first.
#[derive(Clone, Debug)]
pub enum Change<'a> {
    /// Somebody is there, without any facts yet. Nothing when they already are.
    Person(i64),
    /// Somebody is not there any more, with everything that was known. Nothing when they never were.
    Gone(i64),
    /// Two were one: what `from` has goes to `into`, and `from` is gone. Of what there can be one of, the value of
    /// `into` stays when it has one; a flag is set when either was.
    Merged {
        from: i64,
        into: i64,
    },
    Set {
        person: i64,
        fact: &'a str,
        value: Value<'a>,
    },
    /// Something happened, now or long ago.
    Act {
        person: i64,
        act: Act<'a>,
    },
    /// It did not happen after all; nothing when the index knows no such act.
    NoAct {
        person: i64,
        act: Act<'a>,
    },
    /// All that somebody did, instead of what is known: for filling the index, and for undoing a merge.
    Acts {
        person: i64,
        acts: &'a [Act<'a>],
    },
    /// All roles of one fact, instead of what is known.
    Spans {
        person: i64,
        fact: &'a str,
        spans: &'a [Span<'a>],
    },
    Link {
        person: i64,
        fact: &'a str,
        kind: &'a str,
        to: i64,
        on: bool,
    },
    /// A thing that a fact leads to is there, or is not any more with its facts; links to it stay.
    Thing {
        fact: &'a str,
        id: i64,
        on: bool,
    },
    /// A fact of a thing.
    SetThing {
        of: &'a str,
        id: i64,
        fact: &'a str,
        value: Value<'a>,
    },
}

impl Audience {
    /// Takes a change in, and says who joined and who left which saved segment by it, ordered by segment and person.
    pub fn apply(&mut self, change: &Change<'_>) -> Result<Vec<Moved>, Fault> {
        self.count_down()?;
        match *change {
            Change::Person(id) => self.arrive(id),
            Change::Gone(id) => self.leave(id),
            Change::Merged { from, into } => self.merge(from, into),
            Change::Set { person, fact, value } => self.set(person, fact, value),
            Change::Act { person, act } => {
                let word = self.learn_act(act)?;
                self.alter(person, Touched::Act(word), |audience, number, row| {
                    if let Some(shard) = audience.shards.get_mut(number) {
                        shard.acts.insert(row, word);
                    }
                })
            }
            Change::NoAct { person, act } => {
                let word = self.learn_act(act)?;
                self.alter(person, Touched::Kind(act.kind), |audience, number, row| {
                    if let Some(shard) = audience.shards.get_mut(number) {
                        shard.acts.remove(row, word);
                    }
                })
            }
            Change::Acts { person, acts } => {
                let words: Result<Vec<u64>, Fault> = acts.iter().map(|act| self.learn_act(*act)).collect();
                let words = words?;
                self.alter(person, Touched::Everything, |audience, number, row| {
                    if let Some(shard) = audience.shards.get_mut(number) {
                        shard.acts.set(row, words);
                    }
                })
            }
            Change::Spans { person, fact, spans } => self.set_spans(person, fact, spans),
            Change::Link { person, fact, kind, to, on } => self.link(person, fact, kind, to, on),
            Change::Thing { fact, id, on } => self.thing(fact, id, on),
            Change::SetThing { of, id, fact, value } => self.set_thing(of, id, fact, value),
        }
    }
}
