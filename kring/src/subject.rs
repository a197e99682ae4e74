//! What somebody may ask of us by law, at a terminal: their dossier, and to be forgotten. The same verbs as the page.

use std::{
    fmt::Write as _,
    io::{IsTerminal, stdin},
    path::PathBuf,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use kring_frame::{Actor, House, PersonId};
use kring_people::{merge, person};
use kring_privacy::{HANDLE_PRIVACY, readable};

use crate::{
    config::Config,
    say,
    serve::{self, plain},
};

#[derive(Args)]
pub struct Whose {
    /// Their relation number; one that was merged leads to who they are now.
    number: i64,
    /// The address with which somebody signs in who handles privacy requests; the trail names them.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
    /// Where a demo institution keeps its data, instead of the configured place.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

#[derive(Args)]
pub struct DossierOptions {
    #[command(flatten)]
    whose: Whose,
    /// As JSON, for another program.
    #[arg(long)]
    json: bool,
}

#[derive(Args)]
pub struct ForgetOptions {
    #[command(flatten)]
    whose: Whose,
    /// The number once more, since this cannot be undone; asked for at a terminal when it is left out.
    #[arg(long, value_name = "NUMBER")]
    yes: Option<i64>,
}

impl Whose {
    async fn open(&self, mut config: Config) -> Result<(House, Actor)> {
        if let Some(data) = &self.data {
            config.data.clone_from(data);
        }
        let (house, _) = serve::open(&config, false).await?;
        let Some(actor) = kring_access::actor_with(&house, &self.who).await.map_err(plain)? else {
            bail!("nobody signs in with {}; see --as", self.who);
        };
        Ok((house, actor))
    }
}

pub async fn dossier(config: Config, options: DossierOptions) -> Result<()> {
    let (house, actor) = options.whose.open(config).await?;
    let permit = actor.permit(&HANDLE_PRIVACY).map_err(plain)?;
    let mut tx = house.write(&actor).await.map_err(plain)?;
    let id = PersonId::new(options.whose.number);
    let name = person::load(&mut tx, id).await.map_err(plain)?.display_name;
    let sections = kring_privacy::dossier(&mut tx, &permit, id).await.map_err(plain)?;
    tx.commit().await.map_err(plain)?;
    if options.json {
        return say(&serde_json::to_string_pretty(&sections)?);
    }
    let mut text = format!("{name} ({id})\n");
    for section in &sections {
        let lines = readable::lines(section);
        if lines.is_empty() {
            continue;
        }
        write!(text, "\n{}\n", section.title)?;
        for line in lines {
            let value = if line.value.is_empty() { String::new() } else { format!(": {}", line.value) };
            writeln!(text, "{}{}{value}", "  ".repeat(line.depth + 1), line.name)?;
        }
    }
    say(text.trim_end())
}

pub async fn forget(config: Config, options: ForgetOptions) -> Result<()> {
    let (house, actor) = options.whose.open(config).await?;
    let permit = actor.permit(&HANDLE_PRIVACY).map_err(plain)?;
    let mut tx = house.read(&actor).await.map_err(plain)?;
    let id = merge::current(&mut tx, PersonId::new(options.whose.number)).await.map_err(plain)?;
    let name = person::load(&mut tx, id).await.map_err(plain)?.display_name;
    drop(tx);
    let again = match options.yes {
        Some(number) => number,
        None if stdin().is_terminal() => {
            say(&format!(
                "{name} ({id}) is forgotten in every room; this cannot be undone. Type the number to go on:"
            ))?;
            let mut line = String::new();
            stdin().read_line(&mut line)?;
            line.trim().parse().context("that is not a number; nothing was done")?
        }
        None => bail!("repeat the number with --yes, since this cannot be undone"),
    };
    if again != id.get() && again != options.whose.number {
        bail!("{again} is another number; nothing was done");
    }
    let mut tx = house.write(&actor).await.map_err(plain)?;
    let done = kring_privacy::erase(&mut tx, &permit, id).await.map_err(plain)?;
    tx.commit().await.map_err(plain)?;
    // What was written before must not stay in the write-ahead log either.
    house.db.settle().await.map_err(plain)?;
    say(&format!("{id} is forgotten: {} rows erased", done.erased))?;
    for why in done.kept {
        say(&format!("kept: {why}"))?;
    }
    Ok(())
}
