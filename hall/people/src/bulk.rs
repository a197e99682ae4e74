//! Many people at once: for imports, whose rows come in thousands. Each verb is one statement with many sets of
//! values, so its cost is that of the rows and not of the trips to the database.
//!
//! None of them tells an event or looks for an existing person: whoever works in bulk knows what it has decided,
//! and tells it with `log_many`.

mod found_by;
mod whole;

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use kring_core::Result;
use kring_db::Value;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::{PersonName, fold};

pub(crate) use found_by::write_keys;
pub use found_by::{FoundBy, make_findable};
pub use whole::*;

use crate::{contact, duplicates, index, person::NewPerson};

/// Adds people without addresses, in order: the answer has the relation number of each. A name that is empty
/// has no place here; the caller has refused it before. They are found by nothing until [`make_findable`].
///
/// The numbers are read back by their source, so only one transaction at a time may add people from one source.
pub async fn add(tx: &mut Tx, people: &[NewPerson], source: &str) -> Result<Vec<PersonId>> {
    let (highest,): (PersonId,) = tx.one(sql!("select coalesce(max(id), 0) from people"), params![]).await?;
    let now = tx.now();
    let sets = people
        .iter()
        .map(|new| {
            let mut set = name_values(&new.name);
            set.extend(params![
                new.lang.clone(),
                new.birth_date,
                new.unit,
                source,
                now,
                &new.pronouns,
                new.birth_year
            ]);
            set
        })
        .collect();
    tx.many(
        sql!(
            "insert into people (given_names, initials, preferred_name, surname_prefix, surname,
                 partner_surname_prefix, partner_surname, name_usage, title_prefix, title_suffix, form_of_address,
                 display_override, display_name, sort_key, lang, birth_date, unit_id, source, created_at, changed_at, pronouns, birth_year)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $19, $20, $21)"
        ),
        sets,
    )
    .await?;
    let ids: Vec<(PersonId,)> = tx
        .all(
            sql!("select id from people where id > $1 and source = $2 order by id"),
            params![highest, source],
        )
        .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Gives people a name and a day of birth; everything else of them stays.
