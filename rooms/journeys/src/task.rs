//! What a journey hands to a person: it waits on their start page until it is done, and how it ended is an answer to the journey.

use kring_core::{Error, Id, Result, Timestamp};
use kring_db::stored;
use kring_frame::{About, JourneyAnswered, Mark, Permit, PersonId, Task, Tx, UnitId, params, record, sql};
use kring_people::person;

use crate::{TASKS, Words, journey, plan::TaskKind, question, run, run::Run, say};

stored! {
    /// How it ended. The codes are answers that a plan may ask for.
    pub enum TaskEnd {
        Done = "done",
        NotReached = "not_reached",
        NotNeeded = "not_needed",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Handed {
        pub id: Id<Handed>,
        pub run: Id<Run>,
        pub deed: i64,
        pub person: PersonId,
        pub person_name: String,
        pub unit: UnitId,
        pub kind: TaskKind,
        pub title: String,
        pub journey: String,
        pub made_at: Timestamp,
        pub due_at: Timestamp,
        pub done_at: Option<Timestamp>,
        pub outcome: Option<String>,
        pub note: Option<String>,
    }
}

/// Those that wait in reach, the tightest first.
pub async fn open(tx: &mut Tx, permit: &Permit) -> Result<Vec<Handed>> {
    tx.all(
        sql!(
            "select t.id, t.run_id, t.deed_id, t.person_id, p.display_name, t.unit_id, t.kind, t.title, j.name, t.made_at, t.due_at, t.done_at, t.outcome, t.note
             from journey_tasks t join people p on p.id = t.person_id
             join journey_runs r on r.id = t.run_id join journeys j on j.id = r.journey_id
             where t.done_at is null and t.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
             order by t.due_at, t.id limit 200"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

pub async fn one(tx: &mut Tx, permit: &Permit, id: Id<Handed>) -> Result<Handed> {
    tx.one(
        sql!(
            "select t.id, t.run_id, t.deed_id, t.person_id, p.display_name, t.unit_id, t.kind, t.title, j.name, t.made_at, t.due_at, t.done_at, t.outcome, t.note
             from journey_tasks t join people p on p.id = t.person_id
             join journey_runs r on r.id = t.run_id join journeys j on j.id = r.journey_id
             where t.id = $1 and t.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
        ),
        params![id, permit.actor(), permit.right()],
    )
    .await
}

/// Ends a task; the journey goes on with how it ended.
pub async fn finish(tx: &mut Tx, permit: &Permit, id: Id<Handed>, end: TaskEnd, note: &str) -> Result<()> {
    let task = one(tx, permit, id).await?;
    let (now, actor) = (tx.now(), tx.actor().id);
    let done = tx
        .run(
            sql!(
                "update journey_tasks set done_at = $2, done_by = $3, outcome = $4, note = $5 where id = $1 and done_at is null"
            ),
            params![id, now, actor, end, note],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::task_done_already()));
    }
    if task.kind == TaskKind::Call && end == TaskEnd::Done {
        person::contacted(tx, task.person).await?;
    }
    let mark = Mark::changed(permit, "journey task").person(task.person).subject(id.get());
    tx.trail(mark.detail(end.as_str())).await?;
    let (step,): (i64,) =
        tx.one(sql!("select step from journey_deeds where id = $1"), params![task.deed]).await?;
    tx.run(
        sql!("update journey_deeds set answer = $2, answered_at = $3 where id = $1"),
        params![task.deed, end, now],
    )
    .await?;
    let run = run::one(tx, task.run).await?;
    let ready = journey::ready(tx, run.journey, run.version).await?;
    let about = About::person(task.person).in_unit(task.unit).subject(run.id.get());
    let told = JourneyAnswered { journey: run.journey.get(), step, answer: end.to_string() };
    let event = tx.tell(about, &told).await?;
    let step = u32::try_from(step).map_err(Error::broken)?;
    question::hear(tx, &ready, run.id, step, end.as_str(), event).await
}

/// For the start page.
pub async fn tasks(tx: &mut Tx, lang: kring_core::Lang) -> Result<Vec<Task>> {
    let Ok(permit) = tx.actor().permit(&TASKS) else { return Ok(Vec::new()) };
    let w = Words(lang);
    let open = open(tx, &permit).await?.into_iter();
    Ok(open
        .map(|task| Task {
            icon: if task.kind == TaskKind::Call { "phone" } else { "check" },
            title: w.task_title(&task.title, task.person_name),
            href: format!("/journeys/tasks/{}", task.id),
            text: w.task_from(task.journey),
            due: Some(task.due_at),
        })
        .collect())
}

/// The answers that a task can have, for a plan.
pub fn answers() -> Vec<String> {
    TaskEnd::ALL.iter().map(ToString::to_string).collect()
}
