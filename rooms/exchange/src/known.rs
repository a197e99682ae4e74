//! What the base knows of the people in a batch.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Result, Timestamp};
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::{FormOfAddress, NameUsage, PersonName};
use kring_people::{
    address::{self, Address},
    contact::Kind,
};

use crate::row::{Candidate, Held};

/// A person as far as an import may touch them.
#[derive(Clone, Debug, Default)]
pub struct Known {
    pub name: PersonName,
    pub birth: Option<Date>,
    pub source: String,
    pub contacts: Vec<(Kind, String)>,
    pub pronouns: String,
    pub details: HashMap<String, (String, String)>,
    /// Where they live now.
    pub home: Option<Address>,
    pub interests: HashSet<String>,
    pub roles: Vec<KnownRole>,
    pub numbers: HashSet<String>,
    /// Codes of every scheme, for finding the person; and with their scheme.
    pub codes: HashSet<String>,
    pub schemed: HashSet<(String, String)>,
    pub notes: HashSet<String>,
    /// An earlier row of this import was about this person: later ones only fill what is empty, so that two rows
    /// that contradict each other do not take turns at every import.
    pub touched: bool,
}

/// A role as far as a list may give or end it.
#[derive(Clone, Debug)]
pub struct KnownRole {
    pub id: i64,
    pub held: Held,
    pub source: String,
}

record! {
    struct PersonRow {
        id: PersonId,
        given_names: String,
        initials: String,
        preferred_name: String,
        surname_prefix: String,
        surname: String,
        partner_surname_prefix: String,
        partner_surname: String,
        name_usage: String,
        title_prefix: String,
        title_suffix: String,
        form_of_address: String,
        display_override: String,
        birth: Option<Date>,
        source: String,
        pronouns: String,
    }
}

record! {
    struct Home {
        person: PersonId,
        id: i64,
        street: String,
        house_number: String,
        addition: String,
        postcode: String,
        city: String,
        country: String,
        source: String,
        added_at: Timestamp,
    }
}

