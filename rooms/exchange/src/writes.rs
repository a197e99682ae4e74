//! What a batch of people brings, gathered from its rows and written by a few statements with many values.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_db::two_faces;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::{dates, names::PersonName};
use kring_people::{
    Party,
    address::{self, NewAddress},
    bulk,
    contact::Kind,
    roles::NewRole,
};

use crate::{changes::Changes, known::Known, list::Import};

/// Whose codes these are, by scheme and value: one question for a batch. A cross join, since SQLite keeps its order: else it
/// would walk through all codes of the scheme for each that is asked for.
pub async fn owners(tx: &mut Tx, codes: &[(String, String)]) -> Result<HashMap<(String, String), PersonId>> {
    let mut values: Vec<&str> = codes.iter().map(|(_, value)| value.as_str()).collect();
    values.sort_unstable();
    values.dedup();
    let wanted: HashSet<&(String, String)> = codes.iter().collect();
    let mut schemes: Vec<&str> = codes.iter().map(|(scheme, _)| scheme.as_str()).collect();
    schemes.sort_unstable();
    schemes.dedup();
    let mut all = HashMap::new();
    if values.is_empty() {
        return Ok(all);
    }
    let bind = serde_json::to_string(&values).map_err(Error::broken)?;
    for scheme in schemes {
        let found: Vec<(String, PersonId)> = tx
            .all(
                two_faces!(
                    sqlite: "select n.value, n.person_id from json_each($1) j cross join identifiers n
                             where n.scheme = $2 and n.value = j.value and n.person_id is not null",
                    postgres: "select n.value, n.person_id from json_array_elements_text($1::text::json) j
                               join identifiers n on n.scheme = $2 and n.value = j where n.person_id is not null",
                ),
                params![&bind, scheme],
            )
            .await?;
        let found = found.into_iter().map(|(value, id)| ((scheme.to_owned(), value), id));
        all.extend(found.filter(|(code, _)| wanted.contains(code)));
    }
    Ok(all)
}

#[derive(Default)]
pub struct Writes {
    renamed: HashMap<PersonId, (PersonName, Option<Date>)>,
    pronouns: Vec<(PersonId, String)>,
    /// Who, attribute, value, what it was.
    sourced: Vec<(PersonId, &'static str, String, String)>,
    contacts: Vec<(PersonId, Kind, String)>,
    details: Vec<(PersonId, String, String)>,
    homes: HashMap<PersonId, (Option<i64>, NewAddress)>,
    interests: Vec<(PersonId, String)>,
    roles: Vec<(PersonId, NewRole)>,
    ends: Vec<(i64, Option<Date>)>,
    numbers: Vec<(PersonId, String)>,
    codes: Vec<(Party, String, String)>,
    pub notes: Vec<(PersonId, String)>,
}

impl Writes {
    /// What one row changed of somebody, who is `known` as all rows of the batch left them.
    pub fn take(&mut self, id: PersonId, new: bool, known: &Known, changes: &Changes) -> Result<()> {
        if changes.name.is_some() || changes.birth.is_some() || changes.partner.is_some() {
            self.renamed.insert(id, (known.name.clone(), known.birth));
        }
        if !new {
            self.trace(id, changes);
        }
        self.pronouns.extend(changes.pronouns.as_ref().map(|turn| (id, turn.is.clone())));
        for (kind, value) in &changes.contacts {
            let kind = kind.parse().map_err(|()| Error::broken("a kind of address"))?;
            self.contacts.push((id, kind, value.clone()));
        }
        self.details.extend(changes.details.iter().map(|(key, _, value)| (id, key.clone(), value.clone())));
        if let Some(moved) = &changes.home {
            let [street, house_number, addition, postcode, city, country] = moved.to.clone();
            let kind = Some(address::Kind::Home);
            let to = NewAddress { kind, street, house_number, addition, postcode, city, country };
            let (ended, home) = self.homes.entry(id).or_default();
            *ended = ended.or(moved.ended);
            *home = to;
        }
        self.interests.extend(changes.interests.iter().map(|i| (id, i.clone())));
        self.roles.extend(changes.roles.iter().map(|held| {
            let (kind, detail) = (held.kind.clone(), held.programme.clone());
            (id, NewRole { kind, unit: None, detail, from: held.from, to: held.until })
        }));
        self.ends.extend(changes.ends.iter().map(|(role, _, is)| (*role, *is)));
        self.numbers.extend(changes.numbers.iter().map(|n| (id, n.clone())));
        self.codes.extend(changes.codes.iter().map(|(s, c)| (Party::Person(id), s.clone(), c.clone())));
        self.notes.extend(changes.notes.iter().map(|n| (id, n.clone())));
        Ok(())
    }

    /// Where a value of the person's own row comes from now, and what it was. Of somebody new all comes from the list.
    fn trace(&mut self, id: PersonId, changes: &Changes) {
        let day = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
        if let Some(turn) = &changes.name {
            self.sourced.push((id, "name", turn.is.join(" "), turn.was.join(" ")));
        }
        if let Some(turn) = &changes.partner {
            self.sourced.push((id, "partner", turn.is.join(" "), turn.was.join(" ")));
        }
        if let Some(turn) = &changes.pronouns {
            self.sourced.push((id, "pronouns", turn.is.clone(), turn.was.clone()));
        }
        if let Some(turn) = &changes.birth {
            self.sourced.push((id, "birth_date", day(turn.is), day(turn.was)));
        }
    }

    pub async fn write(self, tx: &mut Tx, import: &Import, source: &str) -> Result<()> {
        let now = tx.now();
        let today = dates::date_of(now, &tx.house().settings.zone);
        let names = self.renamed.into_iter().map(|(id, (name, birth))| (id, name, birth)).collect();
        bulk::rename(tx, names).await?;
        let pronouns = self.pronouns.into_iter().map(|(id, said)| params![id, said]).collect();
        tx.many(sql!("update people set pronouns = $2 where id = $1"), pronouns).await?;
        bulk::sourced(tx, self.sourced, source).await?;
        bulk::contacts(tx, &self.contacts, source).await?;
        let details =
            self.details.into_iter().map(|(id, key, value)| (id, key, value, source.to_owned())).collect();
        bulk::details(tx, details).await?;
        let ended = self.homes.values().filter_map(|(ended, _)| Some(params![(*ended)?, today])).collect();
        tx.many(sql!("update postal_addresses set valid_to = $2 where id = $1"), ended).await?;
        let mut homes: Vec<_> =
            self.homes.into_iter().map(|(id, (_, to))| (Party::Person(id), to, None, now)).collect();
        homes.sort_by_key(|(party, ..)| match party {
            Party::Person(id) => id.get(),
            Party::Organisation(_) => 0,
        });
        bulk::addresses(tx, &homes, source).await?;
        bulk::roles(tx, "prospect", Some(today), self.interests, source).await?;
        let given = self
            .roles
            .into_iter()
            .map(|(id, role)| bulk::Given {
                party: Party::Person(id),
                role,
                source: source.to_owned(),
                derived: false,
            })
            .collect::<Vec<_>>();
        bulk::give_roles(tx, &given, now).await?;
        let ends = self.ends.into_iter().map(|(role, last)| params![role, last]).collect();
        tx.many(sql!("update party_roles set valid_to = $2 where id = $1"), ends).await?;
        bulk::identifiers(tx, &import.scheme(), self.numbers, source).await?;
        bulk::codes(tx, &self.codes, source).await
    }
}
