//! A rule as the index answers it: the same tree with facts, codes and segments looked up.

use kring_rules::{Bound, Bucket, Count, Days, Held, Leaf as Asked, Now, Rule, Test, When};
use serde::{Deserialize, Serialize};

use crate::{
    Audience, Fault,
    schema::{Fields, Holds},
};

/// A tree over leaves: over whole ones while it is made, over numbers of leaves when a segment is kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Tree<L> {
    All(Vec<Tree<L>>),
    Any(Vec<Tree<L>>),
    None(Vec<Tree<L>>),
    Leaf(L),
}

pub(crate) type Plan = Tree<Box<Leaf>>;

/// A question about one fact. Two segments that ask the same have equal leaves, which are answered once.
///
/// `None` for a list of codes asks for all; codes that nobody ever had are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Leaf {
    Codes { field: u16, codes: Vec<u32> },
    Known { field: u16 },
    Number { field: u16, from: i64, to: i64 },
    Days { field: u16, from: Option<Bound>, to: Option<Bound> },
    Flag { field: u16 },
    Did { acts: Acts, when: When, count: u32, days: bool },
    Then { acts: Acts, when: When, next: Acts, within: u32 },
    Role { field: u16, kinds: Option<Vec<u32>>, places: Option<Vec<u32>>, held: Held },
    Linked(Linked),
    Bucket(Bucket),
}

/// Which happenings are meant: a bit for each kind, and details (from 1 up).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Acts {
    pub kinds: u64,
    pub details: Option<Vec<u32>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Linked {
    pub field: u16,
    pub kinds: Option<Vec<u32>>,
    /// On the facts of the thing.
    pub to: Option<Plan>,
    pub people: Option<(u32, Plan)>,
}

impl Leaf {
    /// The days that the leaf is about, for one today; days of the year are looked up once, not for each person.
    pub fn days(&self, now: Now) -> Days {
        match self {
            Self::Did { when, .. } | Self::Then { when, .. } => when.days(&now),
            Self::Days { from, to, .. } | Self::Role { held: Held::During { from, to }, .. } => {
                Days::between(*from, *to, &now)
            }
            _ => Days { from: now.today.number(), to: now.today.number() },
        }
    }

    /// How much it costs to answer, in steps: a few sets, a column, a walk through histories.
    pub fn cost(&self) -> u8 {
        match self {
            Self::Codes { .. } | Self::Flag { .. } => 0,
            Self::Known { .. } | Self::Number { .. } | Self::Days { .. } => 1,
            Self::Linked(Linked { people: None, .. }) => 2,
            Self::Bucket(_) => 3,
            Self::Role { .. } => 4,
            Self::Did { .. } => 5,
            Self::Then { .. } => 6,
            Self::Linked(_) => 7,
        }
    }

    /// Whether the answer for everybody is kept while a segment asks it. What can be read from the row at once is not.
    pub fn is_kept(&self) -> bool {
        matches!(self, Self::Did { .. } | Self::Then { .. } | Self::Role { .. } | Self::Linked(_))
    }
}

impl<L> Tree<L> {
    pub fn below(&self) -> &[Tree<L>] {
        match self {
            Self::All(trees) | Self::Any(trees) | Self::None(trees) => trees,
            Self::Leaf(_) => &[],
        }
    }

