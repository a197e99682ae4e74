//! The pages of segments.

mod alike;
mod build;
pub mod counted;
pub mod faults;
mod list;
mod nodes;
mod persona;
mod show;

use kring_frame::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), build::routes(), show::routes(), persona::routes(), alike::routes()].concat()
}
