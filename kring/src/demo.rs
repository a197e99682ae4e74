//! The demo institution: Meerland, made up from a seed, with a year of questions behind it. It is made through the
//! same verbs that serve a real one, with a clock in hand, so whatever it shows can happen.

mod people;
mod words;
mod year;

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::Timestamp;
use kring_access::{PasswordHash, demo_account};
use kring_core::{Chance, Clock, Id};
use kring_frame::{Actor, ActorId, House, Tx, UnitId};
use kring_people::units;
use kring_surveys::Kind;
use kring_talks::{Topic, topic};

use crate::{
    config::Config,
    serve::{self, open_with, plain},
};

/// Every account of the demo has it. It opens nothing outside a demo.
const PASSWORD: &str = "meerland-demo-2026";
const SEED: u64 = 20_261_124;

#[derive(Args)]
pub struct Options {
    /// Where the demo keeps its data.
    #[arg(long, value_name = "DIR", default_value = "target/demo")]
    data: PathBuf,
    /// Where to serve it, on this machine only.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A PostgreSQL database instead of a file.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The day on which the year of history ends; now (by `--clock`), unless a fixed day is wanted.
    #[arg(long, value_name = "TIMESTAMP")]
    today: Option<Timestamp>,
    /// The moment at which the house begins to serve; its clock runs on from there. For the browser tests: letters
    /// wait for the morning, and a test must not.
    #[arg(long, value_name = "TIMESTAMP", hide = true)]
    clock: Option<Timestamp>,
    /// How many people.
    #[arg(long, default_value_t = 2_000)]
    people: u32,
    /// Make it and stop.
    #[arg(long)]
    only_make: bool,
}

impl Options {
    fn clock(&self) -> Clock {
        self.clock.map_or_else(Clock::system, Clock::shifted)
    }
}

/// Who works at Meerland: name, role, and in which of its units.
const STAFF: &[(&str, &str, usize)] = &[
    ("Hanneke Vos", "admin", 0),
    ("Marit de Boer", "desk_head", 1),
    ("Fleur Smit", "desk_agent", 1),
    ("Omar Haddad", "desk_agent", 1),
    ("Bas Terpstra", "desk_agent", 4),
    ("Lisa Jonker", "recruiter", 0),
    ("Sanne Kuipers", "coach", 5),
    ("Willem Kok", "alumni_officer", 0),
    ("Ria Post", "board", 0),
    ("Piet van Dam", "steward", 0),
];

pub async fn run(mut config: Config, options: Options) -> Result<()> {
    config.data = options.data.clone();
    config.database_url = options.database.clone().or(config.database_url);
    config.listen = format!("127.0.0.1:{}", options.port).parse()?;
    config.site = None;
    config.institution = "Meerland".into();
    if config.mail.from.ends_with("localhost.localdomain") {
        config.mail.from = "serviceplein@meerland.example".into();
    }
    serve::logs();
    if !is_made(&config).await? {
        make(&config, &options).await?;
    }
    if options.only_make {
        return crate::say("made");
    }
    crate::say(&format!(
        "\nMeerland, a made-up institution, on this machine only.\n\n  site     {0}\n  contact  {0}/contact\n  mail     {0}/drawer   (what would have been sent)\n\n  sign in with password {PASSWORD} as",
        config.site()
    ))?;
    for (name, role, _) in STAFF {
        crate::say(&format!("    {:<32} {role}", address(name)))?;
    }
    crate::say("")?;
    let (house, sender) = open_with(&config, true, options.clock(), Chance::system()).await?;
    sender.start(&house).await.map_err(plain)?;
    kring_access::at_start(&house).await.map_err(plain)?;
    serve::listen(&config, house).await
}

fn address(name: &str) -> String {
    format!("{}@meerland.example", kring_lang::names::fold(name).replace(' ', "."))
}

async fn is_made(config: &Config) -> Result<bool> {
    let (house, _) = serve::open(config, true).await?;
    let mut tx = house.read(&Actor::robot()).await.map_err(plain)?;
    let made = tx.fact("demo").await.map_err(plain)?.is_some();
    Ok(made)
}

/// The shape of Meerland, as the makers of its people and its year need it.
struct Meerland {
    house: House,
    chance: Chance,
    clock: Clock,
    now: Timestamp,
    units: Vec<UnitId>,
    topics: Vec<Topic>,
    survey: Id<kring_surveys::Survey>,
    /// Whoever answers questions, with the units they reach.
    agents: Vec<Actor>,
}

