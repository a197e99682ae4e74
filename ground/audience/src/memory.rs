//! What the index uses, and the bound it keeps to.

use serde::Serialize;

use crate::{Audience, Fault, bits::Set, shard::Stored};

/// Bytes by use, estimated from the capacities of what is held; the allocator's own share is not in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Memory {
    /// Choices, tags, numbers, days, flags.
    pub facts: usize,
    /// Histories of happenings.
    pub acts: usize,
    /// Roles and links.
    pub lists: usize,
    /// Linked things with their facts and people.
    pub things: usize,
    /// What saved segments keep.
    pub segments: usize,
}

impl Memory {
    pub fn total(&self) -> usize {
        self.facts + self.acts + self.lists + self.things + self.segments
    }
}

/// Changes between two looks at a bound: a look costs as much as some hundreds of changes.
const LOOK_AFTER: u32 = 65_536;

impl Audience {
    /// Walks over all that is held: some milliseconds with a million people and a thousand segments.
    pub fn memory(&self) -> Memory {
        let mut memory = Memory { facts: self.fields.bytes(), ..Memory::default() };
        for shard in &self.shards {
            memory.acts += shard.acts.bytes();
            memory.facts += 8_192;
            for stored in &shard.held {
                match stored {
                    Stored::Choice { column, sets } => memory.facts += column.bytes() + bytes(sets),
                    Stored::Tags(sets) => memory.facts += bytes(sets),
                    Stored::Column(column) => memory.facts += column.bytes(),
                    Stored::Flag(set) => memory.facts += set.bytes(),
                    Stored::Spans(spans) => memory.lists += spans.bytes(),
                    Stored::Links(lists) => memory.lists += lists.bytes(),
                    Stored::Acts => {}
                }
            }
        }
        memory.things = self.things.iter().flatten().map(crate::things::Things::bytes).sum();
        for kept in self.live.leaves.iter().flatten() {
            let linked = kept.linked.as_ref();
            memory.segments += linked.map_or(0, |fit| fit.things.capacity() + fit.counts.capacity() * 4);
        }
        let tables = self.live.members.iter().chain(&self.live.held);
        memory.segments += tables.map(crate::members::Members::bytes).sum::<usize>();
        memory
    }

    /// From now on refuses changes and segments with [`Fault::Memory`] when more than so many bytes are used. Looked at
    /// when a segment is saved and after every 65,536 changes, so the bound may be passed by what those bring.
    pub fn bound_memory(&mut self, bytes: Option<usize>) {
        self.bound = bytes.map(|bytes| (bytes, 0));
    }

    pub(crate) fn check_memory(&self) -> Result<(), Fault> {
        match self.bound {
            Some((bytes, _)) if self.memory().total() > bytes => Err(Fault::Memory(bytes)),
            _ => Ok(()),
        }
    }

    pub(crate) fn count_down(&mut self) -> Result<(), Fault> {
        if let Some((bytes, left)) = self.bound {
            if left == 0 {
                // The look stays due while the bound is passed: every further change is refused.
                self.check_memory()?;
            }
            self.bound = Some((bytes, left.checked_sub(1).unwrap_or(LOOK_AFTER)));
        }
        Ok(())
    }
}

fn bytes(sets: &[Set]) -> usize {
    sets.iter().map(Set::bytes).sum()
}
