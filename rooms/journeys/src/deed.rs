//! What a step does, written down once and done in the same transaction.

use kring_consent::{Approach, Channel, MessageClass, facts_of, may};
use kring_core::{Error, Id, Result};
use kring_db::{Value, stored};
use kring_flow::Act;
use kring_frame::{About, Hours, JourneyReached, PersonId, Tx, params, sql, working_due};
use kring_lang::dates;
use kring_people::{Party, roles};
use kring_talks::{Plan, plan_many};

use crate::{
    journey::{self, Journey, Ready},
    letter,
    plan::{Deed, Handed, TaskKind},
    run::{self, Run},
    stop,
};

/// Deeds of one run, at most: more than a day of them for three thousand years.
const MOST: u32 = 1 << 20;

stored! {
    pub enum DeedState {
        Done = "done",
        /// Left out by the rule of its step: its time had passed.
        Late = "late",
        /// Not allowed, or not possible; the reason says why.
        Refused = "refused",
        /// Tried again later, since somebody's patience was used up.
        Postponed = "postponed",
    }
}

/// The number of a deed: its run, and how many came before. Written twice, it would be there already.
pub fn number(run: Id<Run>, no: u32) -> Result<i64> {
    let run = run.get().checked_mul(i64::from(MOST)).filter(|_| no < MOST);
    run.map(|run| run + i64::from(no)).ok_or_else(|| Error::broken("a run with too many deeds"))
}

/// Deeds of many runs that are written down together.
#[derive(Default)]
pub struct Deeds {
    rows: Vec<Vec<Value>>,
    mails: Vec<Plan>,
    tasks: Vec<Vec<Value>>,
    others: Vec<(PersonId, Other)>,
}

enum Other {
    Begin(Id<Journey>),
    Stop(Id<Journey>),
    Told(About, JourneyReached),
}

impl Deeds {
    pub async fn take(&mut self, tx: &mut Tx, ready: &Ready, run: &Run, act: &Act<'_, Deed>) -> Result<()> {
        let id = number(run.id, act.deed_no)?;
        let (mut state, mut reason) = (run::standing(act), None);
        if state == DeedState::Done {
            reason = self.act(tx, ready, run, act, id).await?;
            if reason.is_some() {
                state = DeedState::Refused;
            }
        }
        let now = tx.now();
        self.rows.push(params![
            id,
            run.id,
            run.version,
            i64::from(act.step),
            i64::from(act.visit),
            now,
            state,
            reason
        ]);
        Ok(())
    }

    /// Prepares what is to be done; a reason when it may not.
    async fn act(
        &mut self,
        tx: &mut Tx,
        ready: &Ready,
        run: &Run,
        act: &Act<'_, Deed>,
        id: i64,
    ) -> Result<Option<String>> {
        let purpose = ready.plan.purpose;
        match act.deed {
            Deed::Mail(_) => self.mails.push(mail(ready, run.person, id, tx.now())),
            Deed::Task(handed) => {
                if handed.kind == TaskKind::Call {
                    // A call that may not be made is not laid on a colleague's desk.
                    let facts = facts_of(tx, run.person, purpose, Channel::Phone).await?;
                    let verdict = may(&facts, purpose, Channel::Phone, MessageClass::Announcement);
                    if !verdict.allowed {
                        return Ok(Some(verdict.reasons.first().map_or("refused", |r| r.code).to_owned()));
                    }
                }
                self.tasks.push(task(tx, ready, run, handed, id));
            }
            Deed::Role { kind, give } => return role(tx, run.person, kind, *give).await,
            Deed::Begin(other) => self.others.push((run.person, Other::Begin(Id::new(*other)))),
            Deed::Stop(other) => self.others.push((run.person, Other::Stop(Id::new(*other)))),
            Deed::Tell(code) => {
                let about = About::person(run.person).in_unit(ready.unit).subject(run.id.get());
                let told = JourneyReached { journey: ready.journey.get(), code: code.clone() };
                self.others.push((run.person, Other::Told(about, told)));
            }
        }
        Ok(None)
    }

    pub async fn write(self, tx: &mut Tx) -> Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        tx.many(
            sql!(
                "insert into journey_deeds (id, run_id, version, step, visit, at, state, reason)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            self.rows,
        )
        .await?;
        plan_many(tx, &self.mails).await?;
        tx.many(
            sql!(
                "insert into journey_tasks (run_id, deed_id, person_id, unit_id, kind, title, due_at, made_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8)"
            ),
            self.tasks,
        )
        .await?;
        for (person, other) in self.others {
            match other {
                Other::Told(about, told) => {
                    tx.tell(about, &told).await?;
                }
                Other::Begin(journey) => begin(tx, journey, person).await?,
                Other::Stop(journey) => stop(tx, journey, person).await?,
            }
        }
        Ok(())
    }
}

/// The message of a deed.
pub fn mail(ready: &Ready, person: PersonId, deed: i64, due: kring_core::Timestamp) -> Plan {
    Plan {
        person,
        dialogue: None,
        unit: Some(ready.unit),
        kind: letter::KIND,
        subject: deed,
        purpose: ready.plan.purpose,
        class: MessageClass::Announcement,
        approach: Approach::of_mail(ready.plan.purpose),
        told_by_room: false,
        due,
    }
}

fn task(tx: &Tx, ready: &Ready, run: &Run, handed: &Handed, deed: i64) -> Vec<Value> {
    let now = tx.now();
    let due = working_due(now, i64::from(handed.within) * 60, &Hours::default(), &tx.house().settings.zone);
    params![run.id, deed, run.person, handed.unit.unwrap_or(ready.unit), handed.kind, &handed.title, due, now]
}

/// Gives a role from today, or ends those of its kind yesterday. What cannot be given is refused and told.
async fn role(tx: &mut Tx, person: PersonId, kind: &str, give: bool) -> Result<Option<String>> {
    let today = dates::date_of(tx.now(), &tx.house().settings.zone);
    let held = roles::of(tx, person).await?;
    let running = held.iter().filter(|role| role.kind == kind && !role.derived && role.holds(today));
    if give {
        if running.count() == 0 {
            roles::give(tx, person, kind, None, "", Some(today), "journey").await?;
        }
        return Ok(None);
    }
    let ends: Vec<i64> = running.map(|role| role.id).collect();
    for id in ends {
        let yesterday = today.yesterday().map_err(Error::broken)?;
        roles::end(tx, Party::Person(person), id, yesterday).await?;
    }
    Ok(None)
}

/// Another journey begins; that it may not is no fault of this one.
async fn begin(tx: &mut Tx, id: Id<Journey>, person: PersonId) -> Result<()> {
    let other = journey::one(tx, id).await?;
    if other.version > 0 {
        let ready = journey::ready(tx, id, other.version).await?;
        let _not = Box::pin(run::begin(tx, &ready, person, None)).await?;
    }
    Ok(())
}

async fn stop(tx: &mut Tx, id: Id<Journey>, person: PersonId) -> Result<()> {
    let other = journey::one(tx, id).await?;
    for run in run::running(tx, person).await?.into_iter().filter(|run| run.journey == id) {
        stop::stop(tx, &run, other.unit, "stopped").await?;
    }
    Ok(())
}
