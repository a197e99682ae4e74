//! A need and what can be done with it. Each verb takes a permit, and finds only what the permit reaches: needs that a unit
//! within reach answers, or that somebody wrote down for one.

use jiff::civil::Date;
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{
    About, Mark, NeedClosed, NeedNoted, NeedReopened, NeedSettled, Permit, PersonId, Tx, UnitId, params,
    record, sql,
};
use kring_lang::dates;
use kring_people::{detect, note, person, wall};
use kring_talks::{Topic, topic};

use crate::{Words, asking, say};

stored! {
    pub enum State {
        Open = "open",
        Answered = "answered",
        /// No longer wanted.
        Lapsed = "lapsed",
    }
}

stored! {
    /// Where it was asked.
    pub enum Source {
        Form = "form",
        /// A request that came in another way.
        Request = "request",
        Api = "api",
        Phone = "phone",
        /// In a conversation: at the counter, at an open day.
        Hand = "hand",
    }
}

impl Source {
    /// Of the channel that an event names.
    pub fn of_channel(channel: &str) -> Self {
        match channel {
            "form" => Self::Form,
            "phone" => Self::Phone,
            "api" => Self::Api,
            _ => Self::Request,
        }
    }

    pub fn name(self, lang: Lang) -> &'static str {
        Words(lang).find(&format!("source-{self}")).unwrap_or_default()
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Need {
        pub id: Id<Need>,
        pub person: PersonId,
        pub topic: Id<Topic>,
        pub topic_nl: String,
        pub topic_en: String,
        pub unit: UnitId,
        pub state: State,
        pub source: Source,
        pub opened_at: Timestamp,
        pub times: i64,
        pub last_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// The colleague who closed it, or whose answer did.
        pub closed_by: Option<String>,
        pub closed_with: Option<i64>,
        pub recorded_by: String,
    }
}

impl Need {
    pub fn topic(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.topic_nl,
            Lang::En => &self.topic_en,
        }
    }

    pub fn about(&self) -> About {
        About::person(self.person).in_unit(self.unit).subject(self.id.get())
    }
}

/// One need, if this permit reaches it; else it is not there.
pub async fn one(tx: &mut Tx, permit: &Permit, id: Id<Need>) -> Result<Need> {
    let need: Need = tx
        .one(
            sql!(
                "select n.id, n.person_id, n.topic_id, t.name_nl, t.name_en, n.unit_id, n.state, n.source, n.opened_at, n.times,
                        n.last_at, n.closed_at, c.name, n.closed_with, r.name
                 from needs n join topics t on t.id = n.topic_id join actors r on r.id = n.recorded_by
                 left join actors c on c.id = n.closed_by
                 where n.id = $1 and (n.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)
                    or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                        where k.need_id = n.id and h.actor_id = $2 and h.right_key = $3))"
            ),
            params![id, permit.actor(), permit.right()],
        )
        .await?;
    wall::person(tx, permit, need.person).await?;
    Ok(need)
}

/// What somebody wants or wanted to know, as far as this permit reaches: what is open first, then the newest.
pub async fn of(tx: &mut Tx, permit: &Permit, person: PersonId, most: u32) -> Result<Vec<Need>> {
    wall::person(tx, permit, person).await?;
    tx.all(
        sql!(
            "select n.id, n.person_id, n.topic_id, t.name_nl, t.name_en, n.unit_id, n.state, n.source, n.opened_at, n.times,
                    n.last_at, n.closed_at, c.name, n.closed_with, r.name
             from needs n join topics t on t.id = n.topic_id join actors r on r.id = n.recorded_by
             left join actors c on c.id = n.closed_by
             where n.person_id = $1 and (n.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)
                or exists (select 1 from askings k join reach h on h.unit_id = k.unit_id
                    where k.need_id = n.id and h.actor_id = $2 and h.right_key = $3))
             order by case when n.state = 'open' then 0 else 1 end, n.last_at desc, n.id desc limit $4"
        ),
        params![person, permit.actor(), permit.right(), most],
    )
    .await
}

/// After a merge somebody may have two open needs on one topic, of either number one; they read as one, under the older.
pub fn together(needs: Vec<Need>) -> Vec<Need> {
    let mut all: Vec<Need> = Vec::with_capacity(needs.len());
    for need in needs {
        let same = |n: &&mut Need| {
            n.state == State::Open
                && need.state == State::Open
                && n.topic == need.topic
                && n.person == need.person
        };
        match all.iter_mut().find(same) {
            Some(known) => {
                known.times += need.times;
                known.last_at = known.last_at.max(need.last_at);
                if need.opened_at < known.opened_at {
                    (known.id, known.opened_at, known.source) = (need.id, need.opened_at, need.source);
                }
            }
            None => all.push(need),
        }
    }
    all
}

