//! Answering a question of a journey: one page, no login. Opening it records nothing, so a scanner that opens every link of a
//! mail has said nothing; a second answer takes the place of the first.

use askama::Template;
use axum::response::Response;
use http::Method;
use kring_blocks::What as Block;
use kring_core::{Error, Id, Lang, Result, Token, Tongue};
use kring_flow::Cue;
use kring_frame::{About, DialogueHeard, Event, JourneyAnswered, Route, Told, Tx, Visit, params, sql};
use kring_web::{Choice, Face, Form};

use crate::{
    Words,
    journey::{JourneyState, Ready},
    letter,
    run::{self, Run},
};

const WHY: &str = "whoever holds the link from the mail answers without signing in";

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/q/{token}", WHY, show),
        Route::open(Method::POST, "/q/{token}", WHY, answer),
        Route::open(Method::GET, "/q/{token}/thanks", WHY, thanks),
    ]
}

/// What was asked, in the language it was written in.
struct Asked {
    deed: i64,
    run: Run,
    ready: Ready,
    step: u32,
    tongue: Tongue,
    question: String,
    options: Vec<Choice>,
    before: Option<String>,
}

async fn asked(tx: &mut Tx, token: &Token) -> Result<Asked> {
    let found: Option<(i64, Option<String>)> = tx
        .maybe(sql!("select id, answer from journey_deeds where token_hash = $1"), params![token.hash()])
        .await?;
    let (deed, before) = found.ok_or(Error::NotFound)?;
    let (run, ready, step) = letter::behind(tx, deed).await?;
    let mail = letter::of(&ready.plan, step).ok_or(Error::NotFound)?;
    let wanted = kring_talks::wording::reads(tx, run.person).await?;
    let (tongue, sheet) = mail.text.choose(&wanted).ok_or(Error::NotFound)?;
    let (question, options) = sheet
        .blocks
        .iter()
        .find_map(|block| match &block.what {
            Block::Choices { question, options } => Some((question.clone(), options)),
            _ => None,
        })
        .ok_or(Error::NotFound)?;
    let options = options.iter().map(|option| Choice::new(&option.code, &option.label)).collect();
    let tongue = tongue.clone();
    Ok(Asked { deed, run, ready, step, tongue, question, options, before })
}

#[derive(Template)]
#[template(path = "question.html")]
struct QuestionPage {
    face: Face,
    w: Words,
    tongue: Tongue,
    question: String,
    options: Vec<Choice>,
    form: Form,
    again: bool,
}

impl QuestionPage {
    fn of(v: &Visit, asked: Asked, form: Form) -> Self {
        let w = Words(v.lang);
        Self {
            face: v.face(w.question_title()),
            w,
            tongue: asked.tongue,
            question: asked.question,
            options: asked.options,
            again: asked.before.is_some(),
            form,
        }
    }
}

async fn show(v: Visit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let asked = asked(&mut tx, &v.token("token")?).await?;
    // What was clicked is ready, and no more than that: it counts when it is sent.
    let clicked = v.query()?.get("a").to_owned();
    let clicked = Some(clicked).filter(|code| asked.options.iter().any(|option| option.value == *code));
    let form = match clicked.or_else(|| asked.before.clone()) {
        Some(code) => Form::of([("answer", code)]),
        None => Form::default(),
    };
    v.html(&QuestionPage::of(&v, asked, form))
}

async fn answer(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let asked = asked(&mut tx, &token).await?;
    let options: Vec<(&str, String)> =
        asked.options.iter().map(|option| (option.value.as_str(), option.value.clone())).collect();
    form.required("answer");
    let chosen = form.choice("answer", &options);
    let remark = form.text("remark", 2_000);
    let (Some(chosen), Ok(())) = (chosen, form.done()) else {
        return v.html_again(&QuestionPage::of(&v, asked, form));
    };
    give(&mut tx, &asked, &chosen).await?;
    if !remark.is_empty() {
        say(&mut tx, &asked, &remark).await?;
    }
    tx.commit().await?;
    v.see(format!("/q/{}/thanks?lang={}", token.reveal(), v.lang))
}

/// Writes an answer down and lets the journey hear it.
async fn give(tx: &mut Tx, asked: &Asked, chosen: &str) -> Result<()> {
    let now = tx.now();
    tx.run(
        sql!("update journey_deeds set answer = $2, answered_at = $3 where id = $1"),
        params![asked.deed, chosen, now],
    )
    .await?;
    let about = About::person(asked.run.person).in_unit(asked.ready.unit).subject(asked.run.id.get());
    let told = JourneyAnswered {
        journey: asked.run.journey.get(),
        step: i64::from(asked.step),
        answer: chosen.to_owned(),
    };
    let event = tx.tell(about, &told).await?;
    hear(tx, &asked.ready, asked.run.id, asked.step, chosen, event).await
}

/// A run hears an answer. Of one that is over only the answer is kept; of one that is paused it is kept for later.
pub async fn hear(
    tx: &mut Tx,
    ready: &Ready,
    run: Id<Run>,
    step: u32,
    answer: &str,
    event: i64,
) -> Result<()> {
    let Some(run) = run::hold(tx, run).await? else { return Ok(()) };
    if ready.state == JourneyState::Paused {
        return tx
            .run(
                sql!("insert into journey_missed (run_id, event_id) values ($1, $2)"),
                params![run.id, event],
            )
            .await
            .map(drop);
    }
    run::take_turn(tx, ready, run, Cue::Answered { step, answer }, Some(event)).await.map(drop)
}

/// An answer that came while its journey was paused.
pub async fn hear_again(tx: &mut Tx, ready: &Ready, run: Run, told: &Told) -> Result<()> {
    let answered = JourneyAnswered::read(told)?;
    let step = u32::try_from(answered.step).map_err(Error::broken)?;
    let cue = Cue::Answered { step, answer: &answered.answer };
    run::take_turn(tx, ready, run, cue, Some(told.id)).await.map(drop)
}

/// What they add in their own words goes on in the thread of the topic.
async fn say(tx: &mut Tx, asked: &Asked, remark: &str) -> Result<()> {
    let Some(dialogue) = letter::thread_of(tx, &asked.ready, &asked.run, &asked.tongue).await? else {
        return Ok(());
    };
    let lang: Lang = asked.tongue.primary().parse().unwrap_or_default();
    kring_talks::hear(tx, dialogue, "form", lang, remark).await?;
    let about = About::person(asked.run.person).in_unit(asked.ready.unit).subject(dialogue.get());
    tx.tell(about, &DialogueHeard { channel: "form".into() }).await.map(drop)
}

#[derive(Template)]
#[template(path = "question_thanks.html")]
struct ThanksPage {
    face: Face,
    w: Words,
    back: String,
}

async fn thanks(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    asked(&mut tx, &token).await?;
    let w = Words(v.lang);
    let back = format!("/q/{}?lang={}", token.reveal(), v.lang);
    v.html(&ThanksPage { face: v.face(w.question_thanks()), w, back })
}
