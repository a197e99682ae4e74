use askama::Template;
use axum::{body::Body, response::Response};
use http::header;
use kring_core::{Error, Lang, Result};
use kring_frame::{Fut, Markup, Panel, Permit, PersonId, Route, Tone, Tx, Visit};
use kring_people::person;
use kring_web::{Chrome, Form};

use crate::{HANDLE_PRIVACY, Words, dossier, erase, say};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/{id}/privacy", &HANDLE_PRIVACY, show),
        Route::post("/people/{id}/privacy/dossier", &HANDLE_PRIVACY, download),
        Route::post("/people/{id}/privacy/read", &HANDLE_PRIVACY, read),
        Route::post("/people/{id}/privacy/erase", &HANDLE_PRIVACY, forget),
    ]
}

#[derive(Template)]
#[template(path = "privacy.html")]
struct PrivacyPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    form: Form,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let page = page(&v, &permit, Form::default()).await?;
    v.html(&page)
}

async fn page(v: &Visit, permit: &Permit, form: Form) -> Result<PrivacyPage> {
    let id: PersonId = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let p = person::read(&mut tx, permit, id).await?;
    let chrome = v.chrome(&mut tx, w.privacy_title(&p.display_name)).await?;
    tx.commit().await?;
    Ok(PrivacyPage { chrome, w, id, name: p.display_name, form })
}

/// The dossier as a file. A POST, since asking for it leaves a trace.
async fn download(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    person::load(&mut tx, id).await?;
    let sections = dossier(&mut tx, &permit, id).await?;
    tx.commit().await?;
    let body = serde_json::to_vec_pretty(&sections).map_err(Error::broken)?;
    Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"dossier-{id}.json\""))
        .body(Body::from(body))
        .map_err(Error::broken)
}

#[derive(Template)]
#[template(path = "dossier.html")]
struct DossierPage {
    chrome: Chrome,
    w: Words,
    id: PersonId,
    name: String,
    sections: Vec<(String, Vec<crate::readable::Line>)>,
}

/// The dossier to read and print. A POST for the same reason.
async fn read(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let name = person::load(&mut tx, id).await?.display_name;
    let sections = dossier(&mut tx, &permit, id).await?;
    let chrome = v.chrome(&mut tx, w.dossier_title(&name)).await?;
    tx.commit().await?;
    let sections = sections
        .iter()
        .map(|s| {
            let title = w.find(&format!("section-{}", s.title.replace('_', "-"))).unwrap_or(&s.title);
            (title.to_owned(), crate::readable::lines(s))
        })
        .filter(|(_, lines)| !lines.is_empty())
        .collect();
    v.html(&DossierPage { chrome, w, id, name, sections })
}

/// Erasing cannot be undone, so the number is typed once more.
async fn forget(v: Visit, permit: Permit) -> Result<Response> {
    let id: PersonId = v.path("id")?;
    let mut form = v.form()?;
    if form.get("number").replace(['.', ',', ' '], "") != id.to_string() {
        form.fault("number", say::number_wrong());
        let page = page(&v, &permit, form).await?;
        return v.html_again(&page);
    }
    let mut tx = v.house.write(&v.actor).await?;
    erase(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.house.db.settle().await?;
    v.see_done("/people", "done-erased", None)
}

#[derive(Template)]
#[template(path = "privacy_panel.html")]
struct PanelBody {
    w: Words,
    id: PersonId,
}

/// A way in from a person's page, for who has the right.
pub fn panel(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<Panel>> {
    Box::pin(async move {
        if !tx.actor().may(&HANDLE_PRIVACY) {
            return Ok(None);
        }
        let w = Words(lang);
        let body = PanelBody { w, id }.render().map_err(Error::broken)?;
        Ok(Some(Panel {
            title: w.panel_title().to_owned(),
            tone: Tone::Plain,
            note: None,
            href: None,
            body: Markup::from_template(body),
        }))
    })
}
