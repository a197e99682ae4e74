//! Answers as they leave the house: as CSV or as a workbook. Each says who took it and when, and the trail says what it held.

use axum::{body::Body, response::Response};
use http::header;
use kring_core::{Error, Result};
use rust_xlsxwriter::{Format, Workbook};

/// A table to be written.
pub struct Table {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Who, when, what: the line above a CSV, the second sheet of a workbook.
    pub origin: String,
}

/// Characters of one cell that a workbook can hold.
const MOST_CELL: usize = 32_000;

impl Table {
    /// `;`, UTF-8 with a byte order mark, CRLF, as Dutch spreadsheets open it.
    pub fn csv(&self) -> Result<Response> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record([safe(&self.origin)]).map_err(Error::broken)?;
        for row in std::iter::once(&self.columns).chain(&self.rows) {
            writer.write_record(row.iter().map(|cell| safe(cell))).map_err(Error::broken)?;
        }
        let bytes = writer.into_inner().map_err(Error::broken)?;
        file(bytes, "text/csv; charset=utf-8", "kring-answers.csv")
    }

    /// Every cell is a string, whatever it looks like: none is ever a formula.
    pub fn xlsx(&self) -> Result<Response> {
        let mut book = Workbook::new();
        let head = Format::new().set_bold();
        let sheet = book.add_worksheet();
        let plain: String =
            self.name.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-')).take(31).collect();
        sheet
            .set_name(if plain.trim().is_empty() { "Kring" } else { plain.trim() })
            .map_err(Error::broken)?;
        for (column, name) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, name, &head).map_err(Error::broken)?;
        }
        for (line, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                let cell: String = cell.chars().take(MOST_CELL).collect();
                sheet.write_string(line, column, cell).map_err(Error::broken)?;
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(Error::broken)?;
        let origin = book.add_worksheet();
        origin.set_name("Kring ·").map_err(Error::broken)?;
        origin.write_string(0, 0, &self.origin).map_err(Error::broken)?;
        let bytes = book.save_to_buffer().map_err(Error::broken)?;
        let kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
        file(bytes, kind, "kring-answers.xlsx")
    }
}

/// Something to be kept on disk and never shown in place.
pub fn file(bytes: Vec<u8>, kind: &str, name: &str) -> Result<Response> {
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_DISPOSITION, disposition(name))
        .header(header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(bytes))
        .map_err(Error::broken)
}

/// A name for the browser: in full by RFC 5987, and in ASCII for what is older.
fn disposition(name: &str) -> String {
    let ascii: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", kring_frame::encode(name))
}

/// A cell that no spreadsheet takes for a formula: everything here was typed by somebody.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_no_name_leaves_its_header() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("Kim"), "Kim");
        let odd = disposition("简\" ;历.pdf");
        assert!(!odd.contains("\" ;历") && odd.is_ascii(), "{odd}");
    }
}
