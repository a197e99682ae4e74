//! From how many people on a second person says yes.

use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{Permit, Route, Visit};
use kring_web::{Chrome, Form};

use crate::{APPROVE, Words, policy};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/campaigns/policy", &APPROVE, show), Route::post("/campaigns/policy", &APPROVE, save)]
}

#[derive(Template)]
#[template(path = "mailing_policy.html")]
struct Page {
    chrome: Chrome,
    w: Words,
    form: Form,
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let from = policy::from_people(&mut tx).await?;
    let form = Form::of([("from", from.map(|n| n.to_string()).unwrap_or_default())]);
    let page =
        Page { chrome: v.chrome(&mut tx, Words(v.lang).policy_title()).await?, w: Words(v.lang), form };
    v.html(&page)
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let from = if form.get("from").trim().is_empty() { None } else { form.int("from", 1..=10_000_000) };
    let mut tx = v.house.write(&v.actor).await?;
    if form.done().is_err() {
        let page =
            Page { chrome: v.chrome(&mut tx, Words(v.lang).policy_title()).await?, w: Words(v.lang), form };
        return v.html_again(&page);
    }
    policy::set(&mut tx, &permit, from).await?;
    tx.commit().await?;
    v.see_done("/campaigns/policy", "done-policy", None)
}
