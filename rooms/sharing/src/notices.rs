//! The page behind the bell: what others did, per relation.

use askama::Template;
use axum::response::Response;
use kring_core::{Id, Result, Timestamp};
use kring_frame::{Permit, Route, Tx, UnitId, Visit};
use kring_lang::dates;
use kring_people::{READ_PEOPLE, units};
use kring_web::Chrome;

use crate::{
    Words,
    notice::{self, Notice},
    party,
};

const PAGE: u32 = 100;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/notices", &READ_PEOPLE, list),
        Route::post("/notices/read", &READ_PEOPLE, read_all),
        Route::post("/notices/{id}/read", &READ_PEOPLE, read_one),
    ]
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    chrome: Chrome,
    w: Words,
    groups: Vec<Group>,
    unread: bool,
    upto: String,
    first: String,
    next: String,
}

/// All about one relation.
struct Group {
    newest: Id<Notice>,
    href: String,
    name: String,
    unread: bool,
    rows: Vec<Row>,
}

struct Row {
    says: String,
    href: String,
    when: String,
    machine: Timestamp,
    unread: bool,
}

async fn list(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let before: i64 = v.query()?.get("before").parse().unwrap_or(i64::MAX);
    let mut tx = v.house.read(&v.actor).await?;
    let mut found = notice::page(&mut tx, before, PAGE + 1).await?;
    let more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| more).map(|n| format!("/notices?before={}", n.id)).unwrap_or_default();
    let upto = found.first().map(|n| n.id.to_string()).unwrap_or_default();
    let mut groups: Vec<Group> = Vec::new();
    for one in found {
        let party = party::of_row(one.person, one.organisation)?;
        let href = party.href();
        let row = row(&mut tx, &v, &one).await?;
        if let Some(group) = groups.iter_mut().find(|g| g.href == href) {
            group.unread |= row.unread;
            group.rows.push(row);
            continue;
        }
        // Somebody who stands behind the wall by now, or is gone, is not named.
        let Ok(name) = party::name(&mut tx, &permit, party).await else { continue };
        groups.push(Group { newest: one.id, href, name, unread: row.unread, rows: vec![row] });
    }
    let chrome = v.chrome(&mut tx, w.notices_title()).await?;
    let page = NoticesPage {
        w,
        unread: chrome.notices.as_ref().is_some_and(|n| n.count > 0),
        chrome,
        groups,
        upto,
        first: if before == i64::MAX { String::new() } else { "/notices".to_owned() },
        next,
    };
    v.html(&page)
}

/// What happened, as far as the reader may know: the kind of deed where a right of theirs serves its purpose, and that
/// there was something where none does.
async fn row(tx: &mut Tx, v: &Visit, n: &Notice) -> Result<Row> {
    let w = Words(v.lang);
    let open = v.actor.sees(&n.purpose, n.unit, &v.house.rooms.rights);
    let who = if n.by.get() <= 2 { place(tx, v, n.unit).await? } else { n.by_name.clone() };
    let says = if open {
        let what = w.find(&format!("notice-{}", n.kind.replace('.', "-"))).unwrap_or_default();
        w.notice_says(who, what)
    } else {
        w.notice_locked(who)
    };
    let href = match n.subject {
        Some(tip) if open && n.kind.starts_with("tip.") => format!("/tips/{tip}"),
        _ => String::new(),
    };
    Ok(Row {
        says,
        href,
        when: dates::relative(n.at, tx.now(), &v.house.settings.zone, v.lang),
        machine: n.at,
        unread: n.read.is_none(),
    })
}

async fn place(tx: &mut Tx, v: &Visit, unit: Option<UnitId>) -> Result<String> {
    let all = units::all(tx).await?;
    let found = all.iter().find(|u| Some(u.id) == unit);
    Ok(found.map_or_else(|| Words(v.lang).somebody().to_owned(), |u| u.name(v.lang).to_owned()))
}

async fn read_all(v: Visit, _permit: Permit) -> Result<Response> {
    let upto = v.form()?.get("upto").parse().unwrap_or(0);
    let mut tx = v.house.write(&v.actor).await?;
    notice::read_all(&mut tx, upto).await?;
    tx.commit().await?;
    v.see("/notices")
}

async fn read_one(v: Visit, _permit: Permit) -> Result<Response> {
    let mut tx = v.house.write(&v.actor).await?;
    notice::read_relation(&mut tx, v.path("id")?).await?;
    tx.commit().await?;
    v.see("/notices")
}
