//! The report on the pressure of contact: drawn, as a table, and as a file. It holds numbers and nobody; of few people it says
//! no average, since that would be one person's.

use std::collections::BTreeMap;

use askama::Template;
use axum::{body::Body, response::Response};
use http::header;
use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_frame::{Permit, Route, Tx, UnitId, Visit, params, sql};
use kring_lang::{dates, numbers};
use kring_people::units::{self, Unit};
use kring_web::{Choice, Chrome};

use crate::{
    POLICY, Words,
    pressure::{Counted, Figure, PERIODS, kept},
};

/// Of fewer people no average is said.
const LEAST: i64 = 10;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/pressure", &POLICY, show), Route::get("/pressure.csv", &POLICY, file)]
}

struct Row {
    label: String,
    /// By mail, by telephone, something asked, a survey; and all together.
    counts: [String; 5],
    people: String,
    average: String,
    at_cap: String,
    /// Of the longest bar.
    share: f64,
}

struct Part {
    key: &'static str,
    title: &'static str,
    says: &'static str,
    rows: Vec<Row>,
}

struct Report {
    day: String,
    parts: Vec<Part>,
    refusals: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "pressure.html")]
struct PressurePage {
    chrome: Chrome,
    w: Words,
    days: i64,
    periods: Vec<Choice>,
    heads: [&'static str; 8],
    report: Option<Report>,
}

fn heads(w: Words) -> [&'static str; 8] {
    [
        w.pressure_mail(),
        w.pressure_call(),
        w.pressure_ask(),
        w.pressure_survey(),
        w.pressure_all(),
        w.pressure_people(),
        w.pressure_average(),
        w.pressure_at_cap(),
    ]
}

fn days(v: &Visit) -> Result<i64> {
    Ok(v.query()?.get("days").parse().ok().filter(|days| PERIODS.contains(days)).unwrap_or(PERIODS[0]))
}

async fn show(v: Visit, _permit: Permit) -> Result<Response> {
    let (w, days) = (Words(v.lang), days(&v)?);
    let mut tx = v.house.read(&v.actor).await?;
    let page = PressurePage {
        report: report(&v, &mut tx, days).await?,
        chrome: v.chrome(&mut tx, w.pressure_title()).await?,
        w,
        days,
        periods: PERIODS.map(|days| Choice::new(days, w.pressure_days(days))).to_vec(),
        heads: heads(w),
    };
    v.html(&page)
}

/// What this visitor may read of what was counted: their units; groups and the house as a whole are for who reaches it whole.
async fn report(v: &Visit, tx: &mut Tx, days: i64) -> Result<Option<Report>> {
    let w = Words(v.lang);
    let Some((day, counted)) = kept(tx, days).await? else { return Ok(None) };
    let all = units::all(tx).await?;
    let reach = v.actor.units(&POLICY);
    let whole = all.iter().any(|unit| unit.parent.is_none() && reach.contains(&unit.id));
    let kinds: Vec<(String, String, String)> =
        tx.all(sql!("select kind, name_nl, name_en from role_kinds order by position"), params![]).await?;
    let group = |kind: &str| {
        let named = kinds.iter().find(|(key, _, _)| key == kind);
        named.map_or(kind, |(_, nl, en)| if v.lang == kring_core::Lang::Nl { nl } else { en }).to_owned()
    };
    let unit = |key: &str| match key.parse::<i64>() {
        Ok(id) => name(&all, UnitId::new(id), v.lang),
        Err(_) => w.pressure_no_unit().to_owned(),
    };
    let mine = |key: &str| match key.parse::<i64>() {
        Ok(id) => reach.contains(&UnitId::new(id)),
        Err(_) => whole,
    };
    let of = |part: &'static str| counted.figures.iter().filter(move |f| f.part == part);
    let mut parts = Vec::new();
    if whole {
        let rows = rows(v, of("all").map(|f| (w.pressure_everybody().to_owned(), f)));
        parts.push(Part { key: "all", title: w.pressure_everybody(), says: w.pressure_group_means(), rows });
    }
    let rows_of_units = rows(v, of("unit").filter(|f| mine(&f.key)).map(|f| (unit(&f.key), f)));
    parts.push(Part {
        key: "units",
        title: w.pressure_units(),
        says: w.pressure_unit_means(),
        rows: rows_of_units,
    });
    if whole {
        let rows = rows(v, of("group").map(|f| (group(&f.key), f)));
        parts.push(Part { key: "groups", title: w.pressure_groups(), says: w.pressure_group_means(), rows });
    }
    let refusals = refusals(v, &counted, |unit| unit.map_or(whole, |unit| reach.contains(&unit)));
    let day = day.parse().map(|day: Date| dates::date(day, v.lang)).unwrap_or_default();
    Ok(Some(Report { day, parts, refusals }))
}

fn name(all: &[Unit], id: UnitId, lang: kring_core::Lang) -> String {
    all.iter().find(|unit| unit.id == id).map(|unit| unit.name(lang).to_owned()).unwrap_or_default()
}

fn refusals(v: &Visit, counted: &Counted, mine: impl Fn(Option<UnitId>) -> bool) -> Vec<(String, String)> {
    let w = Words(v.lang);
    let mut sums: BTreeMap<&str, i64> = BTreeMap::new();
    for one in counted.refusals.iter().filter(|one| mine(one.unit)) {
        *sums.entry(&one.reason).or_default() += one.n;
    }
    let mut sums: Vec<(&str, i64)> = sums.into_iter().collect();
    sums.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let says = |reason: &str| match reason {
        "over-cap" => w.pressure_over_cap().to_owned(),
        "too-soon" => w.pressure_too_soon().to_owned(),
        code => w.find(code).unwrap_or(code).to_owned(),
    };
    sums.into_iter().map(|(reason, n)| (says(reason), numbers::int(n, v.lang))).collect()
}

/// The most approached first.
fn rows<'a>(v: &Visit, figures: impl Iterator<Item = (String, &'a Figure)>) -> Vec<Row> {
    let (w, lang) = (Words(v.lang), v.lang);
    let mut figures: Vec<_> = figures.collect();
    figures.sort_by(|(a, f), (b, g)| g.approaches().cmp(&f.approaches()).then_with(|| a.cmp(b)));
    let longest = figures.first().map_or(1, |(_, f)| f.approaches().max(1));
    let row = |(label, f): (String, &Figure)| {
        let all = f.approaches();
        // Of a group everybody in it counts, also who was left alone; of a unit, whom it approached.
        let people = if f.members > 0 { f.members } else { f.approached };
        let few = people < LEAST;
        Row {
            label,
            counts: [f.promotion_mail, f.promotion_call, f.ask, f.survey, all].map(|n| numbers::int(n, lang)),
            people: numbers::int(people, lang),
            average: if few {
                w.pressure_few().to_owned()
            } else {
                numbers::decimal(ratio(all, people), 2, lang)
            },
            at_cap: if few {
                w.pressure_few().to_owned()
            } else {
                numbers::percent(ratio(f.at_cap, people), 1, lang)
            },
            share: ratio(all, longest),
        }
    };
    figures.into_iter().map(row).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a count of people is far below 2^52")]
fn ratio(part: i64, of: i64) -> f64 {
    part as f64 / of.max(1) as f64
}

/// The page as a file: `;`, UTF-8 with a byte order mark, CRLF, as Dutch spreadsheets open it.
async fn file(v: Visit, _permit: Permit) -> Result<Response> {
    let (w, days) = (Words(v.lang), days(&v)?);
    let mut tx = v.house.read(&v.actor).await?;
    let report = report(&v, &mut tx, days).await?;
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    let mut line = |cells: Vec<&str>| writer.write_record(cells.into_iter().map(safe)).map_err(Error::broken);
    line(vec![&w.pressure_title_of(days)])?;
    if let Some(report) = &report {
        line(vec![&w.pressure_counted(report.day.as_str())])?;
        for part in &report.parts {
            line([part.title].into_iter().chain(heads(w)).collect())?;
            for row in &part.rows {
                let counts = row.counts.iter().map(String::as_str);
                let rest = [&*row.people, &*row.average, &*row.at_cap];
                line([&*row.label].into_iter().chain(counts).chain(rest).collect())?;
            }
        }
        line(vec![w.pressure_held(), w.pressure_messages()])?;
        for (reason, n) in &report.refusals {
            line(vec![reason, n])?;
        }
    }
    let bytes = writer.into_inner().map_err(Error::broken)?;
    Response::builder()
        .header(header::CONTENT_TYPE, "text/csv; charset=utf-8")
        .header(header::CONTENT_DISPOSITION, "attachment; filename=\"kring-pressure.csv\"")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(bytes))
        .map_err(Error::broken)
}

/// A cell that no spreadsheet takes for a formula: what a unit is called is typed by people.
fn safe(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}
