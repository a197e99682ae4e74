//! A tip: an opportunity passed on to another department, with an answer and an outcome that come back to the giver.

use std::sync::Arc;

use jiff::tz::TimeZone;
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::{Told, stored};
use kring_frame::{
    Actor, ActorId, Claimed, Event, Hours, House, Job, Mark, OrganisationId, Permit, PersonId, TipAnswered,
    TipClosed, TipEscalated, TipGiven, Tx, UnitId, params, record, sql, working_due,
};
use kring_people::{
    Party,
    relationship::{self, Basis, Kind, NewRelationship, With},
};
use serde::{Deserialize, Serialize};

use crate::{
    SHARE,
    claim::{self, Claim, marked},
    colleague, notice, party, say,
};

/// Ten working days of nine hours.
const PATIENCE_MINUTES: i64 = 10 * 540;

stored! {
    pub enum State {
        Open = "open",
        Accepted = "accepted",
        Declined = "declined",
        Closed = "closed",
    }
}

stored! {
    pub enum Outcome {
        Won = "won",
        Lost = "lost",
        Other = "other",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Tip {
        pub id: Id<Tip>,
        pub person: Option<PersonId>,
        pub organisation: Option<OrganisationId>,
        pub about: String,
        pub giver: ActorId,
        pub giver_name: String,
        pub giver_unit_nl: Option<String>,
        pub giver_unit_en: Option<String>,
        pub to_unit: UnitId,
        pub to_unit_nl: String,
        pub to_unit_en: String,
        pub to_actor: Option<ActorId>,
        pub to_name: Option<String>,
        pub what: String,
        pub why: String,
        pub state: State,
        pub given_at: Timestamp,
        pub due_at: Timestamp,
        pub escalated_at: Option<Timestamp>,
        pub answered_at: Option<Timestamp>,
        pub answered_by: Option<String>,
        pub answer: String,
        pub closed_at: Option<Timestamp>,
        pub outcome: Option<Outcome>,
        pub outcome_note: String,
    }
}

impl Tip {
    pub fn party(&self) -> Result<Party> {
        party::of_row(self.person, self.organisation)
    }

    /// Who gave it: the credit stays, also when it has been closed.
    pub fn from(&self, lang: Lang) -> String {
        let unit = match lang {
            Lang::Nl => &self.giver_unit_nl,
            Lang::En => &self.giver_unit_en,
        };
        match unit {
            Some(unit) => format!("{} ({unit})", self.giver_name),
            None => self.giver_name.clone(),
        }
    }

    pub fn to(&self, lang: Lang) -> String {
        let unit = match lang {
            Lang::Nl => &self.to_unit_nl,
            Lang::En => &self.to_unit_en,
        };
        match &self.to_name {
            Some(name) => format!("{name} ({unit})"),
            None => unit.clone(),
        }
    }
}

/// When somebody else is told that nobody answered.
fn due(from: Timestamp, zone: &TimeZone) -> Timestamp {
    working_due(from, PATIENCE_MINUTES, &Hours::default(), zone)
}

/// A tip as it is given.
#[derive(Clone, Debug)]
pub struct NewTip {
    pub to_unit: UnitId,
    pub to_actor: Option<ActorId>,
    pub what: String,
    pub why: String,
    /// Who brought the person to us, where somebody in the base did.
    pub introducer: Option<PersonId>,
}

/// Looks at a tip when its time is over.
#[derive(Serialize, Deserialize)]
pub struct Escalate {
    tip: i64,
}

impl Job for Escalate {
    const KIND: &'static str = "sharing.escalate_tip";
    fn unique_key(&self) -> Option<String> {
        Some(self.tip.to_string())
    }
}

/// Gives a tip. `seen` as for a claim: whoever is in contact is seen before one goes on.
pub async fn give(
    tx: &mut Tx,
    permit: &Permit,
    party: Party,
    new: &NewTip,
    seen: &[Id<Claim>],
) -> Result<Id<Tip>> {
    party::name(tx, permit, party).await?;
    if claim::of_others(tx, party).await?.iter().any(|c| !seen.contains(&c.id)) {
        return Err(Error::field("", say::claim_others_first()));
    }
    if let Some(actor) = new.to_actor
        && !colleague::reaches(tx, actor, &SHARE, new.to_unit).await?
    {
        return Err(Error::field("to_actor", say::tip_not_there()));
    }
    let (now, me) = (tx.now(), tx.actor().id);
    if new.to_actor == Some(me) {
        return Err(Error::field("to_actor", say::tip_to_self()));
    }
    let zone = tx.house().settings.zone.clone();
    let unit = colleague::unit_of(tx, me).await?;
    let due = due(now, &zone);
    let [person, organisation] = party.binds();
    let mut values = vec![person, organisation];
    values.extend(params![me, unit, new.to_unit, new.to_actor, &new.what, &new.why, now, due]);
    let (id,): (Id<Tip>,) = tx
        .one(
            sql!(
                "insert into tips (person_id, organisation_id, giver_id, giver_unit_id, to_unit_id, to_actor_id, what, why, state, given_at, due_at)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10) returning id"
            ),
            values,
        )
        .await?;
    if let (Some(introducer), Party::Person(person)) = (new.introducer, party) {
        introduce(tx, permit, introducer, person).await?;
    }
    let event = TipGiven { to: new.to_unit.get() };
    let told = tell(tx, party, id, &event).await?;
    let to = match new.to_actor {
        Some(actor) => vec![actor],
        None => colleague::team(tx, new.to_unit).await?,
    };
    notice::give(tx, &to, party, &told).await?;
    tx.enqueue_at(&Escalate { tip: id.get() }, due).await?;
    tx.trail(marked(Mark::changed(permit, "tip"), party).subject(id.get())).await?;
    Ok(id)
}

/// The introducer keeps the credit by a relation of its own kind, which stands on both pages.
async fn introduce(tx: &mut Tx, permit: &Permit, introducer: PersonId, person: PersonId) -> Result<()> {
    if party::name(tx, permit, Party::Person(introducer)).await.is_err() || introducer == person {
        return Err(Error::field("introducer", say::introducer_unknown()));
    }
    let today = claim::today(tx);
    let new = NewRelationship {
        kind: Kind::Introduced,
        detail: String::new(),
        from: Some(today),
        to: None,
        basis: Basis::Staff,
        confirmed_on: None,
        source: "staff".into(),
    };
    relationship::make(tx, introducer, With::Person(person), &new).await.map(drop)
}

/// Tells an event about a tip, and answers it as the log holds it, for the notices that belong to it.
async fn tell<E: Event>(tx: &mut Tx, party: Party, tip: Id<Tip>, event: &E) -> Result<Told> {
    let about = party.about().subject(tip.get());
    let id = tx.tell(about, event).await?;
    Ok(Told {
        id,
        xid: 0,
        kind: E::KIND.to_owned(),
        at: tx.now(),
        person: about.person.map(PersonId::get),
        organisation: about.organisation.map(OrganisationId::get),
        unit: None,
        actor: tx.actor().id.get(),
        purpose: E::PURPOSE.to_string(),
        subject: Some(tip.get()),
        payload: String::new(),
    })
}

/// Which tips.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// Given to the actor or their unit, open or accepted; and what escalated to those who lead.
    Mine,
    Given,
    Closed,
}

