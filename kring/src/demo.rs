//! The demo institution: Meerland, made up from a seed, with a year of questions behind it. Its people are brought in
//! whole, as from another administration; its year is lived through the same verbs that serve a real one, with a clock in
//! hand, so whatever it shows can happen.

mod doubles;
mod forms;
mod institution;
mod journeys;
mod links;
mod load;
mod mailings;
mod segments;
mod tables;
mod words;
mod year;

use std::{path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{Timestamp, civil::Date};
use kring_core::{Chance, Clock};
use kring_frame::{Actor, ActorId, House, actor_of, params, sql};
use kring_meerland::{Settings, World, personae};
use kring_people::duplicates;

pub use doubles::Double;
pub use load::{Load, number};

use crate::{
    config::Config,
    serve::{self, open_with, plain},
};
use institution::{PASSWORD, STAFF};

const SEED: u64 = 20_261_124;

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Pack {
    /// Meerland, a school for vocational and higher education.
    Education,
    /// Zorggroep Meerland, an institution for care.
    Care,
}

impl From<Pack> for kring_meerland::Pack {
    fn from(pack: Pack) -> Self {
        match pack {
            Pack::Education => Self::Education,
            Pack::Care => Self::Care,
        }
    }
}

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
    /// How large: 1.0 has 20,000 students and 150,000 alumni; from 0.005 to 2.0.
    #[arg(long, default_value_t = 0.05)]
    scale: f64,
    /// From which everything follows: the same number makes the same institution.
    #[arg(long, value_name = "N", default_value_t = SEED)]
    seed: u64,
    /// The last day of its history; today, unless a fixed day is wanted.
    #[arg(long, value_name = "DATE")]
    today: Option<Date>,
    /// Which kind of institution.
    #[arg(long, value_enum, default_value = "education")]
    pack: Pack,
    /// Also write the lists that departments keep of it, with the truth about every line, the look-alikes and the answer
    /// key.
    #[arg(long, value_name = "DIR")]
    lists: Option<PathBuf>,
    /// The moment at which the house begins to serve; its clock runs on from there. For the browser tests: letters
    /// wait for the morning, and a test must not.
    #[arg(long, value_name = "TIMESTAMP", hide = true)]
    clock: Option<Timestamp>,
    /// Make it and stop.
    #[arg(long)]
    only_make: bool,
}

impl Options {
    fn clock(&self) -> Clock {
        self.clock.map_or_else(Clock::system, Clock::shifted)
    }

    /// The end of the history: now, or five in the afternoon of the day that was asked for.
    fn now(&self, config: &Config) -> Result<Timestamp> {
        match self.today {
            None => Ok(self.clock().now()),
            Some(day) => Ok(day.at(17, 0, 0, 0).to_zoned(config.settings(true)?.zone)?.timestamp()),
        }
    }
}

pub async fn run(mut config: Config, options: Options) -> Result<()> {
    config.data = options.data.clone();
    config.database_url = options.database.clone().or(config.database_url);
    config.listen = format!("127.0.0.1:{}", options.port).parse()?;
    config.site = None;
    config.institution = kring_meerland::Pack::from(options.pack).sector().name.nl.into();
    if config.mail.from.ends_with("localhost.localdomain") {
        config.mail.from = "serviceplein@meerland.example".into();
    }
    serve::logs();
    let mut first = fact(&config, "demo").await?;
    if first.is_none() || options.lists.is_some() {
        let world = Arc::new(world(&config, &options)?);
        if let Some(folder) = &options.lists {
            tables::write(&world, folder).with_context(|| format!("{}", folder.display()))?;
            crate::say(&format!("the lists lie in {}", folder.display()))?;
        }
        if first.is_none() {
            make(&config, options.seed, options.now(&config)?, world).await?;
            first = fact(&config, "demo").await?;
        }
    }
    if options.only_make {
        return crate::say("made");
    }
    crate::say(&format!(
        "\n{1}, a made-up institution, on this machine only.\n\n  site     {0}\n  contact  {0}/contact\n  mail     {0}/drawer   (what would have been sent)\n\n  sign in with password {PASSWORD} as",
        config.site(),
        config.institution
    ))?;
    for colleague in STAFF {
        crate::say(&format!("    {:<32} {}", colleague.address(), colleague.role))?;
    }
    crate::say("\n  look first at")?;
    for line in first.unwrap_or_default().lines() {
        let (what, path) = line.split_once('\t').unwrap_or((line, ""));
        crate::say(&format!("    {what:<32} {}{path}", config.site()))?;
    }
    crate::say("")?;
    let (house, sender) = open_with(&config, true, options.clock(), Chance::system()).await?;
    sender.start(&house).await.map_err(plain)?;
    kring_access::at_start(&house).await.map_err(plain)?;
    serve::listen(&config, house).await
}

