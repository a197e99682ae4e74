//! Lists of every kind come in, are looked at, run, come again, and are undone.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test that meets the unexpected fails"
)]

mod common;
mod mappings;
mod organisations;
mod people;
mod reading;
mod relations;
