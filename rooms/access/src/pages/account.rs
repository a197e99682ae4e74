use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Lang, Result};
use kring_frame::{Deed, Mark, Purpose, Route, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use crate::{
    PasswordHash, Words,
    account::{self, Account},
    door,
    pages::{me, new_password, with_session},
    password,
    session::{self, Session},
    weak,
};

const OWN: &str = "everybody sees and guards their own account, and nobody else's";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::signed_in(Method::GET, "/account", OWN, page),
        Route::signed_in(Method::POST, "/account", OWN, save),
        Route::signed_in(Method::POST, "/account/password", OWN, change_password),
        Route::signed_in(Method::POST, "/account/sessions/end-others", OWN, end_others),
        Route::signed_in(Method::POST, "/account/sessions/{id}/end", OWN, end),
    ]
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    chrome: Chrome,
    w: Words,
    account: Account,
    form: Form,
    /// The form of the password, apart: a fault in one is none in the other.
    secret: Form,
    languages: Vec<Choice>,
    sessions: Vec<Row>,
    shortest: usize,
}

struct Row {
    session: Session,
    here: bool,
    since: String,
    seen: String,
    exact: String,
}

async fn show(v: &Visit, form: Option<Form>, secret: Form) -> Result<Response> {
    let w = Words(v.lang);
    let (id, here) = me(v)?;
    let mut tx = v.house.read(&v.actor).await?;
    let account = account::load(&mut tx, id).await?;
    let (now, zone) = (tx.now(), &v.house.settings.zone);
    let sessions = session::of(&mut tx, id).await?.into_iter().map(|s| Row {
        here: s.id == here,
        since: dates::relative(s.created_at, now, zone, v.lang),
        seen: dates::relative(s.last_seen_at, now, zone, v.lang),
        exact: dates::moment(s.last_seen_at, zone, v.lang),
        session: s,
    });
    let sessions: Vec<Row> = sessions.collect();
    let wrong = !secret.faults().is_empty() || form.as_ref().is_some_and(|f| !f.faults().is_empty());
    let form = form.unwrap_or_else(|| {
        Form::of([("name", account.name.clone()), ("lang", account.lang.unwrap_or(v.lang).tag().to_owned())])
    });
    let page = AccountPage {
        chrome: v.chrome(&mut tx, w.my_account()).await?,
        w,
        account,
        form,
        secret,
        languages: vec![Choice::new("nl", "Nederlands"), Choice::new("en", "English")],
        sessions,
        shortest: weak::SHORTEST,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn page(v: Visit) -> Result<Response> {
    show(&v, None, Form::default()).await
}

async fn save(v: Visit) -> Result<Response> {
    let (id, _) = me(&v)?;
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    form.required("lang");
    let lang = form.choice("lang", &Lang::ALL.map(|l| (l.tag(), l)));
    if form.done().is_err() {
        return show(&v, Some(form), Form::default()).await;
    }
    let mut tx = v.house.write(&v.actor).await?;
    account::rename(&mut tx, id, &name).await?;
    if let Some(lang) = lang {
        account::set_lang(&mut tx, id, lang).await?;
    }
    tx.commit().await?;
    v.see_done("/account", "done-account", None)
}

/// Every other session ends, and this one goes on under a new token.
async fn change_password(v: Visit) -> Result<Response> {
    let (id, here) = me(&v)?;
    let mut form = v.form()?;
    form.required("current");
    let mut tx = v.house.write(&v.actor).await?;
    let account = account::load(&mut tx, id).await?;
    let new = new_password(&v, &mut form, &account.name, &account.email);
    if form.done().is_err() {
        drop(tx);
        return show(&v, None, form).await;
    }
    // A session left open in a library is no place to guess a password at leisure.
    let knocked = door::knock(&mut tx, &account.email, &v.network()).await;
    let stored = account::password(&mut tx, id).await?;
    tx.commit().await?;
    knocked?;
    if !password::verify(form.get("current"), stored).await? {
        form.fault("current", crate::say::current_wrong());
        return show(&v, None, form).await;
    }
    let hash = PasswordHash::of(&v.house.chance, &new).await?;
    let mut tx = v.house.write(&v.actor).await?;
    door::forgive(&mut tx, &account.email, &v.network()).await?;
    account::change_password(&mut tx, id, &hash, here).await?;
    let token = session::renew(&mut tx, id, here).await?;
    tx.commit().await?;
    with_session(&v, v.see_done("/account", "done-password", None)?, &token)
}

async fn end(v: Visit) -> Result<Response> {
    let (id, here) = me(&v)?;
    let session: i64 = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    session::end(&mut tx, id, session).await?;
    tx.trail(ended()).await?;
    tx.commit().await?;
    if session == here { v.see("/sign-in") } else { v.see_done("/account", "done-session-ended", None) }
}

async fn end_others(v: Visit) -> Result<Response> {
    let (id, here) = me(&v)?;
    let mut tx = v.house.write(&v.actor).await?;
    session::end_all(&mut tx, id, Some(here)).await?;
    tx.trail(ended()).await?;
    tx.commit().await?;
    v.see_done("/account", "done-sessions-ended", None)
}

fn ended() -> Mark {
    Mark::of(Deed::Changed, Purpose::Operations, "session").detail("ended")
}