async fn fact(config: &Config, key: &str) -> Result<Option<String>> {
    let (house, _) = serve::open(config, true).await?;
    let mut tx = house.read(&Actor::robot()).await.map_err(plain)?;
    tx.fact(key).await.map_err(plain)
}

fn world(config: &Config, options: &Options) -> Result<World> {
    let today = options.now(config)?.to_zoned(config.settings(true)?.zone).date();
    let (seed, scale, pack) = (options.seed, options.scale, options.pack.into());
    Ok(World::make(&Settings { seed, scale, today, pack }))
}

/// The institution of this scale in an empty place, as `kring demo` makes it, for whoever measures.
pub async fn made(config: &Config, scale: f64) -> Result<()> {
    let now = Clock::system().now();
    let today = now.to_zoned(config.settings(true)?.zone).date();
    let world = World::make(&Settings { seed: SEED, scale, today, pack: kring_meerland::Pack::Education });
    make(config, SEED, now, Arc::new(world)).await
}

/// The address and the password of the colleague who may do everything in a demo.
pub fn administrator() -> (String, &'static str) {
    (STAFF.first().map(institution::Colleague::address).unwrap_or_default(), PASSWORD)
}

async fn make(config: &Config, seed: u64, now: Timestamp, world: Arc<World>) -> Result<()> {
    let clock = Clock::hand(now - jiff::SignedDuration::from_hours(24 * 366));
    let (house, _sender) = open_with(config, true, clock.clone(), Chance::seeded(seed)).await?;
    house.db.hurry(true).await.map_err(plain)?;
    // Nobody asks yet: the server fills the index when it starts.
    house.audience.rest();
    let bar = ProgressBar::new(world.people.len() as u64).with_style(
        ProgressStyle::with_template("{msg:<28} {bar:40} {pos}/{len} {eta}").context("the progress bar")?,
    );
    fill(&house, &clock, now, world, &bar).await.map_err(plain)?;
    bar.finish_and_clear();
    house.db.hurry(false).await.map_err(plain)?;
    house.db.settle().await.map_err(plain)?;
    house.close(std::time::Duration::from_secs(5)).await;
    Ok(())
}

/// People first; then the year, in which they ask and answer; then everything that stands between them, as it is at the
/// end of it. The nightly rounds of that year so walk past an institution without roles, and are quick.
async fn fill(
    house: &House,
    clock: &Clock,
    now: Timestamp,
    world: Arc<World>,
    bar: &ProgressBar,
) -> kring_core::Result<()> {
    let began = std::time::Instant::now();
    let step = |what: &'static str| {
        tracing::info!(event = "demo", step = what, seconds = began.elapsed().as_secs_f64());
        bar.set_message(what);
    };
    step("people");
    let mut load = Load::begin(house, world, now).await?;
    load.people(&|n| bar.set_position(n as u64)).await?;
    step("wishes");
    load.wishes().await?;
    step("a year of questions");
    year::live(&load, clock, bar).await?;
    clock.set(now);
    step("roles and relations");
    load.relations().await?;
    step("what follows from it");
    house.settle().await?;
    step("duplicates");
    let swept = duplicates::sweep(house).await?;
    duplicates::sweep_organisations(house).await?;
    tracing::info!(event = "demo", sure = swept.sure, ask = swept.ask, "swept");
    kring_sharing::count_quality(house).await?;
    kring_talks::count_pressure(house).await?;
    let admin = actor_by(house, &administrator().0).await?;
    forms::make(house, clock, &admin).await?;
    segments::make(house, &admin).await?;
    journeys::make(house, &admin).await?;
    mailings::make(house, &admin).await?;
    step("done");
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("demo", &first_pages(&load)).await?;
    tx.commit().await
}

/// Whoever signs in with this address.
async fn actor_by(house: &House, email: &str) -> kring_core::Result<Actor> {
    let mut look = house.read(&Actor::robot()).await?;
    let (id,): (ActorId,) =
        look.one(sql!("select actor_id from accounts where email = $1"), params![email]).await?;
    actor_of(&mut look, id).await
}

/// Three things to look at first, a line each: what, and the path of its page.
fn first_pages(load: &Load) -> String {
    let cast = personae(&load.world);
    let who = cast.get("anke").or(cast.all.first()).and_then(|p| p.person);
    let mut lines = Vec::new();
    if let Some(key) = who {
        lines.push(format!("{}\t/people/{}", load.world.people[key].name.display(), number(key)));
    }
    lines.push("an open day, for the public\t/p/open-dag".to_owned());
    lines.push("duplicates that wait\t/duplicates".to_owned());
    let busy = load.world.ties.iter().map(|t| t.organisation).next();
    let company = cast.get("fatima-el-hamdaoui").and_then(|p| p.organisation).or(busy);
    if let Some(key) = company {
        let path = load.organisation(key);
        lines.push(format!("{}\t/organisations/{path}", load.world.organisations[key].name));
    }
    lines.join("\n")
}
