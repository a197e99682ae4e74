//! The page with the list of needs per group, and the same as a file.

use askama::Template;
use axum::response::Response;
use jiff::SignedDuration;
use kring_core::{Result, Timestamp};
use kring_frame::{Code, Permit, Route, Tx, Visit, encode, rules::About};
use kring_lang::dates;
use kring_people::READ_PEOPLE;
use kring_web::{Choice, Chrome, Form};

use crate::{
    FIGURES, READ, Words, export,
    figures::{self, Asked, Figures},
    shown::{Eye, Shown},
};

pub fn routes() -> Vec<Route> {
    vec![Route::get("/needs", &FIGURES, show), Route::get("/needs.csv", &FIGURES, export)]
}

/// The periods that can be chosen, in days.
const PERIODS: [i64; 3] = [30, 90, 365];

/// Whether whoever looks may see the people behind a number.
pub fn sees_people(v: &Visit) -> bool {
    v.actor.may(&READ) && v.actor.may(&READ_PEOPLE)
}

/// A filter as it stands in an address.
pub struct Filter {
    pub asked: Asked,
    pub days: i64,
}

impl Filter {
    pub fn of(query: &Form, now: Timestamp) -> Self {
        let text =
            |name| Some(query.get(name).chars().take(200).collect()).filter(|t: &String| !t.is_empty());
        let days = query.get("days").parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[0]);
        let since = now - SignedDuration::from_hours(24 * days);
        Self { asked: Asked { role: text("role"), programme: text("programme"), since }, days }
    }

    /// What has to stay in an address.
    pub fn query(&self) -> String {
        let mut query = format!("days={}", self.days);
        for (name, value) in [("role", &self.asked.role), ("programme", &self.asked.programme)] {
            query.extend(value.iter().map(|value| format!("&{name}={}", encode(value))));
        }
        query
    }
}

/// A row of the page.
pub struct Row {
    pub topic: String,
    pub last: String,
    pub shown: Shown,
    /// Where the people behind the numbers are listed; empty for whoever may not see them.
    href: String,
    exact: String,
    behind: Behind,
}

/// Which of the numbers have anybody behind them.
struct Behind {
    open: bool,
    asked: bool,
    answered: bool,
}

#[derive(Template)]
#[template(path = "needs.html")]
struct NeedsPage {
    chrome: Chrome,
    w: Words,
    form: Form,
    roles: Vec<Choice>,
    programmes: Vec<Choice>,
    periods: Vec<Choice>,
    rows: Vec<Row>,
    filtered: bool,
    hides: bool,
    /// When it was counted.
    counted: String,
    query: String,
}

async fn show(v: Visit, permit: Permit) -> Result<Response> {
    let w = Words(v.lang);
    let query = v.query()?;
    let mut tx = v.house.read(&v.actor).await?;
    let now = tx.now();
    let filter = Filter::of(&query, now);
    let rows = rows(&v, &mut tx, &permit, &filter).await?;
    let (roles, programmes) =
        (choices(&v, &mut tx, "role", false).await?, choices(&v, &mut tx, "programme", true).await?);
    let chrome = v.chrome(&mut tx, w.needs()).await?;
    let periods = PERIODS.map(|days| Choice::new(days, w.list_days(days))).to_vec();
    let page = NeedsPage {
        chrome,
        w,
        form: Form::of([
            ("role", filter.asked.role.clone().unwrap_or_default()),
            ("programme", filter.asked.programme.clone().unwrap_or_default()),
            ("days", filter.days.to_string()),
        ]),
        roles,
        programmes,
        periods,
        rows,
        filtered: !filter.asked.is_of_all(),
        hides: !sees_people(&v),
        counted: w.list_counted(dates::moment(now, &v.house.settings.zone, v.lang)),
        query: filter.query(),
    };
    v.html(&page)
}

/// The rows as this visitor may read them.
async fn rows(v: &Visit, tx: &mut Tx, permit: &Permit, filter: &Filter) -> Result<Vec<Row>> {
    let eye = Eye { lang: v.lang, sees_people: sees_people(v) };
    let found = figures::by_topic(tx, permit, &filter.asked).await?;
    let whole: Vec<Figures> = if eye.sees_people || filter.asked.is_of_all() {
        Vec::new()
    } else {
        figures::by_topic(tx, permit, &filter.asked.of_all()).await?
    };
    let (now, zone, query) = (tx.now(), &v.house.settings.zone, filter.query());
    let row = |f: &Figures| Row {
        topic: f.name(v.lang).to_owned(),
        last: dates::last(f.last_at, now, zone, v.lang),
        exact: dates::moment(f.last_at, zone, v.lang),
        shown: eye.row(f, whole.iter().find(|whole| whole.topic == f.topic)),
        href: if eye.sees_people {
            format!("/needs/topics/{}?{query}&show=", f.topic)
        } else {
            String::new()
        },
        behind: Behind { open: f.open > 0, asked: f.asked > 0, answered: f.answered > 0 },
    };
    Ok(found.iter().map(row).collect())
}

/// What can be chosen of a fact about people that another room of the hall offers: its kinds, or its places.
async fn choices(v: &Visit, tx: &mut Tx, fact: &str, places: bool) -> Result<Vec<Choice>> {
    let house = v.house.clone();
    let fact = house.rooms.facts.find(About::Person, fact);
    let list = fact.and_then(|fact| if places { fact.places } else { fact.codes });
    let codes: Vec<Code> = match list {
        Some(list) => list(tx, v.lang).await?,
        None => Vec::new(),
    };
    Ok(codes.into_iter().map(|code| Choice::new(code.code, code.label)).collect())
}

/// The page as a file.
async fn export(v: Visit, permit: Permit) -> Result<Response> {
    let mut tx = v.house.read(&v.actor).await?;
    let now = tx.now();
    let filter = Filter::of(&v.query()?, now);
    let rows = rows(&v, &mut tx, &permit, &filter).await?;
    let when = dates::moment(now, &v.house.settings.zone, v.lang);
    export::file(Words(v.lang), &v.actor.name, when, filter.days, &rows)
}
