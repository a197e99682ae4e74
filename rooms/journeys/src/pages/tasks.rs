//! What journeys handed to colleagues.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::dates;
use kring_web::{Chrome, Form, PromiseClock};

use crate::{
    TASKS, Words,
    plan::TaskKind,
    task::{self, Handed, TaskEnd},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/tasks", &TASKS, list),
        Route::get("/journeys/tasks/{task}", &TASKS, show),
        Route::post("/journeys/tasks/{task}", &TASKS, finish),
    ]
}

struct Row {
    task: Handed,
    call: bool,
    clock: PromiseClock,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let rows = task::open(&mut tx, &permit).await?.into_iter().map(|task| Row {
        clock: PromiseClock::new(task.made_at, task.due_at, now, &zone, v.lang),
        call: task.kind == TaskKind::Call,
        task,
    });
    let page = ListPage { rows: rows.collect(), chrome: v.chrome(&mut tx, w.tasks()).await?, w };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "task.html")]
struct TaskPage {
    chrome: Chrome,
    w: Words,
    task: Handed,
    call: bool,
    due: String,
    done: String,
    form: Form,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let page = task_page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn task_page(v: &Visit, permit: &Permit, form: Form) -> Result<TaskPage> {
    let id: Id<Handed> = v.path("task")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let task = task::one(&mut tx, permit, id).await?;
    let zone = v.house.settings.zone.clone();
    Ok(TaskPage {
        chrome: v.chrome(&mut tx, &task.title).await?,
        w,
        call: task.kind == TaskKind::Call,
        due: dates::moment(task.due_at, &zone, v.lang),
        done: task.outcome.as_deref().map_or_else(String::new, |end| {
            w.find(&format!("end-{}", end.replace('_', "-"))).unwrap_or_default().to_owned()
        }),
        task,
        form,
    })
}

async fn finish(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Handed> = v.path("task")?;
    let mut form = v.form()?;
    let end: TaskEnd = form.get("end").parse().map_err(|()| Error::NotFound)?;
    let note = form.text("note", 2_000);
    let mut tx = v.house.write(&v.actor).await?;
    match task::finish(&mut tx, &permit, id, end, &note).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done("/journeys/tasks", "done-task", None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            form.fault("", what);
            let page = task_page(&v, &permit, form).await?;
            v.html_again(&page)
        }
        Err(why) => Err(why),
    }
}
