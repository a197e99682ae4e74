//! Saving a segment, changing it, forgetting it; who is in it, and in which somebody is.

use kring_rules::{Leaf as Asked, Rule, Test};
use roaring::RoaringBitmap;

use crate::{
    Audience, Fault,
    bits::SHARD,
    live::{Fitting, Kept, Of, Segment},
    plan::{Leaf, Plan, Tree, plan},
    schema::Holds,
};

/// Who joined a segment and who left it because its rule, or that of one it refers to, was saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Shift {
    pub segment: i64,
    pub joined: RoaringBitmap,
    pub left: RoaringBitmap,
}

impl Audience {
    /// Keeps the members of a rule from now on, under a number of the caller's; a number that has a rule gets this one
    /// instead. Segments that refer to it change with it and are in the answer too, after it.
    ///
    /// Costs a walk over everybody for each leaf that no other segment asks. The rule is expected to be checked
    /// ([`validate`](kring_rules::validate)).
    pub fn save(&mut self, id: i64, rule: &Rule) -> Result<Vec<Shift>, Fault> {
        self.learn(rule);
        let before = self.live.rules.insert(id, rule.clone());
        let plans = self.referring(id).into_iter().map(|id| {
            let rule = self.live.rule(id).ok_or(Fault::NoSegment(id))?;
            Ok((id, plan(rule, self)?))
        });
        let plans: Result<Vec<(i64, Plan)>, Fault> = plans.collect();
        let plans = plans.and_then(|plans| self.check_memory().map(|()| plans));
        match plans {
            Ok(plans) => Ok(plans.into_iter().map(|(id, plan)| self.keep(id, &plan)).collect()),
            Err(fault) => {
                match before {
                    Some(rule) => self.live.rules.insert(id, rule),
                    None => self.live.rules.remove(&id),
                };
                Err(fault)
            }
        }
    }

    /// Stops keeping a segment. One that others refer to stays: [`Fault::InUse`] names the first of them.
    pub fn forget(&mut self, id: i64) -> Result<(), Fault> {
        if let Some(&other) = self.referring(id).get(1) {
            return Err(Fault::InUse(other));
        }
        let number = self.live.by_id.remove(&id).ok_or(Fault::NoSegment(id))?;
        self.live.rules.remove(&id);
        self.live.drop_segment(number);
        Ok(())
    }

    /// Stops keeping every segment, also those that others refer to.
    pub fn forget_all(&mut self) {
        for number in std::mem::take(&mut self.live.by_id).into_values() {
            self.live.drop_segment(number);
        }
        self.live.rules.clear();
    }

    /// What saving would change, without saving.
    pub fn preview(&self, id: i64, rule: &Rule) -> Result<Shift, Fault> {
        let before = self.members_kept(id).unwrap_or_default();
        let after = self.members(rule)?;
        Ok(Shift { segment: id, joined: &after - &before, left: before - after })
    }

    /// How many are in a saved segment. Costs nothing.
    pub fn size(&self, id: i64) -> Result<u64, Fault> {
        self.live.saved(id).map(|segment| segment.size).ok_or(Fault::NoSegment(id))
    }

    /// The rule of a saved segment.
    pub fn rule(&self, id: i64) -> Option<&Rule> {
        self.live.rule(id)
    }

    /// Who is in a saved segment.
    pub fn members_kept(&self, id: i64) -> Result<RoaringBitmap, Fault> {
        let number = self.live.number_of(id).ok_or(Fault::NoSegment(id))?;
        let mut all = RoaringBitmap::new();
        for (shard, members) in (0_u32..).zip(&self.live.members) {
            all |= members.shifted(number, shard * SHARD);
        }
        Ok(all)
    }

    /// Whether somebody is in a saved segment.
    pub fn is_member(&self, id: i64, person: i64) -> Result<bool, Fault> {
        let number = self.live.number_of(id).ok_or(Fault::NoSegment(id))?;
        Ok(u32::try_from(person).is_ok_and(|person| self.live.contains(number, person)))
    }

    /// The saved segments that somebody is in, in rising order.
    pub fn segments_of(&self, person: i64) -> Vec<i64> {
        let Ok(person) = u32::try_from(person) else { return Vec::new() };
        let segments = self.live.segments_of(person);
        let mut ids: Vec<i64> = segments
            .filter_map(|segment| match segment.of {
                Of::Caller(id) => Some(id),
                Of::Leaf(_) => None,
            })
            .collect();
        ids.sort_unstable();
        ids
    }

    /// The numbers of the saved segments, in rising order.
    pub fn segments(&self) -> Vec<i64> {
        let mut ids: Vec<i64> = self.live.by_id.keys().copied().collect();
        ids.sort_unstable();
        ids
    }

