//! A mailing: its draft, whether it was approved, and what it does.
//!
//! ```text
//! draft → asked → approved → sending ⇄ paused → done
//!   ↖______|_________|          ↓_________↓→ stopped
//! ```
//!
//! Any change leads back to `draft`: what was approved is what goes.

use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{About, ActorId, MailingChanged, Mark, Permit, Tx, UnitId, params, record, sql};

use crate::{
    APPROVE,
    campaign::{self, Campaign, CampaignState},
    check,
    plan::{Draw, Plan},
    policy, say,
};

stored! {
    pub enum MailingState {
        Draft = "draft",
        /// Somebody is asked to approve it.
        Asked = "asked",
        Approved = "approved",
        Sending = "sending",
        Paused = "paused",
        Stopped = "stopped",
        Done = "done",
    }
}

impl MailingState {
    /// Nobody was written to yet: it may still be changed.
    pub fn is_before(self) -> bool {
        matches!(self, Self::Draft | Self::Asked | Self::Approved)
    }
}

stored! {
    /// What is being sent: to those who compare two texts, to nobody until it is decided, to everybody else; and, when all are
    /// planned, what is still on its way, which a pause and a stop must hold as well.
    pub enum Phase {
        Test = "test",
        Verdict = "verdict",
        Rest = "rest",
        Way = "way",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Mailing {
        pub id: Id<Mailing>,
        pub campaign: Id<Campaign>,
        pub unit: UnitId,
        pub name: String,
        pub state: MailingState,
        pub draft: i64,
        pub approved_by: Option<String>,
        pub remark: Option<String>,
        pub seed: i64,
        pub total: i64,
        pub held_out: i64,
        pub phase: Option<Phase>,
        pub phase_total: i64,
        pub phase_taken: i64,
        pub phase_at: Option<Timestamp>,
        pub paused_at: Option<Timestamp>,
        pub brake: Option<String>,
        pub brake_off: bool,
        pub decides_at: Option<Timestamp>,
        pub winner: Option<i64>,
        pub told_apart: Option<bool>,
        pub maker: ActorId,
        pub by: String,
        pub changed_at: Timestamp,
        pub sent_at: Option<Timestamp>,
    }
}

pub async fn one(tx: &mut Tx, id: Id<Mailing>) -> Result<Mailing> {
    tx.one(
        sql!(
            "select m.id, m.campaign_id, c.unit_id, m.name, m.state, m.draft, y.name, m.remark, m.seed, m.total, m.held_out,
                    m.phase, m.phase_total, m.phase_taken, m.phase_at, m.paused_at, m.brake, m.brake_off, m.decides_at,
                    m.winner, m.told_apart, m.actor_id, a.name, m.changed_at, m.sent_at
             from mailings m join campaigns c on c.id = m.campaign_id join actors a on a.id = m.actor_id
             left join actors y on y.id = m.approved_by where m.id = $1"
        ),
        params![id],
    )
    .await
}

/// The mailings of a campaign, newest first.
pub async fn of(tx: &mut Tx, campaign: Id<Campaign>) -> Result<Vec<Mailing>> {
    tx.all(
        sql!(
            "select m.id, m.campaign_id, c.unit_id, m.name, m.state, m.draft, y.name, m.remark, m.seed, m.total, m.held_out,
                    m.phase, m.phase_total, m.phase_taken, m.phase_at, m.paused_at, m.brake, m.brake_off, m.decides_at,
                    m.winner, m.told_apart, m.actor_id, a.name, m.changed_at, m.sent_at
             from mailings m join campaigns c on c.id = m.campaign_id join actors a on a.id = m.actor_id
             left join actors y on y.id = m.approved_by where m.campaign_id = $1 order by m.id desc limit 200"
        ),
        params![campaign],
    )
    .await
}

pub fn may_change(tx: &Tx, permit: &Permit, mailing: &Mailing) -> bool {
    tx.actor().units_of(permit).contains(&mailing.unit)
}

/// One that the actor at work may change: it is of a unit in which the right holds.
pub async fn mine(tx: &mut Tx, permit: &Permit, id: Id<Mailing>) -> Result<Mailing> {
    let mailing = one(tx, id).await?;
    if may_change(tx, permit, &mailing) { Ok(mailing) } else { Err(Error::Forbidden) }
}

pub async fn make(
    tx: &mut Tx,
    permit: &Permit,
    campaign: Id<Campaign>,
    name: &str,
    segment: Option<i64>,
    lang: Lang,
) -> Result<Id<Mailing>> {
    let campaign = campaign::mine(tx, permit, campaign).await?;
    if campaign.state == CampaignState::Closed {
        return Err(Error::Conflict(say::campaign_closed()));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    let seed = i64::from_ne_bytes(tx.house().chance.bytes::<8>());
    let (id,): (Id<Mailing>,) = tx
        .one(
            sql!(
                "insert into mailings (campaign_id, name, state, draft, seed, actor_id, made_at, changed_at)
                 values ($1, $2, 'draft', 0, $3, $4, $5, $5) returning id"
            ),
            params![campaign.id, name, seed, actor, now],
        )
        .await?;
    keep(tx, id, 0, &Plan { segment, ..Plan::new(lang) }).await?;
    tx.trail(Mark::changed(permit, "mailing").subject(id.get()).detail("made")).await?;
    Ok(id)
}

pub async fn rename(tx: &mut Tx, permit: &Permit, id: Id<Mailing>, name: &str) -> Result<()> {
    mine(tx, permit, id).await?;
    tx.run(sql!("update mailings set name = $2 where id = $1"), params![id, name]).await?;
    tx.trail(Mark::changed(permit, "mailing").subject(id.get()).detail("named")).await
}

/// What it is to be, or was when it went.
pub async fn plan(tx: &mut Tx, mailing: &Mailing) -> Result<Plan> {
    let (text,): (String,) = tx
        .one(
            sql!("select plan from mailing_drafts where mailing_id = $1 and no = $2"),
            params![mailing.id, mailing.draft],
        )
        .await?;
    serde_json::from_str(&text).map_err(Error::broken)
}

/// Changes the draft. `before` is the one that the editor saw.
pub async fn change(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Mailing>,
    before: i64,
    change: impl FnOnce(&mut Plan) -> Result<()>,
) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    if !mailing.state.is_before() {
        return Err(Error::Conflict(say::mailing_has_begun()));
    }
    if mailing.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    let mut plan = plan(tx, &mailing).await?;
    change(&mut plan)?;
    keep(tx, id, mailing.draft, &plan).await
}

/// Writes a plan down as the draft after `before`; those that had been undone are gone.
async fn keep(tx: &mut Tx, id: Id<Mailing>, before: i64, plan: &Plan) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let text = serde_json::to_string(plan).map_err(Error::broken)?;
    let no = before + 1;
    tx.run(sql!("delete from mailing_drafts where mailing_id = $1 and no >= $2"), params![id, no]).await?;
    tx.run(
        sql!("insert into mailing_drafts (mailing_id, no, plan, actor_id, at) values ($1, $2, $3, $4, $5)"),
        params![id, no, text, actor, now],
    )
    .await?;
    at_draft(tx, id, before, no).await
}

