//! Making and changing a webhook: one form.

use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result};
use kring_fetch::{BadTarget, Client, Target};
use kring_frame::{Permit, Route, Tx, Visit};
use kring_web::{Choice, Chrome, Form};

use super::{kind_name, segments};
use crate::{
    MANAGE, Words, catalogue,
    hook::{self, Draft, Webhook},
    say,
};

pub fn routes(client: Option<Arc<Client>>) -> Vec<Route> {
    let Some(client) = client else { return Vec::new() };
    let (for_new, for_change) = (client.clone(), client);
    vec![
        Route::get("/webhooks/new", &MANAGE, new_form),
        Route::post("/webhooks/new", &MANAGE, move |v, permit| make(v, permit, for_new.clone())),
        Route::get("/webhooks/{id}/edit", &MANAGE, edit_form),
        Route::post("/webhooks/{id}/edit", &MANAGE, move |v, permit| change(v, permit, for_change.clone())),
    ]
}

#[derive(Template)]
#[template(path = "webhook_edit.html")]
struct EditPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    action: String,
    back: String,
    send: &'static str,
    is_new: bool,
    keys: Vec<Choice>,
    groups: Vec<(&'static str, Vec<Choice>)>,
    segments: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "webhook_secret.html")]
struct SecretPage {
    chrome: Chrome,
    w: Words,
    text: &'static str,
    secret: String,
    back: String,
}

/// Shows a secret, this once.
pub(super) async fn secret_page(
    v: &Visit,
    tx: &mut Tx,
    id: Id<Webhook>,
    secret: String,
    text: &'static str,
) -> Result<Response> {
    let w = Words(v.lang);
    let chrome = v.chrome(tx, w.secret_title()).await?;
    v.html(&SecretPage { chrome, w, text, secret, back: format!("/webhooks/{id}") })
}

async fn page(
    v: &Visit,
    permit: &Permit,
    tx: &mut Tx,
    id: Option<Id<Webhook>>,
    form: Form,
) -> Result<Response> {
    let w = Words(v.lang);
    let keys = hook::keys(tx, permit).await?;
    let groups = catalogue::GROUPS.iter().map(|(group, list)| {
        let kinds = list.iter().map(|offered| Choice {
            hint: offered.kind.to_owned(),
            ..Choice::new(offered.kind, kind_name(w, offered.kind))
        });
        (w.find(group).unwrap_or(group), kinds.collect())
    });
    let title = if id.is_some() { w.webhook_change() } else { w.webhook_new() };
    let wrong = !form.faults().is_empty();
    let page = EditPage {
        groups: groups.collect(),
        keys: keys.into_iter().map(|(id, name)| Choice::new(id, name)).collect(),
        segments: segments(tx).await?.into_iter().map(|(id, name)| Choice::new(id, name)).collect(),
        chrome: v.chrome(tx, title).await?,
        w,
        form,
        action: id.map_or("/webhooks/new".to_owned(), |id| format!("/webhooks/{id}/edit")),
        back: id.map_or("/webhooks".to_owned(), |id| format!("/webhooks/{id}")),
        send: if id.is_some() { w.save() } else { w.webhook_make() },
        is_new: id.is_none(),
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn new_form(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let mut form = Form::default();
    // From the page of a segment: whoever comes from there wants to hear of that one.
    if !query.get("segment").is_empty() {
        let kinds = ["segment.joined", "segment.left"].map(|kind| ("kind", kind));
        form = Form::of(kinds.into_iter().chain([("segment", query.get("segment"))]));
    }
    let mut tx = v.house.read(&v.actor).await?;
    page(&v, &permit, &mut tx, None, form).await
}

/// What was typed, or the form with what is wrong with it.
fn draft(form: &mut Form, client: &Client) -> Option<Draft> {
    let name = form.required_line("name", 120);
    form.required("key");
    let url = match Target::read(form.get("url"), client.rules()) {
        Ok(target) => target.as_str().to_owned(),
        Err(why) => {
            let what = match why {
                BadTarget::NotHttps => say::url_not_https(),
                BadTarget::Credentials => say::url_credentials(),
                BadTarget::Port => say::url_port(),
                BadTarget::Inside => say::url_inside(),
                BadTarget::TooLong => say::url_too_long(),
            };
            form.fault("url", what);
            String::new()
        }
    };
    let kinds: Vec<_> = form.all("kind").into_iter().filter_map(catalogue::find).collect();
    if kinds.is_empty() {
        form.fault("kind", say::kinds_missing());
    }
    let segments = form.all("segment").into_iter().filter_map(|id| id.parse().ok()).collect();
    let key = form.id("key");
    form.done().ok()?;
    Some(Draft { name, url, kinds, key: key?, segments })
}

async fn make(v: Visit, permit: Permit, client: Arc<Client>) -> Result<Response> {
    let mut form = v.form()?;
    if let Some(draft) = draft(&mut form, &client) {
        let mut tx = v.house.write(&v.actor).await?;
        match hook::make(&mut tx, &permit, &draft).await {
            Ok((id, secret)) => {
                let shown = secret_page(&v, &mut tx, id, secret.reveal(), Words(v.lang).secret_new()).await?;
                tx.commit().await?;
                return Ok(shown);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    page(&v, &permit, &mut tx, None, form).await
}

async fn edit_form(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Webhook> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let webhook = hook::one(&mut tx, &permit, id).await?;
    let segments = hook::segments_of(&mut tx, id).await?;
    let mut fields =
        vec![("name", webhook.name.clone()), ("url", webhook.url.clone()), ("key", webhook.key.to_string())];
    fields.extend(webhook.kinds().map(|offered| ("kind", offered.kind.to_owned())));
    fields.extend(segments.iter().map(|segment| ("segment", segment.to_string())));
    page(&v, &permit, &mut tx, Some(id), Form::of(fields)).await
}

async fn change(v: Visit, permit: Permit, client: Arc<Client>) -> Result<Response> {
    let id: Id<Webhook> = v.path("id")?;
    let mut form = v.form()?;
    if let Some(draft) = draft(&mut form, &client) {
        let mut tx = v.house.write(&v.actor).await?;
        match hook::change(&mut tx, &permit, id, &draft).await {
            Ok(()) => {
                tx.commit().await?;
                return v.see_done(&format!("/webhooks/{id}"), "done-webhook-changed", None);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    hook::one(&mut tx, &permit, id).await?;
    page(&v, &permit, &mut tx, Some(id), form).await
}
