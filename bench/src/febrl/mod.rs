//! Record linkage: ours beside the peer on the data sets that the peer ships, and ours on made-up people.

mod measure;
mod messy;
mod names;
mod ours;
mod outcome;
mod peer;
mod people;

pub use measure::people as run_people;
pub use ours::run as run_febrl;
