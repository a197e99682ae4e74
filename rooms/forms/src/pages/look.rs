//! How the public pages of a unit look: its colour, with what became of it and why, its sign; and bringing in pictures.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, UnitId, Visit, mark};
use kring_lang::{dates, numbers};
use kring_people::units;
use kring_web::{Brand, Choice, Chrome, Form};

use crate::{
    EDIT, Words, look,
    picture::{self, MOST_BYTES},
    piece::{self, Kind, Piece},
    upload,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/forms/look", &EDIT, show),
        Route::post("/forms/look", &EDIT, save).limit(MOST_BYTES + 100_000),
        Route::post("/pages/{id}/pictures", &EDIT, bring).limit(MOST_BYTES + 100_000),
    ]
}

#[derive(Template)]
#[template(path = "forms_look.html")]
struct LookPage {
    chrome: Chrome,
    w: Words,
    units: Vec<Choice>,
    unit: String,
    which: Form,
    form: Form,
    /// What becomes of the colour: in words, with the colours it had and has.
    says: String,
    mended: bool,
    logo: Option<String>,
    style: String,
    /// Whose it is, when it is not the unit's own.
    whose: String,
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let page = page(&v, None).await?;
    v.html(&page)
}

async fn page(v: &Visit, form: Option<Form>) -> Result<LookPage> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let all = units::all(&mut tx).await?;
    let mine = v.actor.units(&EDIT);
    let typed = form.as_ref().and_then(|form| form.get("unit").parse::<UnitId>().ok());
    let asked = typed.or(v.query()?.get("unit").parse::<UnitId>().ok());
    let unit = asked.filter(|unit| mine.contains(unit)).or(units::highest(&all, mine).first().copied());
    let unit = unit.ok_or(Error::NotFound)?;
    let held = look::of(&mut tx, unit).await?;
    let colour = held.as_ref().map(|look| look.colour.clone()).unwrap_or_default();
    let form = form.unwrap_or_else(|| Form::of([("colour", colour.clone()), ("unit", unit.to_string())]));
    let brand = Brand::of(form.get("colour"));
    let says = match &brand {
        Some(brand) if brand.mended => w.look_mended(
            form.get("colour"),
            numbers::decimal(brand.was, 1, v.lang),
            brand.light.colour.as_str(),
        ),
        Some(brand) => w.look_fine(numbers::decimal(brand.was, 1, v.lang)),
        None => w.look_none().to_owned(),
    };
    let whose = match &held {
        Some(look) if look.unit != unit => {
            let name = all.iter().find(|known| known.id == look.unit).map_or("", |known| known.name(v.lang));
            w.look_inherited(name)
        }
        Some(look) => {
            w.look_own(look.by.as_str(), dates::last(look.at, tx.now(), &v.house.settings.zone, v.lang))
        }
        None => w.look_house().to_owned(),
    };
    Ok(LookPage {
        units: all
            .iter()
            .filter(|known| mine.contains(&known.id))
            .map(|known| Choice::new(known.id, known.name(v.lang)))
            .collect(),
        unit: unit.to_string(),
        which: Form::of([("unit", unit.to_string())]).placed("which"),
        mended: brand.is_some_and(|brand| brand.mended),
        says,
        logo: held.as_ref().and_then(|look| look.hash.as_ref()).map(|hash| format!("/media/{hash}")),
        style: held.map(|look| format!("/look/{}", look.id)).unwrap_or_default(),
        whose,
        chrome: v.chrome(&mut tx, w.look()).await?,
        w,
        form,
    })
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let (mut form, files) = upload::received(&v).await?;
    form.required("unit");
    let unit = form.id::<mark::Unit>("unit");
    let colour = form.required_line("colour", 20);
    if let (Some(unit), Ok(())) = (unit, form.done()) {
        match kept(&v, &permit, unit, &colour, form.tick("no_sign"), files).await {
            Ok(()) => return v.see_done(&format!("/forms/look?unit={unit}"), "done-look", None),
            Err(why) => form.absorb(why)?,
        }
    }
    let page = page(&v, Some(form)).await?;
    v.html_again(&page)
}

async fn kept(
    v: &Visit,
    permit: &Permit,
    unit: UnitId,
    colour: &str,
    no_sign: bool,
    files: Vec<(String, String, axum::body::Bytes)>,
) -> Result<()> {
    let drawn = match files.into_iter().find(|(field, _, _)| field == "picture") {
        Some((_, name, bytes)) => Some((name, picture::draw(bytes.to_vec()).await?)),
        None => None,
    };
    let mut tx = v.house.write(&v.actor).await?;
    let sign = match drawn {
        Some((name, drawn)) => Some(picture::keep(&mut tx, permit, unit, &name, drawn).await?.id),
        None if no_sign => None,
        None => look::own(&mut tx, unit).await?.and_then(|look| look.picture),
    };
    look::set(&mut tx, permit, unit, colour, sign).await?;
    tx.commit().await
}

/// Brings in a picture for a page.
async fn bring(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let (mut form, files) = upload::received(&v).await?;
    let tongue = form.get("tongue").to_owned();
    let outcome = async {
        let (_, name, bytes) = files
            .into_iter()
            .find(|(field, _, _)| field == "picture")
            .ok_or_else(|| Error::field("picture", crate::say::file_needed()))?;
        let drawn = picture::draw(bytes.to_vec()).await?;
        let mut tx = v.house.write(&v.actor).await?;
        let piece = piece::mine(&mut tx, &permit, Kind::Page, id).await?;
        picture::keep(&mut tx, &permit, piece.unit, &name, drawn).await?;
        tx.commit().await
    }
    .await;
    match outcome {
        Ok(()) => {
            let here = format!("/pages/{id}?tongue={}", kring_frame::encode(&tongue));
            v.see_done(&here, "done-picture", None)
        }
        Err(Error::Invalid(faults)) => {
            let first = faults.into_iter().next();
            if let Some(fault) = first {
                form.fault("", fault.what);
            }
            super::landing::again(&v, id, form).await
        }
        Err(why) => Err(why),
    }
}
