use jiff::civil::{Date, DateTime, date};

/// A day by its number since 1970-01-01: what the making reckons in. Records hold dates.
pub(crate) type Day = i32;

/// After Hinnant, "chrono-compatible low-level date algorithms". jiff's spans would do, at ten times the cost, and there
/// are tens of millions of days to reckon.
pub(crate) fn day(d: Date) -> Day {
    let (y, m, d) = (i32::from(d.year()), i32::from(d.month()), i32::from(d.day()));
    let y = if m <= 2 { y - 1 } else { y };
    let era = y.div_euclid(400);
    let yoe = y - era * 400;
    let doy = (153 * ((m + 9) % 12) + 2) / 5 + d - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

pub(crate) fn on(day: Day) -> Date {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let m = if mp < 10 { mp + 3 } else { mp - 9 };
    let y = yoe + era * 400 + i32::from(m <= 2);
    date(y as i16, m as i8, (doy - (153 * mp + 2) / 5 + 1) as i8)
}

/// Minutes after midnight on a day, as the clock on the wall says.
pub(crate) fn at(d: Day, minutes: i32) -> DateTime {
    let minutes = minutes.clamp(0, 1_439);
    on(d).at((minutes / 60) as i8, (minutes % 60) as i8, 0, 0)
}

/// Monday is 0.
pub(crate) fn weekday(d: Day) -> i32 {
    (d + 3).rem_euclid(7)
}

pub(crate) fn workday(d: Day) -> bool {
    weekday(d) < 5
}

/// The time that the demo covers: five academic years and the current one, up to today. A year runs from 1 August (mbo);
/// the hbo year of 1 September lies inside the same count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Window {
    pub today: Day,
    /// The calendar year in which the current academic year began.
    pub year: i32,
}

impl Window {
    pub fn until(today: Date) -> Self {
        let year = i32::from(today.year()) - i32::from(today.month() < 8);
        Self { today: day(today), year }
    }

    /// 1 August of the academic year `back` years before the current one.
    pub fn august(self, back: i32) -> Day {
        ymd(self.year - back, 8, 1)
    }

    pub fn start(self) -> Day {
        self.august(5)
    }

    /// The coming 30 June, when those leave who leave.
    pub fn june(self) -> Day {
        let june = self.month_day(0, 6, 30);
        if june > self.today { june } else { self.month_day(-1, 6, 30) }
    }

    /// The day in the academic year `back` that has the given month.
    pub fn month_day(self, back: i32, month: i32, day: i32) -> Day {
        ymd(self.year - back + i32::from(month < 8), month, day)
    }
}

pub(crate) fn ymd(year: i32, month: i32, d: i32) -> Day {
    day(date(year as i16, month as i8, 1)) + d - 1
}

/// Shares of new prospects per month, from August on (section "calendar" of the demo's figures).
pub(crate) const PROSPECTS_BY_MONTH: [f64; 12] =
    [3.0, 6.0, 11.0, 15.0, 7.0, 16.0, 11.0, 13.0, 8.0, 5.0, 4.0, 1.0];

/// Requests per month, from August on.
pub(crate) const REQUESTS_BY_MONTH: [f64; 12] = [1.3, 2.4, 1.5, 1.0, 0.7, 1.0, 1.3, 0.9, 0.8, 0.8, 0.9, 0.4];

/// Cumulative applications for mbo: month and day (of the academic year), share.
pub(crate) const MBO_APPLICATIONS: &[(i32, i32, f64)] = &[
    (10, 1, 0.0),
    (12, 31, 0.18),
    (1, 31, 0.34),
    (2, 28, 0.50),
    (3, 20, 0.63),
    (3, 31, 0.80),
    (4, 30, 0.86),
    (5, 31, 0.90),
    (6, 30, 0.93),
    (7, 31, 1.0),
];
pub(crate) const HBO_APPLICATIONS: &[(i32, i32, f64)] = &[
    (10, 1, 0.0),
    (12, 23, 0.06),
    (1, 13, 0.19),
    (2, 3, 0.32),
    (2, 24, 0.40),
    (3, 16, 0.47),
    (4, 6, 0.60),
    (4, 27, 0.79),
    (5, 18, 0.94),
    (7, 31, 1.0),
];

/// The day in academic year `back` at which the given share of a curve is reached.
pub(crate) fn along(curve: &[(i32, i32, f64)], window: Window, back: i32, share: f64) -> Day {
    let days: Vec<(Day, f64)> = curve.iter().map(|(m, d, s)| (window.month_day(back, *m, *d), *s)).collect();
    let mut before = (window.month_day(back, 10, 1), 0.0);
    for (d, s) in days {
        if share < s {
            let part = (share - before.1) / (s - before.1);
            return before.0 + (f64::from(d - before.0) * part).round() as Day;
        }
        before = (d, s);
    }
    before.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_one() {
        for d in [-25_567, -1, 0, 1, 59, 11_016, 20_000, 20_787] {
            assert_eq!(day(on(d)), d);
        }
        assert_eq!(on(0), date(1970, 1, 1));
        assert_eq!(on(11_016), date(2000, 2, 29));
        assert_eq!(weekday(day(date(2026, 11, 30))), 0);
    }

    #[test]
    fn the_academic_year_begins_in_august() {
        let window = Window::until(date(2027, 3, 1));
        assert_eq!(on(window.august(0)), date(2026, 8, 1));
        assert_eq!(on(window.month_day(0, 2, 1)), date(2027, 2, 1));
        assert_eq!(on(along(MBO_APPLICATIONS, window, 0, 0.8)), date(2027, 3, 31));
    }
}
