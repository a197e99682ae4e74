//! Changing a form: each change is a new draft, which can be undone.

use axum::response::Response;
use kring_blocks::Phrase;
use kring_core::{Error, Id, Result, Tongue};
use kring_frame::{Permit, Route, Visit};
use kring_web::Form;

use crate::{
    EDIT, Words,
    pages::{
        edit::{self, tongue_of},
        fields,
        piece::seen,
    },
    piece::{self, Kind, Piece},
    plan::{Ask, Field, MOST_FIELDS, Plan, around},
    say,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/forms/{id}/settings", &EDIT, settings),
        Route::post("/forms/{id}/fields", &EDIT, add),
        Route::post("/forms/{id}/fields/{field}", &EDIT, change),
        Route::post("/forms/{id}/fields/{field}/move", &EDIT, shift),
        Route::post("/forms/{id}/languages", &EDIT, language),
    ]
}

/// Changes the draft; what goes wrong is said in the editor, with what was typed.
async fn changed(
    v: &Visit,
    permit: &Permit,
    chosen: i64,
    mut form: Form,
    done: &'static str,
    change: impl FnOnce(&mut Plan, i64, &mut Form, &Tongue) -> Result<i64>,
) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let before = seen(&form)?;
    let mut tx = v.house.write(&v.actor).await?;
    let piece = piece::mine(&mut tx, permit, Kind::Form, id).await?;
    let plan: Plan = piece::draft(&mut tx, &piece).await?;
    let tongue = tongue_of(v, Some(&form), &plan)?;
    let mut lands = chosen;
    let outcome = piece::change(&mut tx, permit, id, before, |plan: &mut Plan, new| {
        lands = change(plan, new, &mut form, &tongue)?;
        form.done()
    })
    .await;
    match outcome {
        Ok(_) => {
            tx.commit().await?;
            let to = format!("/forms/{id}?field={lands}&tongue={tongue}");
            v.see_done(&to, done, Some(&format!("/forms/{id}/undo")))
        }
        // The faults stand in the form already.
        Err(Error::Invalid(_)) => {
            drop(tx);
            edit::again(v, permit, id, chosen, form).await
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            form.fault("", what);
            edit::again(v, permit, id, chosen, form).await
        }
        Err(why) => Err(why),
    }
}

async fn settings(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.form()?;
    changed(&v, &permit, 0, form, "done-settings", |plan, _, form, tongue| {
        fields::read_form(form, plan, tongue);
        Ok(0)
    })
    .await
}

/// One button says which kind and after which field: `one@4`, and `one@0` at the beginning.
async fn add(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.form()?;
    changed(&v, &permit, 0, form, "done-field-added", |plan, new, form, _| {
        let (kind, after) = form.get("add").split_once('@').ok_or(Error::NotFound)?;
        let kind = Ask::find(kind).ok_or(Error::NotFound)?;
        if plan.fields.len() >= MOST_FIELDS {
            return Err(Error::Conflict(say::too_many_fields(
                i64::try_from(MOST_FIELDS).unwrap_or_default(),
            )));
        }
        let after: i64 = after.parse().map_err(|_| Error::NotFound)?;
        let at = plan.place(after).map_or(0, |at| at + 1);
        plan.fields.insert(at, fresh(new, kind, plan));
        Ok(new)
    })
    .await
}

/// A new field says already what nearly every form would call it, in each language of ours that the form has.
fn fresh(id: i64, kind: Ask, plan: &Plan) -> Field {
    let mut label = Phrase::default();
    for tongue in [&plan.source].into_iter().chain(plan.tongues.iter().filter(|t| **t != plan.source)) {
        if around(tongue).tag() == tongue.primary() {
            let words = Words(around(tongue));
            label.put(&plan.source, tongue, words.find(&format!("new-{}", kind.key())).unwrap_or_default());
        }
    }
    let mut field = Field::new(id, kind, label);
    field.required = matches!(kind, Ask::Name | Ask::Email);
    match kind {
        Ask::Consent => "mail".clone_into(&mut field.channel),
        Ask::File => field.most = Some(5),
        Ask::Hidden => "campaign".clone_into(&mut field.code),
        _ => {}
    }
    field
}

async fn change(v: Visit, permit: Permit) -> Result<Response> {
    let field: i64 = v.path("field")?;
    let form = v.form()?;
    changed(&v, &permit, field, form, "done-field", |plan, _, form, tongue| {
        if plan.field(field).is_none() {
            return Err(Error::Conflict(say::field_gone()));
        }
        fields::read_field(form, plan, field, tongue);
        Ok(field)
    })
    .await
}

async fn shift(v: Visit, permit: Permit) -> Result<Response> {
    let field: i64 = v.path("field")?;
    let form = v.form()?;
    let away = form.get("to") == "away";
    let done = if away { "done-field-removed" } else { "done-field-moved" };
    changed(&v, &permit, field, form, done, |plan, _, form, _| {
        let at = plan.place(field).ok_or_else(|| Error::Conflict(say::field_gone()))?;
        match form.get("to") {
            "up" if at > 0 => plan.fields.swap(at, at - 1),
            "down" if at + 1 < plan.fields.len() => plan.fields.swap(at, at + 1),
            "away" => drop(plan.fields.remove(at)),
            _ => {}
        }
        Ok(if away { 0 } else { field })
    })
    .await
}

/// Adds a language, takes one away, or says that a translation was compared.
async fn language(v: Visit, permit: Permit) -> Result<Response> {
    let form = v.form()?;
    let which: Tongue = form.get("which").parse().map_err(|()| Error::NotFound)?;
    changed(&v, &permit, 0, form, "done-language", |plan, _, form, _| {
        match form.get("what") {
            "add" if !plan.tongues.contains(&which) => plan.tongues.push(which.clone()),
            "drop" => plan.drop_tongue(&which),
            _ => plan.up_to_date(&which),
        }
        Ok(0)
    })
    .await
}
