//! A campaign: a reason, a budget in money and hours, and what counts as a result. Nothing of it goes without the first two, and
//! it closes with words about the third.

use jiff::SignedDuration;
use kring_core::{Error, Id, Result, Timestamp};
use kring_db::stored;
use kring_frame::{Mark, Permit, Purpose, Tx, UnitId, params, record, sql};

use crate::say;

stored! {
    /// What a message is: about what we do, or a claim about what we reached.
    pub enum Label {
        Process = "process",
        Result = "result",
    }
}

stored! {
    pub enum CampaignState {
        Open = "open",
        Closed = "closed",
    }
}

/// Purposes for which many are written to at once. Coaching is between two people, and a duty of the law is nobody's campaign.
pub const PURPOSES: [Purpose; 6] = [
    Purpose::Orientation,
    Purpose::Service,
    Purpose::Relation,
    Purpose::Research,
    Purpose::Alumni,
    Purpose::Marketing,
];

record! {
    #[derive(Clone, Debug)]
    pub struct Campaign {
        pub id: Id<Campaign>,
        pub name: String,
        pub unit: UnitId,
        pub purpose: Purpose,
        pub reason: String,
        pub label: Label,
        pub budget_cents: i64,
        pub budget_minutes: i64,
        pub mail_cents: i64,
        pub goal_kind: Option<String>,
        pub goal_detail: Option<String>,
        pub goal_days: i64,
        pub state: CampaignState,
        pub outcome: Option<String>,
        pub by: String,
        pub changed_at: Timestamp,
    }
}

impl Campaign {
    /// What a number of mails costs, rounded up to a cent.
    pub fn mails_cost(&self, mails: i64) -> i64 {
        mails.saturating_mul(self.mail_cents).saturating_add(999) / 1000
    }

    /// Until when what somebody does counts, who was written to at a moment.
    pub fn counts_until(&self, written: Timestamp) -> Timestamp {
        written + SignedDuration::from_hours(24 * self.goal_days)
    }
}

/// What a campaign is to be.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    pub unit: UnitId,
    pub purpose: Purpose,
    pub reason: String,
    pub label: Label,
    pub budget_cents: i64,
    pub budget_minutes: i64,
    pub mail_cents: i64,
    pub goal: Option<(String, Option<String>)>,
    pub goal_days: i64,
}

/// All of them, those that are open first.
pub async fn all(tx: &mut Tx) -> Result<Vec<Campaign>> {
    tx.all(
        sql!(
            "select c.id, c.name, c.unit_id, c.purpose, c.reason, c.label, c.budget_cents, c.budget_minutes, c.mail_cents,
                    c.goal_kind, c.goal_detail, c.goal_days, c.state, c.outcome, a.name, c.changed_at
             from campaigns c join actors a on a.id = c.actor_id
             order by case c.state when 'closed' then 1 else 0 end, c.id desc limit 500"
        ),
        params![],
    )
    .await
}

pub async fn one(tx: &mut Tx, id: Id<Campaign>) -> Result<Campaign> {
    tx.one(
        sql!(
            "select c.id, c.name, c.unit_id, c.purpose, c.reason, c.label, c.budget_cents, c.budget_minutes, c.mail_cents,
                    c.goal_kind, c.goal_detail, c.goal_days, c.state, c.outcome, a.name, c.changed_at
             from campaigns c join actors a on a.id = c.actor_id where c.id = $1"
        ),
        params![id],
    )
    .await
}

pub fn may_change(tx: &Tx, permit: &Permit, campaign: &Campaign) -> bool {
    tx.actor().units_of(permit).contains(&campaign.unit)
}

/// One that the actor at work may change: it is of a unit in which the right holds.
pub async fn mine(tx: &mut Tx, permit: &Permit, id: Id<Campaign>) -> Result<Campaign> {
    let campaign = one(tx, id).await?;
    if may_change(tx, permit, &campaign) { Ok(campaign) } else { Err(Error::Forbidden) }
}

