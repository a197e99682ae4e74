//! The pages of people and organisations. Thin: they read a form, call a verb, and show or send on.

mod bulk;
mod data;
mod definition;
mod edit;
mod list;
mod organisation;
mod organisation_edit;
mod own;
mod panels;
mod person;
mod search;
mod story;

use kring_core::{Lang, Result};
use kring_frame::{Route, Tx, UnitId, params, sql};
use kring_web::Choice;

use crate::{roles, units};

pub(crate) use data::read_address;
pub use list::filter_of;
pub use panels::{relations, sources};

pub fn routes() -> Vec<Route> {
    [
        bulk::routes(),
        list::routes(),
        edit::routes(),
        person::routes(),
        data::routes(),
        definition::routes(),
        organisation::routes(),
        organisation_edit::routes(),
        search::routes(),
    ]
    .concat()
}

/// The kinds of role of one sort of party, for a field.
pub(crate) fn kind_choices(kinds: &[roles::Kind], party: &str, lang: Lang) -> Vec<Choice> {
    kinds.iter().filter(|k| k.party == party).map(|k| Choice::new(&k.key, k.name(lang))).collect()
}

/// The names of kinds that stand apart by blanks, as a statement gives them.
pub fn kind_names(kinds: &[roles::Kind], keys: Option<&str>, lang: Lang) -> Vec<String> {
    let of = |key: &str| kinds.iter().find(|k| k.key == key).map_or(key, |k| k.name(lang)).to_owned();
    keys.unwrap_or_default().split(' ').filter(|k| !k.is_empty()).map(of).collect()
}

/// All units by name, for a field, with the tree as dashes.
pub(crate) async fn unit_choices(tx: &mut Tx, lang: Lang) -> Result<Vec<Choice>> {
    let all = units::all(tx).await?;
    let depth = |mut id: UnitId| {
        let mut deep = 0;
        while let Some(parent) = all.iter().find(|u| u.id == id).and_then(|u| u.parent) {
            deep += 1;
            id = parent;
        }
        deep
    };
    Ok(all
        .iter()
        .map(|u| Choice::new(u.id.to_string(), format!("{}{}", "– ".repeat(depth(u.id)), u.name(lang))))
        .collect())
}

/// Colleagues who can keep a relation.
pub(crate) async fn colleagues(tx: &mut Tx) -> Result<Vec<Choice>> {
    let found: Vec<(i64, String)> =
        tx.all(sql!("select id, name from actors where kind = 'staff' order by name, id"), params![]).await?;
    Ok(found.into_iter().map(|(id, name)| Choice::new(id.to_string(), name)).collect())
}
