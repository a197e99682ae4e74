//! The numbers of the relation base as they were counted: every night, and when the data steward asks.

use std::sync::Arc;

use kring_core::{Error, Result, Timestamp};
use kring_frame::{Actor, ActorId, Claimed, House, Job, Permit, Tx, params, sql};
use serde::{Deserialize, Serialize};

use crate::{
    claim,
    quality::{self, Quality},
};

/// Counts everything anew.
#[derive(Serialize, Deserialize)]
pub struct Count {
    by: i64,
}

impl Job for Count {
    const KIND: &'static str = "sharing.count_quality";
    fn unique_key(&self) -> Option<String> {
        Some("all".into())
    }
}

/// Asks for a count; one that waits or runs already is it.
pub async fn ask(tx: &mut Tx, permit: &Permit) -> Result<()> {
    tx.enqueue(&Count { by: permit.actor().get() }).await
}

pub async fn run(house: House, job: Count, claimed: Arc<Claimed>) -> Result<()> {
    let counted = quality::measure(&mut house.read(&Actor::robot()).await?).await?;
    let mut tx = house.write(&Actor::robot()).await?;
    note(&mut tx, ActorId::new(job.by), &counted).await?;
    claimed.finish(&mut tx).await?;
    tx.commit().await
}

/// Counts at once, for whoever has just filled the base.
pub async fn count_quality(house: &House) -> Result<()> {
    let counted = quality::measure(&mut house.read(&Actor::robot()).await?).await?;
    let mut tx = house.write(&Actor::robot()).await?;
    let by = tx.actor().id;
    note(&mut tx, by, &counted).await?;
    tx.commit().await
}

async fn note(tx: &mut Tx, by: ActorId, counted: &Quality) -> Result<()> {
    let text = serde_json::to_string(counted).map_err(Error::broken)?;
    let now = tx.now();
    tx.run(
        sql!("insert into quality_counts (at, actor_id, result) values ($1, $2, $3)"),
        params![now, by, text],
    )
    .await
    .map(drop)
}

/// The last count, with when it was; `None` before the first.
pub async fn last(tx: &mut Tx) -> Result<Option<(Timestamp, Quality)>> {
    let found: Option<(Timestamp, String)> =
        tx.maybe(sql!("select at, result from quality_counts order by id desc limit 1"), params![]).await?;
    let read = |(at, text): (Timestamp, String)| {
        Ok::<_, Error>((at, serde_json::from_str(&text).map_err(Error::broken)?))
    };
    found.map(read).transpose()
}

/// Asks for a count once a day.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let today = claim::today(&look).to_string();
    if look.fact("sharing.counted_on").await?.as_deref() == Some(today.as_str()) {
        return Ok(false);
    }
    drop(look);
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact("sharing.counted_on", &today).await?;
    let by = tx.actor().id.get();
    tx.enqueue(&Count { by }).await?;
    tx.commit().await?;
    Ok(true)
}
