//! What a row adds to what is known of somebody, and enough of what was there to take it back.

use std::collections::HashSet;

use jiff::civil::Date;
use kring_core::Timestamp;
use kring_lang::names::{NameUsage, PersonName};
use kring_people::{
    address::{self, Address},
    contact::Kind,
};
use serde::{Deserialize, Serialize};

use crate::{
    known::{Known, KnownRole},
    place,
    row::{Candidate, Held},
};

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
    if !c.pronouns.is_empty()
        && known.pronouns != c.pronouns
        && given(|b| b.pronouns.clone(), &known.pronouns)
    {
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
