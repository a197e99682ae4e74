//! Stories told through the front door of the whole house, on both databases. One program and not one a file: each would be
//! linked with everything there is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "a story that cannot go on has failed"
)]

mod api;
mod audience;
mod database;
mod dovecot;
mod echo;
mod engagement;
mod forms;
mod inbound;
mod journeys;
mod landing;
mod law;
mod mail;
mod mailings;
mod meerland;
mod needs;
mod organisations;
mod people;
mod personas;
mod policy;
mod postbox;
mod postfix;
mod pressure;
mod registry;
mod relations;
mod returned;
mod ring;
mod segments;
mod sequences;
mod sharing;
mod walls;
mod webhooks;
mod wishes;
mod workspaces;
