use jiff::civil::Date;
use kring_core::{Result, Timestamp};
use kring_db::stored;
use kring_frame::{PersonId, Tx, params, record, sql};

use crate::party::{Party, bound};

stored! {
    pub enum Kind {
        Home = "home",
        Post = "post",
        Visit = "visit",
        Invoice = "invoice",
    }
}

record! {
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Address {
        pub id: i64,
        #[serde(serialize_with = "as_text")]
        pub kind: Kind,
        pub street: String,
        pub house_number: String,
        pub addition: String,
        pub postcode: String,
        pub city: String,
        pub country: String,
        pub source: String,
        pub added_at: Timestamp,
        pub valid_to: Option<Date>,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn as_text<S: serde::Serializer>(kind: &Kind, s: S) -> std::result::Result<S::Ok, S::Error> {
    s.serialize_str(kind.as_str())
}

/// An address to be added; what is empty is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewAddress {
    pub kind: Option<Kind>,
    pub street: String,
    pub house_number: String,
    pub addition: String,
    pub postcode: String,
    pub city: String,
    /// ISO 3166-1 alpha-2; empty is the Netherlands.
    pub country: String,
}

impl NewAddress {
    pub fn is_empty(&self) -> bool {
        [&self.street, &self.house_number, &self.postcode, &self.city].iter().all(|part| part.is_empty())
    }
}

impl Address {
    /// "Kanaalweg 12 bis, 1234 AB Meerstad".
    pub fn line(&self) -> String {
        let number = [self.house_number.as_str(), self.addition.as_str()];
        let street = joined(&[&self.street, &joined(&number)]);
        let place = joined(&[&self.postcode, &self.city]);
        let country = if self.country == "NL" { "" } else { self.country.as_str() };
        [street.as_str(), place.as_str(), country]
            .into_iter()
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// Adds an address. One of the same kind that held until now ends today, and is kept: where somebody lived is how an
/// older list recognises them. The same address again changes nothing.
pub async fn add(tx: &mut Tx, party: impl Into<Party>, new: &NewAddress, source: &str) -> Result<()> {
    let party = party.into();
    let kind = new.kind.unwrap_or(Kind::Home);
    let country = if new.country.is_empty() { "NL" } else { new.country.as_str() };
    let current = of(tx, party).await?;
    let same = current.iter().any(|a| {
        a.kind == kind
            && a.valid_to.is_none()
            && (a.postcode.as_str(), a.house_number.as_str(), a.addition.as_str(), a.country.as_str())
                == (new.postcode.as_str(), new.house_number.as_str(), new.addition.as_str(), country)
            && (new.street.is_empty() || a.street == new.street)
    });
    if same || new.is_empty() {
        return Ok(());
    }
    let now = tx.now();
    let today = now.to_zoned(tx.house().settings.zone.clone()).date();
    tx.run(
        sql!(
            "update postal_addresses set valid_to = $4
             where (person_id = $1 or organisation_id = $2) and kind = $3 and valid_to is null"
        ),
        bound(party, params![kind, today]),
    )
    .await?;
    tx.run(
        sql!(
            "insert into postal_addresses (person_id, organisation_id, kind, street, house_number, addition, postcode, city,
                 country, source, added_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        bound(
            party,
            params![
                kind,
                &new.street,
                &new.house_number,
                &new.addition,
                &new.postcode,
                &new.city,
                country,
                source,
                now
            ],
        ),
    )
    .await
    .map(drop)
}

/// Those that hold first. Whether they may be shown is for the page: see `people.address_protected`.
pub async fn of(tx: &mut Tx, party: impl Into<Party>) -> Result<Vec<Address>> {
    tx.all(
        sql!(
            "select id, kind, street, house_number, addition, postcode, city, country, source, added_at, valid_to
             from postal_addresses where person_id = $1 or organisation_id = $2
             order by case when valid_to is null then 0 else 1 end, id desc"
        ),
        bound(party.into(), params![]),
    )
    .await
}

/// Where post goes, as lines; `None` when we do not know.
pub async fn post_of(tx: &mut Tx, person: PersonId) -> Result<Option<Address>> {
    let all = of(tx, person).await?;
    let usable = |a: &&Address| a.valid_to.is_none() && !a.city.is_empty() && !a.house_number.is_empty();
    Ok(all.iter().filter(usable).min_by_key(|a| a.kind != Kind::Post).cloned())
}
