use askama::Template;
use axum::response::Response;
use http::Method;
use kring_core::{Result, Timestamp};
use kring_frame::{ArcState, RingArc, Route, Shelved, Task, Tone, Visit};
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
    shelves: Vec<Shelved>,
    /// What can be begun from here.
    begin: Vec<kring_web::Link>,
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
    let shelves = v.house.rooms.shelves(&mut tx, v.lang).await?;
    let chrome = v.chrome(&mut tx, w.today()).await?;
    let rows: Vec<Row> = tasks.into_iter().map(|t| Row::of(&v, t, now)).collect();
    let whole = arcs.iter().filter(|a| a.broken.is_none()).count();
    let seen = arcs.len();
    let arcs = whole_ring(arcs);
    let waiting = i64::try_from(rows.len()).unwrap_or(0);
    let (urgent, later): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|r| r.class != "later");
    let ring = Ring {
        name: v.house.settings.institution.clone(),
        above: w.waiting_for_you().to_owned(),
        number: kring_lang::numbers::int(waiting, v.lang),
        below: w.things_today(i64::try_from(urgent.len()).unwrap_or(0)),
        last: w.arcs_whole(i64::try_from(whole).unwrap_or(0), i64::try_from(seen).unwrap_or(0)),
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
        begin: chrome.new.clone(),
        chrome,
        w,
        shelves: in_order(shelves),
        ring,
        now: urgent.into_iter().take(9).collect(),
        later: later.into_iter().take(9).collect(),
    };
    v.html(&page)
}

/// The ring is whole for everybody: what is not the viewer's to know is drawn and says nothing.
fn whole_ring(mut arcs: Vec<ArcState>) -> Vec<ArcState> {
    for arc in RingArc::ALL {
        if !arcs.iter().any(|a| a.arc == arc) {
            arcs.push(ArcState::unseen(arc));
        }
    }
    arcs.sort_by_key(|a| a.arc as u8);
    arcs
}

/// Shelves that hold something in the order of the role. Of the empty ones, as many as it takes to have two: they teach
/// what belongs there, and a page of them would teach nothing.
fn in_order(shelves: Vec<Shelved>) -> Vec<Shelved> {
    let (mut full, empty): (Vec<_>, Vec<_>) = shelves.into_iter().partition(|s| !s.rows.is_empty());
    let missing = 2_usize.saturating_sub(full.len());
    full.extend(empty.into_iter().take(missing));
    full
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
