//! What is told, told to the index: at the commit that told it, or from the log; and the calendar.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    pin::Pin,
};

use kring_audience::{Change, Fault, Moved, Shift};
use kring_core::{Error, Id, Result};
use kring_db::params;
use kring_rules::{Kind, Place};
use serde::Deserialize;

use super::{
    Because, Feeding, Known, Membership, Standing, disk,
    facts::refers,
    now,
    read::{Read, Reader},
};
use crate::{About, Actor, Event, House, Merged, PersonForgotten, Told, Unmerged};

const PAGE: u32 = 512;

/// What an event says of whom it is about; the rest is read from the tables.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub id: i64,
    pub kind: String,
    pub person: Option<i64>,
    pub organisation: Option<i64>,
    pub subject: Option<i64>,
    /// The number that a merge took away or gave back.
    pub gone: Option<i64>,
}

impl Heard {
    pub fn new(id: i64, kind: &str, about: About, payload: &str) -> Self {
        #[derive(Deserialize)]
        struct Gone {
            gone: i64,
        }
        let merge = kind == Merged::KIND || kind == Unmerged::KIND;
        let gone = merge.then(|| serde_json::from_str::<Gone>(payload).ok()).flatten();
        Self {
            id,
            kind: kind.to_owned(),
            person: about.person.map(Id::get),
            organisation: about.organisation.map(Id::get),
            subject: about.subject,
            gone: gone.map(|gone| gone.gone),
        }
    }

    fn of(told: &Told) -> Self {
        let about = About {
            person: told.person.map(Id::new),
            organisation: told.organisation.map(Id::new),
            unit: None,
            subject: told.subject,
        };
        Self::new(told.id, &told.kind, about, &told.payload)
    }
}

/// Whether the index has to hear an event of this kind at all.
pub(crate) fn concerns(house: &House, kind: &str) -> bool {
    let facts = &house.rooms.facts;
    facts.moved_by(kind)
        || facts.turned_by(kind).is_some()
        || house.rooms.segments.is_some_and(|s| s.changed == kind)
}

/// What a transaction told, right after its commit: whoever waits for the answer finds people where they belong. A fault
/// here is not the caller's, whose work is done: the log is heard again.
///
/// Boxed: it commits what moved, by a transaction whose commit could come back here.
pub(crate) fn heard(house: House, told: Vec<Heard>) -> Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        if told.iter().any(|heard| heard.kind == PersonForgotten::KIND) {
            disk::spoil(&house);
        }
        if house.audience.standing() != Standing::Ready {
            return;
        }
        let mut feeding = house.audience.feeding.lock().await;
        match refresh(&house, &told).await {
            Ok(()) => feeding.heard.extend(told.iter().map(|heard| heard.id)),
            Err(why) => tracing::warn!(event = "audience_not_fed", reason = %why),
        }
    })
}

/// Hears the next of the log; whether there was anything.
pub(super) async fn follow(house: &House) -> Result<bool> {
    let mut feeding = house.audience.feeding.lock().await;
    catch_up(house, &mut feeding).await
}

pub(super) async fn catch_up(house: &House, feeding: &mut Feeding) -> Result<bool> {
    let mut any = false;
    loop {
        let mut look = house.db.read().await?;
        let page = look.events_after(feeding.cursor, PAGE).await?;
        drop(look);
        let Some(end) = page.last().map(Told::cursor) else { return Ok(any) };
        if page.iter().any(|told| told.kind == PersonForgotten::KIND) {
            disk::spoil(house);
        }
        let told: Vec<Heard> = page
            .iter()
            .filter(|told| !feeding.heard.remove(&told.id) && concerns(house, &told.kind))
            .map(Heard::of)
            .collect();
        any |= !told.is_empty();
        refresh(house, &told).await?;
        feeding.cursor = end;
    }
}

/// Brings the index to another day, when it is one.
pub(super) async fn roll(house: &House) -> Result<bool> {
    let now = now(house);
    if house.audience.ask(|index| index.now() == now) != Some(false) {
        return Ok(false);
    }
    let _feeding = house.audience.feeding.lock().await;
    turn(house).await?;
    Ok(true)
}

