//! A request and what can be done with it. Each verb takes a permit, and finds only what the permit reaches.

use jiff::SignedDuration;
use kring_consent::MessageClass;
use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{
    About, ActorId, DialogueHeard, Event, Mark, Permit, PersonId, Purpose, QuestionAsked, RequestAnswered,
    RequestClosed, RequestOpened, RequestReopened, Told, Tx, UnitId, params, record, sql,
};
use kring_frame::{Hours, working_due};
use kring_talks::{AUTOMATIC, Dialogue, Direction, Plan, Topic, carry, plan, topic};

/// A service norm where the institution has not set one: an answer within one working day of nine hours.
const DEFAULT_PROMISE: i64 = 540;
/// How long a written answer waits before it goes, so that it can be taken back.
pub const SEND_HOLD: SignedDuration = SignedDuration::from_secs(8);

stored! {
    pub enum RequestState {
        New = "new",
        Assigned = "assigned",
        /// For the person to say something.
        Waiting = "waiting",
        Closed = "closed",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Request {
        pub id: Id<Request>,
        pub person: PersonId,
        pub person_name: String,
        pub dialogue: Id<Dialogue>,
        pub unit: UnitId,
        pub topic: Id<Topic>,
        pub subject: String,
        pub lang: Lang,
        pub channel: String,
        pub state: RequestState,
        pub owner: Option<ActorId>,
        pub owner_name: Option<String>,
        pub version: i64,
        pub opened_at: Timestamp,
        pub due_at: Timestamp,
        pub answered_at: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
    }
}

impl Request {
    pub fn about(&self) -> About {
        About::person(self.person).in_unit(self.unit).subject(self.id.get())
    }
}

/// The request, if this permit reaches its unit; else it is not there.
pub async fn read(tx: &mut Tx, permit: &Permit, id: Id<Request>) -> Result<Request> {
    tx.one(
        sql!(
            "select r.id, r.person_id, p.display_name, r.dialogue_id, r.unit_id, r.topic_id, r.subject, r.lang, r.channel,
                    r.state, r.owner_id, a.name, r.version, r.opened_at, r.due_at, r.answered_at, r.closed_at
             from requests r join people p on p.id = r.person_id left join actors a on a.id = r.owner_id
             where r.id = $1 and r.unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
        ),
        params![id, permit.actor(), permit.right()],
    )
    .await
}

/// A request as the house itself sees it: for letters and lines.
pub(crate) async fn load(tx: &mut Tx, id: i64) -> Result<Request> {
    tx.one(
        sql!(
            "select r.id, r.person_id, p.display_name, r.dialogue_id, r.unit_id, r.topic_id, r.subject, r.lang, r.channel,
                    r.state, r.owner_id, a.name, r.version, r.opened_at, r.due_at, r.answered_at, r.closed_at
             from requests r join people p on p.id = r.person_id left join actors a on a.id = r.owner_id where r.id = $1"
        ),
        params![id],
    )
    .await
}

/// Hears that somebody asked something, and opens a request for it.
pub(crate) async fn on_question(tx: &mut Tx, told: &Told) -> Result<()> {
    let asked = QuestionAsked::read(told)?;
    let (Some(person), Some(dialogue)) = (told.person, told.subject) else { return Ok(()) };
    open_from(tx, PersonId::new(person), Id::new(dialogue), Id::new(asked.topic), &asked.channel, told.at)
        .await
        .map(drop)
}

/// Hears that the person said more in a dialogue. A request that waited for it, or was closed, is open again; an answer
/// that a colleague is just writing to what was said before is noticed to be too old.
pub(crate) async fn on_heard(tx: &mut Tx, told: &Told) -> Result<()> {
    let found: Option<(Id<Request>, RequestState)> = tx
        .maybe(sql!("select id, state from requests where dialogue_id = $1"), params![told.subject])
        .await?;
    let Some((id, state)) = found else { return taken_up(tx, told).await };
    tx.run(
        sql!(
            "update requests set version = version + 1, closed_at = null, closed_by = null, outcome = null,
                 state = case when state not in ('waiting', 'closed') then state when owner_id is null then 'new' else 'assigned' end
             where id = $1"
        ),
        params![id],
    )
    .await?;
    if state == RequestState::Closed {
        let request = load(tx, id.get()).await?;
        tx.tell(request.about(), &RequestReopened {}).await?;
    }
    Ok(())
}

/// Somebody said something in a thread that we began and no request is about: a robot's letter was answered. A colleague sees
/// it as a question about the topic of the thread.
async fn taken_up(tx: &mut Tx, told: &Told) -> Result<()> {
    let (Some(person), Some(dialogue)) = (told.person, told.subject) else { return Ok(()) };
    let topic: Option<(Id<Topic>,)> = tx
        .maybe(
            sql!("select t.id from dialogues d join topics t on t.topic_key = d.topic where d.id = $1"),
            params![dialogue],
        )
        .await?;
    let Some((topic,)) = topic else { return Ok(()) };
    let heard = DialogueHeard::read(told)?;
    open_from(tx, PersonId::new(person), Id::new(dialogue), topic, &heard.channel, told.at).await.map(drop)
}

/// Did a receipt go to this person within a day? A machine that answers our receipts with questions would otherwise get
/// one for each (RFC 3834).
async fn has_receipt(tx: &mut Tx, person: PersonId) -> Result<bool> {
    let since = tx.now() - SignedDuration::from_hours(24);
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from messages where person_id = $1 and kind = 'desk.receipt' and created_at > $2
                   and state <> 'cancelled' limit 1"
            ),
            params![person, since],
        )
        .await?;
    Ok(found.is_some())
}

