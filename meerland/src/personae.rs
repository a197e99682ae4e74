use kring_core::Lang;
use kring_lang::names::{FormOfAddress, NameUsage, PersonName};
use serde::Serialize;

use crate::{
    making::Making,
    people::Gender,
    table::{OrganisationKey, PersonKey},
};

/// The named test cases, each with the people and organisations that play in it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Personae {
    pub all: Vec<Persona>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Persona {
    /// 1 to 25, as in the book; the last is of the care pack.
    pub number: u8,
    /// `noor`, `jan-de-wit-jansen`, …
    pub key: &'static str,
    pub case: &'static str,
    pub person: Option<PersonKey>,
    pub organisation: Option<OrganisationKey>,
    /// Others who play a part: the mother, the twin, the teacher.
    pub others: Vec<PersonKey>,
}

impl Personae {
    pub fn get(&self, key: &str) -> Option<&Persona> {
        self.all.iter().find(|p| p.key == key)
    }
}

/// Casts somebody who lives the case already wherever there is one, and gives the name; so no count changes. What nobody
/// happens to live is arranged.
pub(crate) fn make(m: &mut Making) {
    let mut cast = Cast { taken: m.side(), all: Vec::new() };
    if m.sector.key == "care" {
        crate::cast_care::make(m, &mut cast);
    } else {
        crate::cast_before::make(m, &mut cast);
        crate::cast_after::make(m, &mut cast);
    }
    cast.all.sort_by_key(|p| p.number);
    m.w.personae.all = cast.all;
}

pub(crate) struct Cast {
    taken: crate::table::Side<PersonKey, bool>,
    all: Vec<Persona>,
}

impl Cast {
    /// The first that fits, is nobody else's and has nothing planted on him or her.
    pub fn find(
        &mut self,
        m: &Making,
        mut from: impl Iterator<Item = PersonKey>,
        fits: impl Fn(PersonKey) -> bool,
    ) -> Option<PersonKey> {
        let found = from.find(|k| {
            let f = m.flags[*k];
            !self.taken[*k] && !f.planted && !f.gone && fits(*k)
        })?;
        self.taken[found] = true;
        Some(found)
    }

    pub fn take(&mut self, key: PersonKey) -> bool {
        !std::mem::replace(&mut self.taken[key], true)
    }

    pub fn add(
        &mut self,
        number: u8,
        key: &'static str,
        case: &'static str,
        person: Option<PersonKey>,
        others: &[PersonKey],
    ) {
        self.all.push(Persona { number, key, case, person, organisation: None, others: others.to_vec() });
    }

    pub fn add_at(
        &mut self,
        number: u8,
        key: &'static str,
        case: &'static str,
        (person, organisation): (Option<PersonKey>, Option<OrganisationKey>),
    ) {
        self.all.push(Persona { number, key, case, person, organisation, others: Vec::new() });
    }

    pub fn is_taken(&self, key: PersonKey) -> bool {
        self.taken[key]
    }

    pub fn organisation(&self, number: u8) -> Option<OrganisationKey> {
        self.all.iter().find(|p| p.number == number).and_then(|p| p.organisation)
    }

    pub fn last_organisation(&mut self, organisation: Option<OrganisationKey>) {
        if let Some(last) = self.all.last_mut() {
            last.organisation = organisation;
        }
    }
}

/// Called, prefix, surname, gender.
pub(crate) fn rename(
    m: &mut Making,
    key: PersonKey,
    called: &str,
    prefix: &str,
    surname: &str,
    gender: Gender,
) {
    let keep_surname = surname.is_empty() && prefix.is_empty();
    let person = &mut m.w.people[key];
    let old = std::mem::take(&mut person.name);
    let mut name = PersonName {
        given_names: called.to_owned(),
        preferred_name: called.to_owned(),
        initials: crate::names::initials(&[called]),
        surname_prefix: prefix.to_owned(),
        surname: surname.to_owned(),
        name_usage: NameUsage::Own,
        form_of_address: match gender {
            Gender::F => FormOfAddress::Mrs,
            Gender::M => FormOfAddress::Mr,
            _ => FormOfAddress::Neutral,
        },
        ..PersonName::default()
    };
    if keep_surname {
        (name.surname_prefix, name.surname) = (old.surname_prefix, old.surname);
    }
    if name.surname.is_empty() && keep_surname {
        name.surname = "Zuidema".to_owned();
    }
    person.name = name;
    person.gender = gender;
    person.pronouns = "";
    person.lang = Lang::Nl;
    let local = crate::names::local(&person.name);
    for mail in &mut person.emails {
        // The address follows the name; what the school gives out is a number.
        if mail.kind != crate::people::EmailKind::School
            && mail.state != crate::people::EmailState::Shared
            && let Some((_, host)) = mail.address.split_once('@')
        {
            mail.address = format!("{local}.{}@{host}", key.0);
        }
    }
}