    pub fn leaves<'a>(&'a self, found: &mut Vec<&'a L>) {
        if let Self::Leaf(leaf) = self {
            found.push(leaf);
        }
        self.below().iter().for_each(|tree| tree.leaves(found));
    }

    /// The same tree over what `f` makes of its leaves.
    pub fn map<M>(&self, f: &mut impl FnMut(&L) -> M) -> Tree<M> {
        let mut all = |trees: &[Tree<L>]| trees.iter().map(|tree| tree.map(f)).collect();
        match self {
            Self::All(trees) => Tree::All(all(trees)),
            Self::Any(trees) => Tree::Any(all(trees)),
            Self::None(trees) => Tree::None(all(trees)),
            Self::Leaf(leaf) => Tree::Leaf(f(leaf)),
        }
    }

    pub fn holds(&self, leaf: &impl Fn(&L) -> bool) -> bool {
        match self {
            Self::All(trees) => trees.iter().all(|tree| tree.holds(leaf)),
            Self::Any(trees) => trees.iter().any(|tree| tree.holds(leaf)),
            Self::None(trees) => !trees.iter().any(|tree| tree.holds(leaf)),
            Self::Leaf(one) => leaf(one),
        }
    }

    /// As [`Tree::holds`], for two states of the leaves at once: one look at each leaf, and none at those that cannot matter
    /// any more.
    pub fn turns(&self, leaf: &impl Fn(&L) -> (bool, bool)) -> (bool, bool) {
        let any = |trees: &[Self]| {
            let mut found = (false, false);
            for tree in trees {
                let (was, is) = tree.turns(leaf);
                found = (found.0 || was, found.1 || is);
                if found == (true, true) {
                    break;
                }
            }
            found
        };
        match self {
            Self::All(trees) => {
                let mut left = (true, true);
                for tree in trees {
                    let (was, is) = tree.turns(leaf);
                    left = (left.0 && was, left.1 && is);
                    if left == (false, false) {
                        break;
                    }
                }
                left
            }
            Self::Any(trees) => any(trees),
            Self::None(trees) => {
                let (was, is) = any(trees);
                (!was, !is)
            }
            Self::Leaf(one) => leaf(one),
        }
    }

    /// Puts first in each group what `first` says of all its leaves.
    pub fn put_first(&mut self, first: &impl Fn(&L) -> bool) {
        if let Self::All(trees) | Self::Any(trees) | Self::None(trees) = self {
            for tree in trees.iter_mut() {
                tree.put_first(first);
            }
            trees.sort_by_key(|tree| {
                let mut leaves = Vec::new();
                tree.leaves(&mut leaves);
                !leaves.into_iter().all(first)
            });
        }
    }
}

impl Plan {
    /// Cheap conditions first: what they leave out need not be asked the dear ones.
    fn arrange(&mut self) {
        if let Self::All(trees) | Self::Any(trees) | Self::None(trees) = self {
            trees.iter_mut().for_each(Self::arrange);
            trees.sort_by_key(Self::cost);
        }
    }

    fn cost(&self) -> u8 {
        match self {
            Self::Leaf(leaf) => leaf.cost(),
            _ => self.below().iter().map(Self::cost).max().unwrap_or(0),
        }
    }
}

/// Nodes of one plan, segments written out: a few segments that each name two others would grow without end.
const MOST_NODES: usize = 20_000;
/// Segments in segments, one in the other.
const MOST_SEGMENTS: usize = 30;

/// Makes the plan of a rule. Everything in it was looked up, so the plan is good as long as no code comes by for the
/// first time; a saved segment learns its codes first.
pub(crate) fn plan(rule: &Rule, of: &Audience) -> Result<Plan, Fault> {
    let mut making = Making { of, nodes: 0, segments: Vec::new() };
    let mut plan = making.tree(rule, &of.fields)?;
    plan.arrange();
    Ok(plan)
}

struct Making<'a> {
    of: &'a Audience,
    nodes: usize,
    /// The segments that are being written out.
    segments: Vec<i64>,
}

