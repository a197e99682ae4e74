//! A timeline as it reads: lines under the headings by which people remember.

use kring_core::Result;
use kring_core::Timestamp;
use kring_frame::{Line, Tx, UnitId, Visit};
use kring_lang::dates;

use crate::{
    Party, Words,
    timeline::{self, Before, Only, Timeline},
    units,
};

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

/// A choice that narrows a story: what it says, where it leads, whether it holds.
pub struct Pick {
    pub label: String,
    pub href: String,
    pub here: bool,
}

/// A story with the choices that narrow it; those are left out where there is nothing to choose.
pub struct Story {
    pub told: Timeline,
    pub chapters: Vec<Pick>,
    pub units: Vec<Pick>,
    /// What has to stay in the address of the next page.
    pub query: String,
}

/// The part of somebody's story that this address asks for.
pub async fn story(tx: &mut Tx, v: &Visit, party: Party) -> Result<Story> {
    let query = v.query()?;
    let w = Words(v.lang);
    let (chapters, in_units) = timeline::parts(tx, party).await?;
    let only = Only {
        chapter: chapters.iter().find(|c| c.key == query.get("about")).map(|c| c.key),
        unit: query.get("unit").parse().ok().filter(|unit: &UnitId| in_units.contains(unit)),
    };
    let address = |chapter: Option<&str>, unit: Option<UnitId>| {
        let parts = [chapter.map(|c| format!("about={c}")), unit.map(|u| format!("unit={u}"))];
        parts.into_iter().flatten().collect::<Vec<_>>().join("&")
    };
    let href = |chapter, unit| format!("{}?{}#tl", party.href(), address(chapter, unit));
    let mut by_chapter = Vec::new();
    if chapters.len() > 1 {
        by_chapter.push(Pick {
            label: w.story_everything().to_owned(),
            href: href(None, only.unit),
            here: only.chapter.is_none(),
        });
        by_chapter.extend(chapters.iter().map(|c| Pick {
            label: (c.label)(v.lang).to_owned(),
            href: href(Some(c.key), only.unit),
            here: only.chapter == Some(c.key),
        }));
    }
    let mut by_unit = Vec::new();
    if in_units.len() > 1 {
        let all = units::all(tx).await?;
        by_unit.push(Pick {
            label: w.story_everybody().to_owned(),
            href: href(only.chapter, None),
            here: only.unit.is_none(),
        });
        by_unit.extend(all.iter().filter(|u| in_units.contains(&u.id)).map(|u| Pick {
            label: u.name(v.lang).to_owned(),
            href: href(only.chapter, Some(u.id)),
            here: only.unit == Some(u.id),
        }));
    }
    let told = timeline::part(tx, v.lang, party, before_of(&query), &only).await?;
    Ok(Story { told, chapters: by_chapter, units: by_unit, query: address(only.chapter, only.unit) })
}

impl Story {
    /// Where it goes on, further back.
    pub fn older(&self, party: Party) -> String {
        self.told.more.map_or_else(String::new, |b| {
            let at = b.at.as_millisecond();
            format!("{}?{}&before={at}&event={}#tl", party.href(), self.query, b.event)
        })
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
