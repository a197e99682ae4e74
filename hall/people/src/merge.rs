//! Two numbers that turn out to be one. Nothing is thrown away: the rows of the one that goes are noted and moved, its
//! own row stays behind as it was and leads to the other, and what would clash stays with it. So a merge can be undone
//! at any time, also after later edits: what was noted moves back, what came later stays.
//!
//! The alternative, copying the values of one into the other and deleting it, is what makes merges elsewhere final.

mod organisations;

use std::collections::HashMap;

use jiff::civil::Date;
use kring_core::{Error, Result, Timestamp, Tongue};
use kring_db::two_faces;
use kring_frame::{
    About, Holding, Mark, Merged, Permit, PersonId, Tx, Unmerged, holding, params, record, sql,
};
use kring_lang::names::PersonName;
use serde::{Deserialize, Serialize};

pub use organisations::{organisations, undo_organisations};

use crate::{
    duplicates, index,
    person::{self, Person, State},
};

/// The hall's own tables in which a row is a person's. The rows of the other rooms come from the rooms.
pub(crate) const HOLDINGS: &[Holding] = &[
    holding!(
        "contact_points",
        unless "exists (select 1 from contact_points k where k.person_id = $2 and k.kind = t.kind and k.canonical = t.canonical)"
    ),
    holding!(
        "party_roles",
        unless "t.derived or exists (select 1 from party_roles k where k.person_id = $2 and k.kind = t.kind
            and coalesce(k.unit_id, 0) = coalesce(t.unit_id, 0) and k.detail = t.detail and coalesce(k.valid_from, '') = coalesce(t.valid_from, ''))"
    ),
    holding!("identifiers"),
    holding!("postal_addresses"),
    holding!("notes"),
    holding!("relationships", unless "t.other_id = $2"),
    holding!("relationships", in "other_id", unless "t.person_id = $2"),
    holding!(
        "relation_owners",
        unless "exists (select 1 from relation_owners k where k.person_id = $2 and k.relation_group = t.relation_group)"
    ),
    holding!("detections"),
    holding!("happenings"),
];

/// Every statement of a merge in the hall, for the test that prepares them all.
pub fn holdings() -> impl Iterator<Item = &'static Holding> {
    HOLDINGS.iter().chain(organisations::HOLDINGS)
}

/// The values of a person's own row of which one can be chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    Name,
    Pronouns,
    Lang,
    BirthDate,
    BirthYear,
    Deceased,
    AddressProtected,
    Owner,
}

impl Attribute {
    pub const ALL: [Self; 8] = [
        Self::Name,
        Self::Pronouns,
        Self::Lang,
        Self::BirthDate,
        Self::BirthYear,
        Self::Deceased,
        Self::AddressProtected,
        Self::Owner,
    ];

    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Pronouns => "pronouns",
            Self::Lang => "lang",
            Self::BirthDate => "birth_date",
            Self::BirthYear => "birth_year",
            Self::Deceased => "deceased",
            Self::AddressProtected => "address_protected",
            Self::Owner => "owner",
        }
    }
}

/// A value of the kept row that a merge replaced: undone when it still stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Chosen {
    attribute: Attribute,
    before: serde_json::Value,
    after: serde_json::Value,
}

record! {
    /// A merge as it is shown.
    #[derive(Clone, Debug)]
    pub struct Merge {
        pub id: i64,
        /// `person`, `organisation`
        pub party: String,
        pub kept: i64,
        pub gone: i64,
        pub gone_name: String,
        pub at: Timestamp,
        pub by: String,
        pub why: String,
        chosen: String,
        pub undone_at: Option<Timestamp>,
    }
}

/// The number somebody is known by now: a number that was merged leads on.
pub async fn current(tx: &mut Tx, id: PersonId) -> Result<PersonId> {
    let mut at = id;
    // Every merge goes from a known number to another, so the way is short and never turns back on itself.
    for _ in 0..64 {
        let (next,): (Option<PersonId>,) =
            tx.one(sql!("select merged_into from people where id = $1"), params![at]).await?;
        match next {
            Some(next) => at = next,
            None => return Ok(at),
        }
    }
    Err(Error::broken("a merge that leads back to itself"))
}

/// Of these numbers those that were merged, with where they lead now.
pub async fn moved(tx: &mut Tx, ids: &[PersonId]) -> Result<HashMap<PersonId, PersonId>> {
    let mut moved = HashMap::new();
    for some in ids.chunks(5_000) {
        let bind = format!("[{}]", some.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
        let found: Vec<(PersonId,)> = tx
            .all(
                two_faces!(
                    sqlite: "select id from people where state = 'merged' and id in (select value from json_each($1))",
                    postgres: "select id from people where state = 'merged' and id in (select x::bigint from json_array_elements_text($1::text::json) x)",
                ),
                params![bind],
            )
            .await?;
        for (id,) in found {
            moved.insert(id, current(tx, id).await?);
        }
    }
    Ok(moved)
}

/// All numbers that lead to this one, itself first.
pub async fn numbers_of(tx: &mut Tx, id: PersonId) -> Result<Vec<PersonId>> {
    let found: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "with recursive under (id) as (
                     select id from people where id = $1
                     union select p.id from people p join under u on p.merged_into = u.id
                 ) select id from under order by case when id = $1 then 0 else 1 end, id"
            ),
            params![id],
        )
        .await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Brings two numbers together. `take` are the attributes in which the one that goes is right; where the kept one has
