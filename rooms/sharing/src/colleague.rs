//! Where a colleague belongs. Accounts are the access room's; what somebody reaches is the frame's, and the highest unit
//! in their reach is where they belong.

use kring_core::Result;
use kring_frame::{ActorId, Right, Tx, UnitId, params, sql};
use kring_people::units::{self, Unit};

/// The highest unit somebody reaches; `None` for the house, visitors, and whoever has left.
pub async fn unit_of(tx: &mut Tx, actor: ActorId) -> Result<Option<UnitId>> {
    let all = units::all(tx).await?;
    unit_among(tx, &all, actor).await
}

/// As [`unit_of`], with the tree at hand.
pub async fn unit_among(tx: &mut Tx, all: &[Unit], actor: ActorId) -> Result<Option<UnitId>> {
    let reached: Vec<(UnitId,)> =
        tx.all(sql!("select distinct unit_id from reach where actor_id = $1"), params![actor]).await?;
    let reached: Vec<UnitId> = reached.into_iter().map(|(unit,)| unit).collect();
    Ok(units::highest(all, &reached).first().copied())
}

/// Staff who may share, for a field: number and name.
pub async fn all(tx: &mut Tx) -> Result<Vec<(ActorId, String)>> {
    tx.all(
        sql!(
            "select a.id, a.name from actors a where a.kind = 'staff'
               and exists (select 1 from reach h where h.actor_id = a.id and h.right_key = 'sharing.share')
             order by a.name, a.id limit 500"
        ),
        params![],
    )
    .await
}

/// Whether somebody holds this right in this unit.
pub async fn reaches(tx: &mut Tx, actor: ActorId, right: &Right, unit: UnitId) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .maybe(
            sql!("select actor_id from reach where actor_id = $1 and right_key = $2 and unit_id = $3"),
            params![actor, right.key, unit],
        )
        .await?;
    Ok(found.is_some())
}

/// Who hears of what comes to a unit: colleagues who belong there, or else its heads.
pub async fn team(tx: &mut Tx, unit: UnitId) -> Result<Vec<ActorId>> {
    let tree = units::all(tx).await?;
    let mut team = Vec::new();
    for (actor, _) in holders(tx, &crate::SHARE, unit).await? {
        if unit_among(tx, &tree, actor).await? == Some(unit) {
            team.push(actor);
        }
    }
    if team.is_empty() { heads(tx, unit).await } else { Ok(team) }
}

/// The heads of a unit: of those who lead it, the ones who lead the least beside it. The administrator leads everything,
/// and is asked only where nobody stands nearer.
pub async fn heads(tx: &mut Tx, unit: UnitId) -> Result<Vec<ActorId>> {
    let leads = holders(tx, &crate::LEAD, unit).await?;
    let least = leads.iter().map(|(_, units)| *units).min();
    Ok(leads.into_iter().filter(|(_, units)| Some(*units) == least).map(|(actor, _)| actor).collect())
}

/// Staff who hold a right in a unit, with in how many units they do.
async fn holders(tx: &mut Tx, right: &Right, unit: UnitId) -> Result<Vec<(ActorId, i64)>> {
    tx.all(
        sql!(
            "select h.actor_id, (select count(*) from reach w where w.actor_id = h.actor_id and w.right_key = $1)
             from reach h join actors a on a.id = h.actor_id
             where h.right_key = $1 and h.unit_id = $2 and a.kind = 'staff' order by h.actor_id"
        ),
        params![right.key, unit],
    )
    .await
}