/// Everybody that the rows between two lines are about.
pub async fn load(
    tx: &mut Tx,
    import: i64,
    scheme: &str,
    after: i64,
    to: i64,
) -> Result<HashMap<PersonId, Known>> {
    let span = || params![import, after, to];
    let people: Vec<PersonRow> = tx
        .all(
            sql!(
                "select distinct p.id, p.given_names, p.initials, p.preferred_name, p.surname_prefix, p.surname,
                        p.partner_surname_prefix, p.partner_surname, p.name_usage, p.title_prefix, p.title_suffix,
                        p.form_of_address, p.display_override, p.birth_date, p.source, p.pronouns
                 from import_rows r join people p on p.id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3"
            ),
            span(),
        )
        .await?;
    let mut known: HashMap<PersonId, Known> = people.into_iter().map(|p| (p.id, person(p))).collect();
    if known.is_empty() {
        return Ok(known);
    }
    let contacts: Vec<(PersonId, Kind, String)> = tx
        .all(
            sql!(
                "select distinct c.person_id, c.kind, c.canonical from import_rows r join contact_points c on c.person_id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3"
            ),
            span(),
        )
        .await?;
    for (id, kind, canonical) in contacts {
        at(&mut known, id, |k| k.contacts.push((kind, canonical)));
    }
    let details: Vec<(PersonId, String, String, String)> = tx
        .all(
            sql!(
                "select distinct d.person_id, d.detail_key, d.value, d.source from import_rows r join person_details d on d.person_id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3"
            ),
            span(),
        )
        .await?;
    for (id, key, value, source) in details {
        at(&mut known, id, |k| k.details.extend([(key, (value, source))]));
    }
    let homes: Vec<Home> = tx
        .all(
            sql!(
                "select distinct a.person_id, a.id, a.street, a.house_number, a.addition, a.postcode, a.city, a.country, a.source, a.added_at
                 from import_rows r join postal_addresses a on a.person_id = r.person_id and a.kind = 'home' and a.valid_to is null
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 order by a.id"
            ),
            span(),
        )
        .await?;
    for home in homes {
        at(&mut known, home.person, |k| k.home = Some(address_of(home)));
    }
    let roles: Vec<(PersonId, i64, String, String, Option<Date>, Option<Date>, String)> = tx
        .all(
            sql!(
                "select distinct o.person_id, o.id, o.kind, o.detail, o.valid_from, o.valid_to, o.source
                 from import_rows r join party_roles o on o.person_id = r.person_id and o.unit_id is null
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 order by o.id"
            ),
            span(),
        )
        .await?;
    for (id, role, kind, programme, from, until, source) in roles {
        at(&mut known, id, |k| {
            if kind == "prospect" {
                k.interests.insert(programme.clone());
            }
            k.roles.push(KnownRole { id: role, held: Held { kind, programme, from, until }, source });
        });
    }
    let codes: Vec<(PersonId, String, String)> = tx
        .all(
            sql!(
                "select distinct n.person_id, n.scheme, n.value from import_rows r join identifiers n on n.person_id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3"
            ),
            span(),
        )
        .await?;
    for (id, of, value) in codes {
        at(&mut known, id, |k| {
            if of == scheme {
                k.numbers.insert(value.clone());
            }
            k.codes.insert(value.clone());
            k.schemed.insert((of, value));
        });
    }
    let notes: Vec<(PersonId, String)> = tx
        .all(
            sql!(
                "select distinct n.person_id, n.text from import_rows r join notes n on n.person_id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3"
            ),
            span(),
        )
        .await?;
    for (id, text) in notes {
        at(&mut known, id, |k| k.notes.extend([text]));
    }
    // A difference instead of a comparison: else SQLite reads every earlier line for each, by the primary key.
    let touched: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select distinct r.person_id from import_rows r
                 join import_rows e on e.person_id = r.person_id and e.import_id = r.import_id and e.line - $2 <= 0
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.person_id is not null"
            ),
            span(),
        )
        .await?;
    for (id,) in touched {
        at(&mut known, id, |k| k.touched = true);
    }
    Ok(known)
}

fn at(known: &mut HashMap<PersonId, Known>, id: PersonId, change: impl FnOnce(&mut Known)) {
    if let Some(person) = known.get_mut(&id) {
        change(person);
    }
}

fn person(p: PersonRow) -> Known {
    let name = PersonName {
        given_names: p.given_names,
        initials: p.initials,
        preferred_name: p.preferred_name,
        surname_prefix: p.surname_prefix,
        surname: p.surname,
        partner_surname_prefix: p.partner_surname_prefix,
        partner_surname: p.partner_surname,
        name_usage: NameUsage::from_code(&p.name_usage).unwrap_or_default(),
        title_prefix: p.title_prefix,
        title_suffix: p.title_suffix,
        form_of_address: FormOfAddress::from_code(&p.form_of_address),
        display_override: p.display_override,
    };
    Known { name, birth: p.birth, source: p.source, pronouns: p.pronouns, ..Known::default() }
}

fn address_of(h: Home) -> Address {
    Address {
        id: h.id,
        kind: address::Kind::Home,
        street: h.street,
        house_number: h.house_number,
        addition: h.addition,
        postcode: h.postcode,
        city: h.city,
        country: h.country,
        source: h.source,
        added_at: h.added_at,
        valid_to: None,
    }
}

impl Known {
    /// Somebody who is added with the name and birthday of this row.
    pub fn fresh(c: &Candidate, source: &str) -> Self {
        Self {
            name: c.name(),
            birth: c.birth_date,
            source: source.to_owned(),
            pronouns: c.pronouns.clone(),
            ..Self::default()
        }
    }

    /// The words by which this person is found.
    pub fn words(&self) -> BTreeSet<String> {
        let addresses = self.contacts.iter().map(|(_, canonical)| canonical.as_str());
        kring_people::words_of(&self.name, addresses, self.codes.iter().map(String::as_str))
    }
}
