//! Somebody on a journey. A turn is one transaction: the run where it stands now, what it passed, and what is to be done.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use kring_core::{Error, Id, Result, Saying, Timestamp};
use kring_db::{stored, two_faces};
use kring_flow::{Act, Cue, Kept, Next, State, StepId, Trace, Unknown, World, advance};
use kring_frame::{About, JourneyBegun, JourneyEnded, PersonId, Sql, Tx, params, record, sql};
use kring_talks::Dialogue;

use crate::{
    deed::{self, DeedState},
    journey::{Journey, JourneyState, Ready},
    plan::{Again, Condition, Deed},
    trace,
};

stored! {
    pub enum RunState {
        Running = "running",
        /// It came to an end of the plan.
        Ended = "ended",
        /// A person or another journey stopped it, or it yielded to one.
        Stopped = "stopped",
        /// It could not go on; somebody must look.
        Stuck = "stuck",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Run {
        pub id: Id<Run>,
        pub journey: Id<Journey>,
        pub version: i64,
        pub person: PersonId,
        pub dialogue: Option<Id<Dialogue>>,
        pub state: RunState,
        pub step: Option<i64>,
        pub since: Option<Timestamp>,
        pub due_at: Option<Timestamp>,
        pub deeds: i64,
        pub turns: i64,
        kept: Option<String>,
        pub began_at: Timestamp,
        pub ended_at: Option<Timestamp>,
        pub outcome: Option<String>,
    }
}

impl Run {
    /// Where it stands, as the flow knows it.
    pub fn place(&self) -> Result<State> {
        let kept = match &self.kept {
            Some(text) => serde_json::from_str(text).map_err(Error::broken)?,
            None => Kept::default(),
        };
        Ok(State {
            at: self.step.and_then(|step| StepId::try_from(step).ok()),
            since: self.since,
            due: self.due_at,
            deeds: u32::try_from(self.deeds).map_err(Error::broken)?,
            kept,
        })
    }

    pub fn at(&self) -> Option<StepId> {
        self.step.and_then(|step| StepId::try_from(step).ok())
    }
}

pub async fn one(tx: &mut Tx, id: Id<Run>) -> Result<Run> {
    tx.one(
        sql!(
            "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
             from journey_runs where id = $1"
        ),
        params![id],
    )
    .await
}

/// The journeys that somebody is or was on, newest first.
pub async fn of(tx: &mut Tx, person: PersonId, most: u32) -> Result<Vec<Run>> {
    tx.all(
        sql!(
            "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
             from journey_runs where person_id = $1 order by id desc limit $2"
        ),
        params![person, most],
    )
    .await
}

/// What somebody is on now, held for this transaction.
pub async fn running(tx: &mut Tx, person: PersonId) -> Result<Vec<Run>> {
    tx.all(
        two_faces!(
            sqlite: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where person_id = $1 and state = 'running' order by id",
            postgres: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where person_id = $1 and state = 'running' order by id for update",
        ),
        params![person],
    )
    .await
}

/// The same for one run.
pub async fn hold(tx: &mut Tx, id: Id<Run>) -> Result<Option<Run>> {
    tx.maybe(
        two_faces!(
            sqlite: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where id = $1 and state = 'running'",
            postgres: "select id, journey_id, version, person_id, dialogue_id, state, step, since, due_at, deeds, turns, kept, began_at, ended_at, outcome
                 from journey_runs where id = $1 and state = 'running' for update",
        ),
        params![id],
    )
    .await
}

/// Why somebody does not begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Not {
    /// Nobody begins: the journey is not live.
    AtRest,
    OnIt,
    /// They were on it before, and may not (yet) again.
    Before,
    /// Dead, erased, or led on to another number.
    Nobody,
}

impl Not {
    /// The sentence for whoever wanted it.
    pub fn say(self) -> Saying {
        match self {
            Not::AtRest => crate::say::not_at_rest(),
            Not::OnIt => crate::say::not_on_it(),
            Not::Before => crate::say::not_before(),
            Not::Nobody => crate::say::not_possible(),
        }
    }
}

