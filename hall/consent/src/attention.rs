//! The budget of attention: how often one person may be approached, over all departments together. The numbers
//! are the institution's defaults; a unit may only tighten them.

use std::collections::{HashMap, HashSet, hash_map::Entry};

use jiff::{SignedDuration, tz::TimeZone};
use kring_core::{Error, Result, Timestamp};
use kring_db::{stored, two_faces};
use kring_frame::{PersonId, Purpose, Saying, Tx, UnitId, params, sql};

use crate::{
    Quiet,
    many::listed,
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

impl Approach {
    /// What a mail that we begin takes from somebody's patience; what serves them or the law takes nothing.
    pub const fn of_mail(purpose: Purpose) -> Option<Self> {
        match purpose {
            Purpose::Marketing | Purpose::Alumni | Purpose::Orientation => Some(Self::PromotionMail),
            Purpose::Research => Some(Self::Survey),
            _ => None,
        }
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

/// One approach to be reserved.
#[derive(Clone, Debug)]
pub struct Claim {
    pub person: PersonId,
    pub approach: Approach,
    /// Who approaches: its limits hold, and to it the approach is reckoned.
    pub unit: Option<UnitId>,
    /// What it is for: asked twice for the same, it is granted once and counted once.
    pub name: String,
}

/// Reserves one approach, in the caller's transaction; committed, it counts, whatever becomes of the message.
pub async fn reserve(
    tx: &mut Tx,
    person: PersonId,
    approach: Approach,
    unit: Option<UnitId>,
    claim: &str,
) -> Result<Grant> {
    let claim = Claim { person, approach, unit, name: claim.to_owned() };
    let grants = reserve_many(tx, std::slice::from_ref(&claim)).await?;
    grants.into_iter().next().ok_or_else(|| Error::broken("a claim was not answered"))
}

/// Reserves for many people, with a few statements for all; answers in the order of the claims. What stands earlier in the
/// list counts against what stands later, as if each had been reserved by itself.
pub async fn reserve_many(tx: &mut Tx, claims: &[Claim]) -> Result<Vec<Grant>> {
    // Whoever reserves for the same person waits here, so that two cannot both take the last place; always in the same order,
    // so that two who reserve for many never wait for each other.
    let mut people: Vec<PersonId> = claims.iter().map(|claim| claim.person).collect();
    people.sort_unstable();
    people.dedup();
    tx.many(
        sql!(
            "insert into attention_locks (person_id, turn) values ($1, 1)
             on conflict (person_id) do update set turn = attention_locks.turn + 1"
        ),
        people.iter().map(|person| params![*person]).collect(),
    )
    .await?;
    let mut caps: HashMap<(Approach, Option<UnitId>), Cap> = HashMap::new();
    for claim in claims {
        if let Entry::Vacant(new) = caps.entry((claim.approach, claim.unit)) {
            new.insert(cap(tx, claim.approach, claim.unit).await?);
        }
    }
    let now = tx.now();
    // The longest that any of the caps looks back.
    let since = now - days(caps.values().map(|cap| cap.days.max(cap.gap_days)).max().unwrap_or(0));
    let (mut spent, mut known) = spent_since(tx, &people, since).await?;
    let (mut grants, mut granted) = (Vec::with_capacity(claims.len()), Vec::new());
    for claim in claims {
        if known.contains(&claim.name) {
            grants.push(Grant::Granted);
            continue;
        }
        let before = spent.entry((claim.person, claim.approach)).or_default();
        // A clock that was set back makes nobody less approached than they were.
        let counted: Vec<Timestamp> = before.iter().map(|was| (*was).min(now)).collect();
        let grant = match caps.get(&(claim.approach, claim.unit)) {
            Some(cap) => cap.grants(&counted, now),
            None => return Err(Error::broken("a cap was not read")),
        };
        if grant == Grant::Granted {
            before.push(now);
            known.insert(claim.name.clone());
            granted.push(params![claim.person, claim.approach, &claim.name, now, claim.unit]);
        }
        grants.push(grant);
    }
    tx.many(
        // One that was granted before the caps look back is there already, and counts no second time.
        sql!(
            "insert into attention (person_id, kind, claim, at, unit_id) values ($1, $2, $3, $4, $5) on conflict (claim) do nothing"
        ),
        granted,
    )
    .await?;
    Ok(grants)
}

type Spent = HashMap<(PersonId, Approach), Vec<Timestamp>>;

/// When each of these people was approached, in which way, and for what.
async fn spent_since(tx: &mut Tx, people: &[PersonId], since: Timestamp) -> Result<(Spent, HashSet<String>)> {
    let rows: Vec<(PersonId, Approach, Timestamp, String)> = tx
        .all(
            two_faces!(
                sqlite: "select a.person_id, a.kind, a.at, a.claim from json_each($1) j cross join attention a
                     where a.person_id = j.value and a.at > $2",
                postgres: "select a.person_id, a.kind, a.at, a.claim from json_array_elements_text($1::text::json) j
                     join attention a on a.person_id = j::bigint where a.at > $2",
            ),
            [vec![listed(people)?], params![since]].concat(),
        )
        .await?;
    let (mut spent, mut known) = (Spent::new(), HashSet::new());
    for (person, approach, at, claim) in rows {
        spent.entry((person, approach)).or_default().push(at);
        known.insert(claim);
    }
    Ok((spent, known))
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
