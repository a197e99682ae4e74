//! When a wait ends by itself: after a while, and then within a window of the local day.

use jiff::{
    ToSpan, Zoned,
    civil::{Time, Weekday},
    tz::TimeZone,
};
use kring_core::Timestamp;
use serde::{Deserialize, Serialize};

/// How long. Days and longer are days of the calendar: a day later is the same hour, also when the clock was put forward.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    pub n: u32,
    pub unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
}

impl Unit {
    pub const ALL: [Unit; 6] =
        [Unit::Minutes, Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months, Unit::Years];

    /// Its stable name.
    pub const fn key(self) -> &'static str {
        match self {
            Unit::Minutes => "minutes",
            Unit::Hours => "hours",
            Unit::Days => "days",
            Unit::Weeks => "weeks",
            Unit::Months => "months",
            Unit::Years => "years",
        }
    }
}

impl Span {
    pub const fn new(n: u32, unit: Unit) -> Self {
        Self { n, unit }
    }

    /// The longest that a plan may say: a hundred years in its unit.
    pub const fn most(unit: Unit) -> u32 {
        match unit {
            Unit::Minutes => 60 * 24 * 366,
            Unit::Hours => 24 * 366 * 10,
            Unit::Days => 36_525,
            Unit::Weeks => 5_218,
            Unit::Months => 1_200,
            Unit::Years => 100,
        }
    }

    fn after(self, from: &Zoned) -> Zoned {
        let n = i64::from(self.n.min(Self::most(self.unit)));
        let span = match self.unit {
            Unit::Minutes => n.minutes(),
            Unit::Hours => n.hours(),
            Unit::Days => n.days(),
            Unit::Weeks => n.weeks(),
            Unit::Months => n.months(),
            Unit::Years => n.years(),
        };
        from.saturating_add(span)
    }
}

/// Which days a window is open on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Day {
    Any,
    /// Monday to Friday.
    Working,
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
    /// Every year on this date; 29 February is 1 March in a year without one.
    Yearly {
        month: i8,
        day: i8,
    },
}

/// A window of the local day. The end does not belong to it; an end at or before the beginning is the end of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub day: Day,
    pub from: Time,
    pub to: Time,
}

impl Window {
    fn open_on(&self, zoned: &Zoned) -> bool {
        let weekday = zoned.weekday();
        let is = |day| weekday == day;
        match self.day {
            Day::Any => true,
            Day::Working => !matches!(weekday, Weekday::Saturday | Weekday::Sunday),
            Day::Monday => is(Weekday::Monday),
            Day::Tuesday => is(Weekday::Tuesday),
            Day::Wednesday => is(Weekday::Wednesday),
            Day::Thursday => is(Weekday::Thursday),
            Day::Friday => is(Weekday::Friday),
            Day::Saturday => is(Weekday::Saturday),
            Day::Sunday => is(Weekday::Sunday),
            Day::Yearly { month: 2, day: 29 } if !zoned.date().in_leap_year() => {
                zoned.month() == 3 && zoned.day() == 1
            }
            Day::Yearly { month, day } => zoned.month() == month && zoned.day() == day,
        }
    }

    /// The first moment at or after `from` that lies in the window.
    fn first(&self, from: Zoned) -> Zoned {
        let mut at = from;
        // A date comes round within eight years also when it is 29 February.
        for _ in 0..(366 * 8) {
            if self.open_on(&at) {
                let time = at.time();
                if time < self.from {
                    // At the hour that the clock jumps over, the window opens when the clock goes on.
                    if let Ok(opened) = at.with().time(self.from).build() {
                        return opened;
                    }
                } else if self.to <= self.from || time < self.to {
                    return at;
                }
            }
            let Ok(next) = at.tomorrow().and_then(|day| day.start_of_day()) else { return at };
            at = next;
        }
        at
    }
}

/// When a wait ends by itself: so long after it began, or at the first moment after that in a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    pub after: Span,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
}

impl Limit {
    pub fn after(n: u32, unit: Unit) -> Self {
        Self { after: Span::new(n, unit), window: None }
    }

