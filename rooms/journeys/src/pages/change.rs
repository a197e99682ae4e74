//! Changes of a journey: each makes a new draft, which can be undone.

use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_flow::{Clash, Spot, StepId, insert, remove, shift};
use kring_frame::{Permit, Purpose, Route, Visit};
use kring_talks::Topic;
use kring_web::Form;

use crate::{
    EDIT,
    edit::{asks, new_step},
    journey::{self, Journey, JourneyState},
    pages::{edit, fields},
    plan::{Again, Occasion, Plan, Start, Step, Trigger},
    say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/journeys/{id}/start", &EDIT, start),
        Route::post("/journeys/{id}/steps", &EDIT, add),
        Route::post("/journeys/{id}/steps/{step}", &EDIT, change),
        Route::post("/journeys/{id}/steps/{step}/move", &EDIT, shift_step),
        Route::post("/journeys/{id}/undo", &EDIT, undo),
        Route::post("/journeys/{id}/redo", &EDIT, redo),
        Route::post("/journeys/{id}/name", &EDIT, rename),
        Route::post("/journeys/{id}/publish", &EDIT, publish),
        Route::post("/journeys/{id}/state", &EDIT, set_state),
    ]
}

/// The draft that the editor saw.
pub fn seen(form: &Form) -> Result<i64> {
    form.get("draft").parse().map_err(|_| Error::NotFound)
}

pub fn clash(clash: Clash) -> Error {
    match clash {
        Clash::Gone => Error::Conflict(say::step_gone()),
        Clash::NoRoom => Error::Conflict(say::step_at_edge()),
    }
}

/// Back to the editor, with a remark and the way to undo.
fn done(v: &Visit, id: Id<Journey>, step: StepId, what: &str) -> Result<Response> {
    let to = if step > 0 { format!("/journeys/{id}?step={step}") } else { format!("/journeys/{id}") };
    v.see_done(&to, what, Some(&format!("/journeys/{id}/undo")))
}

/// The editor again, with what was typed and what is wrong: a fault of the form, or somebody else was first.
async fn again(
    v: &Visit,
    permit: &Permit,
    id: Id<Journey>,
    step: StepId,
    mut form: Form,
    why: Option<Error>,
) -> Result<Response> {
    match why {
        Some(Error::Conflict(what)) => form.fault("", what),
        Some(other) => form.absorb(other)?,
        None => {}
    }
    let mut tx = v.house.read(&v.actor).await?;
    let journey = journey::one(&mut tx, id).await?;
    let plan = journey::draft(&mut tx, &journey).await?;
    let page = edit::page(v, permit, &mut tx, journey, &plan, step, Some(form)).await?;
    v.html_again(&page)
}

async fn start(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut form = v.form()?;
    let before = seen(&form)?;
    form.required("by");
    let by = match form.get("by") {
        "hand" => Trigger::Hand,
        chosen => match (chosen.strip_prefix("s:").and_then(|id| id.parse().ok()), chosen.strip_prefix("o:"))
        {
            (Some(segment), _) => Trigger::Joins(segment),
            (None, Some(occasion)) => {
                let (kind, detail) = match occasion.split_once('=') {
                    Some((kind, detail)) => (kind, Some(detail.to_owned())),
                    None => (occasion, None),
                };
                Trigger::Happens(Occasion { kind: kind.to_owned(), detail })
            }
            (None, None) => Trigger::Hand,
        },
    };
    let again_ = match form.get("again") {
        "always" => Again::Always,
        "after" => {
            form.required("days");
            Again::After(form.int("days", 1..=36_500).and_then(|n| u32::try_from(n).ok()).unwrap_or(365))
        }
        _ => Again::Never,
    };
    form.required("purpose");
    form.required("topic");
    let purpose: Option<Purpose> = form.get("purpose").parse().ok();
    let topic = form.id::<Topic>("topic");
    let yields = form.tick("yields");
    let (Some(purpose), Ok(())) = (purpose, form.done()) else {
        return again(&v, &permit, id, 0, form, None).await;
    };
    let mut tx = v.house.write(&v.actor).await?;
    let changed = journey::change(&mut tx, &permit, id, before, |plan, _| {
        plan.start = Start { by, again: again_ };
        (plan.purpose, plan.topic, plan.yields) = (purpose, topic, yields);
        Ok(())
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            done(&v, id, 0, "done-start")
        }
        Err(why) => {
            drop(tx);
            again(&v, &permit, id, 0, form, Some(why)).await
        }
    }
}

/// `first`, `after-4`, `into-4-0`.
fn spot(text: &str) -> Option<Spot> {
    let mut parts = text.split('-');
    Some(match (parts.next()?, parts.next(), parts.next()) {
        ("first", None, None) => Spot::First,
        ("after", Some(step), None) => Spot::After(step.parse().ok()?),
        ("into", Some(step), Some(n)) => Spot::Into(step.parse().ok()?, n.parse().ok()?),
        _ => return None,
    })
}

