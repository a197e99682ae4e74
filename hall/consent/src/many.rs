//! What the permission function asks of many people at once: a few statements for all of them, whether they are one or a
//! thousand. There is no other way of reading it, so a mailing and a person's page cannot come to know different things.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Error, Result, Timestamp};
use kring_db::{Value, two_faces};
use kring_frame::{PersonId, Purpose, Tx, UnitId, params};
use kring_lang::dates;
use kring_people::{address, contact};

use crate::{
    Act, Channel, Facts, Own, Recipient, Standing,
    ledger::age,
    own::{Wished, owns},
};

/// About one purpose over one channel, for one of the legal entities of the house; `None` is the institution. Who is not
/// there is not in the answer.
pub async fn facts_of_many(
    tx: &mut Tx,
    people: &[PersonId],
    purpose: Purpose,
    channel: Channel,
    controller: Option<UnitId>,
) -> Result<HashMap<PersonId, Facts>> {
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    let today = dates::date_of(now, &zone);
    let list = listed(people)?;
    let known = known(tx, &list).await?;
    let mut said = said(tx, &list, purpose, channel, controller).await?;
    let reached = reached(tx, people, &list, channel).await?;
    let cold = cold(tx, &known).await?;
    let own = own_of_many(tx, people).await?;
    let facts = known.iter().map(|person| {
        let (standing, blocked) = said.remove(&person.id).unwrap_or_default().now();
        let facts = Facts {
            deceased: person.deceased,
            blocked,
            paused: own.get(&person.id).is_some_and(|own| own.paused(today)),
            age: age(person.birth_date, person.birth_year, now, &zone),
            standing,
            reachable: reached.contains_key(&person.id),
            recipient: reached.get(&person.id).copied().unwrap_or_default(),
            cold: cold.contains(&person.id),
        };
        (person.id, facts)
    });
    Ok(facts.collect())
}

/// A list of numbers, or of texts, as one bind.
pub(crate) fn listed<T: serde::Serialize>(list: &[T]) -> Result<Value> {
    serde_json::to_string(list).map(Value::Text).map_err(Error::broken)
}

kring_frame::record! {
    struct Known {
        id: PersonId,
        deceased: bool,
        birth_date: Option<Date>,
        birth_year: Option<i64>,
        source: String,
        last_contact_at: Option<Timestamp>,
    }
}

async fn known(tx: &mut Tx, list: &Value) -> Result<Vec<Known>> {
    tx.all(
        two_faces!(
            sqlite: "select p.id, p.deceased, p.birth_date, p.birth_year, p.source, p.last_contact_at
                 from json_each($1) j cross join people p where p.id = j.value",
            postgres: "select p.id, p.deceased, p.birth_date, p.birth_year, p.source, p.last_contact_at
                 from json_array_elements_text($1::text::json) j join people p on p.id = j::bigint",
        ),
        vec![list.clone()],
    )
    .await
}

/// What one person said of one purpose over one channel, and of everything; the newest first.
#[derive(Default)]
struct Said(Vec<(Act, bool, bool)>);

impl Said {
    /// What holds of it: where they stand, and whether they are blocked.
    fn now(self) -> (Standing, bool) {
        let blocked = self.0.iter().find(|(act, ..)| matches!(act, Act::Block | Act::Unblock));
        let blocked = blocked.is_some_and(|(act, ..)| *act == Act::Block);
        let standing = self.0.iter().find_map(|(act, of_this, by_parent)| match act {
            _ if !of_this => None,
            Act::Consent if *by_parent => Some(Standing::ParentConsented),
            Act::Consent => Some(Standing::Consented),
            Act::Customer => Some(Standing::Customer),
            Act::Withdrawal => Some(Standing::Withdrawn),
            Act::Objection => Some(Standing::Objected),
            Act::Lifted => Some(Standing::Silent),
            Act::Block | Act::Unblock => None,
        });
        (standing.unwrap_or_default(), blocked)
    }
}

/// An objection or a block said to one entity of the house is heard by all; a yes is a yes to whoever asked.
async fn said(
    tx: &mut Tx,
    list: &Value,
    purpose: Purpose,
    channel: Channel,
    controller: Option<UnitId>,
) -> Result<HashMap<PersonId, Said>> {
    let rows: Vec<(PersonId, Act, String, Option<i64>)> = tx
        .all(
            two_faces!(
                sqlite: "select l.person_id, l.act, l.purpose, l.given_by from json_each($1) j cross join consent_ledger l
                     where l.person_id = j.value
                       and ((l.purpose = $2 and l.channel = $3) or l.act in ('block', 'unblock')) and l.void_at is null
                       and (l.act not in ('consent', 'customer') or l.controller_id is not distinct from $4)
                     order by coalesce(l.said_at, l.at) desc, l.id desc",
                postgres: "select l.person_id, l.act, l.purpose, l.given_by
                     from json_array_elements_text($1::text::json) j join consent_ledger l on l.person_id = j::bigint
                     where ((l.purpose = $2 and l.channel = $3) or l.act in ('block', 'unblock')) and l.void_at is null
                       and (l.act not in ('consent', 'customer') or l.controller_id is not distinct from $4)
                     order by coalesce(l.said_at, l.at) desc, l.id desc",
            ),
            [vec![list.clone()], params![purpose, channel, controller]].concat(),
        )
        .await?;
    let mut said: HashMap<PersonId, Said> = HashMap::new();
    for (person, act, of, given_by) in rows {
        said.entry(person).or_default().0.push((act, of == purpose.as_str(), given_by.is_some()));
    }
    Ok(said)
}

