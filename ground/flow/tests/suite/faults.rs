//! Journeys over a store that fails: seeded runs in which the process dies between any two steps, two workers race for one run,
//! events come twice, late and in another order, and the clock jumps. Whatever happens, each deed is written once, nothing is
//! early, and nobody is lost.
//!
//! The store is a model: a transaction is a copy that replaces the rows when it commits, and vanishes when the process dies.
//! What is held here against it is the way in which `rooms/journeys` uses the flow: a turn is valid only for the state it was
//! taken from (`turns`), and its deeds commit with it or not at all.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a story that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, tz::TimeZone};
use kring_core::Timestamp;
use kring_flow::{
    By, Cue, Flow, Kept, Late, Limit, Next, Part, Program, State, Step, Unit, Until, Wait, Way, What, When,
    World, advance, check,
};

/// SplitMix64: small, and the same everywhere for ever.
struct Dice(u64);
impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

type S = Step<u32, u32>;

/// A plan made by chance, of everything that a plan can have; those with faults are thrown away.
fn plan(dice: &mut Dice) -> Program<u32, u32> {
    loop {
        let mut next = 0;
        let flow = Flow { steps: list(dice, &mut next, 3) };
        if check(&flow).is_empty() {
            return Program::of(&flow);
        }
    }
}

fn list(dice: &mut Dice, next: &mut u32, depth: u32) -> Vec<S> {
    (0..=dice.below(3)).map(|_| step(dice, next, depth)).collect()
}

fn step(dice: &mut Dice, next: &mut u32, depth: u32) -> S {
    *next += 1;
    let id = *next;
    let limit =
        Limit::after(dice.below(40) as u32 + 1, if dice.one_in(3) { Unit::Days } else { Unit::Hours });
    let what = match dice.below(if depth == 0 { 4 } else { 7 }) {
        0 | 1 => What::Do(id),
        2 => What::Ask { deed: id, answers: vec!["yes".into(), "no".into()] },
        3 => {
            let until = match dice.below(4) {
                0 => vec![],
                1 => vec![Until::Happens { kind: "came".into(), detail: None }],
                2 => vec![Until::Holds(dice.below(3) as u32)],
                _ => vec![Until::Answered(id.saturating_sub(1))],
            };
            What::Wait(Wait { until, at_most: Some(limit) })
        }
        4 => {
            let when = if dice.one_in(2) {
                When::Holds(dice.below(3) as u32)
            } else {
                When::Ended { wait: id.saturating_sub(1), by: By::Time }
            };
            let ways = vec![Way { when, steps: list(dice, next, depth - 1) }];
            What::Branch { ways, otherwise: list(dice, next, depth - 1) }
        }
        5 => {
            let part = |dice: &mut Dice, next: &mut u32| Part {
                name: "p".into(),
                share: dice.below(3) as u32 + 1,
                steps: list(dice, next, depth - 1),
            };
            What::Split { parts: vec![part(dice, next), part(dice, next)] }
        }
        _ => {
            What::Repeat { times: dice.below(3) as u32 + 1, until: None, steps: list(dice, next, depth - 1) }
        }
    };
    let late = if dice.one_in(6) { Late::SkipAfter(dice.below(20) as u32 + 1) } else { Late::Do };
    Step { id, what, late }
}

/// A run as the store has it.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    state: State,
    turns: u32,
    over: bool,
    stuck: bool,
}

/// What has committed.
#[derive(Clone, Default)]
struct Store {
    runs: Vec<Row>,
    /// (run, number of the deed) → (step, visit, when, too late)
    deeds: BTreeMap<(usize, u32), (u32, u32, Timestamp, bool)>,
    /// Events that each run has heard, by their number.
    heard: BTreeSet<(usize, usize)>,
}

struct Here<'a> {
    now: Timestamp,
    zone: &'a TimeZone,
    holds: u64,
    seed: u64,
}
impl World<u32> for Here<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn zone(&self) -> &TimeZone {
        self.zone
    }
    fn holds(&self, condition: &u32) -> Option<bool> {
        Some(self.holds >> condition & 1 == 1)
    }
    fn seed(&self) -> u64 {
        self.seed
    }
}

/// How often something was seen, over all seeds.
#[derive(Default, Debug)]
struct Seen {
    crashes: u32,
    lost_races: u32,
    doubled_events: u32,
    jumps_back: u32,
    late: u32,
    again: u32,
    answers: u32,
    ended: u32,
}

/// One transaction: reads a row as it was, takes a turn, and writes it if the row is still that. `dies` is the process dying
/// before the commit.
#[expect(clippy::too_many_arguments, reason = "a model of one transaction, spelled out")]
fn turn(
    store: &mut Store,
    program: &Program<u32, u32>,
    run: usize,
    read: &Row,
    cue: Cue<'_, u32>,
    here: &Here<'_>,
    event: Option<usize>,
    dies: bool,
    seen: &mut Seen,
) {
    if read.over {
        return;
    }
    let due = read.state.due;
    let turn = advance(program, read.state.clone(), cue, here).unwrap();
    if !turn.moved {
        if let Some(event) = event {
            store.heard.insert((run, event));
        }
        return;
    }
    if matches!(cue, Cue::Time) {
        assert!(due.is_some_and(|due| due <= here.now), "a timer went off early");
    }
    if dies {
        seen.crashes += 1;
        return;
    }
    if store.runs[run].turns != read.turns {
        seen.lost_races += 1;
        return;
    }
    for act in &turn.acts {
        let name = (run, act.deed_no);
        let before = store.deeds.insert(name, (act.step, act.visit, here.now, act.too_late));
        assert_eq!(before, None, "a deed was written twice");
        seen.late += u32::from(act.too_late);
        seen.again += u32::from(act.visit > 0);
    }
    let (over, stuck) = match turn.next {
        Next::Waiting => (false, false),
        Next::Ended(_) => (true, false),
        Next::Stuck => (true, true),
    };
    seen.ended += u32::from(over);
    store.runs[run] = Row { state: turn.state, turns: read.turns + 1, over, stuck };
    if let Some(event) = event {
        store.heard.insert((run, event));
    }
}

