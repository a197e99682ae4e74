//! One thing for everybody in a list: what it would do is shown first, and it can be undone.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Id, Result};
use kring_frame::{ActorId, Permit, Route, Visit};
use kring_lang::dates;
use kring_web::{Choice, Chrome, Form};

use super::{
    colleagues, kind_choices,
    list::{filter_of, query_of},
};
use crate::{
    Filter, WRITE_PEOPLE, Words,
    deed::{self, Deed, Preview},
    roles, rows,
};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/people/bulk", &WRITE_PEOPLE, show),
        Route::post("/people/bulk", &WRITE_PEOPLE, act),
        Route::post("/people/bulk/{deed}/undo", &WRITE_PEOPLE, undo),
    ]
}

#[derive(Template)]
#[template(path = "bulk.html")]
struct BulkPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    /// `owner` or `role`
    deed: String,
    query: String,
    preview: Option<Preview>,
    some: Vec<(String, String)>,
    owners: Vec<Choice>,
    kinds: Vec<Choice>,
}

impl BulkPage {
    /// Each part of the filter, to be sent along.
    fn filter(&self) -> Vec<(&'static str, String)> {
        ["q", "role", "unit", "owner", "silent", "mail", "segment"]
            .into_iter()
            .map(|name| (name, self.form.get(name).to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect()
    }
}

/// What is to be done, when the form says enough.
fn deed_of(v: &Visit, form: &mut Form, kinds: &[roles::Kind]) -> Option<Deed> {
    match form.get("deed") {
        "owner" => match form.get("to") {
            "" => None,
            "nobody" => Some(Deed::Owner(None)),
            to => to.parse::<i64>().ok().map(|to: i64| Deed::Owner(Some(ActorId::from(Id::new(to))))),
        },
        "role" => {
            let kind = form.get("kind").to_owned();
            let fits = kinds.iter().any(|k| k.key == kind && k.party == "person" && !k.derived);
            let today = dates::date_of(v.house.clock.now(), &v.house.settings.zone);
            let from = form.date("from").unwrap_or(today);
            fits.then(|| Deed::Role { kind, detail: form.line("detail", 200), from })
        }
        _ => None,
    }
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.query()?;
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let filter: Filter = filter_of(&form, &kinds, v.actor.id);
    let deed = deed_of(&v, &mut form, &kinds);
    let preview = match &deed {
        Some(deed) => Some(deed::preview(&mut tx, &permit, &filter, deed).await?),
        None => None,
    };
    let some = match &preview {
        Some(preview) => rows(&mut tx, &preview.some)
            .await?
            .into_iter()
            .map(|p| (format!("/people/{}", p.id), p.name))
            .collect(),
        None => Vec::new(),
    };
    let mut owners = colleagues(&mut tx).await?;
    owners.push(Choice::new("nobody", w.bulk_nobody()));
    let what = form.get("deed").to_owned();
    if !matches!(what.as_str(), "owner" | "role") {
        return Err(Error::NotFound);
    }
    let title = if what == "owner" { w.bulk_owner() } else { w.bulk_role() };
    let kinds: Vec<roles::Kind> = kinds.into_iter().filter(|k| !k.derived).collect();
    let page = BulkPage {
        chrome: v.chrome(&mut tx, title).await?,
        w,
        query: query_of(&form),
        deed: what,
        preview,
        some,
        owners,
        kinds: kind_choices(&kinds, "person", v.lang),
        form,
    };
    v.html(&page)
}

async fn act(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let filter = filter_of(&form, &kinds, v.actor.id);
    let back = format!("/people?{}", query_of(&form));
    let deed = deed_of(&v, &mut form, &kinds).ok_or(Error::NotFound)?;
    let (id, _) = deed::act(&mut tx, &permit, &filter, &deed).await?;
    tx.commit().await?;
    v.see_done(&back, "done-bulk", Some(&format!("/people/bulk/{id}/undo")))
}

async fn undo(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    deed::undo(&mut tx, &permit, v.path("deed")?).await?;
    tx.commit().await?;
    v.see_done("/people", "done-bulk-undone", None)
}
