//! The pages of forms and landing pages for colleagues.

mod answers;
mod change;
mod edit;
mod fields;
mod landing;
mod list;
mod look;
mod piece;
mod preview;
mod share;

use kring_frame::Route;

pub fn routes() -> Vec<Route> {
    [
        list::routes(),
        edit::routes(),
        change::routes(),
        piece::routes(),
        preview::routes(),
        share::routes(),
        answers::routes(),
        landing::routes(),
        look::routes(),
    ]
    .concat()
}
