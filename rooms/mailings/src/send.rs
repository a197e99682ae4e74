//! Some of a mailing are planned, in the order of their numbers and spread over its hours; and two texts are judged, once, when
//! it was said that they would be.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use kring_consent::{Approach, MessageClass};
use kring_core::{Error, Id, Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{Actor, House, PersonId, Tx, params, record, sql};
use kring_stats::{Counted, Level, difference};
use kring_talks::{Plan as Message, plan_many};
use roaring::RoaringBitmap;

use crate::{
    brake,
    campaign::{self, Campaign},
    letter,
    mailing::{self, Mailing, MailingState, Phase},
    plan::{Draw, Plan},
    result,
};

/// People planned in one transaction.
const AT_ONCE: i64 = 500;

record! {
    struct Held {
        people: Option<Vec<u8>>,
        after: i64,
    }
}

/// Some of every mailing that is being sent; `false` when nobody is to be planned now.
pub async fn step(house: &House) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let sending: Vec<(Id<Mailing>,)> =
        look.all(sql!("select id from mailings where state = 'sending' order by id"), params![]).await?;
    drop(look);
    let mut some = false;
    for (id,) in sending {
        some |= one_step(house, id).await?;
    }
    Ok(some)
}

/// Whether anything is to be done now: looked up without the one writer, since a mailing waits for most of its hours.
async fn is_due(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let now = tx.now();
    let due = match mailing.phase {
        Some(Phase::Verdict) => mailing.decides_at.is_some_and(|at| at <= now),
        Some(Phase::Way) => !on_its_way(tx, mailing).await?,
        Some(_) if mailing.phase_at.is_some_and(|at| at <= now) => {
            let plan = mailing::plan(tx, mailing).await?;
            should(mailing, &plan, now) > mailing.phase_taken || mailing.phase_taken >= mailing.phase_total
        }
        _ => false,
    };
    Ok(due || brake::why(tx, mailing).await?.is_some())
}

/// Whether some of it is planned and has not gone: it waits for the morning, for its turn, for a relay. Asked by state, of which few
/// rows are in these; by their numbers all that went would be walked through.
async fn on_its_way(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let (first, last) = letter::subjects(mailing.id.get())?;
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from messages where state in ('planned', 'claimed', 'data') and kind || '' = $1
                   and subject_id + 0 between $2 and $3 limit 1"
            ),
            params![letter::KIND, first, last],
        )
        .await?;
    Ok(found.is_some())
}

async fn one_step(house: &House, id: Id<Mailing>) -> Result<bool> {
    let mut look = house.read(&Actor::robot()).await?;
    let seen = mailing::one(&mut look, id).await?;
    if !is_due(&mut look, &seen).await? {
        return Ok(false);
    }
    drop(look);
    let mut tx = house.write(&Actor::robot()).await?;
    let held: Option<Held> = tx
        .maybe(
            two_faces!(
                sqlite: "select people, after_person from mailings where id = $1 and state = 'sending'",
                postgres: "select people, after_person from mailings where id = $1 and state = 'sending' for update skip locked",
            ),
            params![id],
        )
        .await?;
    let Some(held) = held else { return Ok(false) };
    let mailing = mailing::one(&mut tx, id).await?;
    if let Some(why) = brake::why(&mut tx, &mailing).await? {
        brake::pull(&mut tx, &mailing, why).await?;
        tx.commit().await?;
        return Ok(true);
    }
    let some = match mailing.phase {
        Some(Phase::Verdict) => decide(&mut tx, &mailing).await?,
        Some(Phase::Way) => arrived(&mut tx, &mailing).await?,
        Some(phase) => some_go(&mut tx, &mailing, phase, &held).await?,
        None => false,
    };
    if some {
        tx.commit().await?;
    }
    Ok(some)
}

/// How many of a phase should have been planned by now: evenly over its time, all at once without.
fn should(mailing: &Mailing, plan: &Plan, now: Timestamp) -> i64 {
    let Some(begins) = mailing.phase_at.filter(|at| *at <= now) else { return 0 };
    // Two texts are compared under the same circumstances: those in the test get theirs at one time.
    if plan.over_minutes == 0 || mailing.phase == Some(Phase::Test) {
        return mailing.phase_total;
    }
    let over = SignedDuration::from_mins(plan.over_minutes).as_secs_f64();
    let share = (now.duration_since(begins).as_secs_f64() / over).clamp(0.0, 1.0);
    // Rounded up, so that the first go at once and somebody sees that it works.
    ((mailing.phase_total as f64 * share).ceil() as i64)
        .clamp(1.min(mailing.phase_total), mailing.phase_total)
}

