//! What the index refuses, what it says of its memory, and snapshots that are not whole.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use kring_audience::{Act, Audience, Cause, Change, Fault, Field, Holds, MOST_PEOPLE, Value};
use kring_rules::{Count, Day, Did, Held, Linked, Now, Role, Rule, Span, Test, When, Year};

const TODAY: Day = Day::new(20_000);

fn audience() -> Audience {
    let fields = vec![
        Field::new("country", Holds::Choice),
        Field::new("consent", Holds::Flag),
        Field::new("opened", Holds::Acts(vec![1])),
        Field::new("role", Holds::Spans),
        Field::new("employer", Holds::Links(vec![Field::new("hosts", Holds::Flag)])),
    ];
    Audience::new(fields, Now { today: TODAY, year: Year::CALENDAR }).unwrap()
}

fn opened(count: Count, days: u32) -> Rule {
    Rule::fact("opened", Test::Did(Did { count, details: vec![], when: When::Last(days) }))
}

fn hosting() -> Rule {
    let to = Some(Box::new(Rule::fact("hosts", Test::Yes)));
    Rule::fact("employer", Test::Linked(Linked { kinds: vec![], to, people: None }))
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut index = audience();
    index.apply(&Change::Person(1)).unwrap();
    let refused = |index: &mut Audience, change: Change<'_>| index.apply(&change).unwrap_err();
    assert_eq!(refused(&mut index, Change::Person(-1)), Fault::Number(-1));
    assert_eq!(refused(&mut index, Change::Person(MOST_PEOPLE)), Fault::Number(MOST_PEOPLE));
    let set = |person, fact, value| Change::Set { person, fact, value };
    assert_eq!(refused(&mut index, set(2, "consent", Value::Flag(true))), Fault::Nobody(2));
    assert_eq!(refused(&mut index, set(1, "shoes", Value::Flag(true))), Fault::NoFact("shoes".into()));
    let wrong = refused(&mut index, set(1, "country", Value::Number(None)));
    assert_eq!(wrong, Fault::WrongKind("country".into()));
    let act = |kind, day| Change::Act { person: 1, act: Act { kind, day: Day::new(day), detail: None } };
    assert_eq!(refused(&mut index, act(64, 0)), Fault::ActKind(64));
    assert_eq!(refused(&mut index, act(1, -30_000)), Fault::Day(Day::new(-30_000)));
    let value = Value::Flag(true);
    let thing = Change::SetThing { of: "employer", id: 9, fact: "hosts", value };
    assert_eq!(refused(&mut index, thing), Fault::NoThing(9));
    assert_eq!(index.count(&opened(Count::FewerThan(1), 30)), Ok(1));
    assert_eq!(index.count(&Rule::fact("shoes", Test::Yes)), Err(Fault::NoFact("shoes".into())));
    assert_eq!(index.count(&Rule::fact("country", Test::Yes)), Err(Fault::WrongKind("country".into())));
}

#[test]
fn segments_may_refer_to_each_other_and_not_to_themselves() {
    let mut index = audience();
    for person in 0..10 {
        index.apply(&Change::Person(person)).unwrap();
    }
    index.save(1, &Rule::fact("consent", Test::Yes)).unwrap();
    index.save(2, &Rule::None(vec![Rule::Segment(1)])).unwrap();
    assert_eq!(index.size(2), Ok(10));
    let refused = index.save(1, &Rule::All(vec![Rule::Segment(2)]));
    assert!(matches!(refused, Err(Fault::Circular(_))));
    assert_eq!(index.save(3, &Rule::Segment(7)), Err(Fault::NoSegment(7)));
    assert_eq!(index.segments(), [1, 2], "what is refused is not saved");
    assert_eq!(index.forget(1), Err(Fault::InUse(2)));
    let shifts = index.save(1, &Rule::All(vec![])).unwrap();
    assert_eq!((shifts[0].joined.len(), shifts[1].left.len()), (10, 10), "the other one goes with it");
    index.forget(2).unwrap();
    index.forget(1).unwrap();
    assert_eq!(index.forget(1), Err(Fault::NoSegment(1)));
}

#[test]
fn everybody_is_told_why_they_moved() {
    let mut index = audience();
    for person in [1, 2, 70_000] {
        index.apply(&Change::Person(person)).unwrap();
        let link = Change::Link { person, fact: "employer", kind: "works", to: 5, on: person != 2 };
        index.apply(&link).unwrap();
    }
    index.apply(&Change::Thing { fact: "employer", id: 5, on: true }).unwrap();
    index.save(1, &hosting()).unwrap();
    index.save(2, &opened(Count::AtLeast(1), 7)).unwrap();
    let value = Value::Flag(true);
    let moves = index.apply(&Change::SetThing { of: "employer", id: 5, fact: "hosts", value }).unwrap();
    let told: Vec<_> = moves.iter().map(|m| (m.segment, m.person, m.joined, m.cause)).collect();
    assert_eq!(told, [(1, 1, true, Cause::Thing(5)), (1, 70_000, true, Cause::Thing(5))]);

    // Six days ago: in for today, and out when the seventh day has gone by.
    let act = Act { kind: 1, day: TODAY.plus(-6), detail: None };
    let moves = index.apply(&Change::Act { person: 2, act }).unwrap();
    assert_eq!((moves[0].segment, moves[0].joined, moves[0].cause), (2, true, Cause::Own));
    let moves = index.roll(Now { today: TODAY.plus(1), year: Year::CALENDAR });
    assert_eq!((moves[0].person, moves[0].joined, moves[0].cause), (2, false, Cause::Day));
    assert_eq!(index.segments_of(1), [1]);
}