/// A need that somebody writes down.
#[derive(Clone, Debug)]
pub struct NewNeed {
    pub topic: Id<Topic>,
    pub source: Source,
    /// The person's own words; may be empty.
    pub words: String,
}

/// A need that was written down.
#[derive(Clone, Copy, Debug)]
pub struct Noted {
    pub need: Id<Need>,
    pub asking: i64,
    /// It was open already: asked once more.
    pub again: bool,
    /// Something that must not be kept was taken out of the words.
    pub cleaned: bool,
}

/// Writes down what somebody wants to know. A national number in the words is taken out, a bank account masked, and the data
/// steward is told.
pub async fn add(tx: &mut Tx, permit: &Permit, person: PersonId, new: &NewNeed) -> Result<Noted> {
    if person::load(tx, person).await?.state != person::State::Known {
        return Err(Error::NotFound);
    }
    wall::person(tx, permit, person).await?;
    let topics = topic::active(tx).await?;
    let topic = topics
        .into_iter()
        .find(|t| t.id == new.topic)
        .ok_or_else(|| Error::field("topic", say::topic_unknown()))?;
    let mut words = new.words.trim().to_owned();
    let found = detect::clean(&mut words);
    let unit = note::unit_of_writer(tx, permit, person).await?;
    let now = tx.now();
    let (need, times) = ask(tx, person, &topic, new.source, now).await?;
    let asking = asking::by_hand(tx, need, new.source, unit, &words).await?;
    detect::report(tx, Some(person), "need", Some(asking), found).await?;
    tx.trail(Mark::changed(permit, "need").person(person).subject(need.get()).detail("noted")).await?;
    // Read by those for whom it was written down, as a note is.
    let about = About { unit, ..About::person(person).subject(need.get()) };
    tx.tell(about, &NeedNoted { topic: topic.id.get(), source: new.source.to_string() }).await?;
    Ok(Noted { need, asking, again: times > 1, cleaned: found.bsn + found.iban > 0 })
}

/// The open need of somebody on a topic, asked once more; or a new one. Answers how often it has been asked.
pub(crate) async fn ask(
    tx: &mut Tx,
    person: PersonId,
    topic: &Topic,
    source: Source,
    at: Timestamp,
) -> Result<(Id<Need>, i64)> {
    // One that came with a merge has another asker.
    let known: Option<(Id<Need>, i64)> = tx
        .maybe(
            sql!(
                "update needs set times = times + 1, last_at = case when last_at < $3 then $3 else last_at end
                 where id = (select min(o.id) from needs o where o.person_id = $1 and o.topic_id = $2 and o.state = 'open')
                   and state = 'open' returning id, times"
            ),
            params![person, topic.id, at],
        )
        .await?;
    if let Some(known) = known {
        return Ok(known);
    }
    let (by, from) = (tx.actor().id, day_of(tx, at));
    tx.one(
        sql!(
            "insert into needs (person_id, asker_id, topic_id, unit_id, state, source, recorded_by, opened_at, last_at, open_from)
             values ($1, $1, $2, $3, 'open', $4, $5, $6, $6, $7)
             on conflict (asker_id, topic_id) where state = 'open'
                 do update set times = needs.times + 1, last_at = excluded.last_at
             returning id, times"
        ),
        params![person, topic.id, topic.unit, source, by, at, from],
    )
    .await
}

/// Says that a need was answered or is no longer wanted. `Conflict` when it is not open any more.
pub async fn settle(tx: &mut Tx, permit: &Permit, id: Id<Need>, answered: bool) -> Result<Need> {
    let need = one(tx, permit, id).await?;
    let state = if answered { State::Answered } else { State::Lapsed };
    let (now, by) = (tx.now(), permit.actor());
    let to = before(day_of(tx, now));
    let closed: Vec<(Id<Need>,)> = tx
        .all(
            sql!(
                "update needs set state = $4, closed_at = $5, closed_by = $6, closed_with = null, open_to = $7
                 where person_id = $1 and topic_id = $2 and state = 'open'
                   and exists (select 1 from needs o where o.id = $3 and o.state = 'open') returning id"
            ),
            params![need.person, need.topic, id, state, now, by, to],
        )
        .await?;
    if closed.is_empty() {
        return Err(Error::Conflict(say::closed_already()));
    }
    tx.trail(Mark::changed(permit, "need").person(need.person).subject(id.get()).detail(state.as_str()))
        .await?;
    let about = About { unit: note::unit_of_writer(tx, permit, need.person).await?, ..need.about() };
    tx.tell(about, &NeedSettled { topic: need.topic.get(), answered }).await?;
    one(tx, permit, id).await
}

