//! Lists that leave the house: as a workbook with typed text cells, or as CSV in which nothing is a formula. Each
//! says who took it and when, and what it holds is written in the trail.

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_frame::{Deed, Mark, Permit, PersonId, Tx};
use kring_lang::dates;
use kring_people::{Filter, Listed, kind_names, roles};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

use crate::{Words, formula};

/// A cell with its type: in a workbook a number adds up and a day sorts as a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    Number(i64),
    Day(Date),
    Nothing,
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text) }
    }
}

impl Cell {
    /// As it stands in a CSV.
    fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(n) => n.to_string(),
            Self::Day(day) => day.to_string(),
            Self::Nothing => String::new(),
        }
    }
}

/// A table to be written, with a header.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
    /// Who, when, what: the line above a CSV, the second sheet of a workbook.
    pub origin: String,
}

/// What a worksheet can hold below its header.
const MOST_ROWS: usize = 1_048_575;
const PAGE: u32 = 2_000;

impl Sheet {
    /// CSV as Dutch spreadsheets open it: `;`, UTF-8 with a byte order mark, CRLF. The first line says that cells
    /// which could be formulas carry an apostrophe; our import takes it off again.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(b';')
            .flexible(true)
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record([&*formula::safe(&self.origin)]).map_err(Error::broken)?;
        writer
            .write_record(self.columns.iter().map(|c| formula::safe(c).into_owned()))
            .map_err(Error::broken)?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell {
                Cell::Text(text) => formula::safe(text).into_owned(),
                other => other.text(),
            });
            writer.write_record(cells).map_err(Error::broken)?;
        }
        writer.into_inner().map_err(Error::broken)
    }

    pub fn xlsx(&self) -> Result<Vec<u8>> {
        let mut book = Workbook::new();
        let head = Format::new().set_bold();
        let date = Format::new().set_num_format("yyyy-mm-dd");
        let sheet = book.add_worksheet();
        sheet.set_name(sheet_name(&self.name)).map_err(Error::broken)?;
        for (column, name) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, name, &head).map_err(Error::broken)?;
        }
        for (line, row) in (1_u32..).zip(self.rows.iter().take(MOST_ROWS)) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    // As a string, whatever it looks like: no cell of ours is ever a formula.
                    Cell::Text(text) => {
                        let text: String = text.chars().take(32_000).collect();
                        sheet.write_string(line, column, text).map_err(Error::broken)?;
                    }
                    Cell::Number(n) => {
                        sheet.write_number(line, column, *n as f64).map_err(Error::broken)?;
                    }
                    Cell::Day(day) => {
                        let serial =
                            ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)
                                .map_err(Error::broken)?;
                        sheet
                            .write_datetime_with_format(line, column, serial, &date)
                            .map_err(Error::broken)?;
                    }
                    Cell::Nothing => {}
                }
            }
        }
        sheet.set_freeze_panes(1, 0).map_err(Error::broken)?;
        let origin = book.add_worksheet();
        origin.set_name("Kring").map_err(Error::broken)?;
        origin.write_string(0, 0, &self.origin).map_err(Error::broken)?;
        book.save_to_buffer().map_err(Error::broken)
    }
}

/// What a sheet may be called.
fn sheet_name(name: &str) -> String {
    let plain: String =
        name.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(31).collect();
    if plain.trim().is_empty() { "Lijst".to_owned() } else { plain }
}

/// Who takes something out, and when: the watermark.
pub fn origin(tx: &Tx, w: Words, what: &str) -> String {
    let zone = &tx.house().settings.zone;
    let when = dates::moment(tx.now(), zone, w.0);
    w.export_origin(what, &tx.house().settings.institution, &*tx.actor().name, when)
}

/// The list of people as the page shows it, whole. The trail says whom it holds, in the same transaction.
pub async fn people(tx: &mut Tx, permit: &Permit, w: Words, filter: &Filter) -> Result<Sheet> {
    let kinds = roles::kinds(tx).await?;
    let zone = tx.house().settings.zone.clone();
    let mut rows = Vec::new();
    let mut ids: Vec<PersonId> = Vec::new();
    let mut after = None;
    loop {
        let page: Vec<Listed> = kring_people::list(tx, permit, filter, after.take(), PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some((last.sort_key.clone(), last.id));
        let full = page.len() == PAGE as usize;
        for person in page {
            let day = |at| Cell::Day(dates::date_of(at, &zone));
            ids.push(person.id);
            rows.push(vec![
                Cell::Number(person.id.get()),
                person.name.into(),
                kind_names(&kinds, person.roles.as_deref(), w.0).join(", ").into(),
                person.email.unwrap_or_default().into(),
                person.phone.unwrap_or_default().into(),
                person.city.unwrap_or_default().into(),
                person.owner.unwrap_or_default().into(),
                day(person.known_since),
                person.last_contact_at.map_or(Cell::Nothing, day),
            ]);
        }
        if !full || rows.len() >= MOST_ROWS {
            break;
        }
    }
    let mark = Mark::of(Deed::Exported, permit.purpose(), "person");
    tx.trail(mark.detail(format!("n={},ids={}", ids.len(), ranges(ids)))).await?;
    Ok(Sheet {
        name: w.export_people().to_owned(),
        columns: [
            w.col_number(),
            w.col_name(),
            w.col_roles(),
            w.col_email(),
            w.col_phone(),
            w.col_city(),
            w.col_owner(),
            w.col_known_since(),
            w.col_last_contact(),
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
        origin: origin(tx, w, w.export_people()),
    })
}

/// Numbers as `3-9,12`: the trail says whom, in a line that can be read.
fn ranges(mut ids: Vec<PersonId>) -> String {
    ids.sort_unstable();
    let mut spans: Vec<(i64, i64)> = Vec::new();
    for id in ids.into_iter().map(PersonId::get) {
        match spans.last_mut() {
            Some((_, end)) if *end + 1 >= id => *end = id,
            _ => spans.push((id, id)),
        }
    }
    let said: Vec<String> =
        spans.into_iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}-{b}") }).collect();
    said.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading;

    #[test]
    fn what_we_write_we_read_again() {
        let cells = ["=1+1", "+31612345678", "-12", "'t Hart", "een\ntwee; \"drie\"", "@x", "مرحبا 🙂"];
        let sheet = Sheet {
            name: "Mensen".into(),
            columns: ["Naam", "E-mailadres"].map(str::to_owned).to_vec(),
            rows: cells
                .iter()
                .map(|c| vec![Cell::Text((*c).to_owned()), Cell::Text("a@example.org".into())])
                .collect(),
            origin: "Uit Kring · Meerland".into(),
        };
        for bytes in [sheet.csv().unwrap(), sheet.xlsx().unwrap()] {
            let table = reading::read(&bytes).unwrap();
            let read: Vec<&str> = table.rows.iter().map(|r| r.cells[0].as_str()).collect();
            assert_eq!(read, cells);
            assert_eq!(table.columns, sheet.columns);
        }
        let text = String::from_utf8(sheet.csv().unwrap()).unwrap();
        assert!(text.contains("\r\n'=1+1;"), "{text}");
    }

    #[test]
    fn ranges_are_short() {
        let ids = [3, 1, 2, 9, 7, 8, 20].map(PersonId::new).to_vec();
        assert_eq!(ranges(ids), "1-3,7-9,20");
    }
}
