//! Journeys as a pure state machine: a plan of steps, a state, a cue and a clock give the next state and what is to be done.
//! No clock, chance, disk or network of its own, so that the same code runs for real, in the simulator with a moving clock, and
//! in seeded tests with faults.
//!
//! What a step does ([`What::Do`]) and what a condition asks are the business of whoever runs the journey: a [`Flow`] is
//! generic in both, `D` for deeds and `C` for conditions.

mod advance;
mod check;
mod draft;
mod moment;
mod place;
mod plan;
mod program;
mod simulate;
mod state;

pub use advance::{Act, Cue, Next, Trace, Turn, Unknown, World, advance, awaits};
pub use check::{Fault, Problem, check};
pub use draft::{Clash, Spot, change, insert, next_id, remove, shift};
pub use moment::{Day, Limit, Span, Unit, Window};
pub use place::{Placed, place};
pub use plan::{By, Flow, Late, MOST_STEPS, Part, Step, StepId, Until, Wait, Way, What, When};
pub use program::Program;
pub use simulate::{Event, Happening, Player, Seen, simulate};
pub use state::{Kept, State};
