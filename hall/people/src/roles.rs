use std::collections::HashMap;

use jiff::civil::Date;
use kring_core::{Error, Lang, Result};
use kring_db::{FromRow, Row, two_faces};
use kring_frame::{About, PersonId, RoleEnded, RoleGiven, Tx, UnitId, params, record, sql};

use crate::party::{Party, bound};

record! {
    /// A kind of role, as the sector pack in use names it. Kinds are data: another pack is other rows.
    #[derive(Clone, Debug)]
    pub struct Kind {
        pub key: String,
        /// `person`, `organisation`
        pub party: String,
        /// `before`, `during`, `after`, `giving`, `staff`, `outside`
        pub group: String,
        name_nl: String,
        name_en: String,
        /// Worked out from a definition; nobody gives it by hand.
        pub derived: bool,
    }
}

impl Kind {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }
}

/// The groups of roles, each of which may have an owner of its own.
pub const GROUPS: &[&str] = &["before", "during", "after", "giving", "staff", "outside"];

/// All kinds of the pack in use, in their order. There are some thirty, so they are read whole.
pub async fn kinds(tx: &mut Tx) -> Result<Vec<Kind>> {
    tx.all(
        sql!(
            "select k.kind, k.party, k.relation_group, k.name_nl, k.name_en, k.derived from role_kinds k
             where k.pack = 'all' or k.pack = (select f.value from schema_facts f where f.key = 'pack')
             order by k.position, k.kind"
        ),
        params![],
    )
    .await
}

record! {
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Role {
        pub id: i64,
        pub kind: String,
        /// The group of its kind.
        pub group: String,
        pub kind_nl: String,
        pub kind_en: String,
        pub unit: Option<UnitId>,
        pub unit_nl: Option<String>,
        pub unit_en: Option<String>,
        /// Programme, class or function, in the words of its source.
        pub detail: String,
        pub from: Option<Date>,
        pub to: Option<Date>,
        pub source: String,
        pub derived: bool,
    }
}

impl Role {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.kind_nl,
            Lang::En => &self.kind_en,
        }
    }

    /// Programme and unit, as far as they are known.
    pub fn place(&self, lang: Lang) -> String {
        let unit = match lang {
            Lang::Nl => &self.unit_nl,
            Lang::En => &self.unit_en,
        };
        let detail = Some(self.detail.as_str()).filter(|d| !d.is_empty());
        [detail, unit.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Whether it holds on this day.
    pub fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| to >= day)
    }
}

/// Those that hold first, then those that are over, newest first.
pub async fn of(tx: &mut Tx, party: impl Into<Party>) -> Result<Vec<Role>> {
    tx.all(
        sql!(
            "select r.id, r.kind, coalesce(k.relation_group, 'outside'), coalesce(k.name_nl, r.kind), coalesce(k.name_en, r.kind),
                    r.unit_id, u.name_nl, u.name_en, r.detail, r.valid_from, r.valid_to, r.source, r.derived
             from party_roles r left join units u on u.id = r.unit_id left join role_kinds k on k.kind = r.kind
             where r.person_id = $1 or r.organisation_id = $2
             order by case when r.valid_to is null then 0 else 1 end, r.valid_from desc, r.id desc"
        ),
        bound(party.into(), params![]),
    )
    .await
}

struct Held {
    person: PersonId,
    role: Role,
}

impl FromRow for Held {
    fn from_row(row: &mut Row) -> Result<Self> {
        Ok(Self { person: row.take()?, role: Role::from_row(row)? })
    }
}

/// As [`of`], for many people at once. Who has none is not in the answer.
pub async fn of_many(tx: &mut Tx, people: &[PersonId]) -> Result<HashMap<PersonId, Vec<Role>>> {
    let list = serde_json::to_string(people).map_err(Error::broken)?;
    let found: Vec<Held> = tx
        .all(
            two_faces!(
                sqlite: "select r.person_id, r.id, r.kind, coalesce(k.relation_group, 'outside'), coalesce(k.name_nl, r.kind),
                        coalesce(k.name_en, r.kind), r.unit_id, u.name_nl, u.name_en, r.detail, r.valid_from, r.valid_to, r.source, r.derived
                     from json_each($1) j cross join party_roles r left join units u on u.id = r.unit_id
                     left join role_kinds k on k.kind = r.kind where r.person_id = j.value
                     order by case when r.valid_to is null then 0 else 1 end, r.valid_from desc, r.id desc",
                postgres: "select r.person_id, r.id, r.kind, coalesce(k.relation_group, 'outside'), coalesce(k.name_nl, r.kind),
                        coalesce(k.name_en, r.kind), r.unit_id, u.name_nl, u.name_en, r.detail, r.valid_from, r.valid_to, r.source, r.derived
                     from json_array_elements_text($1::text::json) j join party_roles r on r.person_id = j::bigint
                     left join units u on u.id = r.unit_id left join role_kinds k on k.kind = r.kind
                     order by case when r.valid_to is null then 0 else 1 end, r.valid_from desc, r.id desc",
            ),
            params![list],
        )
        .await?;
    let mut roles: HashMap<PersonId, Vec<Role>> = HashMap::new();
    for held in found {
        roles.entry(held.person).or_default().push(held.role);
    }
    Ok(roles)
}

