//! From what waits to the other side: one hand at a time for each webhook, so that a system that is down or slow holds up
//! nobody but itself.

use std::time::Instant;

use axum::body::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use jiff::SignedDuration;
use kring_core::{Error, Id, Result, Timestamp};
use kring_fetch::{Answer, Client, Failure, Session, Target};
use kring_frame::{Actor, House, Tx, params, sql};

use crate::{
    hook::{self, GIVE_UP, State, Webhook},
    message::{self, Message, patience},
    secret::Shared,
};

/// So long a hand has a webhook for itself; renewed with every answer. Longer than one request may take.
const LEASE: SignedDuration = SignedDuration::from_secs(60);
/// So many go over one connection before another webhook gets its turn.
const BATCH: u32 = 50;
/// A webhook that does not answer is left alone for at most this long.
const LONGEST_REST: SignedDuration = SignedDuration::from_mins(5);
/// What `Retry-After` may ask for at most.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_hours(24);

/// Tells one webhook what is due for it; `false` when nothing is due for any.
pub async fn step(house: &House, client: &Client) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let Some(id) = next(&mut look).await? else { return Ok(false) };
    let webhook = hook::on(&mut look).await?.into_iter().find(|webhook| webhook.id == id);
    drop(look);
    let Some(webhook) = webhook else { return Ok(true) };
    let mut tx = house.write(&Actor::robot()).await?;
    let now = tx.now();
    let mine = tx
        .run(
            sql!("update webhooks set leased_until = $3 where id = $1 and state = 'on' and leased_until <= $2 and rest_until <= $2"),
            params![id, now, now + LEASE],
        )
        .await?;
    // Another hand was quicker.
    if mine == 0 {
        return Ok(true);
    }
    let due = message::due(&mut tx, id, BATCH).await?;
    let secrets = webhook.secrets(&tx)?;
    tx.commit().await?;
    deliver(house, client, &webhook, &secrets, due).await
}

/// Whose turn it is: of those with something due, the one that was served longest ago.
async fn next(tx: &mut Tx) -> Result<Option<Id<Webhook>>> {
    let now = tx.now();
    let found: Option<(Id<Webhook>,)> = tx
        .maybe(
            sql!(
                "select w.id from webhooks w
                 where w.state = 'on' and w.leased_until <= $1 and w.rest_until <= $1
                   and exists (select 1 from webhook_messages m where m.webhook_id = w.id and m.state = 'waiting' and m.due_at <= $1)
                 order by w.leased_until, w.id limit 1"
            ),
            params![now],
        )
        .await?;
    Ok(found.map(|(id,)| id))
}

async fn deliver(
    house: &House,
    client: &Client,
    webhook: &Webhook,
    secrets: &[Shared],
    due: Vec<Message>,
) -> Result<bool> {
    let mut session: Option<Session> = None;
    for message in due {
        let begun = Instant::now();
        let seconds = house.clock.now().as_second();
        let headers = headers(secrets, &message, seconds)?;
        let said = post(client, webhook, &mut session, headers, &message).await;
        let took = begun.elapsed().as_millis() as i64;
        let mut tx = house.write(&Actor::robot()).await?;
        let goes_on = note(&mut tx, webhook, &message, took, said).await?;
        tx.commit().await?;
        if !goes_on || house.stopping().is_cancelled() {
            break;
        }
    }
    let mut tx = house.write(&Actor::robot()).await?;
    let now = tx.now();
    tx.run(sql!("update webhooks set leased_until = $2 where id = $1"), params![webhook.id, now]).await?;
    tx.commit().await?;
    Ok(true)
}

async fn post(
    client: &Client,
    webhook: &Webhook,
    session: &mut Option<Session>,
    headers: HeaderMap,
    message: &Message,
) -> Result<Answer, Failure> {
    // Read again: what the operator allows may be other than when it was typed.
    let target = Target::read(&webhook.url, client.rules()).map_err(|_| Failure::Inside)?;
    let body = Bytes::from(message.body.clone());
    if let Some(open) = session.as_mut().filter(|open| open.is_open())
        && let Ok(answer) = open.post(&target, headers.clone(), body.clone()).await
    {
        return Ok(answer);
    }
    // A connection that was kept may have been closed at the other side meanwhile; that is no fault of anybody's.
    session.insert(client.open(&target).await?).post(&target, headers, body).await
}

fn headers(secrets: &[Shared], message: &Message, seconds: i64) -> Result<HeaderMap> {
    let name = message.name();
    let signatures: Vec<String> =
        secrets.iter().map(|secret| secret.sign(&name, seconds, &message.body)).collect::<Result<_>>()?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("Kring"));
    for (key, value) in [
        ("webhook-id", name),
        ("webhook-timestamp", seconds.to_string()),
        ("webhook-signature", signatures.join(" ")),
    ] {
        headers.insert(HeaderName::from_static(key), value.parse().map_err(Error::broken)?);
    }
    Ok(headers)
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    Taken,
    /// This message was not wanted; others may be.
    Refused,
    /// Nobody is there, or asks us to wait: nothing else is tried meanwhile.
    Away(Option<SignedDuration>),
    /// It is not there any more, and says so.
    Gone,
}

fn meaning(said: &Result<Answer, Failure>, now: Timestamp) -> Meaning {
    let Ok(answer) = said else { return Meaning::Away(None) };
    match answer.status {
        200..=299 => Meaning::Taken,
        410 => Meaning::Gone,
        429 | 502..=504 => {
            Meaning::Away(answer.retry_after.as_deref().and_then(|after| retry_after(after, now)))
        }
        // Redirects among them: an address that moved is typed anew by somebody who knows where to.
        _ => Meaning::Refused,
    }
}

