//! The front end: npm by lock file, esbuild, into client/dist. Built again only when something it is made of changed.

use std::{fs, path::Path, process::Command, time::SystemTime};

use anyhow::{Context, Result, bail};

use crate::tools::{has, root, run, say};

pub fn build() -> Result<()> {
    let client = root().join("client");
    let made = newest(&client.join("dist/manifest.json"));
    let sources = ["css", "src", "build.mjs", "package-lock.json", "tokens.json", "icons.json"]
        .iter()
        .map(|p| newest(&client.join(p)));
    if made.is_some() && sources.max().flatten() < made {
        return Ok(());
    }
    if !has("npm") {
        bail!("npm is missing: install Node.js 20 or newer, or run `cargo run -- demo` for plain pages");
    }
    install(&client)?;
    say("building the front end");
    run(Command::new("npm").current_dir(&client).args(["run", "--silent", "build"]))
}

/// `npm ci`, when the lock file is newer than what is installed.
pub fn install(folder: &Path) -> Result<()> {
    let installed = newest_file(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && newest_file(&folder.join("package-lock.json")) < installed {
        return Ok(());
    }
    say(&format!("npm ci in {}", folder.file_name().unwrap_or_default().to_string_lossy()));
    run(Command::new("npm").current_dir(folder).args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))
        .context("npm packages")
}

fn newest_file(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|m| m.modified()).ok()
}

/// When the newest file at or below this path changed.
fn newest(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        return fs::read_dir(path).ok()?.filter_map(|e| newest(&e.ok()?.path())).max();
    }
    newest_file(path)
}