/// The draft that counts is another, and whoever approved the one before did not see it.
async fn at_draft(tx: &mut Tx, id: Id<Mailing>, before: i64, no: i64) -> Result<()> {
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update mailings set draft = $3, changed_at = $4, state = 'draft', approved_by = null
                 where id = $1 and draft = $2 and state in ('draft', 'asked', 'approved')"
            ),
            params![id, before, no, now],
        )
        .await?;
    if done == 1 { Ok(()) } else { Err(Error::Conflict(say::draft_meanwhile())) }
}

/// One step back, or forward again.
pub async fn undo(tx: &mut Tx, permit: &Permit, id: Id<Mailing>, back: bool) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    let to = if back { mailing.draft - 1 } else { mailing.draft + 1 };
    let (there,): (i64,) = tx
        .one(sql!("select count(*) from mailing_drafts where mailing_id = $1 and no = $2"), params![id, to])
        .await?;
    if there == 0 {
        return Err(Error::Conflict(say::nothing_to_undo()));
    }
    at_draft(tx, id, mailing.draft, to).await
}

/// Whether there is a draft to go back to, and one to go forward to.
pub async fn can_undo(tx: &mut Tx, mailing: &Mailing) -> Result<(bool, bool)> {
    let (back, on): (i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where no = $2 - 1), count(*) filter (where no = $2 + 1)
                 from mailing_drafts where mailing_id = $1"
            ),
            params![mailing.id, mailing.draft],
        )
        .await?;
    Ok((back > 0, on > 0))
}

