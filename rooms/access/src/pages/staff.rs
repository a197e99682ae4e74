use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result, Timestamp, Token};
use kring_frame::{ActorId, Mark, Permit, Route, Tx, UnitId, Visit, encode};
use kring_lang::dates;
use kring_people::units::{self, Unit};
use kring_web::{Choice, Chrome, Form, Tone};

use crate::{
    MANAGE_STAFF, NewAccount, Words,
    account::{self, Account, AccountState, Listed},
    grants,
    pages::{chrome_at, me, sign_in::role_name, unit_choices, with_session},
    roles::ROLES,
    session,
};

const PAGE: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/staff", &MANAGE_STAFF, list),
        Route::get("/staff/new", &MANAGE_STAFF, invite_form),
        Route::post("/staff/new", &MANAGE_STAFF, invite),
        Route::get("/staff/{id}", &MANAGE_STAFF, one),
        Route::post("/staff/{id}/roles", &MANAGE_STAFF, give),
        Route::post("/staff/{id}/roles/take", &MANAGE_STAFF, take),
        Route::post("/staff/{id}/link", &MANAGE_STAFF, new_link),
        Route::post("/staff/{id}/disable", &MANAGE_STAFF, disable),
        Route::post("/staff/{id}/enable", &MANAGE_STAFF, enable),
    ]
}

/// How a state looks: the word always stands in the chip.
fn state_tone(state: AccountState) -> Tone {
    match state {
        AccountState::Invited => Tone::Sun,
        AccountState::Active => Tone::Leaf,
        AccountState::Disabled => Tone::Plain,
    }
}

fn state_name(w: Words, state: AccountState) -> &'static str {
    match state {
        AccountState::Invited => w.state_invited(),
        AccountState::Active => w.state_active(),
        AccountState::Disabled => w.state_disabled(),
    }
}

fn unit_name(units: &[Unit], id: UnitId, v: &Visit) -> String {
    units.iter().find(|u| u.id == id).map(|u| u.name(v.lang).to_owned()).unwrap_or_default()
}

fn since(v: &Visit, at: Option<Timestamp>, now: Timestamp) -> String {
    at.map_or_else(
        || Words(v.lang).never().to_owned(),
        |at| dates::last(at, now, &v.house.settings.zone, v.lang),
    )
}

#[derive(Template)]
#[template(path = "staff.html")]
struct StaffPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    rows: Vec<Row>,
    first: String,
    next: String,
}

struct Row {
    account: Listed,
    roles: Vec<String>,
    unit: String,
    state: &'static str,
    tone: Tone,
    seen: String,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let words: String = query.get("q").trim().chars().take(100).collect();
    let after = match (query.get("after"), query.get("id").parse::<ActorId>()) {
        ("", _) | (_, Err(_)) => None,
        (key, Ok(id)) => Some((key.to_owned(), id)),
    };
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let found = account::list(&mut tx, &permit, &words, after.clone(), PAGE + 1).await?;
    let units = units::all(&mut tx).await?;
    let now = tx.now();
    let base = format!("/staff?q={}", encode(&words));
    let next = match found.get(PAGE as usize - 1) {
        Some(last) if found.len() > PAGE as usize => {
            format!("{base}&after={}&id={}", encode(&last.sort_key), last.id)
        }
        _ => String::new(),
    };
    let rows = found.into_iter().take(PAGE as usize).map(|account| Row {
        roles: account.roles.iter().flat_map(|r| r.split(' ')).map(|r| role_name(w, r)).collect(),
        unit: unit_name(&units, account.unit, &v),
        state: state_name(w, account.state),
        tone: state_tone(account.state),
        seen: since(&v, account.signed_in_at, now),
        account,
    });
    let page = StaffPage {
        rows: rows.collect(),
        chrome: v.chrome(&mut tx, w.staff()).await?,
        w,
        form: query,
        first: if after.is_some() { base } else { String::new() },
        next,
    };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "invite.html")]
struct InvitePage {
    chrome: Chrome,
    w: Words,
    form: Form,
    roles: Vec<Choice>,
    units: Vec<Choice>,
}

fn role_choices(w: Words) -> Vec<Choice> {
    let hint = |key: &str| w.find(&format!("role-{}-what", key.replace('_', "-"))).unwrap_or_default();
    ROLES
        .iter()
        .map(|r| Choice { hint: hint(r.key).to_owned(), ..Choice::new(r.key, role_name(w, r.key)) })
        .collect()
}

impl InvitePage {
    async fn new(v: &Visit, tx: &mut Tx, permit: &Permit, form: Form) -> Result<Self> {
        let w = Words(v.lang);
        let units = grants::units_of(tx, permit).await?;
        Ok(Self {
            chrome: v.chrome(tx, w.invite()).await?,
            w,
            form,
            roles: role_choices(w),
            units: unit_choices(&units, v.lang),
        })
    }
}

async fn invite_form(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    v.html(&InvitePage::new(&v, &mut tx, &permit, Form::default()).await?)
}

