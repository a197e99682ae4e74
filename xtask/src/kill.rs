//! The promise *once*, shown: the server is killed with -9 at random moments while it sends to a mail server
//! that writes down every DATA, and is started again, until everything has been decided. Then two accounts are laid
//! side by side: the mail server's and the database's.

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use clap::Args;
use kring_relay::{Relay, Script};
use serde_json::{Value, json};

use crate::{
    postgres,
    tools::{Build, read, root, run as tool, say},
};

/// Open connections, and so the most that can be in doubt after one kill.
const CONNECTIONS: u32 = 4;
/// The mail server thinks this long before it answers the final dot.
const THINKS: Duration = Duration::from_millis(12);

#[derive(Args)]
pub struct Options {
    /// How often to kill, over both databases together.
    #[arg(long, default_value_t = 300)]
    pub runs: u32,
    /// Where the random moments come from; printed, so that a run can be repeated.
    #[arg(long, default_value_t = 20_261_123)]
    pub seed: u64,
    /// Kill the optimised build, as it is shipped.
    #[arg(long)]
    pub shipped: bool,
}

pub fn run(options: &Options) -> Result<()> {
    let server = postgres::start()?;
    let build = if options.shipped { Build::Shipped } else { Build::Tests };
    build.make()?;
    let half = options.runs / 2;
    // Side by side: most of a trial is waiting for a server to start, and both wait for the same processors.
    std::thread::scope(|scope| {
        let trials = [("sqlite", options.runs - half), ("postgres", half)].map(|(engine, runs)| {
            scope.spawn({
                let server = &server;
                move || trial(engine, runs, options.seed, server, build)
            })
        });
        let done = trials.map(|one| one.join().unwrap_or_else(|_| bail!("a trial panicked")));
        done.into_iter().collect()
    })
}

fn trial(engine: &'static str, runs: u32, seed: u64, server: &str, build: Build) -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let _inside = runtime.enter();
    let database = (engine == "postgres").then(|| fresh_database(server)).transpose()?;
    let mut trial = Trial::new(engine, database, seed, &runtime, build)?;
    // About forty go between two kills, of the build of the tests fifteen; there must be some left for the last.
    let between = if build == Build::Shipped { 50 } else { 25 };
    trial.plant(runs * between + 100)?;
    let report = trial.go(runs)?;
    println!("{report}");
    if report.get("holds") != Some(&Value::Bool(true)) {
        bail!("the promise does not hold on {engine}; the data is kept in {}", trial.folder.display());
    }
    fs::remove_dir_all(&trial.folder)?;
    Ok(())
}

fn fresh_database(server: &str) -> Result<String> {
    let name = format!("kring_kill_{}", std::process::id());
    for statement in
        [format!("drop database if exists {name} with (force)"), format!("create database {name}")]
    {
        tool(Command::new("psql").args(["-q", server, "-c", &statement]).stdout(Stdio::null()))?;
    }
    let (head, _) = server.rsplit_once('/').context("the server's address names a database")?;
    Ok(format!("{head}/{name}"))
}

struct Trial {
    build: Build,
    engine: &'static str,
    database: Option<String>,
    folder: PathBuf,
    relay: Relay,
    port: u16,
    random: u64,
    slowest_recovery: Duration,
    most_in_doubt: i64,
}

impl Trial {
    fn new(
        engine: &'static str,
        database: Option<String>,
        seed: u64,
        runtime: &tokio::runtime::Runtime,
        build: Build,
    ) -> Result<Self> {
        let folder = root().join(format!("target/kill-{engine}"));
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let relay = runtime.block_on(Relay::start(Script { delay: THINKS, ..Script::default() }))?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        Ok(Self {
            build,
            engine,
            database,
            folder,
            relay,
            port,
            random: seed | 1,
            slowest_recovery: Duration::ZERO,
            most_in_doubt: 0,
        })
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.build.program(program));
        command
            .current_dir(&self.folder)
            .env("KRING_DATA", self.folder.join("data"))
            .env("KRING_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("KRING_SITE", format!("http://127.0.0.1:{}", self.port))
            .env("KRING_MAIL_FROM", "serviceplein@meerland.example")
            .env("KRING_MAIL_RELAY", "127.0.0.1")
            .env("KRING_MAIL_PORT", self.relay.port().to_string())
            .env("KRING_MAIL_SECURITY", "none")
            .env("KRING_MAIL_CONNECTIONS", CONNECTIONS.to_string())
            .env("KRING_LOG", "error");
        if let Some(url) = &self.database {
            command.env("KRING_DATABASE_URL", url);
        }
        command
    }

    fn plant(&self, messages: u32) -> Result<()> {
        tool(self.command("kring-plant").args(["--plant", &messages.to_string()]))
    }

    /// Starts the server and waits for its `ready`.
    fn start(&mut self) -> Result<Child> {
        let begun = Instant::now();
        let mut child = self.command("kring").arg("serve").stdout(Stdio::piped()).spawn()?;
        let out = child.stdout.take().context("the server's output")?;
        for line in BufReader::new(out).lines() {
            if line?.starts_with("ready ") {
                // What a crash left is dealt with before this line.
                self.slowest_recovery = self.slowest_recovery.max(begun.elapsed());
                return Ok(child);
            }
        }
        child.wait()?;
        bail!("kring serve did not get ready on {}", self.engine)
    }

