//! A person as a record to be compared.

use std::collections::BTreeSet;

use jiff::civil::Date;
use kring_core::{Id, Result};
use kring_db::two_faces;
use kring_frame::{PersonId, Tx, params, record};
use kring_lang::names::{PersonName, fold};
use kring_match::{Field, Kind, Record, Spec};

use super::broken;
use crate::{contact, index, person::NewPerson};

/// Between the values of one column; no value has it in it.
const APART: char = '\u{1f}';
/// Between a code and its scheme.
const WITHIN: char = '\u{1e}';

pub(super) fn spec() -> Result<Spec> {
    Spec::new(vec![
        Field::new("given", Kind::Given),
        Field::new("surname", Kind::Surname),
        Field::new("initials", Kind::Initials),
        Field::new("birth", Kind::Date),
        Field::new("number", Kind::Id),
        Field::new("mail", Kind::Mail),
        Field::new("phone", Kind::Phone),
        Field::new("postcode", Kind::Postcode),
        Field::new("house", Kind::Number),
        Field::new("street", Kind::Street),
        Field::new("city", Kind::City),
    ])
    .map_err(broken)
}

/// Somebody as far as they can be compared.
#[derive(Clone, Debug)]
pub struct Subject {
    /// 0 for somebody who is not in the base.
    pub id: PersonId,
    pub name: String,
    pub values: Vec<(&'static str, String)>,
    /// The administration that gave the number, so that two of its numbers are two people; 0 is none.
    source: u32,
}

impl Subject {
    pub fn record(&self, spec: &Spec) -> Result<Record> {
        let values: Vec<(&str, &str)> = self.values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        spec.record(self.source, &values).map_err(broken)
    }

    /// The values of a field, for showing two people side by side.
    pub fn of(&self, field: &str) -> String {
        let of: Vec<&str> =
            self.values.iter().filter(|(k, _)| *k == field).map(|(_, v)| v.as_str()).collect();
        of.join(", ")
    }

    fn add(&mut self, field: &'static str, value: &str) {
        let value = fold(value);
        if !value.is_empty() && !self.values.iter().any(|(k, v)| *k == field && *v == value) {
            self.values.push((field, value));
        }
    }

    fn named(name: &PersonName) -> Self {
        let mut s = Self { id: PersonId::new(0), name: name.display(), values: Vec::new(), source: 0 };
        s.add("given", &name.preferred_name);
        for given in name.given_names.split_whitespace().take(2) {
            s.add("given", given);
        }
        if name.surname.is_empty() && name.partner_surname.is_empty() && !name.display_override.is_empty() {
            s.add("given", &name.display_override);
        }
        s.add("initials", &name.initials.replace('.', ""));
        s.add("surname", &format!("{} {}", name.surname_prefix, name.surname));
        s.add("surname", &format!("{} {}", name.partner_surname_prefix, name.partner_surname));
        s
    }
}

/// What anybody can be compared by, wherever they come from.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    pub birth_date: Option<Date>,
    pub birth_year: Option<i64>,
    pub emails: &'a [String],
    pub phones: &'a [String],
    pub postcode: &'a str,
    pub house_number: &'a str,
    pub street: &'a str,
    pub city: &'a str,
    pub student_number: &'a str,
}

/// Somebody who is not in the base: a row of a list, a visitor of a form.
pub fn subject_of(name: &PersonName, known: &Known<'_>) -> Subject {
    let mut s = Subject::named(name);
    match (known.birth_date, known.birth_year) {
        (Some(day), _) => s.add("birth", &day.to_string()),
        (None, Some(year)) => s.add("birth", &year.to_string()),
        (None, None) => {}
    }
    for mail in known.emails {
        s.add("mail", &contact::canonical(contact::Kind::Email, mail));
    }
    for phone in known.phones {
        s.values.push(("phone", contact::canonical(contact::Kind::Phone, phone)));
    }
    s.add("postcode", &known.postcode.replace(' ', ""));
    s.add("house", known.house_number);
    s.add("street", known.street);
    s.add("city", known.city);
    if !known.student_number.is_empty() {
        s.add("number", known.student_number);
        s.source = 1;
    }
    s
}

pub(super) fn of_new(new: &NewPerson) -> Subject {
    subject_of(
        &new.name,
        &Known {
            birth_date: new.birth_date,
            birth_year: new.birth_year,
            emails: &new.emails,
            phones: &new.phones,
            ..Known::default()
        },
    )
}

record! {
    struct Row {
        id: PersonId,
        given_names: String,
        initials: String,
        preferred_name: String,
        surname_prefix: String,
        surname: String,
        partner_surname_prefix: String,
        partner_surname: String,
        display_override: String,
        display_name: String,
        birth_date: Option<Date>,
        birth_year: Option<i64>,
        mails: Option<String>,
        phones: Option<String>,
        codes: Option<String>,
        postcode: Option<String>,
        house: Option<String>,
        street: Option<String>,
        city: Option<String>,
    }
}

/// What one column holds of a person, value by value.
fn split(joined: Option<&str>) -> Vec<String> {
    joined.unwrap_or_default().split(APART).filter(|v| !v.is_empty()).map(str::to_owned).collect()
}