/// Tips as the actor at work may see them, the oldest that waits first.
pub async fn list(tx: &mut Tx, view: View, most: u32) -> Result<Vec<Tip>> {
    let me = tx.actor().id;
    let unit = colleague::unit_of(tx, me).await?;
    let (mine, given, closed) = (view == View::Mine, view == View::Given, view == View::Closed);
    tx.all(
        sql!(
            "select t.id, t.person_id, t.organisation_id, coalesce(p.display_name, o.name, ''), t.giver_id, g.name, gu.name_nl, gu.name_en,
                    t.to_unit_id, u.name_nl, u.name_en, t.to_actor_id, a.name, t.what, t.why, t.state, t.given_at, t.due_at,
                    t.escalated_at, t.answered_at, n.name, t.answer, t.closed_at, t.outcome, t.outcome_note
             from tips t join actors g on g.id = t.giver_id join units u on u.id = t.to_unit_id
             left join units gu on gu.id = t.giver_unit_id left join actors a on a.id = t.to_actor_id
             left join actors n on n.id = t.answered_by left join people p on p.id = t.person_id
             left join organisations o on o.id = t.organisation_id
             where (($3 and t.state in ('open', 'accepted') and (t.to_actor_id = $1 or t.to_unit_id = $2
                        or (t.escalated_at is not null and exists (select 1 from reach h where h.actor_id = $1
                            and h.right_key = 'sharing.lead' and h.unit_id = t.to_unit_id))))
                 or ($4 and t.giver_id = $1 and t.state in ('open', 'accepted'))
                 or ($5 and t.state in ('declined', 'closed') and (t.giver_id = $1 or t.to_actor_id = $1 or t.to_unit_id = $2)))
             order by case when t.state = 'open' then 0 else 1 end, t.due_at, t.id limit $6"
        ),
        params![me, unit, mine, given, closed, most],
    )
    .await
}

/// One tip, for whoever gave it, got it, belongs to its unit or leads it.
pub async fn one(tx: &mut Tx, id: Id<Tip>) -> Result<Tip> {
    let me = tx.actor().id;
    tx.one(
        sql!(
            "select t.id, t.person_id, t.organisation_id, coalesce(p.display_name, o.name, ''), t.giver_id, g.name, gu.name_nl, gu.name_en,
                    t.to_unit_id, u.name_nl, u.name_en, t.to_actor_id, a.name, t.what, t.why, t.state, t.given_at, t.due_at,
                    t.escalated_at, t.answered_at, n.name, t.answer, t.closed_at, t.outcome, t.outcome_note
             from tips t join actors g on g.id = t.giver_id join units u on u.id = t.to_unit_id
             left join units gu on gu.id = t.giver_unit_id left join actors a on a.id = t.to_actor_id
             left join actors n on n.id = t.answered_by left join people p on p.id = t.person_id
             left join organisations o on o.id = t.organisation_id
             where t.id = $1 and (t.giver_id = $2 or t.to_actor_id = $2 or exists (select 1 from reach h
                 where h.actor_id = $2 and h.right_key = 'sharing.share' and h.unit_id = t.to_unit_id))"
        ),
        params![id, me],
    )
    .await
}

