//! A mailing to so many people by the way that every mailing goes: planned by a journey, permitted, counted, written for each,
//! signed, handed over to a mail server, and the outcome on record. The mail server is Debian's `smtp-sink`, and its own
//! `smtp-source` sends beside us in the same run: as many mails of the same size over as many connections, all alike.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use jiff::tz::TimeZone;
use kring::{
    config::Config,
    rooms::{Ways, rooms, schema},
};
use kring_blocks::{Block, Document, Sheet, What as Part};
use kring_core::{Chance, Clock, Lang};
use kring_db::Db;
use kring_flow::{Limit, Unit, Wait};
use kring_frame::{Actor, House, Purpose, params, sql};
use kring_journeys::plan::{Deed, IfFull, Mail, Plan, Step, Steps, What};
use kring_people::units;
use kring_post::{
    Address, Relay, Security, Signer, Trust,
    dkim::{Algorithm, SigningKey, generate},
};
use kring_talks::{Out, Sender};

use crate::{Figure, base, quantile, relations};

const BENCH: &str = "mail";
const SINK: &str = "/usr/sbin/smtp-sink";
const SOURCE: &str = "/usr/sbin/smtp-source";
/// Of a hundred people one has objected to it.
const ONE_IN: i64 = 100;
/// What one of our mails weighs, about; the peer's weigh the same.
const WEIGHT: &str = "5200";

pub struct Options {
    pub people: u32,
    pub connections: usize,
    pub rounds: u32,
    pub only: Option<String>,
}

const VARIANTS: [(&str, &[Algorithm]); 4] = [
    ("unsigned", &[]),
    ("ed25519", &[Algorithm::Ed25519]),
    ("rsa2048", &[Algorithm::Rsa]),
    ("both", &[Algorithm::Rsa, Algorithm::Ed25519]),
];

#[expect(clippy::disallowed_methods, reason = "a developer names a server in the environment")]
pub async fn run(options: Options) -> Result<()> {
    for peer in [SINK, SOURCE] {
        ensure!(std::path::Path::new(peer).exists(), "{peer} is missing: it is in Debian's package postfix");
    }
    let server = std::env::var("KRING_TEST_POSTGRES").ok();
    let scratch = tempfile::TempDir::new_in("target")?;
    let wanted = |engine: &str| options.only.as_ref().is_none_or(|only| only == engine);
    for engine in ["sqlite", "postgres"].into_iter().filter(|engine| wanted(engine)) {
        let mut config = Config::read(None)?;
        config.data = scratch.path().join(engine);
        std::fs::create_dir_all(&config.data)?;
        if engine == "postgres" {
            let Some(server) = &server else {
                bail!("KRING_TEST_POSTGRES names no PostgreSQL server: `./x bench mail` sets it")
            };
            config.database_url = Some(relations::empty_database(server).await?);
        }
        Trial { engine, options: &options, config }.all().await?;
    }
    if let Some(server) = server {
        relations::drop_database(&server).await?;
    }
    Ok(())
}

struct Trial<'a> {
    engine: &'static str,
    options: &'a Options,
    config: Config,
}

/// A mail server that takes everything and keeps nothing.
struct Sink {
    child: Child,
    port: u16,
}

