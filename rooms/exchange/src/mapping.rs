//! What each column means. Guessed from Dutch and English headers, then from the values; whoever imports has the
//! last word.

use kring_core::{Error, Result};
use kring_db::stored;
use kring_lang::names::fold;
use serde::{Deserialize, Serialize};

use crate::{
    headers::by_header,
    kind::Kind,
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
        PartnerPrefix = "partner_prefix",
        PartnerSurname = "partner_surname",
        NameUsage = "name_usage",
        Pronouns = "pronouns",
        BirthDate = "birth_date",
        Email = "email",
        Phone = "phone",
        Street = "street",
        Postcode = "postcode",
        HouseNumber = "house_number",
        City = "city",
        Interest = "interest",
        Source = "source",
        Notes = "notes",
        Newsletter = "newsletter",
        StudentNumber = "student_number",
        EmployeeNumber = "employee_number",
        Account = "account",
        Role = "role",
        Programme = "programme",
        From = "from",
        Until = "until",
        Name = "name",
        Sort = "sort",
        Parent = "parent",
        Kvk = "kvk",
        KvkBranch = "kvk_branch",
        Brin = "brin",
        BrinBranch = "brin_branch",
        RioProvider = "rio_provider",
        RioLocation = "rio_location",
        RioBoard = "rio_board",
        TrainingCompany = "training_company",
        Website = "website",
        RelationNumber = "relation_number",
        Tie = "tie",
        Unit = "unit",
        Organisation = "organisation",
        OtherNumber = "other_number",
        OtherEmail = "other_email",
        Function = "function",
        Purpose = "purpose",
        Channel = "channel",
        Said = "said",
        On = "on",
        Proof = "proof",
        Controller = "controller",
        Ignore = "ignore",
        Secret = "secret",
    }
}

impl Field {
    /// Whether two columns may hold it: a second mail address, a house number and its addition.
    pub const fn is_many(self) -> bool {
        matches!(
            self,
            Self::Email
                | Self::Phone
                | Self::Notes
                | Self::Interest
                | Self::HouseNumber
                | Self::Website
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
    /// What the columns of a list of people mean.
    pub fn guess(table: &Table) -> Self {
        Self::guess_for(Kind::People, table)
    }

    pub fn guess_for(kind: Kind, table: &Table) -> Self {
        let mut fields: Vec<Field> = Vec::with_capacity(table.columns.len());
        for (at, header) in table.columns.iter().enumerate() {
            let values: Vec<&str> = table
                .rows
                .iter()
                .filter_map(|r| r.cells.get(at).map(String::as_str))
                .filter(|c| !c.is_empty())
                .take(SAMPLE)
                .collect();
            let by_name = by_header(kind, header);
            let field = match by_name {
                Some(field) => field,
                None if is_secret_column(header, &values) => Field::Secret,
                None => by_values(&values).filter(|f| kind.fields().contains(f)).unwrap_or(Field::Ignore),
            };
            // The first column with a meaning has it; what comes later must be one of which there are many.
            let taken = fields.contains(&field) && !field.is_many();
            fields.push(if taken { Field::Ignore } else { field });
        }
        // Beside a role a programme is where the role is held, and not what somebody may be interested in.
        if fields.contains(&Field::Role)
            && !fields.contains(&Field::Programme)
            && let Some(field) = fields.iter_mut().find(|f| **f == Field::Interest)
        {
            *field = Field::Programme;
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
            | Field::BirthDate
            | Field::From
            | Field::Until
            | Field::On
            | Field::StudentNumber
            | Field::EmployeeNumber
            | Field::RelationNumber
            | Field::OtherNumber
            | Field::Kvk
            | Field::KvkBranch
            | Field::TrainingCompany => Place::Numbers,
            _ => Place::Free,
        };
        self.0.iter().map(place).collect()
    }

    pub fn has(&self, field: Field) -> bool {
        self.0.contains(&field)
    }

    /// The mapping that somebody chose, or what is wrong with it. A column of national numbers stays one.
    pub fn chosen(kind: Kind, guessed: &Mapping, chosen: Vec<Field>) -> Result<Self> {
        let mapping = guessed.with(kind, chosen);
        for (at, field) in mapping.0.iter().enumerate() {
            if !field.is_many() && mapping.0.iter().take(at).any(|f| f == field) {
                return Err(Error::field(format!("column-{at}"), say::column_twice()));
            }
        }
        mapping.complete(kind)?;
        Ok(mapping)
    }

    /// Another understanding of the same columns, without what must stay as it is.
    #[must_use]
    pub fn with(&self, kind: Kind, chosen: Vec<Field>) -> Self {
        let mut fields = chosen;
        fields.resize(self.0.len(), Field::Ignore);
        for (field, was) in fields.iter_mut().zip(&self.0) {
            if *was == Field::Secret {
                *field = Field::Secret;
            } else if !kind.fields().contains(field) {
                *field = Field::Ignore;
            }
        }
        Self(fields)
    }

    /// Whether the list says enough to begin: who or what each row is about, and what it says of them.
    fn complete(&self, kind: Kind) -> Result<()> {
        let any = |fields: &[Field]| fields.iter().any(|f| self.has(*f));
        let lacks = match kind {
            Kind::People if !any(&[Field::FullName, Field::PreferredName, Field::Surname]) => {
                say::column_name_missing()
            }
            Kind::Organisations if !any(&[Field::Name]) => say::column_organisation_missing(),
            Kind::Relations | Kind::Consents if !any(WHOM) => say::column_person_missing(),
            Kind::Relations if !any(&[Field::Tie]) => say::column_tie_missing(),
            Kind::Consents
                if ![Field::Purpose, Field::Channel, Field::Said, Field::On].iter().all(|f| self.has(*f)) =>
            {
                say::column_consent_missing()
            }
            _ => return Ok(()),
        };
        Err(Error::field("", lacks))
    }
}

/// By these a row says of whom it speaks.
pub const WHOM: &[Field] =
    &[Field::RelationNumber, Field::Email, Field::StudentNumber, Field::EmployeeNumber, Field::Account];

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
