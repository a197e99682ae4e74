//! Finding whom somebody means, as one types.

use kring_core::Result;
use kring_db::two_faces;
use kring_frame::{Permit, PersonId, Tx, params, sql};
use kring_lang::names::is_particle;

use super::{Listed, list::with_words, rows};
use crate::{
    index::{beyond, near, tokens},
    wall::{self, Wall},
};

/// More people than this are "many": a search does not walk through them.
const MANY: i64 = 1_500;

/// How many entries of the index begin with this word, counted no further than one beyond `most`.
pub(super) async fn bearers(tx: &mut Tx, word: &str, most: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            sql!("select count(*) from (select 1 as one from person_words where word >= $1 and word < $2 order by word limit $3) x"),
            params![word, beyond(word), most + 1],
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
    // As a name sorts: any single word as a surname, "el hamdaoui".
    if add(&mut found, by_name(tx, wall, &words.join(" "), most).await?, most) {
        return Ok(found);
    }
    if let [word] = words {
        // The word itself before words that begin with it: who types "anke" means no Anker.
        for (from, to) in [(word.clone(), format!("{word}\u{1}")), (word.clone(), beyond(word))] {
            if add(&mut found, by_word(tx, wall, from, to, most).await?, most) {
                break;
            }
        }
        return Ok(found);
    }
    // "van der": they tell little by themselves, and nearly everybody has one, so they only ever narrow.
    let (particles, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(|w| is_particle(w));
    if let ([name], false) = (names.as_slice(), particles.is_empty())
        && add(&mut found, by_name_with(tx, wall, name, &particles, most).await?, most)
    {
        return Ok(found);
    }
    // "jan vries" and "vries jan": as the surname of the one with the first name of the other sorts.
    for one in &names {
        for two in names.iter().filter(|w| *w != one) {
            let others: Vec<String> = words.iter().filter(|w| *w != one && *w != two).cloned().collect();
            let sorted = format!("{one}, {two}");
            if add(&mut found, by_name_with(tx, wall, &sorted, &others, most).await?, most) {
                return Ok(found);
            }
        }
    }
    let names = if names.is_empty() { words.to_vec() } else { names };
    let mut counts = Vec::with_capacity(names.len());
    for word in names {
        counts.push((bearers(tx, &word, MANY).await?, word));
    }
    counts.sort();
    let rest = if counts.len() == words.len() { Vec::new() } else { particles };
    let names: Vec<String> = counts.iter().map(|(_, w)| w.clone()).collect();
    match counts.first() {
        None | Some((0, _)) => return Ok(found),
        Some((n, _)) if *n <= MANY => {
            let ids = with_words(tx, wall, &[names, rest].concat(), most).await?;
            add(&mut found, ids, most);
            return Ok(found);
        }
        Some(_) => {}
    }
    // Each of them is common: a surname and a first name stand in the index together.
    for one in &names {
        for two in names.iter().filter(|w| *w != one) {
            let mut joined = vec![format!("{one} {two}")];
            joined.extend(names.iter().filter(|w| *w != one && *w != two).cloned());
            joined.extend(rest.iter().cloned());
            if add(&mut found, with_words(tx, wall, &joined, most).await?, most) {
                return Ok(found);
            }
        }
    }
    if found.is_empty() {
        let ids = with_words(tx, wall, &[names, rest].concat(), most).await?;
        add(&mut found, ids, most);
    }
    Ok(found)
}

/// Those whose name sorts under this text, in that order.
async fn by_name(tx: &mut Tx, wall: Wall, text: &str, most: u32) -> Result<Vec<(PersonId, String)>> {
    tx.all(
        sql!(
            "select p.id, p.sort_key from people p where p.state = 'known' and p.sort_key >= $1 and p.sort_key < $2
               and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
             order by p.sort_key, p.id limit $3"
        ),
        params![text, beyond(text), most, wall.actor, wall.right],
    )
    .await
}

/// Those of them in whose name these words stand, too: it is read as it sorts, "vries, jan de", with no look at anybody's other
/// words. Among the first ten thousand, since those who have none may be very many: "el v". Who is further down, or is called
/// so by another name, is found by their words.
async fn by_name_with(
    tx: &mut Tx,
    wall: Wall,
    text: &str,
    others: &[String],
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    let other = |i: usize| others.get(i).map(|word| format!(" {word} "));
    tx.all(
        two_faces!(
            sqlite: "select p.id, p.sort_key
             from (select id, sort_key from people where state = 'known' and sort_key >= $1 and sort_key < $2
                   order by sort_key, id limit 10000) p
             where (cast($6 as text) is null or instr(p.sort_key || ' ', $6) > 0)
               and (cast($7 as text) is null or instr(p.sort_key || ' ', $7) > 0)
               and (cast($8 as text) is null or instr(p.sort_key || ' ', $8) > 0)
               and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
             order by p.sort_key, p.id limit $3",
            postgres: "select p.id, p.sort_key
             from (select id, sort_key from people where state = 'known' and sort_key >= $1 and sort_key < $2
                   order by sort_key, id limit 10000) p
             where (cast($6 as text) is null or strpos(p.sort_key || ' ', $6) > 0)
               and (cast($7 as text) is null or strpos(p.sort_key || ' ', $7) > 0)
               and (cast($8 as text) is null or strpos(p.sort_key || ' ', $8) > 0)
               and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
             order by p.sort_key, p.id limit $3",
        ),
        params![text, beyond(text), most, wall.actor, wall.right, other(0), other(1), other(2)],
    )
    .await
}

/// Some of those who have a word between two: of the first five hundred entries. In the order of words here and wherever only
/// some are read, or PostgreSQL may walk the other index, of everybody, for as long as it takes to meet so many.
async fn by_word(
    tx: &mut Tx,
    wall: Wall,
    from: String,
    to: String,
    most: u32,
) -> Result<Vec<(PersonId, String)>> {
    tx.all(
        sql!(
            "select p.id, p.sort_key
             from (select distinct w.person_id from
                   (select person_id from person_words where word >= $1 and word < $2 order by word limit 500) w) f
             join people p on p.id = f.person_id where p.state = 'known' and (cast($4 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id where y.person_id = p.id and h.actor_id = $4 and h.right_key = $5))
             order by p.sort_key, p.id limit $3"
        ),
        params![from, to, most, wall.actor, wall.right],
    )
    .await
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
