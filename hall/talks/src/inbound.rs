//! Mail that comes in: kept byte by byte before it is acknowledged, then read, each once and in one transaction, into one
//! thread, or into quarantine, where a person decides.

mod doors;
mod kept;
mod pages;
mod place;
mod quarantine;
mod reader;
mod returned;
mod sign;
pub(crate) mod ways;

use kring_post::{Address, imap, lmtp::Listen};

pub use doors::{Opened, fetch_new, open_doors};
pub use kept::{Arrived, Lying, Way, keep};
pub(crate) use pages::routes;
pub(crate) use quarantine::count as waiting;
pub(crate) use reader::step;

/// Where mail comes in, as the operator set it.
#[derive(Clone, Default)]
pub struct Inbox {
    /// The address that answers go to, before its mark: `reply@school.nl` becomes `reply+d12-…@school.nl`. Without it no
    /// letter asks to be answered there.
    pub reply: Option<Address>,
    /// The name with which our own mail server signs `Authentication-Results`.
    pub trusted: Option<String>,
    pub lmtp: Option<Listen>,
    pub mailbox: Option<Mailbox>,
}

/// A mailbox that is read over IMAP.
#[derive(Clone)]
pub struct Mailbox {
    pub server: imap::Server,
    /// The folder to which mail is moved when it is kept; without, it is marked as read and stays.
    pub done: Option<String>,
}
