//! Working hours: a promise of four hours made on Friday at four is due on Monday at eleven.

use jiff::{
    SignedDuration, Timestamp,
    civil::{Date, Time, Weekday, time},
    tz::TimeZone,
};

/// When the Serviceplein works: blocks per weekday, Monday first, and days on which it is closed.
#[derive(Clone, Debug)]
pub struct Hours {
    pub week: [Vec<(Time, Time)>; 7],
    pub closed: Vec<Date>,
}

impl Default for Hours {
    /// Monday to Friday from eight to five.
    fn default() -> Self {
        let day = vec![(time(8, 0, 0, 0), time(17, 0, 0, 0))];
        let off = Vec::new;
        Self {
            week: [day.clone(), day.clone(), day.clone(), day.clone(), day, off(), off()],
            closed: Vec::new(),
        }
    }
}

impl Hours {
    fn blocks(&self, day: Date) -> &[(Time, Time)] {
        if self.closed.contains(&day) {
            return &[];
        }
        let index = match day.weekday() {
            Weekday::Monday => 0,
            Weekday::Tuesday => 1,
            Weekday::Wednesday => 2,
            Weekday::Thursday => 3,
            Weekday::Friday => 4,
            Weekday::Saturday => 5,
            Weekday::Sunday => 6,
        };
        self.week.get(index).map_or(&[], Vec::as_slice)
    }
}

/// The moment at which this much working time has passed since `from`. Counted in elapsed time, so that a night
/// on which the clock changes makes no hour vanish. Without any working hours in the next two years: plainly
/// so much later.
pub fn working_due(from: Timestamp, minutes: i64, hours: &Hours, zone: &TimeZone) -> Timestamp {
    let mut left = SignedDuration::from_mins(minutes);
    let mut day = from.to_zoned(zone.clone()).date();
    for _ in 0..730 {
        for (open, close) in hours.blocks(day) {
            let at = |t: &Time| day.to_datetime(*t).to_zoned(zone.clone()).map(|z| z.timestamp());
            let (Ok(open), Ok(close)) = (at(open), at(close)) else { continue };
            let start = open.max(from);
            if start >= close {
                continue;
            }
            let room = close.duration_since(start);
            if left <= room {
                return start + left;
            }
            left -= room;
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    from + SignedDuration::from_mins(minutes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_runs_in_working_hours_only() {
        let zone = TimeZone::get("Europe/Amsterdam").unwrap();
        let mut hours = Hours::default();
        hours.closed.push(jiff::civil::date(2026, 12, 25));
        let due = |from: &str, minutes| {
            let from = from.parse::<jiff::civil::DateTime>().unwrap().to_zoned(zone.clone()).unwrap();
            working_due(from.timestamp(), minutes, &hours, &zone)
                .to_zoned(zone.clone())
                .datetime()
                .to_string()
        };
        assert_eq!(due("2026-11-24T10:00:00", 240), "2026-11-24T14:00:00");
        assert_eq!(due("2026-11-20T16:00:00", 240), "2026-11-23T11:00:00"); // Friday to Monday
        assert_eq!(due("2026-11-21T12:00:00", 60), "2026-11-23T09:00:00"); // asked on Saturday
        assert_eq!(due("2026-11-24T23:00:00", 30), "2026-11-25T08:30:00");
        assert_eq!(due("2026-11-24T10:00:00", 420), "2026-11-24T17:00:00"); // exactly at closing time
        assert_eq!(due("2026-12-24T16:30:00", 60), "2026-12-28T08:30:00"); // over Christmas Friday
        assert_eq!(due("2026-03-27T16:00:00", 120), "2026-03-30T09:00:00"); // over the night of summer time
        let never = Hours { week: Default::default(), closed: Vec::new() };
        let from: Timestamp = "2026-11-24T10:00:00Z".parse().unwrap();
        assert_eq!(working_due(from, 60, &never, &zone), from + SignedDuration::from_hours(1));
    }
}
