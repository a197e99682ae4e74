//! Looking for pairs: for one person when they are added or changed, for everybody when somebody asks.

use std::sync::Arc;

use kring_core::{Error, Result, Timestamp};
use kring_frame::{Actor, Claimed, Fut, House, Job, PersonId, Told, Tx, params, sql};
use kring_match::{Band, Base, Learning, explain, learn_and_find};
use serde::{Deserialize, Serialize};

use super::{broken, organisations, queue, record, spec};
use crate::{merge, person};

/// Somebody was added or changed: who do they look like now?
pub fn hear_person<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let Some(id) = told.person.map(PersonId::new) else { return Ok(()) };
        let now = merge::current(tx, id).await?;
        if person::load(tx, now).await?.state != person::State::Known {
            return Ok(());
        }
        let Some(subject) = record::load(tx, &[now]).await?.into_iter().next() else { return Ok(()) };
        for other in super::like_subject(tx, &subject, Some(now)).await? {
            queue::propose(tx, now, other.person, &other.score).await?;
        }
        Ok(())
    })
}

/// Compares everybody with everybody, and learns the weights from it.
#[derive(Serialize, Deserialize)]
pub struct FindDuplicates {}

impl Job for FindDuplicates {
    const KIND: &'static str = "people.find_duplicates";
    fn unique_key(&self) -> Option<String> {
        Some("all".into())
    }
}

pub(crate) async fn run(house: House, _job: FindDuplicates, claimed: Arc<Claimed>) -> Result<()> {
    sweep(&house).await?;
    organisations::sweep(&house).await?;
    let mut tx = house.write(&Actor::robot()).await?;
    claimed.finish(&mut tx).await?;
    tx.commit().await
}

/// What a sweep did.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct Swept {
    pub people: usize,
    pub sure: usize,
    pub ask: usize,
}

/// Compares everybody with everybody: reads the base in pages, weighs in memory on two threads, and writes what it found.
/// People who come in meanwhile are heard one by one.
pub async fn sweep(house: &House) -> Result<Swept> {
    const PAGE: u32 = 5_000;
    let spec = spec()?;
    let mut look = house.read(&Actor::robot()).await?;
    let (mut ids, mut records) = (Vec::new(), Vec::new());
    let mut after = PersonId::new(0);
    loop {
        let page = record::page_after(&mut look, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = *last;
        for subject in record::load(&mut look, &page).await? {
            ids.push(subject.id);
            records.push(subject.record(&spec)?);
        }
    }
    drop(look);
    let people = ids.len();
    let found = tokio::task::spawn_blocking(move || weigh(&spec, records)).await.map_err(Error::broken)??;
    let mut swept = Swept { people, ..Swept::default() };
    let id = |at: u32| ids.get(at as usize).copied().ok_or_else(|| Error::broken("a pair of nobody"));
    let mut tx = house.write(&Actor::robot()).await?;
    for (n, (a, b, score)) in found.pairs.into_iter().enumerate() {
        match score.band {
            Band::Same => swept.sure += 1,
            Band::Ask => swept.ask += 1,
            Band::Different => continue,
        }
        queue::propose(&mut tx, id(a)?, id(b)?, &score).await?;
        // Short transactions: a sweep must not keep anybody from working.
        if n % 500 == 499 {
            tx.commit().await?;
            tx = house.write(&Actor::robot()).await?;
        }
    }
    let now = tx.now();
    let text = serde_json::to_string(&swept).map_err(Error::broken)?;
    tx.run(
        sql!("insert into match_models (at, people, model, swept) values ($1, $2, $3, $4)"),
        params![now, people, found.model, text],
    )
    .await?;
    tx.commit().await?;
    Ok(swept)
}

struct Weighed {
    pairs: Vec<(u32, u32, kring_match::Score)>,
    model: String,
}

fn weigh(spec: &kring_match::Spec, records: Vec<kring_match::Record>) -> Result<Weighed> {
    let base = Base::new(spec, records).map_err(broken)?;
    let (matcher, found) = learn_and_find(&base, &Learning::default(), &|_| {}).map_err(broken)?;
    let told: Vec<(u32, u32)> =
        found.pairs.iter().filter(|p| p.band != Band::Different).map(|p| (p.a, p.b)).collect();
    let scores = explain(&matcher, &base, &told);
    let pairs = told.into_iter().zip(scores).map(|((a, b), score)| (a, b, score)).collect();
    let model = serde_json::to_string(matcher.model()).map_err(Error::broken)?;
    Ok(Weighed { pairs, model })
}

/// When everybody was last compared, and what came of it.
pub async fn last_sweep(tx: &mut Tx) -> Result<Option<(Timestamp, Swept)>> {
    let found: Option<(Timestamp, String)> =
        tx.maybe(sql!("select at, swept from match_models order by id desc limit 1"), params![]).await?;
    Ok(found.and_then(|(at, text)| Some((at, serde_json::from_str(&text).ok()?))))
}
