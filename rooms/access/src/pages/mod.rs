//! The pages of this room. Those before signing in have the face of a public page; the others stand in the frame.

mod account;
mod keys;
mod link;
pub(crate) mod operations;
mod sign_in;
mod staff;
mod trail;

use axum::response::Response;
use http::header;
use kring_core::{Error, Lang, Result, Token};
use kring_frame::{ActorId, Route, Visit};
use kring_people::units::Unit;
use kring_web::{Choice, Chrome, Form, headers::SessionCookie};

use crate::{session, weak};

pub(crate) fn routes() -> Vec<Route> {
    [
        sign_in::routes(),
        link::routes(),
        account::routes(),
        staff::routes(),
        keys::routes(),
        trail::routes(),
        operations::routes(),
    ]
    .concat()
}

/// The answer, with the cookie of a session.
fn with_session(v: &Visit, mut response: Response, token: &Token) -> Result<Response> {
    let cookie = SessionCookie::for_site(&v.house.settings.site);
    let line = cookie.set(&token.reveal(), session::LONGEST.as_secs());
    let line = line.ok_or_else(|| Error::broken("a token has no place in a header"))?;
    response.headers_mut().append(header::SET_COOKIE, line);
    Ok(response)
}

/// Who is signed in, for what only staff can do to themselves.
fn me(v: &Visit) -> Result<(ActorId, i64)> {
    let me = v.signed_in.as_ref().ok_or(Error::Forbidden)?;
    Ok((ActorId::new(me.account), me.session))
}

fn user_agent(v: &Visit) -> &str {
    v.headers.get(header::USER_AGENT).and_then(|h| h.to_str().ok()).unwrap_or_default()
}

/// A new password, typed twice. The fault stands beside the field; what was typed is never sent back.
fn new_password(v: &Visit, form: &mut Form, name: &str, email: &str) -> String {
    form.required("password");
    let password = form.get("password").to_owned();
    let known = weak::Known { email, name, institution: &v.house.settings.institution };
    if !password.is_empty()
        && let Err(why) = weak::refuse(&password, &known)
    {
        form.fault("password", why);
    }
    if form.get("again") != password {
        form.fault("again", crate::say::passwords_differ());
    }
    password
}

/// Units to choose from, each with the path to it where the tree is deeper than one.
fn unit_choices(units: &[Unit], lang: Lang) -> Vec<Choice> {
    units.iter().map(|u| Choice::new(u.id, u.name(lang))).collect()
}

/// The frame, with the place of staff lit up on pages that live beside it.
async fn chrome_at(v: &Visit, tx: &mut kring_frame::Tx, title: &str, place: &str) -> Result<Chrome> {
    let mut chrome = v.chrome(tx, title).await?;
    for found in chrome.places.iter_mut().filter(|p| p.href == place) {
        found.current = true;
    }
    Ok(chrome)
}

/// This page in another language or in none: `lang` in an address is stronger than what somebody chose, and a remark
/// is made once.
fn in_language(path: &str, lang: Option<Lang>) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let kept = query.split('&').filter(|pair| {
        let key = pair.split('=').next().unwrap_or_default();
        !matches!(key, "" | "lang" | "done" | "undo")
    });
    let asked = lang.map(|lang| format!("lang={lang}"));
    let query: Vec<String> = kept.map(ToOwned::to_owned).chain(asked).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_changes_its_language_and_forgets_its_remark() {
        assert_eq!(in_language("/people?q=a&lang=nl&done=done-note", None), "/people?q=a");
        assert_eq!(in_language("/sign-in?next=/desk", Some(Lang::En)), "/sign-in?next=/desk&lang=en");
        assert_eq!(in_language("/", Some(Lang::Nl)), "/?lang=nl");
        assert_eq!(in_language("/x?lang=en", None), "/x");
    }
}
