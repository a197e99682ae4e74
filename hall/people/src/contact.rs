use kring_core::{Result, Timestamp};
use kring_db::stored;
use kring_frame::{PersonId, Tx, params, record, sql};

stored! {
    pub enum Kind {
        Email = "email",
        Phone = "phone",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct ContactPoint {
        pub id: i64,
        pub kind: Kind,
        pub value: String,
        pub canonical: String,
        pub source: String,
        pub added_at: Timestamp,
    }
}

/// What two spellings of one address have in common. Mail: trimmed and lower case — the local part is case
/// sensitive by the letter of RFC 5321, but no provider we know of tells such mailboxes apart, and people do
/// not type them so. Phone: digits in E.164 where the number can be read as Dutch or international.
pub fn canonical(kind: Kind, value: &str) -> String {
    match kind {
        Kind::Email => value.trim().to_lowercase(),
        Kind::Phone => phone(value),
    }
}

fn phone(value: &str) -> String {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let international = value.trim_start().starts_with('+');
    // "+31 (0)6" writes the trunk zero in brackets for who dials from home.
    let digits = if value.contains("(0)") { digits.replacen("310", "31", 1) } else { digits };
    match digits.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None if international => format!("+{digits}"),
        None => match digits.strip_prefix('0') {
            Some(national) if national.len() == 9 => format!("+31{national}"),
            _ => digits,
        },
    }
}

/// Adds an address to a person; known already, nothing happens. The first to bring an address owns it.
pub async fn add(tx: &mut Tx, person: PersonId, kind: Kind, value: &str, source: &str) -> Result<()> {
    let canonical = canonical(kind, value);
    let now = tx.now();
    tx.run(
        sql!(
            "insert into contact_points (person_id, kind, value, canonical, source, added_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (person_id, kind, canonical) do nothing"
        ),
        params![person, kind, value.trim(), &canonical, source, now],
    )
    .await?;
    if kind == Kind::Email {
        tx.run(
            sql!("insert into address_owners (canonical, person_id) values ($1, $2) on conflict (canonical) do nothing"),
            params![canonical, person],
        )
        .await?;
    }
    Ok(())
}

pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<ContactPoint>> {
    tx.all(
        sql!(
            "select id, kind, value, canonical, source, added_at from contact_points where person_id = $1 order by kind, added_at desc, id desc"
        ),
        params![person],
    )
    .await
}

/// The address to write to: the newest.
pub async fn email_of(tx: &mut Tx, person: PersonId) -> Result<Option<String>> {
    let found = tx
        .maybe(
            sql!(
                "select value from contact_points where person_id = $1 and kind = 'email' order by added_at desc, id desc limit 1"
            ),
            params![person],
        )
        .await?;
    Ok(found.map(|(value,)| value))
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
