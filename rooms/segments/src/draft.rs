//! A rule as a form and a form as a rule. The form carries the whole tree, so that a page without script can build any of
//! it and nothing half-made is kept on the server: `r` is the root, `r.0` its first part, and so on; `r.is` says what a
//! part is and `r.n` how many parts a group has.
//!
//! A condition has a switch between "does" and "does not", which in the tree is a group of none with one part.

use jiff::civil::Date;
use kring_frame::{
    Fact,
    audience::Facts,
    rules::{About, Bound, Bucket, Count, Day, Did, Held, Kind, Leaf, Linked, Role, Rule, Test, Then, When},
};
use kring_web::Form;

use crate::say;

/// As deep as a form may nest; the rule's own limit is checked when it is saved.
const MOST_DEPTH: usize = 8;
const MOST_PARTS: usize = 60;

/// Reads the tree that a form carries. What cannot be read of a field gets a fault beside it and is left out of the rule.
pub fn read(form: &mut Form, facts: &Facts) -> Rule {
    group(form, facts, "r", About::Person, 0)
}

fn group(form: &mut Form, facts: &Facts, at: &str, about: About<'_>, depth: usize) -> Rule {
    let parts = number(form, &format!("{at}.n")).unwrap_or(0).min(MOST_PARTS);
    let mut rules = Vec::with_capacity(parts);
    for part in 0..parts {
        let at = format!("{at}.{part}");
        let is = form.get(&format!("{at}.is")).to_owned();
        let rule = match is.as_str() {
            "all" | "any" | "none" if depth < MOST_DEPTH => group(form, facts, &at, about, depth + 1),
            "fact" => negated(form, &at, |form| leaf(form, facts, &at, about, depth)),
            "segment" => {
                let id = form.get(&format!("{at}.segment")).parse().unwrap_or_default();
                negated(form, &at, |_| Rule::Segment(id))
            }
            "bucket" => bucket(form, &at),
            // Kept as it is: a part that this form has no fields for.
            "raw" => match serde_json::from_str(form.get(&format!("{at}.raw"))) {
                Ok(rule) => rule,
                Err(_) => continue,
            },
            _ => continue,
        };
        rules.push(rule);
    }
    match form.get(&format!("{at}.is")) {
        "any" => Rule::Any(rules),
        "none" => Rule::None(rules),
        _ => Rule::All(rules),
    }
}

fn negated(form: &mut Form, at: &str, rule: impl FnOnce(&mut Form) -> Rule) -> Rule {
    let not = form.get(&format!("{at}.not")) == "not";
    let rule = rule(form);
    if not { Rule::None(vec![rule]) } else { rule }
}

fn bucket(form: &mut Form, at: &str) -> Rule {
    let percent = form.int(&format!("{at}.percent"), 1..=99).unwrap_or(10);
    let seed = form.get(&format!("{at}.seed")).parse().unwrap_or_default();
    Rule::Bucket(Bucket { seed, of: 100, take: u32::try_from(percent).unwrap_or(10) })
}

