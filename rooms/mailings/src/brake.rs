//! A mailing pauses by itself when it does harm. Complaints above two in a thousand cost the institution the mailboxes of
//! everybody (providers act from one to three in a thousand); many bounces among the first say that the list is old.

use kring_core::Result;
use kring_frame::{Tx, params, sql};

use crate::{
    letter,
    mailing::{self, Mailing, MailingState},
};

/// Bounces are judged among so many that went first: later ones say nothing that they did not.
const FIRST: i64 = 500;
/// Below so many a single one would be a share that means nothing.
const FEWEST: i64 = 100;
/// One complaint may be a slip of the finger.
const FEWEST_COMPLAINTS: i64 = 2;

/// Whether so many of those who got it say that it should wait: `complaints` or `bounces`.
pub const fn judges(went: i64, complaints: i64, first_went: i64, first_bounced: i64) -> Option<&'static str> {
    if complaints >= FEWEST_COMPLAINTS && complaints * 1000 >= went * 2 {
        return Some("complaints");
    }
    if first_went >= FEWEST && first_bounced * 100 >= first_went * 5 {
        return Some("bounces");
    }
    None
}

/// Why it must pause, if it must.
pub async fn why(tx: &mut Tx, mailing: &Mailing) -> Result<Option<&'static str>> {
    if mailing.brake_off {
        return Ok(None);
    }
    let (complaints,): (i64,) = tx
        .one(
            sql!("select count(*) from mailing_people where mailing_id = $1 and complained_at is not null"),
            params![mailing.id],
        )
        .await?;
    let (first, last) = letter::subjects(mailing.id.get())?;
    let (went, bounced): (i64, i64) = tx
        .one(
            sql!(
                "select count(*), count(*) filter (where f.reason = 'bounced') from (
                     select m.reason from messages m where m.kind = $1 and m.subject_id between $2 and $3
                       and (m.state in ('sent', 'doubtful') or m.reason = 'bounced') order by m.subject_id limit $4) f"
            ),
            params![letter::KIND, first, last, FIRST],
        )
        .await?;
    // As long as there are few complaints, the share of all who got it need not be counted.
    let all = if complaints < FEWEST_COMPLAINTS { went } else { all_went(tx, first, last).await? };
    Ok(judges(all, complaints, went, bounced))
}

pub async fn pull(tx: &mut Tx, mailing: &Mailing, why: &str) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!("update mailings set paused_at = $2, brake = $3 where id = $1"),
        params![mailing.id, now, why],
    )
    .await?;
    mailing::turned(tx, mailing, MailingState::Sending, MailingState::Paused).await
}

async fn all_went(tx: &mut Tx, first: i64, last: i64) -> Result<i64> {
    let (n,) = tx
        .one(
            sql!(
                "select count(*) from messages where kind = $1 and subject_id between $2 and $3
                   and (state in ('sent', 'doubtful') or reason = 'bounced')"
            ),
            params![letter::KIND, first, last],
        )
        .await?;
    Ok(n)
}

#[cfg(test)]
mod tests {
    use super::judges;

    #[test]
    fn it_pulls_at_two_in_a_thousand_and_one_in_twenty() {
        assert_eq!(judges(1_000, 1, 500, 0), None, "one complaint may be a slip");
        assert_eq!(judges(1_000, 2, 500, 0), Some("complaints"));
        assert_eq!(judges(10_000, 19, 500, 0), None);
        assert_eq!(judges(99, 0, 99, 99), None, "too few to say");
        assert_eq!(judges(500, 0, 500, 24), None);
        assert_eq!(judges(500, 0, 500, 25), Some("bounces"));
    }
}
