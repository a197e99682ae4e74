//! Taking rows back, one by one. What something else happened with stays, and is counted.

use kring_core::Result;
use kring_db::record;
use kring_frame::{OrganisationId, PersonId, Tx, params, sql};

use super::Undone;
use crate::{consents, kind::Kind, list::Import, organisations, relations};

record! {
    struct Row {
        line: i64,
        person: Option<PersonId>,
        organisation: Option<OrganisationId>,
        before: String,
    }
}

/// Takes back what the rows between two lines brought; the last row first, since a later one may stand on an earlier.
/// Answers how many are removed, restored, kept.
pub async fn batch(tx: &mut Tx, import: &Import, after: i64, to: i64, keep: bool) -> Result<(i64, i64, i64)> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select line, person_id, organisation_id, before from import_rows
                 where import_id = $1 and line > $2 and line <= $3 and before is not null and undone is null order by line desc"
            ),
            params![import.id, after, to],
        )
        .await?;
    let (mut removed, mut restored, mut kept) = (0, 0, 0);
    for row in rows {
        let undone = match (import.kind, row.person, row.organisation) {
            _ if keep => Undone::Kept,
            (Kind::Organisations, _, Some(id)) => {
                organisations::take_back(tx, import, id, &row.before).await?
            }
            (Kind::Relations, Some(id), _) => relations::take_back(tx, import, id, &row.before).await?,
            (Kind::Consents, Some(id), _) => consents::take_back(tx, import, id, &row.before).await?,
            _ => Undone::Nothing,
        };
        let word = match undone {
            Undone::Removed => {
                removed += 1;
                "removed"
            }
            Undone::Restored => {
                restored += 1;
                "restored"
            }
            Undone::Kept => {
                kept += 1;
                "kept"
            }
            Undone::Nothing => "nothing",
        };
        tx.run(
            sql!("update import_rows set undone = $3 where import_id = $1 and line = $2"),
            params![import.id, row.line, word],
        )
        .await?;
    }
    Ok((removed, restored, kept))
}
