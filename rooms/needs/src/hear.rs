//! Needs that follow the questions of the desk. A question opens one, or is one more time that it was asked; when the last
//! question behind it is closed, it is answered; when one is opened again, so is the need.
//!
//! Of one page of the log each reader hears its own kind of event, and so a closing and an opening-again not in the order in
//! which they happened. What a question has come to is therefore read from the log, whichever event brought it up: heard
//! twice, late or out of order, it comes to the same.

use kring_core::{Id, Result, Timestamp};
use kring_frame::{
    About, ActorId, Event, FormAnswered, NeedClosed, NeedOpened, NeedReopened, PersonId, RequestClosed,
    RequestOpened, Told, Tx, UnitId, params, record, sql,
};
use kring_people::{merge, person};
use kring_talks::{Topic, topic};

use crate::need::{self, Need, Source, State};

/// Outcomes of a request in which the person got an answer; after the others nobody wants to know anything any more.
const ANSWERS: &[&str] = &["solved", "answered_elsewhere"];

/// A question came in.
pub async fn opened(tx: &mut Tx, told: &Told) -> Result<()> {
    let new = RequestOpened::read(told)?;
    let (Some(person), Some(request)) = (told.person, told.subject) else { return Ok(()) };
    let known: Option<(i64,)> =
        tx.maybe(sql!("select id from askings where request_id = $1"), params![request]).await?;
    // Who has been forgotten since wants nothing; whoever turned out to be another asked it under that number.
    let person = merge::current(tx, PersonId::new(person)).await?;
    if known.is_some() || person::load(tx, person).await?.state != person::State::Known {
        return Ok(());
    }
    let topic = topic::one(tx, Id::new(new.topic)).await?;
    let source = Source::of_channel(&new.channel);
    let (id, _) = need::ask(tx, person, &topic, source, told.at).await?;
    let by = ActorId::new(told.actor);
    tx.run(
        sql!(
            "insert into askings (need_id, source, request_id, dialogue_id, actor_id, at) values ($1, $2, $3, $4, $5, $6)
             on conflict (request_id) do nothing"
        ),
        params![id, source, request, new.dialogue, by, told.at],
    )
    .await?;
    let about = About::person(person).in_unit(topic.unit).subject(id.get());
    tx.tell(about, &NeedOpened { topic: topic.id.get(), source: source.to_string() }).await?;
    follow(tx, request).await
}

/// Somebody filled in a form that says what they want to know by it. No question lies behind it that could be closed, so it
/// stays open until somebody says otherwise, like what is written down by hand.
pub async fn filled_in(tx: &mut Tx, told: &Told) -> Result<()> {
    let (Some(person), Some(topic)) = (told.person, FormAnswered::read(told)?.topic) else { return Ok(()) };
    let person = merge::current(tx, PersonId::new(person)).await?;
    if person::load(tx, person).await?.state != person::State::Known {
        return Ok(());
    }
    let topic = topic::one(tx, Id::new(topic)).await?;
    let (id, _) = need::ask(tx, person, &topic, Source::Form, told.at).await?;
    let by = ActorId::new(told.actor);
    tx.run(
        sql!(
            "insert into askings (need_id, source, request_id, dialogue_id, actor_id, at)
             values ($1, $2, cast(null as bigint), cast(null as bigint), $3, $4)"
        ),
        params![id, Source::Form, by, told.at],
    )
    .await?;
    let about = About::person(person).in_unit(topic.unit).subject(id.get());
    tx.tell(about, &NeedOpened { topic: topic.id.get(), source: Source::Form.to_string() }).await.map(drop)
}

/// A question was closed, or opened again.
pub async fn followed(tx: &mut Tx, told: &Told) -> Result<()> {
    match told.subject {
        Some(request) => follow(tx, request).await,
        None => Ok(()),
    }
}

record! {
    /// A question as it stands here.
    struct Asked {
        id: i64,
        need: Id<Need>,
        person: PersonId,
        topic: Id<Topic>,
        unit: UnitId,
        state: State,
        closed: bool,
    }
}

