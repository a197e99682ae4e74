use kring_consent::Channel;
use kring_core::{Error, Id, Lang, Result, Timestamp, Tongue};
use kring_db::stored;
use kring_frame::{ActorId, PersonId, Purpose, Tx, UnitId, params, record, sql};
use kring_people::person;

stored! {
    /// Whose turn it is.
    pub enum DialogueState {
        Ours = "ours",
        Theirs = "theirs",
        Waiting = "waiting",
        Closed = "closed",
    }
}

stored! {
    pub enum Direction {
        In = "in",
        Out = "out",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Dialogue {
        pub id: Id<Dialogue>,
        pub person: PersonId,
        pub unit: Option<UnitId>,
        pub topic: String,
        pub purpose: Purpose,
        pub lang: Lang,
        pub state: DialogueState,
        pub outcome: Option<String>,
        pub owner: Option<ActorId>,
        pub opened_at: Timestamp,
    }
}

/// A dialogue to be opened.
#[derive(Clone, Debug)]
pub struct NewDialogue {
    pub person: PersonId,
    pub unit: Option<UnitId>,
    pub topic: String,
    pub purpose: Purpose,
    pub lang: Lang,
    pub channel: Channel,
}

record! {
    /// One thing that was said.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Turn {
        pub id: i64,
        #[serde(skip)]
        pub direction: Direction,
        pub channel: String,
        #[serde(skip)]
        pub actor: ActorId,
        pub actor_name: String,
        pub actor_kind: String,
        pub lang: Tongue,
        pub text: String,
        pub at: Timestamp,
        pub message: Option<i64>,
        /// What became of the message that carries it.
        pub message_state: Option<String>,
        pub message_reason: Option<String>,
    }
}

pub async fn open(tx: &mut Tx, new: &NewDialogue) -> Result<Id<Dialogue>> {
    let now = tx.now();
    let (id,) = tx
        .one(
            sql!(
                "insert into dialogues (person_id, unit_id, topic, purpose, lang, channel, state, opened_at, changed_at)
                 values ($1, $2, $3, $4, $5, $6, 'ours', $7, $7) returning id"
            ),
            params![new.person, new.unit, &new.topic, new.purpose, new.lang, new.channel, now],
        )
        .await?;
    Ok(id)
}

/// The thread of somebody about a topic: the one that is open, or a new one. Two topics never share a thread, and a topic
/// has one thread at a time, over whatever channels it goes.
pub async fn thread(tx: &mut Tx, new: &NewDialogue) -> Result<Id<Dialogue>> {
    let open: Option<(Id<Dialogue>,)> = tx
        .maybe(
            sql!(
                "select id from dialogues where person_id = $1 and topic = $2 and purpose = $3 and state <> 'closed'
                 order by changed_at desc, id desc limit 1"
            ),
            params![new.person, &new.topic, new.purpose],
        )
        .await?;
    match open {
        Some((id,)) => Ok(id),
        None => self::open(tx, new).await,
    }
}

/// The person said something: it is ours to answer.
pub async fn hear(
    tx: &mut Tx,
    dialogue: Id<Dialogue>,
    channel: &str,
    lang: impl Into<Tongue>,
    text: &str,
) -> Result<i64> {
    let id = turn(tx, dialogue, Direction::In, channel, lang.into(), text).await?;
    set_state(tx, dialogue, DialogueState::Ours, None).await?;
    let found: (PersonId,) =
        tx.one(sql!("select person_id from dialogues where id = $1"), params![dialogue]).await?;
    person::contacted(tx, found.0).await?;
    Ok(id)
}

/// A machine of the person's answered (a holiday notice): it stands in the thread, and it is nobody's turn for it.
pub(crate) async fn note_automatic(tx: &mut Tx, dialogue: Id<Dialogue>, text: &str) -> Result<i64> {
    let (lang,): (Tongue,) =
        tx.one(sql!("select lang from dialogues where id = $1"), params![dialogue]).await?;
    turn(tx, dialogue, Direction::In, AUTOMATIC, lang, text).await
}

/// The channel of turns that a machine of the person's said.
pub const AUTOMATIC: &str = "automatic";

/// We say something; the message that carries it is planned apart.
pub async fn say_out(
    tx: &mut Tx,
    dialogue: Id<Dialogue>,
    channel: &str,
    lang: impl Into<Tongue>,
    text: &str,
) -> Result<i64> {
    let id = turn(tx, dialogue, Direction::Out, channel, lang.into(), text).await?;
    set_state(tx, dialogue, DialogueState::Theirs, None).await?;
    Ok(id)
}

/// What a letter says, as a turn of its thread; written anew, it is the same turn.
pub(crate) async fn carried(
    tx: &mut Tx,
    dialogue: Id<Dialogue>,
    message: i64,
    lang: &Tongue,
    text: &str,
) -> Result<()> {
    let again = tx
        .run(
            sql!("update turns set text = $3, lang = $4 where dialogue_id = $1 and message_id = $2"),
            params![dialogue, message, text, lang],
        )
        .await?;
    if again == 0 {
        let turn = say_out(tx, dialogue, "mail", lang.clone(), text).await?;
        crate::message::carry(tx, turn, message).await?;
        tx.run(sql!("update messages set dialogue_id = $2 where id = $1"), params![message, dialogue])
            .await?;
    }
    Ok(())
}

pub async fn close(tx: &mut Tx, dialogue: Id<Dialogue>, outcome: &str) -> Result<()> {
    set_state(tx, dialogue, DialogueState::Closed, Some(outcome)).await
}

pub async fn reopen(tx: &mut Tx, dialogue: Id<Dialogue>) -> Result<()> {
    set_state(tx, dialogue, DialogueState::Ours, None).await
}

async fn set_state(
    tx: &mut Tx,
    dialogue: Id<Dialogue>,
    state: DialogueState,
    outcome: Option<&str>,
) -> Result<()> {
    let now = tx.now();
    let n = tx
        .run(
            sql!("update dialogues set state = $2, outcome = $3, changed_at = $4 where id = $1"),
            params![dialogue, state, outcome, now],
        )
        .await?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}

async fn turn(
    tx: &mut Tx,
    dialogue: Id<Dialogue>,
    direction: Direction,
    channel: &str,
    lang: Tongue,
    text: &str,
) -> Result<i64> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,) = tx
        .one(
            sql!(
                "insert into turns (dialogue_id, direction, channel, actor_id, lang, text, at)
                 values ($1, $2, $3, $4, $5, $6, $7) returning id"
            ),
            params![dialogue, direction, channel, actor, lang, text, now],
        )
        .await?;
    Ok(id)
}

/// All that was said, oldest first.
pub async fn turns(tx: &mut Tx, dialogue: Id<Dialogue>) -> Result<Vec<Turn>> {
    tx.all(
        sql!(
            "select t.id, t.direction, t.channel, t.actor_id, a.name, a.kind, t.lang, t.text, t.at, t.message_id, m.state, m.reason
             from turns t join actors a on a.id = t.actor_id left join messages m on m.id = t.message_id
             where t.dialogue_id = $1 order by t.id"
        ),
        params![dialogue],
    )
    .await
}

/// Takes back a turn whose message never went.
pub async fn withdraw(tx: &mut Tx, turn: i64) -> Result<()> {
    tx.run(sql!("delete from turns where id = $1 and direction = 'out'"), params![turn]).await.map(drop)
}
