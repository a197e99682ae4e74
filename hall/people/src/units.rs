use kring_core::{Lang, Result};
use kring_frame::{ActorId, Tx, UnitId, params, record, sql};

record! {
    /// A part of the institution.
    #[derive(Clone, Debug)]
    pub struct Unit {
        pub id: UnitId,
        pub parent: Option<UnitId>,
        pub name_nl: String,
        pub name_en: String,
        pub kind: String,
        /// A controller of its own (GDPR 4(7)); so is all below it, until the next.
        pub legal_entity: bool,
        pub location: String,
    }
}

impl Unit {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }
}

/// The whole tree, parents before children. There are dozens, so it is read whole.
pub async fn all(tx: &mut Tx) -> Result<Vec<Unit>> {
    tx.all(
        sql!("select id, parent_id, name_nl, name_en, kind, legal_entity, location from units order by id"),
        params![],
    )
    .await
}

pub async fn add(
    tx: &mut Tx,
    parent: Option<UnitId>,
    name_nl: &str,
    name_en: &str,
    kind: &str,
) -> Result<UnitId> {
    let (id,) = tx
        .one(
            sql!(
                "insert into units (parent_id, name_nl, name_en, kind) values ($1, $2, $3, $4) returning id"
            ),
            params![parent, name_nl, name_en, kind],
        )
        .await?;
    Ok(id)
}

/// The legal entity that a unit belongs to: itself, or the nearest above it; the top of the tree where none is marked.
pub fn controller(units: &[Unit], unit: UnitId) -> Option<UnitId> {
    let mut at = units.iter().find(|u| u.id == unit)?;
    for _ in 0..units.len() {
        if at.legal_entity {
            break;
        }
        match at.parent.and_then(|parent| units.iter().find(|u| u.id == parent)) {
            Some(above) => at = above,
            None => break,
        }
    }
    Some(at.id)
}

/// A unit and everything below it.
pub fn below(units: &[Unit], top: UnitId) -> Vec<UnitId> {
    let mut found = vec![top];
    let mut next = 0;
    while let Some(&parent) = found.get(next) {
        found.extend(units.iter().filter(|u| u.parent == Some(parent)).map(|u| u.id));
        next += 1;
    }
    found
}

/// Of these units those whose parent is not among them, in the order of the tree: where somebody who reaches all of these
/// belongs.
pub fn highest(units: &[Unit], reached: &[UnitId]) -> Vec<UnitId> {
    let top = |u: &&Unit| reached.contains(&u.id) && u.parent.is_none_or(|above| !reached.contains(&above));
    units.iter().filter(top).map(|u| u.id).collect()
}

/// Writes down what an actor reaches: each right in each unit it was given for, and below. Called whenever
/// roles or the tree change, so that a scoped query is one look-up in `reach`.
pub async fn set_reach(tx: &mut Tx, actor: ActorId, grants: &[(&str, UnitId)]) -> Result<()> {
    let units = all(tx).await?;
    tx.run(sql!("delete from reach where actor_id = $1"), params![actor]).await?;
    let mut rows: Vec<(String, UnitId)> = grants
        .iter()
        .flat_map(|(right, top)| below(&units, *top).into_iter().map(|unit| ((*right).to_owned(), unit)))
        .collect();
    rows.sort();
    rows.dedup();
    let sets = rows.into_iter().map(|(right, unit)| params![actor, right, unit]).collect();
    tx.many(sql!("insert into reach (actor_id, right_key, unit_id) values ($1, $2, $3)"), sets)
        .await
        .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_belongs_to_the_highest_units_they_reach() {
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
            let reached: Vec<UnitId> = reached.iter().copied().map(UnitId::new).collect();
            highest(&tree, &reached).into_iter().map(UnitId::get).collect::<Vec<_>>()
        };
        assert_eq!(of(&[1, 2, 3, 4]), [1]);
        assert_eq!(of(&[2, 4]), [2]);
        assert_eq!(of(&[3, 4]), [3, 4]);
        assert!(of(&[]).is_empty());
    }
}
