//! Where the institution sets its contact policy, and registers arrangements between its legal entities.

use askama::Template;
use axum::response::Response;
use kring_core::{Error, Result};
use kring_frame::{Permit, Purpose, Right, Route, UnitId, Visit};
use kring_lang::dates;
use kring_people::{
    arrangement::{self, Article, NewArrangement},
    units::{self, Unit},
};
use kring_web::{Choice, Chrome, Form};

use crate::{
    Words,
    policy::{self, Limit},
};

/// Setting contact limits of the units one has it in.
pub static POLICY: Right = Right { key: "consent.policy", purpose: Purpose::Legal };

/// Registering arrangements with other legal entities: they bind the whole house.
pub static ARRANGE: Right = Right { key: "consent.arrange", purpose: Purpose::Legal };

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/policy", &POLICY, show),
        Route::post("/policy", &POLICY, save),
        Route::post("/policy/arrangements", &ARRANGE, register),
        Route::post("/policy/arrangements/{id}/end", &ARRANGE, end),
    ]
}

#[derive(Template)]
#[template(path = "policy.html")]
struct PolicyPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    unit: UnitId,
    units: Vec<Choice>,
    limits: Vec<Row>,
    arrangements: Vec<Shared>,
    entities: Vec<Choice>,
    articles: Vec<Choice>,
    purposes: Vec<Choice>,
    may_arrange: bool,
}

struct Row {
    key: &'static str,
    label: &'static str,
    value: i64,
    by: String,
    own: String,
}

struct Shared {
    id: i64,
    says: String,
    note: String,
    open: bool,
}

fn mine(v: &Visit, all: &[Unit]) -> Vec<UnitId> {
    let reach = v.actor.units(&POLICY);
    all.iter().map(|u| u.id).filter(|id| reach.contains(id)).collect()
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let query = v.query()?;
    let unit = query.get("unit").parse().ok();
    page(&v, unit, Form::default()).await
}

async fn page(v: &Visit, unit: Option<UnitId>, form: Form) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let all = units::all(&mut tx).await?;
    let mine = mine(v, &all);
    let unit = unit.filter(|u| mine.contains(u)).or(mine.first().copied()).ok_or(Error::NotFound)?;
    let name =
        |id: UnitId| all.iter().find(|u| u.id == id).map(|u| u.name(v.lang).to_owned()).unwrap_or_default();
    let limits = policy::of(&mut tx, Some(unit))
        .await?
        .into_iter()
        .filter_map(|h| {
            Some(Row {
                key: h.limit.as_str(),
                label: w.find(&format!("limit-{}", h.limit.as_str().replace('_', "-")))?,
                value: h.value,
                by: h.by.map_or_else(|| w.policy_shipped().to_owned(), name),
                own: if form.names().any(|n| n == h.limit.as_str()) {
                    form.get(h.limit.as_str()).to_owned()
                } else {
                    h.own.map(|n| n.to_string()).unwrap_or_default()
                },
            })
        })
        .collect();
    let purpose_name =
        |key: &str| kring_people::Words(v.lang).find(&format!("purpose-{key}")).unwrap_or_default();
    let arrangements = arrangement::all(&mut tx)
        .await?
        .into_iter()
        .map(|a| {
            let purposes: Vec<&str> = a.purposes.split(' ').map(purpose_name).collect();
            let since = w.arrangement_since(dates::short_date(a.valid_from, v.lang));
            let until = a.valid_to.map(|d| w.arrangement_until(dates::short_date(d, v.lang)));
            let article = w.find(&format!("article-{}", a.article)).unwrap_or_default();
            let mut says = vec![
                format!("{} → {}", name(a.from), name(a.to)),
                article.to_owned(),
                purposes.join(", "),
                since,
            ];
            says.extend(until);
            Shared { id: a.id, says: says.join(" · "), note: a.note, open: a.valid_to.is_none() }
        })
        .collect();
    let entities: Vec<Choice> = all
        .iter()
        .filter(|u| units::controller(&all, u.id) == Some(u.id))
        .map(|u| Choice::new(u.id.to_string(), u.name(v.lang)))
        .collect();
    let wrong = !form.faults().is_empty();
    let page = PolicyPage {
        chrome: v.chrome(&mut tx, w.policy_title()).await?,
        w,
        unit,
        units: all
            .iter()
            .filter(|u| mine.contains(&u.id))
            .map(|u| Choice::new(u.id.to_string(), u.name(v.lang)))
            .collect(),
        limits,
        arrangements,
        entities,
        articles: Article::ALL
            .iter()
            .filter_map(|a| Some(Choice::new(a.as_str(), w.find(&format!("article-{a}"))?)))
            .collect(),
        purposes: Purpose::ALL.iter().map(|p| Choice::new(p.as_str(), purpose_name(p.as_str()))).collect(),
        may_arrange: v.actor.may(&ARRANGE),
        form,
    };
    if wrong { v.html_again(&page) } else { v.html(&page) }
}

async fn save(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let unit: UnitId = form.id("unit").ok_or(Error::NotFound)?;
    let mut tx = v.house.write(&v.actor).await?;
    let all = units::all(&mut tx).await?;
    if !mine(&v, &all).contains(&unit) {
        return Err(Error::NotFound);
    }
    for limit in Limit::ALL {
        let typed = form.get(limit.as_str()).trim().to_owned();
        let value = if typed.is_empty() { None } else { form.int(limit.as_str(), 0..=366) };
        if !typed.is_empty() && value.is_none() {
            continue;
        }
        match policy::set(&mut tx, &permit, unit, *limit, value).await {
            Err(why @ Error::Invalid(_)) => form.absorb(why)?,
            other => other?,
        }
    }
    if form.done().is_ok() {
        tx.commit().await?;
        return v.see_done(&format!("/policy?unit={unit}"), "done-policy", None);
    }
    drop(tx);
    page(&v, Some(unit), form).await
}

async fn register(v: Visit, permit: Permit) -> Result<Response> {
    let mut form = v.form()?;
    let mut tx = v.house.write(&v.actor).await?;
    let (from, to) = (form.id("from"), form.id("to"));
    let purposes: Vec<Purpose> = form.all("purposes").iter().filter_map(|p| p.parse().ok()).collect();
    let article = form.get("article").parse().unwrap_or(Article::Independent);
    let note = form.line("note", 200);
    let today = dates::date_of(tx.now(), &v.house.settings.zone);
    let (Some(from), Some(to)) = (from, to) else {
        form.fault("to", kring_people::say::arrangement_entities());
        drop(tx);
        return page(&v, None, form).await;
    };
    let new = NewArrangement { from, to, article, purposes, note, since: today };
    match arrangement::register(&mut tx, &permit, &new).await {
        Ok(_) => {
            tx.commit().await?;
            v.see_done("/policy", "done-arrangement", None)
        }
        Err(why) => {
            drop(tx);
            form.absorb(why)?;
            page(&v, None, form).await
        }
    }
}

async fn end(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    let today = dates::date_of(tx.now(), &v.house.settings.zone);
    arrangement::end(&mut tx, &permit, v.path("id")?, today).await?;
    tx.commit().await?;
    v.see_done("/policy", "done-arrangement-ended", None)
}
