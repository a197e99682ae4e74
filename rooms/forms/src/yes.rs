//! The second yes: consent that counts when the link in a mail is used. The link opens a page with a button; a scanner that opens
//! every link has said nothing.

use askama::Template;
use axum::response::Response;
use http::Method;
use jiff::SignedDuration;
use kring_consent::MessageClass;
use kring_core::{Error, Result, Timestamp, Token};
use kring_frame::{
    Block, Content, Envelope, Letter, PersonId, Purpose, Route, Tx, Visit, fingerprint, params, record, sql,
};
use kring_lang::dates;
use kring_people::{merge, person};
use kring_web::Face;

use crate::{
    Words,
    answer::{self, Answer, Form},
    answers::Answers,
    look,
    plan::{Field, around},
    public,
};

/// The kind of its letter; stable for ever.
pub const LETTER: &str = "forms.yes";
/// How long the link works.
const DAYS: i64 = 7;
/// Mails to one address: for one form in a day, and for all forms. Whoever types somebody else's address should not fill their
/// mailbox.
const PER_FORM: i64 = 1;
const PER_ADDRESS: i64 = 3;
const DAY: SignedDuration = SignedDuration::from_hours(24);

const WHY: &str = "whoever holds the link from the mail says yes, without signing in";

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/yes/{token}", WHY, show),
        Route::open(Method::POST, "/yes/{token}", WHY, say),
    ]
}

record! {
    pub struct Yes {
        id: i64,
        answer: i64,
        person: PersonId,
        expires_at: Timestamp,
        said_at: Option<Timestamp>,
    }
}

/// Asks for it, unless this person has just been asked.
pub async fn ask(tx: &mut Tx, form: &Form, answer: &Answer, person: PersonId) -> Result<()> {
    let mark = fingerprint(tx.house(), &format!("forms/yes/{person}"));
    for (door, most) in [
        (format!("forms/yes/{}/{mark}", form.piece.id), PER_FORM),
        (format!("forms/yes/{mark}"), PER_ADDRESS),
    ] {
        match tx.knock(&door, most, DAY).await {
            Ok(()) => {}
            // They have a link from before, or have had enough; the answer itself is kept.
            Err(Error::TooMany(_)) => return Ok(()),
            Err(why) => return Err(why),
        }
    }
    let now = tx.now();
    let expires = now + SignedDuration::from_hours(24 * DAYS);
    let (id,): (i64,) = tx
        .one(
            sql!(
                "insert into form_yeses (answer_id, person_id, made_at, expires_at) values ($1, $2, $3, $4) returning id"
            ),
            params![answer.id, person, now, expires],
        )
        .await?;
    let letter = kring_talks::Plan {
        person,
        dialogue: None,
        unit: Some(form.piece.unit),
        kind: LETTER,
        subject: id,
        purpose: Purpose::Service,
        class: MessageClass::Transactional,
        approach: None,
        told_by_room: false,
        due: now,
    };
    kring_talks::plan(tx, &letter).await.map(drop)
}

async fn load(tx: &mut Tx, id: i64) -> Result<Option<Yes>> {
    tx.maybe(
        sql!("select id, answer_id, person_id, expires_at, said_at from form_yeses where id = $1"),
        params![id],
    )
    .await
}

