//! Where the values of a party's own row came from.

use std::collections::HashSet;

use kring_core::{Result, Timestamp};
use kring_frame::Tx;

use crate::{Party, organisation, person, source};

/// A value of the own row with where it came from.
pub struct Traced {
    pub attribute: String,
    pub source: String,
    pub by: String,
    pub at: Timestamp,
}

/// Where and when somebody came from, and where the values of the own row came from since: the newest of each.
pub async fn own_sources(tx: &mut Tx, party: Party) -> Result<((String, Timestamp), Vec<Traced>)> {
    let (came, mut all): (_, Vec<Traced>) = match party {
        Party::Person(id) => {
            let p = person::load(tx, id).await?;
            let sources = source::of_person(tx, id).await?.into_iter();
            let traced =
                sources.map(|s| Traced { attribute: s.attribute, source: s.source, by: s.by, at: s.at });
            ((p.source, p.created_at), traced.collect())
        }
        Party::Organisation(id) => {
            let o = organisation::load(tx, id).await?;
            let sources = source::of_organisation(tx, id).await?.into_iter();
            let traced =
                sources.map(|s| Traced { attribute: s.attribute, source: s.source, by: s.by, at: s.at });
            ((o.source, o.created_at), traced.collect())
        }
    };
    let mut seen = HashSet::new();
    all.retain(|t| seen.insert(t.attribute.clone()));
    Ok((came, all))
}
