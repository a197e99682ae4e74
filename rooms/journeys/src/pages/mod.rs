//! The pages of journeys for colleagues.

mod change;
mod conditions;
mod edit;
mod fields;
mod group;
mod list;
mod people;
mod rows;
mod tasks;
mod text;
mod trial;
mod versions;

use kring_frame::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        group::routes(),
        edit::routes(),
        change::routes(),
        text::routes(),
        trial::routes(),
        versions::routes(),
        people::routes(),
        tasks::routes(),
    ]
    .concat()
}
