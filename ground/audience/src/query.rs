//! A plan over everybody, shard by shard.

use std::cell::Cell;

use hashbrown::HashMap;
use kring_rules::{Now, Rule};
use roaring::RoaringBitmap;

use crate::{
    Audience, Fault,
    bits::{Bits, SHARD, Set},
    pack,
    plan::{Leaf, Linked, Plan, plan},
    shard::{Shard, Stored},
    things::{Thing, Things},
    walk::{Asking, among},
};

/// What one question has beside its plan.
struct Prepared<'a> {
    /// The answer for everybody to a linked leaf that no segment keeps: made once for all shards, from the things to their
    /// people, since few things are asked for and many people have links.
    linked: HashMap<&'a Leaf, Vec<Bits>>,
    /// Bytes of the index that were read for it so far.
    read: Cell<usize>,
}

impl Prepared<'_> {
    fn reads(&self, bytes: usize) {
        self.read.set(self.read.get() + bytes);
    }
}

/// A set over the rows of a shard, laid out.
const BITS: usize = SHARD as usize / 8;

impl Audience {
    /// How many people a rule holds for.
    pub fn count(&self, rule: &Rule) -> Result<u64, Fault> {
        let plan = plan(rule, self)?;
        let mut count = 0;
        self.answer(&plan, |_, bits| count += u64::from(bits.len()));
        Ok(count)
    }

    /// As [`Self::count`], with how many bytes of the index were read for it: sets, columns, days of happenings, roles and the
    /// histories that were walked through. What is made on the way (who is left over, counters) is not in it.
    pub fn count_reading(&self, rule: &Rule) -> Result<(u64, usize), Fault> {
        let plan = plan(rule, self)?;
        let mut count = 0;
        let read = self.answer(&plan, |_, bits| count += u64::from(bits.len()));
        Ok((count, read))
    }

    /// The numbers of the people a rule holds for.
    pub fn members(&self, rule: &Rule) -> Result<RoaringBitmap, Fault> {
        let plan = plan(rule, self)?;
        Ok(self.members_of(&plan))
    }

    /// Whether a rule holds for one person; for somebody who is not there, no rule does.
    pub fn holds(&self, rule: &Rule, person: i64) -> Result<bool, Fault> {
        let plan = plan(rule, self)?;
        let Ok((number, row)) = self.row(person) else { return Ok(false) };
        let mut found = false;
        let mut within = Bits::new();
        within.set(row);
        let prepared = self.prepared(&plan);
        if let Some(shard) = self.shards.get(number) {
            within.and(&shard.here);
            found = !self.tree(&plan, number, shard, &within, &prepared).is_empty();
        }
        Ok(found)
    }

    /// So many members, spread evenly over their numbers from a seed: the same for the same seed and base.
    pub fn sample(&self, rule: &Rule, size: u32, seed: u64) -> Result<Vec<i64>, Fault> {
        let members = self.members(rule)?;
        let (len, size) = (members.len(), u64::from(size));
        if len <= size {
            return Ok(members.iter().map(i64::from).collect());
        }
        let at = |n: u64| ((seed % len) + n * len / size) % len;
        Ok((0..size).filter_map(|n| members.select(at(n) as u32)).map(i64::from).collect())
    }

    pub(crate) fn members_of(&self, plan: &Plan) -> RoaringBitmap {
        let mut members = RoaringBitmap::new();
        self.answer(plan, |first, bits| {
            members |= Set::from(bits).shifted(first);
        });
        members
    }

    /// Hands the members to `each`, with the number of the first person of their shard; says how many bytes were read.
    pub(crate) fn answer(&self, plan: &Plan, mut each: impl FnMut(u32, &Bits)) -> usize {
        let prepared = self.prepared(plan);
        for (number, shard) in self.shards.iter().enumerate() {
            let bits = self.tree(plan, number, shard, &shard.here, &prepared);
            each(number as u32 * SHARD, &bits);
        }
        prepared.reads(self.shards.len() * BITS);
        prepared.read.get()
    }

