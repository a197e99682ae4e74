//! Lists of roles and relations: who is a student of which programme, who works where, who is whose parent. Everybody in
//! it must be known; a row that cannot be understood whole is refused, for half a relation is a wrong one.

mod bring;
mod undo;

use jiff::civil::Date;
use kring_core::Lang;
use kring_frame::UnitId;
use kring_people::relationship;
use serde::{Deserialize, Serialize};

pub use bring::{bring, weigh};
pub use undo::take_back;

use crate::{
    mapping::Field,
    row::{Cells, Remark},
    single::{
        Read,
        whom::Whom,
        words::{self, Book},
    },
};

/// A row in the words of the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub whom: Whom,
    /// The key of a kind of role, or
    pub role: String,
    /// of a kind of relation.
    pub relation: String,
    pub unit: Option<i64>,
    /// Programme, of a role.
    pub programme: String,
    pub function: String,
    /// A code or an exact name.
    pub organisation: String,
    pub other: Whom,
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// The kind as the list has it.
    pub said: String,
}

pub fn read(cells: &Cells<'_>, book: &Book, today: Date) -> Read<Row> {
    let mut remarks = Vec::new();
    let mut row = Row {
        whom: Whom::of(cells),
        programme: cells.line(Field::Programme),
        function: cells.line(Field::Function),
        organisation: cells.line(Field::Organisation),
        other: Whom::other(cells),
        said: cells.line(Field::Tie),
        ..Row::default()
    };
    if row.whom.is_empty() {
        remarks.push(Remark::PersonMissing);
    }
    if row.said.is_empty() {
        remarks.push(Remark::TieMissing);
    } else if let Some(kind) = book.role("person", &row.said) {
        kind.key.clone_into(&mut row.role);
        if kind.derived {
            remarks.push(Remark::TieDerived(row.said.clone()));
        } else if !row.organisation.is_empty() || !row.other.is_empty() {
            remarks.push(Remark::TieAlone(row.said.clone()));
        }
    } else if let Some(kind) = words::tie(&row.said) {
        kind.as_str().clone_into(&mut row.relation);
        if kind.with_organisation() && row.organisation.is_empty() {
            remarks.push(Remark::TieNeedsOther(row.said.clone()));
        } else if !kind.with_organisation() && row.other.is_empty() {
            remarks.push(Remark::TieNeedsPerson(row.said.clone()));
        }
    } else {
        remarks.push(Remark::TieUnknown(row.said.clone()));
    }
    let unit = cells.line(Field::Unit);
    row.unit = book.unit(&unit).map(UnitId::get);
    if row.unit.is_none() && !unit.is_empty() {
        remarks.push(Remark::UnitUnknown(unit));
    }
    for (field, day) in [(Field::From, &mut row.from), (Field::Until, &mut row.until)] {
        match cells.day(field, today) {
            Ok(read) => *day = read,
            Err(typed) => remarks.push(Remark::DateUnreadable(typed)),
        }
    }
    if let Some((_, until)) = row.from.zip(row.until).filter(|(from, until)| until < from) {
        remarks.push(Remark::PeriodBackwards(until.to_string()));
    }
    let key = format!(
        "{}|{}{}|{:?}|{}|{}|{}|{}|{:?}",
        row.whom.shown(),
        row.role,
        row.relation,
        row.unit,
        row.programme,
        if row.relation.is_empty() { row.function.as_str() } else { "" },
        row.organisation,
        row.other.shown(),
        row.from
    );
    Read { key, row, remarks }
}

impl Row {
    pub fn tie(&self) -> Option<relationship::Kind> {
        self.relation.parse().ok()
    }

    /// Where a role is held, in the words of the list.
    fn detail(&self) -> String {
        if self.programme.is_empty() { self.function.clone() } else { self.programme.clone() }
    }

    pub fn shown(&self, lang: Lang) -> String {
        let tie = self.tie().map_or(self.said.as_str(), |kind| kind.name(lang));
        let other = if self.organisation.is_empty() { self.other.shown() } else { self.organisation.clone() };
        let parts = [tie.to_owned(), self.detail(), other, self.period()];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    }

    fn period(&self) -> String {
        match (self.from, self.until) {
            (None, None) => String::new(),
            (from, until) => {
                let day = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
                format!("{} – {}", day(from), day(until)).trim().to_owned()
            }
        }
    }
}
