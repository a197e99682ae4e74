//! Trees of any shape that validation lets through, over the facts of the tests.

use kring_rules::{Bound, Bucket, Count, Day, Did, Held, Linked, People, Role, Rule, Test, Then, When};

use crate::{base::*, chance::Chance, model::World};

pub fn rule(chance: &mut Chance, world: &World, depth: u32) -> Rule {
    if depth == 0 || chance.one_in(4) {
        return leaf(chance, world, depth);
    }
    let rules = (0..=chance.below(3)).map(|_| rule(chance, world, depth - 1)).collect();
    match chance.below(5) {
        0 | 1 => Rule::All(rules),
        2 | 3 => Rule::Any(rules),
        _ => Rule::None(rules),
    }
}

fn leaf(chance: &mut Chance, world: &World, depth: u32) -> Rule {
    match chance.below(18) {
        0 => Rule::fact("country", codes(chance, &COUNTRIES)),
        1 => Rule::fact("programme", codes(chance, &PROGRAMMES)),
        2 if chance.one_in(3) => Rule::fact("likes", Test::AllOf(chance.some(&LIKES))),
        2 => Rule::fact("likes", codes(chance, &LIKES)),
        3 | 4 => Rule::fact("score", number(chance)),
        5 => Rule::fact("born", day(chance, world)),
        6 => Rule::fact("consent", if chance.one_in(2) { Test::Yes } else { Test::No }),
        7..11 => Rule::fact(chance.pick(&["opened", "asked", "did"]), did(chance, world)),
        11 => Rule::fact(chance.pick(&["opened", "asked", "did"]), then(chance, world)),
        12 | 13 => Rule::fact("role", role(chance, world)),
        14 | 15 => Rule::fact("tie", linked(chance, world, depth)),
        16 => {
            let of = 2 + chance.below(9);
            let take = 1 + chance.below(of - 1);
            Rule::Bucket(Bucket { seed: u64::from(chance.below(5)), of, take })
        }
        _ => {
            let ids: Vec<&i64> = world.segments.keys().collect();
            if ids.is_empty() { Rule::All(Vec::new()) } else { Rule::Segment(*chance.pick(&ids)) }
        }
    }
}

fn codes(chance: &mut Chance, of: &[&str]) -> Test {
    match chance.below(5) {
        0 | 1 => Test::AnyOf(chance.some(of)),
        2 => Test::NoneOf(chance.some(of)),
        3 => Test::Known,
        _ => Test::Unknown,
    }
}

fn number(chance: &mut Chance) -> Test {
    let from = i64::from(chance.between(-3, 9));
    let to = from + i64::from(chance.below(6));
    match chance.below(5) {
        0 => Test::Known,
        1 => Test::Unknown,
        2 => Test::Between { from: Some(from), to: None },
        3 => Test::Between { from: None, to: Some(to) },
        _ => Test::Between { from: Some(from), to: Some(to) },
    }
}

fn day(chance: &mut Chance, world: &World) -> Test {
    match chance.below(6) {
        0 => Test::Known,
        1 => Test::Unknown,
        _ => {
            let (from, to) = bounds(chance, world);
            Test::Days { from, to }
        }
    }
}

fn bounds(chance: &mut Chance, world: &World) -> (Option<Bound>, Option<Bound>) {
    let some = |chance: &mut Chance| (!chance.one_in(3)).then(|| bound(chance, world));
    (some(chance), some(chance))
}

fn bound(chance: &mut Chance, world: &World) -> Bound {
    match chance.below(4) {
        0 => Bound::On(Day::new(world.now.today.number() + chance.between(-40, 10))),
        1 => Bound::Today(chance.between(-40, 10)),
        2 => Bound::YearStart(chance.between(-1, 1)),
        _ => Bound::YearEnd(chance.between(-1, 1)),
    }
}

fn when(chance: &mut Chance, world: &World) -> When {
    match chance.below(5) {
        0 => When::Ever,
        1 => {
            let (from, to) = bounds(chance, world);
            When::Between { from, to }
        }
        _ => When::Last(1 + chance.below(40)),
    }
}

fn did(chance: &mut Chance, world: &World) -> Test {
    let n = 1 + chance.below(4);
    let count = match chance.below(5) {
        0 | 1 => Count::AtLeast(n),
        2 | 3 => Count::FewerThan(n),
        _ => Count::OnDays(n),
    };
    Test::Did(Did { count, details: chance.some_or_none(&DETAILS), when: when(chance, world) })
}

fn then(chance: &mut Chance, world: &World) -> Test {
    Test::Then(Then {
        details: chance.some_or_none(&DETAILS),
        when: when(chance, world),
        next: chance.pick(&["opened", "asked", "did"]).to_owned(),
        next_details: chance.some_or_none(&DETAILS),
        within: chance.below(12),
    })
}

fn role(chance: &mut Chance, world: &World) -> Test {
    let held = match chance.below(5) {
        0 => Held::Now,
        1 => Held::Ever,
        2 => Held::Formerly,
        _ => {
            let (from, to) = bounds(chance, world);
            Held::During { from, to }
        }
    };
    Test::Role(Role { kinds: chance.some_or_none(&ROLES), places: chance.some_or_none(&PLACES), held })
}

fn linked(chance: &mut Chance, world: &World, depth: u32) -> Test {
    let to = (!chance.one_in(3)).then(|| Box::new(of_thing(chance, world, 1)));
    let people = chance.one_in(2).then(|| People {
        at_least: 1 + chance.below(3),
        rule: Box::new(rule(chance, world, depth.saturating_sub(1))),
    });
    Test::Linked(Linked { kinds: chance.some_or_none(&TIES), to, people })
}

fn of_thing(chance: &mut Chance, world: &World, depth: u32) -> Rule {
    if depth > 0 && chance.one_in(2) {
        let rules = (0..=chance.below(2)).map(|_| of_thing(chance, world, depth - 1)).collect();
        return match chance.below(3) {
            0 => Rule::All(rules),
            1 => Rule::Any(rules),
            _ => Rule::None(rules),
        };
    }
    match chance.below(5) {
        0 => Rule::fact("sector", codes(chance, &SECTORS)),
        1 => Rule::fact("offers", codes(chance, &LIKES)),
        2 => Rule::fact("size", number(chance)),
        3 => Rule::fact("founded", day(chance, world)),
        _ => Rule::fact("hosts", if chance.one_in(2) { Test::Yes } else { Test::No }),
    }
}
