//! What one change does to saved segments: leaves turn, rules on linked people turn with them, things come to fit or no
//! longer do, their people's leaves turn; and when all of that is settled, people join and leave.

use serde::{Deserialize, Serialize};

use crate::{Audience, bits::SHARD, live::Of, plan::Leaf, schema::Pairs, walk::Asking};

/// Somebody joined a segment or left it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    pub segment: i64,
    pub person: i64,
    pub joined: bool,
    pub cause: Cause,
}

/// Because of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Cause {
    /// The change itself, which was about this person.
    Own,
    /// The change was about a thing that the person is linked to (by its number), or about somebody linked to it.
    Thing(i64),
    /// A day went by.
    Day,
}

/// What is still to be looked at.
#[derive(Default)]
pub(crate) struct Wave {
    /// Leaves that turned, with the person for whom.
    pub turned: Vec<(u32, u32, Cause)>,
    /// Saved segments that may have changed for somebody.
    pub doubtful: Vec<(u32, u32, Cause)>,
}

impl Audience {
    /// Carries a wave through and says who moved, ordered by segment and person.
    ///
    /// Nothing of a segment is looked at before all leaves are settled: otherwise somebody could leave and join again
    /// by one event.
    pub(crate) fn settle(&mut self, mut wave: Wave) -> Vec<Moved> {
        let mut at = 0;
        while let Some(&(leaf, person, cause)) = wave.turned.get(at) {
            at += 1;
            let uses = self.live.leaf(leaf).map_or(0, |kept| kept.uses.len());
            for at in 0..uses {
                let Some(&segment) = self.live.leaf(leaf).and_then(|kept| kept.uses.get(at)) else { break };
                self.doubt(segment, person, cause, &mut wave);
            }
        }
        // Person after person, since all that is asked of one stands together; which is how midnight has them already,
        // so that there is next to nothing to sort.
        wave.doubtful.sort_by_key(|(_, person, _)| *person);
        let mut moves = Vec::new();
        for doubtful in wave.doubtful.chunk_by_mut(|(_, one, _), (_, other, _)| one == other) {
            doubtful.sort_unstable();
            let mut last = None;
            for &mut (number, person, cause) in doubtful {
                if last.replace(number) == Some(number) {
                    continue;
                }
                let within = self.is_in(number, person);
                if self.live.put(number, person, within)
                    && let Some(Of::Caller(id)) = self.live.segment(number).map(|segment| segment.of)
                {
                    moves.push(Moved { segment: id, person: i64::from(person), joined: within, cause });
                }
            }
        }
        moves.sort_unstable_by_key(|moved| (moved.segment, moved.person));
        moves
    }

    /// A segment may have changed for somebody: those of leaves are looked at now, saved ones at the end.
    pub(crate) fn doubt(&mut self, segment: u32, person: u32, cause: Cause, wave: &mut Wave) {
        let Some(Of::Leaf(leaf)) = self.live.segment(segment).map(|segment| segment.of) else {
            return wave.doubtful.push((segment, person, cause));
        };
        let within = self.is_in(segment, person);
        if self.live.put(segment, person, within) {
            for thing in self.count_person(leaf, person, within) {
                self.refit(leaf, thing, wave);
            }
        }
    }

    /// Counts somebody for (or no longer for) all things of a linked leaf; says which.
    pub(crate) fn count_person(&mut self, leaf: u32, person: u32, within: bool) -> Vec<u32> {
        let Some(kept) = self.live.leaf_mut(leaf) else { return Vec::new() };
        let (Leaf::Linked(linked), Some(fitting)) = (&kept.leaf, &mut kept.linked) else { return Vec::new() };
        let Some(shard) = self.shards.get((person / SHARD) as usize) else { return Vec::new() };
        let things: Vec<u32> = linked.things(shard, (person % SHARD) as u16).collect();
        for &thing in &things {
            if fitting.counts.len() <= thing as usize {
                fitting.counts.resize(thing as usize + 1, 0);
            }
            if let Some(count) = fitting.counts.get_mut(thing as usize) {
                *count = if within { *count + 1 } else { count.saturating_sub(1) };
            }
        }
        things
    }