    fn states(&self) -> Result<Vec<Value>> {
        let text = read(&mut self.command("kring-plant"))?;
        text.lines()
            .map(|line| serde_json::from_str(line).context("a row of the database's account"))
            .collect()
    }

    fn go(&mut self, runs: u32) -> Result<Value> {
        let mut doubtful = 0;
        for n in 1..=runs {
            let mut child = self.start()?;
            std::thread::sleep(Duration::from_millis(5 + self.draw(396)));
            child.kill()?;
            child.wait()?;
            if n % 25 == 0 {
                let now = self.count("doubtful")? + self.count("data")?;
                // Between two looks there were 25 kills.
                self.most_in_doubt = self.most_in_doubt.max((now - doubtful + 24) / 25);
                doubtful = now;
                say(&format!(
                    "{}: {n} of {runs} kills, {} mails at the server, {now} in doubt",
                    self.engine,
                    self.relay.received().len()
                ));
            }
        }
        self.finish()?;
        self.compare(runs)
    }

    fn count(&self, state: &str) -> Result<i64> {
        Ok(
            self.states()?
                .iter()
                .filter(|row| row.get("state").and_then(Value::as_str) == Some(state))
                .count() as i64,
        )
    }

    /// Lets it work without being killed until nothing is left.
    fn finish(&mut self) -> Result<()> {
        let mut child = self.start()?;
        let begun = Instant::now();
        let mut last = 0;
        let mut quiet = Instant::now();
        while quiet.elapsed() < Duration::from_secs(4) && begun.elapsed() < Duration::from_secs(240) {
            std::thread::sleep(Duration::from_millis(200));
            let now = self.relay.received().len();
            if now != last {
                last = now;
                quiet = Instant::now();
            }
        }
        tool(Command::new("kill").args(["-TERM", &child.id().to_string()]))?;
        child.wait()?;
        Ok(())
    }

    /// The mail server's account against the database's.
    fn compare(&self, runs: u32) -> Result<Value> {
        let mut arrived: HashMap<String, u32> = HashMap::new();
        for mail in self.relay.received().into_iter().filter(kring_relay::Received::taken) {
            *arrived.entry(mail.message_id.unwrap_or_default()).or_default() += 1;
        }
        let duplicates = arrived.values().filter(|n| **n > 1).count();
        let (mut lost, mut contradicted, mut doubtful, mut sent, mut undecided) = (0, 0, 0, 0, 0);
        let (mut journeys, mut mailing) = (Value::Null, Value::Null);
        for mut row in self.states()? {
            if let Some(found) = row.get_mut("journeys") {
                journeys = found.take();
                continue;
            }
            if let Some(found) = row.get_mut("mailing") {
                mailing = found.take();
                continue;
            }
            let mail = row.get("mail").and_then(Value::as_str).unwrap_or_default();
            let there = arrived.contains_key(mail);
            match row.get("state").and_then(Value::as_str).unwrap_or_default() {
                "sent" => {
                    sent += 1;
                    lost += i32::from(!there);
                }
                "doubtful" => doubtful += 1,
                "refused" => contradicted += i32::from(there),
                _ => {
                    undecided += 1;
                    contradicted += i32::from(there);
                }
            }
        }
        let within = doubtful <= runs * CONNECTIONS;
        let recovery = self.slowest_recovery.as_secs_f64();
        // Everybody who was meant has begun and come to the end, with both deeds, and one message for each.
        let count = |of: &Value, what: &str| of.get(what).and_then(Value::as_i64).unwrap_or(-1);
        let of = |what: &str| count(&journeys, what);
        let meant = of("meant");
        let journeys_hold = meant > 0
            && ["runs", "ended", "whole"].iter().all(|what| of(what) == meant)
            && of("single") == 2 * meant;
        // The mailing is through: everybody stands in it once, with one message.
        let meant = count(&mailing, "meant");
        let mailing_holds = meant > 0
            && count(&mailing, "done") == 1
            && ["people", "single"].iter().all(|what| count(&mailing, what) == meant);
        let holds = duplicates == 0
            && journeys_hold
            && mailing_holds
            && lost == 0
            && contradicted == 0
            && undecided == 0
            && within
            && recovery <= 5.0
            && sent > 0;
        Ok(json!({
            "bench": "kill", "figure": "once", "engine": self.engine, "runs": runs, "mails": arrived.len(), "sent": sent,
            "journeys": journeys, "mailing": mailing, "duplicates": duplicates, "lost": lost, "contradicted": contradicted, "undecided": undecided,
            "doubtful": doubtful, "doubtful_per_kill_most": self.most_in_doubt, "connections": CONNECTIONS,
            "slowest_recovery_s": (recovery * 1000.0).round() / 1000.0, "holds": holds,
        }))
    }

    /// Below n, from the seed: splitmix64.
    fn draw(&mut self, n: u64) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.random;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}
