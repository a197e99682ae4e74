//! The pages of tips.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Lang, Result};
use kring_frame::{ActorId, Fut, Permit, PersonId, Route, Task, Tx, UnitId, Visit};
use kring_lang::dates;
use kring_people::{Party, units};
use kring_web::{Choice, Chrome, Form};

use crate::{
    LEAD, SHARE, Words,
    claims::{Warning, seen, warning},
    colleague, party, say,
    tip::{self, NewTip, Outcome, State, Tip, View},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/tips", &SHARE, list),
        Route::get("/tips/{id}", &SHARE, one),
        Route::post("/tips/{id}/answer", &SHARE, answer),
        Route::post("/tips/{id}/close", &SHARE, close),
        Route::get("/people/{id}/tip", &SHARE, new),
        Route::post("/people/{id}/tip", &SHARE, give),
        Route::get("/organisations/{id}/tip", &SHARE, new),
        Route::post("/organisations/{id}/tip", &SHARE, give),
    ]
}

#[derive(Template)]
#[template(path = "tips.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    /// Whether the tab of those who lead is shown.
    leads: bool,
    view: View,
    rows: Vec<Row>,
}

impl ListPage {
    fn is(&self, view: View) -> bool {
        self.view == view
    }
}

/// A tip as it reads in a list and on its own page.
struct Row {
    id: Id<Tip>,
    about: String,
    href: String,
    what: String,
    why: String,
    from: String,
    to: String,
    given: String,
    state: &'static str,
    tone: &'static str,
    late: String,
    answer: String,
    outcome: String,
}

fn row(v: &Visit, tx: &Tx, t: &Tip) -> Result<Row> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let late = t.state == State::Open && t.due_at <= tx.now();
    let answered = match (&t.answered_by, t.answered_at) {
        (Some(by), Some(at)) => w.tip_answered_by(by, dates::day(at, zone, v.lang)),
        _ => String::new(),
    };
    let with = |a: String, b: &str| if b.is_empty() { a } else { format!("{a}: {b}") };
    let outcome = match t.outcome {
        Some(outcome) => {
            let said = w.find(&format!("outcome-{outcome}")).unwrap_or_default().to_owned();
            with(said, &t.outcome_note)
        }
        None => String::new(),
    };
    Ok(Row {
        id: t.id,
        about: t.about.clone(),
        href: t.party()?.href(),
        what: t.what.clone(),
        why: t.why.clone(),
        from: t.from(v.lang),
        to: t.to(v.lang),
        given: dates::day(t.given_at, zone, v.lang),
        state: w.find(&format!("tip-state-{}", t.state)).unwrap_or_default(),
        tone: match t.state {
            State::Open if late => "coral",
            State::Open => "sun",
            State::Accepted => "leaf",
            State::Declined | State::Closed => "",
        },
        late: if late { w.tip_late(dates::day(t.due_at, zone, v.lang)) } else { String::new() },
        answer: if answered.is_empty() { String::new() } else { with(answered, &t.answer) },
        outcome,
    })
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let view = match v.query()?.get("view") {
        "given" => View::Given,
        "closed" => View::Closed,
        _ => View::Mine,
    };
    let mut tx = v.house.read(&v.actor).await?;
    let tips = tip::list(&mut tx, view, 200).await?;
    let rows = tips.iter().map(|t| row(&v, &tx, t)).collect::<Result<_>>()?;
    let chrome = v.chrome(&mut tx, w.tips_title()).await?;
    v.html(&ListPage { chrome, w, leads: v.actor.may(&LEAD), view, rows })
}

#[derive(Template)]
#[template(path = "tip.html")]
struct TipPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    row: Row,
    may_answer: bool,
    may_close: bool,
    outcomes: Vec<Choice>,
}

async fn one(v: Visit, _permit: Permit) -> Result<Response> {
    page(&v, Form::default()).await
}