#[test]
fn a_role_ends_after_its_last_day() {
    let mut index = audience();
    index.apply(&Change::Person(1)).unwrap();
    let span = Span { kind: "student", place: None, from: Some(TODAY), to: Some(TODAY) };
    index.apply(&Change::Spans { person: 1, fact: "role", spans: &[span] }).unwrap();
    let role = |held| Rule::fact("role", Test::Role(Role { kinds: vec![], places: vec![], held }));
    index.save(1, &role(Held::Now)).unwrap();
    index.save(2, &role(Held::Formerly)).unwrap();
    assert_eq!((index.size(1), index.size(2)), (Ok(1), Ok(0)));
    index.roll(Now { today: TODAY.plus(1), year: Year::CALENDAR });
    assert_eq!((index.size(1), index.size(2)), (Ok(0), Ok(1)));
}

#[test]
fn a_sample_is_spread_over_all_members() {
    let mut index = audience();
    for person in 0..1_000 {
        index.apply(&Change::Person(person)).unwrap();
    }
    let everybody = Rule::All(vec![]);
    let sample = index.sample(&everybody, 10, 7).unwrap();
    assert_eq!(sample.len(), 10);
    assert_eq!(sample, index.sample(&everybody, 10, 7).unwrap());
    assert!(sample.iter().any(|&id| id < 200) && sample.iter().any(|&id| id > 800), "{sample:?}");
    assert_eq!(index.sample(&everybody, 5_000, 7).unwrap().len(), 1_000);
}

#[test]
fn a_bound_on_memory_refuses_and_does_not_break() {
    let mut index = audience();
    index.apply(&Change::Person(1)).unwrap();
    let used = index.memory().total();
    index.bound_memory(Some(used + 1_000));
    index.apply(&Change::Set { person: 1, fact: "consent", value: Value::Flag(true) }).unwrap();
    index.bound_memory(Some(used - 1));
    assert_eq!(index.apply(&Change::Person(2)), Err(Fault::Memory(used - 1)));
    assert_eq!(index.apply(&Change::Person(2)), Err(Fault::Memory(used - 1)), "and goes on refusing");
    assert_eq!(index.save(1, &Rule::All(vec![])), Err(Fault::Memory(used - 1)));
    assert_eq!(index.count(&Rule::fact("consent", Test::Yes)), Ok(1), "while it still answers");
    index.bound_memory(None);
    index.apply(&Change::Person(2)).unwrap();
}

#[test]
fn a_question_says_how_much_it_read() {
    let mut index = audience();
    for person in 0..1_000 {
        index.apply(&Change::Person(person)).unwrap();
        index.apply(&Change::Set { person, fact: "consent", value: Value::Flag(person % 2 == 0) }).unwrap();
    }
    let everybody = index.count_reading(&Rule::All(vec![])).unwrap();
    let (count, read) = index.count_reading(&Rule::fact("consent", Test::Yes)).unwrap();
    assert_eq!((everybody.0, count), (1_000, 500));
    assert!(read > everybody.1 && read < everybody.1 + 4_096, "a set of five hundred: {read} {everybody:?}");
    // The same question by way of a segment that keeps its answer reads one set of the shard, whatever it asks.
    let rule = opened(Count::AtLeast(1), 30);
    index.save(1, &rule).unwrap();
    let (_, kept) = index.count_reading(&rule).unwrap();
    assert_eq!(kept - everybody.1, 8_192);
}

#[test]
fn all_segments_are_forgotten_whoever_refers_to_them() {
    let mut index = audience();
    index.apply(&Change::Person(1)).unwrap();
    let save = |index: &mut Audience| {
        index.save(1, &opened(Count::FewerThan(2), 30)).unwrap();
        index.save(2, &Rule::All(vec![Rule::Segment(1)])).unwrap();
    };
    save(&mut index);
    assert_eq!(index.forget(1), Err(Fault::InUse(2)));
    index.forget_all();
    assert_eq!((index.segments(), index.size(1)), (vec![], Err(Fault::NoSegment(1))));
    let empty = index.memory().total();
    for _ in 0..100 {
        save(&mut index);
        index.forget_all();
    }
    assert_eq!(index.memory().total(), empty, "none of their leaves stays");
    save(&mut index);
    assert_eq!((index.size(1), index.size(2)), (Ok(1), Ok(1)));
    index.apply(&Change::Gone(1)).unwrap();
    assert_eq!((index.size(1), index.size(2)), (Ok(0), Ok(0)));
}

#[test]
fn a_snapshot_that_is_not_whole_is_refused() {
    let mut index = audience();
    index.apply(&Change::Person(1)).unwrap();
    index.save(1, &opened(Count::FewerThan(2), 30)).unwrap();
    let bytes = index.snapshot(77).unwrap();
    let (back, position) = Audience::restore(&bytes).unwrap();
    assert_eq!((back.size(1), position), (Ok(1), 77));
    for broken in [&bytes[..0], &bytes[..23], &bytes[..bytes.len() - 1]] {
        assert!(matches!(Audience::restore(broken), Err(Fault::Snapshot)));
    }
    for at in [0, 9, 17, 30, bytes.len() - 1] {
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        assert!(matches!(Audience::restore(&changed), Err(Fault::Snapshot)), "byte {at}");
    }
}
