//! What a link that works once opens: the first account, or a password to choose. Looking uses nothing up, so a
//! scanner that follows every link in a mail does no harm.

use std::collections::HashMap;

use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Error, Result, Token};
use kring_frame::{Actor, ActorKind, Route, Tx, Visit};
use kring_web::{Face, Form};

use crate::{
    PasswordHash, Words,
    account::{self, Account},
    door,
    first::{self, First},
    link::{self, Purpose},
    pages::{new_password, user_agent, with_session},
    weak,
};

const SET_UP: &str =
    "the token was printed on the operator's console, and works once, before there is any account";
const PASSWORD: &str = "the token was given to one colleague, and works once";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/set-up/{token}", SET_UP, set_up_page),
        Route::open(Method::POST, "/set-up/{token}", SET_UP, set_up),
        Route::open(Method::GET, "/invitation/{token}", PASSWORD, invitation_page),
        Route::open(Method::POST, "/invitation/{token}", PASSWORD, invitation),
    ]
}

#[derive(Template)]
#[template(path = "set_up.html")]
struct SetUpPage {
    face: Face,
    w: Words,
    form: Form,
    /// Whether the institution has to be named.
    names_top: bool,
    shortest: usize,
}

impl SetUpPage {
    async fn new(v: &Visit, tx: &mut Tx, form: Form) -> Result<Self> {
        let w = Words(v.lang);
        let names_top = first::top_unit(tx).await?.is_none();
        Ok(Self { face: v.face(w.set_up()), w, form, names_top, shortest: weak::SHORTEST })
    }
}

async fn set_up_page(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    still_first(&mut tx, &token).await?;
    let form = Form::of([("top", v.house.settings.institution.as_str())]);
    v.html(&SetUpPage::new(&v, &mut tx, form).await?)
}

async fn still_first(tx: &mut Tx, token: &Token) -> Result<()> {
    link::look(tx, Purpose::SetUp, token).await?;
    if account::is_anybody(tx).await? { Err(Error::Gone) } else { Ok(()) }
}

async fn set_up(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut form = v.form()?;
    let mut tx = v.house.read(&v.actor).await?;
    still_first(&mut tx, &token).await?;
    let top = if first::top_unit(&mut tx).await?.is_none() {
        form.required_line("top", 120)
    } else {
        String::new()
    };
    drop(tx);
    let name = form.required_line("name", 120);
    form.required("email");
    let email = form.email("email").unwrap_or_default();
    let password = new_password(&v, &mut form, &name, &email);
    if form.done().is_ok() {
        let hash = PasswordHash::of(&v.house.chance, &password).await?;
        let mut tx = v.house.write(&v.actor).await?;
        let first = First { name: &name, email: &email, lang: v.lang, top: &top };
        let id = first::make_first(&mut tx, &token, &first, &hash).await?;
        let session = door::welcome(&mut tx, id, user_agent(&v), &v.network()).await?;
        tx.commit().await?;
        return with_session(&v, v.see("/")?, &session);
    }
    let mut tx = v.house.read(&v.actor).await?;
    v.html_again(&SetUpPage::new(&v, &mut tx, form).await?)
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    face: Face,
    w: Words,
    form: Form,
    account: Account,
    shortest: usize,
}

impl InvitationPage {
    fn new(v: &Visit, account: Account, form: Form) -> Self {
        let w = Words(v.lang);
        Self { face: v.face(w.choose_password()), w, form, account, shortest: weak::SHORTEST }
    }
}

async fn invited(tx: &mut Tx, token: &Token) -> Result<Account> {
    let id = link::look(tx, Purpose::Password, token).await?.ok_or(Error::Gone)?;
    account::load(tx, id).await
}

async fn invitation_page(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut tx = v.house.read(&v.actor).await?;
    let account = invited(&mut tx, &token).await?;
    v.html(&InvitationPage::new(&v, account, Form::default()))
}

async fn invitation(v: Visit) -> Result<Response> {
    let token = v.token("token")?;
    let mut form = v.form()?;
    let mut tx = v.house.read(&v.actor).await?;
    let account = invited(&mut tx, &token).await?;
    drop(tx);
    let password = new_password(&v, &mut form, &account.name, &account.email);
    if form.done().is_err() {
        return v.html_again(&InvitationPage::new(&v, account, form));
    }
    let hash = PasswordHash::of(&v.house.chance, &password).await?;
    // From here on it is this colleague who acts, and the trail says so.
    let who = Actor::with_rights(account.id, ActorKind::Staff, &account.name, HashMap::new());
    let mut tx = v.house.write(&who).await?;
    link::spend(&mut tx, Purpose::Password, &token).await?;
    account::set_password(&mut tx, account.id, &hash).await?;
    if account.lang.is_none() {
        account::set_lang(&mut tx, account.id, v.lang).await?;
    }
    let session = door::welcome(&mut tx, account.id, user_agent(&v), &v.network()).await?;
    tx.commit().await?;
    with_session(&v, v.see("/")?, &session)
}