impl Making<'_> {
    fn tree(&mut self, rule: &Rule, fields: &Fields) -> Result<Plan, Fault> {
        self.nodes += 1;
        if self.nodes > MOST_NODES {
            return Err(Fault::TooLarge);
        }
        match rule {
            Rule::All(rules) => self.trees(rules, fields).map(Plan::All),
            Rule::Any(rules) => self.trees(rules, fields).map(Plan::Any),
            Rule::None(rules) => self.trees(rules, fields).map(Plan::None),
            Rule::Fact(asked) => self.asked(asked, fields),
            Rule::Bucket(bucket) => Ok(leaf(Leaf::Bucket(*bucket))),
            Rule::Segment(id) => {
                if self.segments.contains(id) {
                    return Err(Fault::Circular(*id));
                }
                if self.segments.len() == MOST_SEGMENTS {
                    return Err(Fault::TooLarge);
                }
                let rule = self.of.live.rule(*id).ok_or(Fault::NoSegment(*id))?;
                self.segments.push(*id);
                let tree = self.tree(rule, fields);
                self.segments.pop();
                tree
            }
        }
    }

    fn trees(&mut self, rules: &[Rule], fields: &Fields) -> Result<Vec<Plan>, Fault> {
        rules.iter().map(|rule| self.tree(rule, fields)).collect()
    }

    fn asked(&mut self, Asked { key, is }: &Asked, fields: &Fields) -> Result<Plan, Fault> {
        let (field, holds) = fields.find(key).ok_or_else(|| Fault::NoFact(key.clone()))?;
        if !holds.kind().knows(is) {
            return Err(Fault::WrongKind(key.clone()));
        }
        let codes = |codes: &[String]| {
            let mut codes: Vec<u32> = codes.iter().filter_map(|code| fields.code(field, code)).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        };
        let listed = |list: &[String]| (!list.is_empty()).then(|| codes(list));
        Ok(match is {
            Test::AnyOf(list) => leaf(Leaf::Codes { field, codes: codes(list) }),
            Test::NoneOf(list) => Plan::None(vec![leaf(Leaf::Codes { field, codes: codes(list) })]),
            Test::AllOf(list) => Plan::All(
                list.iter()
                    .map(|code| leaf(Leaf::Codes { field, codes: codes(std::slice::from_ref(code)) }))
                    .collect(),
            ),
            Test::Known => leaf(Leaf::Known { field }),
            Test::Unknown => Plan::None(vec![leaf(Leaf::Known { field })]),
            Test::Between { from, to } => {
                leaf(Leaf::Number { field, from: from.unwrap_or(i64::MIN), to: to.unwrap_or(i64::MAX) })
            }
            Test::Days { from, to } => leaf(Leaf::Days { field, from: *from, to: *to }),
            Test::Yes => leaf(Leaf::Flag { field }),
            Test::No => Plan::None(vec![leaf(Leaf::Flag { field })]),
            Test::Did(did) => {
                let acts = self.acts(holds, &did.details);
                let when = did.when;
                let at_least = |count, days| match count {
                    0 => Plan::All(Vec::new()),
                    _ => leaf(Leaf::Did { acts, when, count, days }),
                };
                match did.count {
                    Count::AtLeast(n) => at_least(n, false),
                    Count::FewerThan(n) => Plan::None(vec![at_least(n, false)]),
                    Count::OnDays(n) => at_least(n, n > 1),
                }
            }
            Test::Then(then) => {
                let (_, next) = fields.find(&then.next).ok_or_else(|| Fault::NoFact(then.next.clone()))?;
                if !matches!(next, Holds::Acts(_)) {
                    return Err(Fault::WrongKind(then.next.clone()));
                }
                let acts = self.acts(holds, &then.details);
                let next = self.acts(next, &then.next_details);
                leaf(Leaf::Then { acts, when: then.when, next, within: then.within })
            }
            Test::Role(role) => {
                let places = (!role.places.is_empty()).then(|| {
                    let places = fields.places.get(usize::from(field));
                    let find = |place: &String| places.and_then(|places| places.find(place));
                    role.places.iter().filter_map(find).collect()
                });
                leaf(Leaf::Role { field, kinds: listed(&role.kinds), places, held: role.held })
            }
            Test::Linked(linked) => {
                let kinds = listed(&linked.kinds);
                let things = self.of.things_of(field).ok_or_else(|| Fault::WrongKind(key.clone()))?;
                let all = &self.of.fields;
                let mut below = |rule: &Rule, fields: &Fields| {
                    let mut plan = self.tree(rule, fields)?;
                    plan.arrange();
                    Ok::<_, Fault>(plan)
                };
                let to = linked.to.as_ref().map(|rule| below(rule, &things.fields)).transpose()?;
                let people = match &linked.people {
                    Some(people) => Some((people.at_least, below(&people.rule, all)?)),
                    None => None,
                };
                leaf(Leaf::Linked(Linked { field, kinds, to, people }))
            }
        })
    }

    fn acts(&self, holds: &Holds, details: &[String]) -> Acts {
        let details = (!details.is_empty()).then(|| {
            let find = |detail: &String| self.of.details.find(detail).map(|number| number + 1);
            let mut details: Vec<u32> = details.iter().filter_map(find).collect();
            details.sort_unstable();
            details
        });
        Acts { kinds: holds.mask(), details }
    }
}

fn leaf(leaf: Leaf) -> Plan {
    Plan::Leaf(Box::new(leaf))
}
