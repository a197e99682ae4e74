//! The words by which people and organisations are found, and the slips of the hand by which a word is found that was
//! not typed as it is.
//!
//! A search index in tables and not an engine's own full text search: one text serves both databases, a search is exact
//! to the letter about accents and prefixes, and forgetting somebody is deleting rows. A slip (one letter left out, put
//! in, other, or two that changed places) is found by what is left when one letter is taken away: what was typed and what
//! was meant have such a remainder in common (symmetric deletion). Only distinct words of names are spread so, which are
//! a hundredth of the base.

use std::collections::BTreeSet;

use kring_core::{Error, Result};
use kring_db::two_faces;
use kring_frame::{House, OrganisationId, PersonId, Tx, params, sql};
use kring_lang::names::{PersonName, fold};

use crate::person;

/// Words that are looked for at once; more are ignored.
const MOST: usize = 4;
/// In shorter words nothing is a slip: everything would be near everything.
const SHORTEST_SLIP: usize = 4;
const LONGEST_SLIP: usize = 15;

/// The words somebody typed, folded as the index is, in the order typed.
pub fn tokens(text: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut words: Vec<String> = pieces(text).filter(|w| seen.insert(w.clone())).take(MOST * 2).collect();
    words.truncate(MOST);
    words
}

pub(crate) fn pieces(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let parts: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric() && c != '@' && c != '.' && c != '_' && c != '-')
        .map(|word| word.trim_matches(['.', '-', '_']))
        .filter(|w| !w.is_empty())
        .map(|w| w.chars().take(64).collect())
        .collect();
    parts.into_iter()
}

/// The end of all words that begin with this one.
pub fn beyond(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

/// Every word by which a person is found: by name, by mail addresses and numbers as the base spells them, by codes. Beside
/// the single words stands each surname with each first name behind it ("vries jan"): two words that many have each are so
/// found together without walking through all who have one.
pub fn words_of<'a>(
    name: &PersonName,
    addresses: impl Iterator<Item = &'a str>,
    codes: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mut words = name_words(name);
    let firsts: BTreeSet<String> = [&name.preferred_name, &name.given_names, &name.initials]
        .into_iter()
        .filter_map(|n| pieces(n).next())
        .collect();
    let lasts: BTreeSet<String> =
        [&name.surname, &name.partner_surname].into_iter().flat_map(|n| pieces(n)).collect();
    for last in &lasts {
        words.extend(firsts.iter().map(|first| format!("{last} {first}")));
    }
    for address in addresses {
        words.extend(pieces(address));
        // Numbers are typed as they are at home, too.
        if let Some(national) = address.strip_prefix("+31") {
            words.insert(format!("0{national}"));
        }
        if let Some((_, domain)) = address.split_once('@') {
            words.extend(pieces(domain));
        }
    }
    words.extend(codes.flat_map(pieces));
    words
}

/// The words of a name: those in which a slip is looked for.
pub fn name_words(name: &PersonName) -> BTreeSet<String> {
    [
        &name.given_names,
        &name.preferred_name,
        &name.surname_prefix,
        &name.surname,
        &name.partner_surname_prefix,
        &name.partner_surname,
        &name.display_override,
    ]
    .into_iter()
    .flat_map(|part| pieces(part))
    .collect()
}

/// Rewrites the words by which this person is found. A number that was merged or forgotten is found by none.
pub async fn index_person(tx: &mut Tx, id: PersonId) -> Result<()> {
    let person = person::load(tx, id).await?;
    if person.state != person::State::Known {
        return drop_person(tx, id).await.map(drop);
    }
    let contacts = crate::contact::of(tx, id).await?;
    let codes: Vec<(String,)> =
        tx.all(sql!("select value from identifiers where person_id = $1"), params![id]).await?;
    let name = person.name();
    let addresses = contacts.iter().map(|c| c.canonical.as_str());
    let words = words_of(&name, addresses, codes.iter().map(|c| c.0.as_str()));
    let before: Vec<(String,)> =
        tx.all(sql!("select word from person_words where person_id = $1"), params![id]).await?;
    tx.run(sql!("delete from person_words where person_id = $1"), params![id]).await?;
    let sets = words.iter().map(|word| params![word, id]).collect();
    tx.many(sql!("insert into person_words (word, person_id) values ($1, $2)"), sets).await?;
    learn(tx, name_words(&name)).await?;
    let lost = before.into_iter().map(|(w,)| w).filter(|w| !words.contains(w)).collect();
    unlearn(tx, lost).await?;
    // Whoever is found by other words is compared by other keys.
    crate::duplicates::rekey(tx, &[id]).await
}

