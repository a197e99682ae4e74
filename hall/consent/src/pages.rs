//! What somebody may choose from behind a link in a mail: the one button that stops this mail, and under it all choices. A
//! GET changes nothing, since scanners open every link; the buttons and the mail program's own one-click are POSTs, and all
//! can be undone here. A forwarded mail shows nobody's data: the address is masked.

use askama::Template;
use axum::response::Response;
use http::{Method, StatusCode};
use kring_core::{Error, Result, Token};
use kring_frame::{Route, Tx, Visit};
use kring_people::contact;
use kring_web::{Face, Form};

use crate::{
    Act, Entry, Link, Standing, Words,
    centre::{self, Centre},
    facts_of,
    link::link,
    record,
};

const WHY: &str = "whoever holds the link from the mail may stop that mail, without signing in";

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/choices/{token}", WHY, show),
        Route::open(Method::POST, "/choices/{token}", WHY, choose)
            .from_anywhere("mail programs post one-click unsubscribe from their own servers (RFC 8058)"),
    ]
}

#[derive(Template)]
#[template(path = "choices.html")]
pub(crate) struct ChoicesPage {
    face: Face,
    w: Words,
    what: &'static str,
    address: String,
    standing: Standing,
    needs_consent: bool,
    done: String,
    all: Centre,
}

async fn show(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    let link = link(&mut tx, &token).await?;
    let done = v.query()?.get("choice").to_owned();
    let page = page(&v, &mut tx, &link, done, None).await?;
    v.html(&page)
}

/// The page, with the form of all choices as it stands or as it was typed.
pub(crate) async fn page(
    v: &Visit,
    tx: &mut Tx,
    link: &Link,
    done: String,
    typed: Option<Form>,
) -> Result<ChoicesPage> {
    let w = Words(v.lang);
    let facts = facts_of(tx, link.person, link.purpose, link.channel).await?;
    let address = contact::email_of(tx, link.person).await?.map(|a| masked(&a)).unwrap_or_default();
    let what = w.find(&format!("choice-{}", link.purpose)).unwrap_or_else(|| w.choice_service());
    let needs_consent = facts.standing == Standing::Silent
        && !crate::may(&facts, link.purpose, link.channel, crate::MessageClass::Announcement).allowed;
    Ok(ChoicesPage {
        face: v.face(w.choice_title()),
        w,
        what,
        address,
        standing: facts.standing,
        needs_consent,
        done,
        all: centre::centre(v, tx, link.person, typed).await?,
    })
}

async fn choose(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let form = v.form()?;
    // RFC 8058, 3.2: exactly this pair, and an answer without redirect, also when it was done already.
    if form.get("List-Unsubscribe") == "One-Click" {
        change(&v, &token, Act::Withdrawal, "one-click").await?;
        return Response::builder().status(StatusCode::OK).body("".into()).map_err(Error::broken);
    }
    // The page's own button does come from our own page.
    if !kring_web::headers::same_origin(&v.headers, std::slice::from_ref(&v.house.settings.site)) {
        return Err(Error::Forbidden);
    }
    let (act, done) = match form.get("choice") {
        "stop" => (Act::Withdrawal, "stop"),
        "resume" => (Act::Lifted, "resume"),
        "save" => return centre::save(&v, &token, form).await,
        "nothing" => return centre::nothing(&v, &token).await,
        "undo" => return centre::undo(&v, &token, &form).await,
        _ => return Err(Error::NotFound),
    };
    change(&v, &token, act, "link:mail").await?;
    v.see(format!("/choices/{}?choice={done}&lang={}", token.reveal(), v.lang))
}

async fn change(v: &Visit, token: &Token, act: Act, how: &str) -> Result<()> {
    let mut tx = v.house.write(&v.actor).await?;
    let link = link(&mut tx, token).await?;
    let standing = facts_of(&mut tx, link.person, link.purpose, link.channel).await?.standing;
    let already = match act {
        Act::Withdrawal => matches!(standing, Standing::Withdrawn | Standing::Objected),
        _ => matches!(standing, Standing::Silent | Standing::Consented),
    };
    if !already {
        // Taking back a withdrawal from a consent gives the consent back, by the same person's act.
        let act = if act == Act::Lifted && crate::link::had_consent(&mut tx, &link).await? {
            Act::Consent
        } else {
            act
        };
        let entry = Entry::new(link.person, link.purpose, link.channel, act, how);
        record(&mut tx, &entry).await?;
    }
    tx.commit().await
}

/// `renee@example.org` is `r…@example.org`: enough to recognise one's own, too little to learn another's.
fn masked(address: &str) -> String {
    match address.split_once('@') {
        Some((local, domain)) => format!("{}…@{domain}", local.chars().next().unwrap_or('·')),
        None => String::new(),
    }
}
