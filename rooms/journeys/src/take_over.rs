//! A new version takes over those who are on an older one: on purpose, and after a look at who goes where.

use std::collections::BTreeMap;

use kring_core::{Error, Id, Result};
use kring_flow::{Placed, StepId, place};
use kring_frame::{Mark, Permit, Tx, params, sql};

use crate::{
    journey::{self, Journey},
    run::{self, Run},
    say,
};

/// Runs moved in one statement.
const AT_ONCE: u32 = 1_000;

/// Those who wait at one step of a version, and where they would stand in the newest.
#[derive(Clone, Debug)]
pub struct Group {
    pub step: StepId,
    pub people: i64,
    /// The step is gone, or is no wait any more.
    pub lost: bool,
}

/// Who would go where.
pub async fn preview(tx: &mut Tx, journey: &Journey, from: i64) -> Result<Vec<Group>> {
    let newest = journey::ready(tx, journey.id, journey.version).await?;
    let groups: Vec<(i64, i64)> = tx
        .all(
            sql!(
                "select step, count(*) from journey_runs
                 where journey_id = $1 and version = $2 and state = 'running' and step is not null group by step order by step"
            ),
            params![journey.id, from],
        )
        .await?;
    let mut found = Vec::new();
    for (step, people) in groups {
        let step = StepId::try_from(step).map_err(Error::broken)?;
        let state = kring_flow::State { at: Some(step), ..kring_flow::State::default() };
        let lost = !matches!(place(&state, &newest.laid), Some(Placed::Same(_)));
        found.push(Group { step, people, lost });
    }
    Ok(found)
}

/// Moves everybody on a version to the newest. `chosen` says where those go whose step is gone; without one they stay where they
/// are, on their old version. What is moved is moved: interrupted, it is asked for again.
pub async fn take_over(
    tx: &mut Tx,
    permit: &Permit,
    journey: &Journey,
    from: i64,
    chosen: &BTreeMap<StepId, StepId>,
) -> Result<i64> {
    if from >= journey.version {
        return Err(Error::Conflict(say::no_older_version()));
    }
    let newest = journey::ready(tx, journey.id, journey.version).await?;
    let zone = tx.house().settings.zone.clone();
    let (mut after, mut moved) = (0_i64, 0_i64);
    loop {
        let page: Vec<(Id<Run>,)> = tx
            .all(
                sql!(
                    "select id from journey_runs where journey_id = $1 and version = $2 and state = 'running' and id > $3
                     order by id limit $4"
                ),
                params![journey.id, from, after, AT_ONCE],
            )
            .await?;
        let Some((last,)) = page.last() else { break };
        after = last.get();
        let mut sets = Vec::new();
        for (id,) in page {
            let Some(run) = run::hold(tx, id).await? else { continue };
            let state = run.place()?;
            let to = match place(&state, &newest.laid) {
                Some(Placed::Same(step)) => Some(step),
                Some(Placed::Lost(step)) => chosen.get(&step).copied(),
                None => None,
            };
            let Some(to) = to else { continue };
            let state = state.moved_to(&newest.laid, to, &zone);
            sets.push(params![run.id, run.turns, newest.version, i64::from(to), state.due]);
        }
        moved += i64::try_from(sets.len()).unwrap_or_default();
        tx.many(
            sql!(
                "update journey_runs set version = $3, step = $4, due_at = $5, turns = turns + 1
                 where id = $1 and turns = $2 and state = 'running'"
            ),
            sets,
        )
        .await?;
    }
    let detail = format!("took over {moved} from version {from}");
    tx.trail(Mark::changed(permit, "journey").subject(journey.id.get()).detail(detail)).await?;
    Ok(moved)
}
