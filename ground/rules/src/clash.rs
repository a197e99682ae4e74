//! Conditions that can never hold together: a small check that is always right when it speaks and often silent.
//!
//! It compares pairs of tests on one fact that must hold at once. It does not reason over several facts or through
//! "any": that would be a solver, and a count of nobody on the page says the rest.

use crate::{
    facts::{About, Catalog, Kind},
    path::Path,
    rule::{Count, Rule, Test},
    window::{Bound, Days},
};

/// Two parts of a rule of which at most one can hold, so that nobody is left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    pub one: Path,
    pub other: Path,
}

/// The pairs that clash, in the order of the tree.
pub fn contradictions(rule: &Rule, catalog: &dyn Catalog) -> Vec<Clash> {
    let mut found = Vec::new();
    walk(rule, About::Person, &Path::default(), catalog, &mut found);
    found
}

fn walk(rule: &Rule, about: About<'_>, at: &Path, catalog: &dyn Catalog, found: &mut Vec<Clash>) {
    if let Rule::All(_) = rule {
        let mut tests = Vec::new();
        together(rule, at, &mut tests);
        for (place, (one, key, test)) in tests.iter().enumerate() {
            let kind = catalog.fact(about, key).map(|known| known.kind);
            let others = tests.iter().skip(place + 1).filter(|(_, other, _)| other == key);
            found.extend(
                others
                    .filter(|(_, _, other)| clash(kind, test, other) || clash(kind, other, test))
                    .map(|(other, _, _)| Clash { one: one.clone(), other: other.clone() }),
            );
        }
    }
    let nested = matches!(rule, Rule::All(_));
    for (place, below) in rule.below().into_iter().enumerate() {
        let at = at.step(place);
        match below {
            // Its tests were gathered with those of the group around it; its other members are looked into.
            Rule::All(rules) if nested => {
                for (place, below) in rules.iter().enumerate() {
                    if !matches!(below, Rule::Fact(_)) {
                        walk(below, about, &at.step(place), catalog, found);
                    }
                }
            }
            // What is under a link is about another thing, or about another person.
            _ => match (rule, place) {
                (Rule::Fact(leaf), 0) if matches!(&leaf.is, Test::Linked(linked) if linked.to.is_some()) => {
                    walk(below, About::Linked(&leaf.key), &at, catalog, found);
                }
                (Rule::Fact(_), _) => walk(below, About::Person, &at, catalog, found),
                _ => walk(below, about, &at, catalog, found),
            },
        }
    }
}

/// The tests that must all hold for this rule to hold, through groups of all in groups of all.
fn together<'a>(rule: &'a Rule, at: &Path, tests: &mut Vec<(Path, &'a str, &'a Test)>) {
    match rule {
        Rule::All(rules) => {
            for (place, below) in rules.iter().enumerate() {
                together(below, &at.step(place), tests);
            }
        }
        Rule::Fact(leaf) => tests.push((at.clone(), &leaf.key, &leaf.is)),
        _ => {}
    }
}

fn clash(kind: Option<Kind>, one: &Test, other: &Test) -> bool {
    match (one, other) {
        // Tags may have a code of each list.
        (Test::AnyOf(one), Test::AnyOf(other)) => {
            kind == Some(Kind::Choice) && !one.iter().any(|code| other.contains(code))
        }
        (Test::AnyOf(one), Test::NoneOf(none)) => one.iter().all(|code| none.contains(code)),
        (Test::AllOf(all), Test::NoneOf(none)) => all.iter().any(|code| none.contains(code)),
        (
            Test::Unknown,
            Test::Known | Test::AnyOf(_) | Test::AllOf(_) | Test::Between { .. } | Test::Days { .. },
        )
        | (Test::Yes, Test::No) => true,
        (Test::Between { from: a, to: b }, Test::Between { from: c, to: d }) => {
            a.zip(*d).is_some_and(|(a, d)| a > d) || c.zip(*b).is_some_and(|(c, b)| c > b)
        }
        (Test::Days { from: a, to: b }, Test::Days { from: c, to: d }) => apart(*a, *d) || apart(*c, *b),
        (Test::Did(one), Test::Did(other)) => {
            let (Count::AtLeast(n) | Count::OnDays(n), Count::FewerThan(fewer)) = (one.count, other.count)
            else {
                return false;
            };
            fewer <= n && one.when == other.when && one.details == other.details
        }
        _ => false,
    }
}

/// Whether a range that begins at one bound lies after one that ends at the other, on any day.
fn apart(from: Option<Bound>, to: Option<Bound>) -> bool {
    match from.zip(to) {
        Some((Bound::On(from), Bound::On(to))) => Days { from: from.number(), to: to.number() }.is_empty(),
        Some((Bound::Today(from), Bound::Today(to))) => from > to,
        _ => false,
    }
}
