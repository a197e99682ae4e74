//! Finding people: as one types, over everybody; and in lists that can be narrowed and paged.
//!
//! Two steps each time: which people, by the narrowest way in (one statement of ids in order), then what a list shows of
//! them (one statement for all ids). So there is one text for what is shown, and a text for each way in.

use kring_core::{Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{ActorId, Permit, PersonId, Tx, UnitId, params, record, sql};

use crate::{
    index::{beyond, near, tokens},
    wall::{self, Wall},
};

record! {
    /// A person in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: PersonId,
        pub name: String,
        pub sort_key: String,
        /// Kinds of the roles that hold, apart by blanks.
        pub roles: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub city: Option<String>,
        pub owner: Option<String>,
        pub source: String,
        pub known_since: Timestamp,
        pub last_contact_at: Option<Timestamp>,
    }
}

/// What a list shows. Everything that is asked has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub words: String,
    pub role: Option<String>,
    pub unit: Option<UnitId>,
    pub owner: Option<ActorId>,
    /// Nobody keeps the relation.
    pub nobodys: bool,
    /// No contact for so many days, or never.
    pub silent_days: Option<i64>,
    /// There is a mail address that works, or there is none.
    pub has_mail: Option<bool>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

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

/// With a role that fewer have than this, a list begins from those who have it; else it goes through all by name and
/// soon has a page full.
const FEW: i64 = 20_000;

