//! The rule of dependencies, held by a machine: kring → rooms → hall → frame → ground, never up, never sideways; and
//! nothing banned comes in through the back door.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde_json::Value;

use crate::tools::{cargo, read};

const BANNED: &[(&str, &str)] = &[
    ("openssl", "rustls with ring everywhere"),
    ("openssl-sys", "rustls with ring everywhere"),
    ("native-tls", "rustls with ring everywhere"),
    ("aws-lc-rs", "rustls with ring everywhere"),
    ("aws-lc-sys", "rustls with ring everywhere"),
    ("chrono", "jiff for time"),
];

/// Height of each layer; within one, the order of the hall is fixed too.
fn height(path: &str) -> Option<(u8, &'static str)> {
    let layers = [
        ("ground/", 0, "ground"),
        ("frame/", 1, "frame"),
        ("meerland/", 1, "meerland"),
        ("hall/people", 2, "people"),
        ("hall/consent", 3, "consent"),
        ("hall/talks", 4, "talks"),
        ("rooms/", 5, "room"),
        ("kring/", 6, "kring"),
        ("testing/", 7, "testing"),
        ("bench/", 7, "bench"),
        ("xtask/", 7, "xtask"),
    ];
    layers.iter().find(|(prefix, _, _)| path.starts_with(prefix)).map(|(_, height, name)| (*height, *name))
}

/// Who may name whom inside the ground, since there the layers are finer than a number.
const GROUND: &[(&str, &[&str])] = &[
    ("kring-core", &[]),
    ("kring-formats", &[]),
    ("kring-words", &[]),
    ("kring-stats", &["kring-core"]),
    ("kring-match", &[]),
    ("kring-rules", &[]),
    ("kring-audience", &["kring-rules"]),
    ("kring-post", &["kring-core"]),
    ("kring-fetch", &[]),
    ("kring-flow", &["kring-core"]),
    ("kring-lang", &["kring-core", "kring-words"]),
    ("kring-db", &["kring-core"]),
    ("kring-work", &["kring-core", "kring-db"]),
    ("kring-web", &["kring-core", "kring-lang", "kring-words"]),
    // The editor of blocks is a form like any other; a crate of its own for it would only move the edge.
    ("kring-blocks", &["kring-core", "kring-lang", "kring-web", "kring-words"]),
];

pub fn check() -> Result<()> {
    let metadata: Value = serde_json::from_str(&read(cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        "x86_64-unknown-linux-gnu",
    ]))?)?;
    let mut faults = Vec::new();
    let root = text(&metadata, "workspace_root").to_owned();
    let ours: BTreeMap<&str, String> = packages(&metadata)
        .filter_map(|p| {
            let manifest = text(p, "manifest_path").strip_prefix(&root)?.trim_start_matches('/').to_owned();
            Some((text(p, "name"), manifest))
        })
        .collect();
    for package in packages(&metadata) {
        let name = text(package, "name");
        let Some(here) = ours.get(name) else {
            if let Some((_, instead)) = BANNED.iter().find(|(banned, _)| *banned == name) {
                faults.push(format!("{name} came in; this house uses {instead}"));
            }
            continue;
        };
        for dependency in list(package, "dependencies") {
            let other = text(dependency, "name");
            let (Some(there), true) = (ours.get(other), dependency.get("kind").is_some_and(Value::is_null))
            else {
                continue;
            };
            faults.extend(edge(name, here, other, there));
        }
    }
    if faults.is_empty() {
        println!("the walls stand: {} crates, no edge up or sideways, nothing banned", ours.len());
        return Ok(());
    }
    let faults: BTreeSet<String> = faults.into_iter().collect();
    bail!("the walls are broken:\n  {}", faults.into_iter().collect::<Vec<_>>().join("\n  "))
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    list(metadata, "packages")
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn edge(name: &str, here: &str, other: &str, there: &str) -> Option<String> {
    let ((from, layer), (to, _)) = (height(here)?, height(there)?);
    if layer == "ground" && to == 0 {
        let known = GROUND.iter().find(|(n, _)| *n == name).map_or(&[][..], |(_, may)| may);
        return (!known.contains(&other))
            .then(|| format!("{name} → {other}: a new edge in the ground; argue for it in walls.rs"));
    }
    let tools = from == 7;
    (to >= from && !tools).then(|| format!("{name} → {other}: that is up or sideways"))
}
