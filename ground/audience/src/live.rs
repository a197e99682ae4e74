//! Saved segments: the leaves they ask, what is kept of each, and who is in.

use hashbrown::HashMap;
use kring_rules::{Days, Now, Rule};
use serde::{Deserialize, Serialize};

use crate::{
    bits::{Bits, SHARD},
    members::Members,
    plan::{Leaf, Tree},
    schema::MOST_KINDS,
};

/// All that is kept for saved segments.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Live {
    /// By number; a number that is free again has `None`.
    pub leaves: Vec<Option<Kept>>,
    numbers: HashMap<Leaf, u32>,
    pub segments: Vec<Option<Segment>>,
    /// By shard: who is in which segment, and for whom which of the kept leaves holds.
    pub members: Vec<Members>,
    pub held: Vec<Members>,
    pub by_id: HashMap<i64, u32>,
    pub rules: HashMap<i64, Rule>,
    /// The leaves that ask a fact other than acts, by the number of the fact; and those that ask acts, by kind.
    pub by_field: Vec<Vec<u32>>,
    pub by_kind: Vec<Vec<u32>>,
}

/// A leaf that at least one segment asks.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub leaf: Leaf,
    /// The segments that ask it.
    pub uses: Vec<u32>,
    pub linked: Option<Fitting>,
    /// [`Leaf::days`] for today.
    #[serde(with = "days")]
    pub days: Days,
}

/// What is kept of a linked leaf.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Fitting {
    /// By number of the thing: whether it has all that is asked.
    pub things: Vec<bool>,
    /// By number of the thing: how many of its people hold the rule on people. Empty when there is none.
    pub counts: Vec<u32>,
    /// The segment that keeps the rule on people.
    pub people: Option<u32>,
}

/// A tree whose members are kept.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Segment {
    pub of: Of,
    pub tree: Tree<u32>,
    pub size: u64,
}

/// Whose a segment is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Of {
    /// Saved, under the caller's number.
    Caller(i64),
    /// The rule on people of a linked leaf.
    Leaf(u32),
}

impl Live {
    pub fn new(fields: usize) -> Self {
        Self {
            leaves: Vec::new(),
            numbers: HashMap::new(),
            segments: Vec::new(),
            members: Vec::new(),
            held: Vec::new(),
            by_id: HashMap::new(),
            rules: HashMap::new(),
            by_field: vec![Vec::new(); fields],
            by_kind: vec![Vec::new(); usize::from(MOST_KINDS)],
        }
    }

    pub fn rule(&self, id: i64) -> Option<&Rule> {
        self.rules.get(&id)
    }

    /// For whom a leaf holds in a shard, when a segment asks it and it is kept.
    pub fn kept(&self, leaf: &Leaf, shard: usize) -> Option<Bits> {
        if !self.is_kept(leaf) {
            return None;
        }
        self.held.get(shard).map(|held| held.bits(self.numbers.get(leaf).copied().unwrap_or(u32::MAX)))
    }

    pub fn is_kept(&self, leaf: &Leaf) -> bool {
        leaf.is_kept() && self.numbers.contains_key(leaf)
    }

    pub fn number(&self, leaf: &Leaf) -> Option<u32> {
        self.numbers.get(leaf).copied()
    }

    pub fn leaf(&self, number: u32) -> Option<&Kept> {
        self.leaves.get(number as usize)?.as_ref()
    }

    pub fn leaf_mut(&mut self, number: u32) -> Option<&mut Kept> {
        self.leaves.get_mut(number as usize)?.as_mut()
    }

    pub fn segment(&self, number: u32) -> Option<&Segment> {
        self.segments.get(number as usize)?.as_ref()
    }

    pub fn segment_mut(&mut self, number: u32) -> Option<&mut Segment> {
        self.segments.get_mut(number as usize)?.as_mut()
    }

    pub fn number_of(&self, id: i64) -> Option<u32> {
        self.by_id.get(&id).copied()
    }

    pub fn saved(&self, id: i64) -> Option<&Segment> {
        self.segment(self.number_of(id)?)
    }

    /// Brings all that is kept of somebody near, before much of it is asked.
    pub fn warm(&self, person: u32) {
        let (shard, row) = ((person / SHARD) as usize, (person % SHARD) as u16);
        for members in [self.held.get(shard), self.members.get(shard)].into_iter().flatten() {
            members.warm(row);
        }
    }

    /// The numbers of all leaves.
    pub fn all_leaves(&self) -> Vec<u32> {
        (0_u32..).zip(&self.leaves).filter(|(_, kept)| kept.is_some()).map(|(number, _)| number).collect()
    }

    /// The numbers of all segments, those of leaves first.
    pub fn all_segments(&self) -> Vec<u32> {
        let some = |leaf: bool| {
            (0_u32..).zip(&self.segments).filter_map(move |(number, segment)| {
                let of = segment.as_ref()?.of;
                (matches!(of, Of::Leaf(_)) == leaf).then_some(number)
            })
        };
        some(true).chain(some(false)).collect()
    }

    pub fn add_leaf(&mut self, kept: Kept) -> u32 {
        let leaf = kept.leaf.clone();
        let number = free(&mut self.leaves, kept);
        for list in self.lists(&leaf) {
            list.push(number);
        }
        self.numbers.insert(leaf, number);
        number
    }

    pub fn add_segment(&mut self, segment: Segment) -> u32 {
        let mut leaves = Vec::new();
        segment.tree.leaves(&mut leaves);
        let mut leaves: Vec<u32> = leaves.into_iter().copied().collect();
        leaves.sort_unstable();
        leaves.dedup();
        let number = free(&mut self.segments, segment);
        for leaf in leaves {
            if let Some(kept) = self.leaf_mut(leaf) {
                kept.uses.push(number);
            }
        }
        number
    }