pub(crate) async fn ids(
    tx: &mut Tx,
    permit: &Permit,
    filter: &Filter,
    after: Option<After>,
    most: u32,
) -> Result<Vec<PersonId>> {
    let wall = wall::of(tx, permit).await?;
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let silent = filter
        .silent_days
        .map(|days| tx.now() - jiff::SignedDuration::from_hours(24 * days.clamp(0, 40_000)));
    let mut words = tokens(&filter.words);
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
        return Ok(found.into_iter().map(|(id, _)| id).collect());
    }
    let few = match &filter.role {
        Some(role) => {
            let (n,): (i64,) = tx
                .one(
                    sql!("select count(*) from (select 1 as one from party_roles where kind = $1 and person_id is not null limit 20001) x"),
                    params![role],
                )
                .await?;
            n <= FEW
        }
        None => false,
    };
    let values = params![
        key,
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
    ];
    let statement = if few {
        sql!(
            "select p.id, p.sort_key
             from (select distinct x.person_id from party_roles x where x.kind = $4 and x.valid_to is null
                     and (cast($5 as bigint) is null or x.unit_id = $5)) f
             join people p on p.id = f.person_id
             where p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
               and (cast($6 as bigint) is null or p.owner_id = $6) and (not $7 or p.owner_id is null)
               and (cast($8 as bigint) is null or p.last_contact_at is null or p.last_contact_at < $8)
               and (cast($9 as boolean) is null or $9 = exists (select 1 from contact_points m where m.person_id = p.id and m.kind = 'email' and m.state = 'fine'))
               and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
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
    let found: Vec<(PersonId, String)> = tx.all(statement, values).await?;
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// What a list shows of these people, in this order.
pub async fn rows(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let bind = format!("[{}]", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    let mut found: Vec<Listed> = tx
        .all(
            two_faces!(
                sqlite: "select p.id, p.display_name, p.sort_key,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                        (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' and c.state = 'fine' order by c.id desc limit 1),
                        (select c.canonical from contact_points c where c.person_id = p.id and c.kind = 'phone' and c.state = 'fine' order by c.id desc limit 1),
                        (select d.city from postal_addresses d where d.person_id = p.id and d.valid_to is null and not p.address_protected order by d.id desc limit 1),
                        (select a.name from actors a where a.id = p.owner_id), p.source, p.created_at, p.last_contact_at
                     from people p where p.id in (select value from json_each($1))",
                postgres: "select p.id, p.display_name, p.sort_key,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                        (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' and c.state = 'fine' order by c.id desc limit 1),
                        (select c.canonical from contact_points c where c.person_id = p.id and c.kind = 'phone' and c.state = 'fine' order by c.id desc limit 1),
                        (select d.city from postal_addresses d where d.person_id = p.id and d.valid_to is null and not p.address_protected order by d.id desc limit 1),
                        (select a.name from actors a where a.id = p.owner_id), p.source, p.created_at, p.last_contact_at
                     from people p where p.id in (select x::bigint from json_array_elements_text($1::text::json) x)",
            ),
            params![bind],
        )
        .await?;
    let place: std::collections::HashMap<PersonId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found.sort_by_key(|row| place.get(&row.id).copied());
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

/// More people than this are "many": a search does not walk through them.
const MANY: i64 = 2_000;

/// How many entries of the index begin with this word, counted no further than "many".
async fn bearers(tx: &mut Tx, word: &str) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            sql!("select count(*) from (select 1 as one from person_words where word >= $1 and word < $2 limit 2001) x"),
            params![word, beyond(word)],
        )
        .await?;
    Ok(n)
}

/// The people whom somebody means who types this: words or their beginnings, in any order, with a slip of the hand. Those
/// whose surname it is come first, then by name. At most `most`.
pub async fn find(tx: &mut Tx, permit: &Permit, text: &str, most: u32) -> Result<Vec<Listed>> {
    let words = tokens(text);
    let wall = wall::of(tx, permit).await?;
    let ids = find_ids(tx, wall, &words, most).await?;
    rows(tx, &ids).await
}

async fn find_ids(tx: &mut Tx, wall: Wall, words: &[String], most: u32) -> Result<Vec<PersonId>> {
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = meant(tx, wall, words, most).await?;
    if found.len() < most.min(5) as usize {
        // One word at a time may be a slip: two slips in one search are rare, and each more makes it another name.
        'slips: for (at, word) in words.iter().enumerate() {
            for other in near(tx, word).await? {
                let mut corrected = words.to_vec();
                if let Some(slot) = corrected.get_mut(at) {
                    *slot = other;
                }
                for id in meant(tx, wall, &corrected, most).await? {
                    if !found.contains(&id) {
                        found.push(id);
                    }
                }
                if found.len() >= most as usize {
                    break 'slips;
                }
            }
        }
    }
    found.truncate(most as usize);
    Ok(found)
}

/// As typed, without slips.
async fn meant(tx: &mut Tx, wall: Wall, words: &[String], most: u32) -> Result<Vec<PersonId>> {
    let mut found: Vec<PersonId> = Vec::new();
    if let [word] = words {
        let by_surname = tx
            .all(
                sql!(
                    "select p.id, p.sort_key from people p where p.state = 'known' and p.sort_key >= $1 and p.sort_key < $2
                       and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
                     order by p.sort_key, p.id limit $3"
                ),
                params![word, beyond(word), most, wall.actor, wall.right],
            )
            .await?;
        if !add(&mut found, by_surname, most) {
            // The word itself before words that begin with it: who types "anke" means no Anker.
            let exactly = tx
                .all(
                    sql!(
                        "select p.id, p.sort_key from (select distinct person_id from person_words where word = $1 limit 2000) f
                         join people p on p.id = f.person_id where p.state = 'known' and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $3 and h.right_key = $4))
                         order by p.sort_key, p.id limit $2"
                    ),
                    params![word, most, wall.actor, wall.right],
                )
                .await?;
            if add(&mut found, exactly, most) {
                return Ok(found);
            }
            let by_word = tx
                .all(
                    sql!(
                        "select p.id, p.sort_key from (select distinct person_id from person_words where word >= $1 and word < $2 limit 2000) f
                         join people p on p.id = f.person_id where p.state = 'known' and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
                         order by p.sort_key, p.id limit $3"
                    ),
                    params![word, beyond(word), most, wall.actor, wall.right],
                )
                .await?;
            add(&mut found, by_word, most);
        }
        return Ok(found);
    }
    let mut counts = Vec::with_capacity(words.len());
    for word in words {
        counts.push((bearers(tx, word).await?, word.clone()));
    }
    counts.sort();
    let words: Vec<String> = counts.iter().map(|(_, w)| w.clone()).collect();
    let fewest = counts.first().map_or(0, |(n, _)| *n);
    if fewest == 0 {
        return Ok(found);
    }
    if fewest <= MANY {
        let ids = with_words(tx, wall, &words, most).await?;
        add(&mut found, ids, most);
        return Ok(found);
    }
    // Each of them is common: a surname and a first name stand in the index together.
    for one in &words {
        for two in words.iter().filter(|w| *w != one) {
            let mut joined = vec![format!("{one} {two}")];
            joined.extend(words.iter().filter(|w| *w != one && *w != two).cloned());
            let ids = with_words(tx, wall, &joined, most).await?;
            if add(&mut found, ids, most) {
                return Ok(found);
            }
        }
    }
    if found.is_empty() {
        let ids = with_words(tx, wall, &words, most).await?;
        add(&mut found, ids, most);
    }
    Ok(found)
}

/// Adds those who are not there yet, in their order; `true` when there are enough.
fn add(found: &mut Vec<PersonId>, ids: Vec<(PersonId, String)>, most: u32) -> bool {
    for (id, _) in ids {
        if !found.contains(&id) {
            found.push(id);
        }
    }
    found.len() >= most as usize
}

/// Those who have the first word, and all the others.
async fn with_words(tx: &mut Tx, wall: Wall, words: &[String], most: u32) -> Result<Vec<(PersonId, String)>> {
    let word = |i: usize| (words.get(i).cloned(), words.get(i).map(|w| beyond(w)));
    let ((a, a_end), (b, b_end), (c, c_end), (d, d_end)) = (word(0), word(1), word(2), word(3));
    tx.all(
        sql!(
            "select p.id, p.sort_key from (select distinct person_id from person_words where word >= $1 and word < $2 limit 20000) f
             join people p on p.id = f.person_id
             where p.state = 'known'
               and (cast($4 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $4 and w.word < $5))
               and (cast($6 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $6 and w.word < $7))
               and (cast($8 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $8 and w.word < $9))
               and (cast($10 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $10 and h.right_key = $11))
             order by p.sort_key, p.id limit $3"
        ),
        params![a, a_end, most, b, b_end, c, c_end, d, d_end, wall.actor, wall.right],
    )
    .await
}
