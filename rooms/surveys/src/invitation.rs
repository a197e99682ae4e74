//! After a request is closed: somebody is asked how it went, or it is written down why not.

use jiff::SignedDuration;
use kring_consent::{Approach, Channel, Grant, MessageClass, ask, facts_of, may};
use kring_core::{Id, Lang, Result, Timestamp, Token};
use kring_frame::{
    About, Block, Content, Envelope, Event, Letter, PersonId, Purpose, RequestClosed, SurveyInvited,
    SurveyNotInvited, Told, Tx, UnitId, params, record, sql,
};
use kring_people::person;
use kring_talks::{Plan, plan};

use crate::{
    Survey, Words,
    survey::{self, Kind},
};

/// The answer itself leaves first, and can be taken back until then.
const AFTER: SignedDuration = SignedDuration::from_secs(20);
/// Later than this nobody remembers how it was.
const VALID: SignedDuration = SignedDuration::from_hours(24 * 30);

record! {
    #[derive(Clone, Debug)]
    pub struct Invitation {
        pub id: Id<Invitation>,
        pub survey: Id<Survey>,
        pub person: PersonId,
        pub request: i64,
        pub unit: UnitId,
        pub lang: Lang,
        pub expires_at: Timestamp,
        pub withdrawn: bool,
    }
}

/// Decides about one closed request. Every way out tells an event: not asking is a decision too.
pub async fn after_closing(tx: &mut Tx, told: &Told) -> Result<()> {
    let closed = RequestClosed::read(told)?;
    let (Some(person), Some(unit), Some(request)) = (told.person, told.unit, told.subject) else {
        return Ok(());
    };
    let (person, unit) = (PersonId::new(person), UnitId::new(unit));
    let about = About::person(person).in_unit(unit).subject(request);
    let known: Option<(i64,)> =
        tx.maybe(sql!("select id from invitations where request_id = $1"), params![request]).await?;
    if known.is_some() {
        // Closed, opened and closed again: asked once. A withdrawn invitation stands up again.
        tx.run(sql!("update invitations set withdrawn = false where request_id = $1"), params![request])
            .await?;
        return Ok(());
    }
    let found = match closed.outcome.as_str() {
        "solved" | "answered_elsewhere" => survey::for_topic(tx, closed.topic).await?.ok_or("no-survey"),
        _ => Err("no-service"),
    };
    let why_not = match &found {
        Err(reason) => Some((*reason).to_owned()),
        Ok(_) => refused(tx, person, unit).await?,
    };
    let survey = found.ok();
    if let Some(reason) = why_not {
        let told = SurveyNotInvited { survey: survey.map(|s| s.id.get()), request, reason };
        return tx.tell(about, &told).await.map(drop);
    }
    let Some(survey) = survey else { return Ok(()) };
    let (now, lang) = (tx.now(), person::load(tx, person).await?.speaks());
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into invitations (survey_id, person_id, request_id, unit_id, topic_id, lang, chance, made_at, expires_at)
                 values ($1, $2, $3, $4, $5, $6, 1.0, $7, $8) returning id"
            ),
            params![survey.id, person, request, unit, closed.topic, lang, now, now + VALID],
        )
        .await?;
    plan(
        tx,
        &Plan {
            person,
            dialogue: None,
            unit: Some(unit),
            kind: "surveys.invitation",
            subject: id,
            purpose: Purpose::Research,
            class: MessageClass::Announcement,
            approach: Some(Approach::Survey),
            told_by_room: true,
            due: told.at + AFTER,
        },
    )
    .await?;
    tx.tell(about.subject(id), &SurveyInvited { survey: survey.id.get(), request }).await.map(drop)
}

/// A code of the permission function or of the budget, when asking is not allowed now.
async fn refused(tx: &mut Tx, person: PersonId, unit: UnitId) -> Result<Option<String>> {
    let facts = facts_of(tx, person, Purpose::Research, Channel::Mail).await?;
    let verdict = may(&facts, Purpose::Research, Channel::Mail, MessageClass::Announcement);
    if !verdict.allowed {
        return Ok(verdict.reasons.first().map(|r| r.code.to_owned()));
    }
    Ok(match ask(tx, person, Approach::Survey, Some(unit)).await? {
        Grant::Granted => None,
        Grant::Refused(why) => Some(why.code.to_owned()),
    })
}

/// A request that goes on is not asked about.
pub async fn after_reopening(tx: &mut Tx, told: &Told) -> Result<()> {
    tx.run(sql!("update invitations set withdrawn = true where request_id = $1"), params![told.subject])
        .await
        .map(drop)
}

/// The letter, with a link made for it. Five faces, each one click to the form with that answer ready.
pub async fn letter(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let i = load(tx, envelope.subject).await?;
    if i.withdrawn || i.expires_at < tx.now() || goes_on(tx, i.request).await? {
        return Ok(None);
    }
    let token = Token::new(&tx.house().chance);
    tx.run(
        sql!("update invitations set token_hash = $2 where id = $1"),
        params![envelope.subject, token.hash()],
    )
    .await?;
    let questions = survey::questions(tx, i.survey).await?;
    let Some(first) = questions.iter().find(|q| q.kind == Kind::Experience) else { return Ok(None) };
    let to = person::load(tx, i.person).await?;
    let w = Words(i.lang);
    let base = format!("{}/s/{}?lang={}&a=", tx.house().settings.site, token.reveal(), i.lang);
    let faces = [w.face_1(), w.face_2(), w.face_3(), w.face_4(), w.face_5()]
        .iter()
        .enumerate()
        .map(|(n, label)| ((*label).to_owned(), format!("{base}{}", n + 1)))
        .collect();
    Ok(Some(Content::Letter(Letter {
        lang: i.lang,
        subject: w.letter_subject().to_owned(),
        greeting: to.name().salutation(i.lang, false) + ",",
        blocks: vec![
            Block::Paragraph(w.letter_intro(i64::try_from(questions.len()).unwrap_or(5))),
            Block::Faces { question: first.text(i.lang).to_owned(), faces },
            Block::Small(w.letter_promise().to_owned()),
        ],
        closing: Vec::new(),
    })))
}

/// Was the request opened again after it was closed? The log knows at once, while the reader that withdraws the
/// invitation may come by a moment later.
async fn goes_on(tx: &mut Tx, request: i64) -> Result<bool> {
    let last: Option<(String,)> = tx
        .maybe(
            sql!(
                "select kind from events where subject_id = $1 and kind in ('request.closed', 'request.reopened') order by id desc limit 1"
            ),
            params![request],
        )
        .await?;
    Ok(last.is_some_and(|(kind,)| kind == "request.reopened"))
}

pub async fn load(tx: &mut Tx, id: i64) -> Result<Invitation> {
    tx.one(
        sql!("select id, survey_id, person_id, request_id, unit_id, lang, expires_at, withdrawn from invitations where id = $1"),
        params![id],
    )
    .await
}

/// The invitation behind a link.
pub async fn by_token(tx: &mut Tx, token: &Token) -> Result<Invitation> {
    tx.one(
        sql!(
            "select id, survey_id, person_id, request_id, unit_id, lang, expires_at, withdrawn from invitations where token_hash = $1"
        ),
        params![token.hash()],
    )
    .await
}

/// The invitation that followed a request, if one did and it still stands.
pub async fn of_request(tx: &mut Tx, request: i64) -> Result<Option<Invitation>> {
    tx.maybe(
        sql!(
            "select id, survey_id, person_id, request_id, unit_id, lang, expires_at, withdrawn from invitations
             where request_id = $1 and not withdrawn"
        ),
        params![request],
    )
    .await
}
