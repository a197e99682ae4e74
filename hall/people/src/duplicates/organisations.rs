//! Organisations that may be one: by name, code, address, number and domain, weighed as people are. A head office and its
//! branches have much in common and are not one, so who stands in one tree is never a pair.

use std::collections::{HashMap, HashSet};

use kring_core::{Error, Lang, Result, Timestamp};
use kring_frame::{Actor, House, Mark, OrganisationId, Permit, Tx, params, record, sql};
use kring_lang::names::fold;
use kring_match::{
    Band, Base, Field, Keys, Kind, Learning, Level, Matcher, Model, Record, Score, Spec, explain,
    learn_and_find,
};

use super::{broken, queue::State};
use crate::{address::NewAddress, contact, merge, organisation::NewOrganisation, wall};

/// Where the weights are kept that the last comparison of all learned.
const WEIGHTS: &str = "people.organisation_weights";

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

    fn has_only_a_name(&self) -> bool {
        self.values().iter().all(|(field, _)| *field == "name")
    }

    fn record(&self, spec: &Spec) -> Result<Record> {
        let values = self.values();
        let values: Vec<(&str, &str)> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
        // One administration gives the numbers of the trade register, so two of them are two organisations.
        spec.record(u32::from(self.kvk.is_some()), &values).map_err(broken)
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
    let (pairs, weights) =
        tokio::task::spawn_blocking(move || weigh(&rows)).await.map_err(Error::broken)??;
    let mut tx = house.write(&Actor::robot()).await?;
    tx.set_fact(WEIGHTS, &weights).await?;
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

type Weighed = Vec<(OrganisationId, OrganisationId, Score)>;

/// The pairs, and the weights that were learned.
fn weigh(rows: &[Row]) -> Result<(Weighed, String)> {
    let spec = spec()?;
    let parents: HashMap<OrganisationId, Option<OrganisationId>> =
        rows.iter().map(|r| (r.id, r.parent)).collect();
    let records = rows.iter().map(|row| row.record(&spec)).collect::<Result<Vec<_>>>()?;
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
    let weights = serde_json::to_string(matcher.model()).map_err(Error::broken)?;
    let pairs = pairs
        .into_iter()
        .zip(scores)
        .filter_map(|((a, b), score)| Some((of(a)?.id, of(b)?.id, score)))
        .collect();
    Ok((pairs, weights))
}

/// What an organisation that is about to be added is known by, beside its own row.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    pub kvk: Option<String>,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: NewAddress,
}

/// An organisation that looks like the one that is being added.
#[derive(Clone, Debug)]
pub struct OrganisationLikeness {
    pub organisation: OrganisationId,
    pub name: String,
    pub score: Score,
}

impl OrganisationLikeness {
    /// On what they agree and differ, in words, heaviest first.
    pub fn says(&self, lang: Lang) -> String {
        super::says(&self.score, lang)
    }
    pub fn is_sure(&self) -> bool {
        self.score.band == Band::Same
    }
}

/// Which organisations may be this new one, most likely first: by the same fields, weights and bands as the comparison of
/// all. Reads them all: there are thousands, and one is added now and then; keys of their own, as people have, would be
/// a table to keep right for that.
pub async fn like_organisation(
    tx: &mut Tx,
    new: &NewOrganisation,
    marks: &Marks,
) -> Result<Vec<OrganisationLikeness>> {
    let canonical = |kind, value: &Option<String>| value.as_ref().map(|v| contact::canonical(kind, v));
    let some = |text: &String| Some(text.clone()).filter(|t| !t.is_empty());
    let candidate = Row {
        id: OrganisationId::new(0),
        parent: new.parent,
        name: new.name.clone(),
        also: new.also_known_as.clone(),
        kvk: marks.kvk.clone(),
        phone: canonical(contact::Kind::Phone, &marks.phone),
        mail: canonical(contact::Kind::Email, &marks.email),
        postcode: some(&marks.address.postcode),
        house: some(&marks.address.house_number),
        city: some(&marks.address.city),
    };
    let only_a_name = candidate.has_only_a_name();
    let (rows, weights) = (all(tx).await?, tx.fact(WEIGHTS).await?);
    tokio::task::spawn_blocking(move || nearest(&rows, &candidate, weights.as_deref(), only_a_name))
        .await
        .map_err(Error::broken)?
}

/// As [`like_organisation`], as far as the actor at work may know of them.
pub async fn alike_in_sight(
    tx: &mut Tx,
    permit: &Permit,
    new: &NewOrganisation,
    marks: &Marks,
) -> Result<Vec<OrganisationLikeness>> {
    let mut seen = Vec::new();
    for like in like_organisation(tx, new, marks).await? {
        if wall::organisation(tx, permit, like.organisation).await.is_ok() {
            seen.push(like);
        }
    }
    Ok(seen)
}

/// With `by_name` an equal name is enough: where nothing but a name was typed, no weight could tell more.
fn nearest(
    rows: &[Row],
    candidate: &Row,
    weights: Option<&str>,
    by_name: bool,
) -> Result<Vec<OrganisationLikeness>> {
    let spec = spec()?;
    let learned = weights.and_then(|text| serde_json::from_str::<Model>(text).ok());
    let model =
        learned.filter(|m| m.fits(&spec).is_ok()).unwrap_or_else(|| Model::shipped(&spec, rows.len() + 1));
    let matcher = Matcher::new(spec, model).map_err(broken)?;
    let keys = Keys::of(matcher.spec());
    let record = candidate.record(matcher.spec())?;
    let own: HashSet<u64> = keys.keys(&record).map_err(broken)?.into_iter().collect();
    let parents = rows.iter().map(|r| (r.id, r.parent)).collect();
    let tree = candidate.parent.map(|parent| top(&parents, parent));
    let mut found = Vec::new();
    for row in rows {
        if tree.is_some() && tree == Some(top(&parents, row.id)) {
            continue;
        }
        let other = row.record(matcher.spec())?;
        if !keys.keys(&other).map_err(broken)?.iter().any(|key| own.contains(key)) {
            continue;
        }
        let score = matcher.score(&record, &other).map_err(broken)?;
        if score.band != Band::Different || (by_name && agrees_on_name(&score)) {
            found.push(OrganisationLikeness { organisation: row.id, name: row.name.clone(), score });
        }
    }
    found.sort_by(|a, b| b.score.bits.total_cmp(&a.score.bits));
    found.truncate(8);
    Ok(found)
}

fn agrees_on_name(score: &Score) -> bool {
    score
        .fields
        .iter()
        .any(|f| f.key == "name" && matches!(f.level, Level::Exact | Level::Sound | Level::Close))
}

/// Puts a pair in the queue, for a colleague to look at; what was decided about it stays decided.
pub async fn propose_organisations(
    tx: &mut Tx,
    new: OrganisationId,
    like: &OrganisationLikeness,
) -> Result<()> {
    let state = if like.score.band == Band::Same { State::Sure } else { State::Ask };
    let text = serde_json::to_string(&like.score).map_err(Error::broken)?;
    let (now, other) = (tx.now(), like.organisation);
    tx.run(
        sql!(
            "insert into organisation_pairs (a_id, b_id, bits, score, state, found_at) values ($1, $2, $3, $4, $5, $6)
             on conflict (a_id, b_id) do nothing"
        ),
        params![new.min(other), new.max(other), like.score.bits, text, state, now],
    )
    .await
    .map(drop)
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
