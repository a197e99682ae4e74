//! Names of people: how they are shown, sorted, greeted, searched and taken apart. What a person gave is
//! never normalised; only the place in a sentence changes a prefix, and nothing tells a gender from a name.

mod address;
mod fold;
mod person_name;
mod split;

pub use address::{FormOfAddress, NameUsage};
pub use fold::fold;
pub use person_name::{PersonName, Sorting};
pub use split::{NameParts, is_particle, split_full_name, split_surname};