async fn page(v: &Visit, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let found = tip::one(&mut tx, v.path("id")?).await?;
    let may = tip::may_answer(&mut tx, &found).await?;
    let wrong = !form.faults().is_empty();
    let page = TipPage {
        chrome: v.chrome(&mut tx, w.tip_title(&found.about)).await?,
        w,
        form,
        row: row(v, &tx, &found)?,
        may_answer: may && found.state == State::Open,
        may_close: may && found.state == State::Accepted,
        outcomes: Outcome::ALL
            .iter()
            .map(|o| Choice::new(o, w.find(&format!("outcome-{o}")).unwrap_or_default()))
            .collect(),
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn answer(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Tip> = v.path("id")?;
    let mut form = v.form()?;
    let reason = form.text("reason", 500);
    form.required("decision");
    let accept = form.choice("decision", &[("accept", true), ("decline", false)]);
    if let (Ok(()), Some(accept)) = (form.done(), accept) {
        let mut tx = v.house.write(&v.actor).await?;
        match tip::answer(&mut tx, &permit, id, accept, &reason).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/tips/{id}"), "done-tip-answered", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, form).await
}

async fn close(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Tip> = v.path("id")?;
    let mut form = v.form()?;
    let note = form.text("note", 500);
    form.required("outcome");
    let options: Vec<(&str, Outcome)> = Outcome::ALL.iter().map(|o| (o.as_str(), *o)).collect();
    let outcome = form.choice("outcome", &options);
    if let (Ok(()), Some(outcome)) = (form.done(), outcome) {
        let mut tx = v.house.write(&v.actor).await?;
        match tip::close(&mut tx, &permit, id, outcome, &note).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/tips/{id}"), "done-tip-closed", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    page(&v, form).await
}

#[derive(Template)]
#[template(path = "tip_new.html")]
struct NewPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    name: String,
    href: String,
    person: bool,
    others: Warning,
    units: Vec<Choice>,
    colleagues: Vec<Choice>,
}

/// Units and colleagues to whom something can be passed on, for two fields.
pub async fn receivers(tx: &mut Tx, lang: Lang) -> Result<(Vec<Choice>, Vec<Choice>)> {
    let units = units::all(tx).await?.into_iter().map(|u| Choice::new(u.id, u.name(lang))).collect();
    let me = tx.actor().id;
    let colleagues = colleague::all(tx).await?.into_iter().filter(|(id, _)| *id != me);
    Ok((units, colleagues.map(|(id, name)| Choice::new(id, name)).collect()))
}

async fn new(v: Visit, permit: Permit) -> Result<Response> {
    new_page(&v, &permit, Form::default()).await
}

async fn new_page(v: &Visit, permit: &Permit, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let party = party::of_path(v)?;
    let mut tx = v.house.read(&v.actor).await?;
    let name = party::name(&mut tx, permit, party).await?;
    let others = warning(&mut tx, v.lang, party).await?;
    let (units, colleagues) = receivers(&mut tx, v.lang).await?;
    let wrong = !form.faults().is_empty();
    let chrome = v.chrome(&mut tx, w.tip_new_title(&name)).await?;
    let person = matches!(party, Party::Person(_));
    let page = NewPage { chrome, w, form, name, href: party.href(), person, others, units, colleagues };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

/// Reads to whom a tip goes: a unit, a colleague, or both; the unit of a colleague is theirs unless another was chosen.
pub async fn addressed(tx: &mut Tx, form: &mut Form) -> Result<Option<(UnitId, Option<ActorId>)>> {
    let unit: Option<UnitId> = form.id("to_unit");
    let actor: Option<ActorId> = form.id("to_actor");
    let unit = match (unit, actor) {
        (None, Some(actor)) => colleague::unit_of(tx, actor).await?,
        (unit, _) => unit,
    };
    match unit {
        Some(unit) if units::all(tx).await?.iter().any(|u| u.id == unit) => Ok(Some((unit, actor))),
        _ => {
            form.fault("to_unit", say::tip_to_whom());
            Ok(None)
        }
    }
}

async fn give(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let party = party::of_path(&v)?;
    let mut tx = v.house.write(&v.actor).await?;
    let (what, why) = (form.required_line("what", 200), form.required_text("why", 1_000));
    let introducer: Option<PersonId> = form.id("introducer");
    let to = addressed(&mut tx, &mut form).await?;
    if let (Ok(()), Some((to_unit, to_actor))) = (form.done(), to) {
        let new = NewTip { to_unit, to_actor, what, why, introducer };
        match tip::give(&mut tx, &permit, party, &new, &seen(&form)).await {
            Ok(_) => {
                tx.commit().await?;
                return v.see_done(&party.href(), "done-tip", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    drop(tx);
    new_page(&v, &permit, form).await
}

/// Tips that wait for an answer, each with its time.
pub fn tasks(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Task>> {
    Box::pin(async move {
        if !tx.actor().may(&SHARE) {
            return Ok(Vec::new());
        }
        let w = Words(lang);
        let waiting = tip::list(tx, View::Mine, 50).await?;
        Ok(waiting
            .into_iter()
            .filter(|t| t.state == State::Open)
            .map(|t| Task {
                icon: "hand",
                title: if t.escalated_at.is_some() {
                    w.task_tip_late(&t.about)
                } else {
                    w.task_tip(&t.about)
                },
                href: format!("/tips/{}", t.id),
                text: w.task_tip_text(&t.what, t.from(lang)),
                due: Some(t.due_at),
            })
            .collect())
    })
}

pub fn count(tx: &mut Tx) -> Fut<'_, i64> {
    Box::pin(async move { tip::waiting(tx).await })
}
