//! How fast mail may go, and where it waits. A receiver that says "later" means the next mail as well as this one; who goes on
//! all the same is taken for a nuisance, and soon for spam.

use std::collections::HashMap;

use jiff::SignedDuration;
use kring_core::Timestamp;

use crate::{Outcome, Refusal, Stage};

/// So many refusals for now, one after another, before a destination is left alone: one alone is mostly about one mailbox,
/// or a receiver that wants to see everybody come twice.
const STRIKES: u32 = 3;
/// The first pause of a destination and its longest; of the relay itself.
const DESTINATION: (i64, i64) = (60, 1_800);
const RELAY: (i64, i64) = (10, 300);

/// What has its turn so soon is waited for; the rest is planned again.
const SOON: SignedDuration = SignedDuration::from_secs(2);

/// When a mail may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Now,
    Soon(Timestamp),
    Later(Timestamp),
}

/// Mails a second: to any one destination, and to some by name. Nothing is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    pub each: Option<u32>,
    pub named: HashMap<String, u32>,
}

impl Rates {
    fn of(&self, destination: &str) -> Option<u32> {
        self.named.get(destination).copied().or(self.each).filter(|rate| *rate > 0)
    }
}

/// What is known of the relay and of each destination, which is the domain of an address. Told of every outcome, asked before
/// every mail; it keeps no clock, so it can be tried with any.
#[derive(Debug, Default)]
pub struct Pace {
    rates: Rates,
    relay: Standing,
    destinations: HashMap<String, Standing>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Standing {
    /// When the next mail may go, by the rate.
    next: Option<Timestamp>,
    /// The last moment to which a mail was put off.
    later: Option<Timestamp>,
    /// Left alone until then.
    held: Option<Timestamp>,
    strikes: u32,
}

impl Standing {
    fn hold(&mut self, at: Timestamp, beyond: u32, (first, longest): (i64, i64)) {
        let pause = first.saturating_mul(1 << beyond.min(16)).min(longest);
        self.held = Some(at + SignedDuration::from_secs(pause));
    }

    fn until(&self, at: Timestamp) -> Option<Timestamp> {
        self.held.filter(|held| *held > at)
    }
}

impl Pace {
    pub fn new(rates: Rates) -> Self {
        Self { rates, ..Self::default() }
    }

    /// Until when the relay itself is left alone.
    pub fn relay_held(&self, at: Timestamp) -> Option<Timestamp> {
        self.relay.until(at)
    }

    /// Whether one more mail may go to this destination now; if it may, or may soon, the moment is taken. One that is put off
    /// gets a moment behind all that were put off before it, so that they do not come back all at once.
    pub fn ask(&mut self, destination: &str, at: Timestamp) -> Turn {
        let rate = self.rates.of(destination);
        if rate.is_none() && !self.destinations.contains_key(destination) {
            return Turn::Now;
        }
        let standing = self.destinations.entry(destination.to_owned()).or_default();
        let gap = rate
            .map_or(SignedDuration::ZERO, |rate| SignedDuration::from_micros(1_000_000 / i64::from(rate)));
        let slot = standing.next.map_or(at, |next| next.max(at)).max(standing.until(at).unwrap_or(at));
        if slot <= at + SOON {
            standing.next = Some(slot + gap);
            return if slot <= at { Turn::Now } else { Turn::Soon(slot) };
        }
        let later = standing.later.map_or(slot, |later| (later + gap).max(slot));
        standing.later = Some(later);
        Turn::Later(later)
    }

    pub fn heard(&mut self, destination: &str, outcome: &Outcome, at: Timestamp) {
        match outcome {
            Outcome::Sent { .. } => {
                self.relay.strikes = 0;
                if let Some(standing) = self.destinations.get_mut(destination) {
                    standing.strikes = 0;
                }
            }
            Outcome::Refused(refusal) => self.refused(destination, refusal, at),
            // A connection that broke is seen when the next one is opened.
            Outcome::Doubtful { .. } => {}
        }
    }

