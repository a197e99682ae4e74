use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use kring_core::Result;

use super::{Form, LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Record, refuse};
use crate::say;

const DELIMITERS: [u8; 4] = [b';', b',', b'\t', b'|'];
/// What the delimiter is judged by.
const SAMPLE_BYTES: usize = 128 * 1024;
const SAMPLE_RECORDS: usize = 100;
/// A remark may have lines; one of more than these is a quote that nobody closed.
const MOST_LINES_IN_RECORD: u64 = 500;

pub fn records(bytes: &[u8]) -> Result<(Vec<Record>, Form)> {
    let (text, encoding) = decode(bytes).ok_or_else(|| refuse(say::file_no_table()))?;
    let delimiter = delimiter(&text);
    let records = parse(&text, delimiter)?;
    let form = Form {
        encoding: encoding.to_owned(),
        delimiter: char::from(delimiter).to_string(),
        ..Form::default()
    };
    Ok((records, form))
}

/// The text and what its encoding is called; `None` for what is no text at all.
fn decode(bytes: &[u8]) -> Option<(String, &'static str)> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes.get(mark..).unwrap_or_default());
        return is_text(&text).then(|| (text.into_owned(), name(encoding)));
    }
    if let Some(encoding) = unmarked_utf16(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(bytes);
        return is_text(&text).then(|| (text.into_owned(), name(encoding)));
    }
    // Windows-1252 decodes anything, so it comes last: bytes that happen to be valid UTF-8 with letters beyond
    // ASCII are practically never meant otherwise. A file of which nearly all is UTF-8 was glued from two.
    let encoding = match std::str::from_utf8(bytes) {
        Ok(_) => UTF_8,
        Err(_) if mostly_utf8(bytes) => UTF_8,
        Err(_) => WINDOWS_1252,
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    is_text(&text).then(|| (text.into_owned(), name(encoding)))
}

fn name(encoding: &'static Encoding) -> &'static str {
    if encoding == UTF_8 {
        "utf-8"
    } else if encoding == WINDOWS_1252 {
        "windows-1252"
    } else {
        "utf-16"
    }
}

/// Latin text in UTF-16 has a zero in every other byte.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = bytes.get(..4096).unwrap_or(bytes);
    let zeros = |odd: usize| sample.iter().skip(odd).step_by(2).filter(|b| **b == 0).count() * 2;
    let (even, odd) = (zeros(0), zeros(1));
    match sample.len() {
        0..4 => None,
        n if odd * 10 > n * 4 && even * 20 < n => Some(UTF_16LE),
        n if even * 10 > n * 4 && odd * 20 < n => Some(UTF_16BE),
        _ => None,
    }
}

fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    good > bad * 20
}

/// Text has hardly any control characters.
fn is_text(text: &str) -> bool {
    let odd = |c: char| (c.is_control() && !matches!(c, '\t' | '\r' | '\n')) || c == '\u{fffd}';
    let strange = text.chars().filter(|c| odd(*c)).count();
    strange * 100 <= text.chars().count().max(1)
}

/// The separator under which the most records have the same number of fields, more than one.
fn delimiter(text: &str) -> u8 {
    let sample = text.get(..text.floor_char_boundary(SAMPLE_BYTES)).unwrap_or(text);
    let score = |delimiter: u8| {
        let mut widths: Vec<usize> = reader(sample, delimiter)
            .byte_records()
            .take(SAMPLE_RECORDS)
            .map_while(|r| r.ok().map(|r| r.len()))
            .filter(|w| *w > 1)
            .collect();
        widths.sort_unstable();
        let most = widths.chunk_by(|a, b| a == b).map(<[usize]>::len).max().unwrap_or(0);
        (most, widths.get(widths.len() / 2).copied().unwrap_or(0))
    };
    // The first of equals, in the order of how Dutch spreadsheets save.
    DELIMITERS.into_iter().rev().max_by_key(|d| score(*d)).filter(|d| score(*d).0 > 0).unwrap_or(b';')
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

fn parse(text: &str, delimiter: u8) -> Result<Vec<Record>> {
    let mut reader = reader(text, delimiter);
    let mut record = csv::StringRecord::new();
    let mut records: Vec<Record> = Vec::new();
    loop {
        let line = reader.position().line();
        let more =
            reader.read_record(&mut record).map_err(|_| refuse(say::file_line_unreadable(short(line))))?;
        if !more {
            break;
        }
        // Where the record itself begins: blank lines before it were passed over.
        let line = record.position().map_or(line, csv::Position::line);
        let lines = reader.position().line().saturating_sub(line);
        if lines > MOST_LINES_IN_RECORD || record.iter().any(|c| c.len() > LONGEST_CELL) {
            return Err(refuse(say::file_quote_open(short(line))));
        }
        if record.len() > MOST_COLUMNS {
            return Err(refuse(say::file_too_wide(short(line), MOST_COLUMNS)));
        }
        if records.len() >= MOST_ROWS {
            return Err(refuse(say::file_too_long(MOST_ROWS)));
        }
        records.push(Record { line: short(line), cells: record.iter().map(str::to_owned).collect() });
    }
    // A quote that is open at the end took the rest of the file into one cell.
    let odd = text.bytes().filter(|b| *b == b'"').count() % 2 == 1;
    if odd
        && let Some(last) = records.last()
        && last.cells.last().is_some_and(|c| c.trim_end().contains(['\n', '\r']))
    {
        return Err(refuse(say::file_quote_open(last.line)));
    }
    Ok(records)
}

fn short(line: u64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}
