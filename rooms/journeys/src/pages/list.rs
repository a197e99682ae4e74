//! All journeys, and the gallery from which one begins.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, Visit, mark, params, sql};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    EDIT, USE, Words, gallery,
    journey::{self, Journey, JourneyState},
    plan::Plan,
    sentence::{self, Names},
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys", &USE, list),
        Route::get("/journeys/new", &EDIT, choose),
        Route::post("/journeys", &EDIT, make),
    ]
}

#[derive(Template)]
#[template(path = "journeys.html")]
struct ListPage {
    chrome: Chrome,
    w: Words,
    journeys: Vec<Row>,
    may_edit: bool,
}

struct Row {
    id: Id<Journey>,
    name: String,
    note: String,
    unit: String,
    state: String,
    tone: Tone,
    begins: String,
    running: String,
    changed: String,
}

/// How a state looks.
pub fn tone(state: JourneyState) -> Tone {
    match state {
        JourneyState::Draft => Tone::Plain,
        JourneyState::Live => Tone::Leaf,
        JourneyState::Paused => Tone::Sun,
        JourneyState::Ended => Tone::Plum,
    }
}

async fn list(v: Visit, _permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let names = Names::load(&mut tx, v.lang).await?;
    let running: Vec<(Id<Journey>, i64)> = tx
        .all(
            sql!("select journey_id, count(*) from journey_runs where state = 'running' group by journey_id"),
            params![],
        )
        .await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let mut journeys = Vec::new();
    for journey in journey::all(&mut tx).await? {
        let plan = journey::draft(&mut tx, &journey).await?;
        let on_it = running.iter().find(|(id, _)| *id == journey.id).map_or(0, |(_, n)| *n);
        journeys.push(Row {
            begins: sentence::start(&names, &plan.start).title,
            unit: names.unit(journey.unit),
            state: w.find(&format!("state-{}", journey.state)).unwrap_or_default().to_owned(),
            tone: tone(journey.state),
            running: numbers::int(on_it, v.lang),
            changed: dates::last(journey.changed_at, now, &zone, v.lang),
            id: journey.id,
            name: journey.name,
            note: journey.note,
        });
    }
    let page = ListPage {
        chrome: v.chrome(&mut tx, w.journeys()).await?,
        w,
        journeys,
        may_edit: v.actor.may(&EDIT),
    };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "gallery.html")]
struct GalleryPage {
    chrome: Chrome,
    w: Words,
    recipes: Vec<Shown>,
    form: Form,
    units: Vec<Choice>,
}

struct Shown {
    key: &'static str,
    name: &'static str,
    note: &'static str,
    begins: String,
    steps: String,
}

async fn choose(v: Visit, _permit: Permit) -> Result<Response> {
    let page = gallery_page(&v, Form::default()).await?;
    v.html(&page)
}

async fn gallery_page(v: &Visit, form: Form) -> Result<GalleryPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let names = Names::load(&mut tx, v.lang).await?;
    let recipes = gallery::ALL
        .iter()
        .map(|recipe| {
            let plan = (recipe.plan)(v.lang);
            Shown {
                key: recipe.key,
                name: recipe.name(v.lang),
                note: recipe.note(v.lang),
                begins: sentence::start(&names, &plan.start).title,
                steps: w.steps(i64::try_from(plan.steps.all().len() + 1).unwrap_or_default()),
            }
        })
        .collect();
    let mine = v.actor.units(&EDIT);
    let units = units::all(&mut tx).await?;
    Ok(GalleryPage {
        chrome: v.chrome(&mut tx, w.new_journey()).await?,
        w,
        recipes,
        units: units
            .iter()
            .filter(|unit| mine.contains(&unit.id))
            .map(|unit| Choice::new(unit.id, unit.name(v.lang)))
            .collect(),
        form,
    })
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let recipe = gallery::find(form.get("recipe"));
    let name = match recipe {
        Some(recipe) if form.get("name").trim().is_empty() => recipe.name(v.lang).to_owned(),
        _ => form.required_line("name", 120),
    };
    let mine = v.actor.units(&EDIT);
    let unit = match form.id::<mark::Unit>("unit") {
        Some(unit) => unit,
        // A recipe is taken with one press: it is of the first unit of whoever takes it, and can be given to another.
        None => mine.iter().next().copied().ok_or(Error::Forbidden)?,
    };
    if form.done().is_err() {
        let page = gallery_page(&v, form).await?;
        return v.html_again(&page);
    }
    if !mine.contains(&unit) {
        return Err(Error::NotFound);
    }
    let mut tx = v.house.write(&v.actor).await?;
    let id = match recipe {
        Some(recipe) => gallery::take(&mut tx, &permit, unit, recipe, &name, v.lang).await?,
        None => journey::make(&mut tx, &permit, unit, &name, "", &Plan::default()).await?,
    };
    tx.commit().await?;
    v.see(format!("/journeys/{id}"))
}
