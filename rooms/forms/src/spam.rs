//! What is most likely not from a person, told without asking a third party anything and without a puzzle. Nothing that looks so
//! is thrown away: it waits for a colleague.

use jiff::{SignedDuration, Timestamp};
use kring_core::{Error, Id, Result};
use kring_frame::{Visit, fingerprint};

use crate::{answers::Answers, piece::Piece};

/// Nobody reads and fills in a form in less.
const FASTEST: SignedDuration = SignedDuration::from_secs(3);
/// From one network in an hour: beyond the first number an answer is looked at, beyond the second none is taken in. A class that
/// fills in a form together is thirty.
const MANY: i64 = 40;
const TOO_MANY: i64 = 200;
const HOUR: SignedDuration = SignedDuration::from_hours(1);
/// Addresses in one text. People paste one, perhaps two.
const LINKS: usize = 3;

/// When the form was given out, signed, so that nobody can say it was earlier.
pub fn stamp(v: &Visit, form: Id<Piece>, now: Timestamp) -> String {
    let at = now.as_millisecond();
    format!("{at}-{}", signature(v, form, at))
}

fn signature(v: &Visit, form: Id<Piece>, at: i64) -> String {
    fingerprint(&v.house, &format!("forms/began/{form}/{at}"))
}

/// Why an answer is held, as a code; `None` for nearly all.
pub fn suspicion(
    v: &Visit,
    form: Id<Piece>,
    now: Timestamp,
    stamp: &str,
    trap: &str,
    answers: &Answers,
) -> Option<&'static str> {
    if !trap.is_empty() {
        return Some("trap");
    }
    let began = stamp.split_once('-').and_then(|(at, signed)| {
        let at: i64 = at.parse().ok()?;
        (signature(v, form, at) == signed).then(|| Timestamp::from_millisecond(at).ok())?
    });
    let Some(began) = began else { return Some("unsigned") };
    if now.duration_since(began) < FASTEST {
        return Some("fast");
    }
    let links = |text: &str| text.matches("http://").count() + text.matches("https://").count();
    if answers.iter().any(|(_, _, value)| links(value) >= LINKS) {
        return Some("links");
    }
    None
}

/// Counts an answer from this network; `true` when there have been many.
pub async fn knock(v: &Visit, form: Id<Piece>) -> Result<bool> {
    let network = v.network();
    let mut tx = v.house.write(&v.actor).await?;
    let all = tx.knock(&format!("forms/network/{network}"), TOO_MANY, HOUR).await;
    let here = tx.knock(&format!("forms/{form}/{network}"), MANY, HOUR).await;
    tx.commit().await?;
    all?;
    match here {
        Ok(()) => Ok(false),
        Err(Error::TooMany(_)) => Ok(true),
        Err(why) => Err(why),
    }
}
