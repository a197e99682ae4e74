//! One record of a list as a clean candidate, or the reason why it is none. Pure: the day of today is handed in.

mod cells;
pub mod contact;
pub mod date;
mod more;
pub mod name;
mod remark;

pub use cells::Cells;
use jiff::civil::Date;
pub use kring_formats::secret;
use kring_lang::names::{NameUsage, PersonName, fold};
use kring_people::{
    address::{self, NewAddress},
    roles,
};
pub use remark::{Remark, codes, many};
use serde::{Deserialize, Serialize};

use crate::{
    mapping::{Field, Mapping},
    row::{contact::Mail, date::Day, name::Columns},
};

/// Somebody as a list describes them, in the spelling of the house. What is empty was not there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Candidate {
    /// The number in the list's own system.
    pub number: String,
    pub preferred_name: String,
    pub initials: String,
    pub surname_prefix: String,
    pub surname: String,
    pub birth_date: Option<Date>,
    /// Kept where the day is not known.
    pub birth_year: Option<i16>,
    pub emails: Vec<String>,
    /// In E.164.
    pub phones: Vec<String>,
    pub postcode: String,
    /// With its addition: "72 bis".
    pub house_number: String,
    pub street: String,
    pub city: String,
    pub interests: Vec<String>,
    pub lead_source: String,
    /// What the list claims about the newsletter. A claim only: a consent has a wording and a proof.
    pub newsletter: Option<bool>,
    pub notes: Vec<String>,
    /// Numbers of the institution, by scheme.
    pub codes: Vec<(String, String)>,
    pub pronouns: String,
    pub partner_prefix: String,
    pub partner_surname: String,
    /// As the register spells it; empty where the list says nothing.
    pub name_usage: String,
    pub role: Option<Held>,
}

/// A role that a list gives somebody: its kind, where, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Held {
    pub kind: String,
    pub programme: String,
    pub from: Option<Date>,
    pub until: Option<Date>,
}

impl Candidate {
    pub fn name(&self) -> PersonName {
        PersonName {
            preferred_name: self.preferred_name.clone(),
            initials: self.initials.clone(),
            surname_prefix: self.surname_prefix.clone(),
            surname: self.surname.clone(),
            partner_surname_prefix: self.partner_prefix.clone(),
            partner_surname: self.partner_surname.clone(),
            name_usage: NameUsage::from_code(&self.name_usage).unwrap_or_default(),
            ..PersonName::default()
        }
    }

    /// The name without what marriage does to it: by this somebody is known from one version of a list to the next.
    fn own_name(&self) -> PersonName {
        PersonName {
            partner_surname_prefix: String::new(),
            partner_surname: String::new(),
            name_usage: NameUsage::Own,
            ..self.name()
        }
    }

    /// Where somebody lives.
    pub fn address(&self) -> NewAddress {
        let number = kring_formats::house_number(&self.house_number).unwrap_or_else(|| {
            kring_formats::HouseNumber { number: self.house_number.clone(), addition: String::new() }
        });
        NewAddress {
            kind: Some(address::Kind::Home),
            street: self.street.clone(),
            house_number: number.number,
            addition: number.addition,
            postcode: self.postcode.clone(),
            city: self.city.clone(),
            country: String::new(),
        }
    }

    /// What stays the same of somebody from one version of a list to the next, for rows without a number or an
    /// address of their own: folded name, day of birth, postcode and house number.
    pub fn identity(&self) -> String {
        let birth = self.birth_date.map(|d| d.to_string()).or(self.birth_year.map(|y| y.to_string()));
        format!(
            "{}|{}|{}|{}",
            fold(&self.own_name().display()),
            birth.unwrap_or_default(),
            self.postcode,
            fold(&self.house_number)
        )
    }

