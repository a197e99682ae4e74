//! "Please contact me" is a promise: somebody owns it, it is due in working hours, it escalates when it is not kept,
//! and it ends with an outcome.

use std::sync::Arc;

use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{
    About, Actor, ActorId, CallbackAttempted, CallbackClosed, CallbackEscalated, CallbackWanted, Claimed,
    Hours, House, Job, Mark, Permit, PersonId, Task, Tx, UnitId, params, record, sql, working_due,
};
use serde::{Deserialize, Serialize};

use crate::{CALL_BACK, Words, invitation::Invitation};

/// One working day of nine hours.
const PROMISE_MINUTES: i64 = 540;

stored! {
    pub enum Outcome {
        Reached = "reached",
        NotReached = "not_reached",
        NotNeeded = "not_needed",
    }
}

/// How somebody wants to be contacted.
#[derive(Clone, Debug)]
pub struct Wish {
    /// `mail` or `phone`.
    pub channel: &'static str,
    pub phone: Option<String>,
    /// `any`, `morning` or `afternoon`.
    pub moment: &'static str,
}

record! {
    #[derive(Clone, Debug)]
    pub struct Callback {
        pub id: Id<Callback>,
        pub person: PersonId,
        pub person_name: String,
        pub unit: UnitId,
        pub response: i64,
        pub channel: String,
        pub phone: Option<String>,
        pub moment: String,
        pub owner: Option<ActorId>,
        pub owner_name: Option<String>,
        pub attempts: i64,
        pub wanted_at: Timestamp,
        pub due_at: Timestamp,
        pub escalated_at: Option<Timestamp>,
        pub text: Option<String>,
    }
}

/// Looks at a promise when it runs out.
#[derive(Serialize, Deserialize)]
pub struct Escalate {
    callback: i64,
}

impl Job for Escalate {
    const KIND: &'static str = "surveys.escalate_callback";
    fn unique_key(&self) -> Option<String> {
        Some(self.callback.to_string())
    }
}

/// Writes the promise down and sets its clock. Whoever closed the request owns it, if that is known; somebody who
/// answers twice has one promise.
pub async fn want(tx: &mut Tx, i: &Invitation, response: i64, wish: &Wish) -> Result<()> {
    let now = tx.now();
    let due = working_due(now, PROMISE_MINUTES, &Hours::default(), &tx.house().settings.zone.clone());
    let owner: Option<(ActorId,)> = tx
        .maybe(
            sql!(
                "select e.actor_id from events e join actors a on a.id = e.actor_id
                 where e.kind = 'request.closed' and e.subject_id = $1 and e.person_id = $2 and a.kind = 'staff' order by e.id desc limit 1"
            ),
            params![i.request, i.person],
        )
        .await?;
    let (id, known): (i64, bool) = tx
        .one(
            sql!(
                "insert into callbacks (response_id, person_id, unit_id, channel, phone, moment, state, owner_id, wanted_at, due_at)
                 values ($1, $2, $3, $4, $5, $6, 'wanted', $7, $8, $9)
                 on conflict (response_id) do update set channel = excluded.channel, phone = excluded.phone, moment = excluded.moment
                 returning id, wanted_at < $8"
            ),
            params![
                response,
                i.person,
                i.unit,
                wish.channel,
                wish.phone.clone(),
                wish.moment,
                owner.map(|o| o.0),
                now,
                due
            ],
        )
        .await?;
    if !known {
        let about = About::person(i.person).in_unit(i.unit).subject(id);
        tx.tell(about, &CallbackWanted { due: due.as_millisecond() }).await?;
        tx.enqueue_at(&Escalate { callback: id }, due).await?;
    }
    Ok(())
}

/// The person answered again and no longer asks for it.
pub async fn no_longer_wanted(tx: &mut Tx, response: i64) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!(
            "update callbacks set state = 'closed', closed_at = $2, outcome = 'not_needed'
             where response_id = $1 and state <> 'closed'"
        ),
        params![response, now],
    )
    .await
    .map(drop)
}

/// The promise ran out: it is nobody's secret any more.
pub async fn escalate(house: House, job: Escalate, claimed: Arc<Claimed>) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    let now = tx.now();
    let late: Option<(i64, UnitId)> = tx
        .maybe(
            sql!(
                "update callbacks set escalated_at = $2 where id = $1 and state <> 'closed' and escalated_at is null
                 returning person_id, unit_id"
            ),
            params![job.callback, now],
        )
        .await?;
    if let Some((person, unit)) = late {
        let about = About::person(PersonId::new(person)).in_unit(unit).subject(job.callback);
        tx.tell(about, &CallbackEscalated {}).await?;
    }
    claimed.finish(&mut tx).await?;
    tx.commit().await
}

