//! Ending a run by hand, and taking up one that could not go on.

use kring_core::{Error, Result};
use kring_frame::{About, JourneyEnded, Tx, UnitId, params, sql};

use crate::{letter, run::Run};

/// Stops a run; what was planned for it and has not gone does not go.
pub async fn stop(tx: &mut Tx, run: &Run, unit: UnitId, outcome: &str) -> Result<bool> {
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update journey_runs set state = 'stopped', step = null, since = null, due_at = null, parked_at = null, ended_at = $2,
                     outcome = $3, turns = turns + 1
                 where id = $1 and state = 'running'"
            ),
            params![run.id, now, outcome],
        )
        .await?;
    if done == 0 {
        return Ok(false);
    }
    let deeds: Vec<(i64,)> =
        tx.all(sql!("select id from journey_deeds where run_id = $1"), params![run.id]).await?;
    let deeds: Vec<i64> = deeds.into_iter().map(|(id,)| id).collect();
    kring_talks::cancel_about(tx, run.person, letter::KIND, &deeds).await?;
    tx.run(
        sql!(
            "update journey_tasks set done_at = $2, outcome = 'not_needed' where run_id = $1 and done_at is null"
        ),
        params![run.id, now],
    )
    .await?;
    let about = About::person(run.person).in_unit(unit).subject(run.id.get());
    tx.tell(about, &JourneyEnded { journey: run.journey.get(), outcome: outcome.to_owned() }).await?;
    Ok(true)
}

/// Takes up a run that could not go on: it is due at once, at the step where it stood.
pub async fn take_up(tx: &mut Tx, run: &Run) -> Result<()> {
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update journey_runs set state = 'running', due_at = $2, ended_at = null, outcome = null, turns = turns + 1
                 where id = $1 and state = 'stuck'
                   and not exists (select 1 from journey_runs o where o.journey_id = journey_runs.journey_id
                                     and o.person_id = journey_runs.person_id and o.state = 'running')"
            ),
            params![run.id, now],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(crate::say::not_stuck())) }
}