    /// Those of `within` for whom the tree holds. Each condition is asked only of those whom the ones before it left
    /// over, so that a walk through histories comes last and for few.
    fn tree(
        &self,
        plan: &Plan,
        number: usize,
        shard: &Shard,
        within: &Bits,
        prepared: &Prepared<'_>,
    ) -> Bits {
        match plan {
            Plan::All(plans) => {
                let mut left = within.clone();
                for plan in plans {
                    if left.is_empty() {
                        break;
                    }
                    left = self.tree(plan, number, shard, &left, prepared);
                }
                left
            }
            Plan::Any(plans) => self.any(plans, number, shard, within, prepared).0,
            Plan::None(plans) => self.any(plans, number, shard, within, prepared).1,
            Plan::Leaf(leaf) => {
                let mut bits = Bits::new();
                self.leaf(leaf, number, shard, within, prepared, &mut bits);
                bits
            }
        }
    }

    /// Those for whom one of the plans holds, and the others.
    fn any(
        &self,
        plans: &[Plan],
        number: usize,
        shard: &Shard,
        within: &Bits,
        prepared: &Prepared<'_>,
    ) -> (Bits, Bits) {
        let (mut found, mut left) = (Bits::new(), within.clone());
        for plan in plans {
            if left.is_empty() {
                break;
            }
            let some = self.tree(plan, number, shard, &left, prepared);
            left.minus(&some);
            found.or(&some);
        }
        (found, left)
    }

    fn leaf(
        &self,
        leaf: &Leaf,
        number: usize,
        shard: &Shard,
        within: &Bits,
        prepared: &Prepared<'_>,
        out: &mut Bits,
    ) {
        if let Some(kept) = self.live.kept(leaf, number) {
            prepared.reads(BITS);
            out.or(&kept);
            return out.and(within);
        }
        if let Some(bits) = prepared.linked.get(leaf).and_then(|shards| shards.get(number)) {
            prepared.reads(BITS);
            out.or(bits);
            return out.and(within);
        }
        match leaf {
            Leaf::Codes { field, codes } => {
                if let Some(Stored::Choice { sets, .. } | Stored::Tags(sets)) = shard.field(*field) {
                    for set in codes.iter().filter_map(|&code| sets.get(code as usize)) {
                        prepared.reads(set.bytes());
                        set.or_into(out);
                    }
                }
            }
            Leaf::Known { field } => match shard.field(*field) {
                Some(Stored::Tags(sets)) => {
                    for set in sets {
                        prepared.reads(set.bytes());
                        set.or_into(out);
                    }
                }
                Some(Stored::Choice { column, .. } | Stored::Column(column)) => {
                    prepared.reads(column.bytes());
                    column.known(out);
                }
                _ => {}
            },
            Leaf::Number { .. } | Leaf::Days { .. } if within.len() > SHARD / 32 => {
                if let (Some(Stored::Column(column)), Some((from, to))) =
                    (shard.field(field_of(leaf)), self.ends(leaf))
                {
                    prepared.reads(column.bytes());
                    column.range(from, to, out);
                }
            }
            Leaf::Flag { field } => {
                if let Some(Stored::Flag(set)) = shard.field(*field) {
                    prepared.reads(set.bytes());
                    set.or_into(out);
                }
            }
            _ => {
                let mut asking = self.asking(leaf, &[]);
                asking.always_sweep = self.always_sweep;
                let first = number as u32 * SHARD;
                if let Some((found, read)) = asking.sweep(shard, first, within) {
                    prepared.reads(read);
                    return out.or(&found);
                }
                for row in within.rows() {
                    prepared.reads(leaf.bytes_of(shard, row));
                    if asking.holds(shard, first, row) {
                        out.set(row);
                    }
                }
                return;
            }
        }
        out.and(within);
    }

    fn ends(&self, leaf: &Leaf) -> Option<(i64, i64)> {
        match leaf {
            Leaf::Number { from, to, .. } => Some((*from, *to)),
            Leaf::Days { .. } => {
                let days = leaf.days(self.now);
                Some((i64::from(days.from), i64::from(days.to)))
            }
            _ => None,
        }
    }