/// The letter, with a link made for it.
pub async fn letter(tx: &mut Tx, envelope: Envelope) -> Result<Option<Content>> {
    let Some(yes) = load(tx, envelope.subject).await? else { return Ok(None) };
    if yes.said_at.is_some() || yes.expires_at < tx.now() {
        return Ok(None);
    }
    let Some(Asked { answer, words, .. }) = asked(tx, &yes).await? else { return Ok(None) };
    let token = Token::new(&tx.house().chance);
    tx.run(sql!("update form_yeses set token_hash = $2 where id = $1"), params![yes.id, token.hash()])
        .await?;
    let lang = around(&answer.tongue);
    let w = Words(lang);
    let settings = &tx.house().settings;
    let until = dates::moment(yes.expires_at, &settings.zone, lang);
    let url = format!("{}/yes/{}?lang={}", settings.site, token.reveal(), answer.tongue);
    let to = person::load(tx, envelope.person).await?;
    let mut blocks = vec![Block::Paragraph(w.yes_letter_intro().to_owned())];
    blocks.extend(words.into_iter().map(Block::Quote));
    blocks.push(Block::Button { label: w.yes_letter_button().to_owned(), url });
    blocks.push(Block::Small(w.yes_letter_until(until)));
    Ok(Some(Content::Letter(Letter {
        lang,
        subject: w.yes_letter_subject().to_owned(),
        greeting: to.name().salutation(lang, false) + ",",
        blocks,
        closing: Vec::new(),
    })))
}

/// What somebody said yes to, with the words as they stood there.
struct Asked {
    form: Form,
    answer: Answer,
    answers: Answers,
    words: Vec<String>,
}

async fn asked(tx: &mut Tx, yes: &Yes) -> Result<Option<Asked>> {
    let Some(answer) = answer::known(tx, yes.answer).await? else { return Ok(None) };
    let form = Form::of(tx, &answer).await?;
    let answers = Answers::load(tx, answer.id).await?;
    let words: Vec<String> = answer::said_yes(&form.plan, &answers)
        .map(|field| form.plan.say(&field.label, &answer.tongue).to_owned())
        .collect();
    Ok(Some(Asked { form, answer, answers, words }))
}

async fn by_token(tx: &mut Tx, token: &Token) -> Result<(Yes, Asked)> {
    let yes: Yes = tx
        .one(
            sql!(
                "select id, answer_id, person_id, expires_at, said_at from form_yeses where token_hash = $1"
            ),
            params![token.hash()],
        )
        .await?;
    let asked = asked(tx, &yes).await?.ok_or(Error::NotFound)?;
    Ok((yes, asked))
}

#[derive(Template)]
#[template(path = "yes.html")]
struct YesPage {
    face: Face,
    w: Words,
    words: Vec<String>,
    written: String,
    dir: &'static str,
    said: bool,
    late: bool,
}

async fn show(mut v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (yes, asked) = by_token(&mut tx, &token).await?;
    let late = yes.expires_at < tx.now() && yes.said_at.is_none();
    v.lang = around(&asked.answer.tongue);
    let w = Words(v.lang);
    let mut face = Face::new(v.lang, w.yes_title(), v.house.settings.institution.clone());
    look::dress(&mut tx, &mut face, asked.form.piece.unit).await?;
    let page = YesPage {
        face,
        w,
        words: asked.words,
        written: asked.answer.tongue.tag().to_owned(),
        dir: asked.answer.tongue.dir().as_str(),
        said: yes.said_at.is_some(),
        late,
    };
    if late { Ok(kring_web::render_as(http::StatusCode::GONE, &page)) } else { v.html(&page) }
}

async fn say(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.write(&v.actor).await?;
    let (yes, Asked { form, answer, answers, .. }) = by_token(&mut tx, &token).await?;
    let now = tx.now();
    if yes.said_at.is_none() {
        if yes.expires_at < now {
            return Err(Error::Gone);
        }
        // Whichever of two presses comes first says it; the other finds it said.
        let first = tx
            .run(
                sql!("update form_yeses set said_at = $2 where id = $1 and said_at is null"),
                params![yes.id, now],
            )
            .await?;
        if first == 1 {
            let fields: Vec<&Field> = answer::said_yes(&form.plan, &answers).collect();
            let person = merge::current(&mut tx, yes.person).await?;
            answer::agree(&mut tx, &form, &answer, person, &fields, &format!("yes:{}", yes.id)).await?;
        }
        tx.commit().await?;
    }
    v.see(format!("/yes/{}?lang={}", token.reveal(), public::tag(&answer.tongue)))
}