    pub fn refused(&mut self, destination: &str, refusal: &Refusal, at: Timestamp) {
        let opening = matches!(
            refusal.stage,
            Stage::Connect | Stage::Greeting | Stage::Hello | Stage::Tls | Stage::SignIn
        );
        if opening || refusal.code == Some(421) {
            // Every connection that was open hears it at once; that is one word, and not eight.
            if self.relay.until(at).is_none() {
                self.relay.hold(at, self.relay.strikes, RELAY);
                self.relay.strikes = self.relay.strikes.saturating_add(1);
            }
            return;
        }
        let for_now = !refusal.permanent && refusal.code.is_some();
        if !for_now {
            return;
        }
        let standing = self.destinations.entry(destination.to_owned()).or_default();
        standing.strikes = standing.strikes.saturating_add(1);
        if let Some(beyond) = standing.strikes.checked_sub(STRIKES)
            && standing.until(at).is_none()
        {
            standing.hold(at, beyond, DESTINATION);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::UNIX_EPOCH;

    fn after(ms: i64) -> Timestamp {
        START + SignedDuration::from_millis(ms)
    }

    fn refusal(code: u16, stage: Stage) -> Outcome {
        Outcome::Refused(Refusal { permanent: code >= 500, code: Some(code), text: "no".into(), stage })
    }

    #[test]
    fn a_rate_spreads_mails_and_saves_no_moment_that_is_over() {
        let rates = Rates { each: Some(2), named: HashMap::from([("fast.nl".to_owned(), 1_000)]) };
        let mut pace = Pace::new(rates);
        let turns: Vec<_> = (0..8).map(|_| pace.ask("a.nl", START)).collect();
        let soon = |ms| Turn::Soon(after(ms));
        let later = |ms| Turn::Later(after(ms));
        let wanted = [Turn::Now, soon(500), soon(1_000), soon(1_500), soon(2_000)];
        assert_eq!(turns, [&wanted[..], &[later(2_500), later(3_000), later(3_500)]].concat());
        assert_eq!(pace.ask("a.nl", after(2_500)), Turn::Now);
        assert_eq!(pace.ask("a.nl", after(60_000)), Turn::Now);
        assert_eq!(pace.ask("a.nl", after(60_000)), soon(60_500), "what was not used is not saved up");
        assert_eq!([pace.ask("fast.nl", START), pace.ask("fast.nl", START)], [Turn::Now, soon(1)]);
        assert_eq!(Pace::default().ask("a.nl", START), Turn::Now);
    }

    #[test]
    fn a_destination_that_says_later_three_times_is_left_alone_longer_each_time() {
        let mut pace = Pace::default();
        let mut at = START;
        let mut pauses = Vec::new();
        for _ in 0..10 {
            pace.heard("a.nl", &refusal(451, Stage::To), at);
            if let Turn::Later(held) = pace.ask("a.nl", at) {
                pauses.push(held.duration_since(at).as_secs());
                at = held;
            }
        }
        assert_eq!(pauses, [60, 120, 240, 480, 960, 1_800, 1_800, 1_800]);
        assert_eq!((pace.ask("b.nl", at), pace.relay_held(at)), (Turn::Now, None));
        pace.heard("a.nl", &Outcome::Sent { reply: "250".into() }, at);
        pace.heard("a.nl", &refusal(451, Stage::To), at);
        assert_eq!(pace.ask("a.nl", at), Turn::Now, "one that was taken wipes the slate");
        for _ in 0..10 {
            pace.heard("a.nl", &refusal(550, Stage::To), at);
        }
        assert_eq!(pace.ask("a.nl", at), Turn::Now, "no for good is about one address");
    }

    #[test]
    fn a_relay_that_is_busy_or_gone_is_left_alone_once_for_all_its_connections() {
        let mut pace = Pace::default();
        for _ in 0..8 {
            pace.heard("a.nl", &refusal(421, Stage::From), START);
        }
        assert_eq!(pace.relay_held(START), Some(after(10_000)));
        assert_eq!(pace.relay_held(after(10_000)), None);
        pace.refused("a.nl", &Refusal::ours(Stage::Connect, false, "gone"), after(10_000));
        assert_eq!(pace.relay_held(after(10_000)), Some(after(30_000)));
    }
}
