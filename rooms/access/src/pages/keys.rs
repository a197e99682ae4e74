use askama::Template;
use axum::response::Response;
use kring_core::Result;
use kring_frame::{ActorId, Permit, Route, Tx, UnitId, Visit};
use kring_lang::dates;
use kring_people::units;
use kring_web::{Choice, Chrome, Form};

use crate::{
    MANAGE_STAFF, Words, grants,
    key::{self, Key},
    pages::{chrome_at, staff::MadePage, unit_choices},
};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/keys", &MANAGE_STAFF, list),
        Route::get("/keys/new", &MANAGE_STAFF, new_form),
        Route::post("/keys/new", &MANAGE_STAFF, make),
        Route::post("/keys/{id}/revoke", &MANAGE_STAFF, revoke),
    ]
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Row>,
}

struct Row {
    key: Key,
    scopes: Vec<String>,
    unit: String,
    made: String,
    used: String,
}

/// A right in words; one that a room declares and nobody has worded yet is shown by its key.
pub(super) fn right_name(w: Words, key: &str) -> String {
    w.find(&format!("right-{}", key.replace('.', "-"))).unwrap_or(key).to_owned()
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let units = units::all(&mut tx).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let rows = key::list(&mut tx, &permit).await?.into_iter().map(|key| Row {
        scopes: key.scopes.split(' ').map(|s| right_name(w, s)).collect(),
        unit: units.iter().find(|u| u.id == key.unit).map(|u| u.name(v.lang).to_owned()).unwrap_or_default(),
        made: w.made_by(&key.made_by, dates::short_day(key.created_at, &zone, v.lang)),
        used: match key.last_used_at {
            Some(at) => dates::relative(at, now, &zone, v.lang),
            None => w.never().to_owned(),
        },
        key,
    });
    let page =
        KeysPage { rows: rows.collect(), chrome: chrome_at(&v, &mut tx, w.keys(), "/staff").await?, w };
    v.html(&page)
}

#[derive(Template)]
#[template(path = "key_new.html")]
struct NewKeyPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    scopes: Vec<Choice>,
    units: Vec<Choice>,
}

impl NewKeyPage {
    async fn new(v: &Visit, tx: &mut Tx, permit: &Permit, form: Form) -> Result<Self> {
        let w = Words(v.lang);
        let mine = grants::units_of(tx, permit).await?;
        let scopes = key::rights_of_the_api(&v.house)
            .into_iter()
            .filter(|r| v.actor.may(r))
            .map(|r| Choice { hint: r.key.to_owned(), ..Choice::new(r.key, right_name(w, r.key)) });
        Ok(Self {
            scopes: scopes.collect(),
            chrome: chrome_at(v, tx, w.new_key(), "/staff").await?,
            w,
            form,
            units: unit_choices(&mine, v.lang),
        })
    }
}

async fn new_form(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    v.html(&NewKeyPage::new(&v, &mut tx, &permit, Form::default()).await?)
}

async fn make(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let name = form.required_line("name", 120);
    form.required("unit");
    let unit: Option<UnitId> = form.id("unit");
    if let (Ok(()), Some(unit)) = (form.done(), unit) {
        let mut tx = v.house.write(&v.actor).await?;
        match key::make(&mut tx, &permit, &name, &form.all("scope"), unit).await {
            Ok(token) => {
                let w = Words(v.lang);
                let page = MadePage {
                    chrome: chrome_at(&v, &mut tx, w.key_made(), "/staff").await?,
                    text: w.key_for(&name),
                    label: w.key_label(),
                    secret: token.reveal(),
                    after: w.key_once(),
                    back: "/keys".to_owned(),
                    back_label: w.to_keys().to_owned(),
                };
                tx.commit().await?;
                return v.html(&page);
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    v.html_again(&NewKeyPage::new(&v, &mut tx, &permit, form).await?)
}

async fn revoke(v: Visit, permit: Permit) -> Result<Response> {
    let id: ActorId = v.path("id")?;
    let mut tx = v.house.write(&v.actor).await?;
    key::revoke(&mut tx, &permit, id).await?;
    tx.commit().await?;
    v.see_done("/keys", "done-key-revoked", None)
}
