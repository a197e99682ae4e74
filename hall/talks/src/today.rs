//! Two units, one person, one day: whoever is about to approach somebody hears that another unit does so today.

use kring_core::{Error, Lang, Result};
use kring_frame::{Fut, PersonId, Tx, UnitId, params, sql};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, units};

use crate::Words;

/// Which other units have a message to this person that went today, or goes before the day is over; `unit` is one's own. What
/// coaches write and what the law demands is not told, since that it was written says something already.
pub async fn approached_today(tx: &mut Tx, person: PersonId, unit: Option<UnitId>) -> Result<Vec<UnitId>> {
    let zone = tx.house().settings.zone.clone();
    let today = dates::date_of(tx.now(), &zone);
    let begin = today.to_zoned(zone.clone()).map_err(Error::broken)?.timestamp();
    let end =
        today.saturating_add(jiff::Span::new().days(1)).to_zoned(zone).map_err(Error::broken)?.timestamp();
    // What is overdue goes today as well, as far as anybody knows.
    let found: Vec<(UnitId,)> = tx
        .all(
            sql!(
                "select distinct unit_id from messages
                 where person_id = $1 and unit_id is not null and unit_id is distinct from $2
                   and purpose not in ('coaching', 'legal')
                   and ((state in ('planned', 'claimed') and due_at < $4)
                     or (state in ('data', 'sent', 'doubtful') and handed_at >= $3 and handed_at < $4))
                 order by unit_id"
            ),
            params![person, unit, begin, end],
        )
        .await?;
    Ok(found.into_iter().map(|(unit,)| unit).collect())
}

/// The line at the head of a person's page. Of another legal entity nothing is said: that wall stands here as well.
pub fn head(tx: &mut Tx, lang: Lang, person: PersonId) -> Fut<'_, Option<(String, Vec<String>)>> {
    Box::pin(async move {
        let w = Words(lang);
        let all = units::all(tx).await?;
        let actor = tx.actor().clone();
        let home = units::highest(&all, actor.units(&READ_PEOPLE)).first().copied();
        let ours = home.and_then(|home| units::controller(&all, home));
        let others = approached_today(tx, person, home).await?;
        let says: Vec<String> = others
            .into_iter()
            .filter(|unit| units::controller(&all, *unit) == ours)
            .filter_map(|unit| Some(w.today_writes(all.iter().find(|u| u.id == unit)?.name(lang))))
            .collect();
        Ok((!says.is_empty()).then(|| (w.today_title().to_owned(), says)))
    })
}
