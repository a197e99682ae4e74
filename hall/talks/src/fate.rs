//! What became of a message, and how it is written down.

use std::collections::HashMap;

use jiff::SignedDuration;
use kring_core::{Error, Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{MessageDoubtful, MessageRefused, MessageSent, Tx, params, sql};
use kring_post::{Outcome, Refusal};

use crate::{
    gate::about,
    message::{Message, MessageState},
};

/// A message that still cannot be handed over after so long is given up (RFC 5321, 4.5.4.1).
const LONGEST: SignedDuration = SignedDuration::from_hours(5 * 24);
/// A letter that could not be written so often is given up.
const TRIES: i64 = 8;

pub(crate) struct Settled {
    pub message: Message,
    pub fate: Fate,
}

pub(crate) enum Fate {
    /// The relay's word after DATA, or the lack of it.
    Outcome(Outcome),
    /// Not handed over, certainly, and through no fault of its own: planned again for then.
    Later(Timestamp),
    /// The letter could not be made.
    Unwritable,
}

impl Settled {
    pub(crate) fn refused(message: Message, refusal: Refusal) -> Self {
        Self { message, fate: Fate::Outcome(Outcome::Refused(refusal)) }
    }
}

/// Writes down what became of these, in the order in which it happened.
pub(crate) async fn settle(tx: &mut Tx, settled: &[&Settled]) -> Result<()> {
    let mut arrived = Vec::new();
    for one in settled {
        let m = &one.message;
        match &one.fate {
            Fate::Outcome(Outcome::Sent { .. }) => arrived.push(m),
            Fate::Outcome(Outcome::Refused(refusal)) => put_back(tx, m, refusal).await?,
            Fate::Outcome(Outcome::Doubtful { .. }) => doubt(tx, m).await?,
            Fate::Later(due) => later(tx, m, *due, None).await?,
            Fate::Unwritable => unwritable(tx, m).await?,
        }
    }
    sent(tx, &arrived).await
}

/// From doubtful too: whoever heard the relay's answer has no doubt any more.
pub(crate) async fn sent(tx: &mut Tx, messages: &[&Message]) -> Result<()> {
    if messages.is_empty() {
        return Ok(());
    }
    let ids: Vec<i64> = messages.iter().map(|m| m.id).collect();
    let found: Vec<(i64, i64, MessageState)> = tx
        .all(
            two_faces!(
                sqlite: "select m.id, m.fence, m.state from json_each($1) j cross join messages m where m.id = j.value",
                postgres: "select id, fence, state from messages
                     where id in (select j::bigint from json_array_elements_text($1::text::json) j) order by id for update",
            ),
            params![serde_json::to_string(&ids).map_err(Error::broken)?],
        )
        .await?;
    let found: HashMap<i64, (i64, MessageState)> =
        found.into_iter().map(|(id, fence, state)| (id, (fence, state))).collect();
    let open = |m: &Message| {
        let here = found.get(&m.id);
        here.is_some_and(|(fence, state)| {
            *fence == m.fence && matches!(state, MessageState::Data | MessageState::Doubtful)
        })
    };
    let (mut sets, mut told) = (Vec::new(), Vec::new());
    for m in messages.iter().filter(|m| open(m)) {
        sets.push(params![m.id, m.fence]);
        let event = MessageSent { purpose: m.purpose.to_string(), channel: m.channel.to_string() };
        told.push(tx.entry(about(m), &event)?);
    }
    tx.many(
        sql!(
            "update messages set state = 'sent', reason = null where id = $1 and fence = $2 and state in ('data', 'doubtful')"
        ),
        sets,
    )
    .await?;
    tx.log_many(told).await.map(drop)
}

pub(crate) async fn refuse(tx: &mut Tx, m: &Message, reason: &str) -> Result<()> {
    let n = tx
        .run(
            sql!(
                "update messages set state = $3, reason = $4 where id = $1 and fence = $2 and state in ('planned', 'claimed', 'data')"
            ),
            params![m.id, m.fence, MessageState::Refused, reason],
        )
        .await?;
    if n == 1 {
        let told = MessageRefused {
            purpose: m.purpose.to_string(),
            channel: m.channel.to_string(),
            reason: reason.to_owned(),
        };
        tx.tell(about(m), &told).await?;
    }
    Ok(())
}

/// Planned again, as if it had not been tried. What is known of the message never says that it may have gone, so this also takes
/// back what had passed the gate.
pub(crate) async fn later(
    tx: &mut Tx,
    m: &Message,
    due: Timestamp,
    reason: Option<&'static str>,
) -> Result<()> {
    tx.run(
        sql!(
            "update messages set state = 'planned', node_id = null, due_at = $3, reason = $4, attempts = attempts - 1
             where id = $1 and fence = $2 and state in ('claimed', 'data')"
        ),
        params![m.id, m.fence, due, reason],
    )
    .await
    .map(drop)
}

/// The relay did not take it, certainly: for good, or until later.
async fn put_back(tx: &mut Tx, m: &Message, refusal: &Refusal) -> Result<()> {
    if refusal.permanent || tx.now().duration_since(m.created_at) > LONGEST {
        return refuse(tx, m, &code(refusal)).await;
    }
    let due = tx.now() + patience(m.attempts);
    tx.run(
        sql!(
            "update messages set state = 'planned', node_id = null, due_at = $3, reason = $4
             where id = $1 and fence = $2 and state in ('claimed', 'data')"
        ),
        params![m.id, m.fence, due, code(refusal)],
    )
    .await
    .map(drop)
}

async fn doubt(tx: &mut Tx, m: &Message) -> Result<()> {
    let n = tx
        .run(
            sql!(
                "update messages set state = 'doubtful', reason = 'no_answer' where id = $1 and fence = $2 and state = 'data'"
            ),
            params![m.id, m.fence],
        )
        .await?;
    if n == 1 {
        let told = MessageDoubtful { purpose: m.purpose.to_string(), channel: m.channel.to_string() };
        tx.tell(about(m), &told).await?;
    }
    Ok(())
}

/// A letter that cannot be written keeps its place, but not at the front. Its claim may have been undone with what failed.
pub(crate) async fn unwritable(tx: &mut Tx, m: &Message) -> Result<()> {
    if m.attempts >= TRIES {
        return refuse(tx, m, "unwritable").await;
    }
    let due = tx.now() + patience(m.attempts);
    tx.run(
        sql!(
            "update messages set state = 'planned', node_id = null, due_at = $3, attempts = $4, reason = 'unwritable'
             where id = $1 and fence = $2 and state in ('planned', 'claimed')"
        ),
        params![m.id, m.fence, due, m.attempts],
    )
    .await
    .map(drop)
}

/// A code for the table; the relay's own words may quote an address and go to nobody but the log.
fn code(refusal: &Refusal) -> String {
    tracing::info!(event = "relay_refused", code = refusal.code, permanent = refusal.permanent);
    match refusal.code {
        Some(code) => format!("smtp-{code}"),
        None => "no-relay".to_owned(),
    }
}

/// 10 s, 1 min, 5 min, then half an hour: a relay that is gone for a moment costs a moment.
fn patience(attempts: i64) -> SignedDuration {
    SignedDuration::from_secs(match attempts {
        ..=1 => 10,
        2 => 60,
        3 => 300,
        _ => 1800,
    })
}
