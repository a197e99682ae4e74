//! Two people who are one: everything of the one moves to the other.

use crate::{
    Audience, Fault,
    bits::SHARD,
    edit::Touched,
    pack,
    schema::{Fields, Holds},
    shard::Shard,
    wave::Moved,
};

impl Audience {
    pub(crate) fn merge(&mut self, from: i64, into: i64) -> Result<Vec<Moved>, Fault> {
        let (number, row) = self.row(from)?;
        self.row(into)?;
        if from == into {
            return Ok(Vec::new());
        }
        let taken = self.shards.get(number).map(|shard| Taken::of(shard, row, &self.fields));
        let mut moves = self.leave(from)?;
        moves.extend(self.alter(into, Touched::Everything, |audience, number, row| {
            if let Some(taken) = taken {
                audience.give(number, row, taken);
            }
        })?);
        moves.sort_unstable_by_key(|moved| (moved.segment, moved.person));
        Ok(net(moves))
    }

    fn give(&mut self, number: usize, row: u16, taken: Taken) {
        let person = number as u32 * SHARD + u32::from(row);
        for (field, had) in (0_u16..).zip(taken.fields) {
            let Some(shard) = self.shards.get_mut(number) else { return };
            match had {
                Had::Code(code) if shard.code(field, row).is_none() => shard.set_code(field, row, Some(code)),
                Had::Number(value) if shard.number(field, row).is_none() => {
                    shard.set_number(field, row, Some(value));
                }
                Had::Tags(codes) => codes.into_iter().for_each(|code| shard.set_tag(field, row, code, true)),
                Had::Flag => shard.set_flag(field, row, true),
                Had::Spans(words) => {
                    let all = [shard.list(field, row), &words].concat();
                    if let Some(spans) = shard.spans_mut(field) {
                        spans.set(row, all);
                    }
                }
                Had::Links(words) => {
                    for word in words {
                        let known = shard.list(field, row).binary_search(&word).is_ok();
                        if let Some(links) = shard.links_mut(field).filter(|_| !known) {
                            links.insert(row, word);
                        }
                    }
                    let words = shard.list(field, row).to_vec();
                    for (thing, kind) in words.into_iter().map(pack::link_parts) {
                        self.thing_person(field, thing, (person, kind), true);
                    }
                }
                _ => {}
            }
        }
        if let Some(shard) = self.shards.get_mut(number) {
            let mut acts = shard.acts.of(row).to_vec();
            acts.extend(taken.acts);
            shard.acts.set(row, acts);
        }
    }
}

/// Of moves of one person in one segment, which cancel out in pairs, the last where they do not.
fn net(moves: Vec<Moved>) -> Vec<Moved> {
    let mut net: Vec<Moved> = Vec::new();
    for moved in moves {
        match net.last() {
            Some(last) if (last.segment, last.person) == (moved.segment, moved.person) => drop(net.pop()),
            _ => net.push(moved),
        }
    }
    net
}

/// All that a row had.
struct Taken {
    fields: Vec<Had>,
    acts: Vec<u64>,
}

enum Had {
    Nothing,
    Code(u32),
    Tags(Vec<u32>),
    Number(i64),
    Flag,
    Spans(Vec<u64>),
    Links(Vec<u64>),
}

impl Taken {
    fn of(shard: &Shard, row: u16, fields: &Fields) -> Self {
        let had = |(field, held): (u16, &Holds)| match held {
            Holds::Choice => shard.code(field, row).map_or(Had::Nothing, Had::Code),
            Holds::Tags => Had::Tags(shard.tags(field, row)),
            Holds::Number | Holds::Day => shard.number(field, row).map_or(Had::Nothing, Had::Number),
            Holds::Flag if shard.flag(field, row) => Had::Flag,
            Holds::Spans => Had::Spans(shard.list(field, row).to_vec()),
            Holds::Links(_) => Had::Links(shard.list(field, row).to_vec()),
            Holds::Flag | Holds::Acts(_) => Had::Nothing,
        };
        let fields = (0_u16..).zip(fields.list.iter().map(|field| &field.holds)).map(had).collect();
        Self { fields, acts: shard.acts.of(row).to_vec() }
    }
}
