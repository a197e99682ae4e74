//! The list of needs as it leaves the house. It holds nobody, only what the page shows to whoever takes it.

use axum::{body::Body, response::Response};
use http::header;
use kring_core::{Error, Result};

use crate::{Words, overview::Row};

/// `;`, UTF-8 with a byte order mark, CRLF, as Dutch spreadsheets open it; the first line says who took it and when.
pub fn file(w: Words, by: &str, when: String, days: i64, rows: &[Row]) -> Result<Response> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    writer.write_record([safe(&w.list_origin(by, when, days))]).map_err(Error::broken)?;
    let head = [
        w.list_topic(),
        w.list_open(),
        w.list_asked(),
        w.list_median(),
        w.list_answered(),
        w.list_sources(),
        w.list_last(),
    ];
    writer.write_record(head).map_err(Error::broken)?;
    for row in rows {
        let s = &row.shown;
        let cells = [&row.topic, &s.open, &s.asked, &s.median, &s.answered, &s.sources, &row.last];
        writer.write_record(cells.map(|cell| safe(cell))).map_err(Error::broken)?;
    }
    let bytes = writer.into_inner().map_err(Error::broken)?;
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"kring-needs.csv\"")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(bytes))
        .map_err(Error::broken)
}

/// A cell that no spreadsheet takes for a formula: what a topic is called is typed by people.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("Huisvesting"), "Huisvesting");
    }
}
