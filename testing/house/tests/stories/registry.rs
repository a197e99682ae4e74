//! Every statement of the house, found by reading the source, is prepared on both databases; and on SQLite the
//! authorizer says which tables it touches: a room touches its own and the hall's, nobody else's.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use kring_testing::{Engine, TestHouse};

/// A statement, by the crate and file it stands in.
struct Found {
    owner: String,
    file: PathBuf,
    sqlite: String,
    postgres: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_owned()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("target") && !path.ends_with("node_modules") {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The string literal that begins at or after this place.
fn literal(text: &str) -> (String, usize) {
    let start = text.find('"').expect("a string literal");
    let (mut out, mut chars) = (String::new(), text[start + 1..].char_indices().peekable());
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, start + at + 2),
            '\\' => match chars.next().unwrap().1 {
                'n' => out.push('\n'),
                '\n' => {
                    while chars.peek().is_some_and(|(_, c)| c.is_whitespace()) {
                        chars.next();
                    }
                }
                other => out.push(other),
            },
            other => out.push(other),
        }
    }
    panic!("a literal without an end");
}

fn statements() -> Vec<Found> {
    let mut files = Vec::new();
    for layer in ["ground", "frame", "hall", "rooms"] {
        sources(&root().join(layer), &mut files);
    }
    let mut found = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let inside = file.strip_prefix(root()).unwrap();
        let mut parts = inside.components().map(|c| c.as_os_str().to_string_lossy().into_owned());
        let (layer, name) = (parts.next().unwrap(), parts.next().unwrap());
        let owner = if layer == "frame" { layer } else { name };
        if inside.components().any(|c| c.as_os_str() == "tests") {
            continue;
        }
        for (at, _) in text.match_indices("sql!(").filter(|(at, _)| !text[..*at].ends_with("_rules! ")) {
            if text[at + 5..].trim_start().starts_with('"') {
                let (sql, _) = literal(&text[at..]);
                found.push(Found {
                    owner: owner.clone(),
                    file: inside.to_owned(),
                    sqlite: sql.clone(),
                    postgres: sql,
                });
            }
        }
        for (at, _) in text.match_indices("two_faces!(") {
            let Some(first) = text[at..].find("sqlite: \"") else { continue };
            let (sqlite, end) = literal(&text[at + first..]);
            let rest = &text[at + first + end..];
            let Some(second) = rest.find("postgres: \"") else { continue };
            let (postgres, _) = literal(&rest[second..]);
            found.push(Found { owner: owner.clone(), file: inside.to_owned(), sqlite, postgres });
        }
    }
    found
}

/// The tables each crate's migrations make.
fn tables() -> BTreeMap<String, BTreeSet<String>> {
    let mut made: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for layer in ["ground", "hall", "rooms"] {
        for entry in fs::read_dir(root().join(layer)).unwrap() {
            let folder = entry.unwrap().path();
            collect(&folder, &folder.file_name().unwrap().to_string_lossy(), &mut made);
        }
    }
    collect(&root().join("frame"), "frame", &mut made);
    made.entry("db".into()).or_default().insert("schema_migrations".into());
    made
}

fn collect(folder: &Path, owner: &str, made: &mut BTreeMap<String, BTreeSet<String>>) {
    let Ok(files) = fs::read_dir(folder.join("migrations")) else { return };
    for file in files {
        for line in fs::read_to_string(file.unwrap().path()).unwrap().lines() {
            if let Some(rest) = line.trim().strip_prefix("create table ") {
                let name = rest.split(['(', ' ']).next().unwrap();
                made.entry(owner.to_owned()).or_default().insert(name.to_owned());
            }
        }
    }
}

const SHARED: &[&str] = &["db", "work", "frame", "people", "consent", "talks"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_statement_is_prepared_on_both_databases_and_touches_only_its_own_tables() {
    let (sqlite, postgres) = (TestHouse::new(Engine::Sqlite).await, TestHouse::new(Engine::Postgres).await);
    let (mut found, made) = (statements(), tables());
    // The statements of a merge are made from a declaration, so reading the source does not find them.
    let own = kring_people::merge::holdings().copied();
    let of_organisations = sqlite.house.rooms.organisation_holdings.clone();
    for held in sqlite.house.rooms.holdings.clone().into_iter().chain(of_organisations).chain(own) {
        for sql in [held.note, held.take, held.back] {
            found.push(Found {
                owner: "merge".into(),
                file: PathBuf::from(held.table),
                sqlite: sql.text(Engine::Sqlite).into(),
                postgres: sql.text(Engine::Postgres).into(),
            });
        }
    }
    assert!(found.len() > 150, "the scanner found only {} statements", found.len());
    let mut faults = Vec::new();
    for f in &found {
        match sqlite.house.db.prepare(&f.sqlite).await {
            Err(why) => faults.push(format!("{}: SQLite: {why}\n    {}", f.file.display(), f.sqlite)),
            Ok(touched) => {
                let allowed = |table: &String| {
                    table.starts_with("sqlite_")
                        // A list of ids as one bind is no table.
                        || table == "json_each"
                        || f.owner == "merge"
                        || made.get(&f.owner).is_some_and(|own| own.contains(table))
                        || SHARED.iter().any(|s| made.get(*s).is_some_and(|t| t.contains(table)))
                };
                for table in touched.iter().filter(|t| !allowed(t)) {
                    faults.push(format!(
                        "{}: {} touches {table}, which is another room's",
                        f.file.display(),
                        f.owner
                    ));
                }
            }
        }
        if let Err(why) = postgres.house.db.prepare(&f.postgres).await {
            faults.push(format!("{}: PostgreSQL: {why}\n    {}", f.file.display(), f.postgres));
        }
    }
    assert!(faults.is_empty(), "{} of {} statements:\n{}", faults.len(), found.len(), faults.join("\n"));
}
