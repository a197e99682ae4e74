//! Where a value came from: the names of lists and other sources, and what each wrote over another in the own row of a
//! person or an organisation. What is not here came with the party.

use std::collections::HashMap;

use kring_core::{Result, Timestamp};
use kring_frame::{OrganisationId, PersonId, Tx, params, record, sql};

/// Gives a source its name: the list, and since when it speaks.
pub async fn name(tx: &mut Tx, source: &str, label: &str, at: Timestamp) -> Result<()> {
    tx.run(
        sql!(
            "insert into sources (source, label, at) values ($1, $2, $3)
             on conflict (source) do update set label = excluded.label"
        ),
        params![source, label, at],
    )
    .await
    .map(drop)
}

/// The names of the sources of one party's values, by source.
pub type Names = HashMap<String, (String, Timestamp)>;

/// What these sources are called; one that has no name is not among them.
pub async fn names<'a>(tx: &mut Tx, of: impl Iterator<Item = &'a str>) -> Result<Names> {
    let mut names = Names::new();
    for source in of {
        if names.contains_key(source) || !source.contains(':') {
            continue;
        }
        let found: Option<(String, Timestamp)> =
            tx.maybe(sql!("select label, at from sources where source = $1"), params![source]).await?;
        names.extend(found.map(|named| (source.to_owned(), named)));
    }
    Ok(names)
}

record! {
    /// A value that was written over another: what, from where, by whom, and what it was before.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Sourced {
        pub attribute: String,
        pub value: String,
        pub was: String,
        pub source: String,
        pub by: String,
        pub at: Timestamp,
    }
}

/// Where the values of an organisation's own row came from, newest first.
pub async fn of_organisation(tx: &mut Tx, id: OrganisationId) -> Result<Vec<Sourced>> {
    tx.all(
        sql!(
            "select s.attribute, s.value, s.was, s.source, a.name, s.at
             from organisation_value_sources s join actors a on a.id = s.actor_id
             where s.organisation_id = $1 order by s.id desc"
        ),
        params![id],
    )
    .await
}

/// Where the values of somebody's own row came from, newest first.
pub async fn of_person(tx: &mut Tx, id: PersonId) -> Result<Vec<Sourced>> {
    tx.all(
        sql!(
            "select s.attribute, s.value, s.was, s.source, a.name, s.at from value_sources s join actors a on a.id = s.actor_id
             where s.person_id = $1 order by s.id desc"
        ),
        params![id],
    )
    .await
}

/// Writes down where a value of a person came from.
pub async fn note_person(
    tx: &mut Tx,
    id: PersonId,
    attribute: &str,
    value: &str,
    was: &str,
    source: &str,
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into value_sources (person_id, attribute, value, was, source, actor_id, at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, attribute, value, was, source, actor, now],
    )
    .await
    .map(drop)
}

/// Writes down where a value of an organisation came from.
pub async fn note(
    tx: &mut Tx,
    id: OrganisationId,
    attribute: &str,
    value: &str,
    was: &str,
    source: &str,
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into organisation_value_sources (organisation_id, attribute, value, was, source, actor_id, at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, attribute, value, was, source, actor, now],
    )
    .await
    .map(drop)
}
