//! Lists that can be narrowed and paged.
//!
//! Who may fit is asked of the index in memory, as far as it knows what the list asks, and of the table of words; who of them
//! comes first by name it knows too. The database then looks at those few, and what it says holds. While the index is
//! being filled, names are walked in their order instead.

use kring_core::{Error, Result, Timestamp};
use kring_db::{Engine, two_faces};
use kring_frame::{
    Permit, PersonId, Tx,
    audience::place,
    params,
    rules::{Bound, Held, Role, Rule, Test},
    sql,
};
use kring_lang::names::is_particle;
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
    let asked = Asked::new(tx, permit, filter).await?;
    let segment = match filter.segment {
        Some(segment) => Some(members(tx, segment).await?),
        None => None,
    };
    let mut people = narrowed(tx, &asked).await?;
    if let Some(segment) = segment {
        let segment = people.as_ref().map_or_else(|| segment.clone(), |people| people & &segment);
        people = Some(segment);
    }
    let found = match people {
        Some(people) => by_name(tx, &asked, &people, after, most).await?,
        None => walked(tx, &asked, after, most).await?,
    };
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

async fn members(tx: &mut Tx, segment: i64) -> Result<RoaringBitmap> {
    let rule = Rule::Segment(segment);
    if !tx.may_ask(&rule).await? {
        return Err(Error::NotFound);
    }
    Ok(tx.people_who(&rule).await?.is)
}

/// What a list asks, ready to be bound.
struct Asked {
    filter: Filter,
    /// At most four, the rarest first.
    words: Vec<String>,
    wall: wall::Wall,
    /// Since when nobody was in contact.
    silent: Option<Timestamp>,
}

impl Asked {
    async fn new(tx: &mut Tx, permit: &Permit, filter: &Filter) -> Result<Self> {
        let words = rarest_first(tx, tokens(&filter.words)).await?;
        let now = tx.now();
        let days = |days: i64| now - jiff::SignedDuration::from_hours(24 * days.clamp(0, 40_000));
        Ok(Self {
            filter: filter.clone(),
            words,
            wall: wall::of(tx, permit).await?,
            silent: filter.silent_days.map(days),
        })
    }

    /// A word and where its continuations end.
    fn word(&self, at: usize) -> (Option<String>, Option<String>) {
        (self.words.get(at).cloned(), self.words.get(at).map(|word| beyond(word)))
    }
}

/// Puts the word first that fewest have, and particles last. Of those that are common it is not counted how common: all who have
/// them are read soon after.
async fn rarest_first(tx: &mut Tx, words: Vec<String>) -> Result<Vec<String>> {
    if words.len() < 2 {
        return Ok(words);
    }
    let mut counted = Vec::with_capacity(words.len());
    for word in words {
        let particle = is_particle(&word);
        let n = if particle { 0 } else { bearers(tx, &word, AT_ONCE as i64).await? };
        counted.push((particle, n, word));
    }
    counted.sort();
    Ok(counted.into_iter().map(|(_, _, word)| word).collect())
}

/// Everybody who may fit, when something is asked that narrows; nobody who fits is left out.
async fn narrowed(tx: &mut Tx, asked: &Asked) -> Result<Option<RoaringBitmap>> {
    let rule = known_to_the_index(&asked.filter);
    let mut people = match &rule {
        Rule::All(parts) if parts.is_empty() => None,
        rule => tx.house().audience.listed(rule),
    };
    let mut some_of_many = None;
    for word in &asked.words {
        // Few enough to look at each; or nearly everybody has it, and each is looked at anyway.
        if people.as_ref().is_some_and(|people| people.len() <= AT_ONCE as u64 || is_particle(word)) {
            break;
        }
        let (by_word, all) = bearing(tx, word).await?;
        if !all {
            // To leave out the others who have it would leave out who fits.
            some_of_many.get_or_insert(by_word);
            continue;
        }
        people = Some(match people {
            Some(people) => people & by_word,
            None => by_word,
        });
    }
    Ok(people.or(some_of_many))
}

/// What the index knows of what a list asks. The rest is asked of the database.
fn known_to_the_index(filter: &Filter) -> Rule {
    let mut parts = Vec::new();
    if filter.role.is_some() || filter.unit.is_some() {
        // The list means roles that were not ended, also those still to begin: all that run on some day after today.
        let role = Role {
            kinds: filter.role.clone().into_iter().collect(),
            places: filter.unit.map(|unit| unit.to_string()).into_iter().collect(),
            held: Held::During { from: Some(Bound::Today(1)), to: None },
        };
        parts.push(Rule::fact(facts::ROLE.key, Test::Role(role)));
    }
    if let Some(owner) = filter.owner {
        parts.push(Rule::fact(facts::KEEPER.key, Test::AnyOf(vec![owner.to_string()])));
    }
    if filter.nobodys {
        parts.push(Rule::fact(facts::KEEPER.key, Test::Unknown));
    }
    if let Some(has_mail) = filter.has_mail {
        parts.push(Rule::fact(facts::MAIL.key, if has_mail { Test::Yes } else { Test::No }));
    }
    Rule::All(parts)
}

/// As many entries of a word, or of one that goes on from it, are looked at: of a single letter no page is whole. To read half a
/// million numbers is less work than to look at each of a hundred thousand people.
const BEARERS: i64 = 500_000;

