//! What a rule may not be, where the fault is said to be, and which parts of a rule can never hold together.

use std::collections::BTreeMap;

use kring_rules::{
    About, Bound, Bucket, Catalog, Count, Day, Did, Kind, Known, Linked, Path, People, Rule, Test, When, Why,
    contradictions, validate,
};

#[derive(Default)]
struct House {
    segments: BTreeMap<i64, Rule>,
}

impl Catalog for House {
    fn fact(&self, about: About<'_>, key: &str) -> Option<Known> {
        let (kind, allowed) = match (about, key) {
            (About::Person, "country") | (About::Linked("employer"), "sector") => (Kind::Choice, true),
            (About::Person, "likes") => (Kind::Tags, true),
            (About::Person, "score") => (Kind::Number, true),
            (About::Person, "born") => (Kind::Day, true),
            (About::Person, "consent") => (Kind::Flag, true),
            (About::Person, "care") => (Kind::Flag, false),
            (About::Person, "opened") => (Kind::Acts, true),
            (About::Person, "role") => (Kind::Spans, true),
            (About::Person, "employer") => (Kind::Links, true),
            _ => return None,
        };
        Some(Known { kind, allowed })
    }

    fn has_code(&self, _: About<'_>, key: &str, code: &str) -> bool {
        key != "country" || code.len() == 2
    }

    fn segment(&self, id: i64) -> Option<&Rule> {
        self.segments.get(&id)
    }
}

fn of(codes: &[&str]) -> Vec<String> {
    codes.iter().map(|&code| code.to_owned()).collect()
}

fn did(count: Count, when: When) -> Test {
    Test::Did(Did { count, details: Vec::new(), when })
}

/// The faults of a rule as `path: why`.
fn faults(rule: &Rule) -> Vec<(String, Why)> {
    validate(rule, &House::default(), None).into_iter().map(|f| (f.at.to_string(), f.why)).collect()
}

#[test]
fn each_fault_says_where_and_why() {
    let rule = Rule::All(vec![
        Rule::fact("country", Test::AnyOf(of(&["nl", "belgium"]))),
        Rule::Any(vec![
            Rule::fact("shoe_size", Test::Known),
            Rule::fact("country", Test::Between { from: Some(1), to: None }),
            Rule::fact("care", Test::Yes),
        ]),
        Rule::None(Vec::new()),
        Rule::fact("opened", did(Count::AtLeast(1), When::Last(4_000))),
        Rule::fact("score", Test::Between { from: Some(9), to: Some(3) }),
        Rule::Bucket(Bucket { seed: 1, of: 3, take: 3 }),
        Rule::Segment(12),
    ]);
    let expected = [
        ("0", Why::UnknownCode("belgium".into())),
        ("1.0", Why::UnknownFact("shoe_size".into())),
        ("1.1", Why::WrongTest(Kind::Choice)),
        ("1.2", Why::NotAllowed("care".into())),
        ("2", Why::Empty),
        ("3", Why::TooManyDays(3_650)),
        ("4", Why::Backwards),
        ("5", Why::BadBucket(10_000)),
        ("6", Why::UnknownSegment(12)),
    ];
    let expected: Vec<_> = expected.into_iter().map(|(at, why)| (at.to_owned(), why)).collect();
    assert_eq!(faults(&rule), expected);
    assert_eq!(faults(&Rule::All(Vec::new())), Vec::new(), "everybody is a segment");
}

#[test]
fn a_linked_thing_has_its_own_facts() {
    let to = Rule::Any(vec![
        Rule::fact("sector", Test::AnyOf(of(&["care"]))),
        Rule::fact("country", Test::Known),
        Rule::Segment(1),
    ]);
    let people = People { at_least: 2, rule: Box::new(Rule::fact("sector", Test::Known)) };
    let linked = Linked { kinds: Vec::new(), to: Some(Box::new(to)), people: Some(people) };
    let expected = vec![
        ("0.1".to_owned(), Why::UnknownFact("country".into())),
        ("0.2".to_owned(), Why::OnlyOfPeople),
        ("1".to_owned(), Why::UnknownFact("sector".into())),
    ];
    assert_eq!(faults(&Rule::fact("employer", Test::Linked(linked))), expected);
}

#[test]
fn a_tree_is_bounded_in_depth_size_and_length() {
    let leaf = || Rule::fact("consent", Test::Yes);
    let mut deep = leaf();
    for _ in 0..8 {
        deep = Rule::All(vec![deep]);
    }
    assert_eq!(faults(&deep), [("0.0.0.0.0.0.0.0".to_owned(), Why::TooDeep(8))]);
    let Rule::All(mut inner) = deep else { unreachable!() };
    assert_eq!(faults(&inner.remove(0)), Vec::new(), "eight levels are allowed");
    let wide = Rule::Any((0..200).map(|_| leaf()).collect());
    assert_eq!(faults(&wide), [("199".to_owned(), Why::TooManyNodes(200))]);
    let long = Rule::fact("likes", Test::AnyOf((0..1_001).map(|n| n.to_string()).collect()));
    assert_eq!(faults(&long), [(String::new(), Why::TooManyValues(1_000))]);
}

