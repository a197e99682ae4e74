//! One thing done to many people at once: first what it would do, then the doing, then a way back for as long as nobody
//! has changed the same since.

use jiff::civil::Date;
use kring_core::{Error, Id, Result};
use kring_db::Value;
use kring_frame::{
    ActorId, Deed as TrailDeed, Mark, OwnerChanged, Permit, PersonId, RoleGiven, Tx, params, sql,
};

use crate::{Filter, search};

/// What is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Gives the relation as a whole an owner; `None` takes it away.
    Owner(Option<ActorId>),
    /// Gives a role from a day on.
    Role { kind: String, detail: String, from: Date },
}

impl Deed {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Owner(_) => "owner",
            Self::Role { .. } => "role",
        }
    }
}

/// More at once is refused: a list that long is an import.
pub const MOST: u32 = 20_000;

/// What it would do.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    pub people: usize,
    /// Of these, for how many something changes.
    pub changes: usize,
    /// Of those, for how many something that stood is replaced.
    pub replaces: usize,
    /// The first few.
    pub some: Vec<PersonId>,
    /// There are more than can be done at once.
    pub too_many: bool,
}

/// Looks at what a deed would do to everybody whom the filter finds.
pub async fn preview(tx: &mut Tx, permit: &Permit, filter: &Filter, deed: &Deed) -> Result<Preview> {
    let ids = search::ids(tx, permit, filter, None, MOST + 1).await?;
    let too_many = ids.len() > MOST as usize;
    let mut preview = Preview { people: ids.len().min(MOST as usize), too_many, ..Preview::default() };
    preview.some = ids.iter().copied().take(8).collect();
    for (_, before) in standing(tx, &ids, deed).await? {
        match before {
            None => {}
            Some(before) => {
                preview.changes += 1;
                preview.replaces += usize::from(!before.is_empty());
            }
        }
    }
    Ok(preview)
}

/// Does it, in one transaction, to whoever the filter finds now. Answers the deed's number and to how many.
pub async fn act(tx: &mut Tx, permit: &Permit, filter: &Filter, deed: &Deed) -> Result<(i64, usize)> {
    let ids = search::ids(tx, permit, filter, None, MOST + 1).await?;
    if ids.len() > MOST as usize {
        return Err(Error::field("", crate::say::bulk_too_many(i64::from(MOST))));
    }
    let changing: Vec<(PersonId, String)> =
        standing(tx, &ids, deed).await?.into_iter().filter_map(|(id, before)| Some((id, before?))).collect();
    let (now, actor) = (tx.now(), tx.actor().id);
    let detail = match deed {
        Deed::Owner(owner) => owner.map(|o| o.to_string()).unwrap_or_default(),
        Deed::Role { kind, detail, from } => format!("{kind}|{from}|{detail}"),
    };
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into bulk_deeds (actor_id, at, kind, detail, people) values ($1, $2, $3, $4, $5) returning id"
            ),
            params![actor, now, deed.kind(), detail, changing.len()],
        )
        .await?;
    let rows = changing.iter().map(|(person, before)| params![id, *person, before]).collect();
    tx.many(sql!("insert into bulk_deed_rows (deed_id, person_id, before) values ($1, $2, $3)"), rows)
        .await?;
    let mut told = Vec::new();
    match deed {
        Deed::Owner(owner) => {
            let sets = changing.iter().map(|(person, _)| params![*person, *owner, now]).collect();
            tx.many(sql!("update people set owner_id = $2, changed_at = $3 where id = $1"), sets).await?;
            let event = OwnerChanged { group: String::new(), owner: owner.map(Id::get) };
            for (person, _) in &changing {
                told.push(tx.entry(kring_frame::About::person(*person), &event)?);
            }
        }
        Deed::Role { kind, detail, from } => {
            let source = format!("bulk:{id}");
            let sets: Vec<Vec<Value>> = changing
                .iter()
                .map(|(person, _)| params![*person, kind, detail, *from, &source, now])
                .collect();
            tx.many(
                sql!(
                    "insert into party_roles (person_id, kind, detail, valid_from, source, added_at) values ($1, $2, $3, $4, $5, $6)"
                ),
                sets,
            )
            .await?;
            let given: Vec<(i64, PersonId)> = tx
                .all(sql!("select id, person_id from party_roles where source = $1"), params![&source])
                .await?;
            for (role, person) in given {
                let about = kring_frame::About::person(person).subject(role);
                told.push(tx.entry(about, &RoleGiven { kind: kind.clone() })?);
            }
        }
    }
    tx.log_many(told).await?;
    let mark = Mark::of(TrailDeed::Changed, permit.purpose(), "people").subject(id);
    tx.trail(mark.detail(format!("bulk={},n={}", deed.kind(), changing.len()))).await?;
    Ok((id, changing.len()))
}

/// Takes a deed back where it still stands. Answers for how many it did, and for how many somebody was there since.
pub async fn undo(tx: &mut Tx, permit: &Permit, id: i64) -> Result<(u64, u64)> {
    let now = tx.now();
    let held = tx
        .run(
            sql!("update bulk_deeds set undone_at = $2 where id = $1 and undone_at is null"),
            params![id, now],
        )
        .await?;
    if held == 0 {
        return Err(Error::Conflict(crate::say::bulk_undone()));
    }
    let (kind, detail, people): (String, String, i64) =
        tx.one(sql!("select kind, detail, people from bulk_deeds where id = $1"), params![id]).await?;
    let back = if kind == "owner" {
        let owner: Option<ActorId> = detail.parse().ok();
        tx.run(
            sql!(
                "update people set owner_id = (select cast(nullif(r.before, '') as bigint) from bulk_deed_rows r
                     where r.deed_id = $1 and r.person_id = people.id), changed_at = $3
                 where owner_id is not distinct from $2
                   and id in (select r.person_id from bulk_deed_rows r where r.deed_id = $1)"
            ),
            params![id, owner, now],
        )
        .await?
    } else {
        tx.run(
            sql!("delete from party_roles where source = $1 and valid_to is null"),
            params![format!("bulk:{id}")],
        )
        .await?
    };
    let mark = Mark::of(TrailDeed::Changed, permit.purpose(), "people").subject(id);
    tx.trail(mark.detail(format!("bulk={kind},undone={back}"))).await?;
    Ok((back, u64::try_from(people).unwrap_or(0).saturating_sub(back)))
}

/// For each person what stands in the way or is replaced: `None` when nothing changes.
async fn standing(tx: &mut Tx, ids: &[PersonId], deed: &Deed) -> Result<Vec<(PersonId, Option<String>)>> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids.iter().take(MOST as usize) {
        let before = match deed {
            Deed::Owner(owner) => {
                let (now,): (Option<ActorId>,) =
                    tx.one(sql!("select owner_id from people where id = $1"), params![*id]).await?;
                (now != *owner).then(|| now.map(|o| o.to_string()).unwrap_or_default())
            }
            Deed::Role { kind, detail, .. } => {
                let has: Option<(i64,)> = tx
                    .maybe(
                        sql!(
                            "select id from party_roles where person_id = $1 and kind = $2 and detail = $3 and valid_to is null limit 1"
                        ),
                        params![*id, kind, detail],
                    )
                    .await?;
                has.is_none().then(String::new)
            }
        };
        all.push((*id, before));
    }
    Ok(all)
}