/// Asks somebody to approve it, or takes that back.
pub async fn ask(tx: &mut Tx, permit: &Permit, id: Id<Mailing>, ask: bool) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    if ask {
        ready(tx, &mailing).await?;
    }
    let (from, to) = if ask {
        (MailingState::Draft, MailingState::Asked)
    } else {
        (MailingState::Asked, MailingState::Draft)
    };
    turn(tx, permit, &mailing, from, to).await
}

/// Says yes to what another made, or gives it back with a remark. It is never one's own.
pub async fn judge(tx: &mut Tx, permit: &Permit, id: Id<Mailing>, remark: Option<&str>) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    let actor = tx.actor().id;
    if mailing.maker == actor || last_hand(tx, &mailing).await? == actor {
        return Err(Error::Conflict(say::not_your_own()));
    }
    let to = if remark.is_some() { MailingState::Draft } else { MailingState::Approved };
    if to == MailingState::Approved {
        ready(tx, &mailing).await?;
    }
    turn(tx, permit, &mailing, MailingState::Asked, to).await?;
    let by = (to == MailingState::Approved).then_some(actor);
    tx.run(sql!("update mailings set approved_by = $2, remark = $3 where id = $1"), params![id, by, remark])
        .await
        .map(drop)
}

/// Who changed the draft last: that, too, is making it.
async fn last_hand(tx: &mut Tx, mailing: &Mailing) -> Result<ActorId> {
    let (actor,) = tx
        .one(
            sql!("select actor_id from mailing_drafts where mailing_id = $1 and no = $2"),
            params![mailing.id, mailing.draft],
        )
        .await?;
    Ok(actor)
}

/// Refuses what is not fit to go.
async fn ready(tx: &mut Tx, mailing: &Mailing) -> Result<()> {
    let campaign = campaign::one(tx, mailing.campaign).await?;
    let plan = plan(tx, mailing).await?;
    let found = check::check(tx, &campaign, mailing, &plan).await?;
    if found.iter().any(|finding| finding.stops) {
        return Err(Error::Conflict(say::not_ready()));
    }
    Ok(())
}

/// Decides who is meant, and lets it begin. It goes to those who are in the segment at this moment.
pub async fn send(tx: &mut Tx, permit: &Permit, id: Id<Mailing>, before: i64) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    if mailing.draft != before {
        return Err(Error::Conflict(say::draft_meanwhile()));
    }
    ready(tx, &mailing).await?;
    let plan = plan(tx, &mailing).await?;
    let people = check::people(tx, &plan).await?;
    let total = i64::try_from(people.len()).map_err(Error::broken)?;
    let needed = policy::asks(tx, total).await?;
    let from = if needed { MailingState::Approved } else { MailingState::Draft };
    if needed && mailing.state != MailingState::Approved {
        return Err(Error::Conflict(say::approval_needed()));
    }
    let from = if mailing.state == MailingState::Approved { MailingState::Approved } else { from };
    let draw = Draw::new(mailing.seed, &plan);
    let numbers = || people.iter().map(i64::from);
    let held_out = numbers().filter(|n| draw.held_out(*n)).count();
    let tested = numbers().filter(|n| !draw.held_out(*n) && draw.tested(*n).is_some()).count();
    let phase = if plan.compares() { Phase::Test } else { Phase::Rest };
    let meant = i64::try_from(people.len() as usize - held_out).map_err(Error::broken)?;
    let phase_total =
        if phase == Phase::Test { i64::try_from(tested).map_err(Error::broken)? } else { meant };
    let mut bytes = Vec::with_capacity(people.serialized_size());
    people.serialize_into(&mut bytes).map_err(Error::broken)?;
    turn(tx, permit, &mailing, from, MailingState::Sending).await?;
    let now = tx.now();
    let begins = plan.begins_at.unwrap_or(now).max(now);
    tx.run(
        sql!(
            "update mailings set people = $2, total = $3, held_out = $4, phase = $5, phase_total = $6, phase_taken = 0,
                 after_person = 0, phase_at = $7, sent_at = $8 where id = $1"
        ),
        params![id, bytes.as_slice(), total, i64::try_from(held_out).unwrap_or_default(), phase, phase_total, begins, now],
    )
    .await
    .map(drop)
}

