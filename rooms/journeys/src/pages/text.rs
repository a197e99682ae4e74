//! The text of a mail in one of its languages.

use axum::response::Response;
use kring_blocks::{Document, Values};
use kring_core::{Error, Id, Result, Tongue};
use kring_flow::StepId;
use kring_frame::{Permit, PersonId, Route, Tx, Visit, mark};
use kring_people::person;
use kring_talks::{
    wording,
    writing::{Writing, Written, speak},
};

use crate::{
    EDIT, USE, Words,
    journey::{self, Journey},
    letter,
    pages::change::{seen, with},
    plan::{Deed, Plan, What},
    sentence,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/journeys/{id}/steps/{step}/text", &EDIT, show),
        Route::post("/journeys/{id}/steps/{step}/text", &EDIT, save).limit(2 * 1024 * 1024),
        Route::post("/journeys/{id}/steps/{step}/languages", &EDIT, language),
        Route::get("/journeys/{id}/steps/{step}/preview", &USE, preview),
    ]
}

/// The text of a step that sends one.
async fn writing_of(v: &Visit, tx: &mut Tx) -> Result<(Journey, StepId, Writing)> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let w = Words(v.lang);
    let journey = journey::one(tx, id).await?;
    let plan = journey::draft(tx, &journey).await?;
    let mail = letter::of(&plan, step).ok_or(Error::NotFound)?;
    let number = sentence::numbers(&plan).get(&step).copied().unwrap_or_default();
    let here = format!("/journeys/{id}?step={step}");
    let writing = Writing {
        title: sentence::subject(v.lang, mail),
        way: vec![
            (w.journeys().to_owned(), "/journeys".to_owned()),
            (journey.name.clone(), here.clone()),
            (w.settings_of(i64::try_from(number).unwrap_or_default()), here.clone()),
        ],
        base: format!("/journeys/{id}/steps/{step}"),
        draft: journey.draft,
        back: (w.back_to_steps().to_owned(), here),
        text: mail.text.clone(),
    };
    Ok((journey, step, writing))
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let (_, _, writing) = writing_of(&v, &mut tx).await?;
    writing.show(&v, &mut tx).await
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.form()?;
    let before = seen(&form)?;
    let mut tx = v.house.write(&v.actor).await?;
    let (journey, step, writing) = writing_of(&v, &mut tx).await?;
    let (tongue, sheet, form) = match writing.read(&v, &mut tx, form).await? {
        Written::Again(page) => return Ok(page),
        Written::Sheet { tongue, sheet, form } => (tongue, sheet, form),
    };
    let changed = journey::change(&mut tx, &permit, journey.id, before, |plan, _| {
        change_text(plan, step, |text| {
            text.put(&tongue, sheet.clone());
            Ok(())
        })
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("{}/text?tongue={tongue}", writing.base);
            v.see_done(&to, "done-text", Some(&format!("/journeys/{}/undo", journey.id)))
        }
        Err(Error::Conflict(why)) => {
            drop(tx);
            let mut tx = v.house.read(&v.actor).await?;
            let (_, _, writing) = writing_of(&v, &mut tx).await?;
            writing.again(&v, &mut tx, (&tongue, &sheet, form), why).await
        }
        Err(why) => Err(why),
    }
}

fn change_text(
    plan: &mut Plan,
    step: StepId,
    change: impl FnOnce(&mut Document) -> Result<()>,
) -> Result<()> {
    with(plan, step, |step| match &mut step.what {
        What::Do(Deed::Mail(mail)) | What::Ask { deed: Deed::Mail(mail), .. } => change(&mut mail.text),
        _ => Ok(()),
    })
}

async fn language(v: Visit, permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let form = v.form()?;
    let before = seen(&form)?;
    let mut next: Option<Tongue> = None;
    let mut tx = v.house.write(&v.actor).await?;
    journey::change(&mut tx, &permit, id, before, |plan, _| {
        change_text(plan, step, |text| {
            next = Some(speak(text, &form)?);
            Ok(())
        })
    })
    .await?;
    tx.commit().await?;
    let here = next.map(|tongue| format!("?tongue={tongue}")).unwrap_or_default();
    let to = format!("/journeys/{id}/steps/{step}/text{here}");
    v.see_done(&to, "done-language", Some(&format!("/journeys/{id}/undo")))
}

/// The mail as its reader gets it: as somebody who is named, or with sample words.
async fn preview(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let (journey, _, writing) = writing_of(&v, &mut tx).await?;
    let tongue = writing.tongue(&v)?;
    let values = match v.query()?.id::<mark::Person>("as") {
        Some(somebody) => values_of(&v, &mut tx, somebody, &journey, &tongue).await?,
        None => wording::sample(&v.house.settings.institution),
    };
    let shown = writing.preview(&v, &mut tx, &tongue, values).await?;
    tx.commit().await?;
    Ok(shown)
}

/// Seeing a mail as somebody is reading who they are.
async fn values_of(
    v: &Visit,
    tx: &mut Tx,
    somebody: PersonId,
    journey: &Journey,
    tongue: &Tongue,
) -> Result<Values> {
    let permit = v.actor.permit(&kring_people::READ_PEOPLE)?;
    person::read(tx, &permit, somebody).await?;
    wording::values(tx, somebody, journey.unit, tongue).await
}
