//! The relation base at the size of a large institution, on both databases: pages, search, lists, an import, and everybody
//! compared with everybody. The base is Meerland, with names, roles, ties and duplicates as they are, not made to be quick.

use std::{path::PathBuf, time::Instant};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use indicatif::ProgressBar;
use kring::{config::Config, demo, serve};
use kring_core::Chance;
use kring_frame::{Actor, House, PersonId, audience::Standing, params, router, sql};
use kring_people::duplicates;

use crate::{
    Figure, base,
    front::{Ask, Visitor},
    quantile,
};

const BENCH: &str = "relations";
/// People of Meerland at scale 1.0.
const WHOLE: f64 = 520_000.0;
const ROWS: u32 = 100_000;
const GOAL: f64 = 50.0;
/// What somebody types in the order of typing; the last ones hold a slip, a mail, a number.
const TYPED: &[&str] = &[
    "v",
    "vr",
    "vri",
    "vries",
    "de vries",
    "de vries j",
    "vries jan",
    "vries jan de",
    "jan de vries",
    "ank",
    "anke van",
    "yil",
    "yilmaz",
    "ozturk",
    "el ham",
    "bakker s",
    "jansen m",
    "smit noor",
    "van den berg",
    "van der v",
    "hoekstar",
    "bakkre",
    "jansne lotte",
    "meijer",
    "meyer",
    "kuipers",
    "waterk",
    "zorg",
    "gemeente",
    "s100",
    "0612",
    "bouw",
    "noor",
];

#[expect(clippy::disallowed_methods, reason = "a developer names a server in the environment")]
pub async fn run(
    people: u32,
    rounds: u32,
    only: Option<&str>,
    part: Option<Part>,
    keep: Option<PathBuf>,
) -> Result<()> {
    let server = std::env::var("KRING_TEST_POSTGRES").context(
        "KRING_TEST_POSTGRES names a PostgreSQL server on which a database may be made: `./x bench relations` sets it",
    )?;
    let scratch = tempfile::TempDir::new()?;
    for engine in ["sqlite", "postgres"].into_iter().filter(|e| only.is_none_or(|only| only == *e)) {
        let mut config = Config::read(None)?;
        config.database_url = None;
        config.data = keep.as_deref().unwrap_or(scratch.path()).join(engine);
        let made = keep.is_some() && config.data.join("made").exists();
        std::fs::create_dir_all(&config.data)?;
        if engine == "postgres" {
            config.database_url =
                Some(if made { address(&server)? } else { empty_database(&server).await? });
        }
        Run { engine, people, rounds, part, config }.all(made).await?;
    }
    if keep.is_none() {
        drop_database(&server).await?;
    }
    Ok(())
}

const DATABASE: &str = "kring_bench";

#[expect(clippy::disallowed_methods, reason = "ends with the connection, two lines below")]
async fn on_server(server: &str, statements: &[&str]) -> Result<()> {
    let (client, connection) = tokio_postgres::connect(server, tokio_postgres::NoTls).await?;
    let talking = tokio::spawn(connection);
    for statement in statements {
        client.batch_execute(statement).await?;
    }
    drop(client);
    talking.await?.context("the connection")
}

pub async fn empty_database(server: &str) -> Result<String> {
    drop_database(server).await?;
    on_server(server, &[&format!("create database {DATABASE}")]).await?;
    address(server)
}

fn address(server: &str) -> Result<String> {
    let (base, _) = server.rsplit_once('/').context("a server address with a database")?;
    Ok(format!("{base}/{DATABASE}"))
}

pub async fn drop_database(server: &str) -> Result<()> {
    on_server(server, &[&format!("drop database if exists {DATABASE} with (force)")]).await
}

/// What can be measured by itself.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Part {
    /// Pages, with the index that they ask.
    Pages,
    /// A list of a hundred thousand.
    Import,
    /// Everybody compared with everybody.
    Compare,
}

struct Run {
    engine: &'static str,
    people: u32,
    rounds: u32,
    part: Option<Part>,
    config: Config,
}

impl Run {
    fn name(&self, figure: &str) -> String {
        format!("{}_{figure}", self.engine)
    }

    fn seconds(&self, figure: &str, begun: Instant, goal: f64) {
        let value = begun.elapsed().as_secs_f64();
        let name = self.name(figure);
        Figure { name: &name, value, unit: "s", goal, at_most: true, runs: 1, min: value, max: value }
            .tell(BENCH);
    }

