use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use indicatif::ProgressBar;

use crate::{config::Config, say, serve};

#[derive(Args)]
pub struct Options {
    /// The list: .csv or .xlsx.
    file: PathBuf,
}

pub async fn run(config: &Config, options: Options) -> Result<()> {
    let bytes = std::fs::read(&options.file).with_context(|| format!("{}", options.file.display()))?;
    let (house, _) = serve::open(config, false).await?;
    let bar = ProgressBar::new_spinner();
    let _ = (&house, &bytes, &bar);
    say("")
}
