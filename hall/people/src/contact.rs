use std::collections::HashMap;

use kring_core::{Error, Result, Timestamp};
use kring_db::{stored, two_faces};
use kring_frame::{PersonId, Tx, params, record, sql};

use crate::party::{Party, bound};

stored! {
    pub enum Kind {
        Email = "email",
        Phone = "phone",
        /// Of an organisation.
        Website = "website",
    }
}

stored! {
    /// Whether an address still works.
    pub enum State {
        Fine = "fine",
        /// Mail came back for good, or the number is out of use.
        Dead = "dead",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct ContactPoint {
        pub id: i64,
        pub kind: Kind,
        pub value: String,
        pub canonical: String,
        /// `private`, `school`, `work`; empty when nobody said.
        pub label: String,
        pub state: State,
        pub source: String,
        pub added_at: Timestamp,
    }
}

impl ContactPoint {
    /// As it is shown: a number as it is dialled here.
    pub fn shown(&self) -> String {
        match self.kind {
            Kind::Email | Kind::Website => self.value.clone(),
            Kind::Phone => kring_formats::national(&self.canonical),
        }
    }
}

/// What two spellings of one address have in common. Mail: trimmed and lower case — the local part is case
/// sensitive by the letter of RFC 5321, but no provider we know of tells such mailboxes apart, and people do
/// not type them so. Phone: E.164 where the number can be read; else its digits, so that even a short number that only
/// works in the building is found again.
pub fn canonical(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Email => value.trim().to_lowercase(),
        Kind::Website => website(value).unwrap_or_else(|| value.trim().to_lowercase()),
        Kind::Phone => kring_formats::phone(value)
            .unwrap_or_else(|| value.chars().filter(char::is_ascii_digit).collect()),
    }
}

/// "https://www.Example.nl/" as `example.nl`: how it is compared, without what people leave out. `None` for what cannot be a
/// website.
pub fn website(text: &str) -> Option<String> {
    let bare = text.trim().to_lowercase();
    let bare =
        ["https://", "http://"].iter().fold(bare.as_str(), |t, scheme| t.strip_prefix(scheme).unwrap_or(t));
    let bare = bare.strip_prefix("www.").unwrap_or(bare).trim_end_matches('/');
    let host = bare.split(['/', '?', '#']).next().unwrap_or_default();
    let label = |l: &str| !l.is_empty() && l.chars().all(|c| c.is_alphanumeric() || c == '-');
    let fits = bare.len() <= 200
        && host.contains('.')
        && host.split('.').all(label)
        && !bare.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '\\'));
    fits.then(|| bare.to_owned())
}

/// Adds an address; known already, nothing happens. The first person to bring a mail address owns it. Whoever adds it has
/// the party indexed again once everything is in place.
pub async fn add(tx: &mut Tx, party: impl Into<Party>, kind: Kind, value: &str, source: &str) -> Result<()> {
    add_labelled(tx, party, kind, value, "", source).await
}

/// As [`add`], with what kind of address it is: `private`, `school`, `work`.
pub async fn add_labelled(
    tx: &mut Tx,
    party: impl Into<Party>,
    kind: Kind,
    value: &str,
    label: &str,
    source: &str,
) -> Result<()> {
    let party = party.into();
    let canonical = canonical(kind, value);
    let now = tx.now();
    tx.run(
        sql!(
            "insert into contact_points (person_id, organisation_id, kind, value, canonical, label, source, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing"
        ),
        bound(party, params![kind, value.trim(), &canonical, label, source, now]),
    )
    .await?;
    if let (Party::Person(person), Kind::Email) = (party, kind) {
        tx.run(
            sql!("insert into address_owners (canonical, person_id) values ($1, $2) on conflict (canonical) do nothing"),
            params![canonical, person],
        )
        .await?;
    }
    Ok(())
}

