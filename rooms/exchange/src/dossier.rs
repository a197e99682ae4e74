use kring_core::{Result, Timestamp};
use kring_frame::{Forgotten, Fut, PersonId, Section, Tx, params, sql};
use serde_json::json;

/// The rows of lists in which somebody came in, as they came.
pub fn dossier(tx: &mut Tx, id: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let rows: Vec<(String, String, Timestamp, i64, String, String)> = tx
            .all(
                sql!(
                    "select i.name, i.list_key, i.created_at, r.line, i.columns, r.raw
                     from import_rows r join imports i on i.id = r.import_id where r.person_id = $1 order by i.id, r.line"
                ),
                params![id],
            )
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let rows: Vec<serde_json::Value> = rows
            .into_iter()
            .map(|(file, list, at, line, columns, raw)| {
                json!({ "file": file, "list": list, "at": at, "line": line, "columns": json_of(&columns), "cells": json_of(&raw) })
            })
            .collect();
        Ok(vec![Section { title: "imports".into(), data: json!(rows) }])
    })
}

fn json_of(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_default()
}

/// Empties the rows; that there was one, and what it counted as, stays.
pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let erased = erase(tx, id).await?;
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}

async fn erase(tx: &mut Tx, id: PersonId) -> Result<u64> {
    let mut erased = 0;
    for statement in [
        sql!("delete from import_pairs where person_id = $1"),
        sql!("delete from lookalikes where person_id = $1 or other_id = $1"),
        sql!("delete from import_notes where person_id = $1"),
        sql!(
            "update import_rows set raw = '[]', candidate = null, remarks = '[]', number = null, email = null, phone = null,
                 sort_key = null, postcode = null, birth_date = null, fingerprint = null, before = null, student_number = null,
                 person_id = null, other_id = null
             where person_id = $1 or other_id = $1"
        ),
        // A list that was taken back, or one that nobody has started yet, brought them by no number that still leads here. A
        // row that is of somebody else with the same address is theirs.
        sql!(
            "update import_rows set raw = '[]', candidate = null, remarks = '[]', number = null, email = null, phone = null,
                 sort_key = null, postcode = null, birth_date = null, fingerprint = null, before = null, student_number = null,
                 person_id = null, other_id = null
             where (email in (select c.canonical from contact_points c where c.person_id = $1 and c.kind = 'email')
                    or phone in (select c.canonical from contact_points c where c.person_id = $1 and c.kind = 'phone'))
               and not exists (select 1 from people p where p.id = import_rows.person_id and p.id <> $1 and p.state = 'known')"
        ),
    ] {
        erased += tx.run(statement, params![id]).await?;
    }
    Ok(erased)
}
