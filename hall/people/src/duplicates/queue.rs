//! Pairs that a colleague decides on. A decision holds: a pair that was called different is not asked again.

use kring_core::{Error, Result, Timestamp};
use kring_db::stored;
use kring_frame::{Mark, Permit, PersonId, Tx, params, record, sql};
use kring_match::{Band, Score};

use crate::merge::{self, Attribute};

stored! {
    pub enum State {
        /// The weights say it is one person.
        Sure = "sure",
        /// A person has to look.
        Ask = "ask",
        Merged = "merged",
        Different = "different",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Pair {
        pub id: i64,
        pub a: PersonId,
        pub a_name: String,
        pub b: PersonId,
        pub b_name: String,
        /// The weight of all that was compared, in bits: each doubles the odds.
        pub bits: f64,
        score: String,
        pub state: State,
        pub found_at: Timestamp,
    }
}

impl Pair {
    pub fn score(&self) -> Result<Score> {
        serde_json::from_str(&self.score).map_err(Error::broken)
    }
}

/// Puts a pair in the queue, or weighs it anew. What was decided stays decided.
pub async fn propose(tx: &mut Tx, one: PersonId, other: PersonId, score: &Score) -> Result<()> {
    let (a, b) = (one.min(other), one.max(other));
    let state = match score.band {
        Band::Same => State::Sure,
        Band::Ask => State::Ask,
        Band::Different => {
            return tx
                .run(
                    sql!("delete from duplicate_pairs where a_id = $1 and b_id = $2 and state in ('sure', 'ask')"),
                    params![a, b],
                )
                .await
                .map(drop);
        }
    };
    let now = tx.now();
    let text = serde_json::to_string(score).map_err(Error::broken)?;
    tx.run(
        sql!(
            "insert into duplicate_pairs (a_id, b_id, bits, score, state, found_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (a_id, b_id) do update set bits = excluded.bits, score = excluded.score, state = excluded.state
             where duplicate_pairs.state in ('sure', 'ask')"
        ),
        params![a, b, score.bits, text, state, now],
    )
    .await
    .map(drop)
}

/// How many are sure, and how many ask for a look.
pub async fn waiting(tx: &mut Tx) -> Result<(i64, i64)> {
    tx.one(
        sql!(
            "select count(*) filter (where state = 'sure'), count(*) filter (where state = 'ask')
             from duplicate_pairs where state in ('sure', 'ask') and not asleep"
        ),
        params![],
    )
    .await
}

/// How many ask for a look: for the mark beside the way in, on every page.
pub async fn asking(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(sql!("select count(*) from duplicate_pairs where state = 'ask' and not asleep"), params![])
        .await?;
    Ok(n)
}

/// Lets the pairs with this number sleep or wake, after it was merged or became somebody again.
pub(crate) async fn settle(tx: &mut Tx, id: PersonId) -> Result<()> {
    tx.run(
        sql!(
            "update duplicate_pairs set asleep = exists (select 1 from people p
                 where p.id in (duplicate_pairs.a_id, duplicate_pairs.b_id) and p.state <> 'known')
             where a_id = $1 or b_id = $1"
        ),
        params![id],
    )
    .await
    .map(drop)
}

/// Pairs of one state, heaviest first, from below `(bits, id)`.
pub async fn pairs(
    tx: &mut Tx,
    _permit: &Permit,
    state: State,
    below: Option<(f64, i64)>,
    most: u32,
) -> Result<Vec<Pair>> {
    let (bits, id) = below.unwrap_or((f64::MAX, i64::MAX));
    tx.all(
        sql!(
            "select d.id, d.a_id, a.display_name, d.b_id, b.display_name, d.bits, d.score, d.state, d.found_at
             from duplicate_pairs d join people a on a.id = d.a_id join people b on b.id = d.b_id
             where d.state = $1 and (d.bits, d.id) < ($2, $3) and not d.asleep
             order by d.bits desc, d.id desc limit $4"
        ),
        params![state, bits, id, most],
    )
    .await
}

/// One pair that still stands between two known people.
pub async fn one(tx: &mut Tx, _permit: &Permit, id: i64) -> Result<Pair> {
    tx.one(
        sql!(
            "select d.id, d.a_id, a.display_name, d.b_id, b.display_name, d.bits, d.score, d.state, d.found_at
             from duplicate_pairs d join people a on a.id = d.a_id join people b on b.id = d.b_id where d.id = $1"
        ),
        params![id],
    )
    .await
}

/// The pair to look at after this one.
pub async fn next(tx: &mut Tx, permit: &Permit, state: State, below: (f64, i64)) -> Result<Option<i64>> {
    Ok(pairs(tx, permit, state, Some(below), 1).await?.first().map(|p| p.id))
}

/// The open pairs that somebody is in. A cross join, since SQLite would rather walk through all pairs that wait than begin with
/// those of one person.
pub async fn of_person(tx: &mut Tx, id: PersonId) -> Result<Vec<Pair>> {
    tx.all(
        sql!(
            "select d.id, d.a_id, a.display_name, d.b_id, b.display_name, d.bits, d.score, d.state, d.found_at
             from (select id from duplicate_pairs where a_id = $1 union select id from duplicate_pairs where b_id = $1) f
             cross join duplicate_pairs d join people a on a.id = d.a_id join people b on b.id = d.b_id
             where d.id = f.id and d.state in ('sure', 'ask') and not d.asleep
             order by d.bits desc limit 5"
        ),
        params![id],
    )
    .await
}

/// What a colleague decides.
#[derive(Clone, Debug)]
pub enum Decision {
    /// One person; kept under this number, with these attributes of the other.
    Same {
        keep: PersonId,
        take: Vec<Attribute>,
    },
    Different,
}

/// Decides a pair. Answers the merge, when there is one.
pub async fn decide(tx: &mut Tx, permit: &Permit, id: i64, decision: &Decision) -> Result<Option<i64>> {
    let pair = one(tx, permit, id).await?;
    let (now, actor) = (tx.now(), tx.actor().id);
    let (state, merged) = match decision {
        Decision::Different => (State::Different, None),
        Decision::Same { keep, take } => {
            let gone = if *keep == pair.a { pair.b } else { pair.a };
            if *keep != pair.a && *keep != pair.b {
                return Err(Error::NotFound);
            }
            let why = format!("pair={id} bits={:.1}", pair.bits);
            (State::Merged, Some(merge::people(tx, permit, *keep, gone, take, &why).await?))
        }
    };
    let n = tx
        .run(
            sql!(
                "update duplicate_pairs set state = $2, decided_at = $3, decided_by = $4, merge_id = $5
                 where id = $1 and state in ('sure', 'ask', 'different')"
            ),
            params![id, state, now, actor, merged],
        )
        .await?;
    if n == 0 {
        return Err(Error::Conflict(crate::say::merge_moved_on()));
    }
    tx.trail(Mark::changed(permit, "pair").person(pair.a).subject(id).detail(state.as_str())).await?;
    Ok(merged)
}
