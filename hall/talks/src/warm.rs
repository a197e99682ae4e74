//! Warming up: an address that never sent anything and then sends a hundred thousand mails in a day is taken for a spammer, so
//! the first days have limits that grow. Answers to people are counted, and wait for nothing.

use jiff::civil::Date;
use kring_consent::MessageClass;
use kring_core::{Result, Timestamp};
use kring_frame::{Tx, params, sql};
use kring_lang::dates;

/// From this day on, so many mails on each; after the last day there is no limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp {
    pub from: Date,
    pub days: Vec<i64>,
}

impl WarmUp {
    /// The limit of a day; before the plan begins it is that of its first day, since nobody has warmed up.
    fn limit(&self, day: Date) -> Option<i64> {
        let since = day.since(self.from).ok().map_or(0, |span| i64::from(span.get_days()).max(0));
        self.days.get(usize::try_from(since).ok()?).copied()
    }
}

/// How many more of what we begin ourselves may go today; `None` is any number. Reads only: the gate counts.
pub(crate) async fn left(tx: &mut Tx, plan: Option<&WarmUp>) -> Result<Option<i64>> {
    let today = today(tx);
    let Some(limit) = plan.and_then(|plan| plan.limit(today)) else { return Ok(None) };
    let handed: Option<(i64,)> =
        tx.maybe(sql!("select handed from mail_days where day = $1"), params![today]).await?;
    Ok(Some((limit - handed.map_or(0, |(handed,)| handed)).max(0)))
}

/// Counts these for today, as far as there is room: whether each may go, in their order.
pub(crate) async fn count(tx: &mut Tx, plan: Option<&WarmUp>, classes: &[MessageClass]) -> Result<Vec<bool>> {
    let today = today(tx);
    let Some(limit) = plan.and_then(|plan| plan.limit(today)) else { return Ok(vec![true; classes.len()]) };
    // Held until the commit: whoever else counts for today waits.
    let (handed,): (i64,) = tx
        .one(
            sql!(
                "insert into mail_days (day, handed) values ($1, 0)
                 on conflict (day) do update set handed = mail_days.handed returning handed"
            ),
            params![today],
        )
        .await?;
    let mut after = handed;
    let goes = classes.iter().map(|class| {
        let goes = *class == MessageClass::Transactional || after < limit;
        after += i64::from(goes);
        goes
    });
    let goes = goes.collect();
    tx.run(sql!("update mail_days set handed = $2 where day = $1"), params![today, after]).await?;
    Ok(goes)
}

/// When tomorrow begins; whoever has quiet hours then gets it when they end.
pub(crate) fn tomorrow(tx: &Tx) -> Timestamp {
    let zone = &tx.house().settings.zone;
    let begins = tx.now().to_zoned(zone.clone()).tomorrow().and_then(|day| day.start_of_day());
    begins.map_or(Timestamp::MAX, |day| day.timestamp())
}

fn today(tx: &Tx) -> Date {
    dates::date_of(tx.now(), &tx.house().settings.zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_day_has_its_limit_and_after_the_last_there_is_none() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let plan = WarmUp { from: day("2026-12-30"), days: vec![100, 200, 400] };
        let limits = ["2026-12-01", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02"];
        let limits: Vec<_> = limits.iter().map(|text| plan.limit(day(text))).collect();
        assert_eq!(limits, [Some(100), Some(100), Some(200), Some(400), None]);
    }
}