    pub(crate) fn asking<'a>(&'a self, leaf: &'a Leaf, things: &'a [bool]) -> Asking<'a> {
        let pairs = match leaf {
            Leaf::Role { field, .. } => self.pairs.get(usize::from(*field)).map(crate::schema::Pairs::list),
            _ => None,
        };
        Asking::new(leaf, self.now, pairs.unwrap_or_default(), things)
    }

    /// The answers to the linked leaves of a plan, save those that a segment keeps.
    fn prepared<'a>(&self, plan: &'a Plan) -> Prepared<'a> {
        let mut leaves = Vec::new();
        plan.leaves(&mut leaves);
        let mut prepared = Prepared { linked: HashMap::new(), read: Cell::new(0) };
        for leaf in leaves {
            if let Leaf::Linked(linked) = &**leaf
                && !self.live.is_kept(leaf)
                && !prepared.linked.contains_key(&**leaf)
            {
                let (things, _, read) = self.fitting(linked);
                prepared.reads(read);
                prepared.reads(self.things_of(linked.field).map_or(0, Things::bytes));
                prepared.linked.insert(leaf, self.linked_to(linked, &things));
            }
        }
        prepared
    }

    /// Which things have all that a linked leaf asks of them, and how many of their people hold its rule on people; and how many
    /// bytes were read for that rule.
    pub(crate) fn fitting(&self, linked: &Linked) -> (Vec<bool>, Vec<u32>, usize) {
        let Some(things) = self.things_of(linked.field) else { return Default::default() };
        let (mut counts, mut read) = (Vec::new(), 0);
        if let Some((_, people)) = &linked.people {
            counts = vec![0; things.list.len()];
            read = self.answer(people, |first, members| {
                let Some(shard) = self.shards.get((first / SHARD) as usize) else { return };
                for row in members.rows() {
                    for thing in linked.things(shard, row) {
                        if let Some(count) = counts.get_mut(thing as usize) {
                            *count += 1;
                        }
                    }
                }
            });
        }
        let fits = |(number, thing): (usize, &Thing)| {
            linked.fits(thing, counts.get(number).copied().unwrap_or(0), self.now)
        };
        (things.list.iter().enumerate().map(fits).collect(), counts, read)
    }

    /// Everybody who is linked to one of these things.
    fn linked_to(&self, linked: &Linked, things: &[bool]) -> Vec<Bits> {
        let mut shards = vec![Bits::new(); self.shards.len()];
        let Some(all) = self.things_of(linked.field) else { return shards };
        for thing in all.list.iter().zip(things).filter(|(_, fits)| **fits).map(|(thing, _)| thing) {
            for &(person, kind) in &thing.people {
                if among(linked.kinds.as_deref(), kind)
                    && let Some(bits) = shards.get_mut((person / SHARD) as usize)
                {
                    bits.set((person % SHARD) as u16);
                }
            }
        }
        shards
    }
}

impl Leaf {
    /// What is read of a row to answer for it alone: its stretch and the words in it, or a value of a column.
    fn bytes_of(&self, shard: &Shard, row: u16) -> usize {
        match self {
            Self::Did { .. } | Self::Then { .. } => 12 + 8 * shard.acts.of(row).len(),
            Self::Role { field, .. } | Self::Linked(Linked { field, .. }) => {
                12 + 8 * shard.list(*field, row).len()
            }
            _ => 2,
        }
    }
}

impl Linked {
    /// The things that a row is linked to by the kinds asked for, each once.
    pub fn things<'a>(&'a self, shard: &'a Shard, row: u16) -> impl Iterator<Item = u32> + 'a {
        let words = shard.list(self.field, row).iter().map(|&word| pack::link_parts(word));
        let asked = words.filter(|(_, kind)| among(self.kinds.as_deref(), *kind));
        // All links to one thing stand together.
        let mut last = None;
        asked.filter_map(move |(thing, _)| (last.replace(thing) != Some(thing)).then_some(thing))
    }

    pub fn fits(&self, thing: &Thing, count: u32, now: Now) -> bool {
        self.to.as_ref().is_none_or(|plan| thing.holds(plan, now))
            && self.people.as_ref().is_none_or(|(at_least, _)| count >= *at_least)
    }
}

fn field_of(leaf: &Leaf) -> u16 {
    match leaf {
        Leaf::Number { field, .. } | Leaf::Days { field, .. } => *field,
        _ => u16::MAX,
    }
}