    pub fn ends(&self, began: Timestamp, zone: &TimeZone) -> Timestamp {
        let after = self.after.after(&began.to_zoned(zone.clone()));
        match &self.window {
            Some(window) => window.first(after).timestamp(),
            None => after.timestamp(),
        }
    }

    /// It takes time for certain: whoever passes here again and again does not spin.
    pub(crate) fn takes_time(&self) -> bool {
        self.after.n > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(limit: &Limit, from: &str) -> String {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let from = from.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap().timestamp();
        limit.ends(from, &zone).to_zoned(zone).datetime().to_string()
    }

    fn window(n: u32, unit: Unit, day: Day, from: i8, to: i8) -> Limit {
        let window = Window { day, from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0) };
        Limit { after: Span::new(n, unit), window: Some(window) }
    }

    #[test]
    fn a_day_later_is_the_same_hour_also_in_the_nights_of_the_clock() {
        let day = Limit::after(1, Unit::Days);
        assert_eq!(ends(&day, "2026-03-28T10:00:00"), "2026-03-29T10:00:00");
        assert_eq!(ends(&day, "2026-10-24T10:00:00"), "2026-10-25T10:00:00");
        assert_eq!(ends(&day, "2026-03-28T02:30:00"), "2026-03-29T03:30:00", "the hour that is not there");
        assert_eq!(ends(&Limit::after(24, Unit::Hours), "2026-10-24T10:00:00"), "2026-10-25T09:00:00");
    }

    #[test]
    fn months_and_years_end_on_the_last_day_when_theirs_is_missing() {
        assert_eq!(ends(&Limit::after(1, Unit::Months), "2027-01-31T09:00:00"), "2027-02-28T09:00:00");
        assert_eq!(ends(&Limit::after(1, Unit::Years), "2028-02-29T09:00:00"), "2029-02-28T09:00:00");
        assert_eq!(ends(&Limit::after(5, Unit::Years), "2026-12-01T09:00:00"), "2031-12-01T09:00:00");
    }

    #[test]
    fn a_window_waits_for_the_next_working_morning() {
        let morning = window(0, Unit::Days, Day::Working, 10, 12);
        assert_eq!(ends(&morning, "2026-12-01T08:00:00"), "2026-12-01T10:00:00");
        assert_eq!(ends(&morning, "2026-12-01T11:30:00"), "2026-12-01T11:30:00");
        assert_eq!(ends(&morning, "2026-12-01T12:00:00"), "2026-12-02T10:00:00");
        assert_eq!(ends(&morning, "2026-12-04T13:00:00"), "2026-12-07T10:00:00", "over the weekend");
        let monday = window(3, Unit::Days, Day::Monday, 9, 9);
        assert_eq!(ends(&monday, "2026-12-01T08:00:00"), "2026-12-07T09:00:00");
        assert_eq!(
            ends(&monday, "2026-12-04T23:00:00"),
            "2026-12-07T23:00:00",
            "no end: until the end of the day"
        );
    }

    #[test]
    fn a_yearly_date_comes_round_and_leap_day_is_1_march_otherwise() {
        let october = window(0, Unit::Days, Day::Yearly { month: 10, day: 1 }, 9, 18);
        assert_eq!(ends(&october, "2026-12-01T08:00:00"), "2027-10-01T09:00:00");
        let leap = window(0, Unit::Days, Day::Yearly { month: 2, day: 29 }, 9, 18);
        assert_eq!(ends(&leap, "2026-12-01T08:00:00"), "2027-03-01T09:00:00");
        assert_eq!(ends(&leap, "2027-12-01T08:00:00"), "2028-02-29T09:00:00");
    }

    #[test]
    fn a_window_in_the_hour_that_is_not_there_opens_when_the_clock_goes_on() {
        let night = window(0, Unit::Days, Day::Any, 2, 3);
        assert_eq!(ends(&night, "2026-03-29T00:30:00"), "2026-03-29T03:00:00");
    }
}
