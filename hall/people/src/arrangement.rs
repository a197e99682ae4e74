//! Arrangements between legal entities. Departments of one entity share relations; between two entities nothing is
//! shared without an arrangement that somebody registered.

use crate::{say, units};
use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_db::stored;
use kring_frame::{Mark, Permit, Purpose, Tx, UnitId, params, record, sql};

stored! {
    pub enum Article {
        /// Joint controllers.
        Joint = "26",
        /// The other works on our behalf.
        Processor = "28",
        /// Each is responsible for their own part.
        Independent = "independent",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Arrangement {
        pub id: i64,
        pub from: UnitId,
        pub to: UnitId,
        pub article: Article,
        /// Apart by blanks.
        pub purposes: String,
        pub note: String,
        pub valid_from: Date,
        pub valid_to: Option<Date>,
    }
}

pub async fn all(tx: &mut Tx) -> Result<Vec<Arrangement>> {
    tx.all(
        sql!(
            "select id, from_unit, to_unit, article, purposes, note, valid_from, valid_to from arrangements
             order by case when valid_to is null then 0 else 1 end, id desc"
        ),
        params![],
    )
    .await
}

/// An arrangement to be registered.
#[derive(Clone, Debug)]
pub struct NewArrangement {
    pub from: UnitId,
    pub to: UnitId,
    pub article: Article,
    pub purposes: Vec<Purpose>,
    /// Where the paper lies.
    pub note: String,
    pub since: Date,
}

/// Registers an arrangement between two legal entities.
pub async fn register(tx: &mut Tx, permit: &Permit, new: &NewArrangement) -> Result<i64> {
    let units = units::all(tx).await?;
    let entity = |id: UnitId| units::controller(&units, id) == Some(id);
    if !entity(new.from) || !entity(new.to) || new.from == new.to {
        return Err(Error::field("to", say::arrangement_entities()));
    }
    if new.purposes.is_empty() {
        return Err(Error::field("purposes", say::arrangement_purposes()));
    }
    let purposes = new.purposes.iter().map(|p| p.as_str()).collect::<Vec<_>>().join(" ");
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into arrangements (from_unit, to_unit, article, purposes, note, valid_from, actor_id, at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8) returning id"
            ),
            params![new.from, new.to, new.article, purposes, &new.note, new.since, actor, now],
        )
        .await?;
    tx.trail(Mark::changed(permit, "arrangement").subject(id).detail("registered")).await?;
    Ok(id)
}

/// Ends an arrangement; from the day after, nothing is shared under it.
pub async fn end(tx: &mut Tx, permit: &Permit, id: i64, last: Date) -> Result<()> {
    let n = tx
        .run(
            sql!("update arrangements set valid_to = $2 where id = $1 and valid_to is null"),
            params![id, last],
        )
        .await?;
    if n == 0 {
        return Err(Error::NotFound);
    }
    tx.trail(Mark::changed(permit, "arrangement").subject(id).detail("ended")).await
}
