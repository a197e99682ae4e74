//! What a respondent sees: one page, no login. Opening it records nothing, so a scanner that opens every link in a
//! mail leaves no vote; the answer is the person's act of sending.

use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Error, Result};
use kring_frame::{Route, Tx, Visit};
use kring_people::{contact, person};
use kring_web::{Choice, Face, Form};

use crate::{
    Given, Kind, Question, Words,
    callback::Wish,
    invitation::{Invitation, by_token},
    response, say, survey,
};

const WHY: &str = "whoever holds the link from the mail answers without signing in";

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/s/{token}", WHY, show),
        Route::open(Method::POST, "/s/{token}", WHY, answer),
        Route::open(Method::GET, "/s/{token}/thanks", WHY, thanks),
    ]
}

#[derive(Template)]
#[template(path = "survey.html")]
struct SurveyPage {
    face: Face,
    w: Words,
    title: String,
    intro: String,
    questions: Vec<Question>,
    form: Form,
    marks: Vec<Choice>,
    yes_no: Vec<Choice>,
    channels: Vec<Choice>,
    moments: Vec<Choice>,
}

async fn show(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    let i = by_token(&mut tx, &token).await?;
    if i.expires_at < tx.now() {
        return Err(Error::Gone);
    }
    let questions = survey::questions(&mut tx, i.survey).await?;
    // The face that was clicked is ready, and no more than that: it counts when it is sent.
    let clicked: Option<i64> = v.query()?.get("a").parse().ok().filter(|n| (1..=5).contains(n));
    let first = questions.iter().find(|q| q.kind == Kind::Experience);
    let form = match (clicked, first) {
        (Some(n), Some(q)) => Form::of([(q.field(), n.to_string())]),
        _ => Form::default(),
    };
    let page = page(&v, &mut tx, &i, questions, form).await?;
    v.html(&page)
}

async fn page(
    v: &Visit,
    tx: &mut Tx,
    i: &Invitation,
    questions: Vec<Question>,
    form: Form,
) -> Result<SurveyPage> {
    let w = Words(v.lang);
    let name = person::load(tx, i.person).await?.name().preferred_name;
    let title = if name.is_empty() { w.page_title().to_owned() } else { w.page_title_name(name) };
    Ok(SurveyPage {
        face: v.face(w.page_title()),
        w,
        title,
        intro: w.page_intro(i64::try_from(questions.len()).unwrap_or(5)),
        questions,
        form,
        marks: (1..=10).map(|n| Choice::new(n, n.to_string())).collect(),
        yes_no: vec![Choice::new(1, w.yes()), Choice::new(0, w.no())],
        channels: vec![Choice::new("mail", w.by_mail()), Choice::new("phone", w.by_phone())],
        moments: vec![
            Choice::new("any", w.moment_any()),
            Choice::new("morning", w.moment_morning()),
            Choice::new("afternoon", w.moment_afternoon()),
        ],
    })
}

async fn answer(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let i = by_token(&mut tx, &token).await?;
    let questions = survey::questions(&mut tx, i.survey).await?;
    let given = read(&mut tx, &i, &questions, &mut form).await?;
    if form.done().is_err() {
        let page = page(&v, &mut tx, &i, questions, form).await?;
        return v.html_again(&page);
    }
    response::give(&mut tx, &i, &given).await?;
    tx.commit().await?;
    v.see(format!("/s/{}/thanks?lang={}", token.reveal(), v.lang))
}

/// Reads the form: every question may be skipped but the first, and a number outside its scale is no answer.
async fn read(tx: &mut Tx, i: &Invitation, questions: &[Question], form: &mut Form) -> Result<Given> {
    let mut given = Given::default();
    for q in questions {
        let field = q.field();
        match q.kind.range() {
            Some((low, high)) => {
                if form.get(&field).is_empty() {
                    if q.kind == Kind::Experience {
                        form.fault(&field, say::first_needed());
                    }
                } else if let Some(n) = form.int(&field, low..=high) {
                    given.numbers.push((q.id, n));
                }
            }
            None => {
                let text = form.text(&field, 2_000);
                if !text.is_empty() {
                    given.texts.push((q.id, text));
                }
            }
        }
    }
    if form.tick("contact") {
        let channel = if form.get("channel") == "phone" { "phone" } else { "mail" };
        let known = contact::of(tx, i.person).await?;
        let known = known.iter().find(|c| c.kind == contact::Kind::Phone).map(|c| c.value.clone());
        let typed = form.line("phone", 40);
        let phone = if typed.is_empty() { known } else { Some(typed) };
        if channel == "phone" && phone.is_none() {
            form.fault("phone", say::phone_needed());
        }
        let moment = match form.get("moment") {
            "morning" => "morning",
            "afternoon" => "afternoon",
            _ => "any",
        };
        given.contact = Some(Wish { channel, phone: phone.filter(|_| channel == "phone"), moment });
    }
    Ok(given)
}

#[derive(Template)]
#[template(path = "survey_thanks.html")]
struct ThanksPage {
    face: Face,
    w: Words,
    back: String,
}

async fn thanks(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    by_token(&mut tx, &token).await?;
    let w = Words(v.lang);
    v.html(&ThanksPage {
        face: v.face(w.thanks_title()),
        w,
        back: format!("/s/{}?lang={}", token.reveal(), v.lang),
    })
}
