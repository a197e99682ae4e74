//! Merging all pairs that the weights are sure of. Each is a merge of its own, in the name of whoever asked, and can be
//! undone on its own.

use std::sync::Arc;

use kring_core::{Error, Id, Result};
use kring_frame::{Claimed, House, Job, actor_of};
use kring_people::duplicates::{self, Decision, State};
use serde::{Deserialize, Serialize};

use crate::DECIDE;

#[derive(Serialize, Deserialize)]
pub struct MergeSure {
    pub actor: i64,
}

impl Job for MergeSure {
    const KIND: &'static str = "duplicates.merge_sure";
    fn unique_key(&self) -> Option<String> {
        Some("all".into())
    }
}

pub async fn run(house: House, job: MergeSure, claimed: Arc<Claimed>) -> Result<()> {
    let mut look = house.read(&kring_frame::Actor::robot()).await?;
    let actor = actor_of(&mut look, Id::new(job.actor)).await?;
    drop(look);
    let mut below = None;
    loop {
        // Rights may have been taken away while it runs.
        let permit = actor.permit(&DECIDE)?;
        let mut tx = house.write(&actor).await?;
        let page = duplicates::pairs(&mut tx, &permit, State::Sure, below, 50).await?;
        let Some(last) = page.last() else { break };
        below = Some((last.bits, last.id));
        let ids: Vec<_> = page.iter().map(|p| (p.id, p.a)).collect();
        drop(tx);
        for (pair, keep) in ids {
            let mut tx = house.write(&actor).await?;
            // The lower number is the one people have known longest.
            let decision = Decision::Same { keep, take: Vec::new() };
            match duplicates::decide(&mut tx, &permit, pair, &decision).await {
                Ok(_) => tx.commit().await?,
                // One of them was merged or decided on by now: then it is no longer this pair's turn.
                Err(Error::Conflict(_)) => drop(tx),
                Err(why) => return Err(why),
            }
        }
    }
    let mut tx = house.write(&actor).await?;
    claimed.finish(&mut tx).await?;
    tx.commit().await
}
