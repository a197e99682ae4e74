//! Quiet hours: when nobody hears what we begin ourselves. The house has its own, and a person may choose others, also
//! fewer: whoever works at night reads at night.

use std::fmt;

use jiff::{Zoned, tz::TimeZone};
use kring_core::Timestamp;

/// Every day from one whole hour to another, over midnight when the first is the later; and whole days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    from: i8,
    to: i8,
    /// Whole days, as bits: Monday is the first.
    days: u8,
}

impl Quiet {
    /// Not between 21:00 and 08:00, and not on Sunday.
    pub const HOUSE: Self = Self { from: 21, to: 8, days: 0b100_0000 };

    /// From one hour of the day (0 to 23) to another, the same being none, and on these whole days (1 is Monday). `None` when
    /// nothing would be left: whoever wants nothing at all says so, and gets no quiet hours that never end.
    pub fn new(from: i8, to: i8, days: &[i8]) -> Option<Self> {
        let hour = 0..=23;
        if !hour.contains(&from) || !hour.contains(&to) || days.iter().any(|day| !(1..=7).contains(day)) {
            return None;
        }
        let days = days.iter().fold(0, |bits, day| bits | 1 << (day - 1));
        (days != 0b111_1111).then_some(Self { from, to, days })
    }

    /// As it is kept: `21-8 7`.
    pub fn read(text: &str) -> Option<Self> {
        let (hours, days) = text.split_once(' ')?;
        let (from, to) = hours.split_once('-')?;
        let days: Option<Vec<i8>> = days.chars().map(|c| i8::try_from(c.to_digit(10)?).ok()).collect();
        Self::new(from.parse().ok()?, to.parse().ok()?, &days?)
    }

    pub const fn hours(self) -> (i8, i8) {
        (self.from, self.to)
    }

    pub fn days(self) -> Vec<i8> {
        (1..=7).filter(|day| self.has(*day)).collect()
    }

    const fn has(self, day: i8) -> bool {
        self.days & (1 << (day - 1)) != 0
    }

    /// The first moment at or after `from` that is not quiet.
    pub fn after(self, from: Timestamp, zone: &TimeZone) -> Timestamp {
        let mut local = from.to_zoned(zone.clone());
        // Six whole days in a row with their hours, and the nights between them, are fewer steps than this.
        for _ in 0..24 {
            match self.next(&local) {
                Ok(Some(later)) => local = later,
                Ok(None) => break,
                // At the end of the calendar there is no morning to wait for.
                Err(_) => return from,
            }
        }
        local.timestamp()
    }

    /// Where the quiet that this moment lies in comes to an end, as far as one rule says; `None` when it is not quiet.
    fn next(self, local: &Zoned) -> Result<Option<Zoned>, jiff::Error> {
        if self.has(local.weekday().to_monday_one_offset()) {
            return local.tomorrow()?.start_of_day().map(Some);
        }
        let (hour, from, to) = (local.hour(), self.from, self.to);
        let over_midnight = from > to;
        let day = if over_midnight && hour >= from {
            local.tomorrow()?
        } else if hour < to && (over_midnight || from <= hour) {
            local.clone()
        } else {
            return Ok(None);
        };
        // By the clock on the wall, which in two nights of the year is not a number of hours away.
        day.datetime()
            .with()
            .hour(to)
            .minute(0)
            .second(0)
            .subsec_nanosecond(0)
            .build()?
            .to_zoned(local.time_zone().clone())
            .map(Some)
    }
}

impl fmt::Display for Quiet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{} ", self.from, self.to)?;
        self.days().iter().try_for_each(|day| write!(f, "{day}"))
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    fn zone() -> TimeZone {
        TimeZone::get("Europe/Amsterdam").unwrap()
    }

    fn local(text: &str) -> Timestamp {
        text.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone()).unwrap().timestamp()
    }

    #[test]
    fn the_houses_end_at_eight_on_a_weekday_or_saturday() {
        let at = |s: &str| Quiet::HOUSE.after(local(s), &zone()).to_zoned(zone()).datetime().to_string();
        assert_eq!(at("2026-11-20T14:00:00"), "2026-11-20T14:00:00");
        assert_eq!(at("2026-11-20T21:00:00"), "2026-11-21T08:00:00");
        assert_eq!(at("2026-11-21T23:30:00"), "2026-11-23T08:00:00"); // Saturday night: over Sunday
        assert_eq!(at("2026-11-22T12:00:00"), "2026-11-23T08:00:00");
        assert_eq!(at("2026-10-25T02:30:00"), "2026-10-26T08:00:00"); // the night the clock goes back
        assert_eq!(at("2026-11-23T07:59:59"), "2026-11-23T08:00:00");
    }

    #[test]
    fn what_is_kept_is_read_again_and_nonsense_is_nothing() {
        for quiet in
            [Quiet::HOUSE, Quiet::new(0, 0, &[]).unwrap(), Quiet::new(9, 17, &[1, 2, 3, 4, 5, 6]).unwrap()]
        {
            assert_eq!(Quiet::read(&quiet.to_string()), Some(quiet));
        }
        for text in ["", "21-8", "24-8 7", "21-8 8", "21-8 0", "-1-8 ", "1-2 1234567", "1-2 x"] {
            assert_eq!(Quiet::read(text), None, "{text}");
        }
    }

    /// Said another way: minute by minute on the clock on the wall.
    fn is_quiet(quiet: Quiet, at: Timestamp) -> bool {
        let local = at.to_zoned(zone());
        let (from, to) = quiet.hours();
        let mut hours = Vec::new();
        let mut hour = from;
        while hour != to {
            hours.push(hour);
            hour = (hour + 1) % 24;
        }
        hours.contains(&local.hour()) || quiet.days().contains(&local.weekday().to_monday_one_offset())
    }

    /// For every pair of hours and a spread of days: it never goes back, ends where it is not quiet, and misses no moment
    /// before. Through both nights in which the clock is changed.
    #[test]
    fn it_ends_at_the_first_moment_that_is_not_quiet() {
        let minute = SignedDuration::from_mins(1);
        let mut looked = 0;
        for from in 0..24 {
            for to in 0..24 {
                let days: Vec<i8> = (1..=7)
                    .filter(|day| (i16::from(from) * 31 + i16::from(to) * 7) >> (day - 1) & 1 == 1)
                    .collect();
                let Some(quiet) = Quiet::new(from, to, &days) else { continue };
                for begin in [
                    "2026-03-28T22:41:00",
                    "2026-10-24T23:17:00",
                    "2026-10-25T02:59:00",
                    "2026-11-27T12:00:00",
                ] {
                    let begin = local(begin);
                    let end = quiet.after(begin, &zone());
                    assert!(end >= begin && !is_quiet(quiet, end), "{quiet} at {begin} gave {end}");
                    let mut at = begin;
                    while at < end {
                        assert!(is_quiet(quiet, at), "{quiet} at {begin} left {at} out");
                        at += minute;
                    }
                    looked += 1;
                }
            }
        }
        assert!(looked > 2000);
    }
}