async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let form = v.form()?;
    let before = seen(&form)?;
    // One button says both: which kind, and where.
    let (kind, place) = form.get("add").split_once('@').ok_or(Error::NotFound)?;
    let place = spot(place).ok_or(Error::NotFound)?;
    let (kind, tongue) = (kind.to_owned(), v.lang.into());
    let mut tx = v.house.write(&v.actor).await?;
    let mut made = 0;
    let changed = journey::change(&mut tx, &permit, id, before, |plan, new| {
        made = new;
        let step = new_step(&kind, new, tongue).ok_or(Error::NotFound)?;
        insert(&mut plan.steps, place, step).map_err(clash)
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            done(&v, id, made, "done-step-added")
        }
        Err(why @ Error::Conflict(_)) => {
            drop(tx);
            again(&v, &permit, id, 0, form, Some(why)).await
        }
        Err(why) => Err(why),
    }
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let mut form = v.form()?;
    let before = seen(&form)?;
    let mut tx = v.house.write(&v.actor).await?;
    let mut faulty = false;
    let changed = journey::change(&mut tx, &permit, id, before, |plan, _| {
        with(plan, step, |step| {
            fields::read(&mut form, step);
            faulty = form.done().is_err();
            form.done()
        })
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            done(&v, id, step, "done-step")
        }
        Err(why) => {
            drop(tx);
            // The faults stand in the form already.
            again(&v, &permit, id, step, form, Some(why).filter(|_| !faulty)).await
        }
    }
}

/// Changes one step in its place.
pub fn with(plan: &mut Plan, id: StepId, change: impl FnOnce(&mut Step) -> Result<()>) -> Result<()> {
    let mut step = plan.step(id).cloned().ok_or_else(|| Error::Conflict(say::step_gone()))?;
    change(&mut step)?;
    asks(&mut step);
    let late = step.late;
    kring_flow::change(&mut plan.steps, id, step.what).map_err(clash)?;
    set_late(&mut plan.steps.steps, id, late);
    Ok(())
}

fn set_late(steps: &mut [Step], id: StepId, late: kring_flow::Late) {
    for step in steps {
        if step.id == id {
            step.late = late;
        }
        for list in step.lists_mut() {
            set_late(list, id, late);
        }
    }
}

async fn shift_step(v: Visit, permit: Permit) -> Result<Response> {
    let (id, step): (Id<Journey>, StepId) = (v.path("id")?, v.path("step")?);
    let form = v.form()?;
    let before = seen(&form)?;
    let to = form.get("to").to_owned();
    let mut tx = v.house.write(&v.actor).await?;
    let changed = journey::change(&mut tx, &permit, id, before, |plan, _| match to.as_str() {
        "up" => shift(&mut plan.steps, step, false).map_err(clash),
        "down" => shift(&mut plan.steps, step, true).map_err(clash),
        "away" => remove(&mut plan.steps, step).map(drop).map_err(clash),
        _ => Err(Error::NotFound),
    })
    .await;
    match changed {
        Ok(_) => {
            tx.commit().await?;
            let (here, what) =
                if to == "away" { (0, "done-step-removed") } else { (step, "done-step-moved") };
            done(&v, id, here, what)
        }
        Err(why @ Error::Conflict(_)) => {
            drop(tx);
            again(&v, &permit, id, step, Form::default(), Some(why)).await
        }
        Err(why) => Err(why),
    }
}

async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    back(v, permit, true).await
}

async fn redo(v: Visit, permit: Permit) -> Result<Response> {
    back(v, permit, false).await
}

async fn back(v: Visit, permit: Permit, back: bool) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    match journey::undo(&mut tx, &permit, id, back).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/journeys/{id}"), if back { "done-undone" } else { "done-redone" }, None)
        }
        Err(why @ Error::Conflict(_)) => {
            drop(tx);
            again(&v, &permit, id, 0, Form::default(), Some(why)).await
        }
        Err(why) => Err(why),
    }
}

async fn rename(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    let note = form.line("note", 300);
    if form.done().is_err() {
        return again(&v, &permit, id, 0, form, None).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    journey::rename(&mut tx, &permit, id, &name, &note).await?;
    tx.commit().await?;
    v.see_done(&format!("/journeys/{id}"), "done-named", None)
}

async fn publish(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let form = v.form()?;
    let before = seen(&form)?;
    let mut tx = v.house.write(&v.actor).await?;
    match journey::publish(&mut tx, &permit, id, before).await {
        Ok(_) => {
            tx.commit().await?;
            v.see_done(&format!("/journeys/{id}"), "done-published", None)
        }
        Err(why @ Error::Conflict(_)) => {
            drop(tx);
            again(&v, &permit, id, 0, Form::default(), Some(why)).await
        }
        Err(why) => Err(why),
    }
}

async fn set_state(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Journey> = v.path("id")?;
    let to: JourneyState = v.form()?.get("state").parse().map_err(|()| Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    let was = journey::one(&mut tx, id).await?.state;
    match journey::set_state(&mut tx, &permit, id, to).await {
        Ok(()) => {
            if was == JourneyState::Paused && to != JourneyState::Paused {
                crate::hear::go_on(&mut tx, id).await?;
            }
            tx.commit().await?;
            v.house.doorbell.ring();
            v.see_done(&format!("/journeys/{id}"), "done-state", None)
        }
        Err(why @ Error::Conflict(_)) => {
            drop(tx);
            again(&v, &permit, id, 0, Form::default(), Some(why)).await
        }
        Err(why) => Err(why),
    }
}
