//! The nightly count of the pressure of contact. Consent counts the approaches; what was held back stands in the messages.

use jiff::SignedDuration;
use kring_consent::pressure::{self, Counted, PERIODS, Refusals, is_held_back};
use kring_core::Result;
use kring_frame::{Actor, House, params, sql};

/// Once a day of the institution, beside the work of others: only keeping it writes. `false` when it was done today.
pub async fn nightly(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    if !pressure::is_due(&mut look).await? {
        return Ok(false);
    }
    drop(look);
    count_pressure(house).await.map(|()| true)
}

/// Counts now, whenever it was done last.
pub async fn count_pressure(house: &House) -> Result<()> {
    let mut look = house.read(&Actor::robot()).await?;
    let mut counted = Vec::new();
    for days in PERIODS {
        let now = look.now();
        let refused: Vec<Refusals> = look
            .all(
                sql!(
                    "select unit_id, coalesce(reason, ''), count(*) from messages
                     where state = 'refused' and due_at > $1 and due_at <= $2 group by unit_id, coalesce(reason, '')"
                ),
                params![now - SignedDuration::from_hours(24 * days), now],
            )
            .await?;
        let refusals = refused.into_iter().filter(|one| is_held_back(&one.reason)).collect();
        counted.push(Counted { days, figures: pressure::count(&mut look, days).await?, refusals });
    }
    drop(look);
    pressure::keep(house, &counted).await
}
