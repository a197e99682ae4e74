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
    /// Somebody came or went: then a segment may change although none of its leaves turned.
    pub came_or_went: bool,
}

/// The leaves that turned for one person, taken off the front of what turned for all, which are in the order of people. One
/// that turned twice is as it was.
fn turned_for(doubtful: &[(u32, u32, Cause)], turned: &mut &[(u32, u32, Cause)]) -> Vec<u32> {
    let Some(&(_, person, _)) = doubtful.first() else { return Vec::new() };
    let before = turned.partition_point(|(_, other, _)| *other < person);
    let rest = turned.get(before..).unwrap_or_default();
    let theirs = rest.partition_point(|(_, other, _)| *other == person);
    let (theirs, rest) = rest.split_at(theirs);
    *turned = rest;
    let mut leaves: Vec<u32> = theirs.iter().map(|(leaf, ..)| *leaf).collect();
    leaves.sort_unstable();
    leaves
        .chunk_by(|one, other| one == other)
        .filter(|same| same.len() % 2 == 1)
        .filter_map(|same| same.first().copied())
        .collect()
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
        wave.turned.sort_by_key(|(_, person, _)| *person);
        let mut turned = wave.turned.as_slice();
        let mut moves = Vec::new();
        for doubtful in wave.doubtful.chunk_by_mut(|(_, one, _), (_, other, _)| one == other) {
            doubtful.sort_unstable();
            let mut last = None;
            let turned = if wave.came_or_went { None } else { Some(turned_for(doubtful, &mut turned)) };
            for &mut (number, person, cause) in doubtful {
                if last.replace(number) == Some(number) {
                    continue;
                }
                let within = match &turned {
                    // Of fifty segments for which a leaf turned, most stay as they were: their members are not looked at.
                    Some(turned) => match self.turns(number, person, turned) {
                        (was, is) if was == is => continue,
                        (_, is) => is,
                    },
                    None => self.is_in(number, person),
                };
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

    /// Whether a segment's tree held for somebody before these leaves turned, and whether it does now.
    fn turns(&self, segment: u32, person: u32, turned: &[u32]) -> (bool, bool) {
        let answer = |leaf: &u32| {
            let is = self.answered(*leaf, person);
            (is != turned.contains(leaf), is)
        };
        self.live.segment(segment).map_or((false, false), |segment| segment.tree.turns(&answer))
    }

    /// A leaf as it is kept, or from the row when it is not.
    pub(crate) fn answered(&self, leaf: u32, person: u32) -> bool {
        let Some(kept) = self.live.leaf(leaf) else { return false };
        if kept.leaf.is_kept() { self.live.holds(leaf, person) } else { self.ask(leaf, person) }
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
