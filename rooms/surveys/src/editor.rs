//! Making a survey: at most five questions, each in both languages, with the page beside it as people see it.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Mark, Permit, Route, Tx, Visit};
use kring_people::units;
use kring_web::{Choice, Chrome, Form};

use crate::{
    EDIT_SURVEYS, Kind, Question, Survey, SurveyState, Words,
    survey::{self, MOST_QUESTIONS},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/surveys", &EDIT_SURVEYS, list),
        Route::post("/surveys", &EDIT_SURVEYS, make),
        Route::get("/surveys/{id}", &EDIT_SURVEYS, edit),
        Route::post("/surveys/{id}/questions", &EDIT_SURVEYS, add),
        Route::post("/surveys/{id}/questions/{question}/retire", &EDIT_SURVEYS, retire),
        Route::post("/surveys/{id}/questions/{question}/back", &EDIT_SURVEYS, back),
        Route::post("/surveys/{id}/state", &EDIT_SURVEYS, state),
    ]
}

#[derive(Template)]
#[template(path = "surveys.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    surveys: Vec<(Survey, &'static str)>,
    form: Form,
    units: Vec<Choice>,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let page = list_page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn list_page(v: &Visit, permit: &Permit, form: Form) -> Result<ListPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let surveys = survey::list(&mut tx, permit).await?;
    let mine = v.actor.units(&EDIT_SURVEYS);
    let units = units::all(&mut tx).await?;
    Ok(ListPage {
        w,
        surveys: surveys
            .into_iter()
            .map(|s| {
                let state = w.find(&format!("state-{}", s.state)).unwrap_or_default();
                (s, state)
            })
            .collect(),
        form,
        units: units
            .iter()
            .filter(|u| mine.contains(&u.id))
            .map(|u| Choice::new(u.id, u.name(v.lang)))
            .collect(),
        chrome: v.chrome(&mut tx, w.surveys()).await?,
    })
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let nl = form.required_line("name_nl", 120);
    let en = form.required_line("name_en", 120);
    let unit = form.id::<kring_frame::mark::Unit>("unit");
    if let (Ok(()), Some(unit)) = (form.done(), unit) {
        if !v.actor.units(&EDIT_SURVEYS).contains(&unit) {
            return Err(Error::NotFound);
        }
        let mut tx = v.house.write(&v.actor).await?;
        let id = survey::make(&mut tx, &nl, &en, unit).await?;
        tx.trail(Mark::changed(&permit, "survey").subject(id.get()).detail("made")).await?;
        tx.commit().await?;
        return v.see(format!("/surveys/{id}"));
    }
    let page = list_page(&v, &permit, form).await?;
    v.html_again(&page)
}

#[derive(Template)]
#[template(path = "survey_edit.html")]
struct EditPage {
    chrome: Chrome,
    w: Words,
    survey: Survey,
    state: &'static str,
    questions: Vec<(Question, &'static str)>,
    full: bool,
    form: Form,
    kinds: Vec<Choice>,
}

async fn edit(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Survey> = v.path("id")?;
    let page = edit_page(&v, &permit, id, Form::default()).await?;
    v.html(&page)
}

async fn edit_page(v: &Visit, permit: &Permit, id: Id<Survey>, form: Form) -> Result<EditPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let s = survey::read(&mut tx, permit, id).await?;
    let questions = survey::questions(&mut tx, id).await?;
    let kind_name = |k: Kind| w.find(&format!("kind-{}", k.as_str().replace('_', "-"))).unwrap_or_default();
    Ok(EditPage {
        chrome: v.chrome(&mut tx, s.name(v.lang)).await?,
        w,
        state: w.find(&format!("state-{}", s.state)).unwrap_or_default(),
        full: questions.len() >= MOST_QUESTIONS,
        questions: questions
            .into_iter()
            .map(|q| {
                let kind = kind_name(q.kind);
                (q, kind)
            })
            .collect(),
        form,
        kinds: [Kind::Mark, Kind::YesNo, Kind::Text].iter().map(|k| Choice::new(k, kind_name(*k))).collect(),
        survey: s,
    })
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Survey> = v.path("id")?;
    let mut form = v.form()?;
    let kind = form.choice("kind", &[("mark", Kind::Mark), ("yes_no", Kind::YesNo), ("text", Kind::Text)]);
    form.required("kind");
    let nl = form.required_line("text_nl", 200);
    let en = form.required_line("text_en", 200);
    let mut tx = v.house.write(&v.actor).await?;
    survey::read(&mut tx, &permit, id).await?;
    if let (Ok(()), Some(kind)) = (form.done(), kind) {
        match survey::add_question(&mut tx, id, kind, &nl, &en).await {
            Ok(()) => {
                tx.trail(Mark::changed(&permit, "survey").subject(id.get()).detail("question added")).await?;
                tx.commit().await?;
                return v.see_done(&format!("/surveys/{id}"), "done-question", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    drop(tx);
    let page = edit_page(&v, &permit, id, form).await?;
    v.html_again(&page)
}

async fn retire(v: Visit, permit: Permit) -> Result<Response> {
    let (id, question) = (v.path("id")?, v.path::<Id<Question>>("question")?);
    let mut tx = v.house.write(&v.actor).await?;
    survey::retire(&mut tx, &permit, id, question).await?;
    tx.commit().await?;
    let undo = format!("/surveys/{id}/questions/{question}/back");
    v.see_done(&format!("/surveys/{id}"), "done-retired", Some(&undo))
}

async fn back(v: Visit, permit: Permit) -> Result<Response> {
    let (id, question): (Id<Survey>, Id<Question>) = (v.path("id")?, v.path("question")?);
    let mut tx = v.house.write(&v.actor).await?;
    survey::unretire(&mut tx, &permit, id, question).await?;
    tx.commit().await?;
    v.see_done(&format!("/surveys/{id}"), "done-question", None)
}

async fn state(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Survey> = v.path("id")?;
    let to: SurveyState = v.form()?.get("state").parse().map_err(|()| Error::NotFound)?;
    let mut tx: Tx = v.house.write(&v.actor).await?;
    survey::read(&mut tx, &permit, id).await?;
    match to {
        SurveyState::Live => survey::publish(&mut tx, id).await?,
        SurveyState::Closed => survey::close(&mut tx, id).await?,
        SurveyState::Draft => return Err(Error::NotFound),
    }
    tx.trail(Mark::changed(&permit, "survey").subject(id.get()).detail(to.as_str())).await?;
    tx.commit().await?;
    v.see_done(&format!("/surveys/{id}"), "done-state", None)
}
