//! Plants messages in an empty database, and reads back what became of them: for the kill test, which needs many
//! letters on their way and the database's own account of each.
#![expect(clippy::print_stdout, reason = "its answer is for another program")]

use std::path::PathBuf;

use clap::Parser;
use kring::{config::Config, serve};
use kring_consent::Channel;
use kring_core::{Lang, Result};
use kring_frame::{Actor, House, Purpose, params, sql};
use kring_people::{arrive, units};
use kring_talks::{NewDialogue, topic};

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
            plant(&house, count).await?;
            // What hears the questions has heard them before the first kill: the trial is about letters.
            house.settle_but(&["send", "recover"]).await?;
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
        }
    }
    Ok(())
}

/// A person, a request and its receipt, each; the receipt is the message.
async fn plant(house: &House, count: u32) -> Result<()> {
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
    tx.commit().await
}