async fn some_go(tx: &mut Tx, mailing: &Mailing, phase: Phase, held: &Held) -> Result<bool> {
    let plan = mailing::plan(tx, mailing).await?;
    let now = tx.now();
    let some = (should(mailing, &plan, now) - mailing.phase_taken).min(AT_ONCE);
    if mailing.phase_at.is_none_or(|at| at > now) || some <= 0 && mailing.phase_taken < mailing.phase_total {
        return Ok(false);
    }
    let people =
        RoaringBitmap::deserialize_from(held.people.as_deref().unwrap_or_default()).map_err(Error::broken)?;
    let draw = Draw::new(mailing.seed, &plan);
    let campaign = campaign::one(tx, mailing.campaign).await?;
    let from = u32::try_from(held.after + 1).unwrap_or(u32::MAX);
    let mut ahead = people.range(from..).map(i64::from).peekable();
    let (mut chosen, mut writes, mut after) = (Vec::new(), 0, held.after);
    while let Some(person) = ahead.peek().copied() {
        let gets = gets(&draw, phase, mailing, person);
        let written = matches!(gets, Some(Gets::Text(_)));
        if written && writes >= some {
            break;
        }
        writes += i64::from(written);
        chosen.extend(gets.map(|gets| (person, gets)));
        after = person;
        ahead.next();
    }
    let gone = gone(tx, held.after, after).await?;
    chosen.retain(|(person, _)| !gone.contains(person));
    let (mut rows, mut mails) = (Vec::new(), Vec::new());
    for (person, gets) in chosen {
        let id = letter::subject(mailing.id, person)?;
        let text = if let Gets::Text(text) = gets { Some(text) } else { None };
        rows.push(params![id, mailing.id, person, text, now]);
        if text.is_some() {
            mails.push(message(mailing, &campaign, person, id, now));
        }
    }
    let taken = mailing.phase_taken + writes;
    tx.many(
        sql!(
            "insert into mailing_people (id, mailing_id, person_id, variant, at) values ($1, $2, $3, $4, $5)
             on conflict (id) do nothing"
        ),
        rows,
    )
    .await?;
    plan_many(tx, &mails).await?;
    tx.run(
        sql!("update mailings set phase_taken = $2, after_person = $3 where id = $1"),
        params![mailing.id, taken, after],
    )
    .await?;
    if taken >= mailing.phase_total && ahead.peek().is_none() {
        phase_ends(tx, mailing, &plan, phase).await?;
    }
    Ok(true)
}

/// Numbers between two that are nobody any more: forgotten, or another's since it was decided who is meant.
async fn gone(tx: &mut Tx, after: i64, until: i64) -> Result<BTreeSet<i64>> {
    let gone: Vec<(i64,)> = tx
        .all(
            sql!("select id from people where id > $1 and id <= $2 and state <> 'known'"),
            params![after, until],
        )
        .await?;
    Ok(gone.into_iter().map(|(id,)| id).collect())
}

/// What somebody gets in a phase.
#[derive(Clone, Copy)]
enum Gets {
    Text(i64),
    /// Nothing, to compare with.
    HeldOut,
}

/// `None` for whoever is in another phase.
fn gets(draw: &Draw, phase: Phase, mailing: &Mailing, person: i64) -> Option<Gets> {
    let held_out = draw.held_out(person);
    match (phase, draw.tested(person)) {
        (Phase::Test, Some(text)) if !held_out => Some(Gets::Text(text)),
        (Phase::Rest, _) if held_out => Some(Gets::HeldOut),
        (Phase::Rest, None) => Some(Gets::Text(mailing.winner.unwrap_or(0))),
        _ => None,
    }
}

fn message(mailing: &Mailing, campaign: &Campaign, person: i64, subject: i64, due: Timestamp) -> Message {
    Message {
        person: PersonId::new(person),
        dialogue: None,
        unit: Some(mailing.unit),
        kind: letter::KIND,
        subject,
        purpose: campaign.purpose,
        class: MessageClass::Announcement,
        approach: Approach::of_mail(campaign.purpose),
        told_by_room: false,
        due,
    }
}

async fn phase_ends(tx: &mut Tx, mailing: &Mailing, plan: &Plan, phase: Phase) -> Result<()> {
    let now = tx.now();
    if phase == Phase::Test {
        let decides = now + SignedDuration::from_hours(plan.test.hours);
        return tx
            .run(
                sql!("update mailings set phase = 'verdict', decides_at = $2 where id = $1"),
                params![mailing.id, decides],
            )
            .await
            .map(drop);
    }
    tx.run(sql!("update mailings set phase = 'way', people = null where id = $1"), params![mailing.id])
        .await
        .map(drop)
}

/// It is through when nothing of it is on its way any more.
async fn arrived(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    if on_its_way(tx, mailing).await? {
        return Ok(false);
    }
    let now = tx.now();
    tx.run(sql!("update mailings set ended_at = $2 where id = $1"), params![mailing.id, now]).await?;
    mailing::turned(tx, mailing, MailingState::Sending, MailingState::Done).await?;
    Ok(true)
}

/// The one look at the test: the text of which more did what the campaign is held for, when the interval of the difference says
/// so; else the first, as was said beforehand.
async fn decide(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let now = tx.now();
    if mailing.decides_at.is_none_or(|at| at > now) {
        return Ok(false);
    }
    let [first, second] = result::arms(tx, mailing).await?;
    let counted = |arm: &result::Arm| Counted { hits: arm.reached, n: arm.went, version: 0 };
    let apart = match difference(counted(&first), counted(&second), Level::P95) {
        Ok(figure) if figure.is_different() => Some(figure.estimate < 0.0),
        _ => None,
    };
    let people: Option<(Option<Vec<u8>>,)> =
        tx.maybe(sql!("select people from mailings where id = $1"), params![mailing.id]).await?;
    let people = people.and_then(|(bytes,)| bytes).unwrap_or_default();
    let people = RoaringBitmap::deserialize_from(people.as_slice()).map_err(Error::broken)?;
    let plan = mailing::plan(tx, mailing).await?;
    let draw = Draw::new(mailing.seed, &plan);
    let rest =
        people.iter().map(i64::from).filter(|n| !draw.held_out(*n) && draw.tested(*n).is_none()).count();
    tx.run(
        sql!(
            "update mailings set phase = 'rest', winner = $2, told_apart = $3, phase_total = $4, phase_taken = 0,
                 after_person = 0, phase_at = $5 where id = $1"
        ),
        params![
            mailing.id,
            i64::from(apart == Some(true)),
            apart.is_some(),
            i64::try_from(rest).map_err(Error::broken)?,
            now
        ],
    )
    .await?;
    Ok(true)
}
