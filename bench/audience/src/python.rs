//! DuckDB and embedded ClickHouse, from PyPI in a scratch environment under `target/`, each as a child that answers
//! statements line by line.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::{
    engine::{Answer, Best, Engine},
    schema::TABLES,
    segments::Segment,
};

const SCRIPT: &str = include_str!("peer.py");

pub struct Python {
    name: String,
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    best: Best,
}

impl Python {
    pub fn load(name: &str, folder: &Path) -> Result<Self> {
        let python = folder.join("env/bin/python");
        if !python.exists() {
            done(name, Command::new("python3").args(["-m", "venv"]).arg(folder.join("env")))?;
        }
        done(name, Command::new(&python).args(["-m", "pip", "install", "--quiet", name]))?;
        let script = folder.join("peer.py");
        std::fs::write(&script, SCRIPT)?;
        let mut child = Command::new(&python)
            .arg(&script)
            .arg(name)
            .arg(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("the peer {name} is missing"))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (to, from) = pipes.with_context(|| format!("the peer {name} has no pipes"))?;
        let mut peer =
            Self { name: name.to_owned(), child, to, from: BufReader::new(from), best: Best::default() };
        let version = say(&mut peer.to, &mut peer.from, &json!({ "tables": TABLES }))
            .with_context(|| format!("the peer {name} is missing"))?;
        eprintln!("{name} {}", version.get("version").and_then(Value::as_str).unwrap_or_default());
        Ok(peer)
    }
}

/// One line there, one line back.
fn say(to: &mut ChildStdin, from: &mut BufReader<ChildStdout>, line: &Value) -> Result<Value> {
    writeln!(to, "{line}")?;
    to.flush()?;
    let mut answer = String::new();
    from.read_line(&mut answer)?;
    let answer: Value = serde_json::from_str(&answer).context("it stopped; its own words are above")?;
    match answer.get("fault").and_then(Value::as_str) {
        Some(fault) => bail!("{fault}"),
        None => Ok(answer),
    }
}

fn done(name: &str, command: &mut Command) -> Result<()> {
    let output = command.output().with_context(|| format!("the peer {name} is missing: {command:?}"))?;
    if !output.status.success() {
        bail!("the peer {name} is missing: {command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(())
}

impl Engine for Python {
    fn name(&self) -> &str {
        &self.name
    }

    fn ask(&mut self, number: usize, segment: &Segment) -> Result<Answer> {
        let Self { to, from, best, name, .. } = self;
        best.ask(number, segment, |text| {
            let answer = say(to, from, &json!({ "sql": text }))
                .with_context(|| format!("{name} on {}: {text}", segment.name))?;
            let number = |key: &str| answer.get(key).with_context(|| format!("{name} says no {key}"));
            let whole =
                |key: &str| number(key)?.as_i64().with_context(|| format!("{name}: {key} is no number"));
            Ok(Answer {
                count: whole("count")?,
                sum: whole("sum")?,
                ms: number("ms")?.as_f64().context("no time")?,
            })
        })
    }
}

impl Drop for Python {
    fn drop(&mut self) {
        // An end of input would end it too; a statement that hangs would not.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
