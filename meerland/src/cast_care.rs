//! The personae of the care pack.

use crate::{
    making::Making,
    people::{Gender, KinshipKind},
    personae::{Cast, rename},
    table::PersonKey,
};

/// A daughter, first contact of somebody who will be a client.
pub(crate) fn make(m: &mut Making, cast: &mut Cast) {
    let mut waiting = m.side::<bool>();
    for r in m.w.roles.iter().filter(|r| r.kind == m.sector.slots.interested && r.to.is_none()) {
        waiting[r.person] = true;
    }
    let mut pairs: Vec<(PersonKey, PersonKey)> =
        m.w.kinships
            .iter()
            .filter(|k| k.kind == KinshipKind::ParentOf && !m.flags[k.from].student && waiting[k.from])
            .map(|k| (k.from, k.to))
            .collect();
    pairs.reverse();
    let Some(parent) = cast.find(m, pairs.iter().map(|p| p.0), |_| true) else { return };
    let Some(daughter) = pairs.iter().find(|p| p.0 == parent).map(|p| p.1).filter(|d| cast.take(*d)) else {
        return;
    };
    rename(m, daughter, "Hanna", "", "", Gender::F);
    let role = m.sector.slots.family;
    for r in m.w.roles.iter_mut().filter(|r| r.person == daughter && r.kind == role) {
        r.detail = "first contact";
    }
    cast.add(25, "relative", "daughter and first contact of a future client", Some(daughter), &[parent]);
    if let Some(key) = m.w.planted.protected.iter().copied().find(|k| cast.take(*k)) {
        cast.add(21, "protected", "nobody may see the address who does not need it", Some(key), &[]);
    }
}
