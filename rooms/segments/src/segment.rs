//! A saved segment: a name, a rule, and its versions.

use std::collections::BTreeMap;

use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{
    About, Fut, Mark, Permit, SegmentChanged, Tx, UnitId, params, record,
    rules::{Rule, validate},
    sql,
};

use crate::say;

record! {
    #[derive(Clone, Debug)]
    pub struct Segment {
        pub id: Id<Segment>,
        pub name: String,
        pub note: String,
        pub unit: UnitId,
        pub by: String,
        rule: String,
        pub version: i64,
        pub made_at: Timestamp,
        pub changed_at: Timestamp,
        pub archived_at: Option<Timestamp>,
    }
}

impl Segment {
    pub fn rule(&self) -> Result<Rule> {
        serde_json::from_str(&self.rule).map_err(Error::broken)
    }
}

record! {
    /// What a segment has been.
    #[derive(Clone, Debug)]
    pub struct Version {
        pub version: i64,
        rule: String,
        pub by: String,
        pub at: Timestamp,
        pub joined: Option<i64>,
        pub gone: Option<i64>,
    }
}

impl Version {
    pub fn rule(&self) -> Result<Rule> {
        serde_json::from_str(&self.rule).map_err(Error::broken)
    }
}

/// Those in use, by name; or those that were put away.
pub async fn all(tx: &mut Tx, archived: bool) -> Result<Vec<Segment>> {
    tx.all(
        sql!(
            "select s.id, s.name, s.note, s.unit_id, a.name, s.rule, s.version, s.made_at, s.changed_at, s.archived_at
             from segments s join actors a on a.id = s.actor_id
             where (s.archived_at is not null) = $1 order by lower(s.name), s.id"
        ),
        params![archived],
    )
    .await
}

pub async fn one(tx: &mut Tx, id: Id<Segment>) -> Result<Segment> {
    tx.one(
        sql!(
            "select s.id, s.name, s.note, s.unit_id, a.name, s.rule, s.version, s.made_at, s.changed_at, s.archived_at
             from segments s join actors a on a.id = s.actor_id where s.id = $1"
        ),
        params![id],
    )
    .await
}

/// The rules in use, for the index. A rule that cannot be read any more is left out and told of.
pub fn saved(tx: &mut Tx) -> Fut<'_, Vec<(i64, Rule)>> {
    Box::pin(async move { Ok(rules(tx).await?.into_iter().collect()) })
}

/// What a segment is called.
pub fn name(tx: &mut Tx, id: i64) -> Fut<'_, Option<String>> {
    Box::pin(async move {
        let found: Option<(String,)> =
            tx.maybe(sql!("select name from segments where id = $1"), params![id]).await?;
        Ok(found.map(|(name,)| name))
    })
}

/// The same by number.
pub async fn rules(tx: &mut Tx) -> Result<BTreeMap<i64, Rule>> {
    let rows: Vec<(i64, String)> = tx
        .all(sql!("select id, rule from segments where archived_at is null order by id"), params![])
        .await?;
    let mut rules = BTreeMap::new();
    for (id, text) in rows {
        match serde_json::from_str(&text) {
            Ok(rule) => {
                rules.insert(id, rule);
            }
            Err(why) => tracing::error!(event = "segment_unreadable", id, reason = %why),
        }
    }
    Ok(rules)
}

/// What somebody typed about a segment.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub note: String,
    pub rule: Rule,
}

/// Saves a new segment for a unit.
pub async fn make(tx: &mut Tx, permit: &Permit, unit: UnitId, draft: &Draft) -> Result<Id<Segment>> {
    let text = checked(tx, permit, draft, None).await?;
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,): (Id<Segment>,) = tx
        .one(
            sql!(
                "insert into segments (name, note, unit_id, actor_id, rule, version, made_at, changed_at)
                 values ($1, $2, $3, $4, $5, 1, $6, $6) returning id"
            ),
            params![&draft.name, &draft.note, unit, actor, &text, now],
        )
        .await?;
    keep(tx, permit, id, 1, &text).await?;
    Ok(id)
}

