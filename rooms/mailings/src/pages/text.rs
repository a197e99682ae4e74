//! The words of a mailing, in one of its languages.

use axum::response::Response;
use kring_core::{Error, Id, Result, Tongue};
use kring_frame::{Permit, Route, Tx, Visit, mark};
use kring_people::person;
use kring_talks::{
    wording,
    writing::{Writing, Written, speak},
};

use crate::{
    EDIT, USE, Words,
    check::letter_of,
    mailing::{self, Mailing},
    pages::mailing::seen,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/mailings/{id}/{text}/text", &EDIT, show),
        Route::post("/mailings/{id}/{text}/text", &EDIT, save).limit(2 * 1024 * 1024),
        Route::post("/mailings/{id}/{text}/languages", &EDIT, language),
        Route::get("/mailings/{id}/{text}/preview", &USE, preview),
    ]
}

async fn writing_of(v: &Visit, tx: &mut Tx) -> Result<(Mailing, usize, Writing)> {
    let (id, n): (Id<Mailing>, usize) = (v.path("id")?, v.path("text")?);
    let w = Words(v.lang);
    let mailing = mailing::one(tx, id).await?;
    let plan = mailing::plan(tx, &mailing).await?;
    let text = plan.texts.get(n).cloned().ok_or(Error::NotFound)?;
    let title = if plan.compares() {
        w.text_n(letter_of(i64::try_from(n).unwrap_or_default()))
    } else {
        w.text().to_owned()
    };
    let here = format!("/mailings/{id}");
    let writing = Writing {
        title,
        way: vec![(w.campaigns().to_owned(), "/campaigns".to_owned()), (mailing.name.clone(), here.clone())],
        base: format!("/mailings/{id}/{n}"),
        draft: mailing.draft,
        back: (w.back_to_mailing().to_owned(), here),
        text,
    };
    Ok((mailing, n, writing))
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
    let (mailing, n, writing) = writing_of(&v, &mut tx).await?;
    let (tongue, sheet, form) = match writing.read(&v, &mut tx, form).await? {
        Written::Again(page) => return Ok(page),
        Written::Sheet { tongue, sheet, form } => (tongue, sheet, form),
    };
    let changed = mailing::change(&mut tx, &permit, mailing.id, before, |plan| {
        let text = plan.texts.get_mut(n).ok_or(Error::NotFound)?;
        text.put(&tongue, sheet.clone());
        Ok(())
    })
    .await;
    match changed {
        Ok(()) => {
            tx.commit().await?;
            let to = format!("{}/text?tongue={tongue}", writing.base);
            v.see_done(&to, "done-text", Some(&format!("/mailings/{}/undo", mailing.id)))
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

async fn language(v: Visit, permit: Permit) -> Result<Response> {
    let (id, n): (Id<Mailing>, usize) = (v.path("id")?, v.path("text")?);
    let form = v.form()?;
    let before = seen(&form)?;
    let mut next: Option<Tongue> = None;
    let mut tx = v.house.write(&v.actor).await?;
    mailing::change(&mut tx, &permit, id, before, |plan| {
        let text = plan.texts.get_mut(n).ok_or(Error::NotFound)?;
        next = Some(speak(text, &form)?);
        Ok(())
    })
    .await?;
    tx.commit().await?;
    let here = next.map(|tongue| format!("?tongue={tongue}")).unwrap_or_default();
    let to = format!("/mailings/{id}/{n}/text{here}");
    v.see_done(&to, "done-language", Some(&format!("/mailings/{id}/undo")))
}

/// The mail as its reader gets it: as somebody who is named, or with sample words. Seeing a mail as somebody is reading who
/// they are.
async fn preview(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let (mailing, _, writing) = writing_of(&v, &mut tx).await?;
    let tongue = writing.tongue(&v)?;
    let values = match v.query()?.id::<mark::Person>("as") {
        Some(somebody) => {
            let permit = v.actor.permit(&kring_people::READ_PEOPLE)?;
            person::read(&mut tx, &permit, somebody).await?;
            wording::values(&mut tx, somebody, mailing.unit, &tongue).await?
        }
        None => wording::sample(&v.house.settings.institution),
    };
    let shown = writing.preview(&v, &mut tx, &tongue, values).await?;
    tx.commit().await?;
    Ok(shown)
}