fn leaf(form: &mut Form, facts: &Facts, at: &str, about: About<'_>, depth: usize) -> Rule {
    let key = form.get(&format!("{at}.key")).to_owned();
    let Some(fact) = facts.find(about, &key).copied() else { return Rule::fact(&key, Test::Known) };
    // Another fact was chosen: its values are others, too.
    if form.get(&format!("{at}.was")) != key {
        return Rule::fact(&key, first(&fact));
    }
    let test = match fact.kind {
        Kind::Choice | Kind::Tags => match form.get(&format!("{at}.how")) {
            "known" => Test::Known,
            "all" if fact.kind == Kind::Tags => Test::AllOf(codes(form, at, "codes")),
            _ => Test::AnyOf(codes(form, at, "codes")),
        },
        Kind::Number => Test::Between {
            from: form.int(&format!("{at}.from"), i64::MIN..=i64::MAX),
            to: form.int(&format!("{at}.to"), i64::MIN..=i64::MAX),
        },
        Kind::Day => match form.get(&format!("{at}.how")) {
            "known" => Test::Known,
            "age" => {
                let (least, most) = (years(form, at, "least"), years(form, at, "most"));
                // Whoever is at least 18 was born at most 18 years ago today, give or take the leap days.
                Test::Days {
                    from: most.map(|years| Bound::Today(-days_of_years(years + 1) + 1)),
                    to: least.map(|years| Bound::Today(-days_of_years(years))),
                }
            }
            _ => Test::Days { from: bound(form, at, "from"), to: bound(form, at, "to") },
        },
        Kind::Flag => Test::Yes,
        Kind::Acts => acts(form, at),
        Kind::Spans => Test::Role(Role {
            kinds: codes(form, at, "codes"),
            places: codes(form, at, "places"),
            held: match form.get(&format!("{at}.held")) {
                "ever" => Held::Ever,
                "formerly" => Held::Formerly,
                "year" => Held::During { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) },
                "during" => Held::During { from: bound(form, at, "from"), to: bound(form, at, "to") },
                _ => Held::Now,
            },
        }),
        Kind::Links => {
            let to = group(form, facts, &format!("{at}.t"), About::Linked(fact.key), depth + 2);
            let to = (!to.below().is_empty()).then(|| Box::new(to));
            let people = serde_json::from_str(form.get(&format!("{at}.people"))).ok();
            Test::Linked(Linked { kinds: codes(form, at, "codes"), to, people })
        }
    };
    Rule::fact(&key, test)
}

fn acts(form: &mut Form, at: &str) -> Test {
    let details = codes(form, at, "codes");
    let when = when(form, at);
    if form.get(&format!("{at}.how")) == "then" {
        let within = form.int(&format!("{at}.within"), 0..=3_650).unwrap_or(14);
        return Test::Then(Then {
            details,
            when,
            next: form.get(&format!("{at}.next")).to_owned(),
            next_details: Vec::new(),
            within: u32::try_from(within).unwrap_or(14),
        });
    }
    let times = form.int(&format!("{at}.times"), 1..=1_000).unwrap_or(1);
    let times = u32::try_from(times).unwrap_or(1);
    let count = match form.get(&format!("{at}.how")) {
        "days" => Count::OnDays(times),
        "fewer" => Count::FewerThan(times),
        _ => Count::AtLeast(times),
    };
    Test::Did(Did { count, details, when })
}

fn when(form: &mut Form, at: &str) -> When {
    match form.get(&format!("{at}.when")) {
        "last" => {
            let days = form.int(&format!("{at}.days"), 1..=3_650).unwrap_or(30);
            When::Last(u32::try_from(days).unwrap_or(30))
        }
        "year" => When::Between { from: Some(Bound::YearStart(0)), to: Some(Bound::YearEnd(0)) },
        "lastyear" => When::Between { from: Some(Bound::YearStart(-1)), to: Some(Bound::YearEnd(-1)) },
        "between" => When::Between { from: bound(form, at, "from"), to: bound(form, at, "to") },
        _ => When::Ever,
    }
}

fn bound(form: &mut Form, at: &str, name: &str) -> Option<Bound> {
    let day: Option<Date> = form.date(&format!("{at}.{name}"));
    day.map(|day| Bound::On(Day::from(day)))
}

fn years(form: &mut Form, at: &str, name: &str) -> Option<i32> {
    form.int(&format!("{at}.{name}"), 0..=120).and_then(|years| i32::try_from(years).ok())
}

/// Days in so many years, to the nearest.
pub fn days_of_years(years: i32) -> i32 {
    (f64::from(years) * 365.2425).round() as i32
}

/// The years that so many days are, the other way round.
pub fn years_of_days(days: i32) -> i32 {
    (f64::from(days) / 365.2425).round() as i32
}

fn codes(form: &Form, at: &str, name: &str) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in form.all(&format!("{at}.{name}")) {
        // A text field holds several with commas between them; a code of a list has none.
        for code in code.split(',').map(str::trim).filter(|code| !code.is_empty()) {
            if !codes.iter().any(|known| known == code) {
                codes.push(code.to_owned());
            }
        }
    }
    codes
}

