//! Each time that something was asked: where, when, by whom it was written down, and in which words, as far as the actor at
//! work may read them.

use kring_core::{Id, Result, Timestamp};
use kring_frame::{ActorId, PersonId, Purpose, Tx, UnitId, params, record, sql};

use crate::need::{Need, Source};

record! {
    struct Row {
        need: Id<Need>,
        source: Source,
        request: Option<i64>,
        by: String,
        by_kind: String,
        at: Timestamp,
        words: String,
        said: Option<String>,
        purpose: Option<Purpose>,
        unit: Option<UnitId>,
    }
}

/// A time that something was asked.
#[derive(Clone, Debug)]
pub struct Asking {
    pub need: Id<Need>,
    pub source: Source,
    pub request: Option<i64>,
    /// The colleague who wrote it down; empty for what the house heard itself.
    pub by: String,
    pub at: Timestamp,
    /// Empty when there are none, or they are not for whoever looks.
    pub words: String,
}

/// How somebody's needs were asked, oldest first. What a question said is content of its dialogue: whoever has no right for its
/// purpose in its unit sees that it was asked, and not what.
pub async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Vec<Asking>> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select a.need_id, a.source, a.request_id, b.name, b.kind, a.at, a.words,
                        (select t.text from turns t where t.dialogue_id = a.dialogue_id and t.direction = 'in' order by t.id limit 1),
                        d.purpose, d.unit_id
                 from needs n join askings a on a.need_id = n.id join actors b on b.id = a.actor_id
                 left join dialogues d on d.id = a.dialogue_id
                 where n.person_id = $1 order by a.at, a.id"
            ),
            params![person],
        )
        .await?;
    let (house, actor) = (tx.house().clone(), tx.actor().clone());
    Ok(rows
        .into_iter()
        .map(|row| {
            let sees = row.purpose.is_some_and(|p| actor.sees(p.as_str(), row.unit, &house.rooms.rights));
            Asking {
                need: row.need,
                source: row.source,
                request: row.request,
                by: if row.by_kind == "robot" { String::new() } else { row.by },
                at: row.at,
                words: if row.words.is_empty() {
                    row.said.filter(|_| sees).unwrap_or_default()
                } else {
                    row.words
                },
            }
        })
        .collect())
}

/// Written down by the actor at work.
pub async fn by_hand(
    tx: &mut Tx,
    need: Id<Need>,
    source: Source,
    unit: Option<UnitId>,
    words: &str,
) -> Result<i64> {
    let (now, by): (Timestamp, ActorId) = (tx.now(), tx.actor().id);
    let (id,) = tx
        .one(
            sql!(
                "insert into askings (need_id, source, unit_id, actor_id, words, at) values ($1, $2, $3, $4, $5, $6) returning id"
            ),
            params![need, source, unit, by, words, now],
        )
        .await?;
    Ok(id)
}
