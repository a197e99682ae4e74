//! Journeys: so many who are due in the same minute, what one who waits takes on the disk, and how long an event needs to end a
//! wait. Everything that was to be done is counted afterwards: a figure counts only when it was done once.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use indicatif::ProgressBar;
use kring::{config::Config, serve};
use kring_blocks::{Block, Document, Sheet, What as Part};
use kring_core::Lang;
use kring_flow::{Limit, Unit, Until, Wait};
use kring_frame::{About, Actor, Event, House, PersonId, Purpose, RoleGiven, params, sql};
use kring_journeys::plan::{Condition, Deed, IfFull, Mail, Plan, Step, Steps, What};
use kring_people::units;

use crate::{Figure, base, quantile, relations};

const BENCH: &str = "journeys";
const BATCH: i64 = 10_000;
/// Events of which each ends a wait.
const EVENTS: u32 = 100;

#[expect(clippy::disallowed_methods, reason = "a developer names a server in the environment")]
pub async fn run(runs: u32, only: Option<&str>) -> Result<()> {
    let server = std::env::var("KRING_TEST_POSTGRES").context(
        "KRING_TEST_POSTGRES names a PostgreSQL server on which a database may be made: `./x bench journeys` sets it",
    )?;
    let scratch = tempfile::TempDir::new()?;
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
        Trial { engine, runs, house }.all().await?;
    }
    relations::drop_database(&server).await
}

struct Trial {
    engine: &'static str,
    runs: u32,
    house: House,
}

fn wait(id: u32, until: Vec<Until<Condition>>, n: u32, unit: Unit) -> Step {
    Step::new(id, What::Wait(Wait { until, at_most: Some(Limit::after(n, unit)) }))
}

/// Waits, sends, and waits for a year: for an event, too.
fn plan() -> Plan {
    let text = Part::Text { text: "{{ salutation }},\n\nHoe gaat het?".into() };
    let sheet = Sheet {
        subject: "Hoe gaat het, {{ first_name }}?".into(),
        blocks: vec![Block { what: text, only_if: None }],
        ..Sheet::default()
    };
    let mail = Mail { text: Document::new(Lang::Nl.into(), sheet), if_full: IfFull::Skip };
    let told = Until::Happens { kind: RoleGiven::KIND.into(), detail: None };
    let steps = vec![
        wait(1, vec![], 1, Unit::Minutes),
        Step::new(2, What::Do(Deed::Mail(mail))),
        wait(3, vec![told], 1, Unit::Years),
        Step::new(4, What::End("klaar".into())),
    ];
    Plan { purpose: Purpose::Service, steps: Steps { steps }, ..Plan::default() }
}

impl Trial {
    fn tell(&self, name: &str, value: f64, unit: &str, goal: f64, runs: u32, ends: (f64, f64)) {
        let name = format!("{name}_{}", self.engine);
        Figure { name: &name, value, unit, goal, at_most: true, runs, min: ends.0, max: ends.1 }.tell(BENCH);
    }

    async fn all(&self) -> Result<()> {
        self.house.db.hurry(true).await?;
        base::fill(&self.house, self.runs).await?;
        let before = self.bytes().await?;
        let journey = self.journey().await?;
        self.waiting(journey).await?;
        self.house.db.hurry(false).await?;
        self.house.db.settle().await?;
        let grown = (self.bytes().await? - before) as f64 / 1e6 * 1e6 / f64::from(self.runs);
        self.tell("mb_per_million_waiting", grown, "MB", 60.0, 1, (grown, grown));
        self.due(journey).await?;
        self.events().await
    }

    async fn bytes(&self) -> Result<i64> {
        let mut tx = self.house.read(&Actor::robot()).await?;
        if self.engine == "postgres" {
            let row = tx.composed("select pg_database_size(current_database())", params![]).await?;
            return Ok(row.into_iter().next().context("a size")?.take()?);
        }
        let row =
            tx.composed("select page_count * page_size from pragma_page_count, pragma_page_size", params![]);
        Ok(row.await?.into_iter().next().context("a size")?.take()?)
    }