/// Takes back that a need was settled, with what was settled beside it. `Conflict` when the person has asked anew since: what
/// is open then is the need that counts.
pub async fn reopen(tx: &mut Tx, permit: &Permit, id: Id<Need>) -> Result<Need> {
    let need = one(tx, permit, id).await?;
    let Some(closed_at) = need.closed_at else { return Ok(need) };
    let open: Option<(i64,)> = tx
        .maybe(
            sql!("select id from needs where person_id = $1 and topic_id = $2 and state = 'open' limit 1"),
            params![need.person, need.topic],
        )
        .await?;
    if open.is_some() {
        return Err(Error::Conflict(say::open_already()));
    }
    tx.run(
        sql!(
            "update needs set state = 'open', closed_at = null, closed_by = null, closed_with = null, open_to = null
             where person_id = $1 and topic_id = $2 and state <> 'open' and closed_at = $3"
        ),
        params![need.person, need.topic, closed_at],
    )
    .await?;
    tx.trail(Mark::changed(permit, "need").person(need.person).subject(id.get()).detail("reopened")).await?;
    tx.tell(need.about(), &NeedReopened { topic: need.topic.get() }).await?;
    one(tx, permit, id).await
}

/// Takes back what the actor at work wrote down, while the need is open: asked once less, or never.
pub async fn take_back(tx: &mut Tx, permit: &Permit, asking: i64) -> Result<PersonId> {
    let (id,): (Id<Need>,) = tx
        .one(
            sql!("select need_id from askings where id = $1 and actor_id = $2 and request_id is null"),
            params![asking, permit.actor()],
        )
        .await?;
    let need = one(tx, permit, id).await?;
    if need.state != State::Open {
        return Err(Error::Conflict(say::closed_already()));
    }
    tx.run(sql!("delete from askings where id = $1"), params![asking]).await?;
    let left = tx
        .run(
            sql!(
                "update needs set times = times - 1, last_at = (select max(a.at) from askings a where a.need_id = needs.id)
                 where id = $1 and exists (select 1 from askings a where a.need_id = needs.id)"
            ),
            params![id],
        )
        .await?;
    if left == 0 {
        tx.run(sql!("delete from needs where id = $1"), params![id]).await?;
    }
    tx.trail(Mark::changed(permit, "need").person(need.person).subject(id.get()).detail("taken back"))
        .await?;
    tx.tell(need.about(), &NeedClosed { topic: need.topic.get(), answered: false }).await?;
    Ok(need.person)
}

/// The day of the institution on which a moment falls.
pub(crate) fn day_of(tx: &Tx, at: Timestamp) -> Date {
    dates::date_of(at, &tx.house().settings.zone)
}

/// The last day on which something was open to its end, when it ended on this one.
pub(crate) fn before(day: Date) -> Date {
    day.yesterday().unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn need(id: i64, topic: i64, state: State, opened: i64, times: i64) -> Need {
        Need {
            id: Id::new(id),
            person: PersonId::new(1),
            topic: Id::new(topic),
            topic_nl: String::new(),
            topic_en: String::new(),
            unit: UnitId::new(1),
            state,
            source: Source::Form,
            opened_at: Timestamp::from_second(opened).unwrap(),
            times,
            last_at: Timestamp::from_second(opened + times).unwrap(),
            closed_at: None,
            closed_by: None,
            closed_with: None,
            recorded_by: String::new(),
        }
    }

    #[test]
    fn two_open_needs_on_a_topic_read_as_one_under_the_older() {
        let all = together(vec![
            need(5, 1, State::Open, 500, 2),
            need(3, 1, State::Open, 300, 1),
            need(6, 2, State::Open, 200, 1),
            need(2, 1, State::Answered, 100, 4),
        ]);
        let seen: Vec<_> = all.iter().map(|n| (n.id.get(), n.times, n.opened_at.as_second())).collect();
        assert_eq!(seen, [(3, 3, 300), (6, 1, 200), (2, 4, 100)]);
        assert_eq!(all[0].last_at.as_second(), 502);
    }

    #[test]
    fn what_ends_today_was_open_to_the_end_of_yesterday() {
        assert_eq!(before(jiff::civil::date(2026, 3, 1)), jiff::civil::date(2026, 2, 28));
    }
}
