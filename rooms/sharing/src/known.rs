//! The pages of whom only one colleague knows, and of handing them over.

use askama::Template;
use axum::{body::Body, response::Response};
use http::header;
use kring_core::{Error, Lang, Result};
use kring_frame::{ActorId, Deed, Fut, Mark, Permit, PersonId, Route, Task, Tx, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use crate::{LEAD, Words, claim, colleague, knowing, leaver};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/known", &LEAD, list),
        Route::get("/known/{actor}", &LEAD, one),
        Route::get("/known/{actor}/people.csv", &LEAD, csv),
        Route::post("/known/{actor}/leaves", &LEAD, leaves),
        Route::post("/known/{actor}/stays", &LEAD, stays),
        Route::post("/known/{actor}/hand-over", &LEAD, hand_over),
        Route::post("/handovers/{batch}/undo", &LEAD, undo),
    ]
}

#[derive(Template)]
#[template(path = "known.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    /// Whether the tab of those who lead is shown.
    leads: bool,
    people: i64,
    alumni: i64,
    rows: Vec<(ActorId, String, String)>,
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let (mut rows, mut people, mut alumni) = (Vec::new(), 0, 0);
    let leaving = leaver::all(&mut tx).await?;
    for lone in knowing::alone(&mut tx).await? {
        if leaver::led(&mut tx, lone.actor).await.is_err() {
            continue;
        }
        people += lone.people;
        alumni += lone.alumni;
        let mut says = w.known_counts(lone.people, lone.alumni);
        if let Some(leaver) = leaving.iter().find(|l| l.actor == lone.actor) {
            says = format!("{says} · {}", w.known_leaves(dates::date(leaver.leaves_on, v.lang)));
        }
        rows.push((lone.actor, lone.actor_name, says));
    }
    let chrome = v.chrome(&mut tx, w.known_title()).await?;
    v.html(&ListPage { chrome, w, leads: true, people, alumni, rows })
}

#[derive(Template)]
#[template(path = "known_one.html")]
struct OnePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    actor: ActorId,
    name: String,
    leaves: String,
    late: bool,
    people: Vec<(PersonId, String, bool)>,
    colleagues: Vec<Choice>,
}

impl OnePage {
    fn tone(&self) -> &'static str {
        if self.late { "coral" } else { "sun" }
    }
}

async fn one(v: Visit, _permit: Permit) -> Result<Response> {
    page(&v, None).await
}

