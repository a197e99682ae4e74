//! Mail in and out.
//!
//! Out: one value that a mail is, one function that makes its bytes, a signature on them, and a
//! client that hands them to a relay in steps, so that the sender can commit to the database between
//! the recipient being accepted and the first byte of DATA. Whatever could end a header or a command
//! early cannot be held by the types here.
//!
//! In: two ways by which raw bytes come ([`lmtp`], [`imap`]), and one function that reads them ([`inbound::read`]).

mod address;
mod connection;
pub mod dkim;
mod hello;
pub mod imap;
pub mod inbound;
pub mod lmtp;
mod mail;
mod outcome;
mod pace;
mod relay;
mod reply;
mod talk;
mod text;
mod transfer;

pub use address::{Address, BadAddress};
pub use connection::Connection;
pub use dkim::Signer;
pub use mail::{ListId, Mail, Mailbox, Unmailable, Unsubscribe};
pub use outcome::{Outcome, Refusal, Stage};
pub use pace::{Pace, Rates, Turn};
pub use relay::{BadRelay, Relay, Security, Timeouts, Trust};
pub use text::{BadText, HeaderName, HeaderText, Link, MessageId};