/// Seconds, or a date as HTTP writes it.
fn retry_after(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let wait = match text.trim().parse::<u32>() {
        Ok(seconds) => SignedDuration::from_secs(seconds.into()),
        Err(_) => jiff::fmt::rfc2822::parse(text.trim()).ok()?.timestamp().duration_since(now),
    };
    Some(wait.clamp(SignedDuration::from_secs(1), LONGEST_WAIT))
}

/// Writes a try down, and what follows from it; whether the next message may be sent at once.
async fn note(
    tx: &mut Tx,
    webhook: &Webhook,
    message: &Message,
    took: i64,
    said: Result<Answer, Failure>,
) -> Result<bool> {
    let now = tx.now();
    let (status, fault) = match &said {
        Ok(answer) => (Some(i64::from(answer.status)), None),
        Err(failure) => (None, Some(failure.code())),
    };
    tx.run(
        sql!(
            "insert into webhook_attempts (message_id, at, took, status, fault)
             select m.id, $2, $3, $4, $5 from webhook_messages m where m.id = $1"
        ),
        params![message.id, now, took, status, fault],
    )
    .await?;
    let meaning = meaning(&said, now);
    if meaning == Meaning::Taken {
        tx.run(
            sql!(
                "update webhook_messages set state = 'delivered', attempts = attempts + 1, done_at = $2 where id = $1"
            ),
            params![message.id, now],
        )
        .await?;
        tx.run(
            sql!(
                "update webhooks set faults = 0, failing_since = null, rest_until = 0, last_ok_at = $2, leased_until = $3
                 where id = $1"
            ),
            params![webhook.id, now, now + LEASE],
        )
        .await?;
        return Ok(true);
    }
    let tries = message.attempts + 1;
    let asked = if let Meaning::Away(asked) = meaning { asked } else { None };
    match patience(tries) {
        Some(wait) => {
            let due = now + asked.unwrap_or(wait);
            tx.run(
                sql!("update webhook_messages set attempts = $2, due_at = $3 where id = $1"),
                params![message.id, tries, due],
            )
            .await?;
        }
        None => {
            tx.run(
                sql!(
                    "update webhook_messages set attempts = $2, state = 'failed', done_at = $3 where id = $1"
                ),
                params![message.id, tries, now],
            )
            .await?;
        }
    }
    let (faults, since): (i64, Option<Timestamp>) = tx
        .one(
            sql!(
                "update webhooks set faults = faults + 1, failing_since = coalesce(failing_since, $2), leased_until = $3
                 where id = $1 returning faults, failing_since"
            ),
            params![webhook.id, now, now + LEASE],
        )
        .await?;
    let state = match meaning {
        Meaning::Gone => State::Gone,
        _ if since.is_some_and(|since| now.duration_since(since) >= GIVE_UP) => State::Failing,
        _ => State::On,
    };
    let rest = match meaning {
        Meaning::Away(asked) => now + asked.unwrap_or_else(|| rest_after(faults)),
        _ => now,
    };
    tx.run(
        sql!("update webhooks set state = $2, rest_until = $3 where id = $1 and state = 'on'"),
        params![webhook.id, state, rest],
    )
    .await?;
    if state != State::On {
        tracing::warn!(event = "webhook_stopped", id = webhook.id.get(), state = state.as_str());
    }
    Ok(meaning == Meaning::Refused && state == State::On)
}

/// Twice as long after every fault, from five seconds to five minutes.
fn rest_after(faults: i64) -> SignedDuration {
    let seconds = 5_i64 << faults.clamp(1, 7).saturating_sub(1);
    SignedDuration::from_secs(seconds).min(LONGEST_REST)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(status: u16, after: Option<&str>) -> Answer {
        Answer { status, retry_after: after.map(str::to_owned) }
    }

    #[test]
    fn what_an_answer_means() {
        let now: Timestamp = "2026-11-30T09:00:00Z".parse().unwrap();
        let seconds = SignedDuration::from_secs;
        for (said, means) in [
            (Ok(said(200, None)), Meaning::Taken),
            (Ok(said(299, None)), Meaning::Taken),
            (Ok(said(301, None)), Meaning::Refused),
            (Ok(said(400, Some("30"))), Meaning::Refused),
            (Ok(said(410, None)), Meaning::Gone),
            (Ok(said(429, Some("120"))), Meaning::Away(Some(seconds(120)))),
            (Ok(said(429, Some("Mon, 30 Nov 2026 09:02:00 GMT"))), Meaning::Away(Some(seconds(120)))),
            (Ok(said(503, Some("999999"))), Meaning::Away(Some(LONGEST_WAIT))),
            (Ok(said(503, Some("soon"))), Meaning::Away(None)),
            (Ok(said(500, None)), Meaning::Refused),
            (Err(Failure::Connect), Meaning::Away(None)),
        ] {
            assert_eq!(meaning(&said, now), means, "{said:?}");
        }
    }

    #[test]
    fn rests_grow_to_five_minutes() {
        let rests: Vec<i64> = [1, 2, 3, 6, 7, 1_000].map(|faults| rest_after(faults).as_secs()).into();
        assert_eq!(rests, [5, 10, 20, 160, 300, 300]);
    }
}
