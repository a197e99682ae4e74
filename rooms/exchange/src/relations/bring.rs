//! What a row brings: a role, a relation, or its last day. Weighing and bringing work out the same plan.

use jiff::civil::Date;
use kring_core::{Error, Id, Result};
use kring_frame::{About, PersonChanged, PersonId, Tx, params, sql};
use kring_people::{
    relationship::{self, Basis, NewRelationship, With},
    roles::{self, NewRole},
};
use serde::{Deserialize, Serialize};

use super::Row;
use crate::{
    list::Import,
    organisations,
    row::Remark,
    single::{
        Action, Done, Weighed,
        whom::{self, Whom},
        words::Book,
    },
};

/// What a row did: enough to take it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The role or relation, and its last day as it was left.
    Role(i64, Option<Date>),
    Relation(i64, Option<Date>),
    /// What there was has another last day: before, and now.
    RoleEnd(i64, Option<Date>, Option<Date>),
    RelationEnd(i64, Option<Date>, Option<Date>),
}

enum Plan {
    Nothing,
    Give(NewRole),
    EndRole(i64, Option<Date>),
    Make(With, relationship::Kind),
    EndRelation(i64, Option<Date>),
}

/// Of whom the row speaks, with whom, and what it brings.
struct Planned {
    person: PersonId,
    with: Option<With>,
    plan: Plan,
}

impl Planned {
    fn other(&self) -> Option<PersonId> {
        match self.with {
            Some(With::Person(id)) => Some(id),
            _ => None,
        }
    }
}

async fn plan(tx: &mut Tx, book: &Book, row: &Row) -> Result<std::result::Result<Planned, Remark>> {
    let person = match whom::find(tx, &row.whom).await? {
        Ok(person) => person,
        Err(why) => return Ok(Err(why)),
    };
    let Some(kind) = row.tie() else {
        let plan = role(tx, book, person, row).await?;
        return Ok(Ok(Planned { person, with: None, plan }));
    };
    let with = if kind.with_organisation() {
        organisations::meant(tx, &row.organisation).await?.map(With::Organisation)
    } else {
        other(tx, person, &row.other).await?
    };
    let with = match with {
        Ok(with) => with,
        Err(why) => return Ok(Err(why)),
    };
    let same = standing(tx, person, with, kind, row).await?;
    let plan = match same {
        None => Plan::Make(with, kind),
        Some((id, to, source)) if row.until.is_some() && row.until != to && book.owns(&source) => {
            Plan::EndRelation(id, to)
        }
        Some(_) => Plan::Nothing,
    };
    Ok(Ok(Planned { person, with: Some(with), plan }))
}

async fn other(tx: &mut Tx, person: PersonId, other: &Whom) -> Result<std::result::Result<With, Remark>> {
    Ok(match whom::find(tx, other).await? {
        Ok(id) if id == person => Err(Remark::TieSelf),
        found => found.map(With::Person),
    })
}

async fn role(tx: &mut Tx, book: &Book, person: PersonId, row: &Row) -> Result<Plan> {
    let unit = row.unit.map(Id::new);
    let detail = row.detail();
    let held = roles::of(tx, person).await?;
    let same = held.iter().find(|r| {
        r.kind == row.role
            && r.unit == unit
            && r.detail == detail
            && (row.from.is_none() || r.from == row.from)
    });
    Ok(match same {
        None => Plan::Give(NewRole { kind: row.role.clone(), unit, detail, from: row.from, to: row.until }),
        Some(r) if row.until.is_some() && row.until != r.to && book.owns(&r.source) => {
            Plan::EndRole(r.id, r.to)
        }
        Some(_) => Plan::Nothing,
    })
}

/// The same relation as it stands, also one that is over: number, last day, source.
async fn standing(
    tx: &mut Tx,
    person: PersonId,
    with: With,
    kind: relationship::Kind,
    row: &Row,
) -> Result<Option<(i64, Option<Date>, String)>> {
    let (other, organisation) = match with {
        With::Person(id) => (Some(id), None),
        With::Organisation(id) => (None, Some(id)),
    };
    tx.maybe(
        sql!(
            "select id, valid_to, source from relationships where kind = $4
               and ((person_id = $1 and (other_id = $2 or organisation_id = $3)) or (person_id = $2 and other_id = $1 and $5))
               and (valid_to is null or valid_from is not distinct from $6 or valid_to is not distinct from $7)
             order by case when valid_to is null then 0 else 1 end, id desc limit 1"
        ),
        params![person, other, organisation, kind, kind.is_mutual(), row.from, row.until],
    )
    .await
}

/// What would come of a row; nothing is written.
pub async fn weigh(tx: &mut Tx, book: &Book, row: &Row) -> Result<Weighed> {
    Ok(match plan(tx, book, row).await? {
        Err(why) => Weighed::refused(why),
        Ok(planned) => {
            let expects = match planned.plan {
                Plan::Nothing => Action::Unchanged,
                Plan::Give(_) | Plan::Make(..) => Action::Added,
                Plan::EndRole(..) | Plan::EndRelation(..) => Action::Changed,
            };
            Weighed {
                expects: Some(expects),
                person: Some(planned.person),
                other: planned.other(),
                ..Weighed::default()
            }
        }
    })
}

/// Brings a row in.
pub async fn bring(tx: &mut Tx, book: &Book, import: &Import, row: &Row) -> Result<Done> {
    let source = import.source();
    let planned = match plan(tx, book, row).await? {
        Err(why) => return Ok(Done::refused(why)),
        Ok(planned) => planned,
    };
    let (person, other) = (planned.person, planned.other());
    let (action, change) = match planned.plan {
        Plan::Nothing => return Ok(Done { other, ..Done::unchanged(Vec::new()).of(person) }),
        Plan::Give(role) => {
            let id = roles::give_new(tx, person, &role, &source).await?;
            (Action::Added, Change::Role(id, role.to))
        }
        Plan::Make(with, kind) => {
            let new = NewRelationship {
                kind,
                detail: row.function.clone(),
                from: row.from,
                to: row.until,
                basis: Basis::List,
                confirmed_on: None,
                source,
            };
            let id = relationship::make(tx, person, with, &new).await?;
            (Action::Added, Change::Relation(id, row.until))
        }
        Plan::EndRole(id, was) => {
            tx.run(sql!("update party_roles set valid_to = $2 where id = $1"), params![id, row.until])
                .await?;
            (Action::Changed, Change::RoleEnd(id, was, row.until))
        }
        Plan::EndRelation(id, was) => {
            tx.run(sql!("update relationships set valid_to = $2 where id = $1"), params![id, row.until])
                .await?;
            (Action::Changed, Change::RelationEnd(id, was, row.until))
        }
    };
    if action == Action::Changed {
        tx.tell(About::person(person).subject(import.id), &PersonChanged { how: "import".into() }).await?;
    }
    let before = serde_json::to_string(&change).map_err(Error::broken)?;
    Ok(Done { action: Some(action), person: Some(person), other, before: Some(before), ..Done::default() })
}
