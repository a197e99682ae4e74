//! The index on disk, beside the data: a server that starts reads it back with what was told since, which takes a second for a
//! million people where reading everybody takes a quarter of a minute.
//!
//! It is written when everybody was read, at the turn of the day and at a clean end, and is thrown away at any doubt: another
//! version, other facts, another database, a log that went on too long. Since it holds codes of people's facts, it is gone from
//! the disk before the erasure of somebody is answered, and stays away until an index that never knew them has been filled.

use std::{
    fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use kring_audience::{pack, unpack};
use kring_core::{Error, Result};
use kring_db::{Cursor, Tx};
use kring_rules::Tables;
use serde::{Deserialize, Serialize};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

use super::{Known, MEMORY, now};
use crate::House;

const NAME: &str = "audience.index";

/// When more events than this were told since, and twice as many as there are people, everybody is read sooner than they are.
const TOO_LATE: i64 = 10_000;

/// What the bytes are of; another one is of another world.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sign {
    /// This program, and where its facts stand.
    facts: String,
    /// How far the log had been heard, and the event that stands there: a database that was put back from a copy goes on
    /// otherwise.
    cursor: (i64, i64),
    event: String,
}

impl Sign {
    pub async fn of(house: &House, look: &mut Tx, cursor: Cursor) -> Result<Self> {
        let before = Cursor { id: cursor.id - 1, ..cursor };
        let event = look.events_after(before, 1).await?.into_iter().find(|told| told.cursor() == cursor);
        let event =
            event.map(|told| format!("{} {} {:?}", told.kind, told.at, told.person)).unwrap_or_default();
        let places: Vec<_> = house.rooms.facts.list.iter().map(|fact| (fact.key, fact.place)).collect();
        let facts = format!(
            "{} {:?} {:?} {:?} {places:?}",
            env!("CARGO_PKG_VERSION"),
            house.rooms.facts.base,
            house.rooms.facts.fields(),
            house.rooms.facts.people()
        );
        Ok(Self { facts, cursor: (cursor.xid, cursor.id), event })
    }
}

/// Runs what takes a while where others go on beside it. A runtime of one thread (a story, a command) has nobody beside it, and
/// tokio refuses to make room there.
fn aside<T>(work: impl FnOnce() -> T) -> T {
    match Handle::current().runtime_flavor() {
        RuntimeFlavor::CurrentThread => work(),
        _ => block_in_place(work),
    }
}

fn path(house: &House) -> Option<PathBuf> {
    house.settings.keep.as_ref().map(|folder| folder.join(NAME))
}

/// What is known, as bytes: under the locks that keep it still.
pub(super) fn packed(sign: &Sign, known: &Known) -> Result<Vec<u8>> {
    aside(|| pack(&(sign, known), 0).map_err(Error::broken))
}

/// Writes it down, which is as long again and holds up nobody. Whoever asked goes on without it when that fails: the operator
/// is told.
pub(super) fn keep(house: &House, bytes: Result<Vec<u8>>) {
    let Some(path) = path(house) else { return };
    let written = bytes.and_then(|bytes| aside(|| replace(house, &path, &bytes)).map_err(Error::broken));
    if let Err(why) = written {
        tracing::warn!(event = "audience_not_kept", reason = %why);
    }
    // Somebody may have been erased while it was written, by a transaction that found no file yet.
    if house.audience.spoiled.load(Ordering::SeqCst) {
        remove(&path);
    }
}

/// Where it is written before it takes the place of the other at once. One name, so that what a crash left is found.
fn unfinished(path: &Path) -> PathBuf {
    path.with_extension("index.new")
}

fn replace(house: &House, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if house.audience.spoiled.load(Ordering::SeqCst) {
        return Ok(());
    }
    let new = unfinished(path);
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    drop(file);
    if house.audience.spoiled.load(Ordering::SeqCst) { Ok(()) } else { fs::rename(new, path) }
}

/// Takes it off the disk, finished or not.
fn remove(path: &Path) {
    for path in [path, &unfinished(path)] {
        match fs::remove_file(path) {
            Err(why) if why.kind() != ErrorKind::NotFound => {
                tracing::error!(event = "audience_not_removed", reason = %why);
            }
            _ => {}
        }
    }
}

/// What was written down, when it is of this world and not too old.
pub(super) async fn read(house: &House) -> Result<Option<(Known, Cursor)>> {
    let Some(path) = path(house) else { return Ok(None) };
    let read = aside(|| match fs::read(&path) {
        Ok(bytes) => unpack::<(Sign, Known)>(&bytes).map(|(held, _)| Some(held)).map_err(Error::broken),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Error::broken(why)),
    });
    let (sign, mut known) = match read {
        Ok(Some(held)) => held,
        Ok(None) => return Ok(None),
        Err(why) => {
            tracing::info!(event = "audience_not_read_back", reason = %why);
            return Ok(None);
        }
    };
    let cursor = Cursor { xid: sign.cursor.0, id: sign.cursor.1 };
    let mut look = house.db.read().await?;
    let since = look.events_end().await?.id - cursor.id;
    let people = i64::try_from(known.index.len()).unwrap_or(i64::MAX);
    let this = Sign::of(house, &mut look, cursor).await? == sign;
    if !this || since < 0 || since > people.saturating_mul(2).max(TOO_LATE) {
        tracing::info!(
            event = "audience_not_read_back",
            reason = "of another version, another database or long ago"
        );
        return Ok(None);
    }
    known.index.bound_memory(Some(MEMORY));
    known.index.forget_all();
    tracing::info!(event = "audience_read_back", people, since, day = %now(house).today.date());
    Ok(Some((known, cursor)))
}

/// Somebody was erased. The codes of an index outlive whoever had them, so this one is not written down again.
pub(super) fn spoil(house: &House) {
    house.audience.spoiled.store(true, Ordering::SeqCst);
    if let Some(path) = path(house) {
        remove(&path);
    }
}
