//! Plants messages in an empty database, and people who are about to begin a journey, and reads back what became of them: for
//! the kill test, which needs many letters on their way and the database's own account of each.
#![expect(clippy::print_stdout, reason = "its answer is for another program")]

use std::{collections::HashMap, path::PathBuf};

use clap::Parser;
use kring::{config::Config, serve};
use kring_blocks::{Block, Document, Sheet, What as Part};
use kring_consent::Channel;
use kring_core::{Error, Lang, Result};
use kring_flow::{Limit, Unit, Wait};
use kring_frame::{Actor, House, Purpose, Tx, UnitId, params, sql};
use kring_journeys::plan::{Deed, IfFull, Mail, Plan, Step, Steps, What};
use kring_mailings::{
    campaign::{self, Draft, Label},
    mailing,
};
use kring_people::{arrive, units};
use kring_talks::{NewDialogue, topic};
use roaring::RoaringBitmap;

#[derive(Parser)]
struct Cli {
    /// Plant this many; without it, say what became of those that are there.
    #[arg(long)]
    plant: Option<u32>,
    #[arg(long)]
    config: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let cli = Cli::parse();
    let config = Config::read(cli.config.as_ref())?;
    let (house, _) = serve::open(&config, false).await?;
    match cli.plant {
        Some(count) => {
            house.db.hurry(true).await?;
            // A quarter of the letters are receipts, a quarter a mailing; the other half are two for each who goes on a journey.
            let unit = plant(&house, count / 4).await?;
            send_off(&house, unit, count / 4).await?;
            write_to_many(&house, unit, count / 4).await?;
            // What hears the questions has heard them before the first kill: the trial is about letters.
            house.settle_but(&["send", "recover", "journeys", "journeys.groups", "mailings"]).await?;
            house.db.hurry(false).await?;
            house.db.settle().await?;
        }
        None => {
            let mut tx = house.read(&Actor::robot()).await?;
            let rows: Vec<(i64, String, Option<String>)> =
                tx.all(sql!("select id, state, mail_id from messages order by id"), params![]).await?;
            for (id, state, mail) in rows {
                println!("{}", serde_json::json!({"id": id, "state": state, "mail": mail}));
            }
            println!("{}", journeys(&mut tx).await?);
            println!("{}", mailings(&mut tx).await?);
        }
    }
    Ok(())
}

/// A person, a request and its receipt, each; the receipt is the message.
async fn plant(house: &House, count: u32) -> Result<UnitId> {
    const AT_ONCE: u32 = 500;
    let mut tx = house.write(&Actor::robot()).await?;
    let unit = units::add(&mut tx, None, "Meerland", "Meerland", "institution").await?;
    let topic = topic::add(&mut tx, "kill", "Proef", "Trial", unit, 1).await?;
    for n in 0..count {
        if n % AT_ONCE == AT_ONCE - 1 {
            tx.commit().await?;
            tx = house.write(&Actor::robot()).await?;
        }
        let arrival = arrive::Arrival {
            name: format!("Proef {n}"),
            email: format!("proef{n}@mail.example.com"),
            lang: Lang::Nl.into(),
            source: "test".into(),
        };
        let (person, _) = arrive::find_or_make(&mut tx, &arrival).await?;
        let dialogue = kring_talks::open(
            &mut tx,
            &NewDialogue {
                person,
                unit: Some(unit),
                topic: "kill".into(),
                purpose: Purpose::Service,
                lang: Lang::Nl,
                channel: Channel::Mail,
            },
        )
        .await?;
        kring_talks::hear(&mut tx, dialogue, "form", Lang::Nl, "Komt deze vraag precies één keer aan?")
            .await?;
        let now = tx.now();
        kring_desk::open_from(&mut tx, person, dialogue, topic, "form", now).await?;
    }
    tx.commit().await?;
    Ok(unit)
}

/// People who begin a journey of two mails, a turn of the clock before each: a group is at work on it when the first kill comes.
async fn send_off(house: &House, unit: UnitId, count: u32) -> Result<()> {
    let wait = |id| {
        let wait = Wait { until: vec![], at_most: Some(Limit::after(0, Unit::Minutes)) };
        Step::new(id, What::Wait(wait))
    };
    let mail = |id, subject: &str| {
        let text = Part::Text { text: "Komt deze mail precies één keer aan, {{ first_name }}?".into() };
        let blocks = vec![Block { what: text, only_if: None }];
        let sheet = Sheet { subject: subject.into(), blocks, ..Sheet::default() };
        let mail = Mail { text: Document::new(Lang::Nl.into(), sheet), if_full: IfFull::Skip };
        Step::new(id, What::Do(Deed::Mail(mail)))
    };
    let steps =
        vec![wait(1), mail(2, "Een"), wait(3), mail(4, "Twee"), Step::new(5, What::End("klaar".into()))];
    let plan = Plan { purpose: Purpose::Service, steps: Steps { steps }, ..Plan::default() };
    let plan = serde_json::to_string(&plan).map_err(Error::broken)?;
    let robot = Actor::robot();
    let mut tx = house.write(&robot).await?;
    let bytes = people(&mut tx, "Reis", count).await?;
    let now = tx.now();
    let (journey,): (i64,) = tx
        .one(
            sql!(
                "insert into journeys (name, note, unit_id, state, version, draft, steps, actor_id, made_at, changed_at)
                 values ('Proef', '', $1, 'live', 1, 1, 5, $2, $3, $3) returning id"
            ),
            params![unit, robot.id, now],
        )
        .await?;
    tx.run(
        sql!("insert into journey_versions (journey_id, version, plan, actor_id, at) values ($1, 1, $2, $3, $4)"),
        params![journey, plan, robot.id, now],
    )
    .await?;
    tx.run(
        sql!(
            "insert into journey_groups (journey_id, version, segment_id, segment_name, actor_id, people, total, taken, begun,
                 over_minutes, state, made_at)
             values ($1, 1, 0, '', $2, $3, $4, 0, 0, 0, 'running', $5)"
        ),
        params![journey, robot.id, bytes.as_slice(), i64::from(count), now],
    )
    .await?;
    tx.commit().await
}

