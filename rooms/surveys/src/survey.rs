use kring_core::{Error, Id, Lang, Result, Timestamp};
use kring_db::stored;
use kring_frame::{Mark, Permit, Tx, UnitId, params, record, sql};
use kring_talks::Topic;

/// Nobody is asked more than this. A person's patience is not ours to spend.
pub const MOST_QUESTIONS: usize = 5;

stored! {
    pub enum SurveyState {
        Draft = "draft",
        Live = "live",
        Closed = "closed",
    }
}

stored! {
    pub enum Kind {
        /// Five faces: how was it?
        Experience = "experience",
        /// Five faces: what did you expect?
        Expectation = "expectation",
        /// A report mark from 1 to 10.
        Mark = "mark",
        YesNo = "yes_no",
        Text = "text",
    }
}

impl Kind {
    /// The numbers that an answer may be; `None` for words.
    pub const fn range(self) -> Option<(i64, i64)> {
        match self {
            Kind::Experience | Kind::Expectation => Some((1, 5)),
            Kind::Mark => Some((1, 10)),
            Kind::YesNo => Some((0, 1)),
            Kind::Text => None,
        }
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Survey {
        pub id: Id<Survey>,
        pub name_nl: String,
        pub name_en: String,
        pub topic: Option<Id<Topic>>,
        pub unit: UnitId,
        pub state: SurveyState,
        pub made_at: Timestamp,
    }
}

impl Survey {
    pub fn name(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.name_nl,
            Lang::En => &self.name_en,
        }
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Question {
        pub id: Id<Question>,
        pub position: i64,
        pub kind: Kind,
        pub text_nl: String,
        pub text_en: String,
    }
}

impl Question {
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.text_nl,
            Lang::En => &self.text_en,
        }
    }

    /// The name of its field in a form.
    pub fn field(&self) -> String {
        format!("q{}", self.id)
    }
}

/// The surveys of the units that this permit reaches.
pub async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<Survey>> {
    tx.all(
        sql!(
            "select id, name_nl, name_en, topic_id, unit_id, state, made_at from surveys
             where unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2) order by state desc, id desc"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

pub async fn read(tx: &mut Tx, permit: &Permit, id: Id<Survey>) -> Result<Survey> {
    tx.one(
        sql!(
            "select id, name_nl, name_en, topic_id, unit_id, state, made_at from surveys
             where id = $1 and unit_id in (select unit_id from reach where actor_id = $2 and right_key = $3)"
        ),
        params![id, permit.actor(), permit.right()],
    )
    .await
}

/// The questions that are asked now, in order.
pub async fn questions(tx: &mut Tx, id: Id<Survey>) -> Result<Vec<Question>> {
    tx.all(
        sql!(
            "select id, position, kind, text_nl, text_en from questions
             where survey_id = $1 and retired_at is null order by position, id"
        ),
        params![id],
    )
    .await
}

/// The live survey for a topic: its own, or the one for all.
pub async fn for_topic(tx: &mut Tx, topic: i64) -> Result<Option<Survey>> {
    tx.maybe(
        sql!(
            "select id, name_nl, name_en, topic_id, unit_id, state, made_at from surveys
             where state = 'live' and (topic_id = $1 or topic_id is null) order by topic_id is null, id desc limit 1"
        ),
        params![topic],
    )
    .await
}

/// Makes a draft with the questions that a survey after service always has: experience and expectation on the
/// same five faces.
pub async fn make(tx: &mut Tx, name_nl: &str, name_en: &str, unit: UnitId) -> Result<Id<Survey>> {
    let now = tx.now();
    let (id,): (Id<Survey>,) = tx
        .one(
            sql!("insert into surveys (name_nl, name_en, unit_id, state, made_at) values ($1, $2, $3, 'draft', $4) returning id"),
            params![name_nl, name_en, unit, now],
        )
        .await?;
    add_question(tx, id, Kind::Experience, "Hoe was het?", "How was it?").await?;
    add_question(tx, id, Kind::Expectation, "En wat had je verwacht?", "And what did you expect?").await?;
    Ok(id)
}

/// Adds a question at the end; the sixth is refused. Both languages are needed: a question that half of the people
/// cannot read measures the other half.
pub async fn add_question(
    tx: &mut Tx,
    id: Id<Survey>,
    kind: Kind,
    text_nl: &str,
    text_en: &str,
) -> Result<()> {
    let known = questions(tx, id).await?;
    if known.len() >= MOST_QUESTIONS {
        return Err(Error::field("kind", crate::say::sixth_question()));
    }
    if matches!(kind, Kind::Experience | Kind::Expectation | Kind::Mark)
        && known.iter().any(|q| q.kind == kind)
    {
        return Err(Error::field("kind", crate::say::asked_already()));
    }
    let position = known.last().map_or(1, |q| q.position + 1);
    tx.run(
        sql!(
            "insert into questions (survey_id, position, kind, text_nl, text_en) values ($1, $2, $3, $4, $5)"
        ),
        params![id, position, kind, text_nl, text_en],
    )
    .await
    .map(drop)
}

/// Stops asking a question; what was answered to it stays.
pub async fn retire(tx: &mut Tx, permit: &Permit, id: Id<Survey>, question: Id<Question>) -> Result<()> {
    read(tx, permit, id).await?;
    let found = questions(tx, id).await?.into_iter().find(|q| q.id == question).ok_or(Error::NotFound)?;
    if matches!(found.kind, Kind::Experience | Kind::Expectation) {
        return Err(Error::Conflict(crate::say::always_asked()));
    }
    let now = tx.now();
    tx.run(sql!("update questions set retired_at = $2 where id = $1"), params![question, now]).await?;
    tx.trail(Mark::changed(permit, "survey").subject(id.get()).detail("question retired")).await
}

/// Undoes a retirement, if there is still room.
pub async fn unretire(tx: &mut Tx, permit: &Permit, id: Id<Survey>, question: Id<Question>) -> Result<()> {
    read(tx, permit, id).await?;
    if questions(tx, id).await?.len() >= MOST_QUESTIONS {
        return Err(Error::Conflict(crate::say::sixth_question()));
    }
    tx.run(
        sql!("update questions set retired_at = null where id = $1 and survey_id = $2"),
        params![question, id],
    )
    .await?;
    tx.trail(Mark::changed(permit, "survey").subject(id.get()).detail("question back")).await
}

/// From now on people are asked with it.
pub async fn publish(tx: &mut Tx, id: Id<Survey>) -> Result<()> {
    set_state(tx, id, SurveyState::Live).await
}

pub async fn close(tx: &mut Tx, id: Id<Survey>) -> Result<()> {
    set_state(tx, id, SurveyState::Closed).await
}

async fn set_state(tx: &mut Tx, id: Id<Survey>, state: SurveyState) -> Result<()> {
    tx.run(sql!("update surveys set state = $2 where id = $1"), params![id, state]).await.map(drop)
}
