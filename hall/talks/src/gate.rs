//! What stands between letters and DATA. Many pass together, in one transaction; what each must pass is the same as if it
//! stood there alone.

use std::{
    collections::{BTreeMap, HashMap},
    time::Instant,
};

use jiff::SignedDuration;
use kring_consent::{Channel, Claim, Grant, MessageClass, Verdict, facts_of_many, may, reserve_many};
use kring_core::{Error, Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{About, Envelope, PersonId, Purpose, Still, Tx, params, sql};
use kring_people::contact;
use kring_post::MessageId;

use crate::{
    fate,
    message::{self, Message, MessageState, Standing},
    warm::{self, WarmUp},
};

/// When what is paused is looked at again; going on rings at once, so this only bounds how often it is looked at in vain.
pub(crate) const PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// A message that wants to pass, and what is kept of its letter when it does.
pub(crate) struct Ask {
    pub message: Message,
    pub mail_id: MessageId,
    pub subject: String,
    pub kept: String,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Gate {
    /// Open; permission was read not before this moment.
    Open(Instant),
    Shut,
}

/// What is known of a message while the gate decides.
enum Says {
    Go,
    /// Not now, for this reason; planned again for then.
    Later(Timestamp, Option<&'static str>),
    No(&'static str),
    /// No longer in our hands.
    Gone,
}

/// Who asks, and whither it would go.
pub(crate) struct At<'a> {
    pub node: i64,
    pub relay: &'a str,
    pub warm_up: Option<&'a WarmUp>,
}

/// The transaction before DATA: permission, budget, epoch, claim; and the record that from here on nobody may say it was not
/// sent. The caller commits in any case. Answers in the order in which it was asked.
pub(crate) async fn gates(tx: &mut Tx, at: &At<'_>, asks: &[&Ask]) -> Result<Vec<Gate>> {
    let begun = Instant::now();
    let messages: Vec<&Message> = asks.iter().map(|ask| &ask.message).collect();
    let standing = message::standing(tx).await?;
    let mut says = ours(tx, at.node, standing.epoch, &messages).await?;
    still(tx, &standing, &messages, &mut says).await?;
    permitted(tx, &messages, &mut says).await?;
    within_the_day(tx, at.warm_up, &messages, &mut says).await?;
    within_budget(tx, &messages, &mut says).await?;
    let now = tx.now();
    let mut passing = Vec::new();
    for (ask, says) in asks.iter().zip(&says) {
        let m = &ask.message;
        match says {
            Says::Go => passing.push(params![
                m.id,
                m.fence,
                ask.mail_id.as_str(),
                at.relay,
                &ask.subject,
                &ask.kept,
                now
            ]),
            Says::Later(due, reason) => fate::later(tx, m, *due, *reason).await?,
            Says::No(reason) => fate::refuse(tx, m, reason).await?,
            Says::Gone => {}
        }
    }
    let of = passing.len() as u64;
    let passed = tx
        .many(
            sql!(
                "update messages set state = 'data', mail_id = $3, relay = $4, subject = $5, body = $6, handed_at = $7, reason = null
                 where id = $1 and fence = $2 and state = 'claimed'"
            ),
            passing,
        )
        .await?;
    if passed != of {
        return Err(Error::broken("a message was moved while it passed the gate"));
    }
    Ok(says
        .iter()
        .map(|says| if matches!(says, Says::Go) { Gate::Open(begun) } else { Gate::Shut })
        .collect())
}

/// Whether each is still claimed by us, in this epoch; held for this transaction.
async fn ours(tx: &mut Tx, node: i64, epoch: i64, messages: &[&Message]) -> Result<Vec<Says>> {
    let ids: Vec<i64> = messages.iter().map(|m| m.id).collect();
    let found: Vec<(i64, i64, Option<i64>, Option<i64>, MessageState)> = tx
        .all(
            two_faces!(
                sqlite: "select m.id, m.fence, m.node_id, m.epoch, m.state from json_each($1) j cross join messages m where m.id = j.value",
                postgres: "select id, fence, node_id, epoch, state from messages
                     where id in (select j::bigint from json_array_elements_text($1::text::json) j) order by id for update",
            ),
            params![serde_json::to_string(&ids).map_err(Error::broken)?],
        )
        .await?;
    let found: HashMap<i64, _> = found.into_iter().map(|row| (row.0, row)).collect();
    let ours = |m: &&Message| {
        found.get(&m.id).is_some_and(|(_, fence, by, of, state)| {
            *fence == m.fence && *by == Some(node) && *of == Some(epoch) && *state == MessageState::Claimed
        })
    };
    Ok(messages.iter().map(|m| if ours(m) { Says::Go } else { Says::Gone }).collect())
}

/// Nothing goes while the house is held or its sending is stopped, nor for a room that has thought better of it.
async fn still(tx: &mut Tx, standing: &Standing, messages: &[&Message], says: &mut [Says]) -> Result<()> {
    let answers = stills(tx, standing.stopped, messages).await?;
    let pause = tx.now() + PAUSE;
    for (says, answer) in says.iter_mut().zip(answers) {
        match (&says, answer) {
            (Says::Go, _) if standing.held => *says = Says::Later(pause, None),
            (Says::Go, Still::Later) => *says = Says::Later(pause, None),
            (Says::Go, Still::Never) => *says = Says::No("stopped"),
            _ => {}
        }
    }
    Ok(())
}

async fn permitted(tx: &mut Tx, messages: &[&Message], says: &mut [Says]) -> Result<()> {
    for ((purpose, channel), places) in grouped(messages, |m| (m.purpose.as_str(), m.channel.as_str())) {
        let (purpose, channel) = read(purpose, channel)?;
        let people: Vec<PersonId> = pick(messages, &places).map(|m| m.person).collect();
        let facts = facts_of_many(tx, &people, purpose, channel, None).await?;
        for place in places {
            let (Some(m), Some(says)) = (messages.get(place), says.get_mut(place)) else { continue };
            if !matches!(says, Says::Go) {
                continue;
            }
            let facts = facts.get(&m.person).ok_or(Error::NotFound)?;
            let verdict = may(facts, purpose, channel, m.class);
            if !verdict.allowed {
                *says = Says::No(first_reason(tx, m, &verdict).await?);
            }
        }
    }
    Ok(())
}

async fn within_the_day(
    tx: &mut Tx,
    plan: Option<&WarmUp>,
    messages: &[&Message],
    says: &mut [Says],
) -> Result<()> {
    let going = going(says);
    let classes: Vec<MessageClass> = pick(messages, &going).map(|m| m.class).collect();
    let goes = warm::count(tx, plan, &classes).await?;
    let tomorrow = warm::tomorrow(tx);
    for (place, goes) in going.into_iter().zip(goes) {
        if let (Some(says), false) = (says.get_mut(place), goes) {
            *says = Says::Later(tomorrow, Some("warm-up"));
        }
    }
    Ok(())
}

async fn within_budget(tx: &mut Tx, messages: &[&Message], says: &mut [Says]) -> Result<()> {
    let (mut places, mut claims) = (Vec::new(), Vec::new());
    for place in going(says) {
        if let Some(m) = messages.get(place)
            && let Some(approach) = m.approach
        {
            places.push(place);
            let name = format!("message/{}", m.id);
            claims.push(Claim { person: m.person, approach, unit: m.unit, name });
        }
    }
    if claims.is_empty() {
        return Ok(());
    }
    let grants = reserve_many(tx, &claims).await?;
    for (place, grant) in places.into_iter().zip(grants) {
        if let (Some(says), Grant::Refused(why)) = (says.get_mut(place), grant) {
            *says = Says::No(why.code);
        }
    }
    Ok(())
}

fn going(says: &[Says]) -> Vec<usize> {
    let going = says.iter().enumerate().filter(|(_, says)| matches!(says, Says::Go));
    going.map(|(place, _)| place).collect()
}

pub(crate) fn pick<'a>(messages: &'a [&Message], places: &'a [usize]) -> impl Iterator<Item = &'a Message> {
    places.iter().filter_map(|place| messages.get(*place).copied())
}

/// The places of those that are alike in something, in a fixed order.
pub(crate) fn grouped<'a, K: Ord>(
    messages: &[&'a Message],
    of: impl Fn(&'a Message) -> K,
) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for (place, m) in messages.iter().enumerate() {
        groups.entry(of(m)).or_default().push(place);
    }
    groups
}

pub(crate) fn read(purpose: &str, channel: &str) -> Result<(Purpose, Channel)> {
    let both = purpose.parse().ok().zip(channel.parse().ok());
    both.ok_or_else(|| Error::broken("a purpose or a channel that cannot be read again"))
}

/// Whether messages may still go: the house has not stopped everything of their kind, and the rooms that asked for them say so.
pub(crate) async fn stills(tx: &mut Tx, stopped: bool, messages: &[&Message]) -> Result<Vec<Still>> {
    let house = tx.house().clone();
    let mut answers = vec![Still::Go; messages.len()];
    for (kind, places) in grouped(messages, |m| m.kind.as_str()) {
        let envelopes: Vec<Envelope> = pick(messages, &places).map(envelope).collect();
        let said = house.rooms.stills(tx, kind, &envelopes).await?;
        for (place, said) in places.into_iter().zip(said) {
            if let (Some(answer), Some(m)) = (answers.get_mut(place), messages.get(place)) {
                *answer = if stopped && !m.serves() { Still::Later } else { said };
            }
        }
    }
    Ok(answers)
}

/// Why it may not go, as a code. No address is not the same as one that mail came back from: the second can be asked for.
pub(crate) async fn first_reason(tx: &mut Tx, m: &Message, verdict: &Verdict) -> Result<&'static str> {
    let first = verdict.reasons.first().map_or("refused", |r| r.code);
    let dead = first == "no-mail-address" && contact::has_dead_email(tx, m.person).await?;
    Ok(if dead { "bad-address" } else { first })
}

pub(crate) fn envelope(m: &Message) -> Envelope {
    Envelope { message: m.id, person: m.person, subject: m.subject_id }
}

pub(crate) fn about(m: &Message) -> About {
    About { person: Some(m.person), unit: m.unit, subject: Some(m.id), ..About::default() }
}
