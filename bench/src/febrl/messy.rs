//! The messy list of `testing/fixtures`, mapped as simply as a script would: what matching alone makes of it. (The
//! importer cleans more before it compares.)

use std::collections::HashMap;

use anyhow::{Context, Result};
use jiff::civil::Date;
use kring_lang::names::fold;
use kring_match::{Base, Learning, Record, Spec, learn_and_find};

use super::outcome::{Outcome, figure};

const LIST: &[u8] = include_bytes!("../../../testing/fixtures/people-messy.csv");
const TRUTH: &[u8] = include_bytes!("../../../testing/fixtures/people-messy-truth.csv");

/// In the truth, who only looks like person n is person 900,000 + n.
const LOOKS_LIKE: u32 = 900_000;

pub fn run() -> Result<()> {
    let spec = super::people::spec()?;
    let mut person = Vec::new();
    for row in csv::Reader::from_reader(TRUTH).records() {
        person.push(row?.get(1).context("the person in the truth table")?.parse()?);
    }
    let mut reader =
        csv::ReaderBuilder::new().delimiter(b';').has_headers(false).flexible(true).from_reader(LIST);
    // A title line, then the header.
    let rows: Vec<csv::StringRecord> = reader.records().skip(2).collect::<Result<_, _>>()?;
    // The csv reader passes over empty lines, which the truth counts.
    let known: Vec<u32> = person.into_iter().filter(|p| *p != 0).collect();
    let filled = rows.iter().filter(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    let records: Vec<Record> = filled.map(|row| record(&spec, row)).collect::<Result<_>>()?;
    anyhow::ensure!(records.len() == known.len(), "{} rows and {} people", records.len(), known.len());
    let base = Base::new(&spec, records)?;
    let (_, found) = learn_and_find(&base, &Learning::default(), &|_| {})?;
    Outcome::of(&base, &found, &known).tell("match", "messy_");
    let mut records_of: HashMap<u32, Vec<usize>> = HashMap::new();
    for (at, who) in known.iter().enumerate() {
        records_of.entry(*who).or_default().push(at);
    }
    let (mut pairs, mut apart) = (0, 0);
    for (who, others) in records_of.iter().filter(|(who, _)| **who >= LOOKS_LIKE) {
        for one in records_of.get(&(who - LOOKS_LIKE)).into_iter().flatten() {
            for other in others {
                pairs += 1;
                apart += u32::from(found.first.get(*one) != found.first.get(*other));
            }
        }
    }
    figure("match", "messy_look_alikes_apart", f64::from(apart), "pairs", f64::from(pairs), false);
    Ok(())
}

fn record(spec: &Spec, row: &csv::StringRecord) -> Result<Record> {
    let cell = |at: usize| row.get(at).unwrap_or_default().trim();
    let surname = fold(&format!("{} {}", cell(3), cell(4)));
    let mail = cell(6).to_lowercase().replace(" (at) ", "@");
    let digits: String = cell(7).chars().filter(char::is_ascii_digit).collect();
    let phone = digits.trim_start_matches("00").trim_start_matches("31").trim_start_matches('0');
    let values = [
        ("number", cell(0)),
        ("given", &fold(cell(2).trim_end_matches('.'))),
        ("surname", surname.trim()),
        ("birth", &date(cell(5)).map(|d| d.to_string()).unwrap_or_default()),
        ("mail", if mail.contains('@') { &mail } else { "" }),
        ("phone", if phone.len() == 9 { phone } else { "" }),
        ("postcode", &cell(8).to_lowercase()),
        ("house", &cell(9).to_lowercase()),
        ("city", &fold(cell(10))),
    ];
    Ok(spec.record(1, &values)?)
}

/// The notations that the list uses. A year of two digits is this century's up to 30.
fn date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['-', '.', '/', ' ']).filter(|p| !p.is_empty()).collect();
    let &[a, b, c] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<i16>().ok();
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let named = (1_i16..).zip(months).find(|(_, m)| b.to_lowercase().starts_with(m)).map(|(at, _)| at);
    let month = number(b).or(named)?;
    let (year, day) = if a.len() == 4 { (number(a)?, number(c)?) } else { (number(c)?, number(a)?) };
    let year = match year {
        0..=30 => year + 2000,
        31..=99 => year + 1900,
        _ => year,
    };
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}
