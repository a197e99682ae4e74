use kring_lang::names::PersonName;

use super::shape::{Dates, FIELDS, Field, Phones, Shape, date, phone};
use crate::{
    people::{Address, Birth, EmailState, Gender, NoteKind, TieKind, Wish},
    table::{PersonKey, Side},
    world::World,
};

/// What lists say of a person beside name and address, looked up once.
pub(super) struct Context {
    note: Side<PersonKey, Option<u32>>,
    bsn: Side<PersonKey, bool>,
    tie: Side<PersonKey, Option<u32>>,
    diploma: Side<PersonKey, Option<u32>>,
    interest: Side<PersonKey, Option<u32>>,
    teacher: Side<PersonKey, Option<PersonKey>>,
    letter: Side<PersonKey, bool>,
    objects: Side<PersonKey, bool>,
    gift: Side<PersonKey, Option<u32>>,
}

impl Context {
    pub fn new(w: &World) -> Self {
        let len = w.people.len();
        let mut c = Self {
            note: Side::of(len),
            bsn: Side::of(len),
            tie: Side::of(len),
            diploma: Side::of(len),
            interest: Side::of(len),
            teacher: Side::of(len),
            letter: Side::of(len),
            objects: Side::of(len),
            gift: Side::of(len),
        };
        for (n, note) in w.notes.iter().enumerate() {
            // What should not be there is what the list shows.
            if note.kind != NoteKind::Plain || c.note[note.person].is_none() {
                c.note[note.person] = Some(n as u32);
            }
            c.bsn[note.person] |= note.kind == NoteKind::Bsn;
        }
        for (n, tie) in w.ties.iter().enumerate() {
            // A list does not know that somebody has left.
            if tie.kind == TieKind::EmployedAt || c.tie[tie.person].is_none() {
                c.tie[tie.person] = Some(n as u32);
            }
        }
        for (n, d) in w.diplomas.iter().enumerate() {
            c.diploma[d.person] = Some(n as u32);
        }
        for (n, i) in w.interests.iter().enumerate() {
            c.interest[i.person] = Some(n as u32);
        }
        for k in &w.knows {
            c.teacher[k.person] = Some(k.staff);
        }
        for consent in &w.consents {
            c.letter[consent.person] |= consent.purpose == "newsletter" && consent.wish == Wish::Consents;
            c.objects[consent.person] |= consent.wish == Wish::Objects;
        }
        for (n, g) in w.gifts.iter().enumerate() {
            if let crate::giving::Giver::Person(p) = g.giver {
                c.gift[p] = Some(n as u32);
            }
        }
        c
    }

    pub fn has_bsn(&self, key: PersonKey) -> bool {
        self.bsn[key]
    }
}

/// One line about one person, before it is squeezed into a department's columns. Slips change what is here.
#[derive(Clone)]
pub(super) struct Row {
    pub name: PersonName,
    pub born: Birth,
    pub mail: String,
    pub phone: String,
    pub address: Option<Address>,
}

impl Row {
    pub fn of(w: &World, key: PersonKey) -> Self {
        let p = &w.people[key];
        let mail = p.emails.iter().find(|e| e.state != EmailState::Dead).or(p.emails.first());
        Self {
            name: p.name.clone(),
            born: p.birth,
            mail: mail.map(|e| e.address.clone()).unwrap_or_default(),
            phone: p.phones.first().map(|p| p.number.clone()).unwrap_or_default(),
            address: p.address.clone(),
        }
    }

    /// The values of the columns of a list.
    pub fn values(&self, w: &World, c: &Context, key: PersonKey, shape: &Shape) -> Vec<String> {
        let mut texts: [String; FIELDS] = std::array::from_fn(|_| String::new());
        for (_, field) in shape.columns {
            let text = self.text(w, c, key, *field, shape);
            if let Some(slot) = texts.get_mut(*field as usize) {
                *slot = if shape.capitals && capital(*field) { text.to_uppercase() } else { text };
            }
        }
        shape
            .columns
            .iter()
            .map(|(_, field)| texts.get_mut(*field as usize).map(std::mem::take).unwrap_or_default())
            .collect()
    }