    async fn journey(&self) -> Result<i64> {
        let robot = Actor::robot();
        let mut tx = self.house.write(&robot).await?;
        let unit = units::add(&mut tx, None, "Bench", "Bench", "institution").await?;
        let (now, text) = (tx.now(), serde_json::to_string(&plan())?);
        let (id,): (i64,) = tx
            .one(
                sql!(
                    "insert into journeys (name, note, unit_id, state, version, draft, steps, actor_id, made_at, changed_at)
                     values ('Bench', '', $1, 'live', 1, 1, 4, $2, $3, $3) returning id"
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
            sql!("insert into journey_hears (kind, journey_id, version, begins) values ($1, $2, 1, $3)"),
            params![RoleGiven::KIND, id, false],
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Everybody at the first wait, due in the same minute.
    async fn waiting(&self, journey: i64) -> Result<()> {
        let bar = ProgressBar::new(self.runs.into());
        let mut at = 0_i64;
        while at < i64::from(self.runs) {
            let mut tx = self.house.write(&Actor::robot()).await?;
            let now = tx.now();
            tx.run(
                sql!(
                    "insert into journey_runs (journey_id, version, person_id, state, step, since, due_at, deeds, turns, began_at)
                     select $1, 1, p.id, 'running', 1, $2, $2, 0, 1, $2 from people p where p.id > $3 and p.id <= $4"
                ),
                params![journey, now, at, at + BATCH],
            )
            .await?;
            tx.commit().await?;
            at += BATCH;
            bar.inc(BATCH.unsigned_abs());
        }
        bar.finish_and_clear();
        Ok(())
    }

    /// The clock until nobody is due: each with its mail planned.
    async fn due(&self, journey: i64) -> Result<()> {
        let begun = Instant::now();
        while kring_journeys::take_due_turns(&self.house).await? {}
        let seconds = begun.elapsed().as_secs_f64();
        let mut tx = self.house.read(&Actor::robot()).await?;
        let (moved,): (i64,) = tx
            .one(
                sql!("select count(*) from journey_runs where journey_id = $1 and step = 3 and turns = 2 and deeds = 1"),
                params![journey],
            )
            .await?;
        let (deeds, messages): (i64, i64) = tx
            .one(
                sql!(
                    "select (select count(*) from journey_deeds), (select count(distinct subject_id) from messages where kind = 'journeys.mail')"
                ),
                params![],
            )
            .await?;
        let all = i64::from(self.runs);
        ensure!(
            (moved, deeds, messages) == (all, all, all),
            "{moved} moved, {deeds} deeds, {messages} messages of {all}"
        );
        let per_million = seconds * 1e6 / f64::from(self.runs);
        self.tell("million_due_steps", per_million, "s", 10.0, 1, (per_million, per_million));
        Ok(())
    }

    /// From the commit of an event to the commit of the turn that it caused, with the house at work as it is.
    async fn events(&self) -> Result<()> {
        // What was planned for everybody is not what is measured.
        let mut tx = self.house.write(&Actor::robot()).await?;
        tx.run(sql!("update messages set state = 'cancelled' where state = 'planned'"), params![]).await?;
        tx.commit().await?;
        self.house.settle_but(&["send", "recover"]).await?;
        self.house.start_chores();
        let mut times = Vec::new();
        for person in 1..=EVENTS {
            let person = PersonId::new(i64::from(person));
            let mut tx = self.house.write(&Actor::robot()).await?;
            tx.tell(About::person(person), &RoleGiven { kind: "bench".into() }).await?;
            tx.commit().await?;
            let begun = Instant::now();
            loop {
                let mut look = self.house.read(&Actor::robot()).await?;
                let (state,): (String,) = look
                    .one(sql!("select state from journey_runs where person_id = $1"), params![person])
                    .await?;
                if state == "ended" {
                    break;
                }
                ensure!(begun.elapsed() < Duration::from_secs(10), "an event was not heard");
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            times.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        times.sort_by(f64::total_cmp);
        let ends = (times.first().copied().unwrap_or_default(), times.last().copied().unwrap_or_default());
        self.tell("event_ends_wait", quantile(&times, 0.5), "ms", 10.0, EVENTS, ends);
        self.house.close(Duration::from_secs(10)).await;
        Ok(())
    }
}
