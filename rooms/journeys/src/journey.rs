//! A journey: its draft, its versions, and whether it runs.

use kring_core::{Error, Id, Result, Timestamp};
use kring_db::stored;
use kring_flow::{StepId, next_id};
use kring_frame::{About, JourneyChanged, Mark, Permit, Tx, UnitId, params, record, sql};

use crate::{
    plan::{Laid, Plan},
    say,
};

stored! {
    pub enum JourneyState {
        /// Never published.
        Draft = "draft",
        /// People begin, and go on.
        Live = "live",
        /// Nobody begins, and nobody goes on.
        Paused = "paused",
        /// Nobody begins; who is on it goes on to the end.
        Ended = "ended",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Journey {
        pub id: Id<Journey>,
        pub name: String,
        pub note: String,
        pub unit: UnitId,
        pub state: JourneyState,
        pub version: i64,
        pub draft: i64,
        pub steps: i64,
        pub by: String,
        pub changed_at: Timestamp,
    }
}

/// All of them, by name; those at rest last.
pub async fn all(tx: &mut Tx) -> Result<Vec<Journey>> {
    tx.all(
        sql!(
            "select j.id, j.name, j.note, j.unit_id, j.state, j.version, j.draft, j.steps, a.name, j.changed_at
             from journeys j join actors a on a.id = j.actor_id
             order by case j.state when 'ended' then 1 else 0 end, lower(j.name), j.id"
        ),
        params![],
    )
    .await
}

pub async fn one(tx: &mut Tx, id: Id<Journey>) -> Result<Journey> {
    tx.one(
        sql!(
            "select j.id, j.name, j.note, j.unit_id, j.state, j.version, j.draft, j.steps, a.name, j.changed_at
             from journeys j join actors a on a.id = j.actor_id where j.id = $1"
        ),
        params![id],
    )
    .await
}

/// One that the actor at work may change: it is of a unit in which the right holds.
pub async fn mine(tx: &mut Tx, permit: &Permit, id: Id<Journey>) -> Result<Journey> {
    let journey = one(tx, id).await?;
    if may_change(tx, permit, &journey) { Ok(journey) } else { Err(Error::Forbidden) }
}

pub fn may_change(tx: &Tx, permit: &Permit, journey: &Journey) -> bool {
    tx.actor().units_of(permit).contains(&journey.unit)
}

/// A new one, as a draft.
pub async fn make(
    tx: &mut Tx,
    permit: &Permit,
    unit: UnitId,
    name: &str,
    note: &str,
    plan: &Plan,
) -> Result<Id<Journey>> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (Id<Journey>,) = tx
        .one(
            sql!(
                "insert into journeys (name, note, unit_id, state, version, draft, steps, actor_id, made_at, changed_at)
                 values ($1, $2, $3, 'draft', 0, 0, 0, $4, $5, $5) returning id"
            ),
            params![name, note, unit, actor, now],
        )
        .await?;
    keep(tx, id, 0, plan).await?;
    tx.trail(Mark::changed(permit, "journey").subject(id.get()).detail("made")).await?;
    Ok(id)
}

/// Another name or note.
pub async fn rename(tx: &mut Tx, permit: &Permit, id: Id<Journey>, name: &str, note: &str) -> Result<()> {
    mine(tx, permit, id).await?;
    let now = tx.now();
    tx.run(
        sql!("update journeys set name = $2, note = $3, changed_at = $4 where id = $1"),
        params![id, name, note, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "journey").subject(id.get()).detail("named")).await
}

/// The plan that is being worked on.
pub async fn draft(tx: &mut Tx, journey: &Journey) -> Result<Plan> {
    let (text,): (String,) = tx
        .one(
            sql!("select plan from journey_drafts where journey_id = $1 and no = $2"),
            params![journey.id, journey.draft],
        )
        .await?;
    serde_json::from_str(&text).map_err(Error::broken)
}

/// Puts another plan in the place of the draft. `before` is the draft that the editor saw.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Journey>,
    before: i64,
    change: impl FnOnce(&mut Plan, StepId) -> Result<()>,
) -> Result<Plan> {
    let journey = mine(tx, permit, id).await?;
    if journey.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let mut plan = draft(tx, &journey).await?;
    let new = next_id(&plan.steps, StepId::try_from(journey.steps).unwrap_or(StepId::MAX - 1));
    change(&mut plan, new)?;
    keep(tx, id, journey.draft, &plan).await?;
    Ok(plan)
}

/// Writes a plan down as the draft after `before`; those that had been undone are gone.
async fn keep(tx: &mut Tx, id: Id<Journey>, before: i64, plan: &Plan) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let text = serde_json::to_string(plan).map_err(Error::broken)?;
    let no = before + 1;
    tx.run(sql!("delete from journey_drafts where journey_id = $1 and no >= $2"), params![id, no]).await?;
    tx.run(
        sql!("insert into journey_drafts (journey_id, no, plan, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![id, no, text, actor, now],
    )
    .await?;
    let highest = i64::from(plan.steps.all().into_iter().map(|step| step.id).max().unwrap_or(0));
    let done = tx
        .run(
            sql!(
                "update journeys set draft = $2, changed_at = $3, steps = case when steps < $4 then $4 else steps end
                 where id = $1 and draft = $5"
            ),
            params![id, no, now, highest, before],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(say::draft_meanwhile())) }
}

