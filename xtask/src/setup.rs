//! What the suites need from the distribution. Asked for once; found, nothing is done.

use std::{path::Path, process::Command};

use anyhow::{Result, bail};

use crate::tools::{has, run, say};

/// The packages and how each is recognised.
const NEEDS: &[(&str, &str)] = &[
    ("postgresql", "/usr/lib/postgresql"),
    ("chromium", "/usr/bin/chromium"),
    ("postfix", "/usr/sbin/postfix"),
    ("opendkim", "/usr/sbin/opendkim"),
    ("dovecot-imapd", "/usr/lib/dovecot/imap"),
    ("dovecot-lmtpd", "/usr/lib/dovecot/lmtp"),
    ("openssl", "/usr/bin/openssl"),
    ("python3-venv", "/usr/share/doc/python3-venv"),
    ("fonts-noto-color-emoji", "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"),
];

pub fn all() -> Result<()> {
    packages()
}

pub fn packages() -> Result<()> {
    let missing: Vec<&str> =
        NEEDS.iter().filter(|(_, sign)| !Path::new(sign).exists()).map(|(name, _)| *name).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !has("apt-get") || !is_root() {
        bail!(
            "these are missing: {list}. Install them (on Debian, as root: apt-get install {list}) and run this again"
        );
    }
    say(&format!("installing {list}"));
    run(Command::new("apt-get").args(["update", "-qq"]))?;
    run(Command::new("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "-qq", "--no-install-recommends"])
        .args(&missing))
}

pub fn is_root() -> bool {
    crate::tools::read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