/// Holds it: what was planned and has not gone waits.
pub async fn pause(tx: &mut Tx, permit: &Permit, id: Id<Mailing>) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    turn(tx, permit, &mailing, MailingState::Sending, MailingState::Paused).await?;
    let now = tx.now();
    tx.run(sql!("update mailings set paused_at = $2 where id = $1"), params![id, now]).await.map(drop)
}

/// Goes on where it was. The time it stood still is not made up for: it would come as a burst. Whoever lets it go on after it
/// paused by itself has seen why, so it does not pause by itself again.
pub async fn go_on(tx: &mut Tx, permit: &Permit, id: Id<Mailing>) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    turn(tx, permit, &mailing, MailingState::Paused, MailingState::Sending).await?;
    let now = tx.now();
    let stood = now.duration_since(mailing.paused_at.unwrap_or(now));
    let phase_at = mailing.phase_at.map(|at| at + stood);
    let decides_at = mailing.decides_at.map(|at| at + stood);
    let off = mailing.brake_off || mailing.brake.is_some();
    tx.run(
        sql!(
            "update mailings set phase_at = $2, decides_at = $3, paused_at = null, brake = null, brake_off = $4 where id = $1"
        ),
        params![id, phase_at, decides_at, off],
    )
    .await?;
    kring_talks::due_now(tx).await
}

/// Ends it: nobody else gets it, also not who was planned.
pub async fn stop(tx: &mut Tx, permit: &Permit, id: Id<Mailing>) -> Result<()> {
    let mailing = mine(tx, permit, id).await?;
    if !matches!(mailing.state, MailingState::Sending | MailingState::Paused) {
        return Err(Error::Conflict(say::mailing_elsewhere()));
    }
    turn(tx, permit, &mailing, mailing.state, MailingState::Stopped).await?;
    let now = tx.now();
    tx.run(sql!("update mailings set people = null, ended_at = $2 where id = $1"), params![id, now])
        .await
        .map(drop)
}

/// From one state to another, with a mark in the trail; refused when somebody else was first.
async fn turn(
    tx: &mut Tx,
    permit: &Permit,
    mailing: &Mailing,
    from: MailingState,
    to: MailingState,
) -> Result<()> {
    tx.trail(Mark::changed(permit, "mailing").subject(mailing.id.get()).detail(to.as_str())).await?;
    turned(tx, mailing, from, to).await
}

/// The same by nobody's hand.
pub(crate) async fn turned(
    tx: &mut Tx,
    mailing: &Mailing,
    from: MailingState,
    to: MailingState,
) -> Result<()> {
    let now = tx.now();
    let done = tx
        .run(
            sql!("update mailings set state = $3, changed_at = $4 where id = $1 and state = $2"),
            params![mailing.id, from, to, now],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::mailing_elsewhere()));
    }
    let about = About::default().in_unit(mailing.unit).subject(mailing.id.get());
    tx.tell(about, &MailingChanged { campaign: mailing.campaign.get(), state: to.to_string() })
        .await
        .map(drop)
}

/// Whether the actor at work is one who approves in the unit of a mailing, and did not make it.
pub async fn may_judge(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let mine = tx.actor().units(&APPROVE).contains(&mailing.unit);
    Ok(mine && mailing.maker != tx.actor().id && last_hand(tx, mailing).await? != tx.actor().id)
}
