//! Reads what was kept: each mail once, in one transaction of its own. A mail that fails does not hold up the next; one
//! that fails three times waits for a person.

use jiff::SignedDuration;
use kring_core::Result;
use kring_frame::{Actor, House, Tx, params, record, sql};
use kring_post::inbound::{self, Incoming, Kind, PARSER};
use sha2::{Digest, Sha256};

use super::{
    kept::{MailState, hex},
    place::{self, Context, Placed},
};
use crate::Sender;

const MOST_TRIES: i64 = 3;

record! {
    pub(super) struct Next {
        pub id: i64,
        pub raw: Option<Vec<u8>>,
        pub sender: Option<String>,
        pub recipients: String,
        pub tries: i64,
    }
}

/// Reads the next mail. `false` when there is none.
pub(crate) async fn step(house: &House, sender: &Sender) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let now = look.now();
    let next: Option<Next> = look
        .maybe(
            sql!(
                "select id, raw, sender, recipients, tries from inbound_mails
                 where state = 'kept' and due_at <= $1 order by due_at, id limit 1"
            ),
            params![now],
        )
        .await?;
    drop(look);
    let Some(next) = next else { return Ok(false) };
    if !take(house, &next).await? {
        return Ok(true);
    }
    // Outside of any transaction: a large mail takes its time, and nobody waits for it.
    let read = match &next.raw {
        Some(raw) => inbound::read(raw).map_err(inbound::Unreadable::code),
        None => Err("empty"),
    };
    if let Err(why) = settle(house, sender, &next, read).await {
        tracing::warn!(event = "mail_not_placed", id = next.id, tries = next.tries + 1, reason = %why);
    }
    Ok(true)
}

/// Counts the attempt before it is made, so that a mail at which the process dies is not tried for ever. `false`: somebody
/// else has it.
async fn take(house: &House, next: &Next) -> Result<bool> {
    let mut tx = house.write(&Actor::robot()).await?;
    if next.tries >= MOST_TRIES {
        tx.run(
            sql!("update inbound_mails set state = 'quarantined', reason = 'failed' where id = $1 and state = 'kept'"),
            params![next.id],
        )
        .await?;
        tx.commit().await?;
        return Ok(false);
    }
    let due = tx.now() + SignedDuration::from_secs(10 * (next.tries + 1));
    let n = tx
        .run(
            sql!("update inbound_mails set tries = tries + 1, due_at = $3 where id = $1 and state = 'kept' and tries = $2"),
            params![next.id, next.tries, due],
        )
        .await?;
    tx.commit().await?;
    Ok(n == 1)
}

async fn settle(
    house: &House,
    sender: &Sender,
    next: &Next,
    read: std::result::Result<Incoming, &'static str>,
) -> Result<()> {
    // What a person wrote is that person's act, though we write it down.
    let actor = match &read {
        Ok(mail) if matches!(mail.kind, Kind::Letter | Kind::Unsubscribe | Kind::Complaint(_)) => {
            Actor::visitor()
        }
        _ => Actor::robot(),
    };
    let mut tx = house.write(&actor).await?;
    let placed = match &read {
        Err(why) => Placed::quarantined(why),
        Ok(mail) => {
            if seen(&mut tx, next.id, mail).await? {
                Placed::done("duplicate")
            } else {
                let context = Context::new(house, sender, next, mail);
                place::place(&mut tx, &context).await?
            }
        }
    };
    if write_down(&mut tx, next.id, read.as_ref().ok(), &placed, MailState::Kept).await? {
        tx.commit().await?;
    }
    Ok(())
}

/// The same mail, out of another mailbox or with another way written at its head. Only what is the same in all its words
/// counts: an id alone could be another's.
async fn seen(tx: &mut Tx, id: i64, mail: &Incoming) -> Result<bool> {
    let Some(content) = content(mail) else { return Ok(false) };
    let known: Option<(i64,)> = tx
        .maybe(sql!("select id from inbound_mails where content = $1 and id <> $2"), params![content, id])
        .await?;
    Ok(known.is_some())
}

fn content(mail: &Incoming) -> Option<String> {
    let id = mail.message_id.as_deref()?;
    let from = mail.from.as_ref().map_or("", |f| f.address.as_str());
    let mut hash = Sha256::new();
    for part in [id, from, &mail.subject, &mail.text, &mail.quoted] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    Some(hex(&hash.finalize()))
}

/// Writes down what became of it, if nobody did in the meantime.
pub(super) async fn write_down(
    tx: &mut Tx,
    id: i64,
    mail: Option<&Incoming>,
    placed: &Placed,
    was: MailState,
) -> Result<bool> {
    let now = tx.now();
    let content = mail.filter(|_| placed.outcome != Some("duplicate")).and_then(content);
    let from = mail.and_then(|m| m.from.as_ref());
    let n = tx
        .run(
            sql!(
                "update inbound_mails set state = $3, outcome = $4, reason = $5, parser = $6, content = coalesce(content, $7),
                     mail_id = $8, from_address = $9, from_name = $10, subject = $11, person_id = $12, dialogue_id = $13,
                     turn_id = $14, read_at = $15
                 where id = $1 and state = $2"
            ),
            params![
                id,
                was,
                placed.state,
                placed.outcome,
                placed.reason,
                PARSER,
                content,
                mail.and_then(|m| m.message_id.as_deref()),
                from.map(|f| f.address.as_str().to_lowercase()),
                from.map(|f| f.name.as_str()),
                mail.map(|m| m.subject.as_str()),
                placed.person,
                placed.dialogue,
                placed.turn,
                now
            ],
        )
        .await?;
    Ok(n == 1)
}