/// Opens the request for a dialogue, plans the receipt, and tells it. Opened already, it is that one.
pub async fn open_from(
    tx: &mut Tx,
    person: PersonId,
    dialogue: Id<Dialogue>,
    topic_id: Id<Topic>,
    channel: &str,
    asked_at: Timestamp,
) -> Result<Id<Request>> {
    let known: Option<(Id<Request>,)> =
        tx.maybe(sql!("select id from requests where dialogue_id = $1"), params![dialogue]).await?;
    if let Some((known,)) = known {
        return Ok(known);
    }
    let topic = topic::one(tx, topic_id).await?;
    let turns = kring_talks::turns(tx, dialogue).await?;
    // Who answers a letter of ours is in a conversation already, and needs no receipt.
    let under_way = turns.iter().any(|turn| turn.direction == Direction::Out);
    // The newest that they said themselves, and no machine of theirs.
    let said = |turn: &kring_talks::Turn| turn.direction == Direction::In && turn.channel != AUTOMATIC;
    let newest = turns.into_iter().rfind(said);
    let (text, lang) = newest
        .map_or((String::new(), Lang::default()), |t| (t.text, t.lang.primary().parse().unwrap_or(Lang::En)));
    let minutes: Option<(i64,)> = tx
        .maybe(sql!("select first_answer_minutes from desk_promises where topic_id = $1"), params![topic.id])
        .await?;
    let zone = tx.house().settings.zone.clone();
    let due = working_due(asked_at, minutes.map_or(DEFAULT_PROMISE, |m| m.0), &Hours::default(), &zone);
    let (id,): (Id<Request>,) = tx
        .one(
            sql!(
                "insert into requests (person_id, dialogue_id, unit_id, topic_id, subject, lang, channel, state, opened_at, due_at)
                 values ($1, $2, $3, $4, $5, $6, $7, 'new', $8, $9) returning id"
            ),
            params![person, dialogue, topic.unit, topic.id, subject_of(&text), lang, channel, asked_at, due],
        )
        .await?;
    let about = About::person(person).in_unit(topic.unit).subject(id.get());
    let told =
        RequestOpened { topic: topic.id.get(), channel: channel.to_owned(), dialogue: Some(dialogue.get()) };
    tx.tell(about, &told).await?;
    if under_way || (channel == "mail" && has_receipt(tx, person).await?) {
        return Ok(id);
    }
    let receipt = Plan {
        person,
        dialogue: Some(dialogue),
        unit: Some(topic.unit),
        kind: "desk.receipt",
        subject: id.get(),
        purpose: Purpose::Service,
        class: MessageClass::Transactional,
        approach: None,
        told_by_room: false,
        due: tx.now(),
    };
    plan(tx, &receipt).await?;
    Ok(id)
}