/// Whom the channel reaches, and as what: at their work when the address we would use is one of their work, and where they
/// work is a legal person.
async fn reached(
    tx: &mut Tx,
    people: &[PersonId],
    list: &Value,
    channel: Channel,
) -> Result<HashMap<PersonId, Recipient>> {
    let kind = match channel {
        Channel::Mail => contact::Kind::Email,
        Channel::Phone => contact::Kind::Phone,
        Channel::Post => {
            let mut reached = HashMap::new();
            for person in people {
                if address::post_of(tx, *person).await?.is_some() {
                    reached.insert(*person, Recipient::Person);
                }
            }
            return Ok(reached);
        }
    };
    let labels: Vec<(PersonId, String)> = tx
        .all(
            two_faces!(
                sqlite: "select c.person_id, c.label from json_each($1) j cross join contact_points c
                     where c.person_id = j.value and c.kind = $2 and c.state = 'fine' order by c.added_at desc, c.id desc",
                postgres: "select c.person_id, c.label
                     from json_array_elements_text($1::text::json) j join contact_points c on c.person_id = j::bigint
                     where c.kind = $2 and c.state = 'fine' order by c.added_at desc, c.id desc",
            ),
            [vec![list.clone()], params![kind]].concat(),
        )
        .await?;
    let mut first: HashMap<PersonId, String> = HashMap::new();
    for (person, label) in labels {
        first.entry(person).or_insert(label);
    }
    let at_work: Vec<PersonId> =
        first.iter().filter(|(_, label)| *label == "work").map(|(person, _)| *person).collect();
    let firms = if at_work.is_empty() { HashSet::new() } else { at_firms(tx, &listed(&at_work)?).await? };
    let recipient =
        |person: &PersonId| if firms.contains(person) { Recipient::Company } else { Recipient::Person };
    Ok(first.into_keys().map(|person| (person, recipient(&person))).collect())
}

async fn at_firms(tx: &mut Tx, list: &Value) -> Result<HashSet<PersonId>> {
    let found: Vec<(PersonId,)> = tx
        .all(
            two_faces!(
                sqlite: "select r.person_id from json_each($1) j cross join relationships r join organisations o on o.id = r.organisation_id
                     where r.person_id = j.value and r.valid_to is null and not o.sole_trader",
                postgres: "select r.person_id from json_array_elements_text($1::text::json) j
                     join relationships r on r.person_id = j::bigint join organisations o on o.id = r.organisation_id
                     where r.valid_to is null and not o.sole_trader",
            ),
            vec![list.clone()],
        )
        .await?;
    Ok(found.into_iter().map(|(person,)| person).collect())
}

/// Those who came by a list and with whom there has been no contact, and who have no role but that of a prospect.
async fn cold(tx: &mut Tx, known: &[Known]) -> Result<HashSet<PersonId>> {
    let strange = |p: &&Known| p.source.starts_with("import") && p.last_contact_at.is_none();
    let mut cold: HashSet<PersonId> = known.iter().filter(strange).map(|p| p.id).collect();
    if cold.is_empty() {
        return Ok(cold);
    }
    let list = listed(&cold.iter().collect::<Vec<_>>())?;
    let others: Vec<(PersonId,)> = tx
        .all(
            two_faces!(
                sqlite: "select r.person_id from json_each($1) j cross join party_roles r left join role_kinds k on k.kind = r.kind
                     where r.person_id = j.value and coalesce(k.relation_group, '') <> 'before'",
                postgres: "select r.person_id from json_array_elements_text($1::text::json) j
                     join party_roles r on r.person_id = j::bigint left join role_kinds k on k.kind = r.kind
                     where coalesce(k.relation_group, '') <> 'before'",
            ),
            vec![list],
        )
        .await?;
    for (person,) in others {
        cold.remove(&person);
    }
    Ok(cold)
}

/// What each of many people wants of us that is no consent; nobody who never said a thing is in it.
pub async fn own_of_many(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, Own>> {
    let rows: Vec<(PersonId, String, String, String, Timestamp)> = tx
        .all(
            two_faces!(
                sqlite: "select w.person_id, w.wish, w.value, w.how, w.at from json_each($1) j cross join own_wishes w
                     where w.person_id = j.value order by w.id",
                postgres: "select w.person_id, w.wish, w.value, w.how, w.at
                     from json_array_elements_text($1::text::json) j join own_wishes w on w.person_id = j::bigint order by w.id",
            ),
            vec![listed(people)?],
        )
        .await?;
    let mut wished: HashMap<PersonId, Vec<Wished>> = HashMap::new();
    for (person, wish, value, how, at) in rows {
        wished.entry(person).or_default().push(Wished { wish, value, how, at });
    }
    Ok(wished.into_iter().map(|(person, wished)| (person, owns(wished))).collect())
}
