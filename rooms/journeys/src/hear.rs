//! What happens in the house begins journeys and ends waits. A version says what it listens to when it is published, so that an
//! event that concerns no journey costs one look at a small table.

use std::collections::BTreeMap;

use kring_core::{Id, Result};
use kring_flow::{Cue, Until, What};
use kring_frame::{
    DialogueHeard, Event, JourneyAnswered, MessageRefused, PersonId, SegmentJoined, Told, Tx, params, sql,
};
use kring_people::merge;

use kring_talks::occasion;

use crate::{
    deed::{self, DeedState},
    journey::{self, Journey, JourneyState, Ready},
    plan::{Condition, Deed, IfFull, Plan, Trigger},
    question,
    run::{self, Run},
    stop,
};

/// Writes down what a version listens to. What earlier versions began with no longer begins anybody.
pub async fn listen(tx: &mut Tx, id: Id<Journey>, version: i64, plan: &Plan) -> Result<()> {
    tx.run(sql!("delete from journey_hears where journey_id = $1 and begins"), params![id]).await?;
    let begins = match &plan.start.by {
        Trigger::Hand => None,
        Trigger::Joins(segment) => Some((SegmentJoined::KIND, Some(segment.to_string()))),
        Trigger::Happens(occasion) => Some((occasion.kind.as_str(), occasion.detail.clone())),
    };
    let mut rows: Vec<_> =
        begins.into_iter().map(|(kind, detail)| params![kind, id, version, true, detail]).collect();
    // Of a wait only the kind: which of several details ends it, the state of each run says.
    let mut kinds: BTreeMap<&str, Option<String>> = BTreeMap::new();
    for step in plan.steps.all() {
        let What::Wait(wait) = &step.what else { continue };
        for until in &wait.until {
            match until {
                Until::Happens { kind, .. } => {
                    kinds.insert(kind, None);
                }
                Until::Holds(Condition::Segment(_)) => {
                    kinds.insert(SegmentJoined::KIND, None);
                }
                Until::Answered(_) => {}
            }
        }
    }
    rows.extend(kinds.into_iter().map(|(kind, detail)| params![kind, id, version, false, detail]));
    tx.many(
        sql!("insert into journey_hears (kind, journey_id, version, begins, detail) values ($1, $2, $3, $4, $5)"),
        rows,
    )
    .await
    .map(drop)
}

/// The segments whose joiners are wanted in the log: those with which a journey begins, and those somebody may be waiting for.
pub async fn segments_wanted(tx: &mut Tx) -> Result<Vec<i64>> {
    let mut wanted = Vec::new();
    let hears: Vec<(Id<Journey>, i64, bool, Option<String>)> = tx
        .all(
            sql!(
                "select journey_id, version, begins, detail from journey_hears where kind = 'segment.joined'"
            ),
            params![],
        )
        .await?;
    for (id, version, begins, detail) in hears {
        if begins {
            wanted.extend(detail.and_then(|segment| segment.parse::<i64>().ok()));
        } else {
            let plan = journey::version(tx, id, version).await?;
            wanted.extend(plan.steps.conditions().into_iter().map(|Condition::Segment(segment)| *segment));
        }
    }
    Ok(wanted)
}

/// Something happened to somebody.
pub async fn told(tx: &mut Tx, told: &Told) -> Result<()> {
    let Some(person) = told.person.map(PersonId::new) else { return Ok(()) };
    let hears: Vec<(Id<Journey>, i64, bool, Option<String>)> = tx
        .all(
            sql!("select journey_id, version, begins, detail from journey_hears where kind = $1 order by journey_id"),
            params![&told.kind],
        )
        .await?;
    let wrote = told.kind == DialogueHeard::KIND;
    if hears.is_empty() && !wrote {
        return Ok(());
    }
    let person = merge::current(tx, person).await?;
    let detail = if told.kind == SegmentJoined::KIND {
        told.subject.map(|segment| segment.to_string())
    } else {
        occasion::detail(told)
    };
    // Waits first: whoever begins by this event has not been waiting for it.
    let listening: Vec<_> = hears.iter().filter(|(_, _, begins, _)| !begins).map(|h| (h.0, h.1)).collect();
    if !listening.is_empty() || wrote {
        for run in run::running(tx, person).await? {
            // What somebody writes is heard by the journey in whose thread it stands.
            if wrote && run.dialogue.map(Id::get) != told.subject {
                continue;
            }
            if listening.contains(&(run.journey, run.version)) {
                meet(tx, run, told, detail.as_deref()).await?;
            } else if wrote {
                give_way(tx, run, told).await?;
            }
        }
    }
    for (id, version, _, wanted) in hears.into_iter().filter(|(_, _, begins, _)| *begins) {
        if wanted.is_none() || wanted == detail {
            let ready = journey::ready(tx, id, version).await?;
            let _not = run::begin(tx, &ready, person, Some(told.id)).await?;
        }
    }
    Ok(())
}

