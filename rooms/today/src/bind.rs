use std::time::Instant;

use jiff::SignedDuration;
use kring_core::{Lang, Result};
use kring_frame::{ArcState, RingArc, Tx, params, sql};
use kring_lang::numbers;
use kring_people::{READ_FIGURES, READ_PEOPLE};

use crate::Words;

/// Alumni with whom there was contact in the last twelve months, out of all we know. A count of everybody, not a
/// sample, so it carries no interval; where everybody are very many, it is the count of a moment ago.
pub async fn reached(tx: &mut Tx, lang: Lang) -> Result<Option<ArcState>> {
    let reads = tx.actor().may(&READ_PEOPLE);
    if !reads && !tx.actor().may(&READ_FIGURES) {
        return Ok(None);
    }
    let w = Words(lang);
    let since = tx.now() - SignedDuration::from_hours(24 * 365);
    let house = tx.house().clone();
    let [reached, all] = match house.kept.get("alumni.reached") {
        Some(counts) => counts,
        None => {
            let begun = Instant::now();
            let (reached, all): (i64, i64) = tx
                .one(
                    sql!(
                        "select count(distinct p.id) filter (where p.last_contact_at > $1), count(distinct p.id)
                         from party_roles r join people p on p.id = r.person_id
                         where r.kind = 'alumnus' and r.valid_to is null and p.state = 'known'"
                    ),
                    params![since],
                )
                .await?;
            house.kept.put("alumni.reached", begun, &[reached, all]);
            [reached, all]
        }
    };
    let mut arc = ArcState::new(RingArc::Bind, if reads { "/people?role=alumnus" } else { "" });
    if all == 0 {
        arc.what = w.bind_nobody().to_owned();
        return Ok(Some(arc));
    }
    arc.figure = numbers::percent(reached as f64 / all as f64, 1, lang);
    arc.what = w.bind_reached(reached, all);
    Ok(Some(arc))
}
