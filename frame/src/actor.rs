use std::{collections::HashMap, sync::Arc};

use kring_core::{Error, Id, Result};

use crate::Purpose;

/// Marks keys that every room needs, without pulling in the crate that owns the rows.
pub mod mark {
    #[derive(Debug)]
    pub enum Actor {}
    #[derive(Debug)]
    pub enum Person {}
    #[derive(Debug)]
    pub enum Organisation {}
    #[derive(Debug)]
    pub enum Unit {}
}
pub type ActorId = Id<mark::Actor>;
/// The relation number that people see.
pub type PersonId = Id<mark::Person>;
pub type OrganisationId = Id<mark::Organisation>;
pub type UnitId = Id<mark::Unit>;

/// What somebody may do, and for which purpose the data is used when they do it. A right without a purpose
/// does not exist: that is how purpose limitation is part of every query.
#[derive(Debug, PartialEq, Eq)]
pub struct Right {
    pub key: &'static str,
    pub purpose: Purpose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    Staff,
    Key,
    Robot,
    Visitor,
}

/// Who is at work. Every transaction has one; there is no way to reach the data as nobody.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: ActorId,
    pub kind: ActorKind,
    pub name: Arc<str>,
    rights: Arc<HashMap<String, Vec<UnitId>>>,
}

impl Actor {
    /// The house itself: jobs and event handlers.
    pub fn robot() -> Self {
        Self::without_rights(1, ActorKind::Robot, "Kring")
    }

    /// Somebody on a public page, not signed in.
    pub fn visitor() -> Self {
        Self::without_rights(2, ActorKind::Visitor, "visitor")
    }

    fn without_rights(id: i64, kind: ActorKind, name: &str) -> Self {
        Self { id: Id::new(id), kind, name: name.into(), rights: Arc::default() }
    }

    /// Somebody whose rights were just read from `reach`.
    pub fn with_rights(
        id: ActorId,
        kind: ActorKind,
        name: &str,
        rights: HashMap<String, Vec<UnitId>>,
    ) -> Self {
        Self { id, kind, name: name.into(), rights: Arc::new(rights) }
    }

    /// Has this right in at least one unit.
    pub fn may(&self, right: &Right) -> bool {
        self.rights.contains_key(right.key)
    }

    /// The permit that verbs ask for, or `Forbidden`.
    pub fn permit(&self, right: &'static Right) -> Result<Permit> {
        if self.may(right) { Ok(Permit { right, actor: self.id }) } else { Err(Error::Forbidden) }
    }

    /// The permit under which the house itself carries out what a person decided before: retention that was switched on.
    /// Only the robot has it.
    pub fn duty(&self, right: &'static Right) -> Result<Permit> {
        if self.kind == ActorKind::Robot {
            Ok(Permit { right, actor: self.id })
        } else {
            Err(Error::Forbidden)
        }
    }

    /// The units in which this right holds.
    pub fn units(&self, right: &Right) -> &[UnitId] {
        self.rights.get(right.key).map_or(&[], Vec::as_slice)
    }

    /// The units in which the right behind a permit holds.
    pub fn units_of(&self, permit: &Permit) -> &[UnitId] {
        self.units(permit.right)
    }

    /// Has some right that serves this purpose, in this unit if the matter belongs to one. Decides whether a
    /// line of the timeline shows its content or a lock.
    pub fn sees(&self, purpose: &str, unit: Option<UnitId>, all_rights: &[&'static Right]) -> bool {
        all_rights
            .iter()
            .filter(|r| r.purpose.as_str() == purpose)
            .any(|r| self.rights.get(r.key).is_some_and(|units| unit.is_none_or(|u| units.contains(&u))))
    }
}

/// Proof that the right was checked. Only [`Actor::permit`] makes one, and verbs that touch personal data take
/// one, so "write first, authorise later" does not compile. Its two keys go into the statement, where
/// `reach` decides on the unit: what the scoped query does not find is not there.
#[derive(Clone, Copy, Debug)]
pub struct Permit {
    right: &'static Right,
    actor: ActorId,
}

impl Permit {
    pub fn actor(&self) -> ActorId {
        self.actor
    }
    pub fn right(&self) -> &'static str {
        self.right.key
    }
    pub fn purpose(&self) -> Purpose {
        self.right.purpose
    }
}

/// Somebody with the rights they have now, by number: for commands and for the demo institution. Requests come in
/// through the gate.
pub async fn actor_of(tx: &mut kring_db::Tx, id: ActorId) -> Result<Actor> {
    let (kind, name): (String, String) =
        tx.one(kring_db::sql!("select kind, name from actors where id = $1"), kring_db::params![id]).await?;
    let rows: Vec<(String, UnitId)> = tx
        .all(
            kring_db::sql!("select right_key, unit_id from reach where actor_id = $1"),
            kring_db::params![id],
        )
        .await?;
    let mut rights: HashMap<String, Vec<UnitId>> = HashMap::new();
    for (right, unit) in rows {
        rights.entry(right).or_default().push(unit);
    }
    let kind = if kind == "key" { ActorKind::Key } else { ActorKind::Staff };
    Ok(Actor::with_rights(id, kind, &name, rights))
}