impl Sink {
    fn start() -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let child = Command::new(SINK)
            .args(["-u", "postfix", &format!("127.0.0.1:{port}"), "1024"])
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .spawn()?;
        for _ in 0..100 {
            if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(Self { child, port });
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        bail!("smtp-sink did not start")
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A mail to whoever is on it, when the clock comes by.
fn plan() -> Plan {
    let text = "{{ salutation }},\n\nJe hebt je bij {{ institution }} gemeld als {% if is_student %}student{% else %}belangstellende{% endif %}. \
         Op donderdag staan onze deuren open: je kijkt mee in de les, spreekt studenten van {{ unit }} en stelt je vragen aan wie er \
         les geeft. Je hoeft niets voor te bereiden, en wie je meeneemt is welkom.\n\nKun je niet? Dan zijn er in het voorjaar nog \
         drie dagen; je leest het vanzelf, als je dat wilt.";
    let more = "Met de trein is het tien minuten lopen vanaf het station; fietsen kunnen in de kelder. De koffie staat klaar vanaf \
         half tien. Wie slecht ter been is belt ons even, dan staat er een parkeerplek klaar en loopt er iemand mee.";
    let blocks = [text, more].map(|text| Block { what: Part::Text { text: text.into() }, only_if: None });
    let sheet = Sheet {
        subject: "{{ first_name }}, kom je donderdag kijken?".into(),
        blocks: blocks.to_vec(),
        ..Sheet::default()
    };
    let mail = Mail { text: Document::new(Lang::Nl.into(), sheet), if_full: IfFull::Skip };
    let wait = What::Wait(Wait { until: vec![], at_most: Some(Limit::after(0, Unit::Minutes)) });
    let steps = vec![
        Step::new(1, wait),
        Step::new(2, What::Do(Deed::Mail(mail))),
        Step::new(3, What::End("klaar".into())),
    ];
    Plan { purpose: Purpose::Orientation, steps: Steps { steps }, ..Plan::default() }
}

/// Ten in the morning of a working day, whenever this is run: at night nobody is sent anything.
fn morning() -> Result<Clock> {
    let today = Clock::system().now().to_zoned(TimeZone::get("Europe/Amsterdam")?);
    let mut day = today.date();
    while day.weekday().to_monday_one_offset() > 5 {
        day = day.tomorrow()?;
    }
    Ok(Clock::shifted(day.at(10, 0, 0, 0).to_zoned(today.time_zone().clone())?.timestamp()))
}

impl Trial<'_> {
    fn tell(&self, name: &str, values: &[f64], unit: &str, goal: f64, at_most: bool) {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let name = format!("{name}_{}", self.engine);
        Figure {
            name: &name,
            value: quantile(&sorted, 0.5),
            unit,
            goal,
            at_most,
            runs: u32::try_from(values.len()).unwrap_or(0),
            min: quantile(&sorted, 0.0),
            max: quantile(&sorted, 1.0),
        }
        .tell(BENCH);
    }

    async fn all(&self) -> Result<()> {
        let clock = morning()?;
        let (house, _) = self.open(&clock, 1, &[]).await?;
        house.db.hurry(true).await?;
        base::fill(&house, self.options.people).await?;
        self.furnish(&house).await?;
        house.db.hurry(false).await?;
        house.close(Duration::from_secs(10)).await;
        drop(house);
        let sink = Sink::start()?;
        let mut peer = Vec::new();
        let mut rates = vec![Vec::new(); VARIANTS.len()];
        let mut cpu = vec![Vec::new(); VARIANTS.len()];
        for _ in 0..self.options.rounds {
            for (n, (name, keys)) in VARIANTS.iter().enumerate() {
                peer.push(self.peer(&sink)?);
                let (house, sender) = self.open(&clock, sink.port, keys).await?;
                let (seconds, work) =
                    self.mailing(&house, &sender).await.with_context(|| (*name).to_owned())?;
                let sent = f64::from(self.options.people) * (1.0 - 1.0 / ONE_IN as f64);
                if let (Some(rates), Some(cpu)) = (rates.get_mut(n), cpu.get_mut(n)) {
                    rates.push(sent / seconds);
                    cpu.push(work * 1e6 / sent);
                }
            }
        }
        let ours = rates.first().and_then(|r| r.first()).copied().unwrap_or_default();
        self.tell("peer_smtp_source_mails", &peer, "1/s", 0.0, false);
        for ((name, _), (rates, cpu)) in VARIANTS.iter().zip(rates.iter().zip(&cpu)) {
            let goal = if *name == "unsigned" { 5_000.0 } else { 100_000.0 / 60.0 };
            self.tell(&format!("mails_{name}"), rates, "1/s", goal, false);
            let took: Vec<f64> = rates.iter().map(|rate| 100_000.0 / rate).collect();
            self.tell(&format!("hundred_thousand_{name}"), &took, "s", 60.0, true);
            self.tell(&format!("cpu_{name}"), cpu, "µs", 1_200.0, true);
        }
        let mut sorted = peer.clone();
        sorted.sort_by(f64::total_cmp);
        self.tell("unsigned_to_smtp_source", &[ours / quantile(&sorted, 0.5)], "x", 0.4, false);
        Ok(())
    }

    async fn open(&self, clock: &Clock, port: u16, keys: &[Algorithm]) -> Result<(House, Arc<Sender>)> {
        let relay = Relay::new("127.0.0.1", port, Security::None, &Trust::Public, "kring.bench.example")?;
        let out = Out::Smtp { relay: Box::new(relay), connections: self.options.connections };
        let signer = if keys.is_empty() { None } else { Some(signer(keys)?) };
        let sender = Arc::new(Sender::new(out, Address::parse("open@bench.example")?, signer));
        let rooms = rooms(Ways { sender: sender.clone(), webhooks: None });
        let db = Db::open(&self.config.place()?, &schema(&rooms), clock.clone()).await?;
        let settings = self.config.settings(false)?;
        Ok((House::new(db, clock.clone(), Chance::system(), settings, rooms), sender))
    }

    /// A unit, a journey, and those who want to hear nothing of it.
    async fn furnish(&self, house: &House) -> Result<()> {
        let robot = Actor::robot();
        let mut tx = house.write(&robot).await?;
        let unit = units::add(&mut tx, None, "Meerland", "Meerland", "institution").await?;
        let (now, text) = (tx.now(), serde_json::to_string(&plan())?);
        let (id,): (i64,) = tx
            .one(
                sql!(
                    "insert into journeys (name, note, unit_id, state, version, draft, steps, actor_id, made_at, changed_at)
                     values ('Bench', '', $1, 'live', 1, 1, 3, $2, $3, $3) returning id"
                ),
                params![unit, robot.id, now],
            )
            .await?;
        tx.run(
            sql!("insert into journey_versions (journey_id, version, plan, actor_id, at) values ($1, 1, $2, $3, $4)"),
            params![id, text, robot.id, now],
        )
        .await?;
        tx.run(
            sql!(
                "insert into consent_ledger (person_id, purpose, channel, act, how, proof, actor_id, at, said_at)
                 select p.id, 'orientation', 'mail', 'objection', 'bench', '', $1, $2, $2 from people p where p.id % $3 = 0"
            ),
            params![robot.id, now, ONE_IN],
        )
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Everybody is due; from the first turn of the journey to the last outcome on record. Seconds, and processor seconds.
    async fn mailing(&self, house: &House, sender: &Arc<Sender>) -> Result<(f64, f64)> {
        let mut tx = house.write(&Actor::robot()).await?;
        let now = tx.now();
        // What the last mailing left must not stand in the way of this one: two in thirty days is the limit.
        for clear in [
            sql!("delete from attention"),
            sql!("delete from choice_links"),
            sql!("delete from journey_deeds"),
            sql!("delete from journey_turns"),
            sql!("delete from journey_runs"),
            sql!("delete from messages"),
        ] {
            tx.run(clear, params![]).await?;
        }
        tx.run(
            sql!(
                "insert into journey_runs (journey_id, version, person_id, state, step, since, due_at, deeds, turns, began_at)
                 select 1, 1, p.id, 'running', 1, $1, $1, 0, 1, $1 from people p"
            ),
            params![now],
        )
        .await?;
        tx.commit().await?;
        sender.start(house).await?;
        let (begun, work) = (Instant::now(), processor()?);
        house.start_chores();
        let people = i64::from(self.options.people);
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let mut look = house.read(&Actor::robot()).await?;
            let (waiting, open): (i64, i64) = look
                .one(
                    sql!(
                        "select (select count(*) from (select 1 from journey_runs where due_at <= $1 limit 1) r),
                                (select count(*) from (select 1 from messages where state in ('planned', 'claimed', 'data') limit 1) m)"
                    ),
                    params![house.clock.now()],
                )
                .await?;
            if waiting == 0 && open == 0 {
                break;
            }
            ensure!(begun.elapsed() < Duration::from_secs(1_200), "the mailing did not come to its end");
        }
        let (seconds, work) = (begun.elapsed().as_secs_f64(), processor()? - work);
        let mut look = house.read(&Actor::robot()).await?;
        let counts = kring_talks::counts(&mut look).await?;
        let count = |state: &str| counts.iter().find(|(s, _)| s == state).map_or(0, |(_, n)| *n);
        let (told, spent): (i64, i64) = look
            .one(
                sql!("select (select count(*) from events where kind = 'message.sent' and at >= $1), (select count(*) from attention)"),
                params![now],
            )
            .await?;
        drop(look);
        let (sent, refused) = (people - people / ONE_IN, people / ONE_IN);
        ensure!(
            (count("sent"), count("refused"), told, spent) == (sent, refused, sent, sent),
            "{counts:?}, {told} told, {spent} counted, of {people}"
        );
        house.close(Duration::from_secs(10)).await;
        Ok((seconds, work))
    }

    /// Mails a second of Debian's own sender, a fifth of the number.
    fn peer(&self, sink: &Sink) -> Result<f64> {
        let many = (self.options.people / 5).max(1_000);
        let begun = Instant::now();
        let done = Command::new(SOURCE)
            .args(["-s", &self.options.connections.to_string(), "-l", WEIGHT, "-m", &many.to_string(), "-d"])
            .args([
                "-f",
                "open@bench.example",
                "-t",
                "p@mail.example.com",
                &format!("127.0.0.1:{}", sink.port),
            ])
            .status()?;
        ensure!(done.success(), "smtp-source failed");
        Ok(f64::from(many) / begun.elapsed().as_secs_f64())
    }
}

fn signer(keys: &[Algorithm]) -> Result<Signer> {
    let chance = Chance::seeded(1);
    let keys = keys.iter().enumerate().map(|(n, algorithm)| {
        let selector = format!("bench{n}");
        let made = generate(*algorithm, &selector, "bench.example", &chance)?;
        Ok(SigningKey::read(&selector, &made.private)?)
    });
    Ok(Signer::new("bench.example", keys.collect::<Result<_>>()?)?)
}

/// Processor seconds of this process so far, of all its threads.
fn processor() -> Result<f64> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let after = text.rsplit_once(')').context("a process's record")?.1;
    let ticks =
        |n: usize| after.split_whitespace().nth(n).and_then(|t| t.parse::<f64>().ok()).context("ticks");
    // User and system time, in hundredths.
    Ok((ticks(11)? + ticks(12)?) / 100.0)
}