/// Whether somebody could begin now.
pub async fn may_begin(tx: &mut Tx, ready: &Ready, person: PersonId) -> Result<Option<Not>> {
    if ready.state != JourneyState::Live {
        return Ok(Some(Not::AtRest));
    }
    let there: Option<(bool,)> = tx
        .maybe(sql!("select p.deceased from people p where p.id = $1 and p.state = 'known'"), params![person])
        .await?;
    if there.is_none_or(|(deceased,)| deceased) {
        return Ok(Some(Not::Nobody));
    }
    let (on_it, last): (i64, Option<Timestamp>) = tx
        .one(
            sql!(
                "select count(*) filter (where state = 'running'), max(began_at) from journey_runs
                 where journey_id = $1 and person_id = $2"
            ),
            params![ready.journey, person],
        )
        .await?;
    if on_it > 0 {
        return Ok(Some(Not::OnIt));
    }
    let again = match (ready.plan.start.again, last) {
        (_, None) | (Again::Always, _) => true,
        (Again::Never, Some(_)) => false,
        (Again::After(days), Some(last)) => tx.now().duration_since(last).as_hours() >= 24 * i64::from(days),
    };
    Ok((!again).then_some(Not::Before))
}

/// Somebody begins, unless something is against it.
pub async fn begin(
    tx: &mut Tx,
    ready: &Ready,
    person: PersonId,
    cause: Option<i64>,
) -> Result<std::result::Result<Id<Run>, Not>> {
    if let Some(not) = may_begin(tx, ready, person).await? {
        return Ok(Err(not));
    }
    let now = tx.now();
    let made: Option<(Id<Run>,)> = tx
        .maybe(
            sql!(
                "insert into journey_runs (journey_id, version, person_id, state, deeds, turns, cause, began_at)
                 values ($1, $2, $3, 'running', 0, 0, $4, $5)
                 on conflict (journey_id, person_id) where state = 'running' do nothing returning id"
            ),
            params![ready.journey, ready.version, person, cause, now],
        )
        .await?;
    let Some((id,)) = made else { return Ok(Err(Not::OnIt)) };
    let about = About::person(person).in_unit(ready.unit).subject(id.get());
    tx.tell(about, &JourneyBegun { journey: ready.journey.get(), version: ready.version }).await?;
    let run = one(tx, id).await?;
    take_turn(tx, ready, run, Cue::Begin, cause).await?;
    Ok(Ok(id))
}

/// One turn of one run; `false` when the cue was not for it. The run is held, or is new.
pub async fn take_turn(
    tx: &mut Tx,
    ready: &Ready,
    run: Run,
    cue: Cue<'_, Condition>,
    cause: Option<i64>,
) -> Result<bool> {
    let mut turns = Turns::default();
    let moved = turns.take(tx, ready, run, cue, cause).await?;
    turns.write(tx).await?;
    Ok(moved)
}

/// Turns of many runs that are written down together: a statement for all of them costs little more than for one.
#[derive(Default)]
pub struct Turns {
    runs: Vec<Vec<kring_db::Value>>,
    passed: Vec<Vec<kring_db::Value>>,
    deeds: deed::Deeds,
    ended: Vec<(About, JourneyEnded)>,
}

const MOVE: Sql = sql!(
    "update journey_runs set state = $3, step = $4, since = $5, due_at = $6, deeds = $7, kept = $8, ended_at = $9, outcome = $10,
         turns = turns + 1, parked_at = null
     where id = $1 and turns = $2 and state = 'running'"
);

