//! The colleagues who get every mailing of a unit before others do.

use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, PersonId, Route, Tx, Visit};
use kring_people::{READ_PEOPLE, contact, person};
use kring_web::Form;

use crate::{
    EDIT,
    mailing::{self, Mailing},
    say, seed,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/mailings/{id}/seeds", &EDIT, add),
        Route::post("/mailings/{id}/seeds/remove", &EDIT, remove),
    ]
}

/// Somebody by relation number or mail address, as far as the actor at work may know them.
async fn find(v: &Visit, tx: &mut Tx, who: &str) -> Result<Option<PersonId>> {
    let permit = v.actor.permit(&READ_PEOPLE)?;
    let id = match who.parse::<i64>() {
        Ok(number) => Some(PersonId::new(number)),
        Err(_) => contact::held_by(tx, contact::Kind::Email, who).await?,
    };
    let Some(id) = id else { return Ok(None) };
    match person::read(tx, &permit, id).await {
        Ok(_) => Ok(Some(id)),
        Err(Error::NotFound) => Ok(None),
        Err(why) => Err(why),
    }
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut form = v.form()?;
    let who = form.required_line("who", 200);
    let mut tx = v.house.write(&v.actor).await?;
    let mailing = mailing::mine(&mut tx, &permit, id).await?;
    let found = if who.is_empty() { None } else { find(&v, &mut tx, &who).await? };
    if let Some(person) = found {
        match seed::add(&mut tx, &permit, mailing.unit, person).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/mailings/{id}"), "done-seed", None);
            }
            Err(Error::Conflict(why)) => form.fault("who", why),
            Err(why) => return Err(why),
        }
    } else if !who.is_empty() {
        form.fault("who", say::nobody_found());
    }
    drop(tx);
    again(&v, id, form).await
}

async fn again(v: &Visit, id: Id<Mailing>, form: Form) -> Result<Response> {
    super::mailing::again(v, id, form, None).await
}

async fn remove(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Mailing> = v.path("id")?;
    let mut form = v.form()?;
    let person = form.id::<kring_frame::mark::Person>("person").ok_or(Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    let mailing = mailing::mine(&mut tx, &permit, id).await?;
    seed::remove(&mut tx, &permit, mailing.unit, person).await?;
    tx.commit().await?;
    v.see_done(&format!("/mailings/{id}"), "done-seed", None)
}
