//! What is wrong with a rule, each fault with its place in the tree; the sentences are the house's.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    bucket::Bucket,
    facts::{About, Catalog, Kind},
    path::Path,
    rule::{Count, Did, Held, Leaf, Linked, Role, Rule, Test, Then},
    window::{Bound, When},
};

/// Groups in groups, and rules under links, counted from the root.
pub const MOST_DEPTH: usize = 8;
/// Rules in one tree, segments that it refers to counted as one.
pub const MOST_NODES: usize = 200;
/// Codes in one list.
pub const MOST_VALUES: usize = 1_000;
/// Days of a window, and of "then within".
pub const MOST_DAYS: u32 = 3_650;
/// Parts of a bucket.
pub const MOST_BUCKETS: u32 = 10_000;
/// Years and days that a moving bound may lie from today.
const MOST_YEARS: u32 = 100;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    pub at: Path,
    pub why: Why,
}

/// Why a part of a rule is refused. Numbers are the limit that was passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    TooDeep(usize),
    TooManyNodes(usize),
    TooManyValues(usize),
    TooManyDays(u32),
    /// A group without rules (save the root: everybody), a list without codes, a link that asks nothing, a count that
    /// everybody or nobody reaches.
    Empty,
    /// A range whose end lies before its beginning, today or on any day.
    Backwards,
    UnknownFact(String),
    UnknownCode(String),
    UnknownPlace(String),
    UnknownSegment(i64),
    /// The fact does not know this operator.
    WrongTest(Kind),
    /// The asker may not select on this fact.
    NotAllowed(String),
    /// Acts, roles, links, segments and buckets are of people; this rule is about a linked thing.
    OnlyOfPeople,
    /// The segment refers to itself, through these.
    Circular(Vec<i64>),
    BadBucket(u32),
}

/// Every fault of a rule, in the order of the tree; none when it may be saved and run.
///
/// `own` is the number of the segment that is being edited, which its rule may not lead back to.
pub fn validate(rule: &Rule, catalog: &dyn Catalog, own: Option<i64>) -> Vec<Fault> {
    let mut check = Check { catalog, own, nodes: 0, faults: Vec::new() };
    check.rule(rule, About::Person, &Path::default());
    check.faults
}

struct Check<'a> {
    catalog: &'a dyn Catalog,
    own: Option<i64>,
    nodes: usize,
    faults: Vec<Fault>,
}

