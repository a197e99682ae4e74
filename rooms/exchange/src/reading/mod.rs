//! From bytes to a table. What a file is, is told by its content and never by its name; what it holds is text in
//! columns under a header. Pure: nothing here looks at a database.

mod sheet;
mod text;

use std::borrow::Cow;

use kring_core::{Error, Result};
use serde::{Deserialize, Serialize};

use crate::{formula, headers, mapping, say};

/// Limits, so that a hostile file costs a known amount of time and memory. See promises: xlsx 100 MB unpacked and
/// 100:1, rows 5 M, columns 500.
pub const MOST_ROWS: usize = 5_000_000;
pub const MOST_COLUMNS: usize = 500;
/// The most that one cell may hold, in bytes; a spreadsheet's own limit is 32,767 characters.
const LONGEST_CELL: usize = 100_000;
/// How many records are searched for the header.
const HEADER_WITHIN: usize = 10;

/// How the file turned out to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// `utf-8`, `utf-16`, `windows-1252`, or `xlsx`.
    pub encoding: String,
    /// Of a text file; empty for a workbook.
    pub delimiter: String,
    /// Of a workbook; empty for a text file.
    pub sheet: String,
    /// The line above the header, if there was one.
    pub title: String,
    /// How many lines held nothing.
    pub blank: usize,
}

/// A record of the list: the line on which it begins (the row, in a workbook) and its cells, as many as there are
/// columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub line: u32,
    pub cells: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<Record>,
    pub form: Form,
}

/// Reads a list. The error is a sentence for whoever brought the file, with the line where it can be named.
pub fn read(bytes: &[u8]) -> Result<Table> {
    let (records, form) = match bytes {
        [] => return Err(refuse(say::file_empty())),
        [b'P', b'K', 3, 4, ..] => sheet::records(bytes)?,
        // The old Excel format, and a new one behind a password, share this container.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => return Err(refuse(say::file_old_excel())),
        [b'%', b'P', b'D', b'F', ..] => return Err(refuse(say::file_no_table())),
        _ => text::records(bytes)?,
    };
    table(records, form)
}

fn refuse(what: kring_core::Saying) -> Error {
    Error::field("file", what)
}

/// Finds the header, makes every record as wide as it, and leaves out those that hold nothing.
fn table(mut records: Vec<Record>, mut form: Form) -> Result<Table> {
    for record in &mut records {
        for cell in &mut record.cells {
            clean(cell);
        }
    }
    let all = records.len();
    records.retain(|r| r.cells.iter().any(|c| !c.is_empty()));
    form.blank += all - records.len();
    if records.is_empty() {
        return Err(refuse(say::file_empty()));
    }
    let (columns, first) = match header(&records) {
        Some(at) => {
            if let Some(above) = records.get(..at) {
                form.title = above
                    .iter()
                    .flat_map(|r| &r.cells)
                    .filter(|c| !c.is_empty())
                    .cloned()
                    .collect::<Vec<_>>()
                    .join(" · ");
                form.title.truncate(form.title.floor_char_boundary(300));
            }
            (records.get(at).map(|r| r.cells.clone()).unwrap_or_default(), at + 1)
        }
        None => (Vec::new(), 0),
    };
    let mut rows = records.split_off(first.min(records.len()));
    let wide = rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    // Cells beyond the header are kept under a name of their own; empty ones at the end are nothing.
    let used =
        rows.iter().filter_map(|r| r.cells.iter().rposition(|c| !c.is_empty())).max().map_or(0, |n| n + 1);
    let mut columns: Vec<String> =
        columns.into_iter().map(|c| c.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    while columns.len() > used && columns.last().is_some_and(String::is_empty) {
        columns.pop();
    }
    let width = columns.len().max(used.min(wide));
    columns.resize(width, String::new());
    for row in &mut rows {
        row.cells.resize(width, String::new());
    }
    Ok(Table { columns, rows, form })
}

/// Which of the first records is the header: the one with the most known column names; without any, the first that
/// is as wide as the table and holds nothing that looks like a value. `None` when the list begins at once.
fn header(records: &[Record]) -> Option<usize> {
    let first: Vec<&Record> = records.iter().take(HEADER_WITHIN).collect();
    let known = |r: &Record| r.cells.iter().filter(|c| headers::is_known(c)).count();
    // The first of the best: `max_by_key` alone would take the last.
    let best = first.iter().enumerate().map(|(i, r)| (known(r), std::cmp::Reverse(i))).max();
    if let Some((count, std::cmp::Reverse(at))) = best
        && (count >= 2
            || (count == 1 && records.get(at).is_some_and(|r| filled(r) == 1) && width(records) == 1))
    {
        return Some(at);
    }
    let width = width(records);
    first.iter().position(|r| filled(r) == width).filter(|at| {
        first.get(*at).is_some_and(|r| r.cells.iter().all(|c| !mapping::looks_like_value(c))) && width > 1
    })
}

fn filled(record: &Record) -> usize {
    record.cells.iter().filter(|c| !c.is_empty()).count()
}

fn width(records: &[Record]) -> usize {
    records.iter().take(200).map(filled).max().unwrap_or(0)
}

/// A cell as it is meant: trimmed, without NUL (which PostgreSQL cannot keep), with Unix line breaks, and without
/// the apostrophe by which spreadsheets and our own exports say "this is text".
fn clean(cell: &mut String) {
    let mut text = Cow::Borrowed(cell.as_str());
    if text.contains(['\0', '\r']) {
        text = Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\0', ""));
    }
    let trimmed = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let plain = formula::unmark(trimmed);
    if plain.len() != cell.len() {
        *cell = plain.to_owned();
    }
}
