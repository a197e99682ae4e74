//! Of whom a row speaks, when it names somebody who must be known already: by number, mail address or code. Nothing is
//! guessed: one answer, or a refusal that says why.

use kring_core::Result;
use kring_formats::code::Scheme;
use kring_frame::{PersonId, Tx, params, sql};
use kring_people::{merge, suppression};
use serde::{Deserialize, Serialize};

use crate::{
    mapping::Field,
    row::{Cells, Remark},
};

/// What a row says of somebody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Whom {
    pub number: String,
    pub email: String,
    pub student: String,
    pub employee: String,
    pub account: String,
}

impl Whom {
    pub fn of(cells: &Cells<'_>) -> Self {
        Self {
            number: cells.line(Field::RelationNumber),
            email: cells.line(Field::Email),
            student: cells.line(Field::StudentNumber),
            employee: cells.line(Field::EmployeeNumber),
            account: cells.line(Field::Account),
        }
    }

    pub fn other(cells: &Cells<'_>) -> Self {
        Self {
            number: cells.line(Field::OtherNumber),
            email: cells.line(Field::OtherEmail),
            ..Self::default()
        }
    }

    pub fn is_empty(&self) -> bool {
        self.said().next().is_none()
    }

    fn said(&self) -> impl Iterator<Item = &str> {
        [&self.number, &self.email, &self.student, &self.employee, &self.account]
            .into_iter()
            .map(String::as_str)
            .filter(|t| !t.is_empty())
    }

    /// In words: what the row says of somebody, shortest first.
    pub fn shown(&self) -> String {
        self.said().collect::<Vec<_>>().join(" · ")
    }
}

type Found = std::result::Result<PersonId, Remark>;

/// Who is meant.
pub async fn find(tx: &mut Tx, whom: &Whom) -> Result<Found> {
    let mut found: Vec<PersonId> = Vec::new();
    let mut refusal: Option<Remark> = None;
    let codes = [
        (Scheme::StudentNumber, &whom.student),
        (Scheme::EmployeeNumber, &whom.employee),
        (Scheme::Eppn, &whom.account),
    ];
    let mut note = |answer: Found| match answer {
        Ok(id) => found.push(id),
        Err(why) => {
            refusal.get_or_insert(why);
        }
    };
    if !whom.number.is_empty() {
        note(by_number(tx, &whom.number).await?);
    }
    for (scheme, code) in codes.into_iter().filter(|(_, code)| !code.is_empty()) {
        note(by_code(tx, scheme, code).await?);
    }
    // Mail addresses are shared, and change: they speak only where no number does.
    if !whom.email.is_empty() && whom.number.is_empty() && codes.iter().all(|(_, code)| code.is_empty()) {
        note(by_email(tx, &whom.email).await?);
    }
    found.sort_unstable();
    found.dedup();
    Ok(match (found.as_slice(), refusal) {
        (_, Some(why)) => Err(why),
        ([one], None) => Ok(*one),
        ([], None) => Err(Remark::PersonMissing),
        (_, None) => Err(Remark::PersonConflict),
    })
}

/// A number that was merged leads on; one that was erased is a refusal that names nobody.
async fn by_number(tx: &mut Tx, number: &str) -> Result<Found> {
    let unknown = || Err(Remark::PersonUnknown(number.to_owned()));
    let Ok(id) = number.replace('.', "").parse::<PersonId>() else { return Ok(unknown()) };
    let state: Option<(String,)> =
        tx.maybe(sql!("select state from people where id = $1"), params![id]).await?;
    Ok(match state.as_ref().map(|(s,)| s.as_str()) {
        Some("known") => Ok(id),
        Some("merged") => standing(tx, id).await?,
        Some("forgotten") => Err(Remark::Suppressed),
        _ => unknown(),
    })
}

/// The number by which somebody is known now, unless they were erased.
async fn standing(tx: &mut Tx, id: PersonId) -> Result<Found> {
    let id = merge::current(tx, id).await?;
    let (state,): (String,) = tx.one(sql!("select state from people where id = $1"), params![id]).await?;
    Ok(if state == "known" { Ok(id) } else { Err(Remark::Suppressed) })
}

async fn by_code(tx: &mut Tx, scheme: Scheme, code: &str) -> Result<Found> {
    let Some(read) = scheme.read(code) else { return Ok(Err(Remark::PersonUnknown(code.to_owned()))) };
    let found: Option<(Option<PersonId>,)> = tx
        .maybe(
            sql!("select person_id from identifiers where scheme = $1 and value = $2"),
            params![scheme.key(), &read],
        )
        .await?;
    match found {
        Some((Some(id),)) => standing(tx, id).await,
        _ => nobody(tx, code, &read).await,
    }
}

async fn by_email(tx: &mut Tx, email: &str) -> Result<Found> {
    let canonical = kring_people::contact::canonical(kring_people::contact::Kind::Email, email);
    let found: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select distinct p.id from contact_points c join people p on p.id = c.person_id
                 where c.kind = 'email' and c.canonical = $1 and p.state = 'known' limit 2"
            ),
            params![&canonical],
        )
        .await?;
    match found.as_slice() {
        [(one,)] => Ok(Ok(*one)),
        [] => nobody(tx, email, &canonical).await,
        _ => Ok(Err(Remark::PersonSeveral(email.to_owned()))),
    }
}

/// Nobody answers to it: unknown, or erased.
async fn nobody(tx: &mut Tx, said: &str, value: &str) -> Result<Found> {
    let house = tx.house().clone();
    let marks =
        suppression::marks(&house, &kring_lang::names::PersonName::default(), None, [value].into_iter());
    let erased = suppression::holds(tx, &marks).await?;
    Ok(Err(if erased { Remark::Suppressed } else { Remark::PersonUnknown(said.to_owned()) }))
}
