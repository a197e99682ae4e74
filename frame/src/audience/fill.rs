//! The index from nothing: everybody, what they are linked to, and the saved segments.

use kring_audience::{Audience, Fault};
use kring_core::Result;
use kring_db::{Cursor, params};
use kring_rules::{Kind, Place};

use super::{Feeding, Known, State, disk, feed, now, past, read::Reader};
use crate::{Actor, Fact, House};

/// People read at once: a page takes some ten milliseconds, after which others get their turn.
const PAGE: usize = 2_000;

/// Reads everybody, then what was told meanwhile, and opens the index. A fault of the index itself leaves it down; one of the
/// database is the caller's, who tries again.
pub(super) async fn fill(house: &House) -> Result<()> {
    match filled(house).await? {
        Ok(()) => Ok(()),
        Err(fault) => {
            house.audience.give_up(&fault);
            Ok(())
        }
    }
}

async fn filled(house: &House) -> Result<std::result::Result<(), Fault>> {
    let facts = &house.rooms.facts;
    let Some(base) = facts.base else { return Ok(Ok(())) };
    past::recall(house).await?;
    if let Some((known, cursor)) = disk::read(house).await? {
        return open(house, known, cursor, true).await;
    }
    let mut look = house.db.read().await?;
    let cursor = look.events_end().await?;
    let sign = disk::Sign::of(house, &mut look, cursor).await?;
    let count = format!("select count(*) from {} p where {}", base.table, base.listed.replace("{}", "p"));
    let of: i64 = match look.composed(&count, params![]).await?.into_iter().next() {
        Some(mut row) => row.take()?,
        None => 0,
    };
    drop(look);
    let mut known = match Known::new(facts, now(house)) {
        Ok(known) => known,
        Err(fault) => return Ok(Err(fault)),
    };
    for fact in &facts.list {
        if let Err(fault) = things(house, &mut known.index, fact).await? {
            return Ok(Err(fault));
        }
    }
    let reader = Reader::of_people(&facts.list, base, house.db.engine());
    let (mut after, mut done) = (0, 0);
    loop {
        let mut look = house.db.read().await?;
        let ids = page(&mut look, base.table, base.key, after).await?;
        let Some(last) = ids.last() else { break };
        after = *last;
        let people = reader.read(&mut look, facts, &facts.list, &ids).await?;
        drop(look);
        for person in &people {
            if let Err(fault) = person.tell_person(&mut known, &facts.list) {
                return Ok(Err(fault));
            }
        }
        done += people.len() as u64;
        house.audience.set(State::Filling { done, of: of.unsigned_abs() });
        tokio::task::yield_now().await;
    }
    disk::keep(house, disk::packed(&sign, &known));
    open(house, known, cursor, false).await
}

/// Brings an index to this moment, and opens it. Nobody feeds it between the last look at the log and the moment from which
/// commits are heard.
async fn open(
    house: &House,
    known: Known,
    cursor: Cursor,
    read_back: bool,
) -> Result<std::result::Result<(), Fault>> {
    let audiences = &house.audience;
    let mut feeding = audiences.feeding.lock().await;
    *feeding = Feeding { cursor, ..Feeding::default() };
    audiences.set(State::Behind(Box::new(known)));
    if read_back {
        // Before there are segments: it is behind what they were last known to hold, and would tell of moves that were undone.
        feed::turn(house).await?;
        feed::catch_up(house, &mut feeding).await?;
    }
    let found = feed::save_all(house).await?;
    if let Some(segments) = house.rooms.segments.filter(|_| !found.is_empty()) {
        let mut tx = house.write(&Actor::robot()).await?;
        (segments.met)(&mut tx, &found).await?;
        tx.commit().await?;
    }
    feed::catch_up(house, &mut feeding).await?;
    if audiences.caught_up() {
        tracing::info!(event = "audience_ready", people = audiences.ask(Audience::len));
    }
    Ok(Ok(()))
}

async fn things(house: &House, index: &mut Audience, fact: &Fact) -> Result<std::result::Result<(), Fault>> {
    let (Kind::Links, Place::Links { things, thing_id, .. }) = (fact.kind, fact.place) else {
        return Ok(Ok(()));
    };
    let reader = Reader::new(fact.things, things, thing_id, "true", house.db.engine());
    let mut after = 0;
    loop {
        let mut look = house.db.read().await?;
        let ids = page(&mut look, things, thing_id, after).await?;
        let Some(last) = ids.last() else { return Ok(Ok(())) };
        after = *last;
        for thing in reader.read(&mut look, &house.rooms.facts, fact.things, &ids).await? {
            if let Err(fault) = thing.tell_thing(index, fact.key) {
                return Ok(Err(fault));
            }
        }
    }
}

async fn page(look: &mut kring_db::Tx, table: &str, key: &str, after: i64) -> Result<Vec<i64>> {
    let text = format!("select {key} from {table} where {key} > $1 order by {key} limit {PAGE}");
    look.composed(&text, params![after]).await?.into_iter().map(|mut row| row.take()).collect()
}
