use askama::Template;
use axum::response::Response;
use http::{Method, StatusCode, header};
use kring_core::{Lang, Result};
use kring_frame::{Deed, Mark, Purpose, Route, Visit, encode};
use kring_people::units;
use kring_web::{Face, Form, OtherLanguage, headers::SessionCookie, render_as};

use crate::{
    Words, account,
    door::{self, Answer, Attempt},
    pages::{in_language, me, user_agent, with_session},
    roles, session,
};

const WHY: &str = "whoever is not signed in has to be able to";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/sign-in", WHY, page),
        Route::open(Method::POST, "/sign-in", WHY, sign_in),
        Route::open(Method::POST, "/sign-out", "leaving a session that is over must not fail", sign_out),
        Route::open(Method::POST, "/language", "a language is chosen before signing in too", language),
    ]
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage {
    face: Face,
    w: Words,
    form: Form,
    /// Where the form goes: the language asked for in the address goes along.
    action: String,
    left: bool,
    demos: Vec<Demo>,
}

/// An account of the demo institution, with a link that fills in its address.
struct Demo {
    name: String,
    what: String,
    href: String,
}

/// The language in the address, when somebody chose it there.
fn chosen(v: &Visit) -> Option<Lang> {
    v.query().ok()?.get("lang").parse().ok()
}

impl SignInPage {
    async fn new(v: &Visit, form: Form) -> Result<Self> {
        let w = Words(v.lang);
        let here = format!("/sign-in?next={}", encode(form.get("next")));
        let mut face = v.face(w.sign_in());
        face.others = Lang::ALL
            .into_iter()
            .filter(|l| *l != v.lang)
            .map(|lang| OtherLanguage { lang: lang.into(), href: in_language(&here, Some(lang)) })
            .collect();
        Ok(Self {
            face,
            w,
            action: in_language("/sign-in", chosen(v)),
            left: v.query()?.get("done") == "signed-out" && form.faults().is_empty(),
            demos: demos(v, w, &in_language(&here, chosen(v))).await?,
            form,
        })
    }
}

async fn demos(v: &Visit, w: Words, here: &str) -> Result<Vec<Demo>> {
    if !v.house.settings.demo {
        return Ok(Vec::new());
    }
    let mut tx = v.house.read(&v.actor).await?;
    let units = units::all(&mut tx).await?;
    let found = account::demos(&mut tx).await?;
    Ok(found
        .into_iter()
        .map(|(name, email, role, unit)| {
            let unit = units.iter().find(|u| u.id == unit).map_or("", |u| u.name(v.lang));
            let role = role_name(w, &role);
            Demo { name, what: format!("{role} · {unit}"), href: format!("{here}&email={}", encode(&email)) }
        })
        .collect())
}

/// A role in words; one that a later version gave and this one does not know is shown by its key.
pub(super) fn role_name(w: Words, role: &str) -> String {
    let known = roles::find(role).and_then(|r| w.find(&format!("role-{}", r.key.replace('_', "-"))));
    known.unwrap_or(role).to_owned()
}

async fn page(v: Visit) -> Result<Response> {
    let query = v.query()?;
    if v.signed_in.is_some() {
        return v.see(v.next(&query));
    }
    let email = if v.house.settings.demo { query.get("email") } else { "" };
    let form = Form::of([("next", query.get("next")), ("email", email)]);
    v.html(&SignInPage::new(&v, form).await?)
}

async fn sign_in(v: Visit) -> Result<Response> {
    let mut form = v.form()?;
    form.required("password");
    let email = form.required_line("email", 254);
    if form.done().is_err() {
        return v.html_again(&SignInPage::new(&v, form).await?);
    }
    let attempt = Attempt {
        email: &email,
        password: form.get("password"),
        network: v.network(),
        user_agent: user_agent(&v),
        chosen: chosen(&v),
        before: me(&v).ok(),
    };
    match door::enter(&v.house, &attempt).await? {
        Answer::Welcome(token) => with_session(&v, v.see(v.next(&form))?, &token),
        Answer::Wrong => {
            form.fault("", crate::say::sign_in_wrong());
            v.html_again(&SignInPage::new(&v, form).await?)
        }
        Answer::TooMany(wait) => {
            let minutes = (wait.as_secs() + 59) / 60;
            form.fault("", crate::say::sign_in_too_many(minutes.max(1)));
            let mut answer = render_as(StatusCode::TOO_MANY_REQUESTS, &SignInPage::new(&v, form).await?);
            answer.headers_mut().insert(header::RETRY_AFTER, wait.as_secs().max(1).into());
            Ok(answer)
        }
    }
}

async fn sign_out(v: Visit) -> Result<Response> {
    if let Ok((account, id)) = me(&v) {
        let mut tx = v.house.write(&v.actor).await?;
        session::end(&mut tx, account, id).await?;
        tx.trail(Mark::of(Deed::SignedOut, Purpose::Operations, "account").subject(account.get())).await?;
        tx.commit().await?;
    }
    let mut answer = v.see("/sign-in?done=signed-out")?;
    if let Some(line) = SessionCookie::for_site(&v.house.settings.site).clear() {
        answer.headers_mut().append(header::SET_COOKIE, line);
    }
    Ok(answer)
}

/// Staff keep their language on their account; before signing in it stands in the address, since there is no cookie.
async fn language(v: Visit) -> Result<Response> {
    let form = v.form()?;
    let lang: Option<Lang> = form.get("lang").parse().ok();
    let back = v.next(&Form::of([("next", form.get("back"))]));
    let Ok((account, _)) = me(&v) else { return v.see(in_language(&back, lang)) };
    if let Some(lang) = lang {
        let mut tx = v.house.write(&v.actor).await?;
        account::set_lang(&mut tx, account, lang).await?;
        tx.commit().await?;
    }
    v.see(in_language(&back, None))
}
