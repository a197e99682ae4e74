//! A journey with a moving clock: what would become of somebody, as far as they do what a [`Player`] says.

use std::{cmp::Reverse, collections::BinaryHeap};

use jiff::tz::TimeZone;
use kring_core::Timestamp;

use crate::{
    advance::{Act, Cue, Next, Trace, World, advance},
    plan::StepId,
    program::Program,
    state::State,
};

/// What somebody does of their own accord.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Happening<C> {
    Answers { step: StepId, answer: String },
    Happens { kind: String, detail: Option<String> },
    Becomes(C),
}

/// Whoever is on the journey.
pub trait Player<D, C> {
    fn holds(&self, condition: &C, at: Timestamp) -> bool;
    /// Something was done to them. What they do because of it, and when.
    fn meet(&mut self, act: &Act<'_, D>, at: Timestamp) -> Vec<(Timestamp, Happening<C>)>;
}

/// What a simulation saw, in its order.
#[derive(Debug, PartialEq, Eq)]
pub struct Event<'p, D, C> {
    pub at: Timestamp,
    pub is: Seen<'p, D, C>,
}

#[derive(Debug, PartialEq, Eq)]
pub enum Seen<'p, D, C> {
    Did(Act<'p, D>),
    Went(Trace),
    Heard(Happening<C>),
    Waits { step: StepId, due: Option<Timestamp> },
    Ended(String),
    Stuck,
}

struct Moment<'a, C, P> {
    now: Timestamp,
    zone: &'a TimeZone,
    seed: u64,
    holds: P,
    _c: std::marker::PhantomData<C>,
}

impl<C, P: Fn(&C, Timestamp) -> bool> World<C> for Moment<'_, C, P> {
    fn now(&self) -> Timestamp {
        self.now
    }
    fn zone(&self) -> &TimeZone {
        self.zone
    }
    fn holds(&self, condition: &C) -> Option<bool> {
        Some((self.holds)(condition, self.now))
    }
    fn seed(&self) -> u64 {
        self.seed
    }
}

/// Plays a journey from `from`, until it ends or `until` has come.
pub fn simulate<'p, D, C: Clone + PartialEq + Ord>(
    program: &'p Program<D, C>,
    player: &mut impl Player<D, C>,
    seed: u64,
    from: Timestamp,
    until: Timestamp,
    zone: &TimeZone,
) -> Vec<Event<'p, D, C>> {
    let mut seen = Vec::new();
    let mut to_come: BinaryHeap<Reverse<(Timestamp, u64, Happening<C>)>> = BinaryHeap::new();
    let (mut now, mut state, mut order, mut begun) = (from, State::default(), 0_u64, false);
    loop {
        let next = to_come.peek().map(|Reverse((at, _, _))| *at);
        let heard = if begun {
            // The clock before what happens at the same moment: the wait was over when it happened.
            let by_clock = match (state.due, next) {
                (Some(due), Some(at)) => due <= at,
                (due, None) => due.is_some(),
                (None, Some(_)) => false,
            };
            if by_clock {
                now = state.due.unwrap_or(now).max(now);
                None
            } else if let Some(Reverse((at, _, happening))) = to_come.pop() {
                now = at.max(now);
                Some(happening)
            } else {
                return seen;
            }
        } else {
            None
        };
        if now > until {
            return seen;
        }
        let cue = match &heard {
            Some(Happening::Answers { step, answer }) => Cue::Answered { step: *step, answer },
            Some(Happening::Happens { kind, detail }) => Cue::Happened { kind, detail: detail.as_deref() },
            Some(Happening::Becomes(condition)) => Cue::Became(condition),
            None if begun => Cue::Time,
            None => Cue::Begin,
        };
        begun = true;
        let turn = {
            let holds = |condition: &C, at| player.holds(condition, at);
            let world = Moment { now, zone, seed, holds, _c: std::marker::PhantomData };
            advance(program, state.clone(), cue, &world)
        };
        // Everything can be asked here, so nothing is unknown.
        let Ok(turn) = turn else { return seen };
        let moved = turn.moved;
        state = turn.state;
        if let Some(heard) = heard {
            seen.push(Event { at: now, is: Seen::Heard(heard) });
        }
        seen.extend(turn.trace.into_iter().map(|trace| Event { at: now, is: Seen::Went(trace) }));
        for act in turn.acts {
            if !act.too_late {
                for (at, happening) in player.meet(&act, now) {
                    order += 1;
                    to_come.push(Reverse((at.max(now), order, happening)));
                }
            }
            seen.push(Event { at: now, is: Seen::Did(act) });
        }
        match turn.next {
            Next::Waiting => {
                if let (Some(step), true) = (state.at, moved) {
                    seen.push(Event { at: now, is: Seen::Waits { step, due: state.due } });
                }
            }
            Next::Ended(outcome) => {
                seen.push(Event { at: now, is: Seen::Ended(outcome) });
                return seen;
            }
            Next::Stuck => {
                seen.push(Event { at: now, is: Seen::Stuck });
                return seen;
            }
        }
    }
}
