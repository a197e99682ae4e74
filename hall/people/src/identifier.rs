use kring_core::{Error, Result};
use kring_formats::code::{Holder, Scheme};
use kring_frame::{Tx, params, record, sql};

use crate::party::{Party, bound};

record! {
    /// A code that the outside world gave, or the number of a list (`list:…`).
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Identifier {
        pub id: i64,
        pub scheme: String,
        pub value: String,
        pub source: String,
    }
}

/// Gives a code of a known scheme. `Invalid` when it cannot be one of this scheme, `Conflict` when somebody else has it:
/// that is mostly a duplicate, and never settled by taking it away.
pub async fn give(
    tx: &mut Tx,
    party: impl Into<Party>,
    scheme: Scheme,
    code: &str,
    source: &str,
) -> Result<()> {
    let party = party.into();
    let fits = matches!(
        (party, scheme.holder()),
        (Party::Person(_), Holder::Person) | (Party::Organisation(_), Holder::Organisation)
    );
    let code = scheme
        .read(code)
        .filter(|_| fits)
        .ok_or_else(|| Error::field("code", crate::say::code_unreadable()))?;
    let new = tx
        .run(
            sql!(
                "insert into identifiers (person_id, organisation_id, scheme, value, source) values ($1, $2, $3, $4, $5)
                 on conflict (scheme, value) do nothing"
            ),
            bound(party, params![scheme.key(), &code, source]),
        )
        .await?;
    if new == 1 || owner(tx, scheme.key(), &code).await? == Some(party) {
        return Ok(());
    }
    Err(Error::Conflict(crate::say::code_taken()))
}

/// Whose code this is.
pub async fn owner(tx: &mut Tx, scheme: &str, code: &str) -> Result<Option<Party>> {
    let found = tx
        .maybe(
            sql!("select person_id, organisation_id from identifiers where scheme = $1 and value = $2"),
            params![scheme, code],
        )
        .await?;
    found.map(|(person, organisation)| Party::of(person, organisation)).transpose()
}

pub async fn of(tx: &mut Tx, party: impl Into<Party>) -> Result<Vec<Identifier>> {
    tx.all(
        sql!(
            "select id, scheme, value, source from identifiers where person_id = $1 or organisation_id = $2 order by scheme, id"
        ),
        bound(party.into(), params![]),
    )
    .await
}
