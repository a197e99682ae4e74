//! Keys that two records of one person share: rows, so that one new person finds those to be compared with by a query.

use std::collections::HashMap;

use kring_core::Result;
use kring_db::two_faces;
use kring_frame::{PersonId, Tx, params, sql};
use kring_match::{Keys, Record};

use super::{broken, record, spec};

/// Makes the keys of these people anew; whoever is merged or forgotten loses theirs.
pub async fn rekey(tx: &mut Tx, ids: &[PersonId]) -> Result<()> {
    let spec = spec()?;
    let keys = Keys::of(&spec);
    let gone = ids.iter().map(|id| params![*id]).collect();
    tx.many(sql!("delete from match_keys where person_id = $1"), gone).await?;
    let mut sets = Vec::new();
    for subject in record::load(tx, ids).await? {
        for key in keys.keys(&subject.record(&spec)?).map_err(broken)? {
            sets.push(params![key.cast_signed(), subject.id]);
        }
    }
    tx.many(
        sql!(
            "insert into match_keys (key, person_id) values ($1, $2) on conflict (key, person_id) do nothing"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Those who share a key with this record. A key that a crowd bears says nothing and is passed over.
pub async fn candidates(tx: &mut Tx, record: &Record) -> Result<Vec<PersonId>> {
    let spec = spec()?;
    let keys = Keys::of(&spec).keys(record).map_err(broken)?;
    let bind =
        format!("[{}]", keys.iter().map(|k| k.cast_signed().to_string()).collect::<Vec<_>>().join(","));
    let found: Vec<(i64, PersonId)> = tx
        .all(
            two_faces!(
                sqlite: "select k.key, k.person_id from json_each($1) j join match_keys k on k.key = j.value",
                postgres: "select k.key, k.person_id from json_array_elements_text($1::text::json) j join match_keys k on k.key = j::bigint",
            ),
            params![bind],
        )
        .await?;
    let mut bearers: HashMap<i64, Vec<PersonId>> = HashMap::new();
    for (key, person) in found {
        bearers.entry(key).or_default().push(person);
    }
    // The record itself is one of the crowd.
    let mut ids: Vec<PersonId> =
        bearers.into_values().filter(|b| b.len() < kring_match::CROWD).flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