/// Whether the actor at work may answer: somebody of the unit, or the one it was given to.
pub async fn may_answer(tx: &mut Tx, tip: &Tip) -> Result<bool> {
    let me = tx.actor().id;
    Ok(tip.to_actor == Some(me) || colleague::reaches(tx, me, &SHARE, tip.to_unit).await?)
}

/// Accepts or declines, with a reason; the giver is told.
pub async fn answer(tx: &mut Tx, permit: &Permit, id: Id<Tip>, accept: bool, reason: &str) -> Result<()> {
    let tip = one(tx, id).await?;
    if !may_answer(tx, &tip).await? {
        return Err(Error::NotFound);
    }
    if !accept && reason.is_empty() {
        return Err(Error::field("reason", say::tip_reason_needed()));
    }
    let (now, me) = (tx.now(), tx.actor().id);
    let state = if accept { State::Accepted } else { State::Declined };
    let done = tx
        .run(
            sql!(
                "update tips set state = $2, answered_at = $3, answered_by = $4, answer = $5 where id = $1 and state = 'open'"
            ),
            params![id, state, now, me, reason],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::tip_answered_already()));
    }
    let party = tip.party()?;
    let told = tell(tx, party, id, &TipAnswered { accepted: accept }).await?;
    notice::give(tx, &[tip.giver], party, &told).await?;
    tx.trail(marked(Mark::changed(permit, "tip"), party).subject(id.get())).await
}

/// Says how it ended; the giver is told.
pub async fn close(tx: &mut Tx, permit: &Permit, id: Id<Tip>, outcome: Outcome, note: &str) -> Result<()> {
    let tip = one(tx, id).await?;
    if !may_answer(tx, &tip).await? {
        return Err(Error::NotFound);
    }
    let now = tx.now();
    let done = tx
        .run(
            sql!(
                "update tips set state = 'closed', closed_at = $2, outcome = $3, outcome_note = $4 where id = $1 and state = 'accepted'"
            ),
            params![id, now, outcome, note],
        )
        .await?;
    if done == 0 {
        return Err(Error::Conflict(say::tip_not_accepted()));
    }
    let party = tip.party()?;
    let told = tell(tx, party, id, &TipClosed { outcome: outcome.to_string() }).await?;
    notice::give(tx, &[tip.giver], party, &told).await?;
    tx.trail(marked(Mark::changed(permit, "tip"), party).subject(id.get())).await
}

/// Nobody answered in time: whoever leads the unit hears of it, and the giver.
pub async fn escalate(house: House, job: Escalate, claimed: Arc<Claimed>) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    let now = tx.now();
    let late: Option<(Option<PersonId>, Option<OrganisationId>, UnitId, ActorId)> = tx
        .maybe(
            sql!(
                "update tips set escalated_at = $2 where id = $1 and state = 'open' and escalated_at is null
                 returning person_id, organisation_id, to_unit_id, giver_id"
            ),
            params![job.tip, now],
        )
        .await?;
    if let Some((person, organisation, unit, giver)) = late {
        let party = party::of_row(person, organisation)?;
        let told = tell(&mut tx, party, Id::new(job.tip), &TipEscalated {}).await?;
        let mut to = colleague::heads(&mut tx, unit).await?;
        to.push(giver);
        notice::give(&mut tx, &to, party, &told).await?;
    }
    claimed.finish(&mut tx).await?;
    tx.commit().await
}

/// How many wait for an answer of the actor at work.
pub async fn waiting(tx: &mut Tx) -> Result<i64> {
    let open = list(tx, View::Mine, 200).await?;
    Ok(open.iter().filter(|t| t.state == State::Open).count() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_working_days_leave_weekends_and_evenings_out() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let due_of = |from: &str| {
            let from = from.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap();
            due(from.timestamp(), &zone).to_zoned(zone.clone()).datetime().to_string()
        };
        assert_eq!(due_of("2026-11-23T09:00:00"), "2026-12-07T09:00:00");
        assert_eq!(due_of("2026-11-23T08:00:00"), "2026-12-04T17:00:00"); // ten whole days end with the tenth
        assert_eq!(due_of("2026-11-28T12:00:00"), "2026-12-11T17:00:00"); // given on Saturday
        assert_eq!(due_of("2026-03-20T16:00:00"), "2026-04-03T16:00:00"); // over the night of summer time
    }

    #[test]
    fn stored_words_come_back() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse::<State>(), Ok(*state));
        }
        for outcome in Outcome::ALL {
            assert_eq!(outcome.as_str().parse::<Outcome>(), Ok(*outcome));
        }
    }
}
