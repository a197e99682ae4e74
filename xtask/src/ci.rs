//! The suites in their order: what fails fast first.

use std::{process::Command, time::Instant};

use anyhow::Result;

use crate::{
    assets, fuzz, kill, postgres, setup,
    tools::{cargo, has, root, run, say},
    walls,
};

pub fn all() -> Result<()> {
    let begun = Instant::now();
    setup::packages()?;
    say("formatting");
    run(cargo().args(["fmt", "--all", "--check"]))?;
    assets::build()?;
    say("lints");
    run(cargo().args(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))?;
    say("walls");
    walls::check()?;
    test(false)?;
    say(&format!("all green in {} min", begun.elapsed().as_secs() / 60));
    Ok(())
}

pub fn test(quick: bool) -> Result<()> {
    setup::packages()?;
    assets::build()?;
    let server = postgres::start()?;
    say("tests on SQLite and PostgreSQL");
    let mut tests = cargo();
    if has("cargo-nextest") {
        tests.args(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
    } else {
        tests.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    }
    run(tests.env("KRING_TEST_POSTGRES", &server))?;
    if quick {
        return Ok(());
    }
    say("building what is shipped");
    run(cargo().args(["build", "--release", "--locked", "-p", "kring"]))?;
    say("kills");
    kill::run(&kill::Options { runs: 300, seed: 20_261_123 })?;
    say("the API against its description");
    fuzz::run_all()?;
    say("a real browser");
    let e2e = root().join("e2e");
    assets::install(&e2e)?;
    run(Command::new("npm").current_dir(&e2e).args(["test", "--silent"]))?;
    Ok(())
}
