//! Lists whose rows stand on their own: organisations, relations, consents. Each row is read, weighed against the base, and
//! brought in by the verbs of the hall; of lists of people see `plan` and `batch`, which compare rows with each other.

mod apply;
mod prepare;
mod undo;
pub mod whom;
pub mod words;

use jiff::civil::Date;
use kring_core::{Error, Lang, Result};
use kring_db::stored;
use kring_frame::{OrganisationId, PersonId, Tx};
use serde::Serialize;

pub use apply::next;
pub use prepare::{Raw, prepare};
pub use undo::batch as undo_batch;

use crate::{
    consents,
    kind::Kind,
    list::Import,
    organisations, relations,
    row::{Cells, Remark},
};
use words::Book;

stored! {
    pub enum Action {
        Added = "added",
        Changed = "changed",
        Unchanged = "unchanged",
    }
}

/// A record as a row of its kind, with what makes it the same as another.
pub struct Read<R> {
    pub key: String,
    pub row: R,
    pub remarks: Vec<Remark>,
}

/// A read row, whatever its kind.
pub struct Taken {
    pub key: String,
    pub text: String,
    pub remarks: Vec<Remark>,
}

impl Taken {
    fn of<R: Serialize>(read: Read<R>) -> Result<Self> {
        let text = serde_json::to_string(&read.row).map_err(Error::broken)?;
        Ok(Self { key: read.key, text, remarks: read.remarks })
    }
}

/// What would come of a row.
#[derive(Default)]
pub struct Weighed {
    /// None is a refusal, and the remarks say why.
    pub expects: Option<Action>,
    pub person: Option<PersonId>,
    /// The other of a relation between people.
    pub other: Option<PersonId>,
    pub organisation: Option<OrganisationId>,
    pub remarks: Vec<Remark>,
}

impl Weighed {
    pub fn refused(why: Remark) -> Self {
        Self { remarks: vec![why], ..Self::default() }
    }
}

/// What has come of a row.
#[derive(Default)]
pub struct Done {
    /// None is a refusal.
    pub action: Option<Action>,
    pub person: Option<PersonId>,
    pub other: Option<PersonId>,
    pub organisation: Option<OrganisationId>,
    /// Enough to take it back.
    pub before: Option<String>,
    pub remarks: Vec<Remark>,
}

impl Done {
    pub fn refused(why: Remark) -> Self {
        Self { remarks: vec![why], ..Self::default() }
    }

    pub fn unchanged(remarks: Vec<Remark>) -> Self {
        Self { action: Some(Action::Unchanged), remarks, ..Self::default() }
    }

    #[must_use]
    pub fn of(self, person: PersonId) -> Self {
        Self { person: Some(person), ..self }
    }

    #[must_use]
    pub fn at(self, organisation: OrganisationId) -> Self {
        Self { organisation: Some(organisation), ..self }
    }
}

/// What has come of taking a row back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    Removed,
    Restored,
    /// Something else happened with it since.
    Kept,
    /// There was nothing left to take back.
    Nothing,
}

fn row<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::broken)
}

fn read(kind: Kind, cells: &Cells<'_>, book: &Book, today: Date) -> Result<Taken> {
    match kind {
        Kind::Organisations => Taken::of(organisations::read(cells, book, today)),
        Kind::Relations => Taken::of(relations::read(cells, book, today)),
        Kind::Consents => Taken::of(consents::read(cells, book, today)),
        Kind::People => Err(Error::broken("people are compared as a whole")),
    }
}

async fn weigh(tx: &mut Tx, book: &Book, import: &Import, key: &str, text: &str) -> Result<Weighed> {
    match import.kind {
        Kind::Organisations => organisations::weigh(tx, book, import, key, &row(text)?).await,
        Kind::Relations => relations::weigh(tx, book, &row(text)?).await,
        Kind::Consents => consents::weigh(tx, import, &row(text)?).await,
        Kind::People => Err(Error::broken("people are compared as a whole")),
    }
}

async fn bring(tx: &mut Tx, book: &Book, import: &Import, text: &str) -> Result<Done> {
    match import.kind {
        Kind::Organisations => {
            let it: organisations::Row = row(text)?;
            organisations::bring(tx, book, import, &it.key(), &it).await
        }
        Kind::Relations => relations::bring(tx, book, import, &row(text)?).await,
        Kind::Consents => consents::bring(tx, import, &row(text)?).await,
        Kind::People => Err(Error::broken("people are compared as a whole")),
    }
}

/// What a preview shows of a row: a name, and what it says.
pub fn shown(kind: Kind, text: &str, lang: Lang) -> (String, String) {
    let of = || -> Result<(String, String)> {
        Ok(match kind {
            Kind::Organisations => {
                let it: organisations::Row = row(text)?;
                let says = it.shown();
                (it.name, says)
            }
            Kind::Relations => {
                let it: relations::Row = row(text)?;
                (it.whom.shown(), it.shown(lang))
            }
            Kind::Consents => {
                let it: consents::Row = row(text)?;
                (it.whom.shown(), it.shown(lang))
            }
            Kind::People => (String::new(), String::new()),
        })
    };
    of().unwrap_or_default()
}
