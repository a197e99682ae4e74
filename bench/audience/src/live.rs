//! A thousand live segments: what an event, a person, midnight and a start cost.

use std::time::Instant;

use anyhow::{Context, Result};
use kring_audience::{Act, Audience, Change};
use kring_rules::{Count, Day, Rule, When};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

use crate::{
    base::{Base, KINDS, TODAY},
    engine::ms,
    figure::Figure,
    ours::{Ours, now},
    segments::{any, at_least, colleagues, consent, did, hosting, never, score, then},
};

const EVENTS: u32 = 200_000;
const LOOKED_UP: u32 = 100_000;

pub fn run(ours: Ours, base: &Base, live: u32) -> Result<()> {
    let mut audience = ours.audience;
    for id in audience.segments() {
        audience.forget(id)?;
    }
    eprintln!("saving {live} segments");
    let mut chance = ChaCha8Rng::seed_from_u64(4);
    let began = Instant::now();
    for id in 0..live {
        audience.save(i64::from(id), &segment(&mut chance))?;
    }
    Figure::plain("saving_all_segments", began.elapsed().as_secs_f64(), "s", 1).tell();
    let memory = audience.memory();
    let people = f64::from(base.people) / 1e6;
    eprintln!("{memory:?}");
    Figure::at_most("memory_per_million_people", memory.total() as f64 / 1e6 / people, "MB", 500.0).tell();

    eprintln!("{EVENTS} events, one in ten late");
    let mut moves = 0;
    let events: Vec<(i64, Act<'_>)> = (0..EVENTS).map(|_| event(&mut chance, base)).collect();
    let (began, cpu) = (Instant::now(), cpu_seconds()?);
    for (person, act) in events {
        moves += audience.apply(&Change::Act { person, act })?.len();
    }
    let (took, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds()? - cpu);
    Figure::at_most("event_cpu", cpu * 1e6 / f64::from(EVENTS), "us", 10.0).tell();
    Figure::plain("events_per_second", f64::from(EVENTS) / took, "events/s", 1).tell();
    Figure::plain("joins_and_leaves", moves as f64, "moves", 1).tell();

    let mut found = 0;
    let began = Instant::now();
    for _ in 0..LOOKED_UP {
        found += audience.segments_of(i64::from(chance.random_range(1..=base.people))).len();
    }
    let per_person = ms(began) * 1e3 / f64::from(LOOKED_UP);
    Figure::at_most("one_person_in_which_segments", per_person, "us", 20.0).tell();
    eprintln!("{} segments a person", f64::from(found as u32) / f64::from(LOOKED_UP));

    let began = Instant::now();
    let moves = audience.roll(now(TODAY + 1)).len();
    Figure::plain("midnight", ms(began), "ms", 1).tell();
    Figure::plain("moves_at_midnight", moves as f64, "moves", 1).tell();

    eprintln!("a snapshot and back");
    let began = Instant::now();
    let bytes = audience.snapshot(1)?;
    Figure::plain("snapshot_written", began.elapsed().as_secs_f64(), "s", 1).tell();
    Figure::plain("snapshot_size", bytes.len() as f64 / 1e6, "MB", 1).tell();
    let sizes = |audience: &Audience| -> Vec<u64> {
        audience.segments().into_iter().filter_map(|id| audience.size(id).ok()).collect()
    };
    let before = sizes(&audience);
    drop(audience);
    let began = Instant::now();
    let (audience, _) = Audience::restore(&bytes)?;
    let took = began.elapsed().as_secs_f64();
    anyhow::ensure!(sizes(&audience) == before, "the restored index has other members");
    Figure::at_most("start_from_snapshot_per_million_people", took / people, "s", 3.0).tell();
    Ok(())
}

fn event(chance: &mut ChaCha8Rng, base: &Base) -> (i64, Act<'static>) {
    let back = if chance.random_ratio(1, 10) { chance.random_range(1..60) } else { 0 };
    let kind = chance.random_range(0..KINDS.len() as u8);
    (i64::from(chance.random_range(1..=base.people)), Act { kind, day: Day::new(TODAY - back), detail: None })
}

/// What a house with a thousand segments has: few codes and windows, asked again and again in other company.
fn segment(chance: &mut ChaCha8Rng) -> Rule {
    const WINDOWS: [u32; 7] = [7, 14, 30, 60, 90, 180, 365];
    let mut rules = Vec::new();
    for _ in 0..chance.random_range(2..=4) {
        let window = WINDOWS.get(chance.random_range(0..WINDOWS.len())).copied().unwrap_or(30);
        let fact = KINDS.get(chance.random_range(0..KINDS.len())).map_or("page", |(key, _)| *key);
        let code = |chance: &mut ChaCha8Rng, below: u32| chance.random_range(0..below);
        rules.push(match chance.random_range(0..20) {
            0..3 => any("status", &[code(chance, 4)]),
            3..5 => any("programme", &[code(chance, 60), code(chance, 60)]),
            5 => any("country", &[code(chance, 10)]),
            6 => any("interests", &[code(chance, 60)]),
            7 => consent(),
            8 => score(i64::from(code(chance, 10)) * 100),
            9..14 => at_least(chance.random_range(1..=5), fact, window),
            14..17 => never(fact, When::Last(window)),
            17 => did(fact, Count::OnDays(chance.random_range(2..=3)), When::Last(window)),
            18 => hosting(),
            _ if chance.random_bool(0.5) => then("clicked", window, "form", 14),
            _ => colleagues(2, Rule::All(vec![any("status", &[3]), at_least(1, fact, window)])),
        });
    }
    if chance.random_ratio(1, 5) { Rule::Any(rules) } else { Rule::All(rules) }
}

/// Processor seconds of this thread: the machine may be shared.
fn cpu_seconds() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat")?;
    let nanoseconds: f64 = text.split(' ').next().context("no schedstat")?.parse()?;
    Ok(nanoseconds / 1e9)
}
