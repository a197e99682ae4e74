//! Which days a condition is about: fixed, or moving with today or with the year of the institution.

use serde::{Deserialize, Serialize};

use crate::day::{Day, Now};

/// One end of a range of days; the day itself belongs to the range.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    On(Day),
    /// So many days after today; before today when negative.
    Today(i32),
    /// The first day of the institution's year: 0 this one, −1 the previous, 1 the next.
    YearStart(i32),
    /// The last day of that year.
    YearEnd(i32),
}

impl Bound {
    pub fn day(self, now: &Now) -> Day {
        match self {
            Self::On(day) => day,
            Self::Today(days) => now.today.plus(days),
            Self::YearStart(years) => now.year.start(now.today, years),
            Self::YearEnd(years) => now.year.start(now.today, years.saturating_add(1)).plus(-1),
        }
    }

    /// Whether the bound is another day on another day.
    pub fn moves(self) -> bool {
        !matches!(self, Self::On(_))
    }
}

/// In which days something happened. What is dated after today has not happened yet, whatever the bounds say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Ever,
    /// The last so many days, today being the last of them: 1 is today only.
    Last(u32),
    Between {
        #[serde(default)]
        from: Option<Bound>,
        #[serde(default)]
        to: Option<Bound>,
    },
}

impl When {
    pub fn days(&self, now: &Now) -> Days {
        let today = now.today.number();
        match *self {
            Self::Ever => Days { from: i32::MIN, to: today },
            Self::Last(days) => {
                let back = i32::try_from(days).unwrap_or(i32::MAX);
                Days { from: today.saturating_sub(back).saturating_add(1), to: today }
            }
            Self::Between { from, to } => {
                let days = Days::between(from, to, now);
                Days { from: days.from, to: days.to.min(today) }
            }
        }
    }
}

/// A range of day numbers with both ends in it; empty when `from` is above `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Days {
    pub from: i32,
    pub to: i32,
}

impl Days {
    /// An open end is as far as numbers go.
    pub fn between(from: Option<Bound>, to: Option<Bound>, now: &Now) -> Self {
        Self {
            from: from.map_or(i32::MIN, |bound| bound.day(now).number()),
            to: to.map_or(i32::MAX, |bound| bound.day(now).number()),
        }
    }

    pub fn contains(self, day: Day) -> bool {
        (self.from..=self.to).contains(&day.number())
    }

    pub fn is_empty(self) -> bool {
        self.from > self.to
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::day::Year;

    #[test]
    fn a_window_counts_today_and_nothing_after_it() {
        let now = Now { today: Day::new(100), year: Year::CALENDAR };
        assert_eq!(When::Last(1).days(&now), Days { from: 100, to: 100 });
        assert_eq!(When::Last(30).days(&now), Days { from: 71, to: 100 });
        assert!(When::Last(0).days(&now).is_empty());
        let since = When::Between { from: Some(Bound::Today(-3)), to: None };
        assert_eq!(since.days(&now), Days { from: 97, to: 100 });
        let ahead = When::Between { from: None, to: Some(Bound::Today(9)) };
        assert_eq!(ahead.days(&now).to, 100);
    }

    #[test]
    fn a_year_ends_the_day_before_the_next() {
        let now = Now { today: date(2026, 3, 1).into(), year: Year::starting(9, 1).unwrap() };
        assert_eq!(Bound::YearStart(0).day(&now).date(), date(2025, 9, 1));
        assert_eq!(Bound::YearEnd(0).day(&now).date(), date(2026, 8, 31));
        assert_eq!(Bound::YearEnd(-1).day(&now).date(), date(2025, 8, 31));
    }
}