/// nothing, it takes over what there is anyhow. `why` are codes and weights, for whoever asks later.
pub async fn people(
    tx: &mut Tx,
    permit: &Permit,
    kept: PersonId,
    gone: PersonId,
    take: &[Attribute],
    why: &str,
) -> Result<i64> {
    if kept == gone {
        return Err(Error::field("other", crate::say::merge_with_self()));
    }
    // Both rows are held until the end, the lower number first, so that two merges of one pair wait for each other.
    for id in [kept.min(gone), kept.max(gone)] {
        let held = tx
            .run(
                sql!("update people set version = version + 1 where id = $1 and state = 'known'"),
                params![id],
            )
            .await?;
        if held == 0 {
            person::load(tx, id).await?;
            return Err(Error::Conflict(crate::say::merge_moved_on()));
        }
    }
    let (one, other) = (person::load(tx, kept).await?, person::load(tx, gone).await?);
    let merge = begin(tx, "person", kept.get(), gone.get(), why).await?;
    let mut chosen = Vec::new();
    for attribute in Attribute::ALL {
        let (before, after) = (value(&one, attribute), value(&other, attribute));
        // That somebody died or hides their address holds whoever said it first.
        let wins = take.contains(&attribute)
            || is_nothing(&before)
            || matches!(attribute, Attribute::Deceased | Attribute::AddressProtected)
                && after == serde_json::Value::Bool(true);
        if wins && before != after && !is_nothing(&after) {
            set_value(tx, kept, attribute, &after).await?;
            chosen.push(Chosen { attribute, before, after });
        }
    }
    let text = serde_json::to_string(&chosen).map_err(Error::broken)?;
    tx.run(sql!("update merges set chosen = $2 where id = $1"), params![merge, text]).await?;
    let house = tx.house().clone();
    for held in &house.rooms.holdings {
        tx.run(held.note, params![merge, kept, gone]).await?;
        tx.run(held.take, params![merge, kept]).await?;
    }
    tx.run(sql!("update address_owners set person_id = $1 where person_id = $2"), params![kept, gone])
        .await?;
    tx.run(
        sql!(
            "update people set last_contact_at = $2 where id = $1 and (last_contact_at is null or last_contact_at < $2)"
        ),
        params![kept, other.last_contact_at],
    )
    .await?;
    let now = tx.now();
    tx.run(
        sql!("update people set state = 'merged', merged_into = $2, changed_at = $3 where id = $1"),
        params![gone, kept, now],
    )
    .await?;
    duplicates::settle(tx, gone).await?;
    index::drop_person(tx, gone).await?;
    index::index_person(tx, kept).await?;
    tx.trail(Mark::changed(permit, "merge").person(kept).subject(merge).detail(format!("gone={gone}")))
        .await?;
    tx.trail(Mark::changed(permit, "merge").person(gone).subject(merge).detail(format!("kept={kept}")))
        .await?;
    tx.tell(About::person(kept).subject(merge), &Merged { gone: gone.get() }).await?;
    Ok(merge)
}

/// Takes a merge of people back. What was noted returns, whatever was edited since; what came later stays where it is.
/// A value that the merge put in place is restored unless somebody has changed it since. Answers who is separate again.
pub async fn undo_people(tx: &mut Tx, permit: &Permit, merge: i64) -> Result<PersonId> {
    let (kept, gone) = standing(tx, "person", merge).await?;
    let (kept, gone) = (PersonId::new(kept), PersonId::new(gone));
    let now_at = current(tx, kept).await?;
    let (one, other) = (person::load(tx, now_at).await?, person::load(tx, gone).await?);
    if one.state != State::Known || other.state != State::Merged {
        return Err(Error::Conflict(crate::say::merge_forgotten()));
    }
    let house = tx.house().clone();
    for held in &house.rooms.holdings {
        tx.run(held.back, params![merge, gone, now_at]).await?;
    }
    tx.run(
        sql!(
            "update address_owners set person_id = $1 where person_id = $2
               and exists (select 1 from contact_points c where c.person_id = $1 and c.kind = 'email' and c.canonical = address_owners.canonical)
               and not exists (select 1 from contact_points c where c.person_id = $2 and c.kind = 'email' and c.canonical = address_owners.canonical)"
        ),
        params![gone, now_at],
    )
    .await?;
    let (text,): (String,) = tx.one(sql!("select chosen from merges where id = $1"), params![merge]).await?;
    let chosen: Vec<Chosen> = serde_json::from_str(&text).map_err(Error::broken)?;
    for c in chosen {
        if value(&one, c.attribute) == c.after {
            set_value(tx, now_at, c.attribute, &c.before).await?;
        }
    }
    let now = tx.now();
    tx.run(
        sql!("update people set state = 'known', merged_into = null, changed_at = $2, version = version + 1 where id = $1"),
        params![gone, now],
    )
    .await?;
    duplicates::settle(tx, gone).await?;
    close(tx, merge).await?;
    index::index_person(tx, now_at).await?;
    index::index_person(tx, gone).await?;
    tx.trail(Mark::changed(permit, "merge").person(now_at).subject(merge).detail("undone")).await?;
    tx.trail(Mark::changed(permit, "merge").person(gone).subject(merge).detail("undone")).await?;
    tx.tell(About::person(now_at).subject(merge), &Unmerged { gone: gone.get() }).await?;
    Ok(gone)
}

