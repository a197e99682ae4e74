//! The front door: the command line, the configuration, the list of rooms, the demo institution.

mod backup;
mod check;
pub mod config;
pub mod demo;
pub mod health;
mod import;
mod keys;
pub mod rooms;
pub mod serve;
mod subject;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Parser, Subcommand};
use config::Config;

/// One relation base, and thousands of personal dialogues held at once.
#[derive(Parser)]
#[command(name = "kring", version, about, max_term_width = 100)]
struct Cli {
    /// The configuration file; without it `kring.toml` in this folder, the environment, and the defaults.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start the server.
    Serve,
    /// Make the demo institution Meerland, if it is not there yet, and serve it on this machine.
    Demo(demo::Options),
    /// Bring a list of people in: .csv or .xlsx.
    Import(import::Options),
    /// Look at the whole base and say how it is.
    Check(check::Options),
    /// Everything that is known of one person, to read or as JSON.
    Dossier(subject::DossierOptions),
    /// Forget one person in every room, under every number they ever had.
    Forget(subject::ForgetOptions),
    /// Make a key for the API; it is shown once.
    Key(keys::Options),
    /// Write a consistent copy of everything to one file; the server may go on working.
    Backup {
        /// The new file.
        file: PathBuf,
    },
    /// Fill an empty database from a backup. Nothing is sent until a person releases it.
    Restore {
        /// A file that `kring backup` made, on either database.
        file: PathBuf,
    },
    /// Walk the trail and say whether anything was taken out, put in or altered.
    VerifyTrail,
    /// Make a DKIM key, and say what to publish.
    Dkim {
        /// The selector, such as `kring1`.
        selector: String,
        /// The domain mail comes from.
        domain: String,
        /// Where to write the private key.
        file: PathBuf,
    },
    /// Print a sample of the configuration with all that can be set.
    Config,
    /// Print the OpenAPI description.
    Openapi,
}

/// What the program does.
pub fn main() -> Result<()> {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(cli))
}

async fn run(cli: Cli) -> Result<()> {
    let config = || Config::read(cli.config.as_ref());
    match cli.command {
        Command::Serve => {
            serve::logs();
            serve::serve(&config()?, false).await
        }
        Command::Demo(options) => demo::run(config()?, options).await,
        Command::Import(options) => import::run(config()?, options).await,
        Command::Check(options) => check::run(config()?, options).await,
        Command::Dossier(options) => subject::dossier(config()?, options).await,
        Command::Forget(options) => subject::forget(config()?, options).await,
        Command::Key(options) => keys::make(config()?, options).await,
        Command::Backup { file } => backup::backup(&config()?, &file).await,
        Command::Restore { file } => backup::restore(&config()?, &file).await,
        Command::VerifyTrail => backup::verify_trail(&config()?).await,
        Command::Dkim { selector, domain, file } => keys::dkim(&selector, &domain, &file),
        Command::Config => say(&Config::sample()),
        Command::Openapi => {
            let config = config()?;
            let rooms = rooms::rooms(config.ways(true)?);
            say(&serde_json::to_string_pretty(&health::document(&rooms.docs, &config.site()))?)
        }
    }
}

/// What a command answers goes to standard output; everything else goes to standard error.
#[expect(clippy::print_stdout, reason = "the answer of a command")]
pub fn say(text: &str) -> Result<()> {
    println!("{text}");
    Ok(())
}