impl Turns {
    /// Takes a turn, to be written down with the others.
    pub async fn take(
        &mut self,
        tx: &mut Tx,
        ready: &Ready,
        run: Run,
        cue: Cue<'_, Condition>,
        cause: Option<i64>,
    ) -> Result<bool> {
        let state = run.place()?;
        let zone = tx.house().settings.zone.clone();
        let mut here =
            Here { now: tx.now(), zone: &zone, seed: run.id.get().unsigned_abs(), known: BTreeMap::new() };
        let turn = loop {
            match advance(&ready.laid, state.clone(), cue, &here) {
                Ok(turn) => break turn,
                Err(Unknown(condition)) => {
                    let holds = tx.fits(&condition.rule(), run.person).await?;
                    here.known.insert(condition, holds);
                }
            }
        };
        if !turn.moved {
            return Ok(false);
        }
        let now = tx.now();
        let (ends, outcome) = match turn.next {
            Next::Waiting => (RunState::Running, None),
            Next::Ended(outcome) => (RunState::Ended, Some(outcome)),
            Next::Stuck => (RunState::Stuck, None),
        };
        let is_over = ends != RunState::Running;
        let kept = if turn.state.kept.is_empty() {
            None
        } else {
            Some(serde_json::to_string(&turn.state.kept).map_err(Error::broken)?)
        };
        self.runs.push(params![
            run.id,
            run.turns,
            ends,
            turn.state.at.filter(|_| !is_over).map(i64::from),
            turn.state.since.filter(|_| !is_over),
            turn.state.due.filter(|_| !is_over),
            i64::from(turn.state.deeds),
            kept,
            is_over.then_some(now),
            outcome.clone()
        ]);
        if !turn.trace.is_empty() {
            self.pass(&run, run.turns, now, &turn.trace, cause)?;
        }
        for act in &turn.acts {
            self.deeds.take(tx, ready, &run, act).await?;
        }
        if is_over {
            let about = About::person(run.person).in_unit(ready.unit).subject(run.id.get());
            let outcome = outcome.unwrap_or_else(|| ends.to_string());
            self.ended.push((about, JourneyEnded { journey: ready.journey.get(), outcome }));
        }
        Ok(true)
    }

    fn pass(
        &mut self,
        run: &Run,
        no: i64,
        at: Timestamp,
        passed: &[Trace],
        cause: Option<i64>,
    ) -> Result<()> {
        let text = trace::write(passed)?;
        self.passed.push(params![run.id, no, run.version, at, text, cause]);
        Ok(())
    }

    /// Writes all of them down. A run that somebody else moved meanwhile takes everything back.
    pub async fn write(self, tx: &mut Tx) -> Result<()> {
        let of = self.runs.len() as u64;
        if of == 0 {
            return Ok(());
        }
        if tx.many(MOVE, self.runs).await? != of {
            return Err(Error::broken("a run was moved by another at the same moment"));
        }
        tx.many(
            sql!(
                "insert into journey_turns (run_id, no, version, at, trace, cause) values ($1, $2, $3, $4, $5, $6)"
            ),
            self.passed,
        )
        .await?;
        self.deeds.write(tx).await?;
        // One is told as any event is, so that segments know it before the answer; of many they hear from the log.
        if let [(about, ended)] = self.ended.as_slice() {
            return tx.tell(*about, ended).await.map(drop);
        }
        let told = self.ended.iter().map(|(about, ended)| tx.entry(*about, ended)).collect::<Result<_>>()?;
        tx.log_many(told).await.map(drop)
    }
}

/// What a turn may ask, as far as it has been looked up.
struct Here<'a> {
    now: Timestamp,
    zone: &'a TimeZone,
    seed: u64,
    known: BTreeMap<Condition, bool>,
}

impl World<Condition> for Here<'_> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn zone(&self) -> &TimeZone {
        self.zone
    }
    fn holds(&self, condition: &Condition) -> Option<bool> {
        self.known.get(condition).copied()
    }
    fn seed(&self) -> u64 {
        self.seed
    }
}

/// Whether an act is to be done, as its deed is written down.
pub fn standing(act: &Act<'_, Deed>) -> DeedState {
    if act.too_late { DeedState::Late } else { DeedState::Done }
}