/// Takes away every word of somebody who is forgotten or merged.
pub async fn drop_person(tx: &mut Tx, id: PersonId) -> Result<u64> {
    let before: Vec<(String,)> =
        tx.all(sql!("select word from person_words where person_id = $1"), params![id]).await?;
    let gone = tx.run(sql!("delete from person_words where person_id = $1"), params![id]).await?;
    unlearn(tx, before.into_iter().map(|(w,)| w).collect()).await?;
    tx.run(sql!("delete from match_keys where person_id = $1"), params![id]).await?;
    Ok(gone)
}

/// The words by which these people are found as it stands.
pub async fn words_kept(tx: &mut Tx, people: &[PersonId]) -> Result<Vec<(PersonId, String)>> {
    let mut kept = Vec::new();
    for some in people.chunks(1_000) {
        let ids = serde_json::to_string(some).map_err(Error::broken)?;
        let found: Vec<(PersonId, String)> = tx
            .all(
                two_faces!(
                    sqlite: "select w.person_id, w.word from json_each($1) j cross join person_words w where w.person_id = j.value",
                    postgres: "select w.person_id, w.word from json_array_elements_text($1::text::json) j
                               join person_words w on w.person_id = j::bigint",
                ),
                params![ids],
            )
            .await?;
        kept.extend(found);
    }
    Ok(kept)
}

/// As [`drop_person`], for many at once.
pub async fn drop_people(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    let words: BTreeSet<String> = words_kept(tx, people).await?.into_iter().map(|(_, word)| word).collect();
    let sets: Vec<_> = people.iter().map(|id| params![*id]).collect();
    tx.many(sql!("delete from person_words where person_id = $1"), sets.clone()).await?;
    tx.many(sql!("delete from match_keys where person_id = $1"), sets).await?;
    unlearn(tx, words.into_iter().collect()).await
}

/// Rewrites the words by which this organisation is found: its names, addresses and codes.
pub async fn index_organisation(tx: &mut Tx, id: OrganisationId) -> Result<()> {
    let it = crate::organisation::load(tx, id).await?;
    let contacts = crate::contact::of(tx, id).await?;
    let codes = crate::identifier::of(tx, id).await?;
    let mut words: BTreeSet<String> = BTreeSet::new();
    let mut names: BTreeSet<String> = BTreeSet::new();
    if it.state == "known" {
        names = pieces(&it.name).chain(pieces(&it.also_known_as)).collect();
        let addresses = contacts.iter().map(|c| c.canonical.as_str());
        words = words_of(&PersonName::default(), addresses, codes.iter().map(|c| c.value.as_str()));
        words.extend(names.iter().cloned());
    }
    let before: Vec<(String,)> =
        tx.all(sql!("select word from organisation_words where organisation_id = $1"), params![id]).await?;
    tx.run(sql!("delete from organisation_words where organisation_id = $1"), params![id]).await?;
    let sets = words.iter().map(|word| params![word, id]).collect();
    tx.many(sql!("insert into organisation_words (word, organisation_id) values ($1, $2)"), sets).await?;
    learn(tx, names).await?;
    let lost = before.into_iter().map(|(w,)| w).filter(|w| !words.contains(w)).collect();
    unlearn(tx, lost).await
}

/// Notes words of names; the chore [`spread`] makes their slips later, so that an import does not wait for it.
pub(crate) async fn learn(tx: &mut Tx, words: BTreeSet<String>) -> Result<()> {
    let fit = |w: &String| (SHORTEST_SLIP..=LONGEST_SLIP).contains(&w.chars().count());
    let sets = words.into_iter().filter(fit).map(|word| params![word]).collect();
    tx.many(sql!("insert into name_words (word) values ($1) on conflict (word) do nothing"), sets)
        .await
        .map(drop)
}

/// Forgets words that nobody bears any more: a name that was erased must not live on in the index.
pub(crate) async fn unlearn(tx: &mut Tx, words: Vec<String>) -> Result<()> {
    let sets: Vec<_> = words.iter().map(|w| params![w]).collect();
    tx.many(
        sql!(
            "delete from name_words where word = $1 and not exists (select 1 from person_words p where p.word = $1)
               and not exists (select 1 from organisation_words o where o.word = $1)"
        ),
        sets.clone(),
    )
    .await?;
    tx.many(
        sql!("delete from word_slips where word = $1 and not exists (select 1 from name_words n where n.word = $1)"),
        sets,
    )
    .await
    .map(drop)
}

