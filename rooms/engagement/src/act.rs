//! What people did of their own accord, as rooms tell of it.

use kring_core::Result;
use kring_frame::{
    Event, Fut, Merged, PersonId, Told, Tx, Unmerged, by_their_own_hand, params, record, rules::Day, sql,
};
use kring_lang::dates;
use kring_people::merge;

use crate::{score, standing};

record! {
    /// An act as the formula weighs it, and what is needed to say it.
    #[derive(Clone, Debug)]
    pub struct Act {
        pub kind: String,
        pub day: i64,
        pub year: i64,
        /// The purpose of the event that told it and the unit it was in: whoever may not see the one sees a locked line.
        pub purpose: Option<String>,
        pub unit: Option<i64>,
    }
}

impl Act {
    pub fn weighed(&self) -> score::Act<'_> {
        score::Act { kind: &self.kind, day: self.day, year: self.year }
    }
}

/// Somebody's acts in the order in which they were done.
pub async fn of(tx: &mut Tx, person: PersonId) -> Result<Vec<Act>> {
    tx.all(
        sql!(
            "select a.kind, a.day, a.year, e.purpose, e.unit_id from engagement_acts a left join events e on e.id = a.event_id
             where a.person_id = $1 order by a.day, a.id"
        ),
        params![person],
    )
    .await
}

/// Hears an event that a room declared to be an own act. Told of a number that has led to another since, it is the other's.
pub fn hear<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let house = tx.house().clone();
        let (Some(act), Some(person)) = (house.rooms.own_act(&told.kind), told.person) else { return Ok(()) };
        if !by_their_own_hand(told) {
            return Ok(());
        }
        let Some(person) = known(tx, PersonId::new(person)).await? else { return Ok(()) };
        let date = dates::date_of(told.at, &house.settings.zone);
        let day = i64::from(Day::from(date).number());
        let new = tx
            .run(
                sql!(
                    "insert into engagement_acts (person_id, kind, day, year, event_id) values ($1, $2, $3, $4, $5)
                     on conflict (event_id) do nothing"
                ),
                params![person, act.kind, day, i64::from(date.year()), told.id],
            )
            .await?;
        if new == 1 { standing::of_one(tx, person).await } else { Ok(()) }
    })
}

/// Somebody said what they want of us, or took it back: whoever objects to being profiled has no score from here on.
pub fn consent_changed<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let Some(person) = told.person else { return Ok(()) };
        let Some(person) = known(tx, PersonId::new(person)).await? else { return Ok(()) };
        // A list of a hundred thousand consents is mostly of people who never did anything.
        let scored: Option<(PersonId,)> = tx
            .maybe(sql!("select person_id from engagement_scores where person_id = $1"), params![person])
            .await?;
        if scored.is_some() { standing::of_one(tx, person).await } else { Ok(()) }
    })
}

/// Who somebody is by now; nobody who was forgotten.
async fn known(tx: &mut Tx, person: PersonId) -> Result<Option<PersonId>> {
    let found: Option<(i64,)> =
        tx.maybe(sql!("select id from people where id = $1"), params![person]).await?;
    if found.is_none() {
        return Ok(None);
    }
    let person = merge::current(tx, person).await?;
    let (state,): (String,) = tx.one(sql!("select state from people where id = $1"), params![person]).await?;
    Ok((state == "known").then_some(person))
}

/// Two numbers are one person: acts went along with the rest, and both scores are others.
pub fn merged<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let gone = Merged::read(told)?.gone;
        both(tx, told, gone).await
    })
}

/// They were not, after all.
pub fn unmerged<'a>(tx: &'a mut Tx, told: &'a Told) -> Fut<'a, ()> {
    Box::pin(async move {
        let gone = Unmerged::read(told)?.gone;
        both(tx, told, gone).await
    })
}

/// Organisations turn out to be one, too; they do nothing of their own accord.
async fn both(tx: &mut Tx, told: &Told, gone: i64) -> Result<()> {
    let Some(kept) = told.person else { return Ok(()) };
    standing::of_one(tx, PersonId::new(gone)).await?;
    standing::of_one(tx, PersonId::new(kept)).await
}