fn number(form: &Form, name: &str) -> Option<usize> {
    form.get(name).parse().ok()
}

/// The question that a fact begins with.
fn first(fact: &Fact) -> Test {
    match fact.kind {
        Kind::Choice | Kind::Tags => Test::AnyOf(Vec::new()),
        Kind::Number => Test::Between { from: None, to: None },
        Kind::Day => Test::Days { from: None, to: None },
        Kind::Flag => Test::Yes,
        Kind::Acts => Test::Did(Did { count: Count::AtLeast(1), details: Vec::new(), when: When::Last(30) }),
        Kind::Spans => Test::Role(Role { kinds: Vec::new(), places: Vec::new(), held: Held::Now }),
        Kind::Links => Test::Linked(Linked { kinds: Vec::new(), to: None, people: None }),
    }
}

/// What a button asks to be done with the tree: `add:r.0`, `group:r`, `segment:r`, `bucket:r`, `remove:r.0.1`.
pub fn act(rule: &mut Rule, form: &mut Form, facts: &Facts, op: &str) {
    let Some((what, path)) = op.split_once(':') else { return };
    let steps: Vec<&str> = path.split('.').skip(1).collect();
    let Some(place) = steps
        .iter()
        .map(|step| if *step == "t" { Some(usize::MAX) } else { step.parse().ok() })
        .collect::<Option<Vec<_>>>()
    else {
        return;
    };
    if what == "remove" {
        let Some((last, above)) = place.split_last() else { return };
        if let Some(rules) = parts(rule, above).filter(|rules| *last < rules.len()) {
            rules.remove(*last);
        }
        return;
    }
    // In a link the parts are facts of the other side.
    let link = link_of(rule, &place);
    let facts = match &link {
        Some(link) => facts.find(About::Person, link).map_or(&[][..], |fact| fact.things),
        None => &facts.list,
    };
    let new = match (what, facts.first()) {
        ("add", Some(fact)) => Rule::fact(fact.key, first(fact)),
        ("group", Some(fact)) => Rule::Any(vec![Rule::fact(fact.key, first(fact))]),
        ("segment", _) => Rule::Segment(0),
        ("bucket", _) => {
            let seed = form.get("fresh").parse().unwrap_or(1);
            Rule::Bucket(Bucket { seed, of: 100, take: 10 })
        }
        _ => return,
    };
    match parts(rule, &place) {
        Some(rules) if rules.len() < MOST_PARTS => rules.push(new),
        Some(_) => form.fault("rule", say::rule_too_wide()),
        None => {}
    }
}

/// The parts of the group at a place; a link that asks nothing of the other side yet gets a group there.
fn parts<'a>(rule: &'a mut Rule, place: &[usize]) -> Option<&'a mut Vec<Rule>> {
    // The switch of a condition is no step of its own.
    let switch = matches!(rule, Rule::None(rules) if rules.len() == 1) && place.first() == Some(&usize::MAX);
    if switch {
        let Rule::None(rules) = rule else { return None };
        return parts(rules.first_mut()?, place);
    }
    match rule {
        Rule::All(rules) | Rule::Any(rules) | Rule::None(rules) => match place {
            [] => Some(rules),
            [next, rest @ ..] => parts(rules.get_mut(*next)?, rest),
        },
        Rule::Fact(Leaf { is: Test::Linked(linked), .. }) => match place {
            [usize::MAX, rest @ ..] => {
                let to = linked.to.get_or_insert_with(|| Box::new(Rule::All(Vec::new())));
                parts(to, rest)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The link inside which a place lies.
fn link_of(rule: &Rule, place: &[usize]) -> Option<String> {
    match (rule, place) {
        (Rule::None(rules), [usize::MAX, ..]) if rules.len() == 1 => link_of(rules.first()?, place),
        (Rule::All(rules) | Rule::Any(rules) | Rule::None(rules), [next, rest @ ..]) => {
            link_of(rules.get(*next)?, rest)
        }
        (Rule::Fact(Leaf { key, is: Test::Linked(_) }), [usize::MAX, ..]) => Some(key.clone()),
        _ => None,
    }
}