    /// Looks whether a thing still fits a linked leaf, and turns the leaf for its people when that changed.
    pub(crate) fn refit(&mut self, leaf: u32, thing: u32, wave: &mut Wave) {
        let Some(kept) = self.live.leaf_mut(leaf) else { return };
        let (Leaf::Linked(linked), Some(fitting)) = (&kept.leaf, &mut kept.linked) else { return };
        let things = self.things.get(usize::from(linked.field)).and_then(Option::as_ref);
        let Some(row) = things.and_then(|things| things.get(thing)) else { return };
        let count = fitting.counts.get(thing as usize).copied().unwrap_or(0);
        let fits = linked.fits(row, count, self.now);
        if fitting.things.len() <= thing as usize {
            fitting.things.resize(thing as usize + 1, false);
        }
        let Some(before) = fitting.things.get_mut(thing as usize) else { return };
        if std::mem::replace(before, fits) == fits {
            return;
        }
        let people: Vec<u32> = row.people.iter().map(|(person, _)| *person).collect();
        let cause = Cause::Thing(row.id);
        for person in people {
            self.renew(leaf, person, cause, wave);
        }
    }

    /// Answers a kept leaf anew for somebody.
    pub(crate) fn renew(&mut self, leaf: u32, person: u32, cause: Cause, wave: &mut Wave) {
        let holds = self.is_here(person) && self.ask(leaf, person);
        if self.live.put_leaf(leaf, person, holds) {
            wave.turned.push((leaf, person, cause));
        }
    }

    pub(crate) fn is_here(&self, person: u32) -> bool {
        let shard = self.shards.get((person / SHARD) as usize);
        shard.is_some_and(|shard| shard.here.get((person % SHARD) as u16))
    }

    /// Whether a segment's tree holds for somebody, by the leaves as they are kept.
    pub(crate) fn is_in(&self, segment: u32, person: u32) -> bool {
        self.is_here(person)
            && self
                .live
                .segment(segment)
                .is_some_and(|segment| segment.tree.holds(&|leaf| self.answered(*leaf, person)))
    }

    /// A leaf as it is kept, or from the row when it is not.
    pub(crate) fn answered(&self, leaf: u32, person: u32) -> bool {
        let Some(kept) = self.live.leaf(leaf) else { return false };
        if kept.leaf.is_kept() && !self.is_read_from_row(&kept.leaf, person) {
            return self.live.holds(leaf, person);
        }
        self.ask(leaf, person)
    }

    /// Whether walking through somebody's history is less work than finding them in the set that is kept of a leaf: an
    /// event has just brought the history into the cache, and the sets of fifty leaves are not there.
    fn is_read_from_row(&self, leaf: &Leaf, person: u32) -> bool {
        const SHORT: usize = 64;
        matches!(leaf, Leaf::Did { .. } | Leaf::Then { .. })
            && self
                .shards
                .get((person / SHARD) as usize)
                .is_some_and(|shard| shard.acts.of((person % SHARD) as u16).len() <= SHORT)
    }

    /// A leaf from what is known of somebody, kept or not.
    pub(crate) fn ask(&self, leaf: u32, person: u32) -> bool {
        let number = (person / SHARD) as usize;
        let (Some(asking), Some(shard)) = (self.asking_kept(leaf), self.shards.get(number)) else {
            return false;
        };
        asking.holds(shard, number as u32 * SHARD, (person % SHARD) as u16)
    }

    pub(crate) fn asking_kept(&self, leaf: u32) -> Option<Asking<'_>> {
        let kept = self.live.leaf(leaf)?;
        let pairs = match &kept.leaf {
            Leaf::Role { field, .. } => self.pairs.get(usize::from(*field)).map(Pairs::list),
            _ => None,
        };
        Some(Asking {
            leaf: &kept.leaf,
            days: kept.days,
            today: self.now.today.number(),
            pairs: pairs.unwrap_or_default(),
            things: kept.linked.as_ref().map_or(&[][..], |fitting| &fitting.things),
            always_sweep: false,
        })
    }

    /// The linked leaves of a fact.
    pub(crate) fn linked_leaves(&self, field: u16) -> Vec<u32> {
        let leaves = self.live.by_field.get(usize::from(field));
        leaves.cloned().unwrap_or_default()
    }

    /// Whether somebody counts for the things of a linked leaf.
    pub(crate) fn counts(&self, leaf: u32, person: u32) -> bool {
        let people = self.live.leaf(leaf).and_then(|kept| kept.linked.as_ref()?.people);
        people.is_some_and(|people| self.live.contains(people, person))
    }
}
