//! Who was erased must not come back by an old list. What is kept of them is keyed hashes: of each address and code, and
//! of name with day of birth. Somebody who writes to us themselves is welcome: only lists and other systems ask here.

use std::collections::HashSet;

use jiff::civil::Date;
use kring_core::Result;
use kring_db::two_faces;
use kring_frame::{House, PersonId, Tx, fingerprint, params, sql};
use kring_lang::names::{PersonName, fold};

use crate::{contact, person};

/// The marks by which somebody would be known again.
pub fn marks<'a>(
    house: &House,
    name: &PersonName,
    birth: Option<Date>,
    values: impl Iterator<Item = &'a str>,
) -> Vec<String> {
    let mut marks: Vec<String> =
        values.filter(|v| !v.is_empty()).map(|v| fingerprint(house, &format!("tombstone/{v}"))).collect();
    if let Some(birth) = birth
        && !name.display().is_empty()
    {
        marks.push(fingerprint(house, &format!("tombstone/{}/{birth}", fold(&name.display()))));
    }
    marks
}

/// Leaves the marks of somebody who is about to be forgotten.
pub async fn leave(tx: &mut Tx, id: PersonId) -> Result<()> {
    let house = tx.house().clone();
    let p = person::load(tx, id).await?;
    let contacts = contact::of(tx, id).await?;
    let codes: Vec<(String,)> =
        tx.all(sql!("select value from identifiers where person_id = $1"), params![id]).await?;
    let values = contacts.iter().map(|c| c.canonical.as_str()).chain(codes.iter().map(|c| c.0.as_str()));
    let now = tx.now();
    let sets = marks(&house, &p.name(), p.birth_date, values).into_iter().map(|m| params![m, now]).collect();
    tx.many(sql!("insert into suppressions (hash, at) values ($1, $2) on conflict (hash) do nothing"), sets)
        .await
        .map(drop)
}

/// Whether one of these marks is of somebody who was erased.
pub async fn holds(tx: &mut Tx, marks: &[String]) -> Result<bool> {
    for mark in marks {
        let found: Option<(i64,)> =
            tx.maybe(sql!("select at from suppressions where hash = $1"), params![mark]).await?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Which of many marks are of somebody who was erased: one look for a page of a list.
pub async fn among(tx: &mut Tx, marks: &[String]) -> Result<HashSet<String>> {
    let mut held = HashSet::new();
    for some in marks.chunks(5_000) {
        // Hexadecimal digits only, so they need no escaping.
        let bind = format!("[{}]", some.iter().map(|m| format!("\"{m}\"")).collect::<Vec<_>>().join(","));
        let found: Vec<(String,)> = tx
            .all(
                two_faces!(
                    sqlite: "select s.hash from json_each($1) j join suppressions s on s.hash = j.value",
                    postgres: "select s.hash from json_array_elements_text($1::text::json) j join suppressions s on s.hash = j",
                ),
                params![bind],
            )
            .await?;
        held.extend(found.into_iter().map(|(hash,)| hash));
    }
    Ok(held)
}