async fn invite(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    form.required("email");
    let email = form.email("email").unwrap_or_default();
    form.required("role");
    form.required("unit");
    let unit: Option<UnitId> = form.id("unit");
    if let (Ok(()), Some(unit)) = (form.done(), unit) {
        let mut tx = v.house.write(&v.actor).await?;
        let new = NewAccount { name: &name, email: &email, unit, lang: None };
        match account::invite(&mut tx, &permit, &new, form.get("role")).await {
            Ok((id, token)) => {
                let page = link_page(&v, &mut tx, &name, id, &token).await?;
                tx.commit().await?;
                return v.html(&page);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    v.html_again(&InvitePage::new(&v, &mut tx, &permit, form).await?)
}

/// A secret that is shown once. The answer to the form itself, and not a page to be sent to: it would have to be
/// kept somewhere in between.
#[derive(Template)]
#[template(path = "made.html")]
pub(super) struct MadePage {
    pub chrome: Chrome,
    pub text: String,
    pub label: &'static str,
    pub secret: String,
    pub after: &'static str,
    pub back: String,
    pub back_label: String,
}

async fn link_page(v: &Visit, tx: &mut Tx, name: &str, id: ActorId, token: &Token) -> Result<MadePage> {
    let w = Words(v.lang);
    Ok(MadePage {
        chrome: chrome_at(v, tx, w.link_made(), "/staff").await?,
        text: w.link_for(name),
        label: w.link_label(),
        secret: format!("{}/invitation/{}", v.house.settings.site, token.reveal()),
        after: w.link_once(),
        back: format!("/staff/{id}"),
        back_label: w.to_account(name),
    })
}

#[derive(Template)]
#[template(path = "staff_one.html")]
struct OnePage {
    chrome: Chrome,
    w: Words,
    account: Account,
    unit: String,
    state: &'static str,
    tone: Tone,
    made: String,
    seen: String,
    sessions: usize,
    own: bool,
    grants: Vec<Held>,
    form: Form,
    roles: Vec<Choice>,
    units: Vec<Choice>,
    to_link: String,
    to_disable: String,
    to_enable: String,
}

struct Held {
    role: String,
    key: String,
    unit: String,
    unit_id: UnitId,
    by: String,
}

async fn one(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    show(&v, &permit, id, Form::default()).await
}

async fn show(v: &Visit, permit: &Permit, id: ActorId, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let account = account::managed(&mut tx, permit, id).await?;
    tx.trail(Mark::read(permit, "account").subject(id.get())).await?;
    let units = units::all(&mut tx).await?;
    let held = grants::of(&mut tx, id).await?.into_iter().map(|g| Held {
        role: role_name(w, &g.role),
        unit: unit_name(&units, g.unit, v),
        by: w.given_by(g.by, dates::short_day(g.at, &v.house.settings.zone, v.lang)),
        key: g.role,
        unit_id: g.unit,
    });
    let held: Vec<Held> = held.collect();
    let mine = grants::units_of(&mut tx, permit).await?;
    let now = tx.now();
    let wrong = !form.faults().is_empty();
    let page = OnePage {
        chrome: v.chrome(&mut tx, account.name.clone()).await?,
        w,
        unit: unit_name(&units, account.unit, v),
        state: state_name(w, account.state),
        tone: state_tone(account.state),
        made: dates::day(account.created_at, &v.house.settings.zone, v.lang),
        seen: since(v, account.signed_in_at, now),
        sessions: session::of(&mut tx, id).await?.len(),
        own: id == v.actor.id,
        grants: held,
        form,
        roles: role_choices(w),
        units: unit_choices(&mine, v.lang),
        to_link: format!("/staff/{id}/link"),
        to_disable: format!("/staff/{id}/disable"),
        to_enable: format!("/staff/{id}/enable"),
        account,
    };
    tx.commit().await?;
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn give(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut form = v.form()?;
    form.required("role");
    form.required("unit");
    let unit: Option<UnitId> = form.id("unit");
    if let (Ok(()), Some(unit)) = (form.done(), unit) {
        let mut tx = v.house.write(&v.actor).await?;
        match grants::give(&mut tx, &permit, id, form.get("role"), unit).await {
            Ok(()) => return roles_changed(&v, tx, id, "done-role-given").await,
            Err(why) => form.absorb(why)?,
        }
    }
    show(&v, &permit, id, form).await
}

async fn take(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut form = v.form()?;
    let unit: UnitId = form.id("unit").ok_or(Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    match grants::take(&mut tx, &permit, id, form.get("role"), unit).await {
        Ok(()) => roles_changed(&v, tx, id, "done-role-taken").await,
        Err(Error::Conflict(what)) => {
            drop(tx);
            let mut fresh = Form::default();
            fresh.fault("", what);
            show(&v, &permit, id, fresh).await
        }
        Err(why) => Err(why),
    }
}

/// Commits; and whoever changed their own roles goes on under a new token.
async fn roles_changed(v: &Visit, mut tx: Tx, id: ActorId, done: &str) -> Result<Response> {
    let to = format!("/staff/{id}");
    let (own, here) = me(v)?;
    if own != id {
        tx.commit().await?;
        return v.see_done(&to, done, None);
    }
    let token = session::renew(&mut tx, id, here).await?;
    tx.commit().await?;
    // Perhaps this was the right to see this page.
    with_session(v, v.see_done("/account", done, None)?, &token)
}

async fn new_link(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    let token = account::new_link(&mut tx, &permit, id).await?;
    let account = account::managed(&mut tx, &permit, id).await?;
    let page = link_page(&v, &mut tx, &account.name, id, &token).await?;
    tx.commit().await?;
    v.html(&page)
}

async fn disable(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    match account::disable(&mut tx, &permit, id).await {
        Ok(()) => {
            tx.commit().await?;
            v.see_done(&format!("/staff/{id}"), "done-disabled", Some(&format!("/staff/{id}/enable")))
        }
        Err(Error::Conflict(what)) => {
            drop(tx);
            let mut form = Form::default();
            form.fault("", what);
            show(&v, &permit, id, form).await
        }
        Err(why) => Err(why),
    }
}

async fn enable(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    account::enable(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done(&format!("/staff/{id}"), "done-enabled", None)
}
