//! Where a colleague belongs. Accounts are the access room's; what somebody reaches is the frame's, and the highest unit
//! in their reach is where they belong.

use kring_core::Result;
use kring_frame::{ActorId, Tx, UnitId, params, sql};
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
    Ok(highest(all, &reached))
}

/// The first in the order of the tree whose parent is not reached.
fn highest(all: &[Unit], reached: &[UnitId]) -> Option<UnitId> {
    all.iter()
        .find(|u| reached.contains(&u.id) && u.parent.is_none_or(|above| !reached.contains(&above)))
        .map(|u| u.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_belongs_to_the_highest_unit_they_reach() {
        let unit = |id: i64, parent: Option<i64>| Unit {
            id: UnitId::new(id),
            parent: parent.map(UnitId::new),
            name_nl: String::new(),
            name_en: String::new(),
            kind: String::new(),
            legal_entity: false,
            location: String::new(),
        };
        let tree = [unit(1, None), unit(2, Some(1)), unit(3, Some(1)), unit(4, Some(2))];
        let of = |reached: &[i64]| {
            highest(&tree, &reached.iter().copied().map(UnitId::new).collect::<Vec<_>>()).map(UnitId::get)
        };
        assert_eq!(of(&[1, 2, 3, 4]), Some(1));
        assert_eq!(of(&[2, 4]), Some(2));
        assert_eq!(of(&[4]), Some(4));
        assert_eq!(of(&[]), None);
    }
}
