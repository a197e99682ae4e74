//! Where a form stands: its own link, a link with a campaign, and the snippet that puts it on the school's own site.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{Permit, Route, Visit};
use kring_web::{Chrome, Form};
use url::{Host, Url};

use crate::{
    EDIT, USE, Words,
    pages::piece::seen,
    piece::{self, Kind, Piece, State},
    plan::{Ask, Plan},
    say,
};

/// Sites on which one form may stand.
const MOST_SITES: usize = 20;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/forms/{id}/share", &USE, show), Route::post("/forms/{id}/share", &EDIT, save)]
}

#[derive(Template)]
#[template(path = "form_share.html")]
struct SharePage {
    chrome: Chrome,
    w: Words,
    piece: Piece,
    live: bool,
    may_edit: bool,
    /// The sites of the draft are not those of the version that the public sees.
    newer: bool,
    form: Form,
    link: String,
    campaign: String,
    snippet: String,
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let page = page(&v, None).await?;
    v.html(&page)
}

async fn page(v: &Visit, form: Option<Form>) -> Result<SharePage> {
    let id: Id<Piece> = v.path("id")?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let piece = piece::one(&mut tx, Kind::Form, id).await?;
    let plan: Plan = piece::draft(&mut tx, &piece).await?;
    let live: Option<Plan> = match piece.version {
        0 => None,
        version => Some(piece::version(&mut tx, id, version).await?),
    };
    let link = format!("{}{}", v.house.settings.site, piece.path());
    let code = plan.first(Ask::Hidden).map(|field| field.code.clone());
    let title = plan.title.get(&plan.source).replace(['"', '<', '>', '&'], "");
    let newer = live.as_ref().is_none_or(|live| live.sites != plan.sites);
    Ok(SharePage {
        may_edit: v.actor.permit(&EDIT).is_ok_and(|permit| piece::is_mine(&tx, &permit, &piece)),
        live: piece.state == State::Live,
        newer,
        form: form.unwrap_or_else(|| Form::of([("sites", plan.sites.join("\n"))])),
        campaign: code.map(|code| format!("{link}?{code}=open-dag-flyer")).unwrap_or_default(),
        snippet: if plan.sites.is_empty() {
            String::new()
        } else {
            // The link under it is for whoever's browser shows no frames, and for paper.
            format!(
                "<iframe src=\"{link}/embed\" title=\"{title}\" width=\"100%\" height=\"900\" loading=\"lazy\"></iframe>\n\
                 <p><a href=\"{link}\">{title}</a></p>"
            )
        },
        link,
        chrome: v.chrome(&mut tx, w.share()).await?,
        w,
        piece,
    })
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let id: Id<Piece> = v.path("id")?;
    let mut form = v.form()?;
    let before = seen(&form)?;
    let typed = form.text("sites", 4_000);
    let mut sites = Vec::new();
    for line in typed.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match origin(line) {
            Some(origin) if !sites.contains(&origin) => sites.push(origin),
            Some(_) => {}
            None => form.fault("sites", say::site_unreadable(line)),
        }
    }
    if sites.len() > MOST_SITES {
        form.fault("sites", say::too_many_sites(i64::try_from(MOST_SITES).unwrap_or_default()));
    }
    if form.done().is_ok() {
        let mut tx = v.house.write(&v.actor).await?;
        let changed = piece::change(&mut tx, &permit, id, before, |plan: &mut Plan, _| {
            plan.sites = sites;
            Ok(())
        })
        .await;
        match changed {
            Ok(_) => {
                tx.commit().await?;
                return v.see_done(&format!("/forms/{id}/share"), "done-sites", None);
            }
            Err(Error::Conflict(what)) => form.fault("", what),
            Err(why) => return Err(why),
        }
    }
    let page = page(&v, Some(form)).await?;
    v.html_again(&page)
}

/// `https://www.school.nl/pagina` as the origin `https://www.school.nl`, exactly as a browser compares it; on this very machine
/// plain http, for trying it out. Nothing with a wildcard: a site that anybody can have a part of is not the school's own.
fn origin(text: &str) -> Option<String> {
    let url = Url::parse(text).ok()?;
    let local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(ip) => ip.is_loopback(),
        Host::Ipv6(ip) => ip.is_loopback(),
    };
    let fine = url.scheme() == "https" || (url.scheme() == "http" && local);
    let plain = url.username().is_empty() && url.password().is_none();
    let named =
        matches!(url.host()?, Host::Domain(name) if name.contains('.') && !name.contains('*')) || local;
    (fine && plain && named).then(|| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_an_origin_and_nothing_that_could_mean_more() {
        assert_eq!(origin("https://www.School.nl/open-dag?x=1").as_deref(), Some("https://www.school.nl"));
        assert_eq!(origin("https://school.nl:8443").as_deref(), Some("https://school.nl:8443"));
        assert_eq!(origin("http://127.0.0.1:9000/").as_deref(), Some("http://127.0.0.1:9000"));
        for odd in [
            "*",
            "https://*",
            "https://*.school.nl",
            "http://school.nl",
            "school.nl",
            "https://a@school.nl",
            "data:text/html,x",
            "https://school.nl; script-src *",
            "https://com",
            "'self'",
        ] {
            assert_eq!(origin(odd).filter(|o| o != "https://school.nl"), None, "{odd}");
        }
        assert_eq!(origin("https://school.nl; script-src *"), None);
    }
}
