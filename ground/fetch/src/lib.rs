//! The one client for addresses that people or records gave: webhooks now, and whatever comes to fetch something later.
//!
//! An address in a form is a way into the network that the server stands in, so this client is narrow on purpose: TLS
//! only, a list of ports, no redirects, no cookies or passwords of our own, bounds on time and size. It does the looking
//! up itself and connects to the very address that it looked at; a name that leads elsewhere at the second question
//! (DNS rebinding) is asked no second question.

mod client;
mod place;
mod target;

pub use client::{Answer, Client, Failure, Lookup, Session};
pub use place::is_public;
pub use target::{BadTarget, Rules, Target};