/// So many people of a name, as the bitmap of their numbers.
async fn people(tx: &mut Tx, name: &str, count: u32) -> Result<Vec<u8>> {
    let mut people = RoaringBitmap::new();
    for n in 0..count {
        let arrival = arrive::Arrival {
            name: format!("{name} {n}"),
            email: format!("{}{n}@mail.example.com", name.to_lowercase()),
            lang: Lang::Nl.into(),
            source: "test".into(),
        };
        let (person, _) = arrive::find_or_make(tx, &arrival).await?;
        people.extend(u32::try_from(person.get()));
    }
    let mut bytes = Vec::new();
    people.serialize_into(&mut bytes).map_err(Error::broken)?;
    Ok(bytes)
}

/// A mailing that is being sent when the first kill comes. Nobody is in
/// a segment here, so its people are put where the press on *send* would put them.
async fn write_to_many(house: &House, unit: UnitId, count: u32) -> Result<()> {
    let robot = Actor::robot();
    let rights = HashMap::from([(kring_mailings::EDIT.key.to_owned(), vec![unit])]);
    let robot = Actor::with_rights(robot.id, robot.kind, &robot.name, rights);
    let permit = robot.permit(&kring_mailings::EDIT)?;
    let mut tx = house.write(&robot).await?;
    let bytes = people(&mut tx, "Lezer", count).await?;
    let draft = Draft {
        name: "Proef".into(),
        unit,
        purpose: Purpose::Service,
        reason: "Komt elke mail precies één keer aan?".into(),
        label: Label::Process,
        budget_cents: 0,
        budget_minutes: 0,
        mail_cents: 0,
        goal: None,
        goal_days: 1,
    };
    let campaign = campaign::make(&mut tx, &permit, &draft).await?;
    let id = mailing::make(&mut tx, &permit, campaign, "Proef", None, Lang::Nl).await?;
    mailing::change(&mut tx, &permit, id, 1, |plan| {
        let text = Part::Text { text: "Komt deze mailing precies één keer aan, {{ first_name }}?".into() };
        let blocks = vec![Block { what: text, only_if: None }];
        let sheet = Sheet { subject: "Drie".into(), blocks, ..Sheet::default() };
        plan.texts = vec![Document::new(Lang::Nl.into(), sheet)];
        plan.over_minutes = 0;
        Ok(())
    })
    .await?;
    let now = tx.now();
    tx.run(
        sql!(
            "update mailings set state = 'sending', people = $2, total = $3, phase = 'rest', phase_total = $3, phase_at = $4,
                 sent_at = $4 where id = $1"
        ),
        params![id, bytes.as_slice(), i64::from(count), now],
    )
    .await?;
    tx.commit().await
}

/// How the mailing stands: it is through, everybody stands in it once, and has one message.
async fn mailings(tx: &mut Tx) -> Result<serde_json::Value> {
    let (meant, done): (i64, i64) = tx
        .one(
            sql!(
                "select cast(coalesce(sum(total), 0) as bigint), count(*) filter (where state = 'done') from mailings"
            ),
            params![],
        )
        .await?;
    let (people, single): (i64, i64) = tx
        .one(
            sql!(
                "select count(*), count(*) filter (where
                     (select count(*) from messages m where m.kind = 'mailings.mail' and m.subject_id = p.id) = 1)
                 from mailing_people p"
            ),
            params![],
        )
        .await?;
    Ok(serde_json::json!({"mailing": {"meant": meant, "done": done, "people": people, "single": single}}))
}

/// How the journeys stand: every run at its end with each of its deeds once, and for each deed one message.
async fn journeys(tx: &mut Tx) -> Result<serde_json::Value> {
    let (meant,): (i64,) =
        tx.one(sql!("select cast(coalesce(sum(total), 0) as bigint) from journey_groups"), params![]).await?;
    let (runs, ended, whole): (i64, i64, i64) = tx
        .one(
            sql!(
                "select count(*), count(*) filter (where r.state = 'ended'),
                        count(*) filter (where (select count(*) from journey_deeds d where d.run_id = r.id) = 2)
                 from journey_runs r"
            ),
            params![],
        )
        .await?;
    let (single,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from journey_deeds d
                 where (select count(*) from messages m where m.kind = 'journeys.mail' and m.subject_id = d.id) = 1"
            ),
            params![],
        )
        .await?;
    Ok(
        serde_json::json!({"journeys": {"meant": meant, "runs": runs, "ended": ended, "whole": whole, "single": single}}),
    )
}
