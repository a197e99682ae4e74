//! Febrl 3 (5,000 records against themselves) and 4 (5,000 against 5,000): ours and the peer's best recipe in turns.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result};
use kring_match::{Base, Field, Kind, Learning, Record, Spec, learn_and_find};

use super::{
    outcome::{Outcome, figure},
    peer::{Peer, Recipe, exists},
};
use crate::{Figure, quantile};

const ROUNDS: u32 = 5;

pub fn run() -> Result<()> {
    let peer = Peer::ready()?;
    for (set, files) in [("3", &["febrl3.csv"][..]), ("4", &["febrl4a.csv", "febrl4b.csv"])] {
        let (mut our_seconds, mut peer_seconds, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        let mut last: Option<(Outcome, Recipe)> = None;
        for round in 0..ROUNDS {
            eprintln!("Febrl {set}, round {} of {ROUNDS}", round + 1);
            let begun = Instant::now();
            let outcome = linked(&peer.folder, files)?;
            let seconds = begun.elapsed().as_secs_f64();
            let recipes = peer.run(set)?;
            let best =
                recipes.into_iter().max_by(|a, b| a.f.total_cmp(&b.f)).context("a recipe of the peer")?;
            anyhow::ensure!(
                (best.truth - outcome.truth).abs() < 0.5,
                "ours counts {} true pairs and the peer {}",
                outcome.truth,
                best.truth
            );
            our_seconds.push(seconds);
            peer_seconds.push(best.seconds);
            ratios.push(best.seconds / seconds);
            last = Some((outcome, best));
        }
        let (outcome, best) = last.context("a round")?;
        outcome.tell("febrl", &format!("febrl{set}_"));
        eprintln!("the peer's best recipe on Febrl {set} is {:?}", best.name);
        let name = |what: &str| format!("febrl{set}_{what}");
        figure("febrl", &name("peer_precision"), best.precision, "share", 0.0, false);
        figure("febrl", &name("peer_recall"), best.recall, "share", 0.0, false);
        figure("febrl", &name("peer_f"), best.f, "share", 0.0, false);
        figure("febrl", &name("f_above_peer"), outcome.f() - best.f, "share", 0.0, false);
        timed(&name("seconds"), &mut our_seconds, "s", 10.0, true);
        timed(&name("peer_seconds"), &mut peer_seconds, "s", f64::INFINITY, true);
        timed(&name("times_as_fast_as_peer"), &mut ratios, "x", 1.0, false);
    }
    Ok(())
}

/// From the csv to the people; the truth is looked at afterwards.
fn linked(folder: &Path, files: &[&str]) -> Result<Outcome> {
    let spec = spec()?;
    let mut lists = Vec::new();
    let mut person = Vec::new();
    for file in files {
        let path = folder.join(file);
        exists(&path)?;
        lists.push(read(&spec, &path, &mut person)?);
    }
    let second = if lists.len() > 1 { lists.pop() } else { None };
    let first = lists.pop().unwrap_or_default();
    let base = match second {
        Some(second) => Base::two(&spec, first, second)?,
        None => Base::new(&spec, first)?,
    };
    let (_, found) = learn_and_find(&base, &Learning::default(), &|_| {})?;
    Ok(Outcome::of(&base, &found, &person))
}

fn spec() -> Result<Spec> {
    let fields = [
        ("given_name", Kind::Given),
        ("surname", Kind::Surname),
        ("street_number", Kind::Number),
        ("address_1", Kind::Street),
        ("address_2", Kind::Text),
        ("suburb", Kind::City),
        ("postcode", Kind::Postcode),
        ("state", Kind::Region),
        ("date_of_birth", Kind::Date),
        ("soc_sec_id", Kind::Id),
    ];
    let fields = fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect();
    Ok(Spec::new(fields)?.swapping("address_1", "address_2")?)
}

/// `rec-17-dup-2` is a record of person 17; counted from 1 here, since 0 is nobody.
fn read(spec: &Spec, path: &Path, person: &mut Vec<u32>) -> Result<Vec<Record>> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let mut records = Vec::new();
    for row in reader.records() {
        let row = row?;
        let values: Vec<(&str, &str)> = header.iter().zip(row.iter()).skip(1).collect();
        records.push(spec.record(0, &values)?);
        let id = row.get(0).and_then(|id| id.split('-').nth(1)).context("a rec_id")?;
        person.push(id.parse::<u32>()? + 1);
    }
    Ok(records)
}

fn timed(name: &str, values: &mut [f64], unit: &str, goal: f64, at_most: bool) {
    values.sort_by(f64::total_cmp);
    let (min, max) = (quantile(values, 0.0), quantile(values, 1.0));
    let value = quantile(values, 0.5);
    Figure { name, value, unit, goal, at_most, runs: ROUNDS, min, max }.tell("febrl");
}
