//! What a campaign costs: what was booked, and the mails that went.

use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Mark, Permit, Tx, params, record, sql};

use crate::{
    campaign::{self, Campaign, CampaignState},
    letter, say,
};

record! {
    #[derive(Clone, Debug)]
    pub struct Cost {
        pub id: i64,
        pub what: String,
        pub cents: i64,
        pub minutes: i64,
        pub by: String,
        pub at: Timestamp,
        pub taken_back: Option<Timestamp>,
    }
}

/// What went out of a budget.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub cents: i64,
    pub minutes: i64,
    /// Mails that went, or of which we do not know it.
    pub mails: i64,
}

/// The bookings of a campaign, newest first.
pub async fn of(tx: &mut Tx, id: Id<Campaign>) -> Result<Vec<Cost>> {
    tx.all(
        sql!(
            "select k.id, k.what, k.cents, k.minutes, a.name, k.at, k.taken_back_at
             from campaign_costs k join actors a on a.id = k.actor_id where k.campaign_id = $1 order by k.id desc limit 200"
        ),
        params![id],
    )
    .await
}

pub async fn book(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Campaign>,
    what: &str,
    cents: i64,
    minutes: i64,
) -> Result<i64> {
    let campaign = campaign::mine(tx, permit, id).await?;
    if campaign.state == CampaignState::Closed {
        return Err(Error::Conflict(say::campaign_closed()));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let (cost,) = tx
        .one(
            sql!(
                "insert into campaign_costs (campaign_id, what, cents, minutes, actor_id, at)
                 values ($1, $2, $3, $4, $5, $6) returning id"
            ),
            params![id, what, cents, minutes, actor, now],
        )
        .await?;
    tx.trail(Mark::changed(permit, "campaign").subject(id.get()).detail("cost booked")).await?;
    Ok(cost)
}

/// Takes a booking back, or, taken back, lets it count again.
pub async fn take_back(tx: &mut Tx, permit: &Permit, cost: i64) -> Result<Id<Campaign>> {
    let (id,): (Id<Campaign>,) =
        tx.one(sql!("select campaign_id from campaign_costs where id = $1"), params![cost]).await?;
    campaign::mine(tx, permit, id).await?;
    let now = tx.now();
    tx.run(
        sql!(
            "update campaign_costs set taken_back_at = case when taken_back_at is null then cast($2 as bigint) end where id = $1"
        ),
        params![cost, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "campaign").subject(id.get()).detail("cost taken back")).await?;
    Ok(id)
}

pub async fn spent(tx: &mut Tx, campaign: &Campaign) -> Result<Spent> {
    let (cents, minutes): (i64, i64) = tx
        .one(
            sql!(
                "select cast(coalesce(sum(cents), 0) as bigint), cast(coalesce(sum(minutes), 0) as bigint)
                 from campaign_costs where campaign_id = $1 and taken_back_at is null"
            ),
            params![campaign.id],
        )
        .await?;
    let mailings: Vec<(i64,)> = tx
        .all(
            sql!("select id from mailings where campaign_id = $1 and sent_at is not null"),
            params![campaign.id],
        )
        .await?;
    let mut mails = 0;
    for (mailing,) in mailings {
        let (first, last) = letter::subjects(mailing)?;
        let (n,): (i64,) = tx
            .one(
                sql!(
                    "select count(*) from messages where kind = $1 and subject_id between $2 and $3
                       and (state in ('data', 'sent', 'doubtful') or reason = 'bounced')"
                ),
                params![letter::KIND, first, last],
            )
            .await?;
        mails += n;
    }
    Ok(Spent { cents: cents + campaign.mails_cost(mails), minutes, mails })
}
