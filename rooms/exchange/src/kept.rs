//! How the columns of a list are understood, kept for when the list comes again: whoever explained "Kol7" once need not do
//! so every month.

use std::collections::HashMap;

use kring_core::{Error, Result, Timestamp};
use kring_frame::{Mark, Permit, Tx, params, sql};

use crate::{
    headers::spelled,
    kind::Kind,
    mapping::{Field, Mapping},
};

/// A mapping as somebody left it.
#[derive(Clone, Debug)]
pub struct Kept {
    fields: HashMap<String, Field>,
    pub by: String,
    pub at: Timestamp,
}

/// The kept mapping of a list, if somebody left one.
pub async fn of(tx: &mut Tx, list: &str, kind: Kind) -> Result<Option<Kept>> {
    let found: Option<(String, String, Timestamp)> = tx
        .maybe(
            sql!(
                "select m.mapping, a.name, m.at from import_mappings m join actors a on a.id = m.actor_id
                 where m.list_key = $1 and m.kind = $2"
            ),
            params![list, kind],
        )
        .await?;
    found
        .map(|(text, by, at)| {
            let pairs: Vec<(String, Field)> = serde_json::from_str(&text).map_err(Error::broken)?;
            Ok(Kept { fields: pairs.into_iter().collect(), by, at })
        })
        .transpose()
}

/// Keeps how these columns are understood, in place of what was kept before. A column without a name is not kept: there
/// is nothing to know it by. A national number stays recognised by what it is, never by what somebody said of it.
pub async fn keep(tx: &mut Tx, list: &str, kind: Kind, columns: &[String], mapping: &Mapping) -> Result<()> {
    let pairs: Vec<(String, Field)> = columns
        .iter()
        .zip(&mapping.0)
        .filter(|(_, field)| **field != Field::Secret)
        .filter_map(|(header, field)| Some((spelled(header).filter(|h| !h.is_empty())?, *field)))
        .collect();
    let text = serde_json::to_string(&pairs).map_err(Error::broken)?;
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into import_mappings (list_key, kind, mapping, actor_id, at) values ($1, $2, $3, $4, $5)
             on conflict (list_key, kind) do update set mapping = excluded.mapping, actor_id = excluded.actor_id, at = excluded.at
             where import_mappings.mapping <> excluded.mapping"
        ),
        params![list, kind, text, actor, now],
    )
    .await
    .map(drop)
}

/// Forgets it: the next version of the list is guessed anew.
pub async fn forget(tx: &mut Tx, permit: &Permit, import: i64, list: &str, kind: Kind) -> Result<()> {
    tx.run(sql!("delete from import_mappings where list_key = $1 and kind = $2"), params![list, kind])
        .await?;
    tx.trail(Mark::changed(permit, "import").subject(import).detail("mapping forgotten")).await
}

impl Kept {
    /// These columns as they were understood before; a new column as it was guessed, unless its meaning is taken.
    pub fn apply(&self, kind: Kind, columns: &[String], guessed: &Mapping) -> Mapping {
        let known: Vec<Option<Field>> =
            columns.iter().map(|c| spelled(c).and_then(|h| self.fields.get(&h)).copied()).collect();
        let mut fields = Vec::with_capacity(columns.len());
        for (at, before) in known.iter().enumerate() {
            let field = before.unwrap_or_else(|| {
                let guess = guessed.get(at);
                let taken = !guess.is_many() && (known.contains(&Some(guess)) || fields.contains(&guess));
                if taken { Field::Ignore } else { guess }
            });
            fields.push(field);
        }
        guessed.with(kind, fields)
    }

    /// The columns that the list had before and has no more.
    pub fn missing(&self, columns: &[String]) -> Vec<Field> {
        let here: Vec<String> = columns.iter().filter_map(|c| spelled(c)).collect();
        let mut gone: Vec<Field> = self
            .fields
            .iter()
            .filter(|(header, field)| **field != Field::Ignore && !here.contains(header))
            .map(|(_, field)| *field)
            .collect();
        gone.sort_unstable();
        gone
    }

    pub fn knows(&self, header: &str) -> bool {
        spelled(header).is_some_and(|h| self.fields.contains_key(&h))
    }
}
