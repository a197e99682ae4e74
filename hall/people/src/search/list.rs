//! Lists that can be narrowed and paged.

use kring_core::{Error, Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{
    Permit, PersonId, Tx, params,
    rules::{Held, Role, Rule, Test},
    sql,
};
use roaring::RoaringBitmap;

use super::{Filter, Listed, find::bearers, rows};
use crate::{
    facts,
    index::{beyond, tokens},
    wall,
};

/// A place in a list: just after this one.
pub type After = (String, PersonId);

/// A page of people by name, from just after `after`, so that its cost does not grow with how far one has gone.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    after: Option<After>,
    most: u32,
) -> Result<Vec<Listed>> {
    let ids = ids(tx, permit, filter, after, most).await?;
    rows(tx, &ids).await
}

pub(crate) async fn ids(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    after: Option<After>,
    most: u32,
) -> Result<Vec<PersonId>> {
    match filter.segment {
        Some(segment) => within(tx, permit, filter, segment, after, most).await,
        None => {
            let found = everybody(tx, permit, filter, after, most).await?;
            Ok(found.into_iter().map(|(id, _)| id).collect())
        }
    }
}

/// So many people at most are sorted for a page; of more the list is walked, and whoever is not among them is passed over.
const FEW: u64 = 5_000;

async fn within(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    segment: i64,
    mut after: Option<After>,
    most: u32,
) -> Result<Vec<PersonId>> {
    let rule = Rule::Segment(segment);
    if !tx.may_ask(&rule).await? {
        return Err(Error::NotFound);
    }
    let members = tx.people_who(&rule).await?.is;
    let rest = Filter { segment: None, ..filter.clone() };
    if rest.words.is_empty() && members.len() <= FEW {
        let found = among(tx, permit, &rest, &members, after, most).await?;
        return Ok(found.into_iter().map(|(id, _)| id).collect());
    }
    let step = most.max(500);
    let mut found = Vec::new();
    loop {
        let page = everybody(tx, permit, &rest, after, step).await?;
        let end = page.last().map(|(id, key)| (key.clone(), *id));
        let full = page.len() == step as usize;
        found.extend(
            page.into_iter()
                .map(|(id, _)| id)
                .filter(|id| u32::try_from(id.get()).is_ok_and(|id| members.contains(id))),
        );
        if found.len() >= most as usize || !full {
            found.truncate(most as usize);
            return Ok(found);
        }
        after = end;
    }
}