/// The merges that still stand, into this party.
pub async fn into(tx: &mut Tx, party: crate::Party) -> Result<Vec<Merge>> {
    let (kind, id) = match party {
        crate::Party::Person(id) => ("person", id.get()),
        crate::Party::Organisation(id) => ("organisation", id.get()),
    };
    tx.all(
        sql!(
            "select m.id, m.party, m.kept_id, m.gone_id,
                    coalesce((select p.display_name from people p where m.party = 'person' and p.id = m.gone_id),
                             (select o.name from organisations o where m.party = 'organisation' and o.id = m.gone_id), ''),
                    m.at, a.name, m.why, m.chosen, m.undone_at
             from merges m join actors a on a.id = m.actor_id
             where m.party = $1 and m.kept_id = $2 and m.undone_at is null order by m.id desc"
        ),
        params![kind, id],
    )
    .await
}

async fn begin(tx: &mut Tx, party: &str, kept: i64, gone: i64, why: &str) -> Result<i64> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,) = tx
        .one(
            sql!(
                "insert into merges (party, kept_id, gone_id, actor_id, at, why) values ($1, $2, $3, $4, $5, $6) returning id"
            ),
            params![party, kept, gone, actor, now, why],
        )
        .await?;
    Ok(id)
}

/// A merge that stands, held for undoing.
async fn standing(tx: &mut Tx, party: &str, merge: i64) -> Result<(i64, i64)> {
    tx.run(sql!("update merges set why = why where id = $1"), params![merge]).await?;
    let (kept, gone, undone): (i64, i64, Option<Timestamp>) = tx
        .one(
            sql!("select kept_id, gone_id, undone_at from merges where id = $1 and party = $2"),
            params![merge, party],
        )
        .await?;
    if undone.is_some() { Err(Error::Conflict(crate::say::merge_moved_on())) } else { Ok((kept, gone)) }
}

async fn close(tx: &mut Tx, merge: i64) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(sql!("update merges set undone_at = $2, undone_by = $3 where id = $1"), params![merge, now, actor])
        .await
        .map(drop)
}

fn value(p: &Person, attribute: Attribute) -> serde_json::Value {
    use serde_json::{Value, json};
    match attribute {
        Attribute::Name => serde_json::to_value(p.name()).unwrap_or(Value::Null),
        Attribute::Pronouns => json!(p.pronouns),
        Attribute::Lang => json!(p.lang.as_ref().map(Tongue::tag)),
        Attribute::BirthDate => json!(p.birth_date.map(|d| d.to_string())),
        Attribute::BirthYear => json!(p.birth_year),
        Attribute::Deceased => json!(p.deceased),
        Attribute::AddressProtected => json!(p.address_protected),
        Attribute::Owner => json!(p.owner.map(kring_core::Id::get)),
    }
}

fn is_nothing(value: &serde_json::Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

async fn set_value(tx: &mut Tx, id: PersonId, attribute: Attribute, value: &serde_json::Value) -> Result<()> {
    let text = value.as_str();
    match attribute {
        Attribute::Name => {
            let name: PersonName = serde_json::from_value(value.clone()).map_err(Error::broken)?;
            person::set_name(tx, id, &name).await
        }
        Attribute::Pronouns => tx
            .run(sql!("update people set pronouns = $2 where id = $1"), params![id, text.unwrap_or_default()])
            .await
            .map(drop),
        Attribute::Lang => {
            let lang: Option<Tongue> = text.and_then(|t| t.parse().ok());
            tx.run(sql!("update people set lang = $2 where id = $1"), params![id, lang]).await.map(drop)
        }
        Attribute::BirthDate => {
            let day: Option<Date> = text.and_then(|t| t.parse().ok());
            tx.run(sql!("update people set birth_date = $2 where id = $1"), params![id, day]).await.map(drop)
        }
        Attribute::BirthYear => tx
            .run(sql!("update people set birth_year = $2 where id = $1"), params![id, value.as_i64()])
            .await
            .map(drop),
        Attribute::Deceased => {
            let yes = value.as_bool().unwrap_or_default();
            tx.run(sql!("update people set deceased = $2 where id = $1"), params![id, yes]).await.map(drop)
        }
        Attribute::AddressProtected => {
            let yes = value.as_bool().unwrap_or_default();
            tx.run(sql!("update people set address_protected = $2 where id = $1"), params![id, yes])
                .await
                .map(drop)
        }
        Attribute::Owner => tx
            .run(sql!("update people set owner_id = $2 where id = $1"), params![id, value.as_i64()])
            .await
            .map(drop),
    }
}
