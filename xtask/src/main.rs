//! What a developer's machine and CI do, behind `./x`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool for people at a terminal")]

mod assets;
mod ci;
mod fuzz;
mod kill;
mod postgres;
mod setup;
mod tools;
mod walls;

use anyhow::Result;
use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "x", about = "Kring's workbench", max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build everything, make the demo institution Meerland, and serve it. `./x demo --port 9000 --data DIR`
    #[command(disable_help_flag = true)]
    Demo {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
    /// Run every suite on both databases, in a real browser, against a real mail server.
    Test {
        /// Leave out the browser, the mail server, the kills and the API fuzzing.
        #[arg(long)]
        quick: bool,
    },
    /// What CI runs: formatting, lints, walls, and `test`.
    Ci,
    /// Install what the suites need on this machine.
    Setup,
    /// Build the front end into client/dist.
    Assets,
    /// Start a PostgreSQL of our own in target/, and say how to reach it.
    Postgres,
    /// Check that crates depend only on what lies below them, and that nothing banned came in.
    Walls,
    /// Kill the server with -9 while it sends, again and again, and count.
    Kill(kill::Options),
    /// Hold the API against its own description, with schemathesis.
    Fuzz,
    /// Run a benchmark: `./x bench smoke`, `./x bench list`.
    #[command(disable_help_flag = true)]
    Bench {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<String>,
    },
}

fn main() -> Result<()> {
    match Cli::parse().command {
        Command::Demo { rest } => demo(&rest),
        Command::Test { quick } => ci::test(quick),
        Command::Ci => ci::all(),
        Command::Setup => setup::all(),
        Command::Assets => assets::build(),
        Command::Postgres => {
            println!("KRING_TEST_POSTGRES={}", postgres::start()?);
            Ok(())
        }
        Command::Walls => walls::check(),
        Command::Kill(options) => kill::run(&options),
        Command::Fuzz => fuzz::run_all(),
        // A package of its own, which does not build the house.
        Command::Bench { rest } if rest.first().is_some_and(|name| name == "audience") => {
            let mut bench = tools::cargo();
            bench.args(["run", "--release", "--quiet", "-p", "kring-bench-audience", "--"]);
            bench.args(rest.iter().skip(1));
            if rest.iter().any(|word| word.contains("postgres")) {
                bench.env("KRING_TEST_POSTGRES", postgres::start()?);
            }
            tools::run(&mut bench)
        }
        Command::Bench { rest } => {
            assets::build()?;
            let mut bench = tools::cargo();
            bench.args(["run", "--release", "--quiet", "-p", "kring-bench", "--"]).args(&rest);
            if rest.iter().any(|word| ["relations", "journeys", "mail", "events"].contains(&word.as_str())) {
                bench.env("KRING_TEST_POSTGRES", postgres::start()?);
            }
            tools::run(&mut bench)
        }
    }
}

fn demo(rest: &[String]) -> Result<()> {
    assets::build()?;
    tools::say("building kring (the first time takes some minutes)");
    tools::run(tools::cargo().args(["build", "--release", "-p", "kring"]))?;
    tools::run(std::process::Command::new(tools::root().join("target/release/kring")).arg("demo").args(rest))
}
