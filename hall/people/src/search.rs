//! Finding people by the beginnings of words: of their names, addresses, numbers and codes, in any order,
//! without regard to accents and capitals.

use std::collections::BTreeSet;

use kring_core::{Result, Timestamp};
use kring_frame::{Permit, PersonId, Tx, params, record, sql};
use kring_lang::names::{PersonName, fold};

use crate::contact::ContactPoint;

/// Words that are looked for at once; more are ignored.
const WORDS: usize = 4;

record! {
    /// A person in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: PersonId,
        pub name: String,
        pub sort_key: String,
        pub roles: Option<String>,
        pub email: Option<String>,
        pub last_contact_at: Option<Timestamp>,
    }
}

/// What a list shows: all, or those found by words, or those with a role.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub words: String,
    pub role: Option<String>,
}

/// A page of people by name, from just after `after` (sort key and number), so that its cost does not grow with
/// how far one has gone.
pub async fn list(
    tx: &mut Tx,
    _permit: &Permit,
    filter: &Filter,
    after: Option<(String, PersonId)>,
    most: u32,
) -> Result<Vec<Listed>> {
    let (key, id) = after.unwrap_or_else(|| (String::new(), PersonId::new(0)));
    let words = tokens(&filter.words);
    if words.is_empty() {
        return match &filter.role {
            None => {
                tx.all(
                    sql!(
                        "select p.id, p.display_name, p.sort_key,
                                (select string_agg(k.kind, ' ') from (select distinct r.kind from person_roles r
                       where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                                (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' order by c.id desc limit 1),
                                p.last_contact_at
                         from people p where (p.sort_key, p.id) > ($1, $2) order by p.sort_key, p.id limit $3"
                    ),
                    params![key, id, most],
                )
                .await
            }
            Some(role) => {
                tx.all(
                    sql!(
                        "select p.id, p.display_name, p.sort_key,
                                (select string_agg(k.kind, ' ') from (select distinct r.kind from person_roles r
                       where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                                (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' order by c.id desc limit 1),
                                p.last_contact_at
                         from people p where (p.sort_key, p.id) > ($1, $2)
                           and exists (select 1 from person_roles x where x.person_id = p.id and x.kind = $4 and x.valid_to is null)
                         order by p.sort_key, p.id limit $3"
                    ),
                    params![key, id, most, role],
                )
                .await
            }
        };
    }
    // The longest word narrows most, so the search starts from it and tests the others on what it finds.
    let word = |i: usize| words.get(i).map(|w| (w.clone(), beyond(w)));
    let (first, first_end) = word(0).unwrap_or_default();
    let bound = |w: &Option<(String, String)>| match w {
        Some((from, to)) => (Some(from.clone()), Some(to.clone())),
        None => (None, None),
    };
    let ((b, b_end), (c, c_end), (d, d_end)) = (bound(&word(1)), bound(&word(2)), bound(&word(3)));
    tx.all(
        sql!(
            "select p.id, p.display_name, p.sort_key,
                    (select string_agg(k.kind, ' ') from (select distinct r.kind from person_roles r
                       where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                    (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' order by c.id desc limit 1),
                    p.last_contact_at
             from (select distinct person_id from person_words where word >= $1 and word < $2 limit 5000) f
             join people p on p.id = f.person_id
             where (p.sort_key, p.id) > ($3, $4)
               and (cast($6 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $6 and w.word < $7))
               and (cast($8 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $8 and w.word < $9))
               and (cast($10 as text) is null or exists (select 1 from person_words w where w.person_id = p.id and w.word >= $10 and w.word < $11))
               and (cast($12 as text) is null or exists (select 1 from person_roles x where x.person_id = p.id and x.kind = $12 and x.valid_to is null))
             order by p.sort_key, p.id limit $5"
        ),
        params![first, first_end, key, id, most, b, b_end, c, c_end, d, d_end, filter.role.clone()],
    )
    .await
}

/// The words somebody typed, folded as the index is, longest first.
fn tokens(text: &str) -> Vec<String> {
    let mut words: Vec<String> = split(text).into_iter().collect();
    words.sort_by_key(|w| std::cmp::Reverse(w.chars().count()));
    words.truncate(WORDS);
    words
}

fn split(text: &str) -> BTreeSet<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric() && c != '@' && c != '.' && c != '_' && c != '-')
        .map(|word| word.trim_matches(['.', '-', '_']))
        .filter(|w| !w.is_empty())
        .map(|w| w.chars().take(64).collect())
        .collect()
}

/// The end of all words that begin with this one.
fn beyond(word: &str) -> String {
    format!("{word}\u{10FFFF}")
}

/// Every word by which a person is found.
pub fn words_of<'a>(
    name: &PersonName,
    contacts: &[ContactPoint],
    codes: impl Iterator<Item = &'a str>,
) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    for part in [
        &name.given_names,
        &name.preferred_name,
        &name.surname_prefix,
        &name.surname,
        &name.partner_surname_prefix,
        &name.partner_surname,
        &name.display_override,
    ] {
        words.extend(split(part));
    }
    for contact in contacts {
        words.extend(split(&contact.canonical));
        // Numbers are typed as they are at home, too.
        if let Some(national) = contact.canonical.strip_prefix("+31") {
            words.insert(format!("0{national}"));
        }
        if let Some((_, domain)) = contact.canonical.split_once('@') {
            words.extend(split(domain));
        }
    }
    words.extend(codes.flat_map(split));
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_folded_and_the_longest_goes_first() {
        assert_eq!(tokens("de Vries  Ján"), ["vries", "jan", "de"]);
        let name = PersonName {
            surname: "Wit-Jansen".into(),
            preferred_name: "Çelik".into(),
            ..PersonName::default()
        };
        let words = words_of(&name, &[], ["S-0042"].into_iter());
        // Folding parts what a hyphen joins, in the index as in what is typed: "jansen" finds "Wit-Jansen".
        for word in ["wit", "jansen", "celik", "0042"] {
            assert!(words.contains(word), "{word} in {words:?}");
        }
    }
}
