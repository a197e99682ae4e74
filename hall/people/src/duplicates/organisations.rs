//! Organisations that may be one: by name, code, address, number and domain, weighed as people are. A head office and its
//! branches have much in common and are not one, so who stands in one tree is never a pair.

use std::collections::HashMap;

use kring_core::{Error, Result, Timestamp};
use kring_frame::{Actor, House, Mark, OrganisationId, Permit, Tx, params, record, sql};
use kring_lang::names::fold;
use kring_match::{Band, Base, Field, Kind, Learning, Score, Spec, explain, learn_and_find};

use super::{broken, queue::State};
use crate::merge;

fn spec() -> Result<Spec> {
    Spec::new(vec![
        Field::new("name", Kind::Name),
        Field::new("kvk", Kind::Id),
        Field::new("phone", Kind::Phone),
        Field::new("domain", Kind::Code),
        Field::new("postcode", Kind::Postcode),
        Field::new("house", Kind::Number),
        Field::new("city", Kind::City),
    ])
    .map_err(broken)
}

record! {
    struct Row {
        id: OrganisationId,
        parent: Option<OrganisationId>,
        name: String,
        also: String,
        kvk: Option<String>,
        phone: Option<String>,
        mail: Option<String>,
        postcode: Option<String>,
        house: Option<String>,
        city: Option<String>,
    }
}

impl Row {
    fn values(&self) -> Vec<(&'static str, String)> {
        let mut values = vec![("name", fold(&self.name))];
        let mut add =
            |field, value: Option<String>| values.extend(value.filter(|v| !v.is_empty()).map(|v| (field, v)));
        add("name", (!self.also.is_empty()).then(|| fold(&self.also)));
        add("kvk", self.kvk.clone());
        add("phone", self.phone.clone());
        add(
            "domain",
            self.mail.as_ref().and_then(|m| m.split_once('@')).map(|(_, domain)| domain.to_owned()),
        );
        add("postcode", self.postcode.as_ref().map(|p| fold(p).replace(' ', "")));
        add("house", self.house.as_ref().map(|h| fold(h)));
        add("city", self.city.as_ref().map(|c| fold(c)));
        values
    }
}

async fn all(tx: &mut Tx) -> Result<Vec<Row>> {
    tx.all(
        sql!(
            "select o.id, o.parent_id, o.name, o.also_known_as,
                (select min(i.value) from identifiers i where i.organisation_id = o.id and i.scheme = 'kvk'),
                (select min(c.canonical) from contact_points c where c.organisation_id = o.id and c.kind = 'phone'),
                (select min(c.canonical) from contact_points c where c.organisation_id = o.id and c.kind = 'email'),
                a.postcode, a.house_number, a.city
             from organisations o left join postal_addresses a on a.id =
                (select max(x.id) from postal_addresses x where x.organisation_id = o.id and x.valid_to is null)
             where o.state = 'known' order by o.id"
        ),
        params![],
    )
    .await
}

/// Compares all organisations, and puts the pairs in the queue. Answers how many wait.
pub async fn sweep(house: &House) -> Result<usize> {
    let mut look = house.read(&Actor::robot()).await?;
    let rows = all(&mut look).await?;
    drop(look);
    let pairs = tokio::task::spawn_blocking(move || weigh(&rows)).await.map_err(Error::broken)??;
    let mut tx = house.write(&Actor::robot()).await?;
    tx.run(sql!("delete from organisation_pairs where state in ('sure', 'ask')"), params![]).await?;
    let now = tx.now();
    let waiting = pairs.len();
    let mut sets = Vec::with_capacity(waiting);
    for (a, b, score) in pairs {
        let state = if score.band == Band::Same { State::Sure } else { State::Ask };
        let text = serde_json::to_string(&score).map_err(Error::broken)?;
        sets.push(params![a.min(b), a.max(b), score.bits, text, state, now]);
    }
    // What was decided stays decided.
    tx.many(
        sql!(
            "insert into organisation_pairs (a_id, b_id, bits, score, state, found_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (a_id, b_id) do nothing"
        ),
        sets,
    )
    .await?;
    tx.commit().await?;
    Ok(waiting)
}

