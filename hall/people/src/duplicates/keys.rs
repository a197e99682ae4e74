//! Keys that two records of one person share: rows, so that one new person finds those to be compared with by a query.

use std::collections::{HashMap, HashSet};

use kring_core::Result;
use kring_db::two_faces;
use kring_frame::{PersonId, Tx, params, sql};
use kring_match::{Base, Keys, Record};

use super::{THREADS, broken, record, spec};
use crate::bulk;

/// Makes the keys of these people anew; whoever is merged or forgotten loses theirs. Only what changed is written.
pub async fn rekey(tx: &mut Tx, ids: &[PersonId]) -> Result<()> {
    let spec = spec()?;
    let subjects = record::load(tx, ids).await?;
    let records = subjects.iter().map(|one| one.record(&spec)).collect::<Result<Vec<_>>>()?;
    let mut rows: HashSet<(i64, PersonId)> = HashSet::with_capacity(ids.len() * 16);
    for (subject, own) in subjects.iter().zip(keys_of(&records)?) {
        rows.extend(own.into_iter().map(|key| (key.cast_signed(), subject.id)));
    }
    let mut gone = Vec::new();
    for some in ids.chunks(1_000) {
        let bind = format!("[{}]", some.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        let before: Vec<(i64, PersonId)> = tx
            .all(
                two_faces!(
                    sqlite: "select k.key, k.person_id from json_each($1) j cross join match_keys k where k.person_id = j.value",
                    postgres: "select k.key, k.person_id from json_array_elements_text($1::text::json) j
                               join match_keys k on k.person_id = j::bigint",
                ),
                params![bind],
            )
            .await?;
        gone.extend(before.into_iter().filter(|row| !rows.remove(row)));
    }
    let sets = gone.into_iter().map(|(key, id)| params![key, id]).collect();
    tx.many(sql!("delete from match_keys where key = $1 and person_id = $2"), sets).await?;
    // In the order of the index, so that each page of it is met once.
    let mut rows: Vec<(i64, PersonId)> = rows.into_iter().collect();
    rows.sort_unstable();
    bulk::write_keys(tx, &rows).await
}

/// Those who share a key with this record. A key that a crowd bears says nothing and is passed over.
pub async fn candidates(tx: &mut Tx, record: &Record) -> Result<Vec<PersonId>> {
    let keys = keys_of(std::slice::from_ref(record))?.pop().unwrap_or_default();
    let mut ids: Vec<PersonId> = bearers(tx, &keys).await?.into_values().flatten().collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// The keys of many records, in their order.
pub fn keys_of(records: &[Record]) -> Result<Vec<Vec<u64>>> {
    let spec = spec()?;
    let base = Base::new(&spec, records.iter().cloned()).map_err(broken)?;
    Ok(Keys::of(&spec).of_all(&base, THREADS))
}

/// Who bears these keys, leaving out those that a crowd bears.
pub async fn bearers(tx: &mut Tx, keys: &[u64]) -> Result<HashMap<u64, Vec<PersonId>>> {
    let mut all: HashMap<u64, Vec<PersonId>> = HashMap::new();
    for some in keys.chunks(5_000) {
        let bind =
            format!("[{}]", some.iter().map(|k| k.cast_signed().to_string()).collect::<Vec<_>>().join(","));
        let found: Vec<(i64, PersonId)> = tx
            .all(
                two_faces!(
                    sqlite: "select k.key, k.person_id from json_each($1) j join match_keys k on k.key = j.value",
                    postgres: "select k.key, k.person_id from json_array_elements_text($1::text::json) j join match_keys k on k.key = j::bigint",
                ),
                params![bind],
            )
            .await?;
        for (key, person) in found {
            all.entry(key.cast_unsigned()).or_default().push(person);
        }
    }
    // The record itself is one of the crowd.
    all.retain(|_, people| people.len() < kring_match::CROWD);
    Ok(all)
}
