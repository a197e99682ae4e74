//! Putting values back that an import changed, as far as they still are what it left.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_frame::{PersonChanged, PersonId, Tx, params, sql};
use kring_people::{bulk, contact};

use crate::{
    apply::entry,
    changes::{Changes, Moved, name_values, partner_values, set_name, set_partner},
    known::{self, Known},
    list::Import,
    row::Held,
};

/// Values that these rows changed go back to what they were, as far as they still are what the import left.
pub async fn put_back(tx: &mut Tx, import: &Import, after: i64, to: i64) -> Result<i64> {
    let rows: Vec<(i64, PersonId, String)> = tx
        .all(
            sql!(
                "select r.line, r.person_id, r.before from import_rows r join people p on p.id = r.person_id
                 where r.import_id = $1 and r.line > $2 and r.line <= $3 and r.action = 'changed' and r.before is not null
                   and not exists (select 1 from import_rows a
                        where a.import_id = r.import_id and a.person_id = r.person_id and a.action = 'added')
                 order by r.line"
            ),
            params![import.id, after, to],
        )
        .await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut known = known::load(tx, import.id, &import.scheme(), after, to).await?;
    let source = import.source();
    let mut back = Back::default();
    let mut people: HashSet<PersonId> = HashSet::new();
    let mut lines = Vec::with_capacity(rows.len());
    for (line, id, before) in rows {
        let changes: Changes = serde_json::from_str(&before).map_err(Error::broken)?;
        if let Some(person) = known.get_mut(&id) {
            back.take(id, person, changes, &source);
        }
        people.insert(id);
        lines.push(params![import.id, line, "restored"]);
    }
    back.write(tx, &known, &source, &import.scheme()).await?;
    remove_notes(tx, import.id, &people).await?;
    // Two addresses may have been one person's; who is found by what has to be read anew.
    for id in &people {
        kring_people::index::index_person(tx, *id).await?;
    }
    let mut entries = Vec::new();
    for id in &people {
        entries.push(entry(tx, Some(*id), Some(import.id), &PersonChanged { how: "undo".into() })?);
    }
    tx.log_many(entries).await?;
    tx.many(sql!("update import_rows set undone = $3 where import_id = $1 and line = $2"), lines).await?;
    Ok(people.len() as i64)
}

/// What has to be written to put values back.
#[derive(Default)]
struct Back {
    renamed: HashSet<PersonId>,
    contacts: Vec<(PersonId, String, String)>,
    details_gone: Vec<(PersonId, String, String)>,
    details: Vec<(PersonId, String, String, String)>,
    interests: Vec<(PersonId, String)>,
    numbers: Vec<(PersonId, String)>,
    codes: Vec<(PersonId, String, String)>,
    pronouns: Vec<(PersonId, String)>,
    /// Who, attribute: the value is again from where it was.
    untraced: Vec<(PersonId, &'static str)>,
    homes: Vec<(PersonId, Moved)>,
    /// What an earlier version of the importer kept of an address: column, what it was, what it brought.
    parts: Vec<(PersonId, String, String, String)>,
    roles: Vec<(PersonId, Held)>,
    ends: Vec<(i64, Option<Date>, Option<Date>)>,
}

impl Back {
    fn take(&mut self, id: PersonId, person: &mut Known, changes: Changes, source: &str) {
        if let Some(name) = changes.name.filter(|turn| turn.is == name_values(&person.name)) {
            set_name(&mut person.name, name.was);
            self.renamed.insert(id);
            self.untraced.push((id, "name"));
        }
        if let Some(partner) = changes.partner.filter(|turn| turn.is == partner_values(&person.name)) {
            set_partner(&mut person.name, partner.was);
            self.renamed.insert(id);
            self.untraced.push((id, "partner"));
        }
        if let Some(pronouns) = changes.pronouns.filter(|turn| turn.is == person.pronouns) {
            person.pronouns.clone_from(&pronouns.was);
            self.pronouns.push((id, pronouns.was));
            self.untraced.push((id, "pronouns"));
        }
        if let Some(birth) = changes.birth.filter(|turn| turn.is == person.birth) {
            person.birth = birth.was;
            self.renamed.insert(id);
            self.untraced.push((id, "birth_date"));
        }
        for (kind, value) in changes.contacts {
            if let Ok(known) = kind.parse::<contact::Kind>() {
                self.contacts.push((id, kind, contact::canonical(known, &value)));
            }
        }
        for (key, was, is) in changes.details {
            if matches!(key.as_str(), "postcode" | "house_number" | "city") {
                self.parts.push((id, key, was.map(|(value, _)| value).unwrap_or_default(), is));
                continue;
            }
            let stands = person.details.get(&key).is_some_and(|(value, from)| *value == is && from == source);
            match was {
                _ if !stands => {}
                Some((value, from)) => self.details.push((id, key, value, from)),
                None => self.details_gone.push((id, key, is)),
            }
        }
        self.interests.extend(changes.interests.into_iter().map(|i| (id, i)));
        self.numbers.extend(changes.numbers.into_iter().map(|n| (id, n)));
        self.codes.extend(changes.codes.into_iter().map(|(scheme, code)| (id, scheme, code)));
        self.homes.extend(changes.home.map(|moved| (id, moved)));
        self.roles.extend(changes.roles.into_iter().map(|held| (id, held)));
        self.ends.extend(changes.ends);
    }