/// Changes a segment; `before` is the version that the editor saw. A name or a note alone makes no new version.
pub async fn change(tx: &mut Tx, permit: &Permit, id: Id<Segment>, before: i64, draft: &Draft) -> Result<()> {
    let old = mine(tx, permit, id).await?;
    if old.version != before {
        return Err(Error::Conflict(say::segment_meanwhile()));
    }
    let text = checked(tx, permit, draft, Some(id)).await?;
    let now = tx.now();
    let other = text != old.rule;
    let version = if other { before + 1 } else { before };
    let done = tx
        .run(
            sql!(
                "update segments set name = $2, note = $3, rule = $4, version = $5, changed_at = $6
                 where id = $1 and version = $7 and archived_at is null"
            ),
            params![id, &draft.name, &draft.note, &text, version, now, before],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::segment_meanwhile()));
    }
    if other {
        keep(tx, permit, id, version, &text).await?;
    }
    Ok(())
}

/// Puts a segment away, or takes it back. One that another refers to stays in use.
pub async fn archive(tx: &mut Tx, permit: &Permit, id: Id<Segment>, away: bool) -> Result<()> {
    let segment = mine(tx, permit, id).await?;
    if away && let Some(other) = used_by(tx, id).await?.first() {
        return Err(Error::Conflict(say::segment_in_use(other)));
    }
    let now = tx.now();
    let at = away.then_some(now);
    tx.run(sql!("update segments set archived_at = $2, changed_at = $3 where id = $1"), params![id, at, now])
        .await?;
    told(tx, permit, id, segment.version, if away { "archived" } else { "restored" }).await
}

/// The names of the segments that refer to this one.
pub async fn used_by(tx: &mut Tx, id: Id<Segment>) -> Result<Vec<String>> {
    let all = all(tx, false).await?;
    let mut names = Vec::new();
    for other in all {
        if refers(&other.rule()?, id.get()) {
            names.push(other.name);
        }
    }
    Ok(names)
}

pub fn refers(rule: &Rule, id: i64) -> bool {
    matches!(rule, Rule::Segment(other) if *other == id)
        || rule.below().into_iter().any(|rule| refers(rule, id))
}

/// A segment that the actor at work may change: it is of a unit in which the right holds.
pub async fn mine(tx: &mut Tx, permit: &Permit, id: Id<Segment>) -> Result<Segment> {
    let segment = one(tx, id).await?;
    if may_change(tx, permit, &segment) { Ok(segment) } else { Err(Error::Forbidden) }
}

pub fn may_change(tx: &Tx, permit: &Permit, segment: &Segment) -> bool {
    tx.actor().units_of(permit).contains(&segment.unit)
}

/// All versions, newest first.
pub async fn versions(tx: &mut Tx, id: Id<Segment>) -> Result<Vec<Version>> {
    tx.all(
        sql!(
            "select v.version, v.rule, a.name, v.at, v.joined, v.gone
             from segment_versions v join actors a on a.id = v.actor_id where v.segment_id = $1 order by v.version desc"
        ),
        params![id],
    )
    .await
}

/// The rule as it is stored, when nothing is wrong with it.
async fn checked(tx: &mut Tx, _permit: &Permit, draft: &Draft, own: Option<Id<Segment>>) -> Result<String> {
    let rules = rules(tx).await?;
    let house = tx.house().clone();
    let catalog = house.rooms.facts.catalog(tx.actor(), &rules);
    let faults = validate(&draft.rule, &catalog, own.map(Id::get));
    if faults.is_empty() {
        serde_json::to_string(&draft.rule).map_err(Error::broken)
    } else {
        Err(Error::field("rule", say::rule_faulty()))
    }
}

async fn keep(tx: &mut Tx, permit: &Permit, id: Id<Segment>, version: i64, rule: &str) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!("insert into segment_versions (segment_id, version, rule, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![id, version, rule, actor, now],
    )
    .await?;
    told(tx, permit, id, version, "saved").await
}

async fn told(tx: &mut Tx, permit: &Permit, id: Id<Segment>, version: i64, what: &str) -> Result<()> {
    let mark = Mark::changed(permit, "segment").subject(id.get()).detail(format!("{what},version={version}"));
    tx.trail(mark).await?;
    tx.tell(About::default().subject(id.get()), &SegmentChanged { version }).await.map(drop)
}
