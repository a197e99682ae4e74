//! The API against its own description: schemathesis, from PyPI in an environment of its own, sends what the document
//! allows and what it forbids, and holds every answer against it.

use std::{
    fs,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::tools::{Build, read, root, run, say};

const VERSION: &str = "schemathesis==4.32.5";
const SCOPES: &[&str] = &[
    "people.read",
    "people.write",
    "desk.work",
    "surveys.read",
    "talks.read",
    "talks.topics",
    "segments.use",
    "needs.read",
    "needs.write",
    "engagement.read",
    "journeys.use",
    "journeys.tasks",
    "mailings.use",
];

pub fn run_all() -> Result<()> {
    let tools = root().join("target/schemathesis");
    if !tools.join("bin/schemathesis").exists() {
        say("installing schemathesis in target/schemathesis");
        run(Command::new("python3").args(["-m", "venv"]).arg(&tools))?;
        run(Command::new(tools.join("bin/pip")).args([
            "install",
            "--quiet",
            "--disable-pip-version-check",
            VERSION,
        ]))?;
    }
    let data = root().join("target/fuzz");
    if data.exists() {
        fs::remove_dir_all(&data)?;
    }
    Build::Tests.make()?;
    let kring = Build::Tests.program("kring");
    run(Command::new(&kring)
        .args(["demo", "--only-make", "--scale", "0.005", "--data"])
        .arg(&data)
        .stdout(Stdio::null()))?;
    let mut key = Command::new(&kring);
    key.args(["key", "fuzz", "--as", "hanneke.vos@meerland.example", "--data"]).arg(&data);
    for scope in SCOPES {
        key.args(["--scope", scope]);
    }
    let key = read(&mut key)?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = Command::new(&kring)
        .args(["demo", "--port", &port.to_string(), "--data"])
        .arg(&data)
        .env("KRING_LOG", "error")
        .stdout(Stdio::piped())
        .spawn()?;
    let out = server.stdout.take().context("the server's output")?;
    let ready = BufReader::new(out).lines().map_while(Result::ok).any(|line| line.starts_with("ready "));
    let outcome = if ready {
        run(Command::new(tools.join("bin/schemathesis"))
            .current_dir(&tools)
            .args(["run", &format!("http://127.0.0.1:{port}/api/v1/openapi.json")])
            .args(["--header", &format!("Authorization: Bearer {}", key.trim())])
            .args(["--checks", "all", "--exclude-checks", "positive_data_acceptance,unsupported_method"])
            .args([
                "--max-examples",
                "40",
                "--seed",
                "7",
                "--phases",
                "examples,coverage,fuzzing",
                "--no-color",
            ]))
    } else {
        bail!("the server did not get ready")
    };
    server.kill()?;
    server.wait()?;
    outcome
}