    async fn all(&self, made: bool) -> Result<()> {
        if !made {
            let scale = f64::from(self.people) / WHOLE;
            eprintln!("making {} people on {}", self.people, self.engine);
            let begun = Instant::now();
            demo::made(&self.config, scale).await?;
            // Meerland itself, at scale 1.0, is to be made within five minutes.
            self.seconds("made", begun, 300.0 * scale);
            std::fs::write(self.config.data.join("made"), "")?;
        }
        let (house, _sender) = serve::open(&self.config, true).await?;
        let asked = |part| self.part.is_none_or(|only| only == part);
        if asked(Part::Pages) {
            self.fill(&house).await?;
            self.pages(&house).await?;
        }
        if asked(Part::Import) {
            self.import(&house, self.edition()?).await?;
        }
        if asked(Part::Compare) {
            let begun = Instant::now();
            let swept = duplicates::sweep(&house).await.map_err(serve::plain)?;
            self.seconds("everybody_compared", begun, 300.0);
            eprintln!("{} people, {} surely the same, {} to look at", swept.people, swept.sure, swept.ask);
        }
        house.close(std::time::Duration::from_secs(5)).await;
        Ok(())
    }

    /// The index of everybody, which a server fills in its first seconds; pages are measured with it.
    async fn fill(&self, house: &House) -> Result<()> {
        let begun = Instant::now();
        let chores = house.chores();
        let filling =
            chores.iter().find(|chore| chore.name == "audience").context("no index in this house")?;
        while matches!(house.audience.standing(), Standing::Filling { .. }) {
            (filling.step)(house.clone()).await.map_err(serve::plain)?;
        }
        ensure!(house.audience.standing() == Standing::Ready, "{:?}", house.audience.standing());
        self.seconds("index_filled", begun, 30.0);
        Ok(())
    }

    async fn pages(&self, house: &House) -> Result<()> {
        let (known, busy, organisations, deep) = places(house).await.map_err(serve::plain)?;
        let router = router(house);
        let (email, password) = demo::administrator();
        let visitor = Visitor::sign_in(&router, &email, password).await?;
        let typed =
            |at: &str| TYPED.iter().map(|t| format!("{at}{}", kring_frame::encode(t))).collect::<Vec<_>>();
        let lists = [
            "/people",
            "/people?role=alumnus",
            "/people?role=panel_member",
            "/people?role=enrolled_student&mail=no",
            "/people?owner=nobody&silent=365",
            "/people?q=vries",
            "/people?q=jan+de+vries&role=alumnus",
        ];
        for (figure, paths) in [
            ("person_p95", known),
            ("person_with_5000_events_p95", vec![busy]),
            ("organisation_p95", organisations),
            ("suggest_as_typed_p95", typed("/search/suggest?q=")),
            ("search_page_p95", typed("/search?q=")),
            ("list_p95", lists.iter().map(|l| (*l).to_owned()).collect()),
            ("list_deep_p95", deep),
            ("duplicates_queue_p95", vec!["/duplicates".to_owned()]),
            ("start_page_p95", vec!["/".to_owned()]),
        ] {
            let asks: Vec<Ask> = paths.into_iter().map(Ask::from).collect();
            visitor.time(BENCH, &self.name(figure), &asks, GOAL, self.rounds).await?;
        }
        // What the builder of segments asks while somebody types: the whole page again, with all that it counts.
        visitor.time(BENCH, &self.name("segment_as_built_p95"), &built(), GOAL, self.rounds).await?;
        let each =
            |paths: Vec<String>| paths.into_iter().map(|path| (path.clone(), Ask::from(path))).collect();
        self.slowest(&visitor, "slowest_word", each(typed("/search/suggest?q="))).await?;
        self.slowest(&visitor, "slowest_list", each(lists.map(str::to_owned).to_vec())).await?;
        let rules = (1..).zip(built()).map(|(n, ask)| (format!("rule {n}"), ask)).collect();
        self.slowest(&visitor, "slowest_segment_as_built", rules).await
    }

    /// Each by itself, so that one that is slow does not hide behind many quick ones.
    async fn slowest(&self, visitor: &Visitor, figure: &str, asks: Vec<(String, Ask)>) -> Result<()> {
        let mut slowest = 0.0;
        for (name, ask) in asks {
            let mut times = Vec::new();
            for _ in 0..5 {
                let begun = Instant::now();
                visitor.ask(&ask).await?;
                times.push(begun.elapsed().as_secs_f64() * 1000.0);
            }
            times.sort_by(f64::total_cmp);
            let median = quantile(&times, 0.5);
            eprintln!("{median:8.1} ms  {name}");
            slowest = f64::max(slowest, median);
        }
        let (value, name) = (slowest, self.name(figure));
        Figure { name: &name, value, unit: "ms", goal: GOAL, at_most: true, runs: 5, min: value, max: value }
            .tell(BENCH);
        Ok(())
    }

    /// A base that is kept has met the lists of earlier runs: to bring one in twice is another, easier question.
    fn edition(&self) -> Result<u64> {
        let made = self.config.data.join("made");
        let edition = std::fs::read_to_string(&made)?.trim().parse().unwrap_or(0);
        std::fs::write(made, (edition + 1).to_string())?;
        Ok(edition)
    }