#[test]
fn a_tree_of_absurd_depth_does_not_overflow_the_stack() {
    let text = format!("{}{}{}", r#"{"all":["#.repeat(50_000), r#"{"segment":1}"#, "]}".repeat(50_000));
    assert!(serde_json::from_str::<Rule>(&text).is_err(), "the parser stops at its own limit");
}

#[test]
fn a_segment_may_not_lead_back_to_itself() {
    let mut house = House::default();
    house.segments.insert(1, Rule::Any(vec![Rule::Segment(2)]));
    house.segments.insert(2, Rule::None(vec![Rule::Segment(3)]));
    house.segments.insert(3, Rule::fact("consent", Test::Yes));
    let rule = Rule::All(vec![Rule::Segment(1)]);
    assert_eq!(validate(&rule, &house, Some(4)), Vec::new());
    let found = validate(&rule, &house, Some(3));
    assert_eq!(found[0].why, Why::Circular(vec![1, 2, 3]));
    assert_eq!(found[0].at, Path(vec![0]));
    assert_eq!(validate(&Rule::Segment(3), &house, Some(3))[0].why, Why::Circular(vec![3]));
}

#[test]
fn what_cannot_be_together_is_pointed_out() {
    let clash = |rules: Vec<Rule>| {
        let found = contradictions(&Rule::All(rules), &House::default());
        found.into_iter().map(|clash| (clash.one.to_string(), clash.other.to_string())).collect::<Vec<_>>()
    };
    let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
    let country = |codes: &[&str]| Rule::fact("country", Test::AnyOf(of(codes)));
    let likes = |codes: &[&str]| Rule::fact("likes", Test::AnyOf(of(codes)));
    let score = |from, to| Rule::fact("score", Test::Between { from, to });
    assert_eq!(clash(vec![country(&["nl"]), country(&["be", "de"])]), pair("0", "1"));
    assert_eq!(clash(vec![country(&["nl"]), country(&["be", "nl"])]), Vec::new());
    assert_eq!(clash(vec![likes(&["a"]), likes(&["b"])]), Vec::new(), "tags may be both");
    assert_eq!(clash(vec![score(Some(5), None), Rule::All(vec![score(None, Some(4))])]), pair("0", "1.0"));
    assert_eq!(clash(vec![score(Some(5), None), Rule::Any(vec![score(None, Some(4))])]), Vec::new());
    let born = |from, to| Rule::fact("born", Test::Days { from, to });
    let (early, late) = (Bound::On(Day::new(10)), Bound::On(Day::new(11)));
    assert_eq!(clash(vec![born(None, Some(early)), born(Some(late), None)]), pair("0", "1"));
    let opened = |count| Rule::fact("opened", did(count, When::Last(30)));
    assert_eq!(clash(vec![opened(Count::AtLeast(2)), opened(Count::FewerThan(2))]), pair("0", "1"));
    assert_eq!(clash(vec![opened(Count::AtLeast(2)), opened(Count::FewerThan(3))]), Vec::new());
    let none = Rule::fact("likes", Test::NoneOf(of(&["a", "b"])));
    assert_eq!(clash(vec![none.clone(), likes(&["a"])]), pair("0", "1"));
    assert_eq!(clash(vec![none, likes(&["a", "c"])]), Vec::new());
}

#[test]
fn the_stored_form_reads_back_and_refuses_what_it_does_not_know() {
    let text = r#"{"any":[{"fact":{"key":"opened","is":{"did":{"count":{"at_least":3},"when":{"last":30}}}}},
        {"fact":{"key":"born","is":{"days":{"from":{"on":"2001-02-03"},"to":{"year_end":-1}}}}},
        {"bucket":{"seed":7,"of":10,"take":1}},{"none":[{"segment":4}]}]}"#;
    let rule: Rule = serde_json::from_str(text).unwrap();
    let written: String = text.split_whitespace().collect();
    let written = written.replace(r#""when":{"last"#, r#""details":[],"when":{"last"#);
    assert_eq!(serde_json::to_string(&rule).unwrap(), written);
    assert_eq!(serde_json::from_str::<Rule>(&written).unwrap(), rule);
    assert!(serde_json::from_str::<Rule>(r#"{"every":[]}"#).is_err());
    assert!(serde_json::from_str::<Rule>(r#"{"fact":{"key":"a","is":"yes","or":"no"}}"#).is_err());
}