/// A question in a line: its first sentence, as far as it fits.
fn subject_of(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|l| !l.is_empty()).unwrap_or_default();
    let end = line.find(['?', '!', '.']).map_or(line.len(), |i| i + 1);
    let sentence = line.get(..end).unwrap_or(line).trim();
    let sentence = if sentence.chars().count() < 8 { line } else { sentence };
    if sentence.chars().count() <= 90 {
        return sentence.to_owned();
    }
    let cut: String = sentence.chars().take(87).collect();
    format!("{} …", cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head))
}

/// What an answer does besides being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    Wait,
    Close,
}

/// What became of an answer: the turn that holds it, and the message that carries it.
#[derive(Clone, Copy, Debug)]
pub struct Answered {
    pub turn: i64,
    pub message: i64,
}

/// Answers, if nothing happened since `version`; else `Conflict`, and nothing is sent. The answer leaves after a
/// short hold, in which it can be taken back.
pub async fn answer(
    tx: &mut Tx,
    permit: &Permit,
    id: Id<Request>,
    version: i64,
    text: &str,
    after: After,
) -> Result<Answered> {
    let request = step(tx, permit, id, Some(version)).await?;
    if request.state == RequestState::Closed {
        return Err(Error::Conflict(crate::say::closed_already()));
    }
    let turn = kring_talks::say_out(tx, request.dialogue, "mail", request.lang, text).await?;
    let due = tx.now() + SEND_HOLD;
    let message = plan(
        tx,
        &Plan {
            person: request.person,
            dialogue: Some(request.dialogue),
            unit: Some(request.unit),
            kind: "desk.answer",
            subject: turn,
            purpose: Purpose::Service,
            class: MessageClass::Transactional,
            approach: None,
            told_by_room: true,
            due,
        },
    )
    .await?;
    carry(tx, turn, message).await?;
    let (now, actor) = (tx.now(), permit.actor());
    tx.run(
        sql!(
            "update requests set state = 'waiting', owner_id = coalesce(owner_id, $2), answered_at = coalesce(answered_at, $3)
             where id = $1"
        ),
        params![id, actor, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "request").person(request.person).subject(id.get()).detail("answered"))
        .await?;
    tx.tell(request.about(), &RequestAnswered { turn }).await?;
    kring_people::person::contacted(tx, request.person).await?;
    if after == After::Close {
        close_now(tx, permit, &request, "solved").await?;
    }
    Ok(Answered { turn, message })
}

/// Takes an answer back while it is still held; the text is returned, to go on with. `Conflict`: it has gone.
pub async fn take_back(tx: &mut Tx, permit: &Permit, id: Id<Request>, turn: i64) -> Result<String> {
    let request = step(tx, permit, id, None).await?;
    let (text, message): (String, Option<i64>) = tx
        .one(
            sql!("select text, message_id from turns where id = $1 and dialogue_id = $2 and actor_id = $3 and direction = 'out'"),
            params![turn, request.dialogue, permit.actor()],
        )
        .await?;
    if !kring_talks::cancel(tx, message.unwrap_or_default()).await? {
        return Err(Error::Conflict(crate::say::gone_already()));
    }
    kring_talks::withdraw(tx, turn).await?;
    kring_talks::reopen(tx, request.dialogue).await?;
    tx.run(
        sql!(
            "update requests set state = 'assigned', closed_at = null, closed_by = null, outcome = null,
                 answered_at = (select min(t.at) from turns t where t.dialogue_id = requests.dialogue_id and t.direction = 'out')
             where id = $1"
        ),
        params![id],
    )
    .await?;
    if request.state == RequestState::Closed {
        tx.tell(request.about(), &RequestReopened {}).await?;
    }
    tx.trail(Mark::changed(permit, "request").subject(id.get()).detail("taken back")).await?;
    Ok(text)
}

