//! The list of needs per group with its evidence: how many people want to know something now, how many asked lately and
//! where, how many got an answer and how soon. Everything is counted within the units and on the side of the wall of whoever
//! looks.

use std::collections::BTreeMap;

use kring_core::{Id, Lang, Result, Timestamp};
use kring_frame::{Permit, Tx, params, record, sql};
use kring_people::wall;
use kring_talks::Topic;

use crate::need::Source;

/// Of which people, and since when.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Who have this role now.
    pub role: Option<String>,
    /// In the words of their role: a programme, a class.
    pub programme: Option<String>,
    pub since: Timestamp,
}

impl Asked {
    /// The same of everybody.
    pub fn of_all(&self) -> Self {
        Self { role: None, programme: None, since: self.since }
    }

    pub fn is_of_all(&self) -> bool {
        self.role.is_none() && self.programme.is_none()
    }
}

record! {
    struct Row {
        topic: Id<Topic>,
        name_nl: String,
        name_en: String,
        open: i64,
        asked: i64,
        opened: i64,
        answered: i64,
        last_at: Timestamp,
    }
}

/// What is counted of one topic.
#[derive(Clone, Debug)]
pub struct Figures {
    pub topic: Id<Topic>,
    name_nl: String,
    name_en: String,
    /// People who want to know something now.
    pub open: i64,
    /// People who asked in the period.
    pub asked: i64,
    /// Needs opened in the period, and those of them that have been answered.
    pub opened: i64,
    pub answered: i64,
    /// Over needs answered in the period: milliseconds from the first question, and over how many.
    pub median: Option<(i64, i64)>,
    /// How often it was asked in the period, by where.
    pub sources: Vec<(Source, i64)>,
    pub last_at: Timestamp,
}

impl Figures {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }

    /// How often it was asked in the period.
    pub fn times(&self) -> i64 {
        self.sources.iter().map(|(_, n)| n).sum()
    }
}

/// The figures of every topic that anybody in the group ever wanted to know about; most wanted now first.
pub async fn by_topic(tx: &mut Tx, permit: &Permit, asked: &Asked) -> Result<Vec<Figures>> {
    let wall = wall::of(tx, permit).await?;
    let values = || {
        params![
            permit.actor(),
            permit.right(),
            wall.actor,
            wall.right,
            asked.role.clone(),
            asked.programme.clone(),
            asked.since
        ]
    };
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select n.topic_id, t.name_nl, t.name_en,
                        count(distinct case when n.state = 'open' then n.person_id end),
                        count(distinct case when n.last_at >= $7 then n.person_id end),
                        count(*) filter (where n.opened_at >= $7),
                        count(*) filter (where n.opened_at >= $7 and n.state = 'answered'), max(n.last_at)
                 from needs n join topics t on t.id = n.topic_id join people p on p.id = n.person_id and p.state = 'known'
                 where (n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                        where k.need_id = n.id and h.actor_id = $1 and h.right_key = $2))
                   and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = n.person_id and h.actor_id = $3 and h.right_key = $4))
                   and ((cast($5 as text) is null and cast($6 as text) is null) or exists (select 1 from party_roles x
                        where x.person_id = n.person_id and x.valid_to is null and (cast($5 as text) is null or x.kind = $5)
                          and (cast($6 as text) is null or x.detail = $6)))
                 group by n.topic_id, t.name_nl, t.name_en, t.position order by 4 desc, 5 desc, t.position, n.topic_id"
            ),
            values(),
        )
        .await?;
    let medians = medians(tx, values()).await?;
    let mut sources = sources(tx, values()).await?;
    Ok(rows
        .into_iter()
        .map(|row| Figures {
            topic: row.topic,
            name_nl: row.name_nl,
            name_en: row.name_en,
            open: row.open,
            asked: row.asked,
            opened: row.opened,
            answered: row.answered,
            median: medians.get(&row.topic).copied(),
            sources: sources.remove(&row.topic).unwrap_or_default(),
            last_at: row.last_at,
        })
        .collect())
}

/// The one in the middle, or between the two in the middle: both databases can number rows, neither shares a word for it.
async fn medians(tx: &mut Tx, values: Vec<kring_db::Value>) -> Result<BTreeMap<Id<Topic>, (i64, i64)>> {
    let found: Vec<(Id<Topic>, i64, i64)> = tx
        .all(
            sql!(
                "select m.topic_id, cast(avg(m.took) as bigint), max(m.n) from (
                     select n.topic_id, n.closed_at - n.opened_at as took, count(*) over (partition by n.topic_id) as n,
                            row_number() over (partition by n.topic_id order by n.closed_at - n.opened_at) as place
                     from needs n join people p on p.id = n.person_id and p.state = 'known'
                     where n.state = 'answered' and n.closed_at >= $7
                       and (n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                         or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                            where k.need_id = n.id and h.actor_id = $1 and h.right_key = $2))
                       and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                            where y.person_id = n.person_id and h.actor_id = $3 and h.right_key = $4))
                       and ((cast($5 as text) is null and cast($6 as text) is null) or exists (select 1 from party_roles x
                            where x.person_id = n.person_id and x.valid_to is null and (cast($5 as text) is null or x.kind = $5)
                              and (cast($6 as text) is null or x.detail = $6)))) m
                 where m.place in ((m.n + 1) / 2, m.n / 2 + 1) group by m.topic_id"
            ),
            values,
        )
        .await?;
    Ok(found.into_iter().map(|(topic, took, n)| (topic, (took, n))).collect())
}

async fn sources(
    tx: &mut Tx,
    values: Vec<kring_db::Value>,
) -> Result<BTreeMap<Id<Topic>, Vec<(Source, i64)>>> {
    let found: Vec<(Id<Topic>, Source, i64)> = tx
        .all(
            sql!(
                "select n.topic_id, a.source, count(*) from askings a join needs n on n.id = a.need_id
                 join people p on p.id = n.person_id and p.state = 'known'
                 where a.at >= $7
                   and (n.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)
                     or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                        where k.need_id = n.id and h.actor_id = $1 and h.right_key = $2))
                   and (cast($3 as bigint) is null or exists (select 1 from party_roles y join reach h on h.unit_id = y.unit_id
                        where y.person_id = n.person_id and h.actor_id = $3 and h.right_key = $4))
                   and ((cast($5 as text) is null and cast($6 as text) is null) or exists (select 1 from party_roles x
                        where x.person_id = n.person_id and x.valid_to is null and (cast($5 as text) is null or x.kind = $5)
                          and (cast($6 as text) is null or x.detail = $6)))
                 group by n.topic_id, a.source order by count(*) desc, a.source"
            ),
            values,
        )
        .await?;
    let mut all: BTreeMap<Id<Topic>, Vec<(Source, i64)>> = BTreeMap::new();
    for (topic, source, n) in found {
        all.entry(topic).or_default().push((source, n));
    }
    Ok(all)
}
