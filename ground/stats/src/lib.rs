//! How sure a figure is. Every figure that is computed from answers comes with its number of people, its
//! interval and the share of those asked who answered; what cannot be computed is a named reason, never
//! NaN. Pure functions: data in, result out; the seed of a draw is an argument and stays with the result.
//!
//! Sources stand at the formulas. The check cases of the tests are published ones wherever there are.

mod difference;
mod draw;
mod figure;
mod gap;
mod mean;
mod power;
mod quantile;
mod report;
mod share;
mod smallest;

pub use difference::{Counted, difference, difference_of_people};
pub use figure::{Figure, Flag, Level, Method, Missing, Sides, Why};
pub use gap::{Gap, Item, Pair, gap_between, gap_paired, overall, reliability};
pub use mean::{mean, weighted_mean};
pub use power::detectable;
pub use quantile::{normal, student_t};
pub use report::{Answer, Report, report_mark};
pub use share::{share, weighted_share};
pub use smallest::{Cell, Minimum, Table};
