//! Numbers and addresses as they are written in the Netherlands and near it: read into one spelling, or refused. Pure,
//! and without an opinion on whose they are. What must not come in at all (a national number) is found in [`secret`].

mod address;
pub mod code;
mod phone;
pub mod secret;

pub use address::{HouseNumber, house_number, is_foreign_postcode, postcode};
pub use code::Scheme;
pub use phone::{national, phone};
