//! What each column means. Guessed from Dutch and English headers, then from the values; whoever imports has the
//! last word.

use kring_core::{Error, Result};
use kring_db::stored;
use kring_lang::names::fold;
use serde::{Deserialize, Serialize};

use crate::{
    headers::by_header,
    reading::Table,
    row::{
        contact, date,
        secret::{self, Place},
    },
    say,
};

stored! {
    /// What a column holds. `Secret` is a national number: such a column is emptied when it comes in, and cannot
    /// be given another meaning.
    #[derive(PartialOrd, Ord, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum Field {
        Number = "number",
        FullName = "full_name",
        PreferredName = "preferred_name",
        Initials = "initials",
        Prefix = "prefix",
        Surname = "surname",
        BirthDate = "birth_date",
        Email = "email",
        Phone = "phone",
        Postcode = "postcode",
        HouseNumber = "house_number",
        City = "city",
        Interest = "interest",
        Source = "source",
        Notes = "notes",
        Newsletter = "newsletter",
        Ignore = "ignore",
        Secret = "secret",
    }
}

impl Field {
    /// Whether two columns may hold it: a second mail address, a house number and its addition.
    const fn is_many(self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::Phone
                | Self::Notes
                | Self::Interest
                | Self::HouseNumber
                | Self::Ignore
                | Self::Secret
        )
    }
}

/// Whether a cell can hardly be the name of a column: an address, a day, a number.
pub fn looks_like_value(cell: &str) -> bool {
    cell.contains('@')
        || date::is_day(cell)
        || contact::postcode(cell).is_some()
        || (cell.chars().any(|c| c.is_ascii_digit())
            && cell.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || "+-.,()/".contains(c)))
}

/// The meaning of each column, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mapping(pub Vec<Field>);

/// How many values of a column are looked at.
const SAMPLE: usize = 200;

impl Mapping {
    pub fn guess(table: &Table) -> Self {
        let mut fields: Vec<Field> = Vec::with_capacity(table.columns.len());
        for (at, header) in table.columns.iter().enumerate() {
            let values: Vec<&str> = table
                .rows
                .iter()
                .filter_map(|r| r.cells.get(at).map(String::as_str))
                .filter(|c| !c.is_empty())
                .take(SAMPLE)
                .collect();
            let by_name = by_header(header);
            let field = match by_name {
                Some(field) => field,
                None if is_secret_column(header, &values) => Field::Secret,
                None => by_values(&values).unwrap_or(Field::Ignore),
            };
            // The first column with a meaning has it; what comes later must be one of which there are many.
            let taken = fields.contains(&field) && !field.is_many();
            fields.push(if taken { Field::Ignore } else { field });
        }
        Self(fields)
    }

    pub fn get(&self, column: usize) -> Field {
        self.0.get(column).copied().unwrap_or(Field::Ignore)
    }

    /// How sure a detector of national numbers must be in each column.
    pub fn places(&self) -> Vec<Place> {
        let place = |field: &Field| match field {
            Field::Secret => Place::Forbidden,
            Field::Number
            | Field::Phone
            | Field::Email
            | Field::Postcode
            | Field::HouseNumber
            | Field::BirthDate => Place::Numbers,
            _ => Place::Free,
        };
        self.0.iter().map(place).collect()
    }

    pub fn has(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The mapping that somebody chose, or what is wrong with it. A column of national numbers stays one.
    pub fn chosen(guessed: &Mapping, chosen: Vec<Field>) -> Result<Self> {
        let mut fields = chosen;
        fields.resize(guessed.0.len(), Field::Ignore);
        for (field, was) in fields.iter_mut().zip(&guessed.0) {
            if *was == Field::Secret || *field == Field::Secret {
                *field = if *was == Field::Secret { Field::Secret } else { Field::Ignore };
            }
        }
        for (at, field) in fields.iter().enumerate() {
            if !field.is_many() && fields.iter().take(at).any(|f| f == field) {
                return Err(Error::field(format!("column-{at}"), say::column_twice()));
            }
        }
        let mapping = Self(fields);
        let named = [Field::FullName, Field::PreferredName, Field::Surname];
        if named.iter().any(|f| mapping.has(*f)) {
            Ok(mapping)
        } else {
            Err(Error::field("", say::column_name_missing()))
        }
    }
}

fn is_secret_column(header: &str, values: &[&str]) -> bool {
    let folded = fold(header);
    let named = folded
        .split(|c: char| !c.is_alphanumeric())
        .any(|w| matches!(w, "bsn" | "sofi" | "sofinummer" | "burgerservicenummer"));
    named || (values.len() >= 5 && share(values, secret::is_bsn) > 0.8)
}

fn by_values(values: &[&str]) -> Option<Field> {
    if values.is_empty() {
        return None;
    }
    let tests: [(Field, fn(&str) -> bool); 2] = [
        (Field::Email, |v| v.contains('@') && v.contains('.')),
        (Field::Postcode, |v| contact::postcode(v).is_some()),
    ];
    if let Some((field, _)) = tests.into_iter().find(|(_, test)| share(values, *test) > 0.6) {
        return Some(field);
    }
    if share(values, date::is_day) > 0.6 {
        return Some(Field::BirthDate);
    }
    let dialled = |v: &str| v.starts_with(['0', '+']) && contact::phone(v).is_some();
    (share(values, dialled) > 0.6).then_some(Field::Phone)
}

fn share(values: &[&str], test: impl Fn(&str) -> bool) -> f64 {
    values.iter().filter(|v| test(v)).count() as f64 / values.len().max(1) as f64
}