/// One step back, or forward again.
pub async fn undo(tx: &mut Tx, permit: &Permit, id: Id<Journey>, back: bool) -> Result<()> {
    let journey = mine(tx, permit, id).await?;
    let to = if back { journey.draft - 1 } else { journey.draft + 1 };
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update journeys set draft = $2, changed_at = $3 where id = $1
                   and exists (select 1 from journey_drafts d where d.journey_id = $1 and d.no = $2)"
            ),
            params![id, to, now],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(say::nothing_to_undo())) }
}

/// Whether there is a draft to go back to, and one to go forward to.
pub async fn can_undo(tx: &mut Tx, journey: &Journey) -> Result<(bool, bool)> {
    let (back, on): (i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where no = $2 - 1), count(*) filter (where no = $2 + 1)
                 from journey_drafts where journey_id = $1"
            ),
            params![journey.id, journey.draft],
        )
        .await?;
    Ok((back > 0, on > 0))
}

/// A published plan.
pub async fn version(tx: &mut Tx, id: Id<Journey>, version: i64) -> Result<Plan> {
    let (text,): (String,) = tx
        .one(
            sql!("select plan from journey_versions where journey_id = $1 and version = $2"),
            params![id, version],
        )
        .await?;
    serde_json::from_str(&text).map_err(Error::broken)
}

record! {
    /// A version on the page of versions.
    #[derive(Clone, Debug)]
    pub struct Published {
        pub version: i64,
        pub by: String,
        pub at: Timestamp,
        pub running: i64,
        pub ended: i64,
    }
}

/// What was published, newest first, with how many are on it.
pub async fn versions(tx: &mut Tx, id: Id<Journey>) -> Result<Vec<Published>> {
    tx.all(
        sql!(
            "select v.version, a.name, v.at,
                    (select count(*) from journey_runs r where r.journey_id = v.journey_id and r.version = v.version and r.state = 'running'),
                    (select count(*) from journey_runs r where r.journey_id = v.journey_id and r.version = v.version and r.state <> 'running')
             from journey_versions v join actors a on a.id = v.actor_id where v.journey_id = $1 order by v.version desc"
        ),
        params![id],
    )
    .await
}

/// Makes the draft the version that people begin with. Whoever is on an older one stays on it.
pub async fn publish(tx: &mut Tx, permit: &Permit, id: Id<Journey>, before: i64) -> Result<i64> {
    let journey = mine(tx, permit, id).await?;
    if journey.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let plan = draft(tx, &journey).await?;
    if !crate::check::stops(&crate::check::check(tx, &journey, &plan).await?).is_empty() {
        return Err(Error::Conflict(say::not_publishable()));
    }
    let (now, actor, version) = (tx.now(), tx.actor().id, journey.version + 1);
    let text = serde_json::to_string(&plan).map_err(Error::broken)?;
    tx.run(
        sql!("insert into journey_versions (journey_id, version, plan, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![id, version, text, actor, now],
    )
    .await?;
    tx.run(
        sql!("update journeys set version = $2, state = 'live', changed_at = $3 where id = $1"),
        params![id, version, now],
    )
    .await?;
    crate::hear::listen(tx, id, version, &plan).await?;
    told(tx, permit, &journey, version, JourneyState::Live).await?;
    Ok(version)
}

/// Pauses, goes on, or lets it run out.
pub async fn set_state(tx: &mut Tx, permit: &Permit, id: Id<Journey>, to: JourneyState) -> Result<()> {
    let journey = mine(tx, permit, id).await?;
    if journey.version == 0 || to == JourneyState::Draft {
        return Err(Error::Conflict(say::not_published_yet()));
    }
    let now = tx.now();
    tx.run(sql!("update journeys set state = $2, changed_at = $3 where id = $1"), params![id, to, now])
        .await?;
    told(tx, permit, &journey, journey.version, to).await
}

async fn told(tx: &mut Tx, permit: &Permit, journey: &Journey, version: i64, to: JourneyState) -> Result<()> {
    let detail = format!("{to},version={version}");
    tx.trail(Mark::changed(permit, "journey").subject(journey.id.get()).detail(detail)).await?;
    let about = About::default().in_unit(journey.unit).subject(journey.id.get());
    tx.tell(about, &JourneyChanged { version, state: to.to_string() }).await.map(drop)
}

/// A published plan, laid out for running.
pub struct Ready {
    pub journey: Id<Journey>,
    pub unit: UnitId,
    pub state: JourneyState,
    pub version: i64,
    pub plan: Plan,
    pub laid: Laid,
}

pub async fn ready(tx: &mut Tx, id: Id<Journey>, version: i64) -> Result<Ready> {
    let (unit, state): (UnitId, JourneyState) =
        tx.one(sql!("select unit_id, state from journeys where id = $1"), params![id]).await?;
    let plan = self::version(tx, id, version).await?;
    Ok(Ready { journey: id, unit, state, version, laid: plan.laid(), plan })
}