/// Who has a word, or one that goes on from it, and whether these are all.
async fn bearing(tx: &mut Tx, word: &str) -> Result<(RoaringBitmap, bool)> {
    // As one value: tens of thousands of rows would take longer on their way than in the database. Each engine in the form that
    // it makes soonest: numbers of eight bytes, or a text.
    let (found, entries): (Option<Vec<u8>>, i64) = tx
        .one(
            two_faces!(
                sqlite: "select cast(string_agg(w.person_id, ',') as blob), count(*)
                         from (select person_id from person_words where word >= $1 and word < $2 order by word limit $3) w",
                postgres: "select string_agg(int8send(w.person_id), ''::bytea), count(*)
                           from (select person_id from person_words where word >= $1 and word < $2 order by word limit $3) w",
            ),
            params![word, beyond(word), BEARERS],
        )
        .await?;
    let found = found.unwrap_or_default();
    let people = match tx.engine() {
        Engine::Sqlite => found
            .split(|sign| *sign == b',')
            .filter_map(|id| str::from_utf8(id).ok()?.parse::<u32>().ok())
            .collect(),
        Engine::Postgres => {
            let (numbers, _) = found.as_chunks::<8>();
            numbers.iter().filter_map(|id| u32::try_from(i64::from_be_bytes(*id)).ok()).collect()
        }
    };
    Ok((people, entries < BEARERS))
}

/// Who has all of these words, the rarest first, or words that go on from them; the first by name.
pub(super) async fn with_words(
    tx: &mut Tx,
    wall: wall::Wall,
    words: &[String],
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let Some(first) = words.first() else { return Ok(Vec::new()) };
    let (people, _) = bearing(tx, first).await?;
    let asked = Asked { filter: Filter::default(), words: words.to_vec(), wall, silent: None };
    by_name(tx, &asked, &people, None, most).await
}

/// So many at most are looked at by the database at once, and so many at least.
const AT_ONCE: usize = 5_000;
const AT_LEAST: usize = 200;

/// The first of these people by name who fit.
async fn by_name(
    tx: &mut Tx,
    asked: &Asked,
    people: &RoaringBitmap,
    after: Option<After>,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let house = tx.house().clone();
    // Who was added in bulk a moment ago has no place yet; nor has anybody while the index is being filled. Of very many then
    // only some are looked at, and the page is not whole.
    let mut unplaced =
        house.audience.by_name(|order| order.unplaced(people)).unwrap_or_else(|| people.clone());
    if let Some(beyond) = unplaced.select(4 * AT_ONCE as u32) {
        unplaced.remove_range(beyond..);
    }
    let mut found = among(tx, asked, &unplaced, after.clone(), most).await?;
    let mut from = Some(after.as_ref().map_or(0, |(name, _)| place(name)));
    let (mut placed, mut step) = (0, AT_LEAST.max(most as usize));
    while let Some(here) = from.filter(|_| placed < most as usize) {
        let Some((ids, next)) = house.audience.by_name(|order| order.first(people, here, step)) else {
            break;
        };
        let fit = among(tx, asked, &ids.into_iter().collect(), after.clone(), most).await?;
        placed += fit.len();
        found.extend(fit);
        from = next;
        // The fewer fit, the more are looked at.
        step = (step * 4).min(AT_ONCE);
    }
    found.sort_by(|(a, x), (b, y)| (x.as_bytes(), a.get()).cmp(&(y.as_bytes(), b.get())));
    found.dedup_by_key(|(id, _)| *id);
    found.truncate(most as usize);
    Ok(found)
}

/// Those among these people who fit, by name.
async fn among(
    tx: &mut Tx,
    asked: &Asked,
    people: &RoaringBitmap,
    after: Option<After>,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let bind = serde_json::to_string(&people.iter().collect::<Vec<u32>>()).map_err(Error::broken)?;
    let ((a, a_end), (b, b_end), (c, c_end), (d, d_end)) =
        (asked.word(0), asked.word(1), asked.word(2), asked.word(3));
    let filter = &asked.filter;
    tx.all(
        two_faces!(
            sqlite: "select p.id, p.sort_key from json_each($12) j cross join people p
                     where p.id = j.value and p.state = 'known' and (p.sort_key, p.id) > ($1, $2)
                       and (cast($13 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $13 and w.word < $14))
                       and (cast($15 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $15 and w.word < $16))
                       and (cast($17 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $17 and w.word < $18))
                       and (cast($19 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $19 and w.word < $20))
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
                       and (cast($13 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $13 and w.word < $14))
                       and (cast($15 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $15 and w.word < $16))
                       and (cast($17 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $17 and w.word < $18))
                       and (cast($19 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $19 and w.word < $20))
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
            key, id, most, filter.role.clone(), filter.unit, filter.owner, filter.nobodys, asked.silent, filter.has_mail,
            asked.wall.actor, asked.wall.right, bind, a, a_end, b, b_end, c, c_end, d, d_end
        ],
    )
    .await
}

/// Names in their order, each looked at. Nothing was asked that narrows, or the index is being filled.
async fn walked(
    tx: &mut Tx,
    asked: &Asked,
    after: Option<After>,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let filter = &asked.filter;
    tx.all(
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
        ),
        params![
            &key,
            id,
            most,
            filter.role.clone(),
            filter.unit,
            filter.owner,
            filter.nobodys,
            asked.silent,
            filter.has_mail,
            asked.wall.actor,
            asked.wall.right
        ],
    )
    .await
}