    /// Takes a segment out, with the leaves that nobody else asks.
    pub fn drop_segment(&mut self, number: u32) {
        let Some(segment) = self.segments.get_mut(number as usize).and_then(Option::take) else { return };
        self.members.iter_mut().for_each(|members| members.clear(number));
        let mut leaves = Vec::new();
        segment.tree.leaves(&mut leaves);
        for leaf in leaves.into_iter().copied() {
            let Some(kept) = self.leaf_mut(leaf) else { continue };
            kept.uses.retain(|&one| one != number);
            if kept.uses.is_empty() {
                self.drop_leaf(leaf);
            }
        }
    }

    fn drop_leaf(&mut self, number: u32) {
        let Some(kept) = self.leaves.get_mut(number as usize).and_then(Option::take) else { return };
        self.numbers.remove(&kept.leaf);
        self.held.iter_mut().for_each(|held| held.clear(number));
        for list in self.lists(&kept.leaf) {
            list.retain(|&one| one != number);
        }
        if let Some(people) = kept.linked.and_then(|linked| linked.people) {
            self.drop_segment(people);
        }
    }

    /// The lists in which a leaf stands.
    fn lists(&mut self, leaf: &Leaf) -> Vec<&mut Vec<u32>> {
        let field = match leaf {
            Leaf::Codes { field, .. }
            | Leaf::Known { field }
            | Leaf::Number { field, .. }
            | Leaf::Days { field, .. }
            | Leaf::Flag { field }
            | Leaf::Role { field, .. } => *field,
            Leaf::Linked(linked) => linked.field,
            Leaf::Bucket(_) => return Vec::new(),
            Leaf::Did { acts, .. } => return self.of_kinds(acts.kinds),
            Leaf::Then { acts, next, .. } => return self.of_kinds(acts.kinds | next.kinds),
        };
        self.by_field.get_mut(usize::from(field)).into_iter().collect()
    }

    fn of_kinds(&mut self, kinds: u64) -> Vec<&mut Vec<u32>> {
        self.by_kind
            .iter_mut()
            .enumerate()
            .filter(|(kind, _)| kinds >> kind & 1 == 1)
            .map(|(_, list)| list)
            .collect()
    }

    /// For whom a kept leaf holds, by shard.
    pub fn hold(&mut self, leaf: u32, people: &[Bits]) {
        for (place, bits) in self.held.iter_mut().zip(people) {
            place.set(leaf, bits);
        }
    }

    /// Whether a kept leaf holds for somebody.
    pub fn holds(&self, leaf: u32, person: u32) -> bool {
        let held = self.held.get((person / SHARD) as usize);
        held.is_some_and(|held| held.contains(leaf, (person % SHARD) as u16))
    }

    /// Tells whether a kept leaf holds for somebody; whether that is news.
    pub fn put_leaf(&mut self, leaf: u32, person: u32, holds: bool) -> bool {
        let held = self.held.get_mut((person / SHARD) as usize);
        held.is_some_and(|held| held.put(leaf, (person % SHARD) as u16, holds))
    }

    /// Whether somebody is in a segment.
    pub fn contains(&self, segment: u32, person: u32) -> bool {
        let members = self.members.get((person / SHARD) as usize);
        members.is_some_and(|members| members.contains(segment, (person % SHARD) as u16))
    }

    /// Puts somebody in or out of a segment; whether that changed anything.
    pub fn put(&mut self, segment: u32, person: u32, within: bool) -> bool {
        let members = self.members.get_mut((person / SHARD) as usize);
        let changed = members.is_some_and(|members| members.put(segment, (person % SHARD) as u16, within));
        if changed && let Some(segment) = self.segment_mut(segment) {
            segment.size = if within { segment.size + 1 } else { segment.size - 1 };
        }
        changed
    }

    /// Gives a segment its members, by shard.
    pub fn fill(&mut self, segment: u32, members: &[Bits]) {
        for (place, bits) in self.members.iter_mut().zip(members) {
            place.set(segment, bits);
        }
        if let Some(segment) = self.segment_mut(segment) {
            segment.size = members.iter().map(|bits| u64::from(bits.len())).sum();
        }
    }

    /// The segments that somebody is in, in no order.
    pub fn segments_of(&self, person: u32) -> impl Iterator<Item = &Segment> {
        let members = self.members.get((person / SHARD) as usize);
        let numbers = members.into_iter().flat_map(move |members| members.of((person % SHARD) as u16));
        numbers.filter_map(|number| self.segment(number))
    }

    /// Makes room for one more shard.
    pub fn grow(&mut self, shards: usize) {
        self.members.resize_with(shards, Members::default);
        self.held.resize_with(shards, Members::default);
    }

    /// Looks the days of all leaves up anew.
    pub fn renew_days(&mut self, now: Now) {
        for kept in self.leaves.iter_mut().flatten() {
            kept.days = kept.leaf.days(now);
        }
    }
}

/// Puts something at the first free number.
fn free<T>(list: &mut Vec<Option<T>>, one: T) -> u32 {
    let number = list.iter().position(Option::is_none).unwrap_or(list.len());
    if number == list.len() {
        list.push(None);
    }
    if let Some(place) = list.get_mut(number) {
        *place = Some(one);
    }
    number as u32
}

/// Days are not in the stored form of a rule, so their crate gives them none.
mod days {
    use kring_rules::Days;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
    pub fn serialize<S: Serializer>(days: &Days, to: S) -> Result<S::Ok, S::Error> {
        (days.from, days.to).serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Days, D::Error> {
        <(i32, i32)>::deserialize(from).map(|(from, to)| Days { from, to })
    }
}
