//! Recipes: journeys to begin from, whole and in the languages of the house, so that whoever takes one changes what is theirs
//! and not the craft.

mod after;
mod before;
mod build;
mod during;

use kring_core::{Id, Lang, Result};
use kring_frame::{Permit, Tx, UnitId};

use crate::{
    Words, edit,
    journey::{self, Journey},
    plan::Plan,
};

/// A whole plan, in the words of whoever takes it.
pub struct Recipe {
    pub key: &'static str,
    pub plan: fn(Lang) -> Plan,
}

impl Recipe {
    pub fn name(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}", self.key)).unwrap_or(self.key)
    }
    pub fn note(&self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("recipe-{}-note", self.key)).unwrap_or_default()
    }
}

pub const ALL: &[Recipe] = &[
    Recipe { key: "welcome", plan: before::welcome },
    Recipe { key: "open-day", plan: before::open_day },
    Recipe { key: "hundred-days", plan: during::hundred_days },
    Recipe { key: "diploma", plan: after::diploma },
    Recipe { key: "alumni-year", plan: after::alumni_year },
    Recipe { key: "employer", plan: during::employer },
    Recipe { key: "after-request", plan: during::after_request },
];

pub fn find(key: &str) -> Option<&'static Recipe> {
    ALL.iter().find(|recipe| recipe.key == key)
}

/// Takes a recipe: a draft of a unit's own, in the words of whoever takes it.
pub async fn take(
    tx: &mut Tx,
    permit: &Permit,
    unit: UnitId,
    recipe: &Recipe,
    name: &str,
    lang: Lang,
) -> Result<Id<Journey>> {
    let plan = edit::settled(tx, (recipe.plan)(lang), unit).await?;
    journey::make(tx, permit, unit, name, recipe.note(lang), &plan).await
}
