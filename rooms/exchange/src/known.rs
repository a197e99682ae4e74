//! What the base knows of the people in a batch, and what a row adds to it.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Result, Timestamp};
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::{FormOfAddress, NameUsage, PersonName};
use kring_people::{
    address::{self, Address},
    contact::{ContactPoint, Kind},
};
use serde::{Deserialize, Serialize};

use crate::{
    place,
    row::{Candidate, Held},
};

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
        let contacts: Vec<ContactPoint> = self
            .contacts
            .iter()
            .map(|(kind, canonical)| ContactPoint {
                id: 0,
                kind: *kind,
                value: canonical.clone(),
                canonical: canonical.clone(),
                label: String::new(),
                state: kring_people::contact::State::Fine,
                source: String::new(),
                added_at: kring_core::Timestamp::UNIX_EPOCH,
            })
            .collect();
        kring_people::words_of(&self.name, &contacts, self.codes.iter().map(String::as_str))
    }
}

/// A value before and after, so that it can be put back as long as nobody changed it since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn<T> {
    pub was: T,
    pub is: T,
}

/// The parts of a name that a list brings: preferred, initials, prefix, surname.
pub type NameValues = [String; 4];

pub fn name_values(name: &PersonName) -> NameValues {
    [name.preferred_name.clone(), name.initials.clone(), name.surname_prefix.clone(), name.surname.clone()]
}

pub fn set_name(name: &mut PersonName, [preferred, initials, prefix, surname]: NameValues) {
    name.preferred_name = preferred;
    name.initials = initials;
    name.surname_prefix = prefix;
    name.surname = surname;
}

/// The partner's name and how the two are used: prefix, surname, usage.
pub type PartnerValues = [String; 3];

pub fn partner_values(name: &PersonName) -> PartnerValues {
    [name.partner_surname_prefix.clone(), name.partner_surname.clone(), name.name_usage.code().to_owned()]
}

pub fn set_partner(name: &mut PersonName, [prefix, surname, usage]: PartnerValues) {
    name.partner_surname_prefix = prefix;
    name.partner_surname = surname;
    name.name_usage = NameUsage::from_code(&usage).unwrap_or_default();
}

/// An address that a row brought: which one ended with it, and the new one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub ended: Option<i64>,
    /// Street, number, addition, postcode, city, country.
    pub to: [String; 6],
}

/// What one row did to a person who was known: enough to take it back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Changes {
    pub name: Option<Turn<NameValues>>,
    pub partner: Option<Turn<PartnerValues>>,
    pub pronouns: Option<Turn<String>>,
    pub birth: Option<Turn<Option<Date>>>,
    /// As compared: kind and canonical spelling.
    pub contacts: Vec<(String, String)>,
    /// Key, what stood there with its source, what stands there now.
    pub details: Vec<(String, Option<(String, String)>, String)>,
    pub interests: Vec<String>,
    pub numbers: Vec<String>,
    /// Scheme and code.
    pub codes: Vec<(String, String)>,
    pub home: Option<Moved>,
    pub roles: Vec<Held>,
    /// Role, its last day before, and now.
    pub ends: Vec<(i64, Option<Date>, Option<Date>)>,
    /// Their texts are for writing only; which notes an import wrote is kept beside them.
    #[serde(skip)]
    pub notes: Vec<String>,
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What an import may overwrite.
pub struct Owned<'a> {
    /// The sources of all versions of this list.
    pub sources: &'a HashSet<String>,
    /// What earlier versions said of this person.
    pub before: &'a [Candidate],
}

