//! What is told: waiting, delivered or failed, with every try.

use jiff::SignedDuration;
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Actor, House, Mark, Permit, Tx, params, record, sql};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::hook::{self, Webhook};

kring_db::stored! {
    pub enum State {
        Waiting = "waiting",
        Delivered = "delivered",
        /// Tried as often as Standard Webhooks advises, over three days. It can be sent again.
        Failed = "failed",
    }
}

/// What goes over the line, in the order in which people read it.
#[derive(Debug, Serialize, Deserialize)]
pub struct Body {
    #[serde(rename = "type")]
    pub kind: String,
    pub timestamp: Timestamp,
    pub data: Map<String, Value>,
}

impl Body {
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::broken)
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Message {
        pub id: Id<Message>,
        pub webhook: Id<Webhook>,
        pub event: Option<i64>,
        pub kind: String,
        pub body: String,
        pub state: State,
        pub attempts: i64,
        pub due_at: Timestamp,
        pub made_at: Timestamp,
        pub done_at: Option<Timestamp>,
        /// What the last try came to.
        pub status: Option<i64>,
        pub fault: Option<String>,
    }
}

impl Message {
    /// Its number for the other side, the same at every try.
    pub fn name(&self) -> String {
        match self.event {
            Some(event) => format!("msg_{}_{event}", self.webhook),
            None => format!("msg_{}_try{}", self.webhook, self.id),
        }
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Attempt {
        pub at: Timestamp,
        /// In milliseconds.
        pub took: i64,
        pub status: Option<i64>,
        pub fault: Option<String>,
    }
}

/// The kind of a message that only asks whether the other side listens.
pub const TRY: &str = "webhook.try";

/// After which try how long is waited: as Standard Webhooks 1.0.0 advises, ten tries over 75.6 hours.
pub fn patience(attempts: i64) -> Option<SignedDuration> {
    let minutes = match attempts {
        1 => return Some(SignedDuration::from_secs(5)),
        2 => 5,
        3 => 30,
        4 => 2 * 60,
        5 => 5 * 60,
        6 => 10 * 60,
        7 => 14 * 60,
        8 => 20 * 60,
        9 => 24 * 60,
        _ => return None,
    };
    Some(SignedDuration::from_mins(minutes))
}

/// How many wait for a webhook.
pub async fn waiting(tx: &mut Tx, webhook: Id<Webhook>) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            sql!("select count(*) from webhook_messages where webhook_id = $1 and state = 'waiting'"),
            params![webhook],
        )
        .await?;
    Ok(n)
}

/// How many of a webhook are in each state.
pub async fn counts(tx: &mut Tx, webhook: Id<Webhook>) -> Result<Vec<(State, i64)>> {
    tx.all(
        sql!("select state, count(*) from webhook_messages where webhook_id = $1 group by state"),
        params![webhook],
    )
    .await
}

/// The newest of a webhook, in one state or all, before a number.
pub async fn list(
    tx: &mut Tx,
    webhook: Id<Webhook>,
    state: Option<State>,
    before: i64,
    most: u32,
) -> Result<Vec<Message>> {
    tx.all(
        sql!(
            "select m.id, m.webhook_id, m.event_id, m.kind, m.body, m.state, m.attempts, m.due_at, m.made_at, m.done_at,
                    (select a.status from webhook_attempts a where a.message_id = m.id order by a.id desc limit 1),
                    (select a.fault from webhook_attempts a where a.message_id = m.id order by a.id desc limit 1)
             from webhook_messages m
             where m.webhook_id = $1 and (cast($2 as text) is null or m.state = $2) and m.id < $3
             order by m.id desc limit $4"
        ),
        params![webhook, state, before, most],
    )
    .await
}

/// What is due for a webhook, oldest first.
pub async fn due(tx: &mut Tx, webhook: Id<Webhook>, most: u32) -> Result<Vec<Message>> {
    let now = tx.now();
    tx.all(
        sql!(
            "select m.id, m.webhook_id, m.event_id, m.kind, m.body, m.state, m.attempts, m.due_at, m.made_at, m.done_at,
                    cast(null as bigint), cast(null as text)
             from webhook_messages m
             where m.webhook_id = $1 and m.state = 'waiting' and m.due_at <= $2
             order by m.due_at, m.id limit $3"
        ),
        params![webhook, now, most],
    )
    .await
}