/// Newest first, within each kind.
pub async fn of(tx: &mut Tx, party: impl Into<Party>) -> Result<Vec<ContactPoint>> {
    tx.all(
        sql!(
            "select id, kind, value, canonical, label, state, source, added_at from contact_points
             where person_id = $1 or organisation_id = $2 order by kind, added_at desc, id desc"
        ),
        bound(party.into(), params![]),
    )
    .await
}

/// Takes an address away, by its number among this party's own.
pub async fn remove(tx: &mut Tx, party: Party, id: i64) -> Result<()> {
    let found: Option<(String,)> = tx
        .maybe(
            sql!("select canonical from contact_points where (person_id = $1 or organisation_id = $2) and id = $3"),
            bound(party, params![id]),
        )
        .await?;
    let Some((canonical,)) = found else { return Err(Error::NotFound) };
    tx.run(sql!("delete from contact_points where id = $1"), params![id]).await?;
    if let Party::Person(person) = party {
        tx.run(
            sql!("delete from address_owners where person_id = $1 and canonical = $2"),
            params![person, canonical],
        )
        .await?;
    }
    Ok(())
}

/// Who has this address or number, when it is one person alone.
pub async fn held_by(tx: &mut Tx, kind: Kind, value: &str) -> Result<Option<PersonId>> {
    let held: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select distinct c.person_id from contact_points c join people p on p.id = c.person_id
                 where c.kind = $1 and c.canonical = $2 and p.state = 'known' limit 2"
            ),
            params![kind, canonical(kind, value)],
        )
        .await?;
    Ok(if let [(one,)] = held.as_slice() { Some(*one) } else { None })
}

/// The address to write to: the newest that still works, of this person or of a number that was merged into theirs.
pub async fn email_of(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let found = tx
        .maybe(
            sql!(
                "select value from contact_points where person_id = $1 and kind = 'email' and state = 'fine'
                 order by added_at desc, id desc limit 1"
            ),
            params![person],
        )
        .await?;
    Ok(found.map(|(value,)| value))
}

/// As [`email_of`], for many at once. Who has none that works is not in the answer.
pub async fn emails_of(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, String>> {
    let list = serde_json::to_string(people).map_err(Error::broken)?;
    let found: Vec<(PersonId, String)> = tx
        .all(
            two_faces!(
                sqlite: "select c.person_id, c.value from json_each($1) j cross join contact_points c
                     where c.person_id = j.value and c.kind = 'email' and c.state = 'fine' order by c.added_at, c.id",
                postgres: "select c.person_id, c.value
                     from json_array_elements_text($1::text::json) j join contact_points c on c.person_id = j::bigint
                     where c.kind = 'email' and c.state = 'fine' order by c.added_at, c.id",
            ),
            params![list],
        )
        .await?;
    // The newest comes last, and stays.
    Ok(found.into_iter().collect())
}

/// Mail to this address of theirs came back for good. `false`: it was not theirs, or known to be dead.
pub async fn mark_dead(tx: &mut Tx, person: PersonId, canonical: &str) -> Result<bool> {
    let n = tx
        .run(
            sql!(
                "update contact_points set state = 'dead'
                 where person_id = $1 and kind = 'email' and canonical = $2 and state = 'fine'"
            ),
            params![person, canonical],
        )
        .await?;
    Ok(n > 0)
}

/// Is there an address of theirs that mail came back from?
pub async fn has_dead_email(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .maybe(
            sql!("select id from contact_points where person_id = $1 and kind = 'email' and state = 'dead' limit 1"),
            params![person],
        )
        .await?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_in_four_notations_is_one_number() {
        for written in ["0613147088", "06-13147088", "+31 6 13147088", "+31 (0)6 1314 7088", "0031613147088"]
        {
            assert_eq!(canonical(Kind::Phone, written), "+31613147088", "{written}");
        }
        assert_eq!(canonical(Kind::Phone, "+49 30 123456"), "+4930123456");
        assert_eq!(canonical(Kind::Phone, "112"), "112");
        assert_eq!(canonical(Kind::Email, " Renee@Example.ORG "), "renee@example.org");
    }
}
