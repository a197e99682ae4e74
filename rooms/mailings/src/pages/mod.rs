//! The pages of campaigns and mailings for colleagues.

mod campaign;
mod list;
mod mailing;
mod policy;
mod seeds;
mod text;

use kring_frame::Route;

pub fn routes() -> Vec<Route> {
    [list::routes(), campaign::routes(), mailing::routes(), text::routes(), seeds::routes(), policy::routes()]
        .concat()
}
