//! The suites in their order: what fails fast first.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use anyhow::{Result, bail};

use crate::{
    assets, fuzz, kill, postgres, setup,
    tools::{Build, cargo, has, read, root, run, say},
    walls,
};

/// How long each part took, told at the end: the whole must stay under 45 minutes on two cores.
#[derive(Default)]
struct Clock(Vec<(&'static str, Duration)>);

impl Clock {
    fn part(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        say(name);
        let begun = Instant::now();
        work()?;
        self.0.push((name, begun.elapsed()));
        Ok(())
    }
}

impl Drop for Clock {
    /// Also of a run that failed: where the time went is asked then too.
    fn drop(&mut self) {
        let whole: Duration = self.0.iter().map(|(_, took)| *took).sum();
        for (name, took) in &self.0 {
            eprintln!("{:>6} s  {name}", took.as_secs());
        }
        eprintln!("{:>6} s  together", whole.as_secs());
        say_room();
    }
}

/// How much the disk still holds: a linker that finds none left names a file and not the reason.
fn say_room() {
    let free = read(Command::new("df").args(["-h", "--output=avail"]).arg(root())).unwrap_or_default();
    say(&format!("free on the disk: {}", free.lines().last().unwrap_or("unknown").trim()));
}

pub fn all() -> Result<()> {
    say_room();
    let mut clock = Clock::default();
    clock.part("what the suites need", setup::packages)?;
    clock.part("formatting", || run(cargo().args(["fmt", "--all", "--check"])))?;
    clock.part("the front end", assets::build)?;
    clock.part("lints", || {
        run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
    })?;
    clock.part("walls", walls::check)?;
    suites(&mut clock, false)?;
    say("all green");
    Ok(())
}

pub fn test(quick: bool) -> Result<()> {
    let mut clock = Clock::default();
    clock.part("what the suites need", setup::packages)?;
    clock.part("the front end", assets::build)?;
    suites(&mut clock, quick)
}

fn suites(clock: &mut Clock, quick: bool) -> Result<()> {
    let server = postgres::start()?;
    let tests = |what: &[&str]| {
        let mut tests = cargo();
        tests.args(if has("cargo-nextest") { &["nextest", "run"][..] } else { &["test"] });
        tests.args(["--workspace", "--locked"]).args(what).env("KRING_TEST_POSTGRES", &server);
        run(&mut tests)
    };
    clock.part("building the tests", || tests(&["--no-run"]))?;
    clock.part("tests on SQLite and PostgreSQL", || tests(&["--no-fail-fast"]))?;
    if quick {
        return Ok(());
    }
    clock.part("kills", || kill::run(&kill::Options { runs: 300, seed: 20_261_123, shipped: false }))?;
    clock.part("the API against its description", fuzz::run_all)?;
    clock.part("a real browser", browser)
}

/// A desk and a phone side by side, each with a server of its own: a browser keeps one core busy.
fn browser() -> Result<()> {
    let e2e = root().join("e2e");
    assets::install(&e2e)?;
    std::thread::scope(|scope| {
        let runs = [("desktop", "8911"), ("phone", "8912")].map(|(project, port)| {
            let mut npm = Command::new("npm");
            npm.current_dir(&e2e).args(["test", "--silent", "--", "--project", project]);
            npm.env("KRING_BIN", Build::Tests.program("kring")).env("KRING_E2E_PORT", port);
            scope.spawn(move || run(&mut npm))
        });
        let done = runs.map(|one| one.join().unwrap_or_else(|_| bail!("a browser's run panicked")));
        done.into_iter().collect()
    })
}
