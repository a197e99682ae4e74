use std::{
    io::{Cursor, Read},
    panic::{AssertUnwindSafe, catch_unwind},
};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx};
use kring_core::{Error, Result};

use super::{Form, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Record, refuse};
use crate::say;

/// All members together, unpacked.
const MOST_UNPACKED: u64 = 100 * 1024 * 1024;
/// Unpacked to packed; judged only beyond what any small workbook may be.
const MOST_RATIO: u64 = 100;
const SMALL: u64 = 2 * 1024 * 1024;
const MOST_MEMBERS: usize = 1_000;
/// No element of a real workbook has attributes of this length together. Parsers compare attributes pairwise, so
/// an element with 100,000 of them costs minutes.
const LONGEST_TAG: usize = 8 * 1024;
/// All text of the cells together: shared strings unpack a second time, without the archive's limits.
const MOST_TEXT: usize = 100 * 1024 * 1024;
/// How much of a sheet is looked at to see whether it is a list.
const PEEK: usize = 30;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

pub fn records(bytes: &[u8]) -> Result<(Vec<Record>, Form)> {
    check(bytes)?;
    // The parser is not ours and the bytes are a stranger's: should it panic, that is an unreadable file.
    catch_unwind(AssertUnwindSafe(|| open(bytes))).unwrap_or_else(|_| Err(unreadable()))
}

fn unreadable() -> Error {
    refuse(say::file_damaged())
}

/// Unpacks every member once, keeping nothing, and refuses what would be too much. Sizes in the archive's own
/// directory are claims; only counting tells.
fn check(bytes: &[u8]) -> Result<()> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    if archive.len() > MOST_MEMBERS {
        return Err(refuse(say::file_bomb()));
    }
    let packed = bytes.len() as u64;
    let mut unpacked = 0_u64;
    let mut buffer = vec![0; 64 * 1024];
    for i in 0..archive.len() {
        let mut member = archive.by_index(i).map_err(|_| unreadable())?;
        let name = member.name().map_err(|_| unreadable())?.to_ascii_lowercase();
        let xml = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
        let mut tags = Tags::default();
        loop {
            let n = member.read(&mut buffer).map_err(|_| unreadable())?;
            if n == 0 {
                break;
            }
            unpacked += n as u64;
            if unpacked > MOST_UNPACKED || (unpacked > SMALL && unpacked / MOST_RATIO > packed) {
                return Err(refuse(say::file_bomb()));
            }
            if xml && !tags.pass(buffer.get(..n).unwrap_or_default()) {
                return Err(refuse(say::file_bomb()));
            }
        }
    }
    Ok(())
}

/// Watches elements go by: how long they are, and that none declares entities.
#[derive(Default)]
struct Tags {
    start: Vec<u8>,
    length: usize,
    quote: Option<u8>,
}

impl Tags {
    fn pass(&mut self, bytes: &[u8]) -> bool {
        for &byte in bytes {
            if self.length == 0 {
                if byte == b'<' {
                    (self.length, self.quote) = (1, None);
                    self.start.clear();
                }
                continue;
            }
            self.length += 1;
            if self.start.len() < 8 {
                self.start.push(byte.to_ascii_uppercase());
            }
            // Comments and instructions may hold a lone quote.
            let plain = matches!(self.start.first(), Some(b'!' | b'?'));
            match (self.quote, byte) {
                (Some(open), _) if open == byte => self.quote = None,
                (None, b'"' | b'\'') if !plain => self.quote = Some(byte),
                (None, b'>') => self.length = 0,
                _ => {}
            }
            if self.length > LONGEST_TAG || self.start == b"!DOCTYPE" {
                return false;
            }
        }
        true
    }
}

fn open(bytes: &[u8]) -> Result<(Vec<Record>, Form)> {
    let mut book: Book<'_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| unreadable())?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|s| s.typ == SheetType::WorkSheet && s.visible == SheetVisible::Visible)
        .map(|s| s.name.clone())
        .collect();
    let mut chosen = None;
    for name in names {
        let peek = sheet(&mut book, &name, PEEK)?;
        let wide = peek.iter().filter(|r| r.cells.iter().filter(|c| !c.is_empty()).count() > 1).count();
        if wide > 1 {
            chosen = Some(name);
            break;
        }
        if chosen.is_none() && peek.len() > 1 {
            chosen = Some(name);
        }
    }
    let name = chosen.ok_or_else(|| refuse(say::file_no_sheet()))?;
    let records = sheet(&mut book, &name, MOST_ROWS + 1)?;
    if records.len() > MOST_ROWS {
        return Err(refuse(say::file_too_long(MOST_ROWS)));
    }
    Ok((records, Form { encoding: "xlsx".into(), sheet: name, ..Form::default() }))
}

/// The rows of a sheet that hold something, at most so many. Read cell by cell: the size that a sheet claims, and
/// a lone cell in its last corner, cost nothing.
fn sheet(book: &mut Book<'_>, name: &str, most: usize) -> Result<Vec<Record>> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|_| unreadable())?;
    let mut records: Vec<Record> = Vec::new();
    let mut text = 0;
    while let Some(cell) = cells.next_cell().map_err(|_| unreadable())? {
        let (row, column) = cell.get_position();
        let (line, column) = (row.saturating_add(1), column as usize);
        let value = match cell.get_value() {
            DataRef::Empty | DataRef::Error(_) => continue,
            DataRef::String(s) | DataRef::DateTimeIso(s) | DataRef::DurationIso(s) => short(s)?,
            DataRef::SharedString(s) => short(s)?,
            DataRef::Int(n) => n.to_string(),
            // A float that is a whole number was typed as one.
            DataRef::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
            DataRef::Float(x) => x.to_string(),
            DataRef::Bool(b) => if *b { "ja" } else { "nee" }.to_owned(),
            DataRef::DateTime(at) => moment(at),
        };
        if value.is_empty() {
            continue;
        }
        if column >= MOST_COLUMNS {
            return Err(refuse(say::file_too_wide(line, MOST_COLUMNS)));
        }
        text += value.len();
        if text > MOST_TEXT {
            return Err(refuse(say::file_bomb()));
        }
        if records.last().is_none_or(|r| r.line != line) {
            if records.len() >= most {
                break;
            }
            records.push(Record { line, cells: Vec::new() });
        }
        if let Some(record) = records.last_mut() {
            if record.cells.len() <= column {
                record.cells.resize(column + 1, String::new());
            }
            if let Some(place) = record.cells.get_mut(column) {
                *place = value;
            }
        }
    }
    Ok(records)
}

fn short(text: &str) -> Result<String> {
    if text.len() > LONGEST_CELL { Err(refuse(say::file_bomb())) } else { Ok(text.to_owned()) }
}

/// A day as a day; the time is kept only where there is one.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, ..) = at.to_ymd_hms_milli();
    if (hour, minute) == (0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}")
    }
}