    /// Single values that are kept as details, by key.
    pub fn details(&self) -> Vec<(&'static str, String)> {
        let newsletter = self.newsletter.map(|yes| if yes { "yes" } else { "no" }.to_owned());
        let all = [
            ("birth_year", self.birth_year.map(|y| y.to_string()).unwrap_or_default()),
            ("lead_source", self.lead_source.clone()),
            ("newsletter", newsletter.unwrap_or_default()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// Something by which this person can be known again, beside the name.
    fn can_be_recognised(&self) -> bool {
        !self.number.is_empty()
            || !self.codes.is_empty()
            || !self.emails.is_empty()
            || !self.phones.is_empty()
            || self.birth_date.is_some()
            || (!self.postcode.is_empty() && !self.house_number.is_empty())
    }
}

/// A row, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cleaned {
    pub candidate: Candidate,
    pub remarks: Vec<Remark>,
}

impl Cleaned {
    pub fn is_refused(&self) -> bool {
        self.remarks.iter().any(Remark::refuses)
    }
}

/// Texts of people go into the base at most this long, in characters.
const LONGEST_LINE: usize = 200;
const LONGEST_NOTE: usize = 5_000;

/// As [`clean_with`], for a list in which nobody has a role.
pub fn clean(cells: &[String], mapping: &Mapping, today: Date) -> Cleaned {
    clean_with(cells, mapping, &[], today)
}

/// Reads one record. `cells` have been scrubbed of national numbers before they came here; `kinds` are the roles that the
/// house knows.
pub fn clean_with(cells: &[String], mapping: &Mapping, kinds: &[roles::Kind], today: Date) -> Cleaned {
    let mut remarks = Vec::new();
    let whole = Cells { cells, mapping };
    let of = |field: Field| whole.of(field);
    let one = |field: Field| whole.one(field);
    let line = |field: Field| cut_line(one(field));

    let (name, differs) = name::read(&Columns {
        full: &line(Field::FullName),
        preferred: &line(Field::PreferredName),
        initials: &line(Field::Initials),
        prefix: &line(Field::Prefix),
        surname: &line(Field::Surname),
    });
    remarks.extend(differs.map(Remark::NameDiffers));
    let mut c = Candidate {
        number: line(Field::Number),
        preferred_name: name.preferred_name,
        initials: name.initials,
        surname_prefix: name.surname_prefix,
        surname: name.surname,
        city: line(Field::City),
        lead_source: line(Field::Source),
        interests: of(Field::Interest).map(cut_line).collect(),
        notes: of(Field::Notes).map(|n| cut(n, LONGEST_NOTE)).collect(),
        house_number: contact::house_number(&of(Field::HouseNumber).collect::<Vec<_>>().join(" ")),
        ..Candidate::default()
    };
    match date::read(one(Field::BirthDate), today) {
        Day::Full(day) => c.birth_date = Some(day),
        Day::Year(year) => {
            c.birth_year = Some(year);
            remarks.push(Remark::DateYearOnly(line(Field::BirthDate)));
        }
        Day::Impossible => remarks.push(Remark::DateImpossible(line(Field::BirthDate))),
        Day::Unknown => {}
    }
    for cell in of(Field::Email) {
        match contact::mail(cell) {
            Mail::Fine(address) => push(&mut c.emails, address),
            Mail::Repaired(address) => {
                remarks.push(Remark::MailRepaired(address.clone()));
                push(&mut c.emails, address);
            }
            Mail::Invalid => remarks.push(Remark::MailInvalid(cut_line(cell))),
            Mail::Nothing => {}
        }
    }
    for cell in of(Field::Phone) {
        for number in contact::numbers(cell) {
            match contact::phone(number) {
                Some(phone) => push(&mut c.phones, phone),
                None => remarks.push(Remark::PhoneInvalid(cut_line(number))),
            }
        }
    }
    let postcode = one(Field::Postcode);
    match contact::postcode(postcode) {
        Some(dutch) => c.postcode = dutch,
        None if contact::is_nothing(postcode) => {}
        // Other countries have postcodes too; they are kept as written.
        None if contact::is_foreign_postcode(postcode) => c.postcode = cut_line(postcode).to_uppercase(),
        None => remarks.push(Remark::PostcodeInvalid(line(Field::Postcode))),
    }
    more::read(&whole, kinds, today, &mut c, &mut remarks);
    match one(Field::Newsletter) {
        "" => {}
        said => match claim(said) {
            Some(yes) => c.newsletter = Some(yes),
            None => remarks.push(Remark::NewsletterUnclear(cut_line(said))),
        },
    }
    if c.name().display().is_empty() {
        remarks.push(Remark::NameMissing);
    } else if !c.can_be_recognised() {
        remarks.push(Remark::NothingToKnowBy);
    }
    Cleaned { candidate: c, remarks }
}

fn push(list: &mut Vec<String>, value: String) {
    if !list.contains(&value) {
        list.push(value);
    }
}

fn claim(said: &str) -> Option<bool> {
    match said.to_lowercase().trim_end_matches('.') {
        "ja" | "j" | "x" | "yes" | "y" | "1" | "true" | "waar" | "v" | "✓" | "✔" | "aan" | "ok" => {
            Some(true)
        }
        "nee" | "n" | "no" | "0" | "false" | "onwaar" | "-" | "uit" | "niet" => Some(false),
        _ => None,
    }
}

/// Words on one line, without what controls a printer or a mail.
pub(crate) fn cut_line(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    cut(&plain.split_whitespace().collect::<Vec<_>>().join(" "), LONGEST_LINE)
}

fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