async fn page(v: &Visit, form: Option<Form>) -> Result<Response> {
    let w = Words(v.lang);
    let actor: ActorId = v.path("actor")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (name, _) = leaver::led(&mut tx, actor).await?;
    let leaving = leaver::of(&mut tx, actor).await?;
    let people = knowing::only(&mut tx, actor, leaver::MOST).await?;
    let colleagues = colleague::all(&mut tx).await?.into_iter().filter(|(id, _)| *id != actor);
    let today = claim::today(&tx);
    let form = form.unwrap_or_else(|| Form::of(leaving.as_ref().map(|l| ("on", l.leaves_on.to_string()))));
    let wrong = !form.faults().is_empty();
    let page = OnePage {
        chrome: v.chrome(&mut tx, w.known_one_title(&name)).await?,
        w,
        form,
        actor,
        leaves: leaving
            .as_ref()
            .map(|l| w.known_leaves(dates::date(l.leaves_on, v.lang)))
            .unwrap_or_default(),
        late: leaving.is_some_and(|l| l.leaves_on < today) && !people.is_empty(),
        name,
        people,
        colleagues: colleagues.map(|(id, name)| Choice::new(id, name)).collect(),
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn leaves(v: Visit, permit: Permit) -> Result<Response> {
    let actor: ActorId = v.path("actor")?;
    let mut form = v.form()?;
    form.required("on");
    let on = form.date("on");
    let mut tx = v.house.write(&v.actor).await?;
    leaver::led(&mut tx, actor).await?;
    if let (Ok(()), Some(on)) = (form.done(), on) {
        leaver::mark(&mut tx, &permit, actor, on).await?;
        tx.commit().await?;
        return v.see_done(&format!("/known/{actor}"), "done-leaves", Some(&format!("/known/{actor}/stays")));
    }
    drop(tx);
    page(&v, Some(form)).await
}

async fn stays(v: Visit, permit: Permit) -> Result<Response> {
    let actor: ActorId = v.path("actor")?;
    let mut tx = v.house.write(&v.actor).await?;
    leaver::withdraw(&mut tx, &permit, actor).await?;
    tx.commit().await?;
    v.see_done(&format!("/known/{actor}"), "done-stays", None)
}

async fn hand_over(v: Visit, permit: Permit) -> Result<Response> {
    let actor: ActorId = v.path("actor")?;
    let mut form = v.form()?;
    let to: Option<ActorId> = form.id("to");
    let people: Vec<PersonId> = form.all("person").iter().filter_map(|n| n.parse().ok()).collect();
    let mut tx = v.house.write(&v.actor).await?;
    leaver::led(&mut tx, actor).await?;
    form.required("to");
    if let (Ok(()), Some(to)) = (form.done(), to) {
        match leaver::hand_over(&mut tx, &permit, actor, to, &people).await {
            Ok(batch) => {
                tx.commit().await?;
                let undo = format!("/handovers/{batch}/undo");
                return v.see_done(&format!("/known/{actor}"), "done-handed-over", Some(&undo));
            }
            Err(why) => form.absorb(why)?,
        }
    }
    drop(tx);
    page(&v, Some(form)).await
}

async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let from = leaver::undo(&mut tx, &permit, v.path("batch")?).await?;
    tx.commit().await?;
    v.see_done(&format!("/known/{from}"), "done-handover-undone", None)
}

/// A cell that no spreadsheet takes for a formula.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

/// The list as it leaves the house: `;`, UTF-8 with a byte order mark, CRLF; whom it held is in the trail.
async fn csv(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let actor: ActorId = v.path("actor")?;
    let mut tx = v.house.write(&v.actor).await?;
    let (name, _) = leaver::led(&mut tx, actor).await?;
    let people = knowing::only(&mut tx, actor, leaver::MOST).await?;
    let when = dates::moment(tx.now(), &v.house.settings.zone, v.lang);
    let ids: Vec<String> = people.iter().map(|(id, _, _)| id.to_string()).collect();
    let mark = Mark::of(Deed::Exported, permit.purpose(), "person");
    tx.trail(mark.detail(format!("n={},ids={}", ids.len(), ids.join(",")))).await?;
    tx.commit().await?;
    let mut writer = ::csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .terminator(::csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let origin = w.known_origin(&name, &*v.actor.name, when);
    writer.write_record([safe(&origin)]).map_err(Error::broken)?;
    writer.write_record([w.known_number(), w.known_name(), w.known_alumnus()]).map_err(Error::broken)?;
    for (id, name, alumnus) in people {
        let alumnus = if alumnus { w.known_alumnus() } else { "" };
        writer.write_record([id.to_string(), safe(&name), alumnus.to_owned()]).map_err(Error::broken)?;
    }
    let bytes = writer.into_inner().map_err(Error::broken)?;
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"kring-known-by-one.csv\"")
        .body(Body::from(bytes))
        .map_err(Error::broken)
}

/// A list that is not empty is a task for the heads of the unit, and after the day for everybody who leads it.
pub fn tasks(tx: &mut Tx, lang: Lang) -> Fut<'_, Vec<Task>> {
    Box::pin(async move {
        if !tx.actor().may(&LEAD) {
            return Ok(Vec::new());
        }
        let (w, me, today) = (Words(lang), tx.actor().id, claim::today(tx));
        let zone = tx.house().settings.zone.clone();
        let mut tasks = Vec::new();
        for one in leaver::all(tx).await?.into_iter().filter(|l| l.people > 0) {
            let late = one.leaves_on < today;
            let mine = if late {
                colleague::reaches(tx, me, &LEAD, one.unit).await?
            } else {
                colleague::heads(tx, one.unit).await?.contains(&me)
            };
            if mine {
                tasks.push(Task {
                    icon: "hand",
                    title: if late { w.task_leaver_late(&one.name) } else { w.task_leaver(&one.name) },
                    href: format!("/known/{}", one.actor),
                    text: w.task_leaver_text(one.people),
                    due: one.leaves_on.to_zoned(zone.clone()).ok().map(|z| z.timestamp()),
                });
            }
        }
        Ok(tasks)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        assert_eq!(safe("=1+1"), "'=1+1");
        assert_eq!(safe("Noor Bakker"), "Noor Bakker");
    }
}