/// One, with its webhook; one of a webhook that the permit does not manage is not found.
pub async fn one(tx: &mut Tx, permit: &Permit, id: Id<Message>) -> Result<(Message, Webhook)> {
    let message: Message = tx
        .one(
            sql!(
                "select m.id, m.webhook_id, m.event_id, m.kind, m.body, m.state, m.attempts, m.due_at, m.made_at, m.done_at,
                        cast(null as bigint), cast(null as text)
                 from webhook_messages m where m.id = $1"
            ),
            params![id],
        )
        .await?;
    let webhook = hook::one(tx, permit, message.webhook).await?;
    Ok((message, webhook))
}

pub async fn attempts(tx: &mut Tx, id: Id<Message>) -> Result<Vec<Attempt>> {
    tx.all(
        sql!("select at, took, status, fault from webhook_attempts where message_id = $1 order by id desc"),
        params![id],
    )
    .await
}

/// Asks the other side whether it listens.
pub async fn try_out(tx: &mut Tx, permit: &Permit, webhook: Id<Webhook>) -> Result<Id<Message>> {
    hook::one(tx, permit, webhook).await?;
    let now = tx.now();
    let body = Body { kind: TRY.into(), timestamp: now, data: Map::new() }.text()?;
    let (id,): (Id<Message>,) = tx
        .one(
            sql!(
                "insert into webhook_messages (webhook_id, kind, body, state, due_at, made_at)
                 values ($1, $2, $3, 'waiting', $4, $4) returning id"
            ),
            params![webhook, TRY, body, now],
        )
        .await?;
    // It is not to wait until a rest is over: somebody looks on.
    tx.run(sql!("update webhooks set rest_until = 0 where id = $1"), params![webhook]).await?;
    tx.trail(Mark::changed(permit, "webhook").subject(webhook.get()).detail("tried")).await?;
    tx.house().doorbell.ring();
    Ok(id)
}

/// Sends one again that was delivered or had failed.
pub async fn again(tx: &mut Tx, permit: &Permit, id: Id<Message>) -> Result<Id<Webhook>> {
    let (message, webhook) = one(tx, permit, id).await?;
    if message.state == State::Waiting {
        return Err(Error::Conflict(crate::say::message_waits()));
    }
    let now = tx.now();
    tx.run(
        sql!(
            "update webhook_messages set state = 'waiting', attempts = 0, due_at = $2, done_at = null
             where id = $1 and state <> 'waiting'"
        ),
        params![id, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "webhook").subject(webhook.id.get()).detail(format!("again={id}")))
        .await?;
    tx.house().doorbell.ring();
    Ok(webhook.id)
}

/// Sends all again that had failed; how many.
pub async fn all_again(tx: &mut Tx, permit: &Permit, webhook: Id<Webhook>) -> Result<u64> {
    hook::one(tx, permit, webhook).await?;
    let now = tx.now();
    let n = tx
        .run(
            sql!(
                "update webhook_messages set state = 'waiting', attempts = 0, due_at = $2, done_at = null
                 where webhook_id = $1 and state = 'failed'"
            ),
            params![webhook, now],
        )
        .await?;
    tx.trail(Mark::changed(permit, "webhook").subject(webhook.get()).detail(format!("again=all,n={n}")))
        .await?;
    tx.house().doorbell.ring();
    Ok(n)
}

/// What was delivered is kept for so long, for whoever asks whether it was; what failed, three times as long.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);
const CLEANED: &str = "webhooks.cleaned";

/// Once a day what is old goes.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let today = kring_lang::dates::date_of(look.now(), &house.settings.zone).to_string();
    if look.fact(CLEANED).await?.as_deref() == Some(today.as_str()) {
        return Ok(false);
    }
    drop(look);
    let mut tx = house.write(&Actor::robot()).await?;
    let (delivered, failed) = (tx.now() - KEPT, tx.now() - KEPT * 3);
    tx.run(
        sql!(
            "delete from webhook_attempts where message_id in (select m.id from webhook_messages m
                 where m.made_at < $1 and m.state = 'delivered' or m.made_at < $2 and m.state = 'failed')"
        ),
        params![delivered, failed],
    )
    .await?;
    tx.run(
        sql!(
            "delete from webhook_messages
             where made_at < $1 and state = 'delivered' or made_at < $2 and state = 'failed'"
        ),
        params![delivered, failed],
    )
    .await?;
    tx.set_fact(CLEANED, &today).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tries_take_three_days_and_a_bit() {
        let waits: Vec<SignedDuration> = (1..).map_while(patience).collect();
        assert_eq!(waits.len(), 9);
        let hours: SignedDuration = waits.into_iter().fold(SignedDuration::ZERO, |sum, wait| sum + wait);
        assert_eq!(hours.as_hours(), 75);
    }
}
