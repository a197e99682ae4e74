//! The seed list of a unit: colleagues who get every mailing of it before others do, in each text and each of its languages.

use kring_consent::MessageClass;
use kring_core::{Error, Result};
use kring_frame::{Mark, Permit, PersonId, Purpose, Tx, UnitId, params, record, sql};
use kring_talks::{Plan as Message, plan};

use crate::{
    letter,
    mailing::{self, Mailing},
    say,
};

/// Colleagues on a list at most.
const MOST: i64 = 20;

record! {
    #[derive(Clone, Debug)]
    pub struct Seed {
        pub person: PersonId,
        pub name: String,
    }
}

pub async fn of(tx: &mut Tx, unit: UnitId) -> Result<Vec<Seed>> {
    tx.all(
        sql!(
            "select s.person_id, p.display_name from mailing_seeds s join people p on p.id = s.person_id
             where s.unit_id = $1 order by lower(p.display_name), s.person_id"
        ),
        params![unit],
    )
    .await
}

pub async fn add(tx: &mut Tx, permit: &Permit, unit: UnitId, person: PersonId) -> Result<()> {
    if !tx.actor().units_of(permit).contains(&unit) {
        return Err(Error::Forbidden);
    }
    let (n,): (i64,) =
        tx.one(sql!("select count(*) from mailing_seeds where unit_id = $1"), params![unit]).await?;
    if n >= MOST {
        return Err(Error::Conflict(say::seeds_full(MOST)));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into mailing_seeds (unit_id, person_id, actor_id, at) values ($1, $2, $3, $4) on conflict do nothing"
        ),
        params![unit, person, actor, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "seed list").person(person).subject(unit.get()).detail("added")).await
}

pub async fn remove(tx: &mut Tx, permit: &Permit, unit: UnitId, person: PersonId) -> Result<()> {
    if !tx.actor().units_of(permit).contains(&unit) {
        return Err(Error::Forbidden);
    }
    tx.run(sql!("delete from mailing_seeds where unit_id = $1 and person_id = $2"), params![unit, person])
        .await?;
    tx.trail(Mark::changed(permit, "seed list").person(person).subject(unit.get()).detail("removed")).await
}

/// Sends it to them as it is now; how many mails that is. It takes nothing from anybody's patience: it is their work.
pub async fn try_out(tx: &mut Tx, permit: &Permit, mailing: &Mailing) -> Result<i64> {
    if !mailing::may_change(tx, permit, mailing) {
        return Err(Error::Forbidden);
    }
    let texts = mailing::plan(tx, mailing).await?.texts;
    let seeds = of(tx, mailing.unit).await?;
    if seeds.is_empty() {
        return Err(Error::Conflict(say::no_seeds()));
    }
    let (now, mut mails) = (tx.now(), 0);
    for seed in seeds {
        for (variant, text) in (0_i64..).zip(&texts) {
            for tongue in text.sheets.keys() {
                let (trial,): (i64,) = tx
                    .one(
                        sql!(
                            "insert into mailing_trials (mailing_id, draft, variant, tongue, person_id, at)
                             values ($1, $2, $3, $4, $5, $6) returning id"
                        ),
                        params![mailing.id, mailing.draft, variant, tongue.clone(), seed.person, now],
                    )
                    .await?;
                let message = Message {
                    person: seed.person,
                    dialogue: None,
                    unit: Some(mailing.unit),
                    kind: letter::TRIAL,
                    subject: trial,
                    purpose: Purpose::Operations,
                    class: MessageClass::Transactional,
                    approach: None,
                    told_by_room: false,
                    due: now,
                };
                plan(tx, &message).await?;
                mails += 1;
            }
        }
    }
    tx.trail(Mark::changed(permit, "mailing").subject(mailing.id.get()).detail("tried out")).await?;
    Ok(mails)
}

/// Whether colleagues got it as it is now.
pub async fn tried(tx: &mut Tx, mailing: &Mailing) -> Result<bool> {
    let (n,): (i64,) = tx
        .one(
            sql!("select count(*) from mailing_trials where mailing_id = $1 and draft = $2"),
            params![mailing.id, mailing.draft],
        )
        .await?;
    Ok(n > 0)
}
