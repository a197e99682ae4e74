//! Each change on the rows it is about: leaves before, the change, leaves after.

use kring_rules::Span;

use crate::{
    Audience, Fault,
    bits::SHARD,
    change::{Act, Value},
    pack, place,
    schema::{Holds, MOST_KINDS},
    shard::{Shard, Stored},
    wave::{Cause, Moved, Wave},
};

/// Which leaves a change can turn.
#[derive(Clone, Copy)]
pub(crate) enum Touched {
    /// Those that ask a fact.
    Field(u16),
    /// Those that ask for this happening, of which there is one more.
    Act(u64),
    /// Those that ask for this kind of happening.
    Kind(u8),
    /// Those that ask a fact, which is one of links.
    Links(u16),
    Everything,
}

/// From so many leaves on that may turn, all that is kept of a person is brought near first.
const WARM: usize = 8;

impl Audience {
    /// Changes the row of somebody who is there, and carries what turned through.
    pub(crate) fn alter(
        &mut self,
        person: i64,
        touched: Touched,
        change: impl FnOnce(&mut Self, usize, u16),
    ) -> Result<Vec<Moved>, Fault> {
        let (number, row) = self.row(person)?;
        let id = person as u32;
        let mut wave = Wave::default();
        let leaves = self.touched(touched);
        if leaves.len() >= WARM {
            self.live.warm(id);
        }
        let linked = match touched {
            Touched::Links(_) | Touched::Everything => leaves.clone(),
            _ => Vec::new(),
        };
        let before: Vec<bool> = leaves.iter().map(|&leaf| self.holds_unkept(leaf, id)).collect();
        let mut recounted: Vec<(u32, u32)> = Vec::new();
        let counting: Vec<u32> = linked.into_iter().filter(|&leaf| self.counts(leaf, id)).collect();
        for &leaf in &counting {
            recounted.extend(self.count_person(leaf, id, false).into_iter().map(|thing| (leaf, thing)));
        }
        change(self, number, row);
        for &leaf in &counting {
            recounted.extend(self.count_person(leaf, id, true).into_iter().map(|thing| (leaf, thing)));
        }
        for (leaf, thing) in recounted {
            self.refit(leaf, thing, &mut wave);
        }
        for (leaf, before) in leaves.into_iter().zip(before) {
            let by_one_more = match touched {
                Touched::Act(_) => self.turned_by_one_more(leaf, number, row),
                _ => None,
            };
            let holds = match by_one_more {
                Some(false) => continue,
                Some(true) => true,
                None => self.ask(leaf, id),
            };
            let turned = match self.live.leaf(leaf) {
                Some(kept) if kept.leaf.is_kept() => self.live.put_leaf(leaf, id, holds),
                _ => before != holds,
            };
            if turned {
                wave.turned.push((leaf, id, Cause::Own));
            }
        }
        Ok(self.settle(wave))
    }

    /// A leaf that is read from the row; what is kept of the others is there to compare with afterwards.
    fn holds_unkept(&self, leaf: u32, person: u32) -> bool {
        self.live.leaf(leaf).is_some_and(|kept| !kept.leaf.is_kept()) && self.ask(leaf, person)
    }

    fn turned_by_one_more(&self, leaf: u32, number: usize, row: u16) -> Option<bool> {
        let history = self.shards.get(number).map_or(&[][..], |shard| shard.acts.of(row));
        self.asking_kept(leaf)?.turned_by_one_more(history)
    }

    fn touched(&self, touched: Touched) -> Vec<u32> {
        let of_kind =
            |kind: u8| self.live.by_kind.get(usize::from(kind)).map(Vec::as_slice).unwrap_or_default();
        match touched {
            Touched::Field(field) | Touched::Links(field) => self.linked_leaves(field),
            Touched::Kind(kind) => of_kind(kind).to_vec(),
            Touched::Everything => self.live.all_leaves(),
            Touched::Act(word) => of_kind(pack::act_kind(word))
                .iter()
                .copied()
                .filter(|&leaf| self.asking_kept(leaf).is_some_and(|asking| asking.concerns(word)))
                .collect(),
        }
    }