/// Somebody wrote back, and their journey does not wait for that: a colleague answers, and the robot stays out, where its plan
/// says so. What is added to an answer on a page is no such letter: the answer is what was asked for.
async fn give_way(tx: &mut Tx, run: Run, told: &Told) -> Result<()> {
    let ready = journey::ready(tx, run.journey, run.version).await?;
    if ready.plan.yields && DialogueHeard::read(told)?.channel != "form" {
        stop::stop(tx, &run, ready.unit, "taken-over").await?;
    }
    Ok(())
}

/// Tells one run of an event; of a journey that is paused it is kept for when it goes on.
async fn meet(tx: &mut Tx, run: Run, told: &Told, detail: Option<&str>) -> Result<()> {
    let ready = journey::ready(tx, run.journey, run.version).await?;
    if ready.state == JourneyState::Paused {
        let (run, event) = (run.id, told.id);
        return tx
            .run(sql!("insert into journey_missed (run_id, event_id) values ($1, $2)"), params![run, event])
            .await
            .map(drop);
    }
    take(tx, &ready, run, told, detail).await
}

async fn take(tx: &mut Tx, ready: &Ready, run: Run, told: &Told, detail: Option<&str>) -> Result<()> {
    if told.kind == JourneyAnswered::KIND {
        return question::hear_again(tx, ready, run, told).await;
    }
    let became = detail.and_then(|id| id.parse().ok()).map(Condition::Segment);
    let cue = match &became {
        Some(condition) if told.kind == SegmentJoined::KIND => Cue::Became(condition),
        _ => Cue::Happened { kind: &told.kind, detail },
    };
    run::take_turn(tx, ready, run, cue, Some(told.id)).await.map(drop)
}

/// A journey goes on after a pause: what was due is due, and what happened meanwhile is told, in its order.
pub async fn go_on(tx: &mut Tx, id: Id<Journey>) -> Result<()> {
    kring_talks::due_now(tx).await?;
    tx.run(
        sql!(
            "update journey_runs set due_at = parked_at, parked_at = null where journey_id = $1 and parked_at is not null"
        ),
        params![id],
    )
    .await?;
    let missed: Vec<(i64, Id<Run>, i64)> = tx
        .all(
            sql!(
                "select m.id, m.run_id, m.event_id from journey_missed m join journey_runs r on r.id = m.run_id
                 where r.journey_id = $1 order by m.id"
            ),
            params![id],
        )
        .await?;
    for (missed, run, event) in missed {
        tx.run(sql!("delete from journey_missed where id = $1"), params![missed]).await?;
        let Some(run) = run::hold(tx, run).await? else { continue };
        let told: Told = tx
            .one(
                sql!(
                    "select id, xid, kind, at, person_id, organisation_id, unit_id, actor_id, purpose, subject_id, payload
                     from events where id = $1"
                ),
                params![event],
            )
            .await?;
        let ready = journey::ready(tx, run.journey, run.version).await?;
        let detail = match told.kind.as_str() {
            SegmentJoined::KIND => told.subject.map(|segment| segment.to_string()),
            _ => occasion::detail(&told),
        };
        take(tx, &ready, run, &told, detail.as_deref()).await?;
    }
    Ok(())
}

/// A message of ours was refused. Over somebody's patience it is tried again another day, where its step says so.
pub async fn refused(tx: &mut Tx, told: &Told) -> Result<()> {
    let reason = MessageRefused::read(told)?.reason;
    let Some(message) = told.subject else { return Ok(()) };
    let found: Option<(i64, Id<Run>, i64, i64, DeedState)> = tx
        .maybe(
            sql!(
                "select d.id, d.run_id, d.version, d.step, d.state from messages m join journey_deeds d on d.id = m.subject_id
                 where m.id = $1 and m.kind = 'journeys.mail'"
            ),
            params![message],
        )
        .await?;
    let Some((deed, run, version, step, _)) = found else { return Ok(()) };
    let run = run::one(tx, run).await?;
    let ready = journey::ready(tx, run.journey, version).await?;
    let days = match u32::try_from(step).ok().and_then(|step| ready.plan.step(step)).map(|step| &step.what) {
        Some(What::Do(Deed::Mail(mail)) | What::Ask { deed: Deed::Mail(mail), .. }) => match mail.if_full {
            IfFull::Postpone(days) if matches!(reason.as_str(), "over-cap" | "too-soon") => days,
            _ => 0,
        },
        _ => 0,
    };
    let (tries, at): (i64, kring_core::Timestamp) = tx
        .one(
            sql!(
                "select count(*), min(m.created_at) from messages m where m.person_id = $1 and m.kind = 'journeys.mail' and m.subject_id = $2"
            ),
            params![run.person, deed],
        )
        .await?;
    let left = tries <= i64::from(days) && tx.now().duration_since(at).as_hours() < 24 * i64::from(days);
    let state = if left { DeedState::Postponed } else { DeedState::Refused };
    tx.run(
        sql!("update journey_deeds set state = $2, reason = $3, message_id = $4 where id = $1"),
        params![deed, state, reason, message],
    )
    .await?;
    if left {
        let tomorrow = tx.now() + jiff::SignedDuration::from_hours(24);
        kring_talks::plan(tx, &deed::mail(&ready, run.person, deed, tomorrow)).await?;
    }
    Ok(())
}