/// Closes without a word to the person: answered by phone, not a question, double.
pub async fn close(tx: &mut Tx, permit: &Permit, id: Id<Request>, version: i64, outcome: &str) -> Result<()> {
    let request = step(tx, permit, id, Some(version)).await?;
    if request.state == RequestState::Closed {
        return Err(Error::Conflict(crate::say::closed_already()));
    }
    close_now(tx, permit, &request, outcome).await
}

async fn close_now(tx: &mut Tx, permit: &Permit, request: &Request, outcome: &str) -> Result<()> {
    let (now, actor) = (tx.now(), permit.actor());
    tx.run(
        sql!(
            "update requests set state = 'closed', closed_at = $2, closed_by = $3, outcome = $4 where id = $1"
        ),
        params![request.id, now, actor, outcome],
    )
    .await?;
    kring_talks::close(tx, request.dialogue, outcome).await?;
    tx.trail(
        Mark::changed(permit, "request").person(request.person).subject(request.id.get()).detail("closed"),
    )
    .await?;
    let told =
        RequestClosed { topic: request.topic.get(), closed_by: actor.get(), outcome: outcome.to_owned() };
    tx.tell(request.about(), &told).await.map(drop)
}

pub async fn reopen(tx: &mut Tx, permit: &Permit, id: Id<Request>) -> Result<()> {
    let request = step(tx, permit, id, None).await?;
    if request.state != RequestState::Closed {
        return Ok(());
    }
    tx.run(
        sql!("update requests set state = 'assigned', closed_at = null, closed_by = null, outcome = null where id = $1"),
        params![id],
    )
    .await?;
    kring_talks::reopen(tx, request.dialogue).await?;
    tx.trail(Mark::changed(permit, "request").subject(id.get()).detail("reopened")).await?;
    tx.tell(request.about(), &RequestReopened {}).await.map(drop)
}

/// Takes the request, or gives it to nobody.
pub async fn assign(tx: &mut Tx, permit: &Permit, id: Id<Request>, owner: Option<ActorId>) -> Result<()> {
    let request = step(tx, permit, id, None).await?;
    if request.state == RequestState::Closed {
        return Err(Error::Conflict(crate::say::closed_already()));
    }
    let state = if owner.is_some() { RequestState::Assigned } else { RequestState::New };
    tx.run(sql!("update requests set owner_id = $2, state = $3 where id = $1"), params![id, owner, state])
        .await?;
    tx.trail(Mark::changed(permit, "request").subject(id.get()).detail("assigned")).await
}

/// Moves to the next version, and reads. Whoever was second gets `Conflict`.
async fn step(tx: &mut Tx, permit: &Permit, id: Id<Request>, version: Option<i64>) -> Result<Request> {
    let moved = tx
        .run(
            sql!(
                "update requests set version = version + 1
                 where id = $1 and (cast($4 as bigint) is null or version = $4)
                   and unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
            ),
            params![id, permit.actor(), permit.right(), version],
        )
        .await?;
    let request = read(tx, permit, id).await?;
    if moved == 0 { Err(Error::Conflict(crate::say::stale())) } else { Ok(request) }
}

/// Sets the promise of a topic: working minutes until the first answer.
pub async fn set_promise(tx: &mut Tx, topic: Id<Topic>, minutes: i64) -> Result<()> {
    tx.run(
        sql!(
            "insert into desk_promises (topic_id, first_answer_minutes) values ($1, $2)
             on conflict (topic_id) do update set first_answer_minutes = excluded.first_answer_minutes"
        ),
        params![topic, minutes],
    )
    .await
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::subject_of;

    #[test]
    fn a_subject_is_the_first_sentence_as_far_as_it_fits() {
        assert_eq!(subject_of("Hoi!\nWanneer start ik? Groet"), "Hoi!");
        assert_eq!(subject_of("Wanneer start mijn opleiding? En waar?"), "Wanneer start mijn opleiding?");
        assert_eq!(subject_of("  \n\n"), "");
        let long = subject_of(&"woord ".repeat(40));
        assert!(long.chars().count() <= 90 && long.ends_with('…'), "{long}");
        assert_eq!(subject_of("Ruimte bij het Plein 1940-45. Kan dat?"), "Ruimte bij het Plein 1940-45.");
    }
}
