//! Ten segments over a made-up base, asked of the audience index and of its peers in turn, with counts and sums of
//! numbers held equal; and what the index costs: memory, filling, an event with a thousand live segments, midnight, a
//! start. Progress to standard error, one JSON line a figure to standard output.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "figures are for whoever called")]

mod base;
mod engine;
mod figure;
mod live;
mod ours;
mod postgres;
mod python;
mod schema;
mod segments;
mod sqlite;

use anyhow::{Result, bail};
use clap::Parser;

use base::Base;
use engine::{Answer, Engine};
use figure::{Figure, median, spread};
use ours::Ours;

#[derive(Parser)]
#[command(name = "audience", max_term_width = 100)]
struct Cli {
    #[arg(long, default_value_t = 1_000_000)]
    people: u32,
    #[arg(long, default_value_t = 20_000_000)]
    events: u64,
    /// Engines to compare with, of sqlite, postgres, duckdb and chdb; one that is asked for and missing is an error.
    #[arg(long, value_delimiter = ',')]
    peers: Vec<String>,
    /// How often each engine answers each segment, after one answer that warms it.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// Live segments while events come in.
    #[arg(long, default_value_t = 1_000)]
    live: u32,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let base = Base { people: cli.people, events: cli.events };
    let mut ours = Ours::fill(&base)?;
    let mut peers = peers(&cli, &base)?;
    compare(&cli, &mut ours, &mut peers)?;
    drop(peers);
    live::run(ours, &base, cli.live)
}

fn peers(cli: &Cli, base: &Base) -> Result<Vec<Box<dyn Engine>>> {
    let mut peers: Vec<Box<dyn Engine>> = Vec::new();
    if cli.peers.is_empty() {
        return Ok(peers);
    }
    let folder = std::env::current_dir()?.join("target/bench/audience");
    std::fs::create_dir_all(&folder)?;
    eprintln!("writing the base as csv into {}", folder.display());
    base.write(&folder)?;
    for peer in &cli.peers {
        eprintln!("loading {peer}");
        peers.push(match peer.as_str() {
            "sqlite" => Box::new(sqlite::Sqlite::load(base, &folder)?),
            "postgres" => Box::new(postgres::Postgres::load(&folder)?),
            "duckdb" | "chdb" => Box::new(python::Python::load(peer, &folder)?),
            other => bail!("the peer {other} is none of sqlite, postgres, duckdb and chdb"),
        });
    }
    Ok(peers)
}

/// The ten segments in every engine, in turn, round after round.
fn compare(cli: &Cli, ours: &mut Ours, peers: &mut [Box<dyn Engine>]) -> Result<()> {
    let segments = segments::ten(ours.audience.now());
    let engines = peers.len() + 1;
    let mut times = vec![vec![Vec::new(); segments.len()]; engines];
    for round in 0..=cli.rounds {
        eprintln!("round {round} of {}", cli.rounds);
        for (number, segment) in segments.iter().enumerate() {
            let right = ours.ask(segment)?;
            record(&mut times, 0, number, round, &right);
            for (engine, peer) in peers.iter_mut().enumerate() {
                let answer = peer.ask(number, segment)?;
                if (answer.count, answer.sum) != (right.count, right.sum) {
                    bail!(
                        "{} differs on {}: {} people with the sum {}, the index has {} with {}",
                        peer.name(),
                        segment.name,
                        answer.count,
                        answer.sum,
                        right.count,
                        right.sum
                    );
                }
                record(&mut times, engine + 1, number, round, &answer);
            }
        }
    }
    read("ad_hoc", ours, &segments)?;
    let kept = kept(cli, ours, &segments)?;
    read("kept", ours, &segments)?;
    let names: Vec<&str> = std::iter::once("ad_hoc").chain(peers.iter().map(|peer| peer.name())).collect();
    let mut sums = Vec::new();
    for (name, times) in names.iter().zip(&times) {
        sums.push(tell_engine(name, &segments, times));
    }
    let kept_sum = tell_engine("kept", &segments, &kept);
    let ours_sum = sums.remove(0);
    for (name, value) in [("ad_hoc_ten_segments_ms", ours_sum), ("kept_ten_segments_ms", kept_sum)] {
        Figure::plain(name, value, "ms", cli.rounds).tell();
    }
    if let Some(best) = sums.into_iter().reduce(f64::min) {
        let ratios = [
            ("ten_segments_ratio_to_best_peer", ours_sum),
            ("ten_kept_segments_ratio_to_best_peer", kept_sum),
        ];
        for (name, sum) in ratios {
            Figure { goal: Some((100.0, false)), ..Figure::plain(name, best / sum, "x", cli.rounds) }.tell();
        }
    }
    Ok(())
}

/// How much of the index each of the ten reads: what decides how long it takes, and the same on every machine.
fn read(way: &str, ours: &Ours, segments: &[segments::Segment]) -> Result<()> {
    for segment in segments {
        let (_, bytes) = ours.audience.count_reading(&segment.rule)?;
        let name = format!("{}_{way}_read", segment.name);
        Figure::plain(&name, bytes as f64 / 1e3, "kB", 1).tell();
    }
    Ok(())
}

/// The same questions once the ten are saved: what they ask of histories and links is kept.
fn kept(cli: &Cli, ours: &mut Ours, segments: &[segments::Segment]) -> Result<Vec<Vec<f64>>> {
    for (number, segment) in (0_i64..).zip(segments) {
        ours.audience.save(number, &segment.rule)?;
    }
    let mut times = vec![Vec::new(); segments.len()];
    for round in 0..=cli.rounds {
        for (segment, times) in segments.iter().zip(&mut times) {
            let answer = ours.ask(segment)?;
            if round > 0 {
                times.push(answer.ms);
            }
        }
    }
    Ok(times)
}

fn record(times: &mut [Vec<Vec<f64>>], engine: usize, segment: usize, round: u32, answer: &Answer) {
    if round > 0
        && let Some(times) = times.get_mut(engine).and_then(|engine| engine.get_mut(segment))
    {
        times.push(answer.ms);
    }
}

/// One line a segment; the sum of the medians.
fn tell_engine(name: &str, segments: &[segments::Segment], times: &[Vec<f64>]) -> f64 {
    let goal = match name {
        "ad_hoc" => Some((10.0, true)),
        "kept" => Some((1.0, true)),
        _ => None,
    };
    let mut sum = 0.0;
    for (segment, times) in segments.iter().zip(times) {
        let (min, max) = spread(times);
        let value = median(times);
        sum += value;
        let figure = format!("{}_{name}", segment.name);
        Figure { name: &figure, value, unit: "ms", goal, runs: times.len() as u32, min, max }.tell();
    }
    sum
}