/// A role to be given.
#[derive(Clone, Debug, Default)]
pub struct NewRole {
    pub kind: String,
    pub unit: Option<UnitId>,
    pub detail: String,
    pub from: Option<Date>,
    pub to: Option<Date>,
}

/// Gives a role and tells it; the same role from the same day is there once. Answers the role, new or known.
pub async fn give_new(tx: &mut Tx, party: impl Into<Party>, role: &NewRole, source: &str) -> Result<i64> {
    let party = party.into();
    if let (Some(from), Some(to)) = (role.from, role.to)
        && to < from
    {
        return Err(Error::field("to", crate::say::period_backwards()));
    }
    let known: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from party_roles where (person_id = $1 or organisation_id = $2) and kind = $3
                   and unit_id is not distinct from $4 and detail = $5 and (cast($6 as text) is null or valid_from is not distinct from $6)"
            ),
            bound(party, params![&role.kind, role.unit, &role.detail, role.from]),
        )
        .await?;
    if let Some((id,)) = known {
        return Ok(id);
    }
    let now = tx.now();
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into party_roles (person_id, organisation_id, kind, unit_id, detail, valid_from, valid_to, source, added_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id"
            ),
            bound(party, params![&role.kind, role.unit, &role.detail, role.from, role.to, source, now]),
        )
        .await?;
    tx.tell(told(party, role.unit, id), &RoleGiven { kind: role.kind.clone() }).await?;
    Ok(id)
}

/// As [`give_new`], for a role that goes on.
pub async fn give(
    tx: &mut Tx,
    party: impl Into<Party>,
    kind: &str,
    unit: Option<UnitId>,
    detail: &str,
    from: Option<Date>,
    source: &str,
) -> Result<()> {
    let role = NewRole { kind: kind.to_owned(), unit, detail: detail.to_owned(), from, to: None };
    give_new(tx, party, &role, source).await.map(drop)
}

/// Ends a role on a day, which is its last. A role that a definition works out is not ended by hand.
pub async fn end(tx: &mut Tx, party: Party, id: i64, last: Date) -> Result<()> {
    let found: Option<(String, Option<UnitId>, Option<Date>, bool)> = tx
        .maybe(
            sql!(
                "select kind, unit_id, valid_from, derived from party_roles
                 where (person_id = $1 or organisation_id = $2) and id = $3"
            ),
            bound(party, params![id]),
        )
        .await?;
    let Some((kind, unit, from, derived)) = found else { return Err(Error::NotFound) };
    if derived {
        return Err(Error::Conflict(crate::say::role_derived()));
    }
    if from.is_some_and(|from| last < from) {
        return Err(Error::field("to", crate::say::period_backwards()));
    }
    tx.run(sql!("update party_roles set valid_to = $2 where id = $1"), params![id, last]).await?;
    tx.tell(told(party, unit, id), &RoleEnded { kind }).await.map(drop)
}

fn told(party: Party, unit: Option<UnitId>, id: i64) -> About {
    let about = party.about().subject(id);
    match unit {
        Some(unit) => about.in_unit(unit),
        None => about,
    }
}

/// The role that an event tells of.
pub(crate) async fn one(tx: &mut Tx, id: i64) -> Result<Option<Role>> {
    tx.maybe(
        sql!(
            "select r.id, r.kind, coalesce(k.relation_group, 'outside'), coalesce(k.name_nl, r.kind), coalesce(k.name_en, r.kind),
                    r.unit_id, u.name_nl, u.name_en, r.detail, r.valid_from, r.valid_to, r.source, r.derived
             from party_roles r left join units u on u.id = r.unit_id left join role_kinds k on k.kind = r.kind
             where r.id = $1"
        ),
        params![id],
    )
    .await
}