fn weigh(rows: &[Row]) -> Result<Vec<(OrganisationId, OrganisationId, Score)>> {
    let spec = spec()?;
    let parents: HashMap<OrganisationId, Option<OrganisationId>> =
        rows.iter().map(|r| (r.id, r.parent)).collect();
    let records = rows
        .iter()
        .map(|row| {
            let values = row.values();
            let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            // One administration gives the numbers of the trade register, so two of them are two organisations.
            spec.record(u32::from(row.kvk.is_some()), &values).map_err(broken)
        })
        .collect::<Result<Vec<_>>>()?;
    let base = Base::new(&spec, records).map_err(broken)?;
    let (matcher, found) = learn_and_find(&base, &Learning::default(), &|_| {}).map_err(broken)?;
    let of = |at: u32| rows.get(at as usize);
    let apart = |pair: &(u32, u32)| match (of(pair.0), of(pair.1)) {
        (Some(a), Some(b)) => top(&parents, a.id) != top(&parents, b.id),
        _ => false,
    };
    let pairs: Vec<(u32, u32)> =
        found.pairs.iter().filter(|p| p.band != Band::Different).map(|p| (p.a, p.b)).filter(apart).collect();
    let scores = explain(&matcher, &base, &pairs);
    Ok(pairs
        .into_iter()
        .zip(scores)
        .filter_map(|((a, b), score)| Some((of(a)?.id, of(b)?.id, score)))
        .collect())
}

/// The head of the tree in which an organisation stands.
fn top(parents: &HashMap<OrganisationId, Option<OrganisationId>>, of: OrganisationId) -> OrganisationId {
    let mut at = of;
    for _ in 0..64 {
        match parents.get(&at).copied().flatten() {
            Some(parent) => at = parent,
            None => break,
        }
    }
    at
}

record! {
    /// Two organisations side by side.
    #[derive(Clone, Debug)]
    pub struct OrganisationPair {
        pub id: i64,
        pub a: OrganisationId,
        pub a_name: String,
        pub a_city: Option<String>,
        pub a_people: i64,
        pub b: OrganisationId,
        pub b_name: String,
        pub b_city: Option<String>,
        pub b_people: i64,
        score: String,
        pub found_at: Timestamp,
    }
}

impl OrganisationPair {
    pub fn score(&self) -> Result<Score> {
        serde_json::from_str(&self.score).map_err(Error::broken)
    }
}

/// How many wait for a look.
pub async fn organisations_waiting(tx: &mut Tx) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(sql!("select count(*) from organisation_pairs where state in ('sure', 'ask')"), params![])
        .await?;
    Ok(n)
}

/// Those that wait, likeliest first; or one of them.
pub async fn organisation_pairs(
    tx: &mut Tx,
    _permit: &Permit,
    one: Option<i64>,
    most: u32,
) -> Result<Vec<OrganisationPair>> {
    tx.all(
        sql!(
            "select w.id, a.id, a.name,
                    (select max(x.city) from postal_addresses x where x.organisation_id = a.id and x.valid_to is null) as a_city,
                    (select count(*) from relationships r where r.organisation_id = a.id and r.valid_to is null) as a_people,
                    b.id, b.name,
                    (select max(x.city) from postal_addresses x where x.organisation_id = b.id and x.valid_to is null) as b_city,
                    (select count(*) from relationships r where r.organisation_id = b.id and r.valid_to is null) as b_people,
                    w.score, w.found_at
             from organisation_pairs w join organisations a on a.id = w.a_id join organisations b on b.id = w.b_id
             where w.state in ('sure', 'ask') and a.state = 'known' and b.state = 'known'
               and (cast($1 as bigint) is null or w.id = $1)
             order by w.bits desc, w.id limit $2"
        ),
        params![one, most],
    )
    .await
}

/// One of two that wait is the other: `keep` stays, and the answer is the merge. `None` says that they are two.
pub async fn decide_organisations(
    tx: &mut Tx,
    permit: &Permit,
    pair: i64,
    keep: Option<OrganisationId>,
) -> Result<Option<i64>> {
    let found =
        organisation_pairs(tx, permit, Some(pair), 1).await?.into_iter().next().ok_or(Error::NotFound)?;
    let (state, merge) = match keep {
        None => (State::Different, None),
        Some(keep) => {
            let (kept, gone) = if keep == found.b { (found.b, found.a) } else { (found.a, found.b) };
            let why = format!("{:.1} bits", found.score()?.bits);
            (State::Merged, Some(merge::organisations(tx, permit, kept, gone, &why).await?))
        }
    };
    let (now, actor) = (tx.now(), permit.actor());
    tx.run(
        sql!("update organisation_pairs set state = $2, decided_at = $3, decided_by = $4 where id = $1"),
        params![pair, state, now, actor],
    )
    .await?;
    tx.trail(
        Mark::changed(permit, "organisation").subject(found.a.get()).detail(format!("pair={pair} {state}")),
    )
    .await?;
    Ok(merge)
}
