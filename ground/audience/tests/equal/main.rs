//! All readings of a rule say the same: on random trees over random people who change at random, the plain reading of
//! one person ([`kring_rules::holds`]), the index asked at once, the members that the index keeps, SQLite and
//! PostgreSQL have the same people.
//!
//! A world is some sixty people with things they are linked to, and lives through rounds. In each round it changes
//! (facts, happenings also late, deletions, corrections, merges, things, days that go by, segments that are saved, edited
//! and forgotten), and then:
//!
//! - every member of every live segment, and every join and leave that was told, is held against the plain reading;
//! - ten new trees are read plainly for everybody and asked of the index;
//! - in two of the ten rounds those ten trees are asked of SQLite too, over tables written from the same world, and in
//!   the last of PostgreSQL, on the server that `KRING_TEST_POSTGRES` names: without one the test fails;
//! - once in a world the index goes through a snapshot.
//!
//! That is 100,000 trees by default, and so many as `KRING_TEST_TREES` says. A world is a number, from which chance is
//! made; a failure names it, `KRING_TEST_WORLD` runs that one alone, and the numbers of worlds that failed before stand
//! in `worlds.txt` and are always run.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking, and says which world it was"
)]
#![expect(clippy::disallowed_methods, reason = "a test is told by its environment how much to do")]

mod base;
mod chance;
mod databases;
mod model;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use chance::Chance;
use databases::{Postgres, Sqlite};
use kring_audience::{Audience, Fault};
use kring_rules::{Rule, holds};
use model::World;

const ROUNDS: u32 = 10;
const TREES: u32 = 10;
const FAILED_BEFORE: &str = include_str!("worlds.txt");

#[test]
fn every_reading_of_a_rule_says_the_same() {
    // Left out in silence, the half of all readings that is the way out would be held equal on no machine.
    let server = std::env::var("KRING_TEST_POSTGRES").unwrap_or_else(|_| {
        panic!(
            "KRING_TEST_POSTGRES names no server, and without PostgreSQL this test does not hold all readings equal: run \
             `./x postgres`, which starts one and prints the line to put before the command"
        )
    });
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().unwrap());
    let trees = number("KRING_TEST_TREES").unwrap_or(100_000);
    let worlds: Vec<u64> = match number("KRING_TEST_WORLD") {
        Some(world) => vec![world],
        None => {
            let before = FAILED_BEFORE.lines().filter_map(|line| line.parse().ok());
            before.chain(0..trees.div_ceil(u64::from(ROUNDS * TREES))).collect()
        }
    };
    // One thread for each half of the worlds: the machines that run this have at least two cores.
    let halves = worlds.chunks(worlds.len().div_ceil(2).max(1));
    let counts: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = halves.map(|worlds| scope.spawn(|| live_through(worlds, &server))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sum = |of: fn(&Tally) -> u64| counts.iter().map(of).sum::<u64>();
    println!(
        "{} trees: {} on SQLite, {} on PostgreSQL; {} answers about a person, {} of them yes; {} times membership was \
         held against the plain reading, {} joins and leaves",
        sum(|t| t.trees),
        sum(|t| t.sqlite),
        sum(|t| t.postgres),
        sum(|t| t.answers),
        sum(|t| t.yes),
        sum(|t| t.memberships),
        sum(|t| t.moves)
    );
    if number("KRING_TEST_WORLD").is_none() {
        assert!(sum(|t| t.yes) * 10 > sum(|t| t.answers), "trees that hold for nobody test nothing");
        assert!(sum(|t| t.moves) > 0, "nobody joined or left");
    }
}

/// What was compared, and how often.
#[derive(Default)]
struct Tally {
    trees: u64,
    sqlite: u64,
    postgres: u64,
    answers: u64,
    yes: u64,
    memberships: u64,
    moves: u64,
}

fn live_through(worlds: &[u64], server: &str) -> Tally {
    let mut tally = Tally::default();
    let mut sqlite = Sqlite::open();
    let mut postgres = Postgres::open(server);
    for &number in worlds {
        let told = Told(number);
        world(number, &mut sqlite, &mut postgres, &mut tally);
        std::mem::forget(told);
    }
    tally
}

/// Names the world when the test leaves it by a panic.
struct Told(u64);

impl Drop for Told {
    fn drop(&mut self) {
        println!("KRING_TEST_WORLD={} failed; put the number into tests/equal/worlds.txt", self.0);
    }
}

