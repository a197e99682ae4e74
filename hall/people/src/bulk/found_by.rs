//! By what people are found, for many who were just added: the words of the search and the keys of the matcher.
//!
//! They are some thirty rows a person and fall all over two large indexes. A list of a hundred thousand people, brought in by
//! the thousand, would write nearly every page of both with each thousand; in the order of the index, when all are known, it
//! writes each page once. The price is that people of a long list are found by their names only when the list is in.

use std::collections::{BTreeSet, HashSet};

use kring_core::{Error, Result};
use kring_db::{Cursor, two_faces};
use kring_frame::{Actor, Event, House, Merged, PersonChanged, PersonId, Tx, Unmerged, params, sql};

use crate::{
    duplicates::{self, Subject},
    index,
};

/// Rows in one transaction. Each touches every page of the other index of its table, the one by person, so few large ones are
/// quicker than many small ones; and others wait no longer for one than for a batch of rows, some seconds.
const ROWS: usize = 250_000;
/// People who are read at once.
const PEOPLE: usize = 5_000;

/// Words, keys and names that are still to be written.
#[derive(Default)]
pub struct FoundBy {
    words: Vec<(String, PersonId)>,
    keys: Vec<(i64, PersonId)>,
    names: BTreeSet<String>,
}

impl FoundBy {
    /// Takes up the words by which these people are found, and what they are compared by.
    pub fn take(&mut self, people: Vec<(Subject, BTreeSet<String>)>) -> Result<()> {
        let spec = duplicates::spec()?;
        let records = people.iter().map(|(subject, _)| subject.record(&spec)).collect::<Result<Vec<_>>>()?;
        for ((subject, words), own) in people.into_iter().zip(duplicates::keys_of(&records)?) {
            self.keys.extend(own.into_iter().map(|key| (key.cast_signed(), subject.id)));
            self.names.extend(words.iter().filter(|w| is_name(w)).cloned());
            self.words.extend(words.into_iter().map(|word| (word, subject.id)));
        }
        Ok(())
    }

    /// As [`FoundBy::take`], when both were worked out on threads of their own.
    pub fn join(&mut self, other: Self) {
        self.words.extend(other.words);
        self.keys.extend(other.keys);
        self.names.extend(other.names);
    }

    /// Writes all of it, in the order of each index; what is there already stays. `done` hears how much of it is written, from
    /// 0 to 1.
    pub async fn write(
        mut self,
        house: &House,
        actor: &Actor,
        done: &mut (dyn FnMut(f64) + Send),
    ) -> Result<()> {
        self.words.sort_unstable();
        self.keys.sort_unstable();
        let all = self.words.chunks(ROWS).len().max(self.keys.chunks(ROWS).len());
        let (mut words, mut keys) = (self.words.chunks(ROWS), self.keys.chunks(ROWS));
        for at in 0..all {
            let (words, keys) = (words.next().unwrap_or_default(), keys.next().unwrap_or_default());
            let some_words = async {
                let mut tx = house.write(actor).await?;
                write_words(&mut tx, words).await?;
                tx.commit().await
            };
            let some_keys = async {
                let mut tx = house.write(actor).await?;
                write_keys(&mut tx, keys).await?;
                tx.commit().await
            };
            // Side by side where the engine has more than one writer.
            tokio::try_join!(some_words, some_keys)?;
            done((at + 1) as f64 / all as f64);
        }
        let mut tx = house.write(actor).await?;
        index::learn(&mut tx, self.names).await?;
        tx.commit().await
    }
}

/// A word of a name has no digits and no signs; a surname with its first name behind it is not one.
pub(super) fn is_name(word: &str) -> bool {
    word.chars().all(char::is_alphabetic)
}

pub(super) async fn write_words(tx: &mut Tx, words: &[(String, PersonId)]) -> Result<()> {
    let sets = words.iter().map(|(word, id)| params![word, *id]).collect();
    tx.many(
        sql!("insert into person_words (word, person_id) values ($1, $2) on conflict (word, person_id) do nothing"),
        sets,
    )
    .await
    .map(drop)
}

pub(crate) async fn write_keys(tx: &mut Tx, keys: &[(i64, PersonId)]) -> Result<()> {
    let sets = keys.iter().map(|(key, id)| params![*key, *id]).collect();
    tx.many(
        sql!(
            "insert into match_keys (key, person_id) values ($1, $2) on conflict (key, person_id) do nothing"
        ),
        sets,
    )
    .await
    .map(drop)
}

/// Makes people findable who were added without their words and keys, as [`super::add`] does. Can be done again after
/// it was broken off, at any point.
pub async fn make_findable(
    house: &House,
    actor: &Actor,
    people: &[PersonId],
    done: &mut (dyn FnMut(f64) + Send),
) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let mut look = house.read(actor).await?;
    let since = look.events_end().await?;
    let mut found = FoundBy::default();
    for some in people.chunks(PEOPLE) {
        let read = duplicates::load_with_words(&mut look, some).await?;
        let taken = tokio::task::spawn_blocking(move || {
            let mut taken = FoundBy::default();
            taken.take(read).map(|()| taken)
        });
        found.join(taken.await.map_err(Error::broken)??);
    }
    drop(look);
    found.write(house, actor, done).await?;
    settle(house, actor, people, since).await
}

/// While their words were being written, some of these people may have been renamed, merged, forgotten or taken back by
/// somebody who could not see what was still to come: theirs are written anew, or dropped.
async fn settle(house: &House, actor: &Actor, people: &[PersonId], since: Cursor) -> Result<()> {
    let mut tx = house.write(actor).await?;
    let mut known: HashSet<PersonId> = HashSet::with_capacity(people.len());
    for some in people.chunks(PEOPLE) {
        let ids = serde_json::to_string(some).map_err(Error::broken)?;
        // Whoever is at work on one of them right now goes first; SQLite has one writer anyway.
        let found: Vec<(PersonId,)> = tx
            .all(
                two_faces!(
                    sqlite: "select p.id from json_each($1) j cross join people p where p.id = j.value and p.state = 'known'",
                    postgres: "select p.id from people p where p.id in (select j::bigint from json_array_elements_text($1::text::json) j)
                               and p.state = 'known' for share",
                ),
                params![ids],
            )
            .await?;
        known.extend(found.into_iter().map(|(id,)| id));
    }
    let touched: Vec<(PersonId,)> = tx
        .all(
            sql!(
                "select distinct person_id from events where (xid, id) > ($1, $2) and kind in ($3, $4, $5) and person_id is not null"
            ),
            params![since.xid, since.id, PersonChanged::KIND, Merged::KIND, Unmerged::KIND],
        )
        .await?;
    for (id,) in touched {
        if known.contains(&id) {
            index::index_person(&mut tx, id).await?;
        }
    }
    let gone: Vec<PersonId> = people.iter().filter(|id| !known.contains(id)).copied().collect();
    index::drop_people(&mut tx, &gone).await?;
    tx.commit().await
}
