//! A first look at everything: on the embedded database, on this machine.

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, bail};
use kring::{config::Config, serve};
use kring_core::{Chance, Error};
use kring_frame::{About, Actor, ConsentChanged, House, PersonId, router};
use kring_people::units;

use crate::{Figure, base, front::Visitor, quantile};

const PASSWORD: &str = "een lang wachtwoord voor de bank";

pub async fn run(people: u32, rounds: u32) -> Result<()> {
    let folder = tempfile::TempDir::new()?;
    let mut config = Config::read(None)?;
    config.data = folder.path().to_owned();
    let (house, _sender) = serve::open(&config, true).await?;
    let (person, admin) = plain(prepare(&house, people).await)?;
    let router = router(&house);
    let visitor = Visitor::sign_in(&router, "bench@meerland.example", PASSWORD).await?;
    for (name, path, goal) in [
        ("person_with_5000_events_p95", format!("/people/{person}"), 50.0),
        ("people_list_p95", "/people".to_owned(), 50.0),
        ("people_list_deep_p95", "/people?q=&role=&after=smit&id=0".to_owned(), 50.0),
        ("search_common_name_p95", "/search?q=vries".to_owned(), 50.0),
        ("search_two_words_p95", "/search?q=bakker+noor".to_owned(), 50.0),
        ("start_page_p95", "/".to_owned(), 50.0),
        ("inbox_p95", "/desk".to_owned(), 50.0),
        ("contact_form_p95", "/contact".to_owned(), 50.0),
    ] {
        visitor.time("smoke", name, &[path.into()], goal, rounds).await?;
    }
    events(&house).await?;
    import(&house, &admin).await?;
    house.close(std::time::Duration::from_secs(5)).await;
    drop((visitor, router, house));
    shipped(&config)
}

fn plain<T>(outcome: kring_core::Result<T>) -> Result<T> {
    outcome.map_err(serve::plain)
}

async fn prepare(house: &House, people: u32) -> kring_core::Result<(PersonId, Actor)> {
    let mut tx = house.write(&Actor::robot()).await?;
    let top = units::add(&mut tx, None, "Meerland", "Meerland", "institution").await?;
    let hash = kring_access::PasswordHash::of(&Chance::system(), PASSWORD).await?;
    let id = kring_access::demo_account(&mut tx, "Bank Proef", "bench@meerland.example", &hash, "admin", top)
        .await?;
    tx.commit().await?;
    house.db.hurry(true).await?;
    let person = base::fill(house, people).await?;
    house.db.hurry(false).await?;
    house.db.settle().await?;
    let mut tx = house.read(&Actor::robot()).await?;
    Ok((person, kring_frame::actor_of(&mut tx, id).await?))
}

/// Events told one a transaction, each durable before the next, by sixteen callers.
async fn events(house: &House) -> Result<()> {
    const CALLERS: u32 = 16;
    const EACH: u32 = 60;
    let mut rates = Vec::new();
    for _ in 0..3 {
        let begun = Instant::now();
        let mut callers = tokio::task::JoinSet::new();
        for _ in 0..CALLERS {
            let house = house.clone();
            callers.spawn(async move {
                for _ in 0..EACH {
                    let mut tx = house.write(&Actor::robot()).await?;
                    let told = ConsentChanged {
                        purpose: "research".into(),
                        channel: "mail".into(),
                        act: "consent".into(),
                    };
                    tx.tell(About::default(), &told).await?;
                    tx.commit().await?;
                }
                Ok::<_, Error>(())
            });
        }
        while let Some(done) = callers.join_next().await {
            plain(done?)?;
        }
        rates.push(f64::from(CALLERS * EACH) / begun.elapsed().as_secs_f64());
    }
    rates.sort_by(f64::total_cmp);
    let (min, max) = (quantile(&rates, 0.0), quantile(&rates, 1.0));
    Figure {
        name: "single_events",
        value: quantile(&rates, 0.5),
        unit: "1/s",
        goal: 15_000.0,
        at_most: false,
        runs: 3,
        min,
        max,
    }
    .tell("smoke");
    Ok(())
}

async fn import(house: &House, admin: &Actor) -> Result<()> {
    const ROWS: u32 = 10_000;
    let list = base::list(ROWS, 0);
    let begun = Instant::now();
    let options =
        kring_exchange::Options { list: Some("bench".into()), ..kring_exchange::Options::default() };
    let summary =
        plain(kring_exchange::import_file(house, admin, "bench.csv", list, &options, &mut |_| {}).await)?;
    let seconds = begun.elapsed().as_secs_f64();
    if summary.added < i64::from(ROWS) * 9 / 10 {
        bail!("only {} of {ROWS} rows were added", summary.added);
    }
    let whole = Figure {
        name: "import_10000_rows",
        value: seconds,
        unit: "s",
        goal: 10.0,
        at_most: true,
        runs: 1,
        min: seconds,
        max: seconds,
    };
    whole.tell("smoke");
    let rate = f64::from(ROWS) / seconds;
    Figure {
        name: "import_rows",
        value: rate,
        unit: "1/s",
        goal: 1_000.0,
        at_most: false,
        runs: 1,
        min: rate,
        max: rate,
    }
    .tell("smoke");
    Ok(())
}

/// The binary as it is shipped: how large, how fast to its first answer, how much memory when nothing happens.
fn shipped(config: &Config) -> Result<()> {
    use std::{
        io::{BufRead, BufReader},
        process::{Command, Stdio},
    };
    let binary = Path::new("target/release/kring");
    if !binary.exists() {
        bail!("target/release/kring is not there: cargo build --release -p kring");
    }
    let size = std::fs::metadata(binary)?.len() as f64 / 1_048_576.0;
    Figure {
        name: "binary_size",
        value: size,
        unit: "MB",
        goal: 60.0,
        at_most: true,
        runs: 1,
        min: size,
        max: size,
    }
    .tell("smoke");
    let mut starts = Vec::new();
    let mut memory = 0.0;
    for _ in 0..5 {
        let begun = Instant::now();
        let mut child = Command::new(binary)
            .arg("serve")
            .env("KRING_DATA", &config.data)
            .env("KRING_LISTEN", "127.0.0.1:0")
            .env("KRING_LOG", "error")
            .stdout(Stdio::piped())
            .spawn()?;
        let out = child.stdout.take().context("the output of the server")?;
        let ready = BufReader::new(out)
            .lines()
            .map_while(std::result::Result::ok)
            .any(|line| line.starts_with("ready "));
        if !ready {
            bail!("the shipped binary did not get ready");
        }
        starts.push(begun.elapsed().as_secs_f64());
        std::thread::sleep(std::time::Duration::from_millis(1500));
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
        let kb = status
            .lines()
            .find_map(|l| l.strip_prefix("VmRSS:")?.trim().split(' ').next()?.parse::<f64>().ok());
        memory = kb.unwrap_or_default() / 1024.0;
        child.kill()?;
        child.wait()?;
    }
    starts.sort_by(f64::total_cmp);
    let (min, max) = (quantile(&starts, 0.0), quantile(&starts, 1.0));
    Figure {
        name: "start_to_ready",
        value: quantile(&starts, 0.5),
        unit: "s",
        goal: 1.0,
        at_most: true,
        runs: 5,
        min,
        max,
    }
    .tell("smoke");
    Figure {
        name: "idle_memory",
        value: memory,
        unit: "MB",
        goal: 100.0,
        at_most: true,
        runs: 1,
        min: memory,
        max: memory,
    }
    .tell("smoke");
    Ok(())
}
