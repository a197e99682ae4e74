//! Lists of organisations, and finding one as one types: as with people, first which, then what a list shows of them.

use std::collections::HashMap;

use kring_core::{Error, Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{OrganisationId, Permit, Tx, params, record, sql};

use super::Kind;
use crate::{index, wall};

record! {
    /// An organisation in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: OrganisationId,
        pub name: String,
        pub sort_key: String,
        pub kind: Kind,
        pub roles: Option<String>,
        pub city: Option<String>,
        pub people: i64,
        pub owner: Option<String>,
        pub last_contact_at: Option<Timestamp>,
    }
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub words: String,
    pub kind: Option<String>,
    pub role: Option<String>,
}

/// A page by name, from just after `after`.
pub async fn list(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    after: Option<(String, OrganisationId)>,
    most: u32,
) -> Result<Vec<Listed>> {
    let wall = wall::of(tx, permit).await?;
    let (key, id) = after.unwrap_or_else(|| (String::new(), OrganisationId::new(0)));
    let tokens = index::tokens(&filter.words);
    let low = |i: usize| tokens.get(i).cloned();
    let high = |i: usize| tokens.get(i).map(|w| index::beyond(w));
    let beside = params![key, id, most, filter.kind.clone(), filter.role.clone(), wall.actor, wall.right];
    let found: Vec<(OrganisationId, String)> = if tokens.is_empty() {
        tx.all(
            sql!(
                "select o.id, o.sort_key from organisations o
                 where o.state = 'known' and (o.sort_key, o.id) > ($1, $2) and (cast($4 as text) is null or o.kind = $4)
                   and (cast($5 as text) is null or exists (select 1 from party_roles x where x.organisation_id = o.id and x.kind = $5 and x.valid_to is null))
                   and (cast($6 as bigint) is null or exists (select 1 from party_roles x join reach h on h.unit_id = x.unit_id
                        where x.organisation_id = o.id and h.actor_id = $6 and h.right_key = $7))
                 order by o.sort_key, o.id limit $3"
            ),
            beside,
        )
        .await?
    } else {
        let words = params![low(0), high(0), low(1), high(1), low(2), high(2)];
        tx.all(
            sql!(
                "select o.id, o.sort_key
                 from (select distinct organisation_id from organisation_words where word >= $8 and word < $9) f
                 join organisations o on o.id = f.organisation_id
                 where o.state = 'known' and (o.sort_key, o.id) > ($1, $2) and (cast($4 as text) is null or o.kind = $4)
                   and (cast($10 as text) is null or exists (select 1 from organisation_words w where w.organisation_id = o.id and w.word >= $10 and w.word < $11))
                   and (cast($12 as text) is null or exists (select 1 from organisation_words w where w.organisation_id = o.id and w.word >= $12 and w.word < $13))
                   and (cast($5 as text) is null or exists (select 1 from party_roles x where x.organisation_id = o.id and x.kind = $5 and x.valid_to is null))
                   and (cast($6 as bigint) is null or exists (select 1 from party_roles x join reach h on h.unit_id = x.unit_id
                        where x.organisation_id = o.id and h.actor_id = $6 and h.right_key = $7))
                 order by o.sort_key, o.id limit $3"
            ),
            [beside, words].concat(),
        )
        .await?
    };
    rows(tx, found.into_iter().map(|(id, _)| id).collect()).await
}

/// What a list shows of these organisations, in this order.
async fn rows(tx: &mut Tx, ids: Vec<OrganisationId>) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let bind = serde_json::to_string(&ids).map_err(Error::broken)?;
    let mut found: Vec<Listed> = tx
        .all(
            two_faces!(
                sqlite: "select o.id, o.name, o.sort_key, o.kind,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.organisation_id = o.id and r.valid_to is null order by r.kind) k),
                        (select d.city from postal_addresses d where d.organisation_id = o.id and d.valid_to is null order by d.id desc limit 1),
                        (select count(*) from relationships s where s.organisation_id = o.id and s.valid_to is null),
                        (select a.name from actors a where a.id = o.owner_id), o.last_contact_at
                     from organisations o where o.id in (select value from json_each($1))",
                postgres: "select o.id, o.name, o.sort_key, o.kind,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.organisation_id = o.id and r.valid_to is null order by r.kind) k),
                        (select d.city from postal_addresses d where d.organisation_id = o.id and d.valid_to is null order by d.id desc limit 1),
                        (select count(*) from relationships s where s.organisation_id = o.id and s.valid_to is null),
                        (select a.name from actors a where a.id = o.owner_id), o.last_contact_at
                     from organisations o where o.id in (select x::bigint from json_array_elements_text($1::text::json) x)",
            ),
            params![bind],
        )
        .await?;
    let place: HashMap<OrganisationId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found.sort_by_key(|row| place.get(&row.id).copied());
    Ok(found)
}

/// The organisations whom somebody means who types this; as with people, one word may have a slip. At most `most`.
pub async fn find(tx: &mut Tx, permit: &Permit, text: &str, most: u32) -> Result<Vec<Listed>> {
    let mut found = by_words(tx, permit, text, most).await?;
    if found.is_empty() {
        let words = index::tokens(text);
        'slips: for (at, word) in words.iter().enumerate() {
            for other in index::near(tx, word).await? {
                let mut corrected = words.clone();
                if let Some(slot) = corrected.get_mut(at) {
                    *slot = other;
                }
                found = by_words(tx, permit, &corrected.join(" "), most).await?;
                if !found.is_empty() {
                    break 'slips;
                }
            }
        }
    }
    Ok(found)
}

async fn by_words(tx: &mut Tx, permit: &Permit, text: &str, most: u32) -> Result<Vec<Listed>> {
    let filter = Filter { words: text.to_owned(), ..Filter::default() };
    if index::tokens(text).is_empty() { Ok(Vec::new()) } else { list(tx, permit, &filter, None, most).await }
}
