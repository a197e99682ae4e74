use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use jiff::{SignedDuration, Timestamp};

/// The time of day as a parameter. A verb asks the clock it was given, so a test can hold time in its
/// hand, and the lints can forbid everybody else to look at the system's.
#[derive(Clone, Debug)]
pub struct Clock(Kind);

#[derive(Clone, Debug)]
enum Kind {
    System,
    /// The system's time and this many milliseconds.
    Shifted(i64),
    /// Milliseconds since 1970, shared by all clones.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that says `start` now and runs on at the system's pace. For a demo or a browser test that must
    /// not depend on the hour at which somebody happens to run it; a hand-held clock would stop its timers.
    pub fn shifted(start: Timestamp) -> Self {
        Self(Kind::Shifted(start.as_millisecond() - system_ms()))
    }

    /// A clock that stands still until it is moved; all clones move together.
    pub fn hand(start: Timestamp) -> Self {
        Self(Kind::Hand(Arc::new(AtomicI64::new(start.as_millisecond()))))
    }

    /// Now, cut to whole milliseconds: that is what the databases keep, and a value must not change by
    /// being stored.
    pub fn now(&self) -> Timestamp {
        let ms = match &self.0 {
            Kind::System => system_ms(),
            Kind::Shifted(by) => system_ms().saturating_add(*by),
            Kind::Hand(ms) => ms.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }

    /// Moves a hand-held clock; one that runs by itself does not listen.
    pub fn advance(&self, by: SignedDuration) {
        if let Kind::Hand(ms) = &self.0 {
            ms.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
        }
    }

    pub fn set(&self, to: Timestamp) {
        if let Kind::Hand(ms) = &self.0 {
            ms.store(to.as_millisecond(), Ordering::SeqCst);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that looks at the system clock")]
fn system_ms() -> i64 {
    Timestamp::now().as_millisecond()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shifted_clock_starts_where_told_and_runs_on() {
        let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        let clock = Clock::shifted(start);
        let passed = |from: Timestamp| clock.now().duration_since(from).as_millis();
        assert!((0..1_000).contains(&passed(start)), "it is {}", clock.now());
        let before = clock.clone().now();
        std::thread::sleep(std::time::Duration::from_millis(5));
        assert!((5..1_000).contains(&passed(before)), "it is {}", clock.now());
    }

    #[test]
    fn a_shifted_clock_listens_to_nobody() {
        let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        let clock = Clock::shifted(start);
        clock.advance(SignedDuration::from_hours(5));
        clock.set(Timestamp::UNIX_EPOCH);
        assert!(clock.now().duration_since(start) < SignedDuration::from_secs(1));
    }

    #[test]
    fn a_hand_held_clock_stands_still_until_it_is_moved() {
        let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        let clock = Clock::hand(start);
        let other = clock.clone();
        assert_eq!(clock.now(), start);
        clock.advance(SignedDuration::from_mins(3));
        assert_eq!(other.now(), start + SignedDuration::from_mins(3));
    }
}
