//! What stands between a letter and DATA, and what is written down of its fate.

use jiff::SignedDuration;
use kring_consent::{Grant, Verdict, facts_of, may, reserve};
use kring_core::Result;
use kring_frame::{About, Envelope, MessageRefused, MessageSent, Still, Tx, params, sql};
use kring_people::contact;

use crate::{
    message::{self, Message, MessageState},
    sender::Draft,
};

/// When what is paused is looked at again; going on rings at once, so this only bounds how often it is looked at in vain.
pub(crate) const PAUSE: SignedDuration = SignedDuration::from_mins(5);

pub(crate) enum Gate {
    Open,
    Shut,
}

/// The transaction before DATA: permission, budget, epoch, claim; and the record that from here on nobody may
/// say it was not sent. The caller commits in either case.
pub(crate) async fn gate(tx: &mut Tx, node: i64, draft: &Draft, relay: &str) -> Result<Gate> {
    let m = &draft.message;
    let still = if message::is_held(tx).await? { Still::Later } else { still(tx, m).await? };
    if still == Still::Later {
        let due = tx.now() + PAUSE;
        tx.run(
            sql!(
                "update messages set state = 'planned', node_id = null, due_at = $3, attempts = attempts - 1
                 where id = $1 and fence = $2 and state = 'claimed'"
            ),
            params![m.id, m.fence, due],
        )
        .await?;
        return Ok(Gate::Shut);
    }
    if still == Still::Never {
        refuse(tx, m, "stopped").await?;
        return Ok(Gate::Shut);
    }
    let (epoch, now) = (epoch(tx).await?, tx.now());
    let ours = tx
        .run(
            sql!(
                "update messages set state = 'data', mail_id = $5, relay = $6, subject = $7, body = $8, handed_at = $9, reason = null
                 where id = $1 and fence = $2 and node_id = $3 and epoch = $4 and state = 'claimed'"
            ),
            params![
                m.id,
                m.fence,
                node,
                epoch,
                draft.mail_id.as_str(),
                relay,
                &draft.shaped.subject,
                &draft.shaped.kept,
                now
            ],
        )
        .await?;
    if ours == 0 {
        return Ok(Gate::Shut);
    }
    let facts = facts_of(tx, m.person, m.purpose, m.channel).await?;
    let verdict = may(&facts, m.purpose, m.channel, m.class);
    if !verdict.allowed {
        let why = first_reason(tx, m, &verdict).await?;
        refuse(tx, m, why).await?;
        return Ok(Gate::Shut);
    }
    if let Some(approach) = m.approach
        && let Grant::Refused(why) =
            reserve(tx, m.person, approach, m.unit, &format!("message/{}", m.id)).await?
    {
        refuse(tx, m, why.code).await?;
        return Ok(Gate::Shut);
    }
    Ok(Gate::Open)
}

/// Why it may not go, as a code. No address is not the same as one that mail came back from: the second can be asked for.
pub(crate) async fn first_reason(tx: &mut Tx, m: &Message, verdict: &Verdict) -> Result<&'static str> {
    let first = verdict.reasons.first().map_or("refused", |r| r.code);
    let dead = first == "no-mail-address" && contact::has_dead_email(tx, m.person).await?;
    Ok(if dead { "bad-address" } else { first })
}

pub(crate) async fn sent(tx: &mut Tx, m: &Message) -> Result<()> {
    // From doubtful too: this hand has just heard the relay's answer, so there is no doubt any more.
    let n = tx
        .run(
            sql!("update messages set state = 'sent', reason = null where id = $1 and fence = $2 and state in ('data', 'doubtful')"),
            params![m.id, m.fence],
        )
        .await?;
    if n == 1 {
        tx.tell(about(m), &MessageSent { purpose: m.purpose.to_string(), channel: m.channel.to_string() })
            .await?;
    }
    Ok(())
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

/// Whether a message may still go: the house has not stopped everything of its kind, and the room that asked for it says so.
pub(crate) async fn still(tx: &mut Tx, m: &Message) -> Result<Still> {
    if !m.serves() && message::is_stopped(tx).await? {
        return Ok(Still::Later);
    }
    let house = tx.house().clone();
    house.rooms.still(tx, &m.kind, envelope(m)).await
}

pub(crate) fn envelope(m: &Message) -> Envelope {
    Envelope { message: m.id, person: m.person, subject: m.subject_id }
}

pub(crate) fn about(m: &Message) -> About {
    About { person: Some(m.person), unit: m.unit, subject: Some(m.id), ..About::default() }
}

pub(crate) async fn epoch(tx: &mut Tx) -> Result<i64> {
    Ok(tx.fact("epoch").await?.and_then(|e| e.parse().ok()).unwrap_or(1))
}
