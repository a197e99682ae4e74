//! The pages of segments.

mod build;
pub mod counted;
pub mod faults;
mod list;
mod nodes;
mod show;

use kring_frame::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), build::routes(), show::routes()].concat()
}
