//! Limits on contact and on keeping a relation to oneself, as the institution sets them and its units tighten them. What holds in a unit is the tightest of what it
//! and all above it say, so a unit that would loosen a limit changes nothing; it is refused all the same, with the reason,
//! since a setting that has no effect is a trap.

use kring_core::{Error, Result};
use kring_db::stored;
use kring_frame::{Mark, Permit, Tx, UnitId, params, sql};
use kring_people::units;

use crate::say;

stored! {
    /// A limit. Lower is tighter for all but the gap, of which more is tighter.
    pub enum Limit {
        PromotionMailMonth = "promotion_mail_month",
        PromotionCallYear = "promotion_call_year",
        AskYear = "ask_year",
        SurveyYear = "survey_year",
        SurveyGapDays = "survey_gap_days",
        /// So many days at most somebody may say that they are in contact now.
        ClaimDays = "claim_days",
    }
}

impl Limit {
    /// What holds where nobody has set it.
    pub const fn shipped(self) -> i64 {
        match self {
            Self::PromotionMailMonth => 2,
            Self::PromotionCallYear => 6,
            Self::AskYear | Self::SurveyYear => 4,
            Self::SurveyGapDays => 30,
            Self::ClaimDays => 92,
        }
    }

    const fn tighter(self, one: i64, other: i64) -> i64 {
        let lower = if one < other { one } else { other };
        match self {
            Self::SurveyGapDays => one + other - lower,
            _ => lower,
        }
    }
}

/// A limit as it holds in a unit, and where it was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holds {
    pub limit: Limit,
    pub value: i64,
    /// The unit that set it; `None` is as shipped.
    pub by: Option<UnitId>,
    /// What the unit itself says, tight or not.
    pub own: Option<i64>,
}

/// All limits as they hold in a unit, or in the institution as a whole.
pub async fn of(tx: &mut Tx, unit: Option<UnitId>) -> Result<Vec<Holds>> {
    let all = units::all(tx).await?;
    let top = all.iter().find(|u| u.parent.is_none()).map(|u| u.id);
    let mut way: Vec<UnitId> = Vec::new();
    let mut at = unit.or(top);
    while let Some(id) = at.filter(|id| !way.contains(id)) {
        way.push(id);
        at = all.iter().find(|u| u.id == id).and_then(|u| u.parent);
    }
    way.reverse();
    let set: Vec<(UnitId, String, i64)> =
        tx.all(sql!("select unit_id, limit_key, value from contact_policy"), params![]).await?;
    let said = |id: UnitId, limit: Limit| {
        set.iter().find(|(unit, key, _)| *unit == id && *key == limit.as_str()).map(|(_, _, value)| *value)
    };
    Ok(Limit::ALL
        .iter()
        .map(|limit| {
            let mut holds = Holds { limit: *limit, value: limit.shipped(), by: None, own: None };
            for id in &way {
                if let Some(value) = said(*id, *limit) {
                    // The top of the tree is the institution: it may set as it likes.
                    let tightest = if Some(*id) == top { value } else { limit.tighter(holds.value, value) };
                    if tightest != holds.value || Some(*id) == top {
                        holds.by = Some(*id);
                    }
                    holds.value = tightest;
                }
            }
            holds.own = unit.or(top).and_then(|id| said(id, *limit));
            holds
        })
        .collect())
}

/// One limit as it holds in a unit.
pub async fn limit(tx: &mut Tx, unit: Option<UnitId>, limit: Limit) -> Result<i64> {
    Ok(of(tx, unit).await?.into_iter().find(|h| h.limit == limit).map_or(limit.shipped(), |h| h.value))
}

/// Sets a limit for a unit and all below it; `None` takes the unit's own away. A unit that would loosen what holds above
/// it is refused, with what holds.
pub async fn set(tx: &mut Tx, permit: &Permit, unit: UnitId, limit: Limit, value: Option<i64>) -> Result<()> {
    let all = units::all(tx).await?;
    let Some(here) = all.iter().find(|u| u.id == unit) else { return Err(Error::NotFound) };
    let Some(value) = value else {
        tx.run(
            sql!("delete from contact_policy where unit_id = $1 and limit_key = $2"),
            params![unit, limit],
        )
        .await?;
        return noted(tx, permit, unit, limit, "inherits").await;
    };
    if !(0..=366).contains(&value) {
        return Err(Error::field(limit.as_str(), say::limit_range()));
    }
    if let Some(parent) = here.parent {
        let above = self::limit(tx, Some(parent), limit).await?;
        if limit.tighter(above, value) != value {
            return Err(Error::field(limit.as_str(), say::limit_loosens(above)));
        }
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into contact_policy (unit_id, limit_key, value, actor_id, at) values ($1, $2, $3, $4, $5)
             on conflict (unit_id, limit_key) do update set value = excluded.value, actor_id = excluded.actor_id, at = excluded.at"
        ),
        params![unit, limit, value, actor, now],
    )
    .await?;
    noted(tx, permit, unit, limit, &value.to_string()).await
}

async fn noted(tx: &mut Tx, permit: &Permit, unit: UnitId, limit: Limit, value: &str) -> Result<()> {
    let mark = Mark::changed(permit, "policy").subject(unit.get());
    tx.trail(mark.detail(format!("{limit}={value}"))).await
}
