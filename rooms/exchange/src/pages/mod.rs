//! Where lists come in: all of them, and a new one. The page of one is in `one`.

mod one;

use std::convert::Infallible;

use askama::Template;
use axum::response::Response;
use bytes::Bytes;
use futures_util::stream;
use http::header;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use crate::{
    EXPORT, IMPORT, Words, command, downloads,
    kind::Kind,
    list::{self, Import, Offered, State},
    live, say,
};

/// What an upload may weigh, with room for the form around it.
const UPLOAD: usize = 32 * 1024 * 1024;
const PAGE: u32 = 30;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/imports", &IMPORT, imports),
        Route::get("/imports/new", &IMPORT, new_form),
        Route::post("/imports/new", &IMPORT, upload).limit(UPLOAD + 64 * 1024),
        Route::get("/imports/{id}", &IMPORT, one::one),
        Route::get("/imports/{id}/live", &IMPORT, live::live),
        Route::post("/imports/{id}/mapping", &IMPORT, one::remap),
        Route::post("/imports/{id}/forget-mapping", &IMPORT, one::forget_mapping),
        Route::post("/imports/{id}/start", &IMPORT, one::start),
        Route::post("/imports/{id}/stop", &IMPORT, one::stop),
        Route::post("/imports/{id}/undo", &IMPORT, one::undo),
        Route::get("/imports/{id}/refused.csv", &IMPORT, downloads::refused_csv),
        Route::get("/imports/{id}/refused.xlsx", &IMPORT, downloads::refused_xlsx),
        Route::get("/people.csv", &EXPORT, downloads::people_csv),
        Route::get("/people.xlsx", &EXPORT, downloads::people_xlsx),
    ]
}

#[derive(Template)]
#[template(path = "imports.html")]
struct ImportsPage {
    chrome: Chrome,
    w: Words,
    rows: Vec<Brief>,
    may_export: bool,
    first: String,
    next: String,
}

/// An import in the list.
struct Brief {
    id: i64,
    name: String,
    list: String,
    holds: &'static str,
    by: String,
    when: String,
    exact: String,
    state: &'static str,
    tone: &'static str,
    result: String,
}

impl Brief {
    fn of(v: &Visit, i: Import, now: kring_core::Timestamp) -> Self {
        let w = Words(v.lang);
        let zone = &v.house.settings.zone;
        Self {
            id: i.id,
            holds: i.kind.name(w),
            by: i.actor_name.clone(),
            when: dates::relative(i.created_at, now, zone, v.lang),
            exact: dates::moment(i.created_at, zone, v.lang),
            state: state_name(w, i.state),
            tone: tone(i.state),
            result: match i.state {
                State::Reading | State::Ready => w.brief_rows(i.rows_total),
                State::Undone => w.brief_undone(i.removed, i.restored),
                _ => w.brief_result(i.added, i.changed, i.unchanged, i.refused),
            },
            name: i.name,
            list: i.list,
        }
    }
}

pub(super) fn state_name(w: Words, state: State) -> &'static str {
    w.find(&format!("state-{state}")).unwrap_or_default()
}

pub(super) const fn tone(state: State) -> &'static str {
    match state {
        State::Reading | State::Running | State::Undoing => "sky",
        State::Ready | State::Stopped => "sun",
        State::Done => "leaf",
        State::Undone => "past",
    }
}

async fn imports(v: Visit, _permit: Permit) -> Result<Response> {
    let before: Option<i64> = v.query()?.get("before").parse().ok();
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let mut found = list::newest(&mut tx, before.unwrap_or(i64::MAX), PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|i| format!("/imports?before={}", i.id)).unwrap_or_default();
    let now = tx.now();
    let chrome = v.chrome(&mut tx, w.imports()).await?;
    v.html(&ImportsPage {
        chrome,
        w,
        rows: found.into_iter().map(|i| Brief::of(&v, i, now)).collect(),
        may_export: v.actor.may(&EXPORT),
        first: before.map(|_| "/imports".to_owned()).unwrap_or_default(),
        next,
    })
}

#[derive(Template)]
#[template(path = "import_new.html")]
struct NewPage {
    chrome: Chrome,
    w: Words,
    kinds: Vec<Choice>,
    form: Form,
}

async fn new_form(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let w = Words(v.lang);
    let chrome = v.chrome(&mut tx, w.import_a_list()).await?;
    v.html(&NewPage { chrome, w, kinds: Kind::choices(w), form: Form::default() })
}

async fn upload(v: Visit, permit: Permit) -> Result<Response> {
    let Received { file, bytes, list, kind } = received(&v).await?;
    let mut form = Form::of([("list", list.as_str()), ("kind", kind.as_str())]);
    if bytes.is_empty() {
        form.fault("file", say::file_missing());
    } else {
        let hash = list::hash(&bytes);
        match command::read(bytes).await {
            Ok(table) => {
                let mut tx = v.house.write(&v.actor).await?;
                let list = Some(list.as_str()).filter(|l| !l.trim().is_empty());
                let label = list::label(&file);
                let id =
                    list::begin(&mut tx, &permit, &Offered { file: &label, kind, list, hash }, table).await?;
                tx.commit().await?;
                return v.see(format!("/imports/{id}"));
            }
            Err(why) => form.absorb(why)?,
        }
    }
    let mut tx = v.house.read(&v.actor).await?;
    let w = Words(v.lang);
    let chrome = v.chrome(&mut tx, w.import_a_list()).await?;
    v.html_again(&NewPage { chrome, w, kinds: Kind::choices(w), form })
}

/// What came by the form.
#[derive(Default)]
struct Received {
    file: String,
    bytes: Vec<u8>,
    list: String,
    kind: Kind,
}

async fn received(v: &Visit) -> Result<Received> {
    let unreadable = || Error::field("file", say::upload_unreadable());
    let kind = v.headers.get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok()).unwrap_or_default();
    let boundary = multer::parse_boundary(kind).map_err(|_| unreadable())?;
    let body = v.body.clone();
    let whole = stream::once(async move { Ok::<Bytes, Infallible>(body) });
    let mut parts = multer::Multipart::new(whole, boundary);
    let mut got = Received::default();
    while let Some(part) = parts.next_field().await.map_err(|_| unreadable())? {
        match part.name().unwrap_or_default() {
            "file" => {
                part.file_name().unwrap_or_default().clone_into(&mut got.file);
                got.bytes = part.bytes().await.map_err(|_| unreadable())?.to_vec();
            }
            "kind" => {
                let said = part.text().await.map_err(|_| unreadable())?;
                got.kind = said.parse().unwrap_or_default();
            }
            "list" => got.list = part.text().await.map_err(|_| unreadable())?.chars().take(120).collect(),
            _ => {}
        }
    }
    Ok(got)
}
