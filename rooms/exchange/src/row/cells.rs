//! The cells of a record by what they mean.

use jiff::{Span, civil::Date};

use super::{contact, cut_line, date, date::Day};
use crate::mapping::{Field, Mapping};

pub struct Cells<'a> {
    pub cells: &'a [String],
    pub mapping: &'a Mapping,
}

impl<'a> Cells<'a> {
    /// All that stands in columns of this meaning.
    pub fn of(&self, field: Field) -> impl Iterator<Item = &'a str> + use<'a> {
        let mapping = self.mapping;
        let cells = self.cells.iter().enumerate().filter(move |(at, _)| mapping.get(*at) == field);
        cells.map(|(_, cell)| cell.trim()).filter(|c| !c.is_empty())
    }

    pub fn one(&self, field: Field) -> &'a str {
        self.of(field).next().unwrap_or_default()
    }

    /// On one line, and nothing where somebody wrote "onbekend".
    pub fn line(&self, field: Field) -> String {
        let cell = self.one(field);
        if contact::is_nothing(cell) { String::new() } else { cut_line(cell) }
    }

    /// A day of a period or a moment, which may lie ahead: the error is what stood there.
    pub fn day(&self, field: Field, today: Date) -> Result<Option<Date>, String> {
        let cell = self.one(field);
        let horizon = today.checked_add(Span::new().years(50)).unwrap_or(today);
        match date::read(cell, horizon) {
            Day::Full(day) => Ok(Some(day)),
            Day::Unknown => Ok(None),
            Day::Year(_) | Day::Impossible => Err(cut_line(cell)),
        }
    }
}
