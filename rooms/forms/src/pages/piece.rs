//! What is done alike to a form and to a page: undone, named, published, taken back; and its versions.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result, Saying};
use kring_frame::{Permit, Route, Visit, mark};
use kring_lang::{dates, numbers};
use kring_web::{Chrome, Form};

use crate::{
    EDIT, USE, Words,
    pages::{edit, landing as landing_page},
    piece::{self, Kind, Piece, State},
    publish, say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/forms/{id}/undo", &EDIT, undo),
        Route::post("/forms/{id}/redo", &EDIT, redo),
        Route::post("/forms/{id}/name", &EDIT, rename),
        Route::post("/forms/{id}/publish", &EDIT, publish),
        Route::post("/forms/{id}/state", &EDIT, set_state),
        Route::get("/forms/{id}/versions", &USE, versions),
        Route::post("/pages/{id}/undo", &EDIT, undo),
        Route::post("/pages/{id}/redo", &EDIT, redo),
        Route::post("/pages/{id}/name", &EDIT, rename),
        Route::post("/pages/{id}/publish", &EDIT, publish),
        Route::post("/pages/{id}/state", &EDIT, set_state),
        Route::get("/pages/{id}/versions", &USE, versions),
    ]
}

/// Which of the two a path is about.
fn kind_of(v: &Visit) -> Kind {
    if v.uri.path().starts_with("/pages/") { Kind::Page } else { Kind::Form }
}

/// The number of the draft that the page showed.
pub fn seen(form: &Form) -> Result<i64> {
    form.get("draft").parse().map_err(|_| Error::Conflict(say::draft_meanwhile()))
}

/// The editor again, with why it was not done.
async fn again(v: &Visit, permit: &Permit, kind: Kind, id: Id<Piece>, what: Saying) -> Result<Response> {
    let mut form = Form::default();
    form.fault("", what);
    match kind {
        Kind::Form => edit::again(v, permit, id, 0, form).await,
        Kind::Page => landing_page::again(v, id, form).await,
    }
}

fn desk(kind: Kind, id: Id<Piece>) -> String {
    match kind {
        Kind::Form => format!("/forms/{id}"),
        Kind::Page => format!("/pages/{id}"),
    }
}

async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    back(v, permit, true).await
}

async fn redo(v: Visit, permit: Permit) -> Result<Response> {
    back(v, permit, false).await
}

async fn back(v: Visit, permit: Permit, back: bool) -> Result<Response> {
    let (id, kind): (Id<Piece>, Kind) = (v.path("id")?, kind_of(&v));
    let mut tx = v.house.write(&v.actor).await?;
    match piece::undo(&mut tx, &permit, kind, id, back).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&desk(kind, id), if back { "done-undone" } else { "done-redone" }, None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            again(&v, &permit, kind, id, what).await
        }
        Err(why) => Err(why),
    }
}

async fn rename(v: Visit, permit: Permit) -> Result<Response> {
    let (id, kind): (Id<Piece>, Kind) = (v.path("id")?, kind_of(&v));
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    let slug = form.required_line("slug", 80).to_lowercase();
    form.required("unit");
    let unit = form.id::<mark::Unit>("unit");
    if form.done().is_ok() && !piece::is_slug(&slug) {
        form.fault("slug", say::slug_unreadable());
    }
    if let (Some(unit), Ok(())) = (unit, form.done()) {
        let mut tx = v.house.write(&v.actor).await?;
        match piece::rename(&mut tx, &permit, kind, id, &name, &slug, unit).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&desk(kind, id), "done-named", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut form = form.placed("name");
    form.fault("", say::name_not_kept());
    match kind {
        Kind::Form => edit::again(&v, &permit, id, 0, form).await,
        Kind::Page => landing_page::again(&v, id, form).await,
    }
}

async fn publish(v: Visit, permit: Permit) -> Result<Response> {
    let (id, kind): (Id<Piece>, Kind) = (v.path("id")?, kind_of(&v));
    let before = seen(&v.form()?)?;
    let mut tx = v.house.write(&v.actor).await?;
    let published = match kind {
        Kind::Form => publish::form(&mut tx, &permit, id, before).await,
        Kind::Page => publish::page(&mut tx, &permit, id, before).await,
    };
    match published {
        Ok(_) => {
            tx.commit().await?;
            v.see_done(&desk(kind, id), "done-published", None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            again(&v, &permit, kind, id, what).await
        }
        Err(why) => Err(why),
    }
}

async fn set_state(v: Visit, permit: Permit) -> Result<Response> {
    let (id, kind): (Id<Piece>, Kind) = (v.path("id")?, kind_of(&v));
    let to: State = v.form()?.get("state").parse().map_err(|()| Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    match piece::set_state(&mut tx, &permit, kind, id, to).await {
        Ok(()) => {
            tx.commit().await?;
            let code = if to == State::Live { "done-live" } else { "done-closed" };
            v.see_done(&desk(kind, id), code, None)
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            again(&v, &permit, kind, id, what).await
        }
        Err(why) => Err(why),
    }
}

struct Row {
    version: i64,
    when: String,
    by: String,
    answers: String,
}

#[derive(Template)]
#[template(path = "forms_versions.html")]
struct VersionsPage {
    chrome: Chrome,
    w: Words,
    piece: Piece,
    rows: Vec<Row>,
    of_form: bool,
}

async fn versions(v: Visit, _permit: Permit) -> Result<Response> {
    let (id, kind): (Id<Piece>, Kind) = (v.path("id")?, kind_of(&v));
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, kind, id).await?;
    let zone = v.house.settings.zone.clone();
    let rows = piece::versions(&mut tx, id).await?.into_iter().map(|published| Row {
        version: published.version,
        when: dates::moment(published.at, &zone, v.lang),
        by: published.by,
        answers: numbers::int(published.answers, v.lang),
    });
    let page = VersionsPage {
        rows: rows.collect(),
        chrome: v.chrome(&mut tx, w.versions_of(&piece.name)).await?,
        of_form: kind == Kind::Form,
        w,
        piece,
    };
    v.html(&page)
}
