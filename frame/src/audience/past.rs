//! Happenings of the time before a kind was written down: a house that was there before this version, or a fact that a later
//! one brings. They are read from the log once.

use kring_core::{Result, Timestamp};
use kring_db::{Entry, Sql, params, sql};

use crate::{Actor, House};

/// Events looked through at once.
const STRETCH: i64 = 20_000;

/// Notes that from now on a kind is written down as it is told. `$1`: the kind.
pub(crate) const BEGIN: Sql = sql!(
    "insert into happening_kinds (kind, up_to, done)
     select $1, coalesce((select max(e.id) from events e where e.kind = $1), 0), 0 where true on conflict (kind) do nothing"
);

/// Writes down what was told before, some at a time; a stop in between goes on where it was.
pub(super) async fn recall(house: &House) -> Result<()> {
    let kinds: Vec<&'static str> =
        house.rooms.facts.list.iter().flat_map(|fact| fact.happens).map(|happens| happens.kind).collect();
    for kind in kinds {
        let mut tx = house.write(&Actor::robot()).await?;
        tx.run(BEGIN, params![kind]).await?;
        tx.commit().await?;
        house.audience.begun(&[kind]);
        while stretch(house, kind).await? {}
    }
    Ok(())
}

async fn stretch(house: &House, kind: &'static str) -> Result<bool> {
    let Some(base) = house.rooms.facts.base else { return Ok(false) };
    let mut tx = house.write(&Actor::robot()).await?;
    let (up_to, done): (i64, i64) =
        tx.one(sql!("select up_to, done from happening_kinds where kind = $1"), params![kind]).await?;
    if done >= up_to {
        return Ok(false);
    }
    let end = (done + STRETCH).min(up_to);
    // Whoever has turned out to be another since did it, too.
    let text = format!(
        "select coalesce(p.{}, e.person_id), e.id, e.at, e.payload from events e join {} p on p.{} = e.person_id
         where e.id > $1 and e.id <= $2 and e.kind = $3 order by e.id",
        base.leads_to, base.table, base.key
    );
    let mut sets = Vec::new();
    for mut row in tx.composed(&text, params![done, end, kind]).await? {
        let (person, event, at, payload): (i64, i64, Timestamp, String) =
            (row.take()?, row.take()?, row.take()?, row.take()?);
        let entry = Entry {
            kind,
            at,
            person: Some(person),
            organisation: None,
            unit: None,
            actor: 0,
            purpose: "",
            subject: None,
            payload,
        };
        if let Some(mut set) = tx.happening(&entry) {
            set.push(kring_db::Value::Int(event));
            sets.push(set);
        }
    }
    tx.many(crate::tx::HAPPENED, sets).await?;
    tx.run(sql!("update happening_kinds set done = $2 where kind = $1"), params![kind, end]).await?;
    tx.commit().await?;
    Ok(end < up_to)
}
