use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use kring_core::{Error, Lang};
use kring_exchange::{Kind, Phase, Step, Summary, import_file, undo_import};
use kring_frame::{Actor, House};

use crate::{
    config::Config,
    say,
    serve::{self, plain},
};

#[derive(Args)]
pub struct Options {
    /// The list: .csv or .xlsx.
    #[arg(required_unless_present = "undo")]
    file: Option<PathBuf>,
    /// What the list holds: people, organisations, relations (roles too) or consents.
    #[arg(long, default_value = "people", value_parser = kind_of, conflicts_with = "undo")]
    kind: Kind,
    /// The address with which somebody signs in who may import; the trail names them.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
    /// The name of the list; the same list may come again, and then changes only what changed.
    #[arg(long)]
    list: Option<String>,
    /// Only look: what would happen, with nothing written. The list waits on its page.
    #[arg(long, visible_alias = "preview")]
    dry_run: bool,
    /// Take an earlier import back, by its number.
    #[arg(long, value_name = "NUMBER", conflicts_with = "file")]
    undo: Option<i64>,
    /// Where a demo institution keeps its data, instead of the configured place.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn kind_of(text: &str) -> Result<Kind, String> {
    let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    text.parse().map_err(|()| format!("one of {}", names.join(", ")))
}

pub async fn run(mut config: Config, options: Options) -> Result<()> {
    if let Some(data) = options.data {
        config.data = data;
    }
    let (house, _) = serve::open(&config, false).await?;
    let Some(actor) = kring_access::actor_with(&house, &options.who).await.map_err(plain)? else {
        bail!("nobody signs in with {}; see --as", options.who);
    };
    let style = ProgressStyle::with_template("{msg:<10} {bar:40} {pos}/{len} {eta}")?;
    let bar = ProgressBar::new(0).with_style(style);
    let mut show = |step: Step| {
        bar.set_message(match step.phase {
            Phase::Reading => "reading",
            Phase::Importing => "importing",
            Phase::Finding => "indexing",
            Phase::Undoing => "undoing",
        });
        bar.set_length(step.total.unsigned_abs());
        bar.set_position(step.done.unsigned_abs());
    };
    if let Some(number) = options.undo {
        let import = undo_import(&house, &actor, number, &mut show).await.map_err(in_words)?;
        bar.finish_and_clear();
        return say(&format!(
            "import {number} is taken back: {} removed, {} kept since something happened with them, {} values restored",
            import.removed, import.kept, import.restored
        ));
    }
    let Some(file) = options.file else { bail!("name a file") };
    let what =
        kring_exchange::Options { kind: options.kind, list: options.list, preview_only: options.dry_run };
    let summary = bring_in(&house, &actor, &file, &what, &mut show).await?;
    bar.finish_and_clear();
    house.db.settle().await.map_err(plain)?;
    tell(&summary, options.dry_run)
}

async fn bring_in(
    house: &House,
    actor: &Actor,
    file: &Path,
    options: &kring_exchange::Options,
    show: kring_exchange::Progress<'_>,
) -> Result<Summary> {
    let bytes = std::fs::read(file).with_context(|| format!("{}", file.display()))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    import_file(house, actor, &name, bytes, options, show).await.map_err(in_words)
}

/// A refusal of the importer as it would stand on its page.
fn in_words(error: Error) -> anyhow::Error {
    match error {
        Error::Invalid(faults) => {
            anyhow::Error::msg(faults.iter().map(|f| f.what.en.as_ref()).collect::<Vec<_>>().join("\n"))
        }
        Error::Conflict(what) => anyhow::Error::msg(what.en.into_owned()),
        Error::Forbidden => anyhow::Error::msg("this account may not import"),
        other => plain(other),
    }
}

fn tell(s: &Summary, preview: bool) -> Result<()> {
    let will = if preview { "would be " } else { "" };
    say(&format!(
        "import {}: {} rows; {will}added {}, changed {}, unchanged {}, refused {}; {} said by an earlier row, {} taken with a remark, \
         {} pairs worth a look, {} empty lines; {} national numbers dropped, {} bank accounts masked",
        s.import,
        s.rows,
        s.added,
        s.changed,
        s.unchanged,
        s.refused,
        s.twins,
        s.warned,
        s.likely,
        s.blank,
        s.bsn_dropped,
        s.iban_masked
    ))?;
    for (code, rows) in &s.reasons {
        say(&format!("{rows:>9}  {}", kring_exchange::reason_in_words(Lang::En, code)))?;
    }
    Ok(())
}
