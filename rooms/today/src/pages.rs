use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Result, Timestamp};
use kring_frame::{Route, Task, Tone, Visit};
use kring_lang::dates;
use kring_web::{Chrome, Ring};

use crate::Words;

pub fn routes() -> Vec<Route> {
    vec![Route::signed_in(
        Method::GET,
        "/",
        "everybody who works here has a start page; what is on it is each room's",
        today,
    )]
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    chrome: Chrome,
    w: Words,
    greeting: String,
    date: String,
    ring: Ring,
    now: Vec<Row>,
    later: Vec<Row>,
}

struct Row {
    task: Task,
    tone: Tone,
    due: String,
    exact: String,
    class: &'static str,
}

async fn today(v: Visit) -> Result<Response> {
    let w = Words(v.lang);
    let mut tx = v.house.read(&v.actor).await?;
    let (now, zone) = (tx.now(), v.house.settings.zone.clone());
    let arcs = v.house.rooms.arcs(&mut tx, v.lang).await?;
    let tasks = v.house.rooms.tasks(&mut tx, v.lang).await?;
    let chrome = v.chrome(&mut tx, w.today()).await?;
    let rows: Vec<Row> = tasks.into_iter().map(|t| Row::of(&v, t, now)).collect();
    let whole = arcs.iter().filter(|a| a.broken.is_none()).count();
    let waiting = i64::try_from(rows.len()).unwrap_or(0);
    let (urgent, later): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.class != "later");
    let ring = Ring {
        name: v.house.settings.institution.clone(),
        above: w.waiting_for_you().to_owned(),
        number: kring_lang::numbers::int(waiting, v.lang),
        below: w.things_today(i64::try_from(urgent.len()).unwrap_or(0)),
        last: w.arcs_whole(i64::try_from(whole).unwrap_or(0), i64::try_from(arcs.len()).unwrap_or(0)),
        arcs,
    };
    let hour = now.to_zoned(zone.clone()).hour();
    let name = v
        .signed_in
        .as_ref()
        .map(|m| m.name.split(' ').next().unwrap_or_default().to_owned())
        .unwrap_or_default();
    let day = dates::date_of(now, &zone);
    let page = TodayPage {
        greeting: match hour {
            6..12 => w.good_morning(&name),
            12..18 => w.good_afternoon(&name),
            _ => w.good_evening(&name),
        },
        date: format!("{} · {}", dates::long_date(day, v.lang), dates::week(day, v.lang)),
        chrome,
        w,
        ring,
        now: urgent.into_iter().take(9).collect(),
        later: later.into_iter().take(9).collect(),
    };
    v.html(&page)
}

impl Row {
    fn of(v: &Visit, task: Task, now: Timestamp) -> Self {
        let zone = &v.house.settings.zone;
        let today = dates::date_of(now, zone);
        let (tone, class, due) = match task.due {
            None => (Tone::Plain, "later", String::new()),
            Some(due) if due < now => (Tone::Coral, "late", dates::relative(due, now, zone, v.lang)),
            Some(due) if dates::date_of(due, zone) == today => {
                (Tone::Sun, "soon", dates::left(due, now, v.lang))
            }
            Some(due) => {
                (Tone::Plain, "later", dates::relative_day(dates::date_of(due, zone), today, v.lang))
            }
        };
        let exact = task.due.map(|due| dates::moment(due, zone, v.lang)).unwrap_or_default();
        Self { task, tone, due, exact, class }
    }
}