/// Those of a few people who fit, by name.
async fn among(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    people: &RoaringBitmap,
    after: Option<After>,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let wall = wall::of(tx, permit).await?;
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let bind = serde_json::to_string(&people.iter().collect::<Vec<u32>>()).map_err(Error::broken)?;
    let silent = silent(tx, filter);
    tx.all(
        two_faces!(
            sqlite: "select p.id, p.sort_key from json_each($12) j cross join people p
                     where p.id = j.value and p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                       and ((cast($4 as text) is null and cast($5 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                            and (cast($4 as text) is null or x.kind = $4) and (cast($5 as bigint) is null or x.unit_id = $5) and x.valid_to is null))
                       and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                       and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                       and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                       and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
                     order by p.sort_key, p.id limit $3",
            postgres: "select p.id, p.sort_key from json_array_elements_text($12::text::json) j join people p on p.id = j::bigint
                     where p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                       and ((cast($4 as text) is null and cast($5 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                            and (cast($4 as text) is null or x.kind = $4) and (cast($5 as bigint) is null or x.unit_id = $5) and x.valid_to is null))
                       and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                       and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                       and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                       and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
                     order by p.sort_key, p.id limit $3",
        ),
        params![
            key, id, most, filter.role.clone(), filter.unit, filter.owner, filter.nobodys, silent, filter.has_mail,
            wall.actor, wall.right, bind
        ],
    )
    .await
}

/// Since when nobody was in contact.
fn silent(tx: &Tx, filter: &Filter) -> Option<Timestamp> {
    filter.silent_days.map(|days| tx.now() - jiff::SignedDuration::from_hours(24 * days.clamp(0, 40_000)))
}

/// Everybody who may fit, when the index knows that they are few. A role and an address are many each and may be nobody
/// together: looking for such people name by name would go through all who have the role.
fn few(tx: &Tx, filter: &Filter) -> Option<RoaringBitmap> {
    let (Some(role), Some(has_mail)) = (&filter.role, filter.has_mail) else { return None };
    // The list means roles that were not ended, also those still to begin: the index is asked for all, and the database
    // looks at each.
    let held = Role {
        kinds: vec![role.clone()],
        places: filter.unit.map(|unit| unit.to_string()).into_iter().collect(),
        held: Held::During { from: None, to: None },
    };
    let mail = if has_mail { Test::Yes } else { Test::No };
    let rule =
        Rule::All(vec![Rule::fact(facts::ROLE.key, Test::Role(held)), Rule::fact(facts::MAIL.key, mail)]);
    tx.house().audience.ask(|index| {
        let count = index.count(&rule).ok()?;
        if count <= FEW { index.members(&rule).ok() } else { None }
    })?
}

async fn everybody(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    after: Option<After>,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let mut words = tokens(&filter.words);
    if words.is_empty()
        && let Some(people) = few(tx, filter)
    {
        return among(tx, permit, filter, &people, after, most).await;
    }
    let wall = wall::of(tx, permit).await?;
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let silent = silent(tx, filter);
    if !words.is_empty() {
        rarest_first(tx, &mut words).await?;
        let word = |i: usize| (words.get(i).cloned(), words.get(i).map(|w| beyond(w)));
        let ((a, a_end), (b, b_end), (c, c_end), (d, d_end)) = (word(0), word(1), word(2), word(3));
        let found: Vec<(PersonId, String)> = tx
            .all(
                sql!(
                    "select p.id, p.sort_key
                     from (select distinct person_id from person_words where word >= $1 and word < $2 limit 20000) f
                     join people p on p.id = f.person_id
                     where p.state = 'known' and (p.sort_key, p.id) > ($3, $4)
                       and (cast($6 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $6 and w.word < $7))
                       and (cast($8 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $8 and w.word < $9))
                       and (cast($10 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $10 and w.word < $11))
                       and ((cast($12 as text) is null and cast($13 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                            and (cast($12 as text) is null or x.kind = $12) and (cast($13 as bigint) is null or x.unit_id = $13) and x.valid_to is null))
                       and (cast($14 as bigint) is null or p.owner_id = $14) and (not $15 or p.owner_id is null)
                       and (cast($16 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $16)
                       and (cast($17 as boolean) is null or $17 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                       and (cast($18 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $18 and h.right_key = $19))
                     order by p.sort_key, p.id limit $5"
                ),
                params![
                    a, a_end, key, id, most, b, b_end, c, c_end, d, d_end, filter.role.clone(), filter.unit,
                    filter.owner, filter.nobodys, silent, filter.has_mail,
                    wall.actor,
                    wall.right
                ],
            )
            .await?;
        return Ok(found);
    }
    let values = || {
        params![
            &key,
            id,
            most,
            filter.role.clone(),
            filter.unit,
            filter.owner,
            filter.nobodys,
            silent,
            filter.has_mail,
            wall.actor,
            wall.right
        ]
    };
    let mut found: Vec<(PersonId, String)> = Vec::new();
    // With a role, two thousand names mostly fill a page. When they do not, few people fit, and the list begins from those who
    // have the role: looking through all names for somebody rare would take seconds.
    let narrow = filter.role.is_some() || filter.unit.is_some();
    if filter.owner.is_none() && narrow {
        found = tx
            .all(
                sql!(
                    "select p.id, p.sort_key
                     from (select id, sort_key, owner_id, last_contact_at from people where state = 'known' and (sort_key, id) > ($1, $2)
                           order by sort_key, id limit 2000) p
                     where ((cast($4 as text) is null and cast($5 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                            and (cast($4 as text) is null or x.kind = $4) and (cast($5 as bigint) is null or x.unit_id = $5) and x.valid_to is null))
                       and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                       and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                       and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                       and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
                     order by p.sort_key, p.id limit $3"
                ),
                values(),
            )
            .await?;
    }
    if found.len() < most as usize {
        let statement = if filter.owner.is_some() {
            sql!(
                "select p.id, p.sort_key from people p
                 where p.owner_id = $6 and p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                   and ((cast($4 as text) is null and cast($5 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                        and (cast($4 as text) is null or x.kind = $4) and (cast($5 as bigint) is null or x.unit_id = $5) and x.valid_to is null))
                   and not $7 and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                   and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                   and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
                 order by p.sort_key, p.id limit $3"
            )
        } else if filter.role.is_some() {
            // What is asked of the person beside the role is asked before the person's own row is fetched.
            sql!(
                "select p.id, p.sort_key
                 from (select distinct x.person_id from party_roles x where x.valid_to is null and x.person_id is not null
                         and x.kind = $4 and (cast($5 as bigint) is null or x.unit_id = $5)) f
                 join people p on p.id = f.person_id
                 where p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                   and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                   and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                   and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = f.person_id and m.kind = 'email' and m.state = 'fine'))
                   and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = f.person_id and h.actor_id = $10 and h.right_key = $11))
                 order by p.sort_key, p.id limit $3"
            )
        } else if filter.unit.is_some() {
            sql!(
                "select p.id, p.sort_key
                 from (select distinct x.person_id from party_roles x where x.valid_to is null and x.person_id is not null
                         and x.unit_id = $5 and (cast($4 as text) is null or x.kind = $4)) f
                 join people p on p.id = f.person_id
                 where p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                   and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                   and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                   and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = f.person_id and m.kind = 'email' and m.state = 'fine'))
                   and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = f.person_id and h.actor_id = $10 and h.right_key = $11))
                 order by p.sort_key, p.id limit $3"
            )
        } else {
            sql!(
                "select p.id, p.sort_key from people p
                 where p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                   and ((cast($4 as text) is null and cast($5 as bigint) is null) or exists (select 1 from party_roles x where x.person_id = p.id
                        and (cast($4 as text) is null or x.kind = $4) and (cast($5 as bigint) is null or x.unit_id = $5) and x.valid_to is null))
                   and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
                   and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
                   and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
                   and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
                 order by p.sort_key, p.id limit $3"
            )
        };
        found = tx.all(statement, values()).await?;
    }
    Ok(found)
}

/// Puts the word first that fewest have, as far as can be told cheaply: a search walks through those who have the first.
async fn rarest_first(tx: &mut Tx, words: &mut [String]) -> Result<()> {
    if words.len() < 2 {
        return Ok(());
    }
    let mut counted = Vec::with_capacity(words.len());
    for word in words.iter() {
        counted.push((bearers(tx, word).await?, word.clone()));
    }
    counted.sort();
    for (slot, (_, word)) in words.iter_mut().zip(counted) {
        *slot = word;
    }
    Ok(())
}
