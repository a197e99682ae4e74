//! What came of a mailing: how many got it, did what it is held for, wrote back, wanted no more of it; each with its interval.
//! Opening is not counted: programs open mails, and people read without that anybody sees it.

use kring_core::{Id, Result};
use kring_frame::{Tx, params, record, sql};

use crate::{
    campaign::Campaign,
    letter,
    mailing::{self, Mailing},
};

record! {
    /// Those who got one text, or nothing to compare with.
    #[derive(Clone, Debug, Default)]
    pub struct Row {
        pub variant: Option<i64>,
        /// Meant to get it, with what became of that.
        pub people: i64,
        pub planned: i64,
        pub went: i64,
        pub bounced: i64,
        pub refused: i64,
        pub doubtful: i64,
        /// Of those who got it (or of all who were held out).
        pub reached: i64,
        pub wrote: i64,
        pub left: i64,
        pub complained: i64,
    }
}

/// Of so many who got a text, so many did what the campaign is held for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Arm {
    pub went: u64,
    pub reached: u64,
}

/// By text, those who were held out last. A message that came back, or of which we do not know, was not got: who did not get it
/// cannot have answered it, and would make every share smaller than it is.
pub async fn of(tx: &mut Tx, mailing: Id<Mailing>) -> Result<Vec<Row>> {
    tx.all(
        sql!(
            "select p.variant, count(*),
                    count(*) filter (where m.state in ('planned', 'claimed', 'data')),
                    count(*) filter (where m.state = 'sent'),
                    count(*) filter (where m.reason = 'bounced'),
                    count(*) filter (where m.state in ('refused', 'cancelled') and m.reason is distinct from 'bounced'),
                    count(*) filter (where m.state = 'doubtful'),
                    count(*) filter (where p.reached_at is not null and (m.state = 'sent' or p.variant is null)),
                    count(*) filter (where p.wrote_at is not null),
                    count(*) filter (where p.left_at is not null),
                    count(*) filter (where p.complained_at is not null)
             from mailing_people p left join messages m on m.kind = $2 and m.subject_id = p.id
             where p.mailing_id = $1 group by p.variant order by p.variant is null, p.variant"
        ),
        params![mailing, letter::KIND],
    )
    .await
}

/// Why some did not get it, most frequent first, as codes.
pub async fn reasons(tx: &mut Tx, mailing: Id<Mailing>) -> Result<Vec<(String, i64)>> {
    let (first, last) = letter::subjects(mailing.get())?;
    tx.all(
        sql!(
            "select coalesce(reason, state), count(*) from messages
             where kind = $1 and subject_id between $2 and $3 and state in ('refused', 'cancelled')
             group by 1 order by 2 desc, 1 limit 20"
        ),
        params![letter::KIND, first, last],
    )
    .await
}

/// The two texts of a test, counted up to now: it is asked once, when it is decided.
pub async fn arms(tx: &mut Tx, mailing: &Mailing) -> Result<[Arm; 2]> {
    let rows = of(tx, mailing.id).await?;
    let arm = |variant: i64| {
        let row = rows.iter().find(|row| row.variant == Some(variant));
        row.map_or(Arm::default(), |row| Arm {
            went: u64::try_from(row.went).unwrap_or_default(),
            reached: u64::try_from(row.reached).unwrap_or_default(),
        })
    };
    Ok([arm(0), arm(1)])
}

/// All of a campaign together.
pub async fn sum(tx: &mut Tx, campaign: &Campaign) -> Result<Row> {
    let mut sum = Row::default();
    for mailing in mailing::of(tx, campaign.id).await? {
        for row in of(tx, mailing.id).await?.into_iter().filter(|row| row.variant.is_some()) {
            sum.people += row.people;
            sum.planned += row.planned;
            sum.went += row.went;
            sum.bounced += row.bounced;
            sum.refused += row.refused;
            sum.doubtful += row.doubtful;
            sum.reached += row.reached;
            sum.wrote += row.wrote;
            sum.left += row.left;
            sum.complained += row.complained;
        }
    }
    Ok(sum)
}