pub async fn make(tx: &mut Tx, permit: &Permit, draft: &Draft) -> Result<Id<Campaign>> {
    if !tx.actor().units_of(permit).contains(&draft.unit) {
        return Err(Error::Forbidden);
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let (kind, detail) = draft.goal.clone().unzip();
    let (id,): (Id<Campaign>,) = tx
        .one(
            sql!(
                "insert into campaigns (name, unit_id, purpose, reason, label, budget_cents, budget_minutes, mail_cents, goal_kind,
                     goal_detail, goal_days, state, actor_id, made_at, changed_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open', $12, $13, $13) returning id"
            ),
            params![
                &draft.name,
                draft.unit,
                draft.purpose,
                &draft.reason,
                draft.label,
                draft.budget_cents,
                draft.budget_minutes,
                draft.mail_cents,
                kind,
                detail.flatten(),
                draft.goal_days,
                actor,
                now
            ],
        )
        .await?;
    tx.trail(Mark::changed(permit, "campaign").subject(id.get()).detail("made")).await?;
    Ok(id)
}

/// Another reason, budget, label or goal. For what and for whom it is stays, once something of it went: what people were told
/// about the purpose would no longer be true.
pub async fn change(tx: &mut Tx, permit: &Permit, id: Id<Campaign>, draft: &Draft) -> Result<()> {
    let campaign = mine(tx, permit, id).await?;
    if campaign.state == CampaignState::Closed {
        return Err(Error::Conflict(say::campaign_closed()));
    }
    let moves = campaign.purpose != draft.purpose || campaign.unit != draft.unit;
    if moves && has_gone(tx, id).await? {
        return Err(Error::Conflict(say::campaign_has_gone()));
    }
    if !tx.actor().units_of(permit).contains(&draft.unit) {
        return Err(Error::Forbidden);
    }
    let now = tx.now();
    let (kind, detail) = draft.goal.clone().unzip();
    tx.run(
        sql!(
            "update campaigns set name = $2, unit_id = $3, purpose = $4, reason = $5, label = $6, budget_cents = $7,
                 budget_minutes = $8, mail_cents = $9, goal_kind = $10, goal_detail = $11, goal_days = $12, changed_at = $13
             where id = $1"
        ),
        params![
            id,
            &draft.name,
            draft.unit,
            draft.purpose,
            &draft.reason,
            draft.label,
            draft.budget_cents,
            draft.budget_minutes,
            draft.mail_cents,
            kind,
            detail.flatten(),
            draft.goal_days,
            now
        ],
    )
    .await?;
    tx.trail(Mark::changed(permit, "campaign").subject(id.get()).detail("changed")).await
}

async fn has_gone(tx: &mut Tx, id: Id<Campaign>) -> Result<bool> {
    let (n,): (i64,) = tx
        .one(
            sql!("select count(*) from mailings where campaign_id = $1 and sent_at is not null"),
            params![id],
        )
        .await?;
    Ok(n > 0)
}

/// Closes it with what came of it. What is still on its way is stopped by hand first: closing is an account, no brake.
pub async fn close(tx: &mut Tx, permit: &Permit, id: Id<Campaign>, outcome: &str) -> Result<()> {
    mine(tx, permit, id).await?;
    let (going,): (i64,) = tx
        .one(
            sql!("select count(*) from mailings where campaign_id = $1 and state in ('sending', 'paused')"),
            params![id],
        )
        .await?;
    if going > 0 {
        return Err(Error::Conflict(say::campaign_still_sends()));
    }
    set_state(tx, permit, id, CampaignState::Closed, Some(outcome)).await
}

pub async fn reopen(tx: &mut Tx, permit: &Permit, id: Id<Campaign>) -> Result<()> {
    let campaign = mine(tx, permit, id).await?;
    set_state(tx, permit, id, CampaignState::Open, campaign.outcome.as_deref()).await
}

async fn set_state(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Campaign>,
    to: CampaignState,
    outcome: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!("update campaigns set state = $2, outcome = $3, changed_at = $4 where id = $1"),
        params![id, to, outcome, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "campaign").subject(id.get()).detail(to.as_str())).await
}
