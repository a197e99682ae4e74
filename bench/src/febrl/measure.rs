//! Made-up people against themselves: how long, how much memory, how right; and the messy list.

use std::time::Instant;

use anyhow::{Context, Result};
use indicatif::ProgressBar;
use kring_match::{Base, Learning, Stage, learn_and_find};

use super::{
    messy,
    outcome::{Outcome, figure},
    people::{LOOK_ALIKES, make, spec},
};

/// The seconds run from the records in memory to the people they make.
pub fn people(people: u32) -> Result<()> {
    let spec = spec()?;
    eprintln!("making {people} people");
    let made = make(&spec, people)?;
    let begun = Instant::now();
    let base = Base::new(&spec, made.records)?;
    let bar = ProgressBar::new(u64::from(people));
    let watch = |progress: kring_match::Progress| {
        bar.set_length(progress.of as u64);
        bar.set_position(progress.done as u64);
        bar.set_message(match progress.stage {
            Stage::Keys => "keys",
            Stage::Comparing => "comparing",
            Stage::Joining => "joining",
        });
    };
    let (matcher, found) = learn_and_find(&base, &Learning::default(), &watch)?;
    bar.finish_and_clear();
    let seconds = begun.elapsed().as_secs_f64();
    eprintln!("{}", matcher.model());
    figure("match", "people", f64::from(people), "records", 0.0, false);
    figure("match", "pairs_compared", found.compared as f64, "pairs", 0.0, false);
    figure("match", "seconds", seconds, "s", 300.0, true);
    figure("match", "peak_memory", peak_memory()?, "MB", 3072.0, true);
    Outcome::of(&base, &found, &made.person).tell("match", "");
    let apart = made.look_alikes.iter().filter(|(a, b)| {
        let first = |at: &u32| found.first.get(*at as usize);
        first(a) != first(b)
    });
    figure("match", "look_alikes_apart", apart.count() as f64, "pairs", f64::from(LOOK_ALIKES), false);
    messy::run()
}

/// The most memory that this process ever held, with the made-up people in it.
fn peak_memory() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kb = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().split(' ').next()?.parse::<f64>().ok());
    Ok(kb.context("VmHWM of this process")? / 1024.0)
}