/// Makes the slips of some new words; `false` when there were none.
pub async fn spread(house: &House) -> Result<bool> {
    const AT_ONCE: i64 = 500;
    let mut look = house.db.read().await?;
    let new: Vec<(String,)> =
        look.all(sql!("select word from name_words where not spread limit $1"), params![AT_ONCE]).await?;
    drop(look);
    if new.is_empty() {
        return Ok(false);
    }
    let mut tx = house.write(&kring_frame::Actor::robot()).await?;
    let mut slips = Vec::new();
    for (word,) in &new {
        slips.extend(remainders(word).into_iter().map(|slip| params![slip, word]));
    }
    tx.many(
        sql!("insert into word_slips (slip, word) values ($1, $2) on conflict (slip, word) do nothing"),
        slips,
    )
    .await?;
    let done = new.iter().map(|(word,)| params![word]).collect();
    tx.many(sql!("update name_words set spread = true where word = $1"), done).await?;
    tx.commit().await?;
    Ok(true)
}

/// The word itself, and what is left of it without each of its letters.
fn remainders(word: &str) -> BTreeSet<String> {
    let letters: Vec<char> = word.chars().collect();
    let mut all: BTreeSet<String> = (0..letters.len())
        .map(|gone| letters.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| *c).collect())
        .collect();
    all.insert(word.to_owned());
    all
}

/// Words of names that are one slip away from this one, nearest first in length; at most six.
pub async fn near(tx: &mut Tx, word: &str) -> Result<Vec<String>> {
    const BINDS: usize = LONGEST_SLIP + 1;
    if !(SHORTEST_SLIP..=LONGEST_SLIP).contains(&word.chars().count()) {
        return Ok(Vec::new());
    }
    let mut slips: Vec<String> = remainders(word).into_iter().collect();
    slips.resize(BINDS, word.to_owned());
    let found: Vec<(String,)> = tx
        .all(
            sql!(
                "select distinct word from word_slips
                 where slip in ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) limit 200"
            ),
            slips.into_iter().map(kring_db::ToValue::to_value).collect(),
        )
        .await?;
    let mut words: Vec<String> =
        found.into_iter().map(|(w,)| w).filter(|w| w != word && is_slip(word, w)).collect();
    words.sort_by_key(|w| (w.chars().count().abs_diff(word.chars().count()), w.clone()));
    words.truncate(6);
    Ok(words)
}

/// One letter more, less or other, or two neighbours that changed places. Two remainders in common are not enough: "abcd"
/// and "bcda" share "bcd" but are two steps apart.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let start = one.iter().zip(&other).take_while(|(typed, meant)| typed == meant).count();
    let rest = |word: &[char]| word.get(start..).unwrap_or_default().to_vec();
    let (mut typed, mut meant) = (rest(&one), rest(&other));
    while let (Some(last), Some(other)) = (typed.last(), meant.last())
        && last == other
    {
        typed.pop();
        meant.pop();
    }
    match (typed.as_slice(), meant.as_slice()) {
        ([], [_]) | ([_], [] | [_]) => true,
        ([first, second], [third, fourth]) => first == fourth && second == third,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded() {
        assert_eq!(tokens("de Vries  Ján de"), ["de", "vries", "jan"]);
        let name = PersonName {
            surname: "Wit-Jansen".into(),
            preferred_name: "Çelik".into(),
            ..PersonName::default()
        };
        let words = words_of(&name, std::iter::empty(), ["S-0042"].into_iter());
        // Folding parts what a hyphen joins, in the index as in what is typed: "jansen" finds "Wit-Jansen".
        for word in ["wit", "jansen", "celik", "0042", "jansen celik"] {
            assert!(words.contains(word), "{word} in {words:?}");
        }
    }

    #[test]
    fn a_slip_is_one_step_and_no_more() {
        for (typed, meant) in [
            ("vreis", "vries"),
            ("vrie", "vries"),
            ("vriess", "vries"),
            ("vrias", "vries"),
            ("rvies", "vries"),
        ] {
            assert!(is_slip(typed, meant) && is_slip(meant, typed), "{typed} {meant}");
            assert!(!remainders(typed).is_disjoint(&remainders(meant)), "{typed} {meant} meet");
        }
        for (typed, other) in
            [("vries", "vries"), ("abcd", "bcda"), ("vries", "vroes2"), ("jansen", "hansem")]
        {
            assert!(!is_slip(typed, other), "{typed} {other}");
        }
    }
}