    pub(crate) fn learn_act(&mut self, act: Act<'_>) -> Result<u64, Fault> {
        if act.kind >= MOST_KINDS {
            return Err(Fault::ActKind(act.kind));
        }
        let day = pack::day(act.day)?;
        let detail = act.detail.map_or(0, |detail| self.details.learn(detail) + 1);
        Ok(pack::act(day, act.kind, detail))
    }

    pub(crate) fn arrive(&mut self, person: i64) -> Result<Vec<Moved>, Fault> {
        let (number, row) = place(person)?;
        if self.shards.len() <= number {
            let fields = &self.fields;
            self.shards.resize_with(number + 1, || Shard::new(fields));
            self.live.grow(number + 1);
        }
        let Some(shard) = self.shards.get_mut(number) else { return Ok(Vec::new()) };
        if shard.here.get(row) {
            return Ok(Vec::new());
        }
        shard.here.set(row);
        let mut wave = Wave { came_or_went: true, ..Wave::default() };
        for segment in self.live.all_segments() {
            self.doubt(segment, person as u32, Cause::Own, &mut wave);
        }
        Ok(self.settle(wave))
    }

    pub(crate) fn leave(&mut self, person: i64) -> Result<Vec<Moved>, Fault> {
        let (number, row) = match self.row(person) {
            Err(Fault::Nobody(_)) => return Ok(Vec::new()),
            found => found?,
        };
        let id = person as u32;
        let mut wave = Wave { came_or_went: true, ..Wave::default() };
        if let Some(shard) = self.shards.get_mut(number) {
            shard.here.unset(row);
        }
        for leaf in self.live.all_leaves() {
            self.live.put_leaf(leaf, id, false);
        }
        // While the links are still there: things lose somebody who counted for them.
        for segment in self.live.all_segments() {
            self.doubt(segment, id, Cause::Own, &mut wave);
        }
        self.clear(number, row);
        Ok(self.settle(wave))
    }

    /// Takes everything out of a row that nobody counts any more.
    fn clear(&mut self, number: usize, row: u16) {
        for field in 0..self.fields.list.len() as u16 {
            let Some(shard) = self.shards.get_mut(number) else { return };
            let person = number as u32 * SHARD + u32::from(row);
            let links = shard.list(field, row).to_vec();
            match shard.held.get_mut(usize::from(field)) {
                Some(Stored::Choice { .. }) => shard.set_code(field, row, None),
                Some(Stored::Tags(sets)) => {
                    for set in sets {
                        set.put(row, false);
                    }
                }
                Some(Stored::Column(column)) => column.set(row, None),
                Some(Stored::Flag(_)) => shard.set_flag(field, row, false),
                Some(Stored::Spans(spans)) if !links.is_empty() => spans.set(row, Vec::new()),
                Some(Stored::Links(lists)) if !links.is_empty() => {
                    lists.set(row, Vec::new());
                    for word in links {
                        let (thing, kind) = pack::link_parts(word);
                        self.thing_person(field, thing, (person, kind), false);
                    }
                }
                _ => {}
            }
        }
        if let Some(shard) = self.shards.get_mut(number)
            && !shard.acts.of(row).is_empty()
        {
            shard.acts.set(row, Vec::new());
        }
    }

    /// Puts somebody among the people of a thing, or takes them out; nothing for a fact of another kind.
    pub(crate) fn thing_person(&mut self, field: u16, thing: u32, person: (u32, u32), on: bool) {
        let things = self.things.get_mut(usize::from(field)).and_then(Option::as_mut);
        let Some(thing) = things.and_then(|things| things.get_mut(thing)) else { return };
        match (thing.people.binary_search(&person), on) {
            (Err(at), true) => thing.people.insert(at, person),
            (Ok(at), false) => drop(thing.people.remove(at)),
            _ => {}
        }
    }