fn world(number: u64, sqlite: &mut Sqlite, postgres: &mut Postgres, tally: &mut Tally) {
    let mut chance = Chance::new(number);
    let mut world = World::new(&mut chance);
    let mut audience = Audience::new(base::fields(), world.now).unwrap();
    world.fill(&mut audience, &mut chance);
    for round in 0..ROUNDS {
        for _ in 0..chance.below(16) {
            let before = members(&audience);
            let moves = world.change(&mut audience, &mut chance);
            tally.moves += moves.len() as u64;
            check_moves(&before, &moves, &audience);
        }
        save_something(&mut world, &mut audience, &mut chance);
        for (id, kept) in members(&audience) {
            let plain = plainly(&world.segments[&id], &world);
            assert_eq!(kept, plain, "members of segment {id}, round {round}: {:?}", world.segments[&id]);
            assert_eq!(audience.size(id).unwrap(), plain.len() as u64);
            tally.memberships += 1;
        }
        if round == 5 {
            let bytes = audience.snapshot(u64::from(round)).unwrap();
            let (restored, position) = Audience::restore(&bytes).unwrap();
            assert_eq!(position, u64::from(round));
            audience = restored;
        }
        let rules: Vec<Rule> = (0..TREES).map(|_| tree::rule(&mut chance, &world, 3)).collect();
        let plain: Vec<BTreeSet<i64>> = rules.iter().map(|rule| plainly(rule, &world)).collect();
        tally.trees += u64::from(TREES);
        for (rule, plain) in rules.iter().zip(&plain) {
            // A sweep has 65,536 counters to clear, however few people there are: not in every round.
            for large in [false, true].into_iter().take(1 + (round as usize) % 2) {
                audience.as_if_large(large);
                let asked: BTreeSet<i64> = audience.members(rule).unwrap().iter().map(i64::from).collect();
                assert_eq!(&asked, plain, "the index, round {round}, as if large: {large}: {rule:?}");
                assert_eq!(audience.count(rule).unwrap(), plain.len() as u64);
            }
            if let Some(&person) = plain.first() {
                assert!(audience.holds(rule, person).unwrap());
            }
            tally.answers += world.people.len() as u64;
            tally.yes += plain.len() as u64;
        }
        if round % 5 == 4 {
            sqlite.fill(&world);
            for (rule, plain) in rules.iter().zip(&plain) {
                assert_eq!(&sqlite.members(rule, &world), plain, "SQLite, round {round}: {rule:?}");
                let others = world.people.keys().find(|id| !plain.contains(*id));
                for &person in plain.first().into_iter().chain(others) {
                    let holds = sqlite.holds(rule, &world, person);
                    assert_eq!(holds, plain.contains(&person), "SQLite of {person}, round {round}: {rule:?}");
                }
            }
            tally.sqlite += u64::from(TREES);
        }
        if round == ROUNDS - 1 {
            postgres.fill(&world);
            let all = postgres.members(&rules, &world);
            for ((rule, plain), asked) in rules.iter().zip(&plain).zip(&all) {
                assert_eq!(asked, plain, "PostgreSQL, round {round}: {rule:?}");
            }
            tally.postgres += u64::from(TREES);
        }
    }
}

fn plainly(rule: &Rule, world: &World) -> BTreeSet<i64> {
    let holds = |id: &&i64| holds(rule, &world.people[*id], world, &world.now);
    world.people.keys().filter(holds).copied().collect()
}

fn members(audience: &Audience) -> BTreeMap<i64, BTreeSet<i64>> {
    let of = |id| (id, audience.members_kept(id).unwrap().iter().map(i64::from).collect());
    audience.segments().into_iter().map(of).collect()
}

/// What was told is exactly the difference, and each is told once.
fn check_moves(before: &BTreeMap<i64, BTreeSet<i64>>, moves: &[kring_audience::Moved], audience: &Audience) {
    let mut told: BTreeMap<i64, BTreeSet<i64>> = before.clone();
    for moved in moves {
        let segment = told.get_mut(&moved.segment).unwrap();
        let changed = if moved.joined { segment.insert(moved.person) } else { segment.remove(&moved.person) };
        assert!(changed, "told of a move that was none: {moved:?}");
    }
    assert_eq!(told, members(audience), "what was told is not what happened");
}

fn save_something(world: &mut World, audience: &mut Audience, chance: &mut Chance) {
    for _ in 0..chance.below(6) {
        let id = i64::from(chance.below(20));
        if chance.one_in(5) {
            match audience.forget(id) {
                Ok(()) => drop(world.segments.remove(&id)),
                Err(Fault::NoSegment(_)) => assert!(!world.segments.contains_key(&id)),
                Err(Fault::InUse(_)) => {}
                Err(fault) => panic!("{fault}"),
            }
            continue;
        }
        let rule = tree::rule(chance, world, 2);
        let before = members(audience);
        let preview = audience.preview(id, &rule);
        match audience.save(id, &rule) {
            Ok(shifts) => {
                world.segments.insert(id, rule);
                assert_eq!(shifts[0].segment, id);
                assert_eq!(shifts[0], preview.unwrap());
                let mut told = before;
                for shift in shifts {
                    let segment = told.entry(shift.segment).or_default();
                    segment.extend(shift.joined.iter().map(i64::from));
                    segment.retain(|&person| !shift.left.contains(person as u32));
                }
                assert_eq!(told, members(audience));
            }
            Err(Fault::Circular(_)) => assert_eq!(before, members(audience), "a refusal changes nothing"),
            Err(fault) => panic!("{fault}"),
        }
    }
}
