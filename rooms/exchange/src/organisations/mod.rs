//! Lists of organisations: companies and their branches, schools, municipalities. A row is found again by a code, else by
//! name and postcode, else by what the list said before; else it is a new organisation.

mod bring;
mod find;
mod undo;

use std::collections::BTreeSet;

use jiff::civil::Date;
use kring_formats::code::Scheme;
use kring_lang::names::fold;
use kring_people::{address::NewAddress, contact};
use serde::{Deserialize, Serialize};

pub use bring::{bring, weigh};
pub use find::meant;
pub use undo::take_back;

use crate::{
    mapping::Field,
    place,
    row::{
        Cells, Remark,
        contact::{Mail, mail, numbers, phone},
    },
    single::{
        Read,
        words::{self, Book},
    },
};

/// An organisation as a list has it, in the spelling of the house.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Row {
    pub name: String,
    pub sort: String,
    /// A code or a name.
    pub parent: String,
    /// Scheme and code, the one that says most first.
    pub codes: Vec<(String, String)>,
    pub street: String,
    pub house_number: String,
    pub addition: String,
    pub postcode: String,
    pub city: String,
    pub websites: Vec<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub role: String,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

/// The columns with codes: first those that belong to one place of business, then those of the whole.
const CODES: &[(Field, Scheme)] = &[
    (Field::KvkBranch, Scheme::KvkBranch),
    (Field::BrinBranch, Scheme::BrinBranch),
    (Field::RioLocation, Scheme::RioLocation),
    (Field::TrainingCompany, Scheme::TrainingCompany),
    (Field::RioProvider, Scheme::RioProvider),
    (Field::Brin, Scheme::Brin),
    (Field::Kvk, Scheme::Kvk),
    (Field::RioBoard, Scheme::RioBoard),
];

pub fn read(cells: &Cells<'_>, book: &Book, today: Date) -> Read<Row> {
    let mut remarks = Vec::new();
    let mut row = Row { name: cells.line(Field::Name), parent: cells.line(Field::Parent), ..Row::default() };
    let sort = cells.line(Field::Sort);
    match words::sort(&sort) {
        Some(kind) => kind.as_str().clone_into(&mut row.sort),
        None if sort.is_empty() => {}
        None => remarks.push(Remark::SortUnknown(sort)),
    }
    for (field, scheme) in CODES {
        let cell = cells.line(*field);
        match scheme.read(&cell) {
            _ if cell.is_empty() => {}
            Some(code) => row.codes.push((scheme.key().to_owned(), code)),
            None => remarks.push(Remark::CodeInvalid(cell)),
        }
    }
    let NewAddress { street, house_number, addition, postcode, city, .. } = place::read(cells, &mut remarks);
    (row.street, row.house_number, row.addition, row.postcode, row.city) =
        (street, house_number, addition, postcode, city);
    for cell in cells.of(Field::Website) {
        match contact::website(cell) {
            Some(site) => row.websites.push(site),
            None => remarks.push(Remark::WebsiteInvalid(crate::row::cut_line(cell))),
        }
    }
    for cell in cells.of(Field::Email) {
        match mail(cell) {
            Mail::Fine(address) => row.emails.push(address),
            Mail::Repaired(address) => {
                remarks.push(Remark::MailRepaired(address.clone()));
                row.emails.push(address);
            }
            Mail::Invalid => remarks.push(Remark::MailInvalid(crate::row::cut_line(cell))),
            Mail::Nothing => {}
        }
    }
    for number in cells.of(Field::Phone).flat_map(numbers) {
        match phone(number) {
            Some(phone) => row.phones.push(phone),
            None => remarks.push(Remark::PhoneInvalid(crate::row::cut_line(number))),
        }
    }
    role(cells, book, today, &mut row, &mut remarks);
    if row.name.is_empty() {
        remarks.push(Remark::NameMissing);
    }
    Read { key: row.key(), row, remarks }
}

fn role(cells: &Cells<'_>, book: &Book, today: Date, row: &mut Row, remarks: &mut Vec<Remark>) {
    let said = cells.line(Field::Role);
    let Some(kind) = book.role("organisation", &said) else {
        remarks.extend((!said.is_empty()).then_some(Remark::RoleUnknown(said)));
        return;
    };
    match (cells.day(Field::From, today), cells.day(Field::Until, today)) {
        (Ok(from), Ok(until)) if from.zip(until).is_none_or(|(from, until)| from <= until) => {
            kind.key.clone_into(&mut row.role);
            (row.from, row.until) = (from, until);
        }
        _ => remarks.push(Remark::RolePeriod(said)),
    }
}

impl Row {
    /// By this a row is the same as one before it, in this list or in an earlier version.
    pub fn key(&self) -> String {
        match self.codes.first() {
            Some((scheme, code)) => format!("{scheme}:{code}"),
            None => format!("{}|{}|{}", fold(&self.name), self.postcode, fold(&self.city)),
        }
    }

    fn address(&self) -> NewAddress {
        NewAddress {
            kind: Some(kring_people::address::Kind::Visit),
            street: self.street.clone(),
            house_number: self.house_number.clone(),
            addition: self.addition.clone(),
            postcode: self.postcode.clone(),
            city: self.city.clone(),
            country: String::new(),
        }
    }

    fn points(&self) -> impl Iterator<Item = (contact::Kind, &String)> {
        let emails = self.emails.iter().map(|v| (contact::Kind::Email, v));
        let phones = self.phones.iter().map(|v| (contact::Kind::Phone, v));
        emails.chain(phones).chain(self.websites.iter().map(|v| (contact::Kind::Website, v)))
    }

    /// In a line: what a preview shows of it beside the name.
    pub fn shown(&self) -> String {
        let codes = self.codes.iter().map(|(_, code)| code.clone()).collect::<BTreeSet<_>>();
        let place = [self.postcode.as_str(), self.city.as_str()].join(" ");
        let parts = codes.into_iter().chain([place.trim().to_owned()]).chain(self.emails.first().cloned());
        parts.filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}
