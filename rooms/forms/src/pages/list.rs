//! All forms and landing pages, and the gallery from which one begins.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Tx, Visit};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_web::{Chrome, Form, Tone};

use crate::{
    ANSWERS, EDIT, USE, Words, figures, gallery,
    piece::{self, Kind, State},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/forms", &USE, list),
        Route::get("/forms/new", &EDIT, choose),
        Route::post("/forms", &EDIT, make),
    ]
}

struct Row {
    desk: String,
    name: String,
    path: String,
    unit: String,
    state: String,
    tone: Tone,
    seen: String,
    sent: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "forms.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    forms: Vec<Row>,
    pages: Vec<Row>,
    may_edit: bool,
    held: i64,
}

/// How a state looks.
pub fn tone(state: State) -> Tone {
    match state {
        State::Draft => Tone::Plain,
        State::Live => Tone::Leaf,
        State::Closed => Tone::Plum,
    }
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let held = if v.actor.may(&ANSWERS) { figures::held(&mut tx).await? } else { 0 };
    let page = ListPage {
        forms: rows(&v, &mut tx, Kind::Form).await?,
        pages: rows(&v, &mut tx, Kind::Page).await?,
        chrome: v.chrome(&mut tx, w.forms()).await?,
        may_edit: v.actor.may(&EDIT),
        held,
        w,
    };
    v.html(&page)
}

async fn rows(v: &Visit, tx: &mut Tx, kind: Kind) -> Result<Vec<Row>> {
    let w = Words(v.lang);
    let units = units::all(tx).await?;
    let totals = figures::totals(tx).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let unit = |id| units.iter().find(|unit| unit.id == id).map_or("", |unit| unit.name(v.lang));
    let row = |piece: piece::Piece| {
        let (seen, sent) = totals.get(&piece.id).copied().unwrap_or_default();
        Row {
            desk: piece.desk(),
            path: piece.path(),
            unit: unit(piece.unit).to_owned(),
            state: w.find(&format!("state-{}", piece.state)).unwrap_or_default().to_owned(),
            tone: tone(piece.state),
            seen: numbers::int(seen, v.lang),
            sent: numbers::int(sent, v.lang),
            changed: dates::last(piece.changed_at, now, &zone, v.lang),
            name: piece.name,
        }
    };
    Ok(piece::all(tx, kind).await?.into_iter().map(row).collect())
}

struct Shown {
    key: &'static str,
    name: &'static str,
    note: &'static str,
}

#[derive(Template)]
#[template(path = "forms_new.html")]
struct GalleryPage {
    chrome: Chrome,
    w: Words,
    forms: Vec<Shown>,
    pages: Vec<Shown>,
    form: Form,
}

async fn choose(v: Visit, _permit: Permit) -> Result<Response> {
    let page = gallery_page(&v, Form::default()).await?;
    v.html(&page)
}

async fn gallery_page(v: &Visit, form: Form) -> Result<GalleryPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let of = |kind: Kind| {
        let recipes = gallery::ALL.iter().filter(move |recipe| recipe.kind() == kind);
        let shown = |r: &gallery::Recipe| Shown { key: r.key, name: r.name(v.lang), note: r.note(v.lang) };
        recipes.map(shown).collect()
    };
    Ok(GalleryPage {
        forms: of(Kind::Form),
        pages: of(Kind::Page),
        chrome: v.chrome(&mut tx, w.new_form()).await?,
        w,
        form,
    })
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let recipe = gallery::find(form.get("recipe")).ok_or(Error::NotFound)?;
    let name = match form.line("name", 120) {
        name if name.is_empty() => recipe.name(v.lang).to_owned(),
        name => name,
    };
    if form.done().is_err() {
        let page = gallery_page(&v, form).await?;
        return v.html_again(&page);
    }
    let mut tx = v.house.write(&v.actor).await?;
    // A recipe is taken with one press: it is of the unit to which whoever takes it belongs, and can be given to another.
    let all = units::all(&mut tx).await?;
    let unit = units::highest(&all, v.actor.units(&EDIT)).first().copied().ok_or(Error::Forbidden)?;
    let (kind, id) = gallery::take(&mut tx, &permit, unit, recipe, &name, v.lang).await?;
    let desk = piece::one(&mut tx, kind, id).await?.desk();
    tx.commit().await?;
    v.see(desk)
}
