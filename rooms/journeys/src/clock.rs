//! The clock of journeys: whoever is due takes a turn, many in one transaction, each exactly once.

use std::collections::{HashMap, hash_map::Entry};

use kring_core::{Id, Result, Timestamp};
use kring_db::two_faces;
use kring_flow::Cue;
use kring_frame::{Actor, House, Tx, params, sql};

use crate::{
    journey::{self, Journey, JourneyState, Ready},
    run::{self, Run, RunState, Turns},
};

/// Turns in one transaction. More make it cheaper by little, and hold up other writers for longer.
const BATCH: u32 = 1_000;

/// One batch; `false` when nobody is due.
pub async fn step(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    if !any_due(&mut look).await? {
        return Ok(false);
    }
    drop(look);
    match turn(house, BATCH).await {
        Ok(some) => Ok(some),
        // One of them cannot go on: the others must not wait for it.
        Err(why) => {
            tracing::warn!(event = "journeys_one_by_one", reason = %why);
            one_by_one(house).await
        }
    }
}

async fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let due: Option<(i64,)> = tx
        .maybe(
            sql!("select id from journey_runs where due_at <= $1 order by due_at, id limit 1"),
            params![now],
        )
        .await?;
    Ok(due.is_some())
}

async fn due(tx: &mut Tx, most: u32) -> Result<Vec<Run>> {
    let now: Timestamp = tx.now();
    tx.all(
        two_faces!(
            sqlite: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where due_at <= $1 order by due_at, id limit $2",
            postgres: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where due_at <= $1 order by due_at, id limit $2 for update skip locked",
        ),
        params![now, most],
    )
    .await
}

async fn turn(house: &House, most: u32) -> Result<bool> {
    let mut tx = house.write(&Actor::robot()).await?;
    let due = due(&mut tx, most).await?;
    let some = !due.is_empty();
    let mut journeys: HashMap<(Id<Journey>, i64), Ready> = HashMap::new();
    let mut turns = Turns::default();
    for run in due {
        let ready = match journeys.entry((run.journey, run.version)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(journey::ready(&mut tx, run.journey, run.version).await?),
        };
        if ready.state == JourneyState::Paused {
            park(&mut tx, run.id).await?;
        } else {
            turns.take(&mut tx, ready, run, Cue::Time, None).await?;
        }
    }
    turns.write(&mut tx).await?;
    tx.commit().await?;
    Ok(some)
}

/// Due, but its journey is paused: it is out of the way until the journey goes on.
async fn park(tx: &mut Tx, run: Id<Run>) -> Result<()> {
    tx.run(
        sql!(
            "update journey_runs set parked_at = due_at, due_at = null where id = $1 and due_at is not null"
        ),
        params![run],
    )
    .await
    .map(drop)
}

async fn one_by_one(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let now = look.now();
    let due: Vec<(Id<Run>,)> = look
        .all(
            sql!("select id from journey_runs where due_at <= $1 order by due_at, id limit $2"),
            params![now, BATCH],
        )
        .await?;
    drop(look);
    for (id,) in due {
        if let Err(why) = alone(house, id).await {
            tracing::error!(event = "journey_stuck", id = id.get(), reason = %why);
            let mut tx = house.write(&Actor::robot()).await?;
            tx.run(
                sql!(
                    "update journey_runs set state = 'stuck', due_at = null, ended_at = $2, turns = turns + 1
                     where id = $1 and state = 'running'"
                ),
                params![id, now],
            )
            .await?;
            tx.commit().await?;
        }
    }
    Ok(true)
}

async fn alone(house: &House, id: Id<Run>) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    let Some(run) = run::hold(&mut tx, id).await? else { return Ok(()) };
    let is_due = run.state == RunState::Running && run.due_at.is_some_and(|due| due <= tx.now());
    if !is_due {
        return Ok(());
    }
    let ready = journey::ready(&mut tx, run.journey, run.version).await?;
    if ready.state == JourneyState::Paused {
        park(&mut tx, id).await?;
    } else {
        run::take_turn(&mut tx, &ready, run, Cue::Time, None).await?;
    }
    tx.commit().await
}
