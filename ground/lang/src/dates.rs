//! Moments in words. Times are instants everywhere in the house; only here do they become a day and an
//! hour, in the time zone of the reader, and always by a clock that was handed in.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kring_core::Lang;

use crate::Words;

/// A row per language, in the order of `Lang`.
type Names<const N: usize> = [[&'static str; N]; 2];

const MONTHS: Names<12> = [
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
    [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
];
const SHORT_MONTHS: Names<12> = [
    ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
];
const WEEKDAYS: Names<7> = [
    ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
];

fn name<const N: usize>(names: &Names<N>, lang: Lang, index: i8) -> &'static str {
    let row = match lang {
        Lang::Nl => names.first(),
        Lang::En => names.last(),
    };
    let name = row.and_then(|row| row.get(usize::try_from(index).ok()?));
    name.copied().unwrap_or_default()
}

/// The calendar day on which an instant falls for somebody in this zone.
pub fn date_of(at: Timestamp, tz: &TimeZone) -> Date {
    tz.to_datetime(at).date()
}

/// "24 november 2026".
pub fn date(day: Date, lang: Lang) -> String {
    format!("{} {} {}", day.day(), month(day, lang), day.year())
}

/// "24 nov 2026".
pub fn short_date(day: Date, lang: Lang) -> String {
    format!("{} {} {}", day.day(), name(&SHORT_MONTHS, lang, day.month() - 1), day.year())
}

/// "november".
pub fn month(day: Date, lang: Lang) -> &'static str {
    name(&MONTHS, lang, day.month() - 1)
}

/// "dinsdag".
pub fn weekday(day: Date, lang: Lang) -> &'static str {
    name(&WEEKDAYS, lang, day.weekday().to_monday_zero_offset())
}

/// "di 24", "Tue 24": a day where the month stands above it.
pub fn day_in_month(day: Date, lang: Lang) -> String {
    let letters = match lang {
        Lang::Nl => 2,
        Lang::En => 3,
    };
    format!("{} {}", weekday(day, lang).chars().take(letters).collect::<String>(), day.day())
}

/// "dinsdag 24 november 2026".
pub fn long_date(day: Date, lang: Lang) -> String {
    format!("{} {}", weekday(day, lang), date(day, lang))
}

/// The number of the week after ISO 8601: weeks start on Monday, week 1 holds the first Thursday.
pub fn iso_week(day: Date) -> i8 {
    day.iso_week_date().week()
}

/// "week 48".
pub fn week(day: Date, lang: Lang) -> String {
    Words(lang).week(i32::from(iso_week(day)))
}

/// "24 november 2026", for an instant.
pub fn day(at: Timestamp, tz: &TimeZone, lang: Lang) -> String {
    date(date_of(at, tz), lang)
}

/// "24 nov 2026", for an instant.
pub fn short_day(at: Timestamp, tz: &TimeZone, lang: Lang) -> String {
    short_date(date_of(at, tz), lang)
}

/// "14:20". Both languages use the 24-hour clock: the people who read it live in the Netherlands.
pub fn time(at: Timestamp, tz: &TimeZone) -> String {
    let local = tz.to_datetime(at);
    format!("{:02}:{:02}", local.hour(), local.minute())
}

/// "24 november 2026 14:20": the exact moment, as shown on hover beside a relative one.
pub fn moment(at: Timestamp, tz: &TimeZone, lang: Lang) -> String {
    Words(lang).day_at(day(at, tz, lang), time(at, tz))
}