    async fn write(
        self,
        tx: &mut Tx,
        known: &HashMap<PersonId, Known>,
        source: &str,
        scheme: &str,
    ) -> Result<()> {
        let names = self
            .renamed
            .iter()
            .filter_map(|id| known.get(id).map(|k| (*id, k.name.clone(), k.birth)))
            .collect();
        bulk::rename(tx, names).await?;
        // An address that two rows brought is gone with the first of them.
        let owned = self
            .contacts
            .iter()
            .filter(|(_, kind, _)| kind == contact::Kind::Email.as_str())
            .map(|(id, _, canonical)| params![*id, canonical, source])
            .collect();
        tx.many(
            sql!(
                "delete from address_owners where person_id = $1 and canonical = $2
                   and exists (select 1 from contact_points c where c.person_id = $1 and c.canonical = $2 and c.source = $3)"
            ),
            owned,
        )
        .await?;
        let contacts = self
            .contacts
            .into_iter()
            .map(|(id, kind, canonical)| params![id, kind, canonical, source])
            .collect();
        tx.many(
            sql!("delete from contact_points where person_id = $1 and kind = $2 and canonical = $3 and source = $4"),
            contacts,
        )
        .await?;
        let gone =
            self.details_gone.into_iter().map(|(id, key, value)| params![id, key, value, source]).collect();
        tx.many(
            sql!("delete from person_details where person_id = $1 and detail_key = $2 and value = $3 and source = $4"),
            gone,
        )
        .await?;
        bulk::details(tx, self.details).await?;
        let roles = self.interests.into_iter().map(|(id, detail)| params![id, detail, source]).collect();
        tx.many(
            sql!("delete from party_roles where person_id = $1 and kind = 'prospect' and detail = $2 and source = $3"),
            roles,
        )
        .await?;
        let numbers = self.numbers.into_iter().map(|(id, number)| (id, scheme.to_owned(), number));
        let codes = numbers.chain(self.codes).map(|(id, scheme, code)| params![id, code, scheme, source]);
        tx.many(
            sql!(
                "delete from identifiers where person_id = $1 and value = $2 and scheme = $3 and source = $4"
            ),
            codes.collect(),
        )
        .await?;
        let pronouns = self.pronouns.into_iter().map(|(id, said)| params![id, said]).collect();
        tx.many(sql!("update people set pronouns = $2 where id = $1"), pronouns).await?;
        let untraced = self.untraced.into_iter().map(|(id, what)| params![id, what, source]).collect();
        tx.many(
            sql!("delete from value_sources where person_id = $1 and attribute = $2 and source = $3"),
            untraced,
        )
        .await?;
        let roles = self
            .roles
            .into_iter()
            .map(|(id, r)| params![id, r.kind, r.programme, r.from, r.until, source])
            .collect();
        tx.many(
            sql!(
                "delete from party_roles where person_id = $1 and kind = $2 and detail = $3 and valid_from is not distinct from $4
                   and valid_to is not distinct from $5 and source = $6"
            ),
            roles,
        )
        .await?;
        let ends = self.ends.into_iter().map(|(role, was, is)| params![role, was, is]).collect();
        tx.many(
            sql!("update party_roles set valid_to = $2 where id = $1 and valid_to is not distinct from $3"),
            ends,
        )
        .await?;
        homes_back(tx, self.homes, self.parts, source).await
    }
}

/// Addresses that the import brought go, and those that ended with them hold again; unless somebody has moved since.
async fn homes_back(
    tx: &mut Tx,
    homes: Vec<(PersonId, Moved)>,
    parts: Vec<(PersonId, String, String, String)>,
    source: &str,
) -> Result<()> {
    for (id, Moved { ended, to: [street, number, addition, postcode, city, _] }) in homes {
        let gone = tx
            .run(
                sql!(
                    "delete from postal_addresses where person_id = $1 and kind = 'home' and source = $2 and valid_to is null
                       and street = $3 and house_number = $4 and addition = $5 and postcode = $6 and city = $7"
                ),
                params![id, source, street, number, addition, postcode, city],
            )
            .await?;
        if gone > 0 {
            tx.run(
                sql!("update postal_addresses set valid_to = null where id = $1 and person_id = $2"),
                params![ended, id],
            )
            .await?;
        }
    }
    for (id, key, was, is) in parts {
        let back = match key.as_str() {
            "postcode" => sql!(
                "update postal_addresses set postcode = $2 where person_id = $1 and postcode = $3 and source = $4 and valid_to is null"
            ),
            "house_number" => sql!(
                "update postal_addresses set house_number = $2 where person_id = $1 and house_number = $3 and source = $4 and valid_to is null"
            ),
            _ => sql!(
                "update postal_addresses set city = $2 where person_id = $1 and city = $3 and source = $4 and valid_to is null"
            ),
        };
        tx.run(back, params![id, was, is, source]).await?;
        tx.run(
            sql!(
                "delete from postal_addresses where person_id = $1 and source = $2 and kind = 'home'
                   and street = '' and house_number = '' and postcode = '' and city = ''"
            ),
            params![id, source],
        )
        .await?;
    }
    Ok(())
}

async fn remove_notes(tx: &mut Tx, import: i64, people: &HashSet<PersonId>) -> Result<()> {
    let sets = || people.iter().map(|id| params![import, *id]).collect::<Vec<_>>();
    tx.many(
        sql!("delete from notes where id in (select n.note_id from import_notes n where n.import_id = $1 and n.person_id = $2)"),
        sets(),
    )
    .await?;
    tx.many(sql!("delete from import_notes where import_id = $1 and person_id = $2"), sets()).await.map(drop)
}
