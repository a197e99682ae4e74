//! What everybody's acts come to today, kept as rules ask for it: worked out anew at an act, once a night, and when another
//! formula holds. By the same arithmetic as on a page, read in pages and written in bulk: two databases agree to the last
//! bit on no power of two, and one formula in two languages would be two.

use std::collections::HashMap;

use kring_core::Result;
use kring_frame::{
    About, Actor, EngagementAged, EngagementChanged, EngagementReweighed, House, PersonId, Tx, params,
    record, rules::Day, sql,
};
use kring_lang::dates;

use crate::{
    act,
    formula::{self, Holding},
    score::{self, Score, score},
};

/// People whose scores are worked out in one transaction: some ten milliseconds, after which others get their turn.
const PAGE: u32 = 2_000;
/// The fact that says for which day, by which formula and with which kinds of acts everybody's score was worked out.
const WORKED_OUT: &str = "engagement.worked_out";

record! {
    /// Somebody's row.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub struct Standing {
        pub person: PersonId,
        pub acts: i64,
        pub score: i64,
        pub behaviour: Option<i64>,
    }
}

/// Today at the institution, as a number.
pub fn today(tx: &Tx) -> i64 {
    i64::from(Day::from(dates::date_of(tx.now(), &tx.house().settings.zone)).number())
}

/// Works out one person's score, and tells when a rule may find it another.
pub async fn of_one(tx: &mut Tx, person: PersonId) -> Result<()> {
    let today = today(tx);
    // Taken for writing before the acts are read: whoever adds another act at this moment waits here, and reads ours.
    tx.run(
        sql!(
            "insert into engagement_scores as s (person_id, acts, score, behaviour, day) values ($1, 0, 0, null, $2)
             on conflict (person_id) do update set acts = s.acts"
        ),
        params![person, today],
    )
    .await?;
    let before: Standing = tx
        .one(
            sql!("select person_id, acts, score, behaviour from engagement_scores where person_id = $1"),
            params![person],
        )
        .await?;
    let (Holding { formula, on, .. }, acts) = (formula::holding(tx).await?, act::of(tx, person).await?);
    let withheld = kring_consent::withheld(tx, person).await?.is_some();
    let weighed: Vec<score::Act<'_>> = acts.iter().filter(|_| !withheld).map(act::Act::weighed).collect();
    let now = standing(person, acts.len(), &score(&formula, &on, &weighed, today));
    let moved = !same(&before, &now);
    if acts.is_empty() {
        tx.run(sql!("delete from engagement_scores where person_id = $1"), params![person]).await?;
    } else {
        tx.run(
            sql!(
                "update engagement_scores set acts = $2, score = $3, behaviour = $4, day = coalesce($5, day) where person_id = $1"
            ),
            params![person, now.acts, now.score, now.behaviour, moved.then_some(today)],
        )
        .await?;
    }
    if moved { tx.tell(About::person(person), &EngagementChanged {}).await.map(drop) } else { Ok(()) }
}

fn standing(person: PersonId, acts: usize, score: &Score) -> Standing {
    Standing { person, acts: acts as i64, score: score.whole(), behaviour: score.behaviour() }
}

/// Whether rules find the same.
fn same(a: &Standing, b: &Standing) -> bool {
    (a.score, a.behaviour) == (b.score, b.behaviour)
}

/// Works everybody's score out when it is another day, or another formula holds, or a room tells of other acts.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let (holding, today) = (formula::holding(&mut look).await?, today(&look));
    let done = format!("{}/{}/{today}", holding.version, formula::kinds(house).join(","));
    let before = look.fact(WORKED_OUT).await?;
    drop(look);
    if before.as_deref() == Some(done.as_str()) {
        return Ok(false);
    }
    let mut after = PersonId::new(0);
    while let Some(last) = page(house, &holding, today, after).await? {
        after = last;
    }
    let mut tx = house.write(&Actor::robot()).await?;
    // Asked and not counted on the way: what a round that was cut short has written is told by the next.
    let turned: Option<(PersonId,)> = tx
        .maybe(sql!("select person_id from engagement_scores where day = $1 limit 1"), params![today])
        .await?;
    let about = About::default().subject(today);
    match before.filter(|_| turned.is_some()) {
        // Before the first round every score was told with the act that made it.
        None => {}
        Some(before) if without_day(&before) == without_day(&done) => {
            tx.tell(about, &EngagementAged {}).await?;
        }
        Some(_) => {
            tx.tell(about, &EngagementReweighed { version: holding.version }).await?;
        }
    }
    tx.set_fact(WORKED_OUT, &done).await?;
    tx.commit().await?;
    Ok(true)
}

/// By what scores were worked out, whenever that was.
fn without_day(done: &str) -> Option<&str> {
    done.rsplit_once('/').map(|(by, _)| by)
}

/// The next people who ever did anything; up to whom, or `None` after the last.
async fn page(house: &House, holding: &Holding, today: i64, after: PersonId) -> Result<Option<PersonId>> {
    let mut tx = house.write(&Actor::robot()).await?;
    let standings: Vec<Standing> = tx
        .all(
            sql!(
                "select person_id, acts, score, behaviour from engagement_scores where person_id > $1 order by person_id limit $2"
            ),
            params![after, PAGE],
        )
        .await?;
    let Some(last) = standings.last().map(|one| one.person) else { return Ok(None) };
    let people: Vec<PersonId> = standings.iter().map(|one| one.person).collect();
    let scores = scores(&mut tx, holding, today, &people).await?;
    let mut sets = Vec::new();
    for before in &standings {
        let Some(now) = scores.get(&before.person) else { continue };
        if !same(before, now) {
            sets.push(params![now.person, now.score, now.behaviour, today, now.acts]);
        }
    }
    // Whoever did something meanwhile has more acts by now, and a score that knows of them.
    tx.many(
        sql!(
            "update engagement_scores set score = $2, behaviour = $3, day = $4 where person_id = $1 and acts = $5"
        ),
        sets,
    )
    .await?;
    tx.commit().await?;
    Ok(Some(last))
}

/// What the acts of these people come to, by one formula; nothing, of those who may not be profiled.
async fn scores(
    tx: &mut Tx,
    holding: &Holding,
    today: i64,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Standing>> {
    let (Some(first), Some(last)) = (people.first(), people.last()) else { return Ok(HashMap::new()) };
    let acts: Vec<(PersonId, String, i64, i64)> = tx
        .all(
            sql!(
                "select person_id, kind, day, year from engagement_acts where person_id >= $1 and person_id <= $2
                 order by person_id, day, id"
            ),
            params![*first, *last],
        )
        .await?;
    let withheld = kring_consent::withheld_among(tx, people).await?;
    let mut scores = HashMap::new();
    for mine in acts.chunk_by(|a, b| a.0 == b.0) {
        let Some((person, ..)) = mine.first() else { continue };
        let counts = mine.iter().filter(|_| !withheld.contains_key(person));
        let weighed: Vec<score::Act<'_>> =
            counts.map(|(_, kind, day, year)| score::Act { kind, day: *day, year: *year }).collect();
        let score = score(&holding.formula, &holding.on, &weighed, today);
        scores.insert(*person, standing(*person, mine.len(), &score));
    }
    Ok(scores)
}