/// Brings what is known in line with a row, and says what that changed. Values of other sources stay; nothing is
/// taken away because a list no longer has it.
pub fn bring_in(known: &mut Known, c: &Candidate, owned: &Owned<'_>, source: &str) -> Changes {
    let mut changes = Changes::default();
    let fill_only = std::mem::replace(&mut known.touched, true);
    let listed = !fill_only && owned.sources.contains(&known.source);
    // The list still owns a part of the name if some version of the list gave it as it stands.
    let given = |part: fn(&Candidate) -> String, stands: &str| {
        stands.is_empty() || (listed && owned.before.iter().any(|b| part(b) == stands))
    };
    let was = name_values(&known.name);
    let mut is = was.clone();
    let [preferred, initials, prefix, surname] = &mut is;
    if !c.preferred_name.is_empty() && given(|b| b.preferred_name.clone(), preferred) {
        preferred.clone_from(&c.preferred_name);
    }
    if !c.initials.is_empty() && given(|b| b.initials.clone(), initials) {
        initials.clone_from(&c.initials);
    }
    if !c.surname.is_empty() && given(|b| b.surname.clone(), surname) {
        (*prefix, *surname) = (c.surname_prefix.clone(), c.surname.clone());
    }
    if is != was {
        set_name(&mut known.name, is.clone());
        changes.name = Some(Turn { was, is });
    }
    let was = partner_values(&known.name);
    let mut is = was.clone();
    let [prefix, surname, usage] = &mut is;
    if !c.partner_surname.is_empty() && given(|b| b.partner_surname.clone(), surname) {
        (*prefix, *surname) = (c.partner_prefix.clone(), c.partner_surname.clone());
    }
    let own = NameUsage::Own.code();
    if !c.name_usage.is_empty()
        && *usage != c.name_usage
        && (usage == own || given(|b| b.name_usage.clone(), usage))
        // Without a partner's name there is nothing to use.
        && !surname.is_empty()
    {
        usage.clone_from(&c.name_usage);
    }
    if is != was {
        set_partner(&mut known.name, is.clone());
        changes.partner = Some(Turn { was, is });
    }
    if !c.pronouns.is_empty() && known.pronouns != c.pronouns && given(|b| b.pronouns.clone(), &known.pronouns) {
        let was = std::mem::replace(&mut known.pronouns, c.pronouns.clone());
        changes.pronouns = Some(Turn { was, is: c.pronouns.clone() });
    }
    if let Some(day) = c.birth_date
        && known.birth != Some(day)
        && (known.birth.is_none() || (listed && owned.before.iter().any(|b| b.birth_date == known.birth)))
    {
        changes.birth = Some(Turn { was: known.birth, is: Some(day) });
        known.birth = Some(day);
    }
    let emails = c.emails.iter().map(|e| (Kind::Email, e));
    for (kind, value) in emails.chain(c.phones.iter().map(|p| (Kind::Phone, p))) {
        let canonical = kring_people::contact::canonical(kind, value);
        if !known.contacts.contains(&(kind, canonical.clone())) {
            changes.contacts.push((kind.to_string(), value.clone()));
            known.contacts.push((kind, canonical));
        }
    }
    for (key, value) in c.details() {
        if key == "birth_year" && known.birth.is_some() {
            continue;
        }
        let stands = known.details.get(key).cloned();
        let may = match &stands {
            None => true,
            Some((now, from)) => *now != value && !fill_only && owned.sources.contains(from),
        };
        if may {
            known.details.insert(key.to_owned(), (value.clone(), source.to_owned()));
            changes.details.push((key.to_owned(), stands, value));
        }
    }
    bring_home(known, c, owned, fill_only, source, &mut changes);
    bring_role(known, c, owned, source, &mut changes);
    changes.interests.extend(c.interests.iter().filter(|i| known.interests.insert((*i).clone())).cloned());
    if !c.number.is_empty() && known.numbers.insert(c.number.clone()) {
        known.codes.insert(c.number.clone());
        changes.numbers.push(c.number.clone());
    }
    for code in &c.codes {
        if known.schemed.insert(code.clone()) {
            known.codes.insert(code.1.clone());
            changes.codes.push(code.clone());
        }
    }
    changes.notes.extend(c.notes.iter().filter(|n| known.notes.insert((*n).clone())).cloned());
    changes
}

/// Where somebody lives: a list that brought the address moves it, another adds one where none is known.
fn bring_home(
    known: &mut Known,
    c: &Candidate,
    owned: &Owned<'_>,
    fill_only: bool,
    source: &str,
    changes: &mut Changes,
) {
    let ours = known.home.as_ref().is_some_and(|a| owned.sources.contains(&a.source)) && !fill_only;
    let Some(new) = place::settle(known.home.as_ref(), &c.address(), ours) else { return };
    // An address that a row of this batch brought has no number yet: it is not ended, it is never written.
    let ended = known.home.as_ref().map(|a| a.id).filter(|id| *id != 0);
    let to = [&new.street, &new.house_number, &new.addition, &new.postcode, &new.city, &new.country];
    changes.home = Some(Moved { ended, to: to.map(Clone::clone) });
    known.home = Some(Address {
        id: 0,
        kind: address::Kind::Home,
        street: new.street,
        house_number: new.house_number,
        addition: new.addition,
        postcode: new.postcode,
        city: new.city,
        country: if new.country.is_empty() { "NL".into() } else { new.country },
        source: source.to_owned(),
        added_at: Timestamp::UNIX_EPOCH,
        valid_to: None,
    });
}

/// A role that somebody has not yet, or the last day of one that this list gave.
fn bring_role(known: &mut Known, c: &Candidate, owned: &Owned<'_>, source: &str, changes: &mut Changes) {
    let Some(held) = &c.role else { return };
    let same = known.roles.iter_mut().find(|r| {
        r.held.kind == held.kind
            && r.held.programme == held.programme
            && (held.from.is_none() || r.held.from == held.from)
    });
    match same {
        None => {
            known.roles.push(KnownRole { id: 0, held: held.clone(), source: source.to_owned() });
            changes.roles.push(held.clone());
        }
        Some(role)
            if role.id != 0
                && held.until.is_some()
                && held.until != role.held.until
                && owned.sources.contains(&role.source) =>
        {
            changes.ends.push((role.id, role.held.until, held.until));
            role.held.until = held.until;
        }
        Some(_) => {}
    }
}
