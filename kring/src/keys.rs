use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use kring_core::{Chance, Secret};
use kring_frame::{UnitId, params, sql};

use crate::{
    config::Config,
    serve::{self, plain},
};

#[derive(Args)]
pub struct Options {
    /// What the key is for: the system that will hold it.
    name: String,
    /// The address of somebody who may make keys; the trail names them.
    #[arg(long = "as", value_name = "EMAIL")]
    who: String,
    /// What it may do: `people.read`, `people.write`, `desk.work`, `surveys.read`, `talks.read`,
    /// `segments.use`, `talks.topics`.
    #[arg(long = "scope", required = true)]
    scopes: Vec<String>,
    /// In which unit and below, by number; without it in all.
    #[arg(long)]
    unit: Option<i64>,
    /// Where a demo institution keeps its data, instead of the configured place.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Makes an API key in somebody's name, as the page does.
pub async fn make(mut config: Config, options: Options) -> Result<()> {
    if let Some(data) = options.data {
        config.data = data;
    }
    let (house, _) = serve::open(&config, false).await?;
    let Some(actor) = kring_access::actor_with(&house, &options.who).await.map_err(plain)? else {
        bail!("nobody signs in with {}; see --as", options.who);
    };
    let permit = actor
        .permit(&kring_access::MANAGE_STAFF)
        .map_err(|_| anyhow::anyhow!("this account may not make keys"))?;
    let scopes: Vec<&str> = options.scopes.iter().map(String::as_str).collect();
    let mut tx = house.write(&actor).await.map_err(plain)?;
    let unit = match options.unit {
        Some(unit) => UnitId::new(unit),
        None => {
            let (top,): (UnitId,) = tx
                .one(sql!("select id from units where parent_id is null order by id limit 1"), params![])
                .await
                .map_err(plain)?;
            top
        }
    };
    let token =
        kring_access::make_key(&mut tx, &permit, &options.name, &scopes, unit).await.map_err(plain)?;
    tx.commit().await.map_err(plain)?;
    house.db.settle().await.map_err(plain)?;
    crate::say(&token.reveal())
}

/// The key of the trail: 32 bytes beside the database, readable by us alone, made at the first start.
pub fn trail_key(data: &Path) -> Result<Secret<[u8; 32]>> {
    let file = data.join("trail.key");
    std::fs::create_dir_all(data)
        .with_context(|| format!("the data folder {} cannot be made", data.display()))?;
    if !file.exists() {
        let key: [u8; 32] = Chance::system().bytes();
        write_private(&file, &key).with_context(|| format!("{}", file.display()))?;
    }
    let bytes = std::fs::read(&file).with_context(|| format!("{}", file.display()))?;
    let Ok(key) = <[u8; 32]>::try_from(bytes) else {
        bail!(
            "{} does not hold 32 bytes; put back the right one, or the trail cannot be verified",
            file.display()
        );
    };
    Ok(Secret::new(key))
}

fn write_private(file: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt};
    let mut out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(file)?;
    out.write_all(bytes)?;
    out.sync_all()
}

/// Makes a DKIM key (RSA, which every receiver reads) and says what to publish.
pub fn dkim(selector: &str, domain: &str, file: &Path) -> Result<()> {
    let made =
        kring_post::dkim::generate(kring_post::dkim::Algorithm::Rsa, selector, domain, &Chance::system())?;
    write_private(file, made.private.reveal().as_bytes()).with_context(|| format!("{}", file.display()))?;
    crate::say(&format!(
        "the private key is in {}\npublish this TXT record at {}:\n{}",
        file.display(),
        made.dns_name,
        made.dns_text
    ))
}