impl Check<'_> {
    fn fault(&mut self, at: &Path, why: Why) {
        self.faults.push(Fault { at: at.clone(), why });
    }

    fn rule(&mut self, rule: &Rule, about: About<'_>, at: &Path) {
        self.nodes += 1;
        if self.nodes == MOST_NODES + 1 {
            self.fault(at, Why::TooManyNodes(MOST_NODES));
        }
        if self.nodes > MOST_NODES {
            return;
        }
        if at.0.len() >= MOST_DEPTH {
            return self.fault(at, Why::TooDeep(MOST_DEPTH));
        }
        match rule {
            Rule::All(rules) | Rule::Any(rules) | Rule::None(rules) => {
                let everybody = at.0.is_empty() && matches!(rule, Rule::All(_));
                if rules.is_empty() && !everybody {
                    self.fault(at, Why::Empty);
                }
                for (place, below) in rules.iter().enumerate() {
                    self.rule(below, about, &at.step(place));
                }
            }
            Rule::Fact(leaf) => self.leaf(leaf, about, at),
            Rule::Segment(_) | Rule::Bucket(_) if about != About::Person => {
                self.fault(at, Why::OnlyOfPeople);
            }
            Rule::Segment(id) => self.segment(*id, at),
            Rule::Bucket(Bucket { of, take, .. }) => {
                if !(2..=MOST_BUCKETS).contains(of) || *take == 0 || take >= of {
                    self.fault(at, Why::BadBucket(MOST_BUCKETS));
                }
            }
        }
    }

    fn leaf(&mut self, Leaf { key, is }: &Leaf, about: About<'_>, at: &Path) {
        if self.fact(about, key, at, |kind| kind.knows(is)).is_none() {
            return;
        }
        match is {
            Test::AnyOf(codes) | Test::AllOf(codes) | Test::NoneOf(codes) => {
                if codes.is_empty() {
                    self.fault(at, Why::Empty);
                }
                self.codes(about, key, codes, at);
            }
            Test::Between { from, to } => {
                let open = from.is_none() && to.is_none();
                self.range(open, from.zip(*to).is_some_and(|(from, to)| from > to), at);
            }
            Test::Days { from, to } => self.bounds(*from, *to, at),
            Test::Known | Test::Unknown | Test::Yes | Test::No => {}
            Test::Did(_) | Test::Then(_) | Test::Role(_) | Test::Linked(_) if about != About::Person => {
                self.fault(at, Why::OnlyOfPeople);
            }
            Test::Did(did) => self.did(key, did, at),
            Test::Then(then) => self.then(key, then, at),
            Test::Role(role) => self.role(key, role, at),
            Test::Linked(linked) => self.linked(key, linked, at),
        }
    }

    /// `None`, and the fault said, when the fact cannot be asked this way.
    fn fact(&mut self, about: About<'_>, key: &str, at: &Path, knows: impl Fn(Kind) -> bool) -> Option<()> {
        let why = match self.catalog.fact(about, key) {
            None => Why::UnknownFact(key.to_owned()),
            Some(known) if !known.allowed => Why::NotAllowed(key.to_owned()),
            Some(known) if !knows(known.kind) => Why::WrongTest(known.kind),
            Some(_) => return Some(()),
        };
        self.fault(at, why);
        None
    }

    fn codes(&mut self, about: About<'_>, key: &str, codes: &[String], at: &Path) {
        if codes.len() > MOST_VALUES {
            return self.fault(at, Why::TooManyValues(MOST_VALUES));
        }
        for code in codes {
            if !self.catalog.has_code(about, key, code) {
                self.fault(at, Why::UnknownCode(code.clone()));
            }
        }
    }

    fn range(&mut self, open: bool, backwards: bool, at: &Path) {
        if open {
            self.fault(at, Why::Empty);
        } else if backwards {
            self.fault(at, Why::Backwards);
        }
    }

    /// A range of which both ends are of one sort can be held against itself on any day; mixed ones are right on some
    /// days and empty on others, which is not a fault.
    fn bounds(&mut self, from: Option<Bound>, to: Option<Bound>, at: &Path) {
        for bound in [from, to].into_iter().flatten() {
            let far = match bound {
                Bound::On(_) => false,
                Bound::Today(days) => days.unsigned_abs() > MOST_YEARS * 366,
                Bound::YearStart(years) | Bound::YearEnd(years) => years.unsigned_abs() > MOST_YEARS,
            };
            if far {
                self.fault(at, Why::TooManyDays(MOST_YEARS * 366));
            }
        }
        let backwards = match (from, to) {
            (Some(Bound::On(from)), Some(Bound::On(to))) => from > to,
            (Some(Bound::Today(from)), Some(Bound::Today(to)))
            | (Some(Bound::YearStart(from)), Some(Bound::YearStart(to) | Bound::YearEnd(to)))
            | (Some(Bound::YearEnd(from)), Some(Bound::YearEnd(to))) => from > to,
            (Some(Bound::YearEnd(from)), Some(Bound::YearStart(to))) => from >= to,
            _ => false,
        };
        self.range(from.is_none() && to.is_none(), backwards, at);
    }

    fn when(&mut self, when: When, at: &Path) {
        match when {
            When::Last(0) => self.fault(at, Why::Empty),
            When::Last(days) if days > MOST_DAYS => self.fault(at, Why::TooManyDays(MOST_DAYS)),
            When::Ever | When::Last(_) => {}
            When::Between { from, to } => self.bounds(from, to, at),
        }
    }

    fn did(&mut self, key: &str, did: &Did, at: &Path) {
        let (Count::AtLeast(n) | Count::FewerThan(n) | Count::OnDays(n)) = did.count;
        if n == 0 {
            self.fault(at, Why::Empty);
        }
        self.codes(About::Person, key, &did.details, at);
        self.when(did.when, at);
    }

    fn then(&mut self, key: &str, then: &Then, at: &Path) {
        self.codes(About::Person, key, &then.details, at);
        self.when(then.when, at);
        if self.fact(About::Person, &then.next, at, |kind| kind == Kind::Acts).is_some() {
            self.codes(About::Person, &then.next, &then.next_details, at);
        }
        if then.within > MOST_DAYS {
            self.fault(at, Why::TooManyDays(MOST_DAYS));
        }
    }

    fn role(&mut self, key: &str, role: &Role, at: &Path) {
        self.codes(About::Person, key, &role.kinds, at);
        if role.places.len() > MOST_VALUES {
            self.fault(at, Why::TooManyValues(MOST_VALUES));
        } else {
            for place in &role.places {
                if !self.catalog.has_place(key, place) {
                    self.fault(at, Why::UnknownPlace(place.clone()));
                }
            }
        }
        if let Held::During { from, to } = role.held {
            self.bounds(from, to, at);
        }
    }

    fn linked(&mut self, key: &str, linked: &Linked, at: &Path) {
        self.codes(About::Person, key, &linked.kinds, at);
        let mut place = 0;
        if let Some(to) = &linked.to {
            self.rule(to, About::Linked(key), &at.step(place));
            place += 1;
        }
        if let Some(people) = &linked.people {
            if people.at_least == 0 {
                self.fault(at, Why::Empty);
            }
            self.rule(&people.rule, About::Person, &at.step(place));
        }
    }

    fn segment(&mut self, id: i64, at: &Path) {
        if self.own == Some(id) {
            return self.fault(at, Why::Circular(vec![id]));
        }
        let Some(rule) = self.catalog.segment(id) else {
            return self.fault(at, Why::UnknownSegment(id));
        };
        let mut seen = BTreeSet::new();
        if let Some(circle) = self.leads_back(rule, &mut vec![id], &mut seen) {
            self.fault(at, Why::Circular(circle));
        }
    }

    /// The segments through which a rule comes back to the edited one, or to one that it came by.
    fn leads_back(&self, rule: &Rule, way: &mut Vec<i64>, seen: &mut BTreeSet<i64>) -> Option<Vec<i64>> {
        if let Rule::Segment(id) = rule {
            if self.own == Some(*id) || way.contains(id) {
                way.push(*id);
                return Some(way.clone());
            }
            // What was walked before and did not lead back need not be walked again; the way there may be long.
            if !seen.insert(*id) {
                return None;
            }
            way.push(*id);
            let found = self.catalog.segment(*id).and_then(|rule| self.leads_back(rule, way, seen));
            way.pop();
            return found;
        }
        rule.below().into_iter().find_map(|below| self.leads_back(below, way, seen))
    }
}