/// Open promises in reach, the tightest first.
pub async fn open(tx: &mut Tx, permit: &Permit) -> Result<Vec<Callback>> {
    tx.all(
        sql!(
            "select c.id, c.person_id, p.display_name, c.unit_id, c.response_id, c.channel, c.phone, c.moment, c.owner_id, a.name,
                    c.attempts, c.wanted_at, c.due_at, c.escalated_at,
                    (select string_agg(x.text, ' · ') from answers x where x.response_id = c.response_id and x.text is not null)
             from callbacks c join people p on p.id = c.person_id left join actors a on a.id = c.owner_id
             where c.state <> 'closed' and c.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
             order by c.due_at, c.id limit 200"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

pub async fn count_open(tx: &mut Tx) -> Result<i64> {
    let actor = tx.actor().id;
    let (n,) = tx
        .one(
            sql!(
                "select count(*) from callbacks
                 where state <> 'closed' and unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
            ),
            params![actor, CALL_BACK.key],
        )
        .await?;
    Ok(n)
}

async fn in_reach(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Callback>,
) -> Result<(PersonId, UnitId, Timestamp, i64)> {
    tx.one(
        sql!(
            "select person_id, unit_id, due_at, attempts from callbacks
             where id = $1 and state <> 'closed' and unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
        ),
        params![id, permit.actor(), permit.right()],
    )
    .await
}

/// Takes the promise on.
pub async fn own(tx: &mut Tx, permit: &Permit, id: Id<Callback>) -> Result<()> {
    in_reach(tx, permit, id).await?;
    tx.run(
        sql!("update callbacks set owner_id = $2, state = 'owned' where id = $1"),
        params![id, permit.actor()],
    )
    .await?;
    tx.trail(Mark::changed(permit, "callback").subject(id.get()).detail("owned")).await
}

/// Tried, not reached yet; the promise stays open.
pub async fn attempt(tx: &mut Tx, permit: &Permit, id: Id<Callback>) -> Result<()> {
    let (person, unit, _, attempts) = in_reach(tx, permit, id).await?;
    tx.run(
        sql!("update callbacks set attempts = attempts + 1, state = 'owned', owner_id = coalesce(owner_id, $2) where id = $1"),
        params![id, permit.actor()],
    )
    .await?;
    tx.trail(Mark::changed(permit, "callback").person(person).subject(id.get()).detail("attempted")).await?;
    let about = About::person(person).in_unit(unit).subject(id.get());
    tx.tell(about, &CallbackAttempted { times: attempts + 1 }).await.map(drop)
}

/// Ends the promise. Kept is: reached, and not later than promised.
pub async fn finish(tx: &mut Tx, permit: &Permit, id: Id<Callback>, outcome: Outcome) -> Result<()> {
    let (person, unit, due, attempts) = in_reach(tx, permit, id).await?;
    if outcome == Outcome::NotReached && attempts == 0 {
        return Err(Error::Conflict(crate::say::try_first()));
    }
    let now = tx.now();
    tx.run(
        sql!(
            "update callbacks set state = 'closed', closed_at = $2, outcome = $3, owner_id = coalesce(owner_id, $4) where id = $1"
        ),
        params![id, now, outcome, permit.actor()],
    )
    .await?;
    if outcome == Outcome::Reached {
        kring_people::person::contacted(tx, person).await?;
    }
    tx.trail(Mark::changed(permit, "callback").person(person).subject(id.get()).detail(outcome.as_str()))
        .await?;
    let kept = outcome == Outcome::Reached && now <= due;
    let about = About::person(person).in_unit(unit).subject(id.get());
    tx.tell(about, &CallbackClosed { outcome: outcome.to_string(), kept }).await.map(drop)
}

/// Mine, nobody's, and whatever escalated.
pub async fn tasks(tx: &mut Tx, lang: Lang) -> Result<Vec<Task>> {
    let Ok(permit) = tx.actor().permit(&CALL_BACK) else { return Ok(Vec::new()) };
    let w = Words(lang);
    let mine = open(tx, &permit).await?.into_iter();
    Ok(mine
        .filter(|c| c.owner.is_none_or(|o| o == permit.actor()) || c.escalated_at.is_some())
        .map(|c| Task {
            icon: "phone",
            title: if c.channel == "phone" { w.task_call(c.person_name) } else { w.task_mail(c.person_name) },
            href: "/feedback".into(),
            text: c.text.unwrap_or_else(|| w.task_promised().to_owned()),
            due: Some(c.due_at),
        })
        .collect())
}
