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
    /// Milliseconds since 1970, shared by all clones.
    Hand(Arc<AtomicI64>),
}

impl Clock {
    pub fn system() -> Self {
        Self(Kind::System)
    }

    /// A clock that stands still until it is moved; all clones move together.
    pub fn hand(start: Timestamp) -> Self {
        Self(Kind::Hand(Arc::new(AtomicI64::new(start.as_millisecond()))))
    }

    /// Now, cut to whole milliseconds: that is what the databases keep, and a value must not change by
    /// being stored.
    #[expect(clippy::disallowed_methods, reason = "the one place that looks at the system clock")]
    pub fn now(&self) -> Timestamp {
        let ms = match &self.0 {
            Kind::System => Timestamp::now().as_millisecond(),
            Kind::Hand(ms) => ms.load(Ordering::SeqCst),
        };
        Timestamp::from_millisecond(ms).unwrap_or(Timestamp::MAX)
    }

    /// Moves a hand-held clock; a system clock does not listen.
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
