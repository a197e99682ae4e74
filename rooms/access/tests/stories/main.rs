//! Stories of this room, told through the whole server.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod door;
mod house;
mod managing;