async fn make(config: &Config, options: &Options) -> Result<()> {
    let now = options.today.unwrap_or_else(|| options.clock().now());
    let clock = Clock::hand(now - jiff::SignedDuration::from_hours(24 * 366));
    let chance = Chance::seeded(SEED);
    let (house, _sender) = open_with(config, true, clock.clone(), chance.clone()).await?;
    house.db.hurry(true).await.map_err(plain)?;
    let bar = ProgressBar::new(100).with_style(
        ProgressStyle::with_template("{msg:<28} {bar:40} {pos}/{len} {eta}").context("the progress bar")?,
    );
    bar.set_message("the house");
    let meerland = furnish(house, chance, clock, now).await.map_err(plain)?;
    // One in five comes to be known during the year.
    let newcomers = options.people / 5;
    let everybody = people::make(&meerland, options.people - newcomers, &bar).await.map_err(plain)?;
    year::live(&meerland, everybody, newcomers, &bar).await.map_err(plain)?;
    bar.finish_and_clear();
    let mut tx = meerland.house.write(&Actor::robot()).await.map_err(plain)?;
    tx.set_fact("demo", "made").await.map_err(plain)?;
    tx.commit().await.map_err(plain)?;
    meerland.house.db.hurry(false).await.map_err(plain)?;
    meerland.house.close(std::time::Duration::from_secs(5)).await;
    Ok(())
}

async fn furnish(house: House, chance: Chance, clock: Clock, now: Timestamp) -> kring_core::Result<Meerland> {
    let mut tx = house.write(&Actor::robot()).await?;
    let units = make_units(&mut tx).await?;
    let topics = make_topics(&mut tx, &units).await?;
    let survey = make_survey(&mut tx, &units).await?;
    let hash = PasswordHash::of(&chance, PASSWORD).await?;
    let mut staff = Vec::new();
    for (name, role, unit) in STAFF {
        let unit = units.get(*unit).copied().unwrap_or(UnitId::new(1));
        staff.push(demo_account(&mut tx, name, &address(name), &hash, role, unit).await?);
    }
    let mut agents = Vec::new();
    for (id, (_, role, _)) in staff.iter().zip(STAFF) {
        if role.starts_with("desk") {
            agents.push(agent(&mut tx, *id).await?);
        }
    }
    tx.commit().await?;
    Ok(Meerland { house, chance, clock, now, units, topics, survey, agents })
}

async fn agent(tx: &mut Tx, id: ActorId) -> kring_core::Result<Actor> {
    kring_frame::actor_of(tx, id).await
}

async fn make_units(tx: &mut Tx) -> kring_core::Result<Vec<UnitId>> {
    let top = units::add(tx, None, "Meerland", "Meerland", "institution").await?;
    let desk = units::add(tx, Some(top), "Serviceplein", "Serviceplein", "service").await?;
    let mut all = vec![top, desk];
    for (parent, nl, en, kind) in [
        (desk, "Studentzaken", "Student affairs", "service"),
        (desk, "ICT-servicedesk", "IT service desk", "service"),
        (desk, "Stagebureau", "Placement office", "service"),
        (top, "School voor Zorg", "School of Care", "school"),
        (top, "School voor Techniek", "School of Technology", "school"),
        (top, "Alumni en partners", "Alumni and partners", "office"),
    ] {
        all.push(units::add(tx, Some(parent), nl, en, kind).await?);
    }
    Ok(all)
}

async fn make_topics(tx: &mut Tx, units: &[UnitId]) -> kring_core::Result<Vec<Topic>> {
    for (position, t) in words::TOPICS.iter().enumerate() {
        let unit = units.get(t.unit).copied().unwrap_or(UnitId::new(1));
        let id = topic::add(tx, t.key, t.nl, t.en, unit, i64::try_from(position).unwrap_or(0)).await?;
        kring_desk::set_promise(tx, id, t.promise_minutes).await?;
    }
    topic::active(tx).await
}

async fn make_survey(tx: &mut Tx, units: &[UnitId]) -> kring_core::Result<Id<kring_surveys::Survey>> {
    let top = units.first().copied().unwrap_or(UnitId::new(1));
    let id = kring_surveys::make(tx, "Na een vraag", "After a question", top).await?;
    kring_surveys::add_question(
        tx,
        id,
        Kind::Mark,
        "Welk rapportcijfer geef je het Serviceplein?",
        "Which mark do you give the Serviceplein?",
    )
    .await?;
    kring_surveys::add_question(tx, id, Kind::Text, "Wat kunnen we beter doen?", "What can we do better?")
        .await?;
    kring_surveys::publish(tx, id).await?;
    Ok(id)
}
