use jiff::{Timestamp, tz::TimeZone};
use kring_core::Lang;
use kring_lang::dates;

use crate::{Tone, drawing};

/// From here on a promise is called urgent, and its words count down.
const SOON_SECONDS: i64 = 90 * 60;

/// A promise as it stands now: a pie that empties, and always the time in words.
#[derive(Clone, Debug, PartialEq)]
pub struct PromiseClock {
    /// What is left of it, from 1 to 0.
    pub share: f64,
    /// "nog 42 min", "16:00", "morgen", "20 min te laat".
    pub words: String,
    /// The exact moment, for who hovers.
    pub exact: String,
    /// The moment for machines.
    pub machine: String,
    pub tone: Tone,
}

impl PromiseClock {
    /// A promise made at `opened` and due at `due`, seen at `now` by somebody in this zone.
    pub fn new(opened: Timestamp, due: Timestamp, now: Timestamp, tz: &TimeZone, lang: Lang) -> Self {
        let (whole, left) = (due.as_second() - opened.as_second(), due.as_second() - now.as_second());
        let share = if whole > 0 { (left as f64 / whole as f64).clamp(0.0, 1.0) } else { 0.0 };
        let (day, today) = (dates::date_of(due, tz), dates::date_of(now, tz));
        let (words, tone) = if left < 0 {
            (dates::left(due, now, lang), Tone::Coral)
        } else if left <= SOON_SECONDS {
            (dates::left(due, now, lang), Tone::Sun)
        } else if day == today {
            (dates::time(due, tz), Tone::Plain)
        } else {
            (dates::relative_day(day, today, lang), Tone::Plain)
        };
        Self { share, words, exact: dates::moment(due, tz, lang), machine: dates::machine(due), tone }
    }

    /// The slice that is left, as an SVG path; empty when nothing is.
    pub fn slice(&self) -> String {
        drawing::slice(self.share)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_is_told_by_how_near_it_is() {
        let tz = TimeZone::get("Europe/Amsterdam").unwrap();
        let at = |s: &str| s.parse::<Timestamp>().unwrap();
        let opened = at("2026-11-24T07:00:00Z");
        let clock = |due, now| PromiseClock::new(opened, at(due), at(now), &tz, Lang::Nl);
        let told = |due, now| {
            let c = clock(due, now);
            (c.words, c.tone)
        };
        let nine = "2026-11-24T09:00:00Z";
        assert_eq!(told("2026-11-24T09:42:00Z", nine), ("nog 42 min".into(), Tone::Sun));
        assert_eq!(told("2026-11-24T15:00:00Z", nine), ("16:00".into(), Tone::Plain));
        assert_eq!(told("2026-11-25T15:00:00Z", nine), ("morgen".into(), Tone::Plain));
        assert_eq!(told("2026-11-24T08:40:00Z", nine), ("20 min te laat".into(), Tone::Coral));
        assert!((clock("2026-11-24T11:00:00Z", nine).share - 0.5).abs() < 1e-9);
        assert_eq!(clock("2026-11-24T08:40:00Z", nine).slice(), "");
        assert!(
            clock("2026-11-24T07:00:00Z", "2026-11-24T07:00:00Z").share.abs() < 1e-9,
            "no division by nothing"
        );
    }
}
