//! The formula that holds, and those that held: kept in the base, so that the institution decides and not a release.

use std::collections::BTreeSet;

use kring_core::{Error, Fault, Result, Timestamp};
use kring_frame::{House, Mark, Permit, Tx, params, record, sql};

use crate::{
    say,
    score::{Formula, Mode},
};

record! {
    /// A version, newest first in every list.
    #[derive(Clone, Debug)]
    pub struct Version {
        pub number: i64,
        formula: String,
        /// Empty for the one that came with Kring.
        pub reason: String,
        pub by: String,
        pub at: Timestamp,
    }
}

impl Version {
    pub fn formula(&self) -> Result<Formula> {
        serde_json::from_str(&self.formula).map_err(Error::broken)
    }

    /// It came with Kring: nobody here decided it.
    pub fn is_shipped(&self) -> bool {
        self.at.as_millisecond() == 0
    }
}

pub async fn versions(tx: &mut Tx) -> Result<Vec<Version>> {
    tx.all(
        sql!(
            "select f.version, f.formula, f.reason, a.name, f.at from engagement_formulas f join actors a on a.id = f.actor_id
             order by f.version desc"
        ),
        params![],
    )
    .await
}

/// The formula that holds, with the kinds of acts that anybody tells of: all that a score depends on beside the acts.
#[derive(Clone, Debug)]
pub struct Holding {
    pub version: i64,
    pub formula: Formula,
    /// The modes in which something can be done today.
    pub on: BTreeSet<Mode>,
}

/// What holds now.
pub async fn holding(tx: &mut Tx) -> Result<Holding> {
    let (version, text): (i64, String) = tx
        .one(
            sql!("select version, formula from engagement_formulas order by version desc limit 1"),
            params![],
        )
        .await?;
    let formula: Formula = serde_json::from_str(&text).map_err(Error::broken)?;
    let on = formula.modes_with(kinds(tx.house()));
    Ok(Holding { version, formula, on })
}

/// The kinds of acts that some room tells of, each once, in the order of the rooms.
pub fn kinds(house: &House) -> Vec<&'static str> {
    let mut kinds: Vec<&'static str> = Vec::new();
    for act in &house.rooms.own_acts {
        if !kinds.contains(&act.kind) {
            kinds.push(act.kind);
        }
    }
    kinds
}

/// Makes a new version, which holds from now on. `before` is the version that the page showed.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    before: i64,
    formula: &Formula,
    reason: &str,
) -> Result<i64> {
    let old = holding(tx).await?;
    if old.version != before {
        return Err(Error::Conflict(say::formula_meanwhile()));
    }
    check(formula, &kinds(tx.house()))?;
    if *formula == old.formula {
        return Err(Error::field("", say::formula_same()));
    }
    if reason.trim().is_empty() {
        return Err(Error::field("reason", say::formula_reason_missing()));
    }
    let version = before + 1;
    let text = serde_json::to_string(formula).map_err(Error::broken)?;
    let (now, actor) = (tx.now(), tx.actor().id);
    // Two who decide at once write the same number, and the second is told.
    let made = tx
        .run(
            sql!(
                "insert into engagement_formulas (version, formula, reason, actor_id, at) values ($1, $2, $3, $4, $5)
                 on conflict (version) do nothing"
            ),
            params![version, text, reason, actor, now],
        )
        .await?;
    if made == 0 {
        return Err(Error::Conflict(say::formula_meanwhile()));
    }
    tx.trail(Mark::changed(permit, "formula").subject(version)).await?;
    Ok(version)
}

/// What no formula may say, beside the field that says it. The bounds of single numbers are the form's.
pub fn check(formula: &Formula, kinds: &[&str]) -> Result<()> {
    let mut faults = Vec::new();
    for kind in kinds {
        let Some(worth) = formula.kinds.get(*kind) else { continue };
        if worth.cap < worth.points {
            faults.push(Fault { field: format!("cap.{kind}").into(), what: say::cap_below_points() });
        }
    }
    if formula.modes_with(kinds.iter().copied()).is_empty() {
        let field = format!("weight.{}", Mode::Communication.key());
        faults.push(Fault { field: field.into(), what: say::formula_weighs_nothing() });
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

/// The formula as the migration brings it.
#[cfg(test)]
pub fn shipped() -> Formula {
    let sql = include_str!("../migrations/0001_engagement.sql");
    let (from, to) = (sql.find("(1, '").unwrap() + 5, sql.rfind("', '', 1, 0)").unwrap());
    serde_json::from_str(&sql[from..to]).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::Weight;

    #[test]
    fn a_cap_below_one_act_and_a_formula_without_weight_are_refused() {
        let mut formula = shipped();
        assert!(check(&formula, &["question", "survey_answer"]).is_ok());
        formula.kinds.get_mut("question").unwrap().cap = 2;
        // What nobody tells of is not on the form, and no reason to refuse it.
        formula.kinds.get_mut("gift").unwrap().cap = 0;
        formula.modes.insert(Mode::Communication, Weight { weight: 0, k: 1 });
        let Err(Error::Invalid(faults)) = check(&formula, &["question"]) else { panic!("refused") };
        let fields: Vec<&str> = faults.iter().map(|fault| &*fault.field).collect();
        assert_eq!(fields, ["cap.question", "weight.communication"]);
    }
}