/// For the `datetime` attribute of `<time>`: whole seconds, UTC.
pub fn machine(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

/// A day as seen from today: "vandaag", "gisteren", "morgen", the weekday within the coming six days,
/// "3 maart" within the year, and with the year beyond it.
pub fn relative_day(day: Date, today: Date, lang: Lang) -> String {
    let w = Words(lang);
    match (day - today).get_days() {
        0 => w.today().to_owned(),
        -1 => w.yesterday().to_owned(),
        1 => w.tomorrow().to_owned(),
        2..=6 => weekday(day, lang).to_owned(),
        _ if day.year() == today.year() => format!("{} {}", day.day(), month(day, lang)),
        _ => date(day, lang),
    }
}

/// An instant as seen from now: "zojuist", "5 min geleden", "over 40 min", "vandaag 9:20",
/// "gisteren 16:00", "3 maart 14:20".
pub fn relative(at: Timestamp, now: Timestamp, tz: &TimeZone, lang: Lang) -> String {
    let w = Words(lang);
    let seconds = at.as_second() - now.as_second();
    match seconds {
        -59..=59 => w.now().to_owned(),
        -3599..=-60 => w.minutes_ago(-seconds / 60),
        60..=3599 => w.in_minutes(seconds / 60),
        _ => w.day_at(relative_day(date_of(at, tz), date_of(now, tz), lang), time(at, tz)),
    }
}

/// When something last was, in a list: the time of day matters for today and yesterday; before that the day says enough,
/// and the exact moment stands behind it on hover.
pub fn last(at: Timestamp, now: Timestamp, tz: &TimeZone, lang: Lang) -> String {
    let (day, today) = (date_of(at, tz), date_of(now, tz));
    if (today - day).get_days() > 1 { relative_day(day, today, lang) } else { relative(at, now, tz, lang) }
}

/// What is left until a promise falls due, or how far it is over: "nog 40 min", "nog 1 u 10",
/// "nog 3 dagen", "20 min te laat". Rounded down, so that a promise is never shown longer than it is.
pub fn left(due: Timestamp, now: Timestamp, lang: Lang) -> String {
    let w = Words(lang);
    let seconds = due.as_second() - now.as_second();
    let late = seconds < 0;
    let minutes = seconds.abs() / 60;
    let (hours, rest) = (minutes / 60, format!("{:02}", minutes % 60));
    match (hours, late) {
        (0, false) => w.minutes_left(minutes),
        (0, true) => w.minutes_over(minutes),
        (..48, false) => w.hours_left(hours, rest),
        (..48, true) => w.hours_over(hours, rest),
        (_, false) => w.days_left(hours / 24),
        (_, true) => w.days_over(hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use Lang::{En, Nl};
    use jiff::civil::date as on;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn amsterdam() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").unwrap()
    }

    #[test]
    fn a_moment_stands_in_the_zone_of_the_reader() {
        let (tz, late) = (amsterdam(), at("2026-11-23T23:20:30.5Z"));
        assert_eq!(day(late, &tz, Nl), "24 november 2026");
        assert_eq!(moment(late, &tz, En), "24 November 2026 00:20");
        assert_eq!(short_day(late, &tz, Nl), "24 nov 2026");
        assert_eq!(machine(late), "2026-11-23T23:20:30Z");
        assert_eq!(time(at("2026-07-01T10:00:00Z"), &tz), "12:00");
    }

    #[test]
    fn days_and_weeks_have_names() {
        assert_eq!(long_date(on(2026, 11, 24), Nl), "dinsdag 24 november 2026");
        assert_eq!(long_date(on(2026, 3, 1), En), "Sunday 1 March 2026");
        assert_eq!(day_in_month(on(2026, 11, 24), Nl), "di 24");
        assert_eq!(day_in_month(on(2026, 3, 1), En), "Sun 1");
        assert_eq!((week(on(2026, 11, 24), Nl), iso_week(on(2027, 1, 1))), ("week 48".into(), 53));
    }

    #[test]
    fn days_are_told_from_today() {
        let today = on(2026, 11, 24);
        let told = |y, m, d| relative_day(on(y, m, d), today, Nl);
        assert_eq!(told(2026, 11, 24), "vandaag");
        assert_eq!(told(2026, 11, 23), "gisteren");
        assert_eq!(told(2026, 11, 25), "morgen");
        assert_eq!(told(2026, 11, 30), "maandag");
        assert_eq!(told(2026, 12, 1), "1 december");
        assert_eq!(told(2026, 3, 3), "3 maart");
        assert_eq!(told(2025, 3, 3), "3 maart 2025");
    }

    #[test]
    fn moments_are_told_from_now() {
        let (tz, now) = (amsterdam(), at("2026-11-24T08:00:00Z"));
        let told = |s, lang| relative(at(s), now, &tz, lang);
        assert_eq!(told("2026-11-24T07:59:30Z", Nl), "zojuist");
        assert_eq!(told("2026-11-24T07:55:00Z", Nl), "5 min geleden");
        assert_eq!(told("2026-11-24T08:40:00Z", Nl), "over 40 min");
        assert_eq!(told("2026-11-24T06:20:00Z", En), "today 07:20");
        assert_eq!(told("2026-11-23T15:00:00Z", Nl), "gisteren 16:00");
    }

    #[test]
    fn a_promise_tells_what_is_left() {
        let now = at("2026-11-24T08:00:00Z");
        let told = |s| left(at(s), now, Nl);
        assert_eq!(told("2026-11-24T08:40:59Z"), "nog 40 min");
        assert_eq!(told("2026-11-24T09:10:00Z"), "nog 1 u 10");
        assert_eq!(told("2026-11-27T09:00:00Z"), "nog 3 dagen");
        assert_eq!(told("2026-11-24T07:40:00Z"), "20 min te laat");
        assert_eq!(told("2026-11-24T05:55:00Z"), "2 u 05 te laat");
        assert_eq!(left(at("2026-11-21T08:00:00Z"), now, En), "3 days late");
    }
}