impl Row {
    fn name(&self) -> PersonName {
        PersonName {
            given_names: self.given_names.clone(),
            initials: self.initials.clone(),
            preferred_name: self.preferred_name.clone(),
            surname_prefix: self.surname_prefix.clone(),
            surname: self.surname.clone(),
            partner_surname_prefix: self.partner_surname_prefix.clone(),
            partner_surname: self.partner_surname.clone(),
            display_override: self.display_override.clone(),
            ..PersonName::default()
        }
    }

    /// Codes of every scheme, each behind its scheme.
    fn codes(&self) -> Vec<(String, String)> {
        let all = split(self.codes.as_deref());
        all.iter().filter_map(|c| c.split_once(WITHIN)).map(|(s, v)| (s.to_owned(), v.to_owned())).collect()
    }

    fn words(&self) -> BTreeSet<String> {
        let addresses = [self.mails.as_deref(), self.phones.as_deref()];
        let addresses: Vec<String> = addresses.into_iter().flat_map(split).collect();
        let codes = self.codes();
        index::words_of(
            &self.name(),
            addresses.iter().map(String::as_str),
            codes.iter().map(|(_, value)| value.as_str()),
        )
    }

    fn subject(self) -> Subject {
        let name = self.name();
        let (mails, phones) = (split(self.mails.as_deref()), split(self.phones.as_deref()));
        let codes = self.codes();
        let number =
            codes.iter().find(|(scheme, _)| scheme == "student_number").map_or("", |(_, v)| v.as_str());
        let mut s = subject_of(
            &name,
            &Known {
                birth_date: self.birth_date,
                birth_year: self.birth_year,
                emails: &mails,
                phones: &phones,
                postcode: self.postcode.as_deref().unwrap_or_default(),
                house_number: self.house.as_deref().unwrap_or_default(),
                street: self.street.as_deref().unwrap_or_default(),
                city: self.city.as_deref().unwrap_or_default(),
                student_number: number,
            },
        );
        s.id = self.id;
        s.name = self.display_name;
        s
    }
}

/// These people as subjects; whoever is merged or forgotten is left out.
pub async fn load(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Subject>> {
    Ok(read(tx, ids).await?.into_iter().map(Row::subject).collect())
}

/// As [`load`], each with the words by which they are found.
pub(crate) async fn load_with_words(
    tx: &mut Tx,
    ids: &[PersonId],
) -> Result<Vec<(Subject, BTreeSet<String>)>> {
    let rows = read(tx, ids).await?.into_iter();
    Ok(rows
        .map(|row| {
            let words = row.words();
            (row.subject(), words)
        })
        .collect())
}

async fn read(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Row>> {
    let mut all = Vec::with_capacity(ids.len());
    for some in ids.chunks(1_000) {
        let bind = format!("[{}]", some.iter().map(|id| id.get().to_string()).collect::<Vec<_>>().join(","));
        let rows: Vec<Row> = tx
            .all(
                two_faces!(
                    sqlite: "select p.id, p.given_names, p.initials, p.preferred_name, p.surname_prefix, p.surname, p.partner_surname_prefix,
                            p.partner_surname, p.display_override, p.display_name, p.birth_date, p.birth_year,
                            (select string_agg(c.canonical, char(31)) from contact_points c where c.person_id = p.id and c.kind = 'email'),
                            (select string_agg(c.canonical, char(31)) from contact_points c where c.person_id = p.id and c.kind = 'phone'),
                            (select string_agg(i.scheme || char(30) || i.value, char(31)) from identifiers i where i.person_id = p.id),
                            a.postcode, a.house_number, a.street, a.city
                         from people p left join postal_addresses a
                             on a.id = (select max(l.id) from postal_addresses l where l.person_id = p.id)
                         where p.id in (select value from json_each($1)) and p.state = 'known'",
                    postgres: "select p.id, p.given_names, p.initials, p.preferred_name, p.surname_prefix, p.surname, p.partner_surname_prefix,
                            p.partner_surname, p.display_override, p.display_name, p.birth_date, p.birth_year,
                            (select string_agg(c.canonical, chr(31)) from contact_points c where c.person_id = p.id and c.kind = 'email'),
                            (select string_agg(c.canonical, chr(31)) from contact_points c where c.person_id = p.id and c.kind = 'phone'),
                            (select string_agg(i.scheme || chr(30) || i.value, chr(31)) from identifiers i where i.person_id = p.id),
                            a.postcode, a.house_number, a.street, a.city
                         from people p left join postal_addresses a
                             on a.id = (select max(l.id) from postal_addresses l where l.person_id = p.id)
                         where p.id in (select x::bigint from json_array_elements_text($1::text::json) x) and p.state = 'known'",
                ),
                params![bind],
            )
            .await?;
        all.extend(rows);
    }
    Ok(all)
}

/// The first number of a page of everybody, for walking through the whole base.
pub(super) async fn page_after(tx: &mut Tx, after: PersonId, most: u32) -> Result<Vec<PersonId>> {
    let ids: Vec<(PersonId,)> = tx
        .all(
            kring_frame::sql!("select id from people where id > $1 and state = 'known' order by id limit $2"),
            params![after, most],
        )
        .await?;
    Ok(ids.into_iter().map(|(id,)| Id::new(id.get())).collect())
}