pub async fn rename(tx: &mut Tx, people: Vec<(PersonId, PersonName, Option<Date>)>) -> Result<()> {
    let now = tx.now();
    let sets = people
        .into_iter()
        .map(|(id, name, birth)| {
            let mut set = name_values(&name);
            set.extend(params![birth, now, id]);
            set
        })
        .collect();
    tx.many(
        sql!(
            "update people set given_names = $1, initials = $2, preferred_name = $3, surname_prefix = $4, surname = $5,
                 partner_surname_prefix = $6, partner_surname = $7, name_usage = $8, title_prefix = $9,
                 title_suffix = $10, form_of_address = $11, display_override = $12, display_name = $13, sort_key = $14,
                 birth_date = $15, changed_at = $16, version = version + 1
             where id = $17"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Writes down where values of people's own rows came from: attribute, value, and what it was before.
pub async fn sourced(
    tx: &mut Tx,
    values: Vec<(PersonId, &'static str, String, String)>,
    source: &str,
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let sets = values
        .into_iter()
        .map(|(id, attribute, value, was)| params![id, attribute, value, was, source, actor, now])
        .collect();
    tx.many(
        sql!(
            "insert into value_sources (person_id, attribute, value, was, source, actor_id, at) values ($1, $2, $3, $4, $5, $6, $7)"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// The name as fourteen columns, the last two derived.
fn name_values(n: &PersonName) -> Vec<Value> {
    params![
        &n.given_names,
        &n.initials,
        &n.preferred_name,
        &n.surname_prefix,
        &n.surname,
        &n.partner_surname_prefix,
        &n.partner_surname,
        n.name_usage.code(),
        &n.title_prefix,
        &n.title_suffix,
        n.form_of_address.code(),
        &n.display_override,
        n.display(),
        fold(&n.sort_name())
    ]
}

/// Adds addresses; what a person has already stays as it is. The first to bring a mail address owns it.
pub async fn contacts(tx: &mut Tx, points: &[(PersonId, contact::Kind, String)], source: &str) -> Result<()> {
    let now = tx.now();
    let sets = points
        .iter()
        .map(|(id, kind, value)| params![*id, *kind, value, contact::canonical(*kind, value), source, now])
        .collect();
    tx.many(
        sql!(
            "insert into contact_points (person_id, kind, value, canonical, source, added_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (person_id, kind, canonical) do nothing"
        ),
        sets,
    )
    .await?;
    let owners = points
        .iter()
        .filter(|(_, kind, _)| *kind == contact::Kind::Email)
        .map(|(id, kind, value)| params![contact::canonical(*kind, value), *id])
        .collect();
    tx.many(
        sql!("insert into address_owners (canonical, person_id) values ($1, $2) on conflict (canonical) do nothing"),
        owners,
    )
    .await
    .map(drop)
}

/// Writes details: key and value, with where they came from. One value per key.
pub async fn details(tx: &mut Tx, details: Vec<(PersonId, String, String, String)>) -> Result<()> {
    let now = tx.now();
    let sets =
        details.into_iter().map(|(id, key, value, source)| params![id, key, value, source, now]).collect();
    tx.many(
        sql!(
            "insert into person_details (person_id, detail_key, value, source, at) values ($1, $2, $3, $4, $5)
             on conflict (person_id, detail_key) do update set value = excluded.value, source = excluded.source, at = excluded.at"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Gives roles of one kind, each with its detail; the caller knows that the person has it not yet.
pub async fn roles(
    tx: &mut Tx,
    kind: &str,
    from: Option<Date>,
    roles: Vec<(PersonId, String)>,
    source: &str,
) -> Result<()> {
    let sets = roles.into_iter().map(|(id, detail)| params![id, kind, detail, from, source]).collect();
    tx.many(
        sql!("insert into party_roles (person_id, kind, detail, valid_from, source) values ($1, $2, $3, $4, $5)"),
        sets,
    )
    .await
    .map(drop)
}

/// Adds numbers of one scheme; a number that belongs to somebody already stays theirs.
pub async fn identifiers(
    tx: &mut Tx,
    scheme: &str,
    numbers: Vec<(PersonId, String)>,
    source: &str,
) -> Result<()> {
    let sets = numbers.into_iter().map(|(id, value)| params![id, scheme, value, source]).collect();
    tx.many(
        sql!(
            "insert into identifiers (person_id, scheme, value, source) values ($1, $2, $3, $4)
             on conflict (scheme, value) do nothing"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Writes notes by the actor at work, in order: the answer has the number of each.
pub async fn notes(tx: &mut Tx, notes: &[(PersonId, String)]) -> Result<Vec<i64>> {
    let (highest,): (i64,) = tx.one(sql!("select coalesce(max(id), 0) from notes"), params![]).await?;
    let (now, actor) = (tx.now(), tx.actor().id);
    let sets = notes.iter().map(|(id, text)| params![*id, actor, text, now]).collect();
    tx.many(sql!("insert into notes (person_id, actor_id, text, at) values ($1, $2, $3, $4)"), sets).await?;
    // Somebody else's note may have been drawn between ours on PostgreSQL; the actor and the moment tell ours.
    let ids: Vec<(i64,)> = tx
        .all(
            sql!("select id from notes where id > $1 and actor_id = $2 and at = $3 order by id"),
            params![highest, actor, now],
        )
        .await?;
    Ok(ids.into_iter().map(|(id,)| id).collect())
}

/// Rewrites the words by which these people are found, as far as they changed: mostly that is one number or address.
pub async fn index(tx: &mut Tx, people: Vec<(PersonId, BTreeSet<String>)>) -> Result<()> {
    let ids: Vec<PersonId> = people.iter().map(|(id, _)| *id).collect();
    let mut before: HashMap<PersonId, BTreeSet<String>> = HashMap::new();
    for (id, word) in index::words_kept(tx, &ids).await? {
        before.entry(id).or_default().insert(word);
    }
    let (mut fresh, mut lost) = (Vec::with_capacity(people.len()), Vec::new());
    for (id, mut words) in people {
        let had = before.remove(&id).unwrap_or_default();
        lost.extend(had.difference(&words).map(|word| (word.clone(), id)));
        words.retain(|word| !had.contains(word));
        fresh.push((id, words));
    }
    let sets = lost.iter().map(|(word, id)| params![word, *id]).collect();
    tx.many(sql!("delete from person_words where word = $1 and person_id = $2"), sets).await?;
    more_words(tx, fresh).await?;
    index::unlearn(tx, lost.into_iter().map(|(word, _)| word).collect()).await
}

/// Words that these people are found by from now on, in the order of the index and not of the people: a batch of thousands
/// meets each page of it once.
async fn more_words(tx: &mut Tx, people: Vec<(PersonId, BTreeSet<String>)>) -> Result<()> {
    let ids: Vec<PersonId> = people.iter().map(|(id, _)| *id).collect();
    let mut rows: Vec<(String, PersonId)> = Vec::with_capacity(people.len() * 4);
    for (id, all) in people {
        rows.extend(all.into_iter().map(|word| (word, id)));
    }
    rows.sort_unstable();
    found_by::write_words(tx, &rows).await?;
    let names = rows.into_iter().map(|(word, _)| word).filter(|w| found_by::is_name(w)).collect();
    index::learn(tx, names).await?;
    duplicates::rekey(tx, &ids).await
}

/// Takes people away whole, as if they had never been added: for an import that is undone. Fails when another
/// room holds on to one of them. Not for forgetting somebody who was known: that leaves an empty shell under the
/// number, see `forget`.
pub async fn remove(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    index::drop_people(tx, people).await?;
    for delete in [
        sql!("delete from value_sources where person_id = $1"),
        sql!("delete from postal_addresses where person_id = $1"),
        sql!("delete from relationships where person_id = $1"),
        sql!("delete from relationships where other_id = $1"),
        sql!("delete from relation_owners where person_id = $1"),
        sql!("delete from detections where person_id = $1"),
        sql!("delete from duplicate_pairs where a_id = $1"),
        sql!("delete from duplicate_pairs where b_id = $1"),
        sql!("delete from bulk_deed_rows where person_id = $1"),
        sql!("delete from notes where person_id = $1"),
        sql!("delete from happenings where person_id = $1"),
        sql!("delete from person_details where person_id = $1"),
        sql!("delete from identifiers where person_id = $1"),
        sql!("delete from party_roles where person_id = $1"),
        sql!("delete from address_owners where person_id = $1"),
        sql!("delete from contact_points where person_id = $1"),
        sql!("delete from people where id = $1"),
    ] {
        tx.many(delete, people.iter().map(|id| params![*id]).collect()).await?;
    }
    Ok(())
}
