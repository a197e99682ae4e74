use kring_core::{Error, Result, Timestamp};
use kring_frame::{ActorId, Fut, Mark, Permit, Tx, UnitId, params, record, sql};
use kring_people::units::{self, Unit};

use crate::{account, roles, say, session};

record! {
    #[derive(Clone, Debug)]
    pub(crate) struct Grant {
        pub role: String,
        pub unit: UnitId,
        pub at: Timestamp,
        pub by: String,
    }
}

/// Gives a role in a unit and everything below it. For the first start and the demo institution, which have no
/// permit to show; colleagues do it on the page of an account, through a permit.
pub async fn grant(tx: &mut Tx, account: ActorId, role: &str, unit: UnitId) -> Result<()> {
    let role = account::known_role(role)?;
    let (by, now) = (tx.actor().id, tx.now());
    tx.run(
        sql!(
            "insert into role_grants (account_id, role, unit_id, granted_by, granted_at) values ($1, $2, $3, $4, $5)
             on conflict (account_id, role, unit_id) do nothing"
        ),
        params![account, role.key, unit, by, now],
    )
    .await?;
    renew(tx, account).await
}

/// Takes a role in a unit away. The last administrator over the whole institution stays one.
pub async fn ungrant(tx: &mut Tx, account: ActorId, role: &str, unit: UnitId) -> Result<()> {
    let taken = tx
        .run(
            sql!("delete from role_grants where account_id = $1 and role = $2 and unit_id = $3"),
            params![account, role, unit],
        )
        .await?;
    if taken == 0 {
        return Err(Error::NotFound);
    }
    renew(tx, account).await?;
    keep_an_admin(tx).await
}

/// The shelves with which the actor at work begins, after the roles they have.
pub(crate) fn start(tx: &mut Tx) -> Fut<'_, Vec<&'static str>> {
    Box::pin(async move {
        let me = tx.actor().id;
        let held: Vec<(String,)> =
            tx.all(sql!("select distinct role from role_grants where account_id = $1"), params![me]).await?;
        let keys: Vec<String> = held.into_iter().map(|(role,)| role).collect();
        Ok(roles::start_of(&keys))
    })
}

/// As [`grant`], by a colleague who manages both the account and the unit.
pub(crate) async fn give(tx: &mut Tx, permit: &Permit, id: ActorId, role: &str, unit: UnitId) -> Result<()> {
    account::managed(tx, permit, id).await?;
    within(tx, permit, unit).await?;
    grant(tx, id, role, unit).await?;
    changed(tx, permit, id, &format!("granted={role},unit={unit}")).await
}

/// As [`ungrant`], by a colleague who manages the account and so every unit in which it has a role.
pub(crate) async fn take(tx: &mut Tx, permit: &Permit, id: ActorId, role: &str, unit: UnitId) -> Result<()> {
    account::managed(tx, permit, id).await?;
    ungrant(tx, id, role, unit).await?;
    changed(tx, permit, id, &format!("taken={role},unit={unit}")).await
}

/// Rights changed, so whoever holds an old session begins anew. One's own is renewed by the page.
async fn changed(tx: &mut Tx, permit: &Permit, id: ActorId, detail: &str) -> Result<()> {
    if id != permit.actor() {
        session::end_all(tx, id, None).await?;
    }
    tx.trail(Mark::changed(permit, "account").subject(id.get()).detail(detail)).await
}

/// Whether this permit holds in the unit; elsewhere the unit is one that cannot be chosen.
pub(crate) async fn within(tx: &mut Tx, permit: &Permit, unit: UnitId) -> Result<()> {
    let found: Option<(i64,)> = tx
        .maybe(
            sql!("select unit_id from reach where actor_id = $1 and right_key = $2 and unit_id = $3"),
            params![permit.actor(), permit.right(), unit],
        )
        .await?;
    if found.is_some() { Ok(()) } else { Err(Error::field("unit", say::unit_unknown())) }
}

/// The units in which this permit holds, in the order of the tree.
pub(crate) async fn units_of(tx: &mut Tx, permit: &Permit) -> Result<Vec<Unit>> {
    let mine: Vec<(UnitId,)> = tx
        .all(
            sql!("select unit_id from reach where actor_id = $1 and right_key = $2"),
            params![permit.actor(), permit.right()],
        )
        .await?;
    Ok(units::all(tx).await?.into_iter().filter(|u| mine.contains(&(u.id,))).collect())
}

pub(crate) async fn of(tx: &mut Tx, account: ActorId) -> Result<Vec<Grant>> {
    tx.all(
        sql!(
            "select g.role, g.unit_id, g.granted_at, n.name from role_grants g join actors n on n.id = g.granted_by
             where g.account_id = $1 order by g.granted_at, g.role, g.unit_id"
        ),
        params![account],
    )
    .await
}

/// Works out anew what an account reaches: nothing when it is disabled.
pub(crate) async fn renew(tx: &mut Tx, account: ActorId) -> Result<()> {
    let units = units::all(tx).await?;
    let granted: Vec<(String, UnitId)> = tx
        .all(
            sql!(
                "select g.role, g.unit_id from role_grants g join accounts a on a.actor_id = g.account_id
                 where g.account_id = $1 and a.state <> 'disabled'"
            ),
            params![account],
        )
        .await?;
    let rights: Vec<(&str, UnitId)> = granted
        .iter()
        .filter_map(|(role, unit)| Some((roles::find(role)?, *unit)))
        .flat_map(|(role, unit)| held(role.rights, unit, &units))
        .collect();
    units::set_reach(tx, account, &rights).await
}

/// Of these rights, those that may be held in this unit.
pub(crate) fn held<'a>(rights: &[&'a str], unit: UnitId, units: &[Unit]) -> Vec<(&'a str, UnitId)> {
    let top = units.iter().any(|u| u.id == unit && u.parent.is_none());
    rights.iter().filter(|right| roles::holds(right, top)).map(|right| (*right, unit)).collect()
}

/// Refuses when nobody would be left who manages the whole institution: the way back would be the database.
pub(crate) async fn keep_an_admin(tx: &mut Tx) -> Result<()> {
    // Whoever takes an administrator away first writes this row, so two who take each other away wait in line
    // and the second is refused.
    let at = tx.now().to_string();
    tx.set_fact("access.admins_looked_at", &at).await?;
    let (left,): (i64,) = tx
        .one(
            sql!(
                "select count(*) from role_grants g
                 join accounts a on a.actor_id = g.account_id
                 join units u on u.id = g.unit_id
                 where g.role = $1 and a.state = 'active' and u.parent_id is null"
            ),
            params![roles::ADMIN],
        )
        .await?;
    if left > 0 { Ok(()) } else { Err(Error::Conflict(say::last_admin())) }
}