    /// A list of a hundred thousand beside everybody who is there, compared and brought in.
    async fn import(&self, house: &House, edition: u64) -> Result<()> {
        let mut tx = house.read(&Actor::robot()).await.map_err(serve::plain)?;
        let (email, _) = demo::administrator();
        let (id,) = tx
            .one(sql!("select actor_id from accounts where email = $1"), params![email])
            .await
            .map_err(serve::plain)?;
        let admin = kring_frame::actor_of(&mut tx, id).await.map_err(serve::plain)?;
        drop(tx);
        let bar = ProgressBar::new(ROWS.into());
        let list = base::list(ROWS, edition);
        let options =
            kring_exchange::Options { list: Some("bench".into()), ..kring_exchange::Options::default() };
        let begun = Instant::now();
        let mut watch = |step: kring_exchange::Step| {
            bar.set_length(step.total.unsigned_abs());
            bar.set_position(step.done.unsigned_abs());
        };
        let done = kring_exchange::import_file(house, &admin, "bench.csv", list, &options, &mut watch)
            .await
            .map_err(serve::plain)?;
        bar.finish_and_clear();
        self.seconds("import_100000_rows", begun, 60.0);
        eprintln!(
            "{} added, {} changed, {} refused, {} to look at",
            done.added, done.changed, done.refused, done.likely
        );
        Ok(())
    }
}

/// Rules as a form of the builder carries them, of the kinds that institutions make.
fn built() -> Vec<Ask> {
    const ROLE: &[(&str, &str)] = &[("is", "fact"), ("key", "role"), ("was", "role"), ("held", "now")];
    const ASKED: &[(&str, &str)] =
        &[("is", "fact"), ("key", "asked"), ("was", "asked"), ("times", "1"), ("when", "last")];
    const MAIL: &[(&str, &str)] = &[("is", "fact"), ("key", "mail"), ("was", "mail")];
    const SCORE: &[(&str, &str)] =
        &[("is", "fact"), ("key", "engagement"), ("was", "engagement"), ("from", "20"), ("to", "")];
    let one = |base: &[(&str, &str)], more: &[(&str, &str)]| -> Vec<(String, String)> {
        base.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let rule = |parts: &[Vec<(String, String)>]| {
        let mut fields = vec![
            ("op".to_owned(), "update".to_owned()),
            ("r.is".to_owned(), "all".to_owned()),
            ("r.n".to_owned(), parts.len().to_string()),
        ];
        for (at, part) in parts.iter().enumerate() {
            fields.extend(part.iter().map(|(name, value)| (format!("r.{at}.{name}"), value.clone())));
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
        Ask::form("/segments/build", &fields)
    };
    vec![
        rule(&[]),
        rule(&[one(ROLE, &[("codes", "prospect")])]),
        rule(&[one(ROLE, &[("codes", "prospect")]), one(ASKED, &[("days", "30")])]),
        rule(&[
            one(ROLE, &[("codes", "alumnus")]),
            one(MAIL, &[]),
            one(ASKED, &[("days", "365"), ("not", "not")]),
        ]),
        rule(&[
            one(ROLE, &[("codes", "alumnus")]),
            one(ROLE, &[("codes", "employee"), ("not", "not")]),
            one(SCORE, &[]),
        ]),
    ]
}

/// Pages of people and organisations drawn from the whole base, one person with five thousand events, and places deep in the
/// list.
async fn places(house: &House) -> kring_core::Result<(Vec<String>, String, Vec<String>, Vec<String>)> {
    const SOME: usize = 200;
    let chance = Chance::seeded(5);
    let mut tx = house.read(&Actor::robot()).await?;
    let (people,): (i64,) = tx.one(sql!("select max(id) from people"), params![]).await?;
    let (organisations,): (i64,) = tx.one(sql!("select max(id) from organisations"), params![]).await?;
    let (mut known, mut deep, mut firms) = (Vec::new(), Vec::new(), Vec::new());
    while known.len() < SOME {
        let id = PersonId::new(1 + chance.below(people.unsigned_abs()) as i64);
        let found: Option<(String,)> = tx
            .maybe(sql!("select sort_key from people where id = $1 and state = 'known'"), params![id])
            .await?;
        let Some((key,)) = found else { continue };
        known.push(format!("/people/{id}"));
        deep.push(format!("/people?after={}&id={id}", kring_frame::encode(&key)));
    }
    for _ in 0..SOME {
        firms.push(format!("/organisations/{}", 1 + chance.below(organisations.unsigned_abs())));
    }
    drop(tx);
    let busy = PersonId::new(1 + chance.below(people.unsigned_abs()) as i64);
    base::story(house, busy).await?;
    Ok((known, format!("/people/{busy}"), firms, deep))
}
