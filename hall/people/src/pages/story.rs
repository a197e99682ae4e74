//! A timeline as it reads: lines under the headings by which people remember.

use kring_core::Timestamp;
use kring_frame::{Line, Visit};
use kring_lang::dates;

use crate::{Words, timeline::Before};

pub struct Month {
    pub title: String,
    pub lines: Vec<Moment>,
}

/// A line of the story, with the day as it reads under its month, the time of day, and both written out.
pub struct Moment {
    pub line: Line,
    pub day: String,
    pub time: String,
    pub exact: String,
}

/// Where the story goes on from, as it stands in an address.
pub fn before_of(query: &kring_web::Form) -> Option<Before> {
    match (query.get("before").parse::<i64>(), query.get("event").parse::<i64>()) {
        (Ok(at), Ok(event)) => Timestamp::from_millisecond(at).ok().map(|at| Before { at, event }),
        _ => None,
    }
}

/// Lines under this week, earlier this month, October.
pub fn months(lines: Vec<Line>, v: &Visit, now: Timestamp) -> Vec<Month> {
    let w = Words(v.lang);
    let zone = &v.house.settings.zone;
    let today = dates::date_of(now, zone);
    let monday = today
        .checked_sub(jiff::Span::new().days(i64::from(today.weekday().to_monday_zero_offset())))
        .unwrap_or(today);
    let mut months: Vec<Month> = Vec::new();
    for line in lines {
        let day = dates::date_of(line.at, zone);
        let title = if day >= monday {
            w.this_week().to_owned()
        } else if (day.year(), day.month()) == (today.year(), today.month()) {
            w.earlier_in(dates::month(day, v.lang))
        } else {
            let month = dates::month(day, v.lang);
            let mut title: String =
                month.chars().take(1).flat_map(char::to_uppercase).chain(month.chars().skip(1)).collect();
            if day.year() != today.year() {
                title.push_str(&format!(" {}", day.year()));
            }
            title
        };
        let moment = Moment {
            day: match (today - day).get_days() {
                0 | 1 => dates::relative_day(day, today, v.lang),
                _ => dates::day_in_month(day, v.lang),
            },
            time: dates::time(line.at, zone),
            exact: dates::moment(line.at, zone, v.lang),
            line,
        };
        match months.last_mut() {
            Some(month) if month.title == title => month.lines.push(moment),
            _ => months.push(Month { title, lines: vec![moment] }),
        }
    }
    months
}
