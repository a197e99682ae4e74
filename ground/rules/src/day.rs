//! Calendar days as numbers, today, and the year of an institution that does not start in January.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const EPOCH: Date = date(1970, 1, 1);

/// A calendar day as the number of days since 1 January 1970; written as `yyyy-mm-dd`.
///
/// A day of the institution, not 24 hours: whoever turns an instant into a day knows the zone, this crate does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i32);

impl Day {
    /// The first and the last day that a calendar date can name (years −9999 and 9999).
    const FIRST: i32 = -4_371_587;
    const LAST: i32 = 2_932_896;

    /// A number outside what a date can name becomes the nearest day that it can, so that [`Day::date`] never fails.
    pub const fn new(number: i32) -> Self {
        if number < Self::FIRST {
            Self(Self::FIRST)
        } else if number > Self::LAST {
            Self(Self::LAST)
        } else {
            Self(number)
        }
    }

    pub const fn number(self) -> i32 {
        self.0
    }

    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self::new(self.0.saturating_add(days))
    }

    pub fn date(self) -> Date {
        EPOCH.saturating_add(i64::from(self.0).days())
    }
}

impl From<Date> for Day {
    fn from(date: Date) -> Self {
        Self::new((date.duration_since(EPOCH).as_hours() / 24) as i32)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.date())
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Date::deserialize(from).map(Self::from)
    }
}

/// The day on which the institution's year starts: 1 August or 1 September for Dutch schools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    month: i8,
    day: i8,
}

impl Year {
    /// The calendar year.
    pub const CALENDAR: Self = Self { month: 1, day: 1 };

    /// `None` unless every year has that day: months 1 to 12, days 1 to 28.
    pub fn starting(month: i8, day: i8) -> Option<Self> {
        ((1..=12).contains(&month) && (1..=28).contains(&day)).then_some(Self { month, day })
    }

    /// The first day of the year that `today` lies in, or of the one so many years on (or back).
    pub fn start(self, today: Day, years: i32) -> Day {
        let calendar = today.date().year();
        let this = self.first_day(i32::from(calendar));
        let began = if this <= today { 0 } else { -1 };
        self.first_day(i32::from(calendar).saturating_add(began).saturating_add(years))
    }

    fn first_day(self, year: i32) -> Day {
        let year = year.clamp(-9999, 9999) as i16;
        Date::new(year, self.month, self.day).map_or(Day::new(Day::FIRST), Day::from)
    }
}

/// When a question is asked: the day it is at the institution, and how its years run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Now {
    pub today: Day,
    pub year: Year,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Day {
        Day::from(date(year, month, day))
    }

    #[test]
    fn days_count_from_1970_and_come_back_as_dates() {
        assert_eq!(day(1970, 1, 1).number(), 0);
        assert_eq!(day(1969, 12, 31).number(), -1);
        assert_eq!(day(2026, 3, 1).number(), 20_513);
        assert_eq!(Day::new(20_513).date(), date(2026, 3, 1));
        assert_eq!(Day::new(i32::MAX).date(), Date::MAX);
        assert_eq!(Day::new(i32::MIN).date(), Date::MIN);
        assert_eq!(serde_json::to_string(&day(2026, 3, 1)).unwrap(), r#""2026-03-01""#);
    }

    #[test]
    fn a_year_starts_on_its_first_day() {
        let year = Year::starting(8, 1).unwrap();
        assert_eq!(year.start(day(2026, 7, 31), 0), day(2025, 8, 1));
        assert_eq!(year.start(day(2026, 8, 1), 0), day(2026, 8, 1));
        assert_eq!(year.start(day(2026, 8, 1), -1), day(2025, 8, 1));
        assert_eq!(year.start(day(2026, 7, 31), 1), day(2026, 8, 1));
        assert_eq!(Year::starting(2, 29), None);
    }
}
