//! The jobs behind an import: they go on when the page is closed, and after a restart.

use std::{collections::HashMap, sync::Arc};

use kring_core::Result;
use kring_frame::{Actor, ActorId, ActorKind, Claimed, House, Job, params, sql};
use serde::{Deserialize, Serialize};

use crate::{
    apply::{self, Ended},
    preparing, undo,
};

/// Batches in one turn. A turn stays well within the lease of a job, also on a slow machine; what is left is a job
/// of its own.
const TURN: usize = 10;

#[derive(Serialize, Deserialize)]
pub struct ReadList {
    pub import: i64,
}

#[derive(Serialize, Deserialize)]
pub struct RunImport {
    pub import: i64,
    pub from: i64,
}

#[derive(Serialize, Deserialize)]
pub struct UndoImport {
    pub import: i64,
    pub from: i64,
}

impl Job for ReadList {
    const KIND: &'static str = "exchange.read";
}

impl Job for RunImport {
    const KIND: &'static str = "exchange.run";
    fn unique_key(&self) -> Option<String> {
        Some(format!("{}/{}", self.import, self.from))
    }
}

impl Job for UndoImport {
    const KIND: &'static str = "exchange.undo";
    fn unique_key(&self) -> Option<String> {
        Some(format!("{}/{}", self.import, self.from))
    }
}

pub async fn read(house: House, job: ReadList, _claimed: Arc<Claimed>) -> Result<()> {
    let actor = starter(&house, job.import).await?;
    preparing::prepare(&house, &actor, job.import, &mut |_| {}).await
}

pub async fn run(house: House, job: RunImport, claimed: Arc<Claimed>) -> Result<()> {
    let actor = starter(&house, job.import).await?;
    match apply::run(&house, &actor, job.import, TURN, &mut |_| {}).await? {
        Ended::Over => Ok(()),
        Ended::More { from } => {
            again(&house, &actor, &claimed, &RunImport { import: job.import, from }).await
        }
    }
}

pub async fn undo(house: House, job: UndoImport, claimed: Arc<Claimed>) -> Result<()> {
    let actor = starter(&house, job.import).await?;
    match undo::run(&house, &actor, job.import, TURN, &mut |_| {}).await? {
        Ended::Over => Ok(()),
        Ended::More { from } => {
            again(&house, &actor, &claimed, &UndoImport { import: job.import, from }).await
        }
    }
}

async fn again<J: Job>(house: &House, actor: &Actor, claimed: &Claimed, next: &J) -> Result<()> {
    let mut tx = house.write(actor).await?;
    claimed.finish(&mut tx).await?;
    tx.enqueue(next).await?;
    tx.commit().await
}

/// Who brought the list in: what the jobs do is done in their name. They need no rights for it, since the right was
/// checked when the job was asked for.
async fn starter(house: &House, import: i64) -> Result<Actor> {
    let mut tx = house.read(&Actor::robot()).await?;
    let (id, name): (ActorId, String) = tx
        .one(
            sql!("select a.id, a.name from imports i join actors a on a.id = i.actor_id where i.id = $1"),
            params![import],
        )
        .await?;
    Ok(Actor::with_rights(id, ActorKind::Staff, &name, HashMap::new()))
}
