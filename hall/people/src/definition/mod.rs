//! What it means to be an alumnus: a derived role. It is given by no hand but worked out from other roles by a definition
//! that the institution chooses, versioned, so that every count everywhere rests on the same words. A new version is
//! previewed before it holds, and the old ones stay readable beside the counts that were made with them.
//!
//! A derived role stands in the unit of the roles from which it follows, and a unit may have a definition of its own, as
//! with limits on contact: what holds there is what it and all above it say at once. So a unit that would be looser
//! changes nothing; it is refused all the same, with the reason, since a setting that has no effect is a trap. The
//! alternative, one role of the institution and another of the unit beside it, would have two answers to "is she one?".
//!
//! The role is a row like any other (materialised): lists, segments and reports read it without knowing the rule.

mod derive;
mod meaning;
mod round;
mod rule;

use kring_core::{Error, Result, Timestamp};
use kring_frame::{About, DefinitionChanged, Mark, Permit, PersonId, Tx, UnitId, params, record, sql};

pub use derive::{derive, hear};
pub use meaning::{Meaning, meaning};
pub(crate) use round::run;
pub use round::{DeriveAll, derive_all, nightly};
pub use rule::Rule;

use crate::{roles, units};

record! {
    /// One version of what a role means.
    #[derive(Clone, Debug)]
    pub struct Definition {
        pub kind: String,
        /// Whose it is; `None` is the institution's.
        pub unit: Option<UnitId>,
        pub version: i64,
        rule: String,
        pub note: String,
        pub by: String,
        pub at: Timestamp,
        pub people: Option<i64>,
    }
}

impl Definition {
    /// `None` where a unit took its own back, and follows what is above it again.
    pub fn rule(&self) -> Option<Rule> {
        if self.rule.is_empty() { None } else { Some(serde_json::from_str(&self.rule).unwrap_or_default()) }
    }
}

/// All versions of a kind in a unit, or of the institution, newest first; the first is in force.
pub async fn versions(tx: &mut Tx, kind: &str, unit: Option<UnitId>) -> Result<Vec<Definition>> {
    tx.all(
        sql!(
            "select d.kind, d.unit_id, d.version, d.rule, d.note, a.name, d.at, d.people
             from role_definitions d join actors a on a.id = d.actor_id
             where d.kind = $1 and d.unit_id is not distinct from $2 order by d.version desc"
        ),
        params![kind, unit],
    )
    .await
}

/// How many a rule would make, and how many of these do not have the role now and the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub people: i64,
    pub joins: i64,
    pub leaves: i64,
}

impl Outcome {
    /// How many have the role now.
    pub fn before(&self) -> i64 {
        self.people - self.joins + self.leaves
    }
}

/// What a rule would make of the base, or of a unit with all below it, without changing it. No rule is that of above.
pub async fn preview(
    tx: &mut Tx,
    _permit: &Permit,
    kind: &str,
    unit: Option<UnitId>,
    rule: Option<&Rule>,
) -> Result<Outcome> {
    let meaning = meaning(tx, kind).await?.ok_or(Error::NotFound)?.with(unit, rule);
    let all = units::all(tx).await?;
    let inside = unit.map(|top| units::below(&all, top));
    let counts =
        |at: Option<UnitId>| inside.as_ref().is_none_or(|inside| at.is_some_and(|at| inside.contains(&at)));
    let mut outcome = Outcome::default();
    let mut after = PersonId::new(0);
    loop {
        let page = derive::page_of_roles(tx, after).await?;
        let Some(last) = page.last() else { break };
        after = last.person;
        let today = derive::today(tx);
        for one in page {
            let is = one.places(&meaning, today).iter().any(|(at, _)| counts(*at));
            let was = one.has(kind, counts);
            outcome.people += i64::from(is);
            outcome.joins += i64::from(is && !was);
            outcome.leaves += i64::from(was && !is);
        }
    }
    Ok(outcome)
}

/// Whose definition is meant: the top of the tree is the institution, whose definition is nobody's unit's.
pub async fn place(tx: &mut Tx, unit: Option<UnitId>) -> Result<Option<UnitId>> {
    let Some(unit) = unit else { return Ok(None) };
    let all = units::all(tx).await?;
    let here = all.iter().find(|u| u.id == unit).ok_or(Error::NotFound)?;
    Ok(here.parent.map(|_| unit))
}

/// Whether the actor at work may decide here: a right over a unit reaches what is below it, and the institution's own
/// definition is decided at the top.
pub async fn may_decide(tx: &mut Tx, permit: &Permit, unit: Option<UnitId>) -> Result<bool> {
    let all = units::all(tx).await?;
    let at = unit.or_else(|| all.iter().find(|u| u.parent.is_none()).map(|u| u.id));
    Ok(at.is_some_and(|at| tx.actor().units_of(permit).contains(&at)))
}

/// Whether a rule may hold here: not empty, and for a unit not looser than what holds above it, field by field.
pub async fn check(tx: &mut Tx, kind: &str, unit: Option<UnitId>, rule: &Rule) -> Result<()> {
    if rule.is_empty() {
        return Err(Error::field("kinds", crate::say::rule_empty()));
    }
    let Some(unit) = unit else { return Ok(()) };
    let meaning = meaning(tx, kind).await?.ok_or(Error::NotFound)?;
    let kinds = roles::kinds(tx).await?;
    rule.tightens(&meaning.above(unit), &kinds)
}

/// Brings a new version into force; the roles follow in the background. `before` is the version the editor saw, and no
/// rule takes the unit's own back.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    kind: &str,
    unit: Option<UnitId>,
    before: i64,
    rule: Option<&Rule>,
    note: &str,
) -> Result<i64> {
    let unit = place(tx, unit).await?;
    if !may_decide(tx, permit, unit).await? {
        return Err(Error::NotFound);
    }
    let text = match rule {
        Some(rule) => {
            check(tx, kind, unit, rule).await?;
            serde_json::to_string(rule).map_err(Error::broken)?
        }
        // The institution has nobody above it to follow.
        None if unit.is_none() => return Err(Error::field("kinds", crate::say::rule_empty())),
        None => String::new(),
    };
    let (now, actor) = (tx.now(), tx.actor().id);
    let version = before + 1;
    let new = tx
        .run(
            sql!(
                "insert into role_definitions (kind, unit_id, version, rule, note, actor_id, at)
                 values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing"
            ),
            params![kind, unit, version, text, note, actor, now],
        )
        .await?;
    if new == 0 {
        return Err(Error::Conflict(crate::say::definition_meanwhile()));
    }
    let mark = Mark::changed(permit, "definition");
    let (mark, about) = match unit {
        Some(unit) => (mark.subject(unit.get()), About::default().in_unit(unit)),
        None => (mark, About::default()),
    };
    tx.trail(mark.detail(format!("kind={kind},version={version}"))).await?;
    tx.tell(about, &DefinitionChanged { kind: kind.to_owned(), version }).await?;
    tx.enqueue(&DeriveAll {}).await?;
    Ok(version)
}