    /// A segment, and those that refer to it, at once or through others.
    fn referring(&self, id: i64) -> Vec<i64> {
        let mut found = vec![id];
        let mut at = 0;
        while let Some(&id) = found.get(at) {
            let mut others: Vec<i64> = self
                .live
                .rules
                .iter()
                .filter(|(other, rule)| !found.contains(other) && refers(rule, id))
                .map(|(other, _)| *other)
                .collect();
            others.sort_unstable();
            found.append(&mut others);
            at += 1;
        }
        found
    }

    fn keep(&mut self, id: i64, plan: &Plan) -> Shift {
        let old = self.live.by_id.get(&id).copied();
        let before = self.members_kept(id).unwrap_or_default();
        // The new one first: leaves that both ask are not dropped in between.
        let number = self.install(plan, Of::Caller(id));
        self.live.by_id.insert(id, number);
        if let Some(old) = old {
            self.live.drop_segment(old);
        }
        let after = self.members_kept(id).unwrap_or_default();
        Shift { segment: id, joined: &after - &before, left: before - after }
    }

    fn install(&mut self, plan: &Plan, of: Of) -> u32 {
        let mut tree: Tree<u32> = plan.map(&mut |leaf| self.intern(leaf));
        // What is kept of a person stands side by side and is read first; what has to be fetched from its column comes after.
        tree.put_first(&|leaf| self.live.leaf(*leaf).is_some_and(|kept| kept.leaf.is_kept()));
        let mut members = Vec::with_capacity(self.shards.len());
        self.answer(plan, |_, bits| members.push(bits.clone()));
        let number = self.live.add_segment(Segment { of, tree, size: 0 });
        self.live.fill(number, &members);
        number
    }

    /// The number of a leaf, which is answered for everybody when it is new and of a kind that is kept.
    fn intern(&mut self, leaf: &Leaf) -> u32 {
        if let Some(number) = self.live.number(leaf) {
            return number;
        }
        let mut people = Vec::new();
        if leaf.is_kept() {
            self.answer(&Plan::Leaf(Box::new(leaf.clone())), |_, bits| people.push(bits.clone()));
        }
        let mut kept = Kept { leaf: leaf.clone(), uses: Vec::new(), linked: None, days: leaf.days(self.now) };
        let Leaf::Linked(linked) = leaf else {
            let number = self.live.add_leaf(kept);
            self.live.hold(number, &people);
            return number;
        };
        let (things, counts, _) = self.fitting(linked);
        kept.linked = Some(Fitting { things, counts, people: None });
        let number = self.live.add_leaf(kept);
        self.live.hold(number, &people);
        if let Some((_, plan)) = &linked.people {
            let people = self.install(plan, Of::Leaf(number));
            if let Some(fitting) = self.live.leaf_mut(number).and_then(|kept| kept.linked.as_mut()) {
                fitting.people = Some(people);
            }
        }
        number
    }

    /// Gives a number to every code in a rule that has none yet, so that its plan stays right when the code comes by.
    fn learn(&mut self, rule: &Rule) {
        match rule {
            Rule::Fact(asked) => self.learn_asked(asked),
            _ => rule.below().into_iter().for_each(|rule| self.learn(rule)),
        }
    }

    fn learn_asked(&mut self, Asked { key, is }: &Asked) {
        let Some((field, holds)) = self.fields.find(key) else { return };
        if matches!(holds, Holds::Acts(_)) {
            let details: Vec<&String> = match is {
                Test::Did(did) => did.details.iter().collect(),
                Test::Then(then) => then.details.iter().chain(&then.next_details).collect(),
                _ => Vec::new(),
            };
            for detail in details {
                self.details.learn(detail);
            }
            return;
        }
        let codes = match is {
            Test::AnyOf(codes) | Test::AllOf(codes) | Test::NoneOf(codes) => codes,
            Test::Role(role) => &role.kinds,
            Test::Linked(linked) => &linked.kinds,
            _ => return,
        };
        for code in codes {
            self.fields.learn(field, code);
        }
        if let Test::Role(role) = is
            && let Some(places) = self.fields.places.get_mut(usize::from(field))
        {
            for place in &role.places {
                places.learn(place);
            }
        }
        if let Test::Linked(linked) = is {
            if let Some(rule) = &linked.to {
                self.learn_of_things(field, rule);
            }
            if let Some(people) = &linked.people {
                self.learn(&people.rule);
            }
        }
    }

    fn learn_of_things(&mut self, field: u16, rule: &Rule) {
        if let Rule::Fact(Asked { key, is: Test::AnyOf(codes) | Test::AllOf(codes) | Test::NoneOf(codes) }) =
            rule
            && let Some(things) = self.things.get_mut(usize::from(field)).and_then(Option::as_mut)
            && let Some((fact, _)) = things.fields.find(key)
        {
            for code in codes {
                things.fields.learn(fact, code);
            }
        }
        rule.below().into_iter().for_each(|rule| self.learn_of_things(field, rule));
    }
}

fn refers(rule: &Rule, id: i64) -> bool {
    matches!(rule, Rule::Segment(other) if *other == id)
        || rule.below().into_iter().any(|rule| refers(rule, id))
}