pub(super) async fn turn(house: &House) -> Result<()> {
    let now = now(house);
    let rolled = house.audience.alter(|known| {
        known.apart.roll(now);
        known.index.roll(now)
    });
    let day = now.today.date();
    let moves = rolled.unwrap_or_default();
    let moves = moves.into_iter().map(|moved| membership(&moved, Because::Day(day))).collect();
    tell(house, moves, Vec::new()).await
}

/// Takes the saved rules in as they are now: what is new, what is other, what is gone.
pub(super) async fn save_all(house: &House) -> Result<Vec<Shift>> {
    let Some(segments) = house.rooms.segments else { return Ok(Vec::new()) };
    let mut tx = house.read(&Actor::robot()).await?;
    let saved = (segments.saved)(&mut tx).await?;
    drop(tx);
    let done = house.audience.alter(|Known { index, .. }| -> std::result::Result<Vec<Shift>, Fault> {
        let mut shifts = Vec::new();
        let ids: BTreeSet<i64> = saved.iter().map(|(id, _)| *id).collect();
        // One that refers to another comes after it, whatever their numbers.
        let mut left: Vec<_> = saved.iter().collect();
        while !left.is_empty() {
            let known: BTreeSet<i64> = index.segments().into_iter().collect();
            let (now, later): (Vec<_>, Vec<_>) =
                left.into_iter().partition(|(_, rule)| refers(rule).iter().all(|id| known.contains(id)));
            if now.is_empty() {
                break;
            }
            for (id, rule) in now {
                if index.rule(*id) != Some(rule) {
                    shifts.extend(index.save(*id, rule)?);
                }
            }
            left = later;
        }
        for id in index.segments().into_iter().rev().filter(|id| !ids.contains(id)) {
            match index.forget(id) {
                Ok(()) | Err(Fault::InUse(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
        Ok(shifts)
    });
    match done {
        Some(Ok(shifts)) => Ok(shifts),
        Some(Err(fault)) => {
            house.audience.give_up(&fault);
            Ok(Vec::new())
        }
        None => Ok(Vec::new()),
    }
}

/// Reads anew whom the events are about, and what they are linked to.
async fn refresh(house: &House, told: &[Heard]) -> Result<()> {
    let facts = &house.rooms.facts;
    let Some(base) = facts.base else { return Ok(()) };
    let changed = house.rooms.segments.map(|s| s.changed);
    let mut shifts = Vec::new();
    if told.iter().any(|heard| Some(heard.kind.as_str()) == changed) {
        shifts = save_all(house).await?;
    }
    let (mut people, mut things): (BTreeMap<i64, &Heard>, BTreeMap<i64, &Heard>) = Default::default();
    for heard in told.iter().filter(|heard| facts.moved_by(&heard.kind)) {
        let of = if heard.person.is_some() {
            (&mut people, heard.person)
        } else {
            (&mut things, heard.organisation)
        };
        let (map, Some(id)) = of else { continue };
        map.insert(id, heard);
        map.extend(heard.gone.map(|gone| (gone, heard)));
    }
    let mut moves = Vec::new();
    let mut tx = house.db.read().await?;
    for heard in told {
        let Some(turned) = facts.turned_by(&heard.kind) else { continue };
        let whose: Vec<(i64,)> = tx.all(turned.who, params![heard.subject]).await?;
        for (person,) in whose {
            people.entry(person).or_insert(heard);
        }
    }
    for fact in facts.list.iter().filter(|fact| fact.kind == Kind::Links && !things.is_empty()) {
        let Place::Links { rows, to, things: table, thing_id, .. } = fact.place else { continue };
        let ids: Vec<i64> = things.keys().copied().collect();
        let reader = Reader::new(fact.things, table, thing_id, "true", house.db.engine());
        let read = reader.read(&mut tx, facts, fact.things, &ids).await?;
        moves.extend(tell_things(house, fact.key, &read, &things));
        // Links went along with an organisation that turned out to be another.
        let merged: Vec<i64> =
            things.iter().filter(|(_, heard)| heard.gone.is_some()).map(|(id, _)| *id).collect();
        for id in merged {
            let text = format!("select distinct x.{} from {} x where x.{to} = $1", rows.owner, rows.table);
            for mut row in tx.composed(&text, params![id]).await? {
                if let Some(heard) = things.get(&id) {
                    people.entry(row.take()?).or_insert(heard);
                }
            }
        }
    }
    let ids: Vec<i64> = people.keys().copied().collect();
    let reader = Reader::of_people(&facts.list, base, house.db.engine());
    for some in ids.chunks(2_000) {
        let read = reader.read(&mut tx, facts, &facts.list, some).await?;
        moves.extend(tell_people(house, some, &read, &people));
    }
    drop(tx);
    tell(house, moves, shifts).await
}

fn tell_people(house: &House, ids: &[i64], read: &[Read], why: &BTreeMap<i64, &Heard>) -> Vec<Membership> {
    let known: HashMap<i64, &Read> = read.iter().map(|read| (read.id, read)).collect();
    let mut all = Vec::new();
    for id in ids {
        let moves = within(house, |kept| {
            let mut moves = kept.index.apply(&Change::Gone(*id))?;
            kept.apart.apply(&Change::Gone(*id))?;
            kept.order.unset(*id);
            if let Some(read) = known.get(id) {
                moves.extend(read.tell_person(kept, &house.rooms.facts.list)?);
            }
            Ok(moves)
        });
        all.extend(because(&moves, why.get(id)));
    }
    all
}

fn tell_things(
    house: &House,
    fact: &'static str,
    read: &[Read],
    why: &BTreeMap<i64, &Heard>,
) -> Vec<Membership> {
    let mut all = Vec::new();
    for thing in read {
        let moves = within(house, |Known { index, .. }| {
            let mut moves = index.apply(&Change::Thing { fact, id: thing.id, on: false })?;
            moves.extend(thing.tell_thing(index, fact)?);
            Ok(moves)
        });
        all.extend(because(&moves, why.get(&thing.id)));
    }
    all
}

fn within(
    house: &House,
    change: impl FnOnce(&mut Known) -> std::result::Result<Vec<Moved>, Fault>,
) -> Vec<Moved> {
    match house.audience.alter(change) {
        Some(Ok(moves)) => net(moves),
        Some(Err(fault)) => {
            house.audience.give_up(&fault);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// Somebody who is read anew leaves everything and joins again; what is left of it is how they really moved.
fn net(moves: Vec<Moved>) -> Vec<Moved> {
    let mut last: BTreeMap<(i64, i64), (Moved, usize)> = BTreeMap::new();
    for moved in moves {
        let entry = last.entry((moved.segment, moved.person)).or_insert((moved, 0));
        *entry = (moved, entry.1 + 1);
    }
    // They come by turns, so an even number of them is none.
    last.into_values().filter(|(_, times)| times % 2 == 1).map(|(moved, _)| moved).collect()
}

fn because(moves: &[Moved], why: Option<&&Heard>) -> Vec<Membership> {
    let Some(heard) = why else { return Vec::new() };
    let because = || Because::Event { id: heard.id, kind: heard.kind.clone() };
    moves.iter().map(|moved| membership(moved, because())).collect()
}

fn membership(moved: &Moved, because: Because) -> Membership {
    Membership { segment: moved.segment, person: moved.person, joined: moved.joined, because }
}

/// Hands what moved to the room that keeps it. Its own events move nobody, so the commit does not come back here.
async fn tell(house: &House, moves: Vec<Membership>, shifts: Vec<Shift>) -> Result<()> {
    let Some(segments) = house.rooms.segments else { return Ok(()) };
    if moves.is_empty() && shifts.is_empty() {
        return Ok(());
    }
    let mut tx = house.write(&Actor::robot()).await?;
    if !shifts.is_empty() {
        (segments.shifted)(&mut tx, &shifts).await?;
    }
    for some in moves.chunks(5_000) {
        (segments.moved)(&mut tx, some).await?;
    }
    tx.commit().await.map_err(|why| Error::broken(format!("moves of segments were not kept: {why}")))
}

#[cfg(test)]
mod tests {
    use kring_audience::Cause;

    use super::*;

    #[test]
    fn who_leaves_and_joins_again_has_not_moved() {
        let moved = |segment, joined| Moved { segment, person: 7, joined, cause: Cause::Own };
        let left = net(vec![moved(1, false), moved(2, false), moved(1, true), moved(3, true)]);
        assert_eq!(left, [moved(2, false), moved(3, true)]);
    }
}
