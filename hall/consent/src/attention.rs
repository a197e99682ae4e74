//! The budget of attention: how often one person may be approached, over all departments together. The numbers
//! are the institution's defaults; a unit may only tighten them.

use jiff::{SignedDuration, tz::TimeZone};
use kring_core::{Result, Timestamp};
use kring_db::stored;
use kring_frame::{PersonId, Saying, Tx, UnitId, params, sql};

use crate::{
    Quiet,
    policy::{self, Limit},
    say,
};

stored! {
    /// What uses up attention. Answers to what somebody asked do not, and are not here.
    pub enum Approach {
        PromotionMail = "promotion_mail",
        PromotionCall = "promotion_call",
        Ask = "ask",
        Survey = "survey",
    }
}

/// At most `most` in any `days` days, and never within `gap_days` of the one before.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    pub most: i64,
    pub days: i64,
    pub gap_days: i64,
}

impl Cap {
    /// What it says at a moment, given when somebody was approached before: the rule itself, for whoever only tries.
    pub fn grants(&self, before: &[Timestamp], at: Timestamp) -> Grant {
        let since = |n: i64| before.iter().filter(|was| **was > at - days(n) && **was <= at).count();
        if i64::try_from(since(self.days)).unwrap_or(i64::MAX) >= self.most {
            return Grant::Refused(say::over_cap(self.most, self.days));
        }
        if self.gap_days > 0 && since(self.gap_days) > 0 {
            return Grant::Refused(say::too_soon(self.gap_days));
        }
        Grant::Granted
    }
}

/// The cap as it holds for whoever asks: the institution's, or that of a unit which has tightened it.
pub async fn cap(tx: &mut Tx, approach: Approach, unit: Option<UnitId>) -> Result<Cap> {
    let limits = policy::of(tx, unit).await?;
    let of = |limit: Limit| limits.iter().find(|h| h.limit == limit).map_or(limit.shipped(), |h| h.value);
    Ok(match approach {
        Approach::PromotionMail => Cap { most: of(Limit::PromotionMailMonth), days: 30, gap_days: 0 },
        Approach::PromotionCall => Cap { most: of(Limit::PromotionCallYear), days: 365, gap_days: 30 },
        Approach::Ask => Cap { most: of(Limit::AskYear), days: 365, gap_days: 0 },
        Approach::Survey => {
            Cap { most: of(Limit::SurveyYear), days: 365, gap_days: of(Limit::SurveyGapDays) }
        }
    })
}

/// What the budget says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    Granted,
    /// Over the cap: a decision with a reason, never a silent queue.
    Refused(Saying),
}

/// Reserves one approach, in the caller's transaction; committed, it counts, whatever becomes of the message.
/// `claim` names what it is for: asked twice for the same, it is granted once and counted once. `unit` is who approaches:
/// its limits hold, and to it the approach is reckoned.
pub async fn reserve(
    tx: &mut Tx,
    person: PersonId,
    approach: Approach,
    unit: Option<UnitId>,
    claim: &str,
) -> Result<Grant> {
    // Whoever reserves for the same person waits here, so that two cannot both take the last place.
    tx.run(
        sql!(
            "insert into attention_locks (person_id, turn) values ($1, 1)
             on conflict (person_id) do update set turn = attention_locks.turn + 1"
        ),
        params![person],
    )
    .await?;
    let known: Option<(i64,)> =
        tx.maybe(sql!("select id from attention where claim = $1"), params![claim]).await?;
    if known.is_some() {
        return Ok(Grant::Granted);
    }
    if let refused @ Grant::Refused(_) = ask(tx, person, approach, unit).await? {
        return Ok(refused);
    }
    let now = tx.now();
    tx.run(
        sql!("insert into attention (person_id, kind, claim, at, unit_id) values ($1, $2, $3, $4, $5)"),
        params![person, approach, claim, now, unit],
    )
    .await?;
    Ok(Grant::Granted)
}

/// What the budget would say now, without taking from it: for deciding whether to begin at all.
pub async fn ask(tx: &mut Tx, person: PersonId, approach: Approach, unit: Option<UnitId>) -> Result<Grant> {
    let now = tx.now();
    let cap = cap(tx, approach, unit).await?;
    let (used, last): (i64, Option<Timestamp>) = tx
        .one(
            sql!("select count(*), max(at) from attention where person_id = $1 and kind = $2 and at > $3"),
            params![person, approach, now - days(cap.days)],
        )
        .await?;
    if used >= cap.most {
        return Ok(Grant::Refused(say::over_cap(cap.most, cap.days)));
    }
    if last.is_some_and(|last| last > now - days(cap.gap_days)) {
        return Ok(Grant::Refused(say::too_soon(cap.gap_days)));
    }
    Ok(Grant::Granted)
}

/// When somebody was approached in this way since a moment, oldest first.
pub async fn approached(
    tx: &mut Tx,
    person: PersonId,
    approach: Approach,
    since: Timestamp,
) -> Result<Vec<Timestamp>> {
    let found: Vec<(Timestamp,)> = tx
        .all(
            sql!("select at from attention where person_id = $1 and kind = $2 and at > $3 order by at"),
            params![person, approach, since],
        )
        .await?;
    Ok(found.into_iter().map(|(at,)| at).collect())
}

/// How often somebody was approached in this way in the last days.
pub async fn spent(tx: &mut Tx, person: PersonId, approach: Approach, in_days: i64) -> Result<i64> {
    let since = tx.now() - days(in_days);
    let (used,) = tx
        .one(
            sql!("select count(*) from attention where person_id = $1 and kind = $2 and at > $3"),
            params![person, approach, since],
        )
        .await?;
    Ok(used)
}

/// How many of the last 365 days, for the counter on a person's page: used and allowed.
pub async fn spent_this_year(tx: &mut Tx, person: PersonId, approach: Approach) -> Result<(i64, i64)> {
    let used = spent(tx, person, approach, 365).await?;
    Ok((used, cap(tx, approach, None).await?.most))
}

/// The first moment at or after `from` outside the quiet hours of the house, for whoever reckons without a person. What goes
/// to somebody asks [`crate::quiet_of`] for theirs. Answers go at once.
pub fn after_quiet_hours(from: Timestamp, zone: &TimeZone) -> Timestamp {
    Quiet::HOUSE.after(from, zone)
}

fn days(n: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * n)
}