impl Asked {
    fn about(&self) -> About {
        About::person(self.person).in_unit(self.unit).subject(self.need.get())
    }
}

/// Brings the need to what its question has come to.
async fn follow(tx: &mut Tx, request: i64) -> Result<()> {
    let found: Option<Asked> = tx
        .maybe(
            sql!(
                "select a.id, n.id, n.person_id, n.topic_id, n.unit_id, n.state, a.closed
                 from askings a join needs n on n.id = a.need_id where a.request_id = $1"
            ),
            params![request],
        )
        .await?;
    let last: Option<(String, Timestamp, ActorId, String)> = tx
        .maybe(
            sql!(
                "select kind, at, actor_id, payload from events
                 where subject_id = $1 and kind in ('request.closed', 'request.reopened') order by id desc limit 1"
            ),
            params![request],
        )
        .await?;
    let (Some(asked), Some((kind, at, by, payload))) = (found, last) else { return Ok(()) };
    if kind == RequestClosed::KIND {
        if !asked.closed {
            let closed: RequestClosed = serde_json::from_str(&payload).map_err(kring_core::Error::broken)?;
            let answered = ANSWERS.contains(&closed.outcome.as_str());
            close(tx, &asked, request, (at, by), answered).await?;
        }
    } else if asked.closed {
        reopen(tx, &asked).await?;
    }
    Ok(())
}

/// The question is closed. The need is too, unless another question behind it is still open, or it was also written down by
/// hand and this question brought no answer.
async fn close(
    tx: &mut Tx,
    asked: &Asked,
    request: i64,
    (at, by): (Timestamp, ActorId),
    answered: bool,
) -> Result<()> {
    tx.run(
        sql!("update askings set closed = true, answered = $2 where id = $1"),
        params![asked.id, answered],
    )
    .await?;
    if asked.state != State::Open {
        return Ok(());
    }
    let (open, answers, by_hand): (i64, i64, i64) = tx
        .one(
            sql!(
                "select count(*) filter (where request_id is not null and not closed), count(*) filter (where answered),
                        count(*) filter (where request_id is null)
                 from askings where need_id = $1"
            ),
            params![asked.need],
        )
        .await?;
    if open > 0 || (answers == 0 && by_hand > 0) {
        return Ok(());
    }
    let state = if answers > 0 { State::Answered } else { State::Lapsed };
    let to = need::before(need::day_of(tx, at));
    tx.run(
        sql!(
            "update needs set state = $2, closed_at = $3, closed_by = $4, closed_with = $5, open_to = $6
             where id = $1 and state = 'open'"
        ),
        params![asked.need, state, at, by, request, to],
    )
    .await?;
    let told = NeedClosed { topic: asked.topic.get(), answered: state == State::Answered };
    tx.tell(asked.about(), &told).await.map(drop)
}

/// The question goes on. So does the need; when the person has asked about the same since, that need is asked once more.
async fn reopen(tx: &mut Tx, asked: &Asked) -> Result<()> {
    tx.run(sql!("update askings set closed = false, answered = false where id = $1"), params![asked.id])
        .await?;
    if asked.state == State::Open {
        return Ok(());
    }
    let other: Option<(Id<Need>,)> = tx
        .maybe(
            sql!(
                "update needs set times = times + 1
                 where id = (select min(o.id) from needs o where o.person_id = $1 and o.topic_id = $2 and o.state = 'open')
                 returning id"
            ),
            params![asked.person, asked.topic],
        )
        .await?;
    if let Some((other,)) = other {
        tx.run(sql!("update askings set need_id = $2 where id = $1"), params![asked.id, other]).await?;
        return Ok(());
    }
    tx.run(
        sql!(
            "update needs set state = 'open', closed_at = null, closed_by = null, closed_with = null, open_to = null where id = $1"
        ),
        params![asked.need],
    )
    .await?;
    tx.tell(asked.about(), &NeedReopened { topic: asked.topic.get() }).await.map(drop)
}