    pub(crate) fn set(&mut self, person: i64, fact: &str, value: Value<'_>) -> Result<Vec<Moved>, Fault> {
        let (field, holds) = self.fields.find(fact).ok_or_else(|| Fault::NoFact(fact.to_owned()))?;
        let fits = fits(holds, &value);
        self.row(person)?;
        if !fits {
            return Err(Fault::WrongKind(fact.to_owned()));
        }
        let code = match value {
            Value::Choice(Some(code)) | Value::Tag { code, .. } => Some(self.fields.learn(field, code)),
            _ => None,
        };
        self.alter(person, Touched::Field(field), |audience, number, row| {
            let Some(shard) = audience.shards.get_mut(number) else { return };
            match (value, code) {
                (Value::Choice(_), code) => shard.set_code(field, row, code),
                (Value::Tag { on, .. }, Some(code)) => shard.set_tag(field, row, code, on),
                (Value::Number(number), _) => shard.set_number(field, row, number),
                (Value::Day(day), _) => {
                    shard.set_number(field, row, day.map(|day| i64::from(day.number())));
                }
                (Value::Flag(on), _) => shard.set_flag(field, row, on),
                (Value::Tag { .. }, None) => {}
            }
        })
    }

    pub(crate) fn set_spans(
        &mut self,
        person: i64,
        fact: &str,
        spans: &[Span<'_>],
    ) -> Result<Vec<Moved>, Fault> {
        let (field, holds) = self.fields.find(fact).ok_or_else(|| Fault::NoFact(fact.to_owned()))?;
        if *holds != Holds::Spans {
            return Err(Fault::WrongKind(fact.to_owned()));
        }
        let mut words = Vec::new();
        for span in spans {
            let from = span.from.map_or(Ok(0), pack::day)?;
            let to = span.to.map_or(Ok(pack::OPEN), pack::day)?;
            let kind = self.fields.learn(field, span.kind);
            let places = self.fields.places.get_mut(usize::from(field));
            let place = span.place.zip(places).map(|(place, places)| places.learn(place));
            let pairs = self.pairs.get_mut(usize::from(field));
            words.push(pack::span(from, to, pairs.map_or(0, |pairs| pairs.number((kind, place)))));
        }
        self.alter(person, Touched::Field(field), |audience, number, row| {
            let spans = audience.shards.get_mut(number).and_then(|shard| shard.spans_mut(field));
            if let Some(spans) = spans {
                spans.set(row, words);
            }
        })
    }

    pub(crate) fn link(
        &mut self,
        person: i64,
        fact: &str,
        kind: &str,
        to: i64,
        on: bool,
    ) -> Result<Vec<Moved>, Fault> {
        self.row(person)?;
        let field = self.links(fact)?;
        let kind = self.fields.learn(field, kind);
        let thing = self.thing_number(field, to);
        let word = pack::link(thing, kind);
        self.alter(person, Touched::Links(field), |audience, number, row| {
            let lists = audience.shards.get_mut(number).and_then(|shard| shard.links_mut(field));
            if let Some(lists) = lists {
                let known = lists.get(row).binary_search(&word).is_ok();
                match on {
                    true if !known => lists.insert(row, word),
                    true => {}
                    false => {
                        lists.remove(row, word);
                    }
                }
            }
            audience.thing_person(field, thing, (person as u32, kind), on);
        })
    }
}

pub(crate) fn fits(holds: &Holds, value: &Value<'_>) -> bool {
    matches!(
        (holds, value),
        (Holds::Choice, Value::Choice(_))
            | (Holds::Tags, Value::Tag { .. })
            | (Holds::Number, Value::Number(_))
            | (Holds::Day, Value::Day(_))
            | (Holds::Flag, Value::Flag(_))
    )
}