fn play(seed: u64, seen: &mut Seen) {
    let mut dice = Dice(seed);
    let program = plan(&mut dice);
    let zone = TimeZone::get("Europe/Amsterdam").unwrap();
    // Across the night in which the clock is put back.
    let mut now: Timestamp = "2026-10-20T08:00:00Z".parse().unwrap();
    let people = 3;
    let fresh = Row { state: State::default(), turns: 0, over: false, stuck: false };
    let mut store = Store { runs: vec![fresh; people], ..Store::default() };
    // Events that happened, each to one run; they may be told more than once and in any order.
    let mut log: Vec<(usize, &str, u32)> = Vec::new();
    let mut holds = dice.next();
    for _ in 0..120 {
        let here = Here { now, zone: &zone, holds, seed };
        let run = dice.below(people as u64) as usize;
        // Two workers read the same row; whichever comes second has lost.
        let read = store.runs[run].clone();
        let workers = if dice.one_in(3) { 2 } else { 1 };
        for _ in 0..workers {
            let dies = dice.one_in(4);
            let at = read.state.at;
            let cue = if at.is_none() && read.turns == 0 { Cue::Begin } else { Cue::Time };
            turn(&mut store, &program, run, &read, cue, &here, None, dies, seen);
        }
        match dice.below(8) {
            0 => log.push((run, "came", 0)),
            1 => log.push((run, "answer", dice.below(12) as u32 + 1)),
            2 => {
                let condition = dice.below(3) as u32;
                holds |= 1 << condition;
                log.push((run, "became", condition));
            }
            3 => holds = dice.next(),
            _ => {}
        }
        // The log is heard at least once: some of it again, some of it late.
        if !log.is_empty() && dice.one_in(2) {
            let event = dice.below(log.len() as u64) as usize;
            let (run, kind, detail) = log[event];
            if store.heard.contains(&(run, event)) {
                // The reader's cursor moved with its effect, so what is told twice is passed over.
                seen.doubled_events += 1;
            } else {
                let read = store.runs[run].clone();
                let cue = match kind {
                    "came" => Cue::Happened { kind, detail: None },
                    "answer" => {
                        seen.answers += 1;
                        Cue::Answered { step: detail, answer: "yes" }
                    }
                    _ => Cue::Became(&detail),
                };
                let here = Here { now, zone: &zone, holds, seed };
                turn(&mut store, &program, run, &read, cue, &here, Some(event), dice.one_in(5), seen);
            }
        }
        // The clock goes on, stands still, jumps ahead, or is put back.
        now += match dice.below(12) {
            0 => SignedDuration::from_hours(72),
            1 => {
                seen.jumps_back += 1;
                SignedDuration::from_hours(-1)
            }
            2 => SignedDuration::ZERO,
            _ => SignedDuration::from_mins(dice.below(600) as i64),
        };
    }
    // Left alone for long enough, everybody comes to the end: nobody was lost on the way.
    for _ in 0..4_000 {
        if store.runs.iter().all(|row| row.over) {
            break;
        }
        now += SignedDuration::from_hours(24);
        for run in 0..people {
            let read = store.runs[run].clone();
            let here = Here { now, zone: &zone, holds, seed };
            let cue = if read.turns == 0 { Cue::Begin } else { Cue::Time };
            turn(&mut store, &program, run, &read, cue, &here, None, false, seen);
        }
    }
    for (run, row) in store.runs.iter().enumerate() {
        assert!(row.over && !row.stuck, "seed {seed}: run {run} is lost: {row:?}");
        // The numbers of the deeds are whole: none is missing, none is there twice.
        let numbers: Vec<u32> = store.deeds.range((run, 0)..(run + 1, 0)).map(|((_, no), _)| *no).collect();
        assert_eq!(numbers, (0..row.state.deeds).collect::<Vec<_>>(), "seed {seed}: run {run}");
        // And no step was visited twice under one number.
        let visits: Vec<(u32, u32)> =
            store.deeds.range((run, 0)..(run + 1, 0)).map(|(_, (step, visit, ..))| (*step, *visit)).collect();
        let different: BTreeSet<_> = visits.iter().collect();
        assert_eq!(different.len(), visits.len(), "seed {seed}: run {run}: {visits:?}");
    }
}

#[test]
fn whatever_fails_each_deed_is_done_once_and_nobody_is_lost() {
    let mut seen = Seen::default();
    for seed in 0..2_000 {
        play(seed, &mut seen);
    }
    // A simulation that never saw the fault has shown nothing about it.
    for (what, n) in [
        ("crashes", seen.crashes),
        ("lost races", seen.lost_races),
        ("doubled events", seen.doubled_events),
        ("a clock put back", seen.jumps_back),
        ("late steps", seen.late),
        ("second visits", seen.again),
        ("answers", seen.answers),
        ("ends", seen.ended),
    ] {
        assert!(n > 100, "{what}: seen {n} times only, {seen:?}");
    }
}

#[test]
fn what_is_kept_is_a_few_bytes() {
    let mut kept = Kept::default();
    kept.answers.insert(2, "yes".into());
    kept.ended.insert(3, By::Until(0));
    assert_eq!(serde_json::to_string(&kept).unwrap(), r#"{"a":{"2":"yes"},"e":{"3":{"until":0}}}"#);
    assert!(Kept::default().is_empty());
}
