//! A message to a person and what can become of it:
//!
//! ```text
//! planned → claimed → data → sent | refused | doubtful
//! ```
//!
//! `planned` promises nothing. `claimed` is in the hands of one worker, which writes and addresses it. `data` is
//! recorded in the one transaction before the SMTP command after which a message cannot be taken back. What
//! was at `data` when a process died is `doubtful`: shown, counted as sent, never sent again by itself.

use kring_consent::{Approach, Channel, MessageClass};
use kring_core::{Error, Id, Result, Timestamp};
use kring_db::{Sql, stored, two_faces};
use kring_frame::{About, Mark, MessagePlanned, Permit, PersonId, Purpose, Tx, UnitId, params, record, sql};

use crate::dialogue::Dialogue;

stored! {
    pub enum MessageState {
        Planned = "planned",
        Claimed = "claimed",
        Data = "data",
        Sent = "sent",
        Refused = "refused",
        Doubtful = "doubtful",
        /// Taken back by a person before it went.
        Cancelled = "cancelled",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Message {
        pub id: i64,
        pub person: PersonId,
        pub unit: Option<UnitId>,
        pub kind: String,
        pub subject_id: i64,
        pub purpose: Purpose,
        pub channel: Channel,
        pub class: MessageClass,
        pub approach: Option<Approach>,
        pub attempts: i64,
        pub fence: i64,
        pub mail_id: Option<String>,
        pub created_at: Timestamp,
        pub dialogue: Option<Id<Dialogue>>,
    }
}

impl Message {
    /// It serves its recipient or the law: an emergency stop does not hold it.
    pub fn serves(&self) -> bool {
        matches!(self.purpose, Purpose::Service | Purpose::Legal | Purpose::Operations)
    }
}

/// A message to be planned.
#[derive(Clone, Debug)]
pub struct Plan {
    pub person: PersonId,
    pub dialogue: Option<Id<Dialogue>>,
    pub unit: Option<UnitId>,
    /// The letter: a kind that a room registered, and the row it is about.
    pub kind: &'static str,
    pub subject: i64,
    pub purpose: Purpose,
    pub class: MessageClass,
    /// What it takes from the budget of attention; `None` for answers and legal duties.
    pub approach: Option<Approach>,
    pub told_by_room: bool,
    pub due: Timestamp,
}

/// Plans a message, in the caller's transaction. Whether it may go is decided when it goes.
pub async fn plan(tx: &mut Tx, p: &Plan) -> Result<i64> {
    let now = tx.now();
    let (id,) = tx
        .one(
            sql!(
                "insert into messages (person_id, dialogue_id, unit_id, kind, subject_id, purpose, channel, class, approach,
                     told_by_room, state, due_at, created_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', $11, $12) returning id"
            ),
            params![
                p.person,
                p.dialogue,
                p.unit,
                p.kind,
                p.subject,
                p.purpose,
                Channel::Mail,
                p.class,
                p.approach,
                p.told_by_room,
                p.due,
                now
            ],
        )
        .await?;
    let told = MessagePlanned { purpose: p.purpose.to_string(), channel: Channel::Mail.to_string() };
    tx.tell(About { person: Some(p.person), unit: p.unit, subject: Some(id), ..About::default() }, &told)
        .await?;
    Ok(id)
}

const PLAN: Sql = sql!(
    "insert into messages (person_id, dialogue_id, unit_id, kind, subject_id, purpose, channel, class, approach,
         told_by_room, state, due_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', $11, $12)"
);

/// Plans many messages with one statement. What becomes of each is told as of any; that it was planned is not, since whoever
/// plans so many has written that down.
pub async fn plan_many(tx: &mut Tx, plans: &[Plan]) -> Result<()> {
    let now = tx.now();
    let set = |p: &Plan| {
        params![
            p.person,
            p.dialogue,
            p.unit,
            p.kind,
            p.subject,
            p.purpose,
            Channel::Mail,
            p.class,
            p.approach,
            p.told_by_room,
            p.due,
            now
        ]
    };
    tx.many(PLAN, plans.iter().map(set).collect()).await.map(drop)
}

/// Takes back what is planned for somebody about these rows of a room, as far as nobody has begun to send it.
pub async fn cancel_about(tx: &mut Tx, person: PersonId, kind: &str, subjects: &[i64]) -> Result<()> {
    let sets = subjects.iter().map(|subject| params![person, kind, *subject]).collect();
    tx.many(
        sql!(
            "update messages set state = 'cancelled'
             where person_id = $1 and kind = $2 and subject_id = $3 and state = 'planned'"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Binds a turn to the message that carries it.
pub async fn carry(tx: &mut Tx, turn: i64, message: i64) -> Result<()> {
    tx.run(sql!("update turns set message_id = $2 where id = $1"), params![turn, message]).await.map(drop)
}

/// Takes a message back, as long as nobody has begun to send it. `false`: too late.
pub async fn cancel(tx: &mut Tx, message: i64) -> Result<bool> {
    let n = tx
        .run(
            sql!("update messages set state = 'cancelled' where id = $1 and state = 'planned'"),
            params![message],
        )
        .await?;
    Ok(n == 1)
}

/// Claims the next messages that are due for one worker.
pub(crate) async fn claim(tx: &mut Tx, node: i64, epoch: i64, most: usize) -> Result<Vec<Message>> {
    let now = tx.now();
    tx.all(
        two_faces!(
            sqlite: "update messages set state = 'claimed', node_id = $2, epoch = $3, fence = fence + 1, attempts = attempts + 1
                 where id in (select id from messages where state = 'planned' and due_at <= $1 order by due_at, id limit $4)
                 returning id, person_id, unit_id, kind, subject_id, purpose, channel, class, approach, attempts, fence, mail_id, created_at, dialogue_id",
            postgres: "update messages set state = 'claimed', node_id = $2, epoch = $3, fence = fence + 1, attempts = attempts + 1
                 where id in (select id from messages where state = 'planned' and due_at <= $1 order by due_at, id limit $4
                              for update skip locked)
                 returning id, person_id, unit_id, kind, subject_id, purpose, channel, class, approach, attempts, fence, mail_id, created_at, dialogue_id",
        ),
        params![now, node, epoch, most],
    )
    .await
}

/// Is anything due? Asked before a claim, so that an idle house does not write.
pub(crate) async fn any_due(tx: &mut Tx) -> Result<bool> {
    let now = tx.now();
    let found: Option<(i64,)> = tx
        .maybe(sql!("select id from messages where state = 'planned' and due_at <= $1 limit 1"), params![now])
        .await?;
    Ok(found.is_some())
}

/// How many are in each state, for the operations page and the metrics.
pub async fn counts(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    tx.all(sql!("select state, count(*) from messages group by state order by state"), params![]).await
}

/// Whether anything may go at all, and in which epoch we are: read together, since the gate asks all of it every time.
pub(crate) struct Standing {
    pub held: bool,
    pub stopped: bool,
    pub epoch: i64,
}

pub(crate) async fn standing(tx: &mut Tx) -> Result<Standing> {
    let facts: Vec<(String, String)> = tx
        .all(sql!("select key, value from schema_facts where key in ('held', 'stopped', 'epoch')"), params![])
        .await?;
    let fact = |key: &str| facts.iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str());
    Ok(Standing {
        held: fact("held").is_some_and(|held| held != "no"),
        stopped: fact("stopped") == Some("yes"),
        epoch: fact("epoch").and_then(|e| e.parse().ok()).unwrap_or(1),
    })
}

/// A restored instance sends nothing until a person releases it.
pub async fn is_held(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fact("held").await?.is_some_and(|held| held != "no"))
}

/// Somebody stopped everything that serves nobody: what was planned waits until they let it go again.
pub async fn is_stopped(tx: &mut Tx) -> Result<bool> {
    Ok(tx.fact("stopped").await?.is_some_and(|stopped| stopped == "yes"))
}

/// The emergency stop, or its end. What is held back goes on where it was.
pub async fn stop_all(tx: &mut Tx, permit: &Permit, stop: bool) -> Result<()> {
    tx.set_fact("stopped", if stop { "yes" } else { "no" }).await?;
    if !stop {
        due_now(tx).await?;
    }
    tx.trail(Mark::changed(permit, "sending").detail(if stop { "stopped" } else { "goes on" })).await
}

/// What was put off while something was paused is looked at now.
pub async fn due_now(tx: &mut Tx) -> Result<()> {
    let now = tx.now();
    let soon = now + crate::gate::PAUSE;
    tx.run(
        sql!("update messages set due_at = $1 where state = 'planned' and due_at > $1 and due_at <= $2"),
        params![now, soon],
    )
    .await
    .map(drop)
}

/// Lets a restored instance send again.
pub async fn release(tx: &mut Tx, permit: &Permit) -> Result<()> {
    tx.set_fact("held", "no").await?;
    due_now(tx).await?;
    tx.trail(Mark::changed(permit, "held").detail("released")).await
}

/// A person settles what became of a doubtful message, from the relay's log or a reply.
pub async fn settle(tx: &mut Tx, permit: &Permit, id: i64, arrived: bool) -> Result<()> {
    let state = if arrived { MessageState::Sent } else { MessageState::Refused };
    let n = tx
        .run(
            sql!("update messages set state = $2, reason = 'settled' where id = $1 and state = 'doubtful'"),
            params![id, state],
        )
        .await?;
    if n == 0 {
        return Err(Error::Conflict(crate::say::settled_already()));
    }
    tx.trail(Mark::changed(permit, "message").subject(id).detail(state.as_str())).await
}

record! {
    /// A message on the operations page.
    #[derive(Clone, Debug)]
    pub struct Shown {
        pub id: i64,
        pub state: MessageState,
        pub kind: String,
        pub person: PersonId,
        pub attempts: i64,
        pub reason: Option<String>,
        pub mail_id: Option<String>,
        pub due_at: Timestamp,
        pub handed_at: Option<Timestamp>,
    }
}

/// The newest messages in one state.
pub async fn in_state(tx: &mut Tx, _permit: &Permit, state: MessageState, most: u32) -> Result<Vec<Shown>> {
    tx.all(
        sql!(
            "select id, state, kind, person_id, attempts, reason, mail_id, due_at, handed_at
             from messages where state = $1 order by due_at desc, id desc limit $2"
        ),
        params![state, most],
    )
    .await
}
