use std::path::Path;

use anyhow::{Context, Result, bail};
use kring_core::{Chance, Secret};

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
