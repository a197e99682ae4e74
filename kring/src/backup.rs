use std::path::Path;

use anyhow::{Result, bail};
use indicatif::ProgressBar;
use kring_core::{Chance, Clock};
use kring_db::Db;
use kring_frame::{Actor, House};

use crate::{
    config::Config,
    rooms, say,
    serve::{open, plain},
};

/// Copies while the server works: on SQLite a second process may read what the first writes, so this opens the
/// file beside the server, for reading only.
pub async fn backup(config: &Config, file: &Path) -> Result<()> {
    let rooms = rooms::rooms(config.ways(true)?);
    let schema = rooms::schema(&rooms);
    let db = Db::open_beside(&config.place()?, Clock::system()).await.map_err(plain)?;
    let bar = ProgressBar::new_spinner();
    let mut rows = 0;
    db.backup(file, &schema, &mut |table, n| {
        rows += n;
        bar.set_message(format!("{table}: {n}"));
        bar.tick();
    })
    .await
    .map_err(plain)?;
    bar.finish_and_clear();
    say(&format!(
        "{rows} rows in {}, read back and found whole. Keep {} apart from it: without that key the trail cannot be verified.",
        file.display(),
        config.data.join("trail.key").display()
    ))
}

pub async fn restore(config: &Config, file: &Path) -> Result<()> {
    let rooms = rooms::rooms(config.ways(true)?);
    let schema = rooms::schema(&rooms);
    let db = Db::open(&config.place()?, &schema, Clock::system()).await.map_err(plain)?;
    let bar = ProgressBar::new_spinner();
    let note = db
        .restore(file, &schema, &mut |table, n| {
            bar.set_message(format!("{table}: {n}"));
            bar.tick();
        })
        .await
        .map_err(plain)?;
    // What was under way when the copy was made is in doubt now: it is settled before the first start.
    let house = House::new(db, Clock::system(), Chance::system(), config.settings(false)?, rooms);
    config.sender(true)?.start(&house).await.map_err(plain)?;
    house.db.settle().await.map_err(plain)?;
    bar.finish_and_clear();
    say(&format!(
        "{} rows in {} tables are back (epoch {}). It is held: nothing is sent until somebody releases it under Outgoing mail.",
        note.rows, note.tables, note.epoch
    ))
}

pub async fn verify_trail(config: &Config) -> Result<()> {
    let (house, _) = open(config, false).await?;
    let mut tx = house.read(&Actor::robot()).await.map_err(plain)?;
    match tx.verify_trail().await.map_err(plain)? {
        None => say("the trail is whole"),
        Some(at) => bail!("the trail does not fit at chain {}, entry {}", at.chain, at.seq),
    }
}
