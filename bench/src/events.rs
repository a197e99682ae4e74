//! Durable events: one a write by many callers, a hundred a write, and more callers than can be served. Each is answered when it is
//! on the disk, and what was answered is counted afterwards.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use kring::{config::Config, serve};
use kring_core::Error;
use kring_frame::{About, Actor, Event, House, NoteWritten, PersonId, params, sql};

use crate::{Figure, base, quantile, relations};

const BENCH: &str = "events";
const PEOPLE: u32 = 10_000;
const SINGLE_CALLERS: usize = 256;
const BATCH_CALLERS: usize = 16;
const BATCH: usize = 100;
/// More than may wait.
const FLOOD: usize = 8_000;

#[expect(clippy::disallowed_methods, reason = "a developer names a server in the environment")]
pub async fn run(seconds: u64, only: Option<&str>) -> Result<()> {
    let server = std::env::var("KRING_TEST_POSTGRES").context(
        "KRING_TEST_POSTGRES names a PostgreSQL server on which a database may be made: `./x bench events` sets it",
    )?;
    let scratch = tempfile::TempDir::new_in("target")?;
    for engine in ["sqlite", "postgres"].into_iter().filter(|e| only.is_none_or(|only| only == *e)) {
        let mut config = Config::read(None)?;
        config.data = scratch.path().join(engine);
        std::fs::create_dir_all(&config.data)?;
        config.database_url = match engine {
            "postgres" => Some(relations::empty_database(&server).await?),
            _ => None,
        };
        let (house, _) = serve::open(&config, false).await?;
        house.audience.rest();
        house.db.hurry(true).await?;
        base::fill(&house, PEOPLE).await?;
        house.db.hurry(false).await?;
        let trial = Trial { engine, house, lasts: Duration::from_secs(seconds) };
        trial.rate("single", SINGLE_CALLERS, 1, 15_000.0).await?;
        trial.rate("batched", BATCH_CALLERS, BATCH, 250_000.0).await?;
        if engine == "sqlite" {
            trial.flood().await?;
        }
    }
    relations::drop_database(&server).await
}

struct Trial {
    engine: &'static str,
    house: House,
    lasts: Duration,
}

/// One write of so many events; how long it took.
async fn write(house: &House, first: usize, many: usize) -> kring_core::Result<Duration> {
    let begun = Instant::now();
    let mut tx = house.write_short(&Actor::robot()).await?;
    let about = |n: usize| About::person(PersonId::new(1 + ((first + n) % PEOPLE as usize) as i64));
    if many == 1 {
        tx.tell(about(0), &NoteWritten {}).await?;
    } else {
        let entries = (0..many).map(|n| tx.entry(about(n), &NoteWritten {})).collect::<Result<_, _>>()?;
        tx.log_many(entries).await?;
    }
    tx.commit().await?;
    Ok(begun.elapsed())
}

impl Trial {
    async fn count(&self) -> Result<i64> {
        let mut look = self.house.read(&Actor::robot()).await?;
        let (n,): (i64,) =
            look.one(sql!("select count(*) from events where kind = $1"), params![NoteWritten::KIND]).await?;
        Ok(n)
    }

    fn tell(&self, name: &str, value: f64, unit: &str, goal: f64, at_most: bool, ends: (f64, f64)) {
        let name = format!("{name}_{}", self.engine);
        Figure { name: &name, value, unit, goal, at_most, runs: 3, min: ends.0, max: ends.1 }.tell(BENCH);
    }

    async fn rate(&self, name: &str, callers: usize, many: usize, goal: f64) -> Result<()> {
        let (mut rates, mut late, mut middle) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..3 {
            let before = self.count().await?;
            let begun = Instant::now();
            let mut tasks = tokio::task::JoinSet::new();
            for caller in 0..callers {
                let (house, lasts) = (self.house.clone(), self.lasts);
                tasks.spawn(async move {
                    let mut times = Vec::new();
                    while begun.elapsed() < lasts {
                        times.push(write(&house, caller * 7_919 + times.len() * many, many).await?);
                    }
                    Ok::<_, Error>(times)
                });
            }
            let mut times = Vec::new();
            while let Some(done) = tasks.join_next().await {
                times.extend(done?.map_err(serve::plain)?.into_iter().map(|t| t.as_secs_f64() * 1e3));
            }
            let seconds = begun.elapsed().as_secs_f64();
            let kept = self.count().await? - before;
            ensure!(kept == (times.len() * many) as i64, "{kept} kept of {} answered", times.len() * many);
            times.sort_by(f64::total_cmp);
            rates.push(kept as f64 / seconds);
            late.push(quantile(&times, 0.99));
            middle.push(quantile(&times, 0.5));
        }
        for list in [&mut rates, &mut late, &mut middle] {
            list.sort_by(f64::total_cmp);
        }
        let ends = |list: &[f64]| (quantile(list, 0.0), quantile(list, 1.0));
        self.tell(&format!("{name}_events"), quantile(&rates, 0.5), "1/s", goal, false, ends(&rates));
        self.tell(&format!("{name}_p50"), quantile(&middle, 0.5), "ms", 50.0, true, ends(&middle));
        self.tell(&format!("{name}_p99"), quantile(&late, 0.5), "ms", 50.0, true, ends(&late));
        Ok(())
    }

    /// More than may wait come at once: each is kept and answered, or turned away and not kept.
    async fn flood(&self) -> Result<()> {
        let before = self.count().await?;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..FLOOD {
            let house = self.house.clone();
            tasks.spawn(async move { write(&house, n, 1).await });
        }
        let (mut kept, mut turned_away, mut slowest) = (0_i64, 0_i64, 0.0_f64);
        while let Some(done) = tasks.join_next().await {
            match done? {
                Ok(took) => {
                    kept += 1;
                    slowest = slowest.max(took.as_secs_f64() * 1e3);
                }
                Err(Error::Busy(_)) => turned_away += 1,
                Err(why) => return Err(serve::plain(why)),
            }
        }
        let there = self.count().await? - before;
        ensure!(there == kept, "{there} are there of {kept} that were answered");
        self.tell("flood_turned_away", turned_away as f64, "", 1.0, false, (0.0, FLOOD as f64));
        self.tell("flood_slowest_answer", slowest, "ms", 1_000.0, true, (slowest, slowest));
        Ok(())
    }
}