    fn text(&self, w: &World, c: &Context, key: PersonKey, field: Field, shape: &Shape) -> String {
        let (prefix, surname) = surname(&self.name);
        let address = |get: fn(&Address) -> String| self.address.as_ref().map(get).unwrap_or_default();
        let spaced =
            |parts: &[&str]| parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
        let diploma = c.diploma[key].and_then(|d| w.diplomas.get(d as usize));
        let interest = c.interest[key].and_then(|i| w.interests.get(i as usize));
        let tie = c.tie[key].and_then(|t| w.ties.get(t as usize));
        let gift = c.gift[key].and_then(|g| w.gifts.get(g as usize));
        match field {
            Field::Number => (key.0 + 1).to_string(),
            Field::Initials => self.name.initials.clone(),
            Field::Called => self.name.preferred_name.clone(),
            Field::Prefix => prefix,
            Field::Surname => surname,
            Field::Full => spaced(&[&self.name.preferred_name, &prefix, &surname]),
            Field::Reversed if surname.is_empty() => self.name.preferred_name.clone(),
            Field::Reversed => format!("{surname}, {}", spaced(&[&self.name.preferred_name, &prefix])),
            Field::Gender => match w.people[key].gender {
                Gender::F => "V".to_owned(),
                Gender::M => "M".to_owned(),
                Gender::X => "X".to_owned(),
                Gender::Unknown => String::new(),
            },
            Field::Born => match self.born {
                Birth::Full(day) => date(day, shape.dates),
                Birth::Year(year) => year.to_string(),
                Birth::Unknown => String::new(),
            },
            Field::Mail => self.mail.clone(),
            Field::Phone => phone(&self.phone, shape.phones),
            Field::Street => address(|a| a.street.to_owned()),
            Field::House => address(Address::house),
            Field::Postcode if shape.dates == Dates::Dutch => address(|a| a.postcode.replace(' ', "")),
            Field::Postcode => address(|a| a.postcode.clone()),
            Field::City => address(|a| a.city.to_owned()),
            Field::Programme => diploma
                .map(|d| d.programme)
                .or(interest.map(|i| i.programme))
                .map(|p| w.programmes[p].nl.clone())
                .unwrap_or_default(),
            Field::Year => diploma.map(|d| d.on.year().to_string()).unwrap_or_default(),
            Field::Employer | Field::Company => {
                tie.map(|t| w.organisations[t.organisation].name.clone()).unwrap_or_default()
            }
            Field::Function => tie.map(|t| t.function.to_owned()).unwrap_or_default(),
            Field::Teacher => c.teacher[key].map(|t| w.people[t].name.display()).unwrap_or_default(),
            Field::Source => interest.map_or(w.people[key].source, |i| i.source).to_owned(),
            Field::Date => date(interest.map_or(w.people[key].since, |i| i.on), shape.dates),
            Field::Note => {
                c.note[key].and_then(|n| w.notes.get(n as usize)).map(|n| n.text.clone()).unwrap_or_default()
            }
            Field::Letter => match (c.letter[key], c.objects[key]) {
                (_, true) => "NEE!".to_owned(),
                (true, _) => {
                    ["ja", "J", "x", "Ja"].get(key.0 as usize % 4).copied().unwrap_or("ja").to_owned()
                }
                _ => ["", "nee", "N"].get(key.0 as usize % 3).copied().unwrap_or("").to_owned(),
            },
            Field::Bsn => String::new(),
            Field::Student => {
                w.people[key].identifiers.first().map(|i| student(&i.value, shape)).unwrap_or_default()
            }
            Field::Amount => {
                gift.map(|g| format!("{},{:02}", g.cents / 100, g.cents % 100)).unwrap_or_default()
            }
            Field::Wish => if c.objects[key] { "geen post, geen mail" } else { "" }.to_owned(),
        }
    }
}

/// A spreadsheet takes the leading zero away.
fn student(number: &str, shape: &Shape) -> String {
    if shape.phones == Phones::Bare { number.to_owned() } else { number.trim_start_matches('0').to_owned() }
}

fn capital(field: Field) -> bool {
    matches!(
        field,
        Field::Full | Field::Reversed | Field::Surname | Field::Prefix | Field::Called | Field::City
    )
}

/// Prefix and the rest, as the person goes by.
pub(super) fn surname(name: &PersonName) -> (String, String) {
    use kring_lang::names::NameUsage::{Own, OwnPartner, Partner, PartnerOwn};
    let joined = |prefix: &str, name: &str| {
        if prefix.is_empty() { name.to_owned() } else { format!("{prefix} {name}") }
    };
    let (own, partner) = (
        (name.surname_prefix.as_str(), name.surname.as_str()),
        (name.partner_surname_prefix.as_str(), name.partner_surname.as_str()),
    );
    match name.name_usage {
        Partner if !partner.1.is_empty() => (partner.0.to_owned(), partner.1.to_owned()),
        PartnerOwn if !partner.1.is_empty() => {
            (partner.0.to_owned(), format!("{}-{}", partner.1, joined(own.0, own.1)))
        }
        OwnPartner if !partner.1.is_empty() => {
            (own.0.to_owned(), format!("{}-{}", own.1, joined(partner.0, partner.1)))
        }
        Own | Partner | PartnerOwn | OwnPartner => (own.0.to_owned(), own.1.to_owned()),
    }
}
