//! Where facts stand in a database, as far as the compiler to SQL has to know.
//!
//! All of it is text of the house's own program: `'static`, so that no value a user typed can become part of a
//! statement.

use crate::facts::About;

/// A column with codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    /// Whether the codes of a rule are whole numbers there, as foreign keys are; else they are text.
    pub number: bool,
}

impl Column {
    pub const fn text(name: &'static str) -> Self {
        Self { name, number: false }
    }

    pub const fn number(name: &'static str) -> Self {
        Self { name, number: true }
    }
}

/// A table with any number of rows for each person (or thing).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rows {
    pub table: &'static str,
    /// The column with the person's number; never null.
    pub owner: &'static str,
    /// A condition that tells the rows of this fact from others in the table, with `{}` for the table's alias:
    /// `{}.kind = 3`.
    pub only: Option<&'static str>,
}

/// How days are written in a column. A table of instants offers a column with the institution's day, since neither
/// database knows its zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Whole numbers, as in [`Day`](crate::Day).
    Number,
    /// `yyyy-mm-dd`, which sorts as days do for the years 1 to 9999.
    Iso,
}

/// Where one fact stands. The days of acts are whole numbers: sequences ask how far two lie apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A choice in a column of the person's own row.
    Choice(Column),
    /// A number in a column of the person's own row.
    Number(&'static str),
    /// A number that stands in another table, in at most one row for each person; `otherwise` is the number of whoever
    /// has none there: a score that nobody has earned yet is nought and not unknown.
    NumberIn {
        rows: Rows,
        number: &'static str,
        otherwise: Option<i64>,
    },
    /// A day in a column of the person's own row.
    Day(&'static str, Written),
    /// A condition on the person's own row, with `{}` for its alias; null counts as no.
    Flag(&'static str),
    /// Tags, or a choice that stands in another table.
    Codes {
        rows: Rows,
        code: Column,
    },
    Acts {
        rows: Rows,
        day: &'static str,
        detail: Option<Column>,
    },
    Spans {
        rows: Rows,
        kind: Column,
        place: Column,
        from: &'static str,
        to: &'static str,
        written: Written,
    },
    Links {
        rows: Rows,
        kind: Column,
        /// The column with the other thing's number; never null.
        to: &'static str,
        /// The things' own table and its key.
        things: &'static str,
        thing_id: &'static str,
    },
}

/// Where the facts of one house stand.
pub trait Tables {
    /// The table of people and its key.
    fn people(&self) -> (&'static str, &'static str);

    fn place(&self, about: About<'_>, key: &str) -> Option<Place>;
}
