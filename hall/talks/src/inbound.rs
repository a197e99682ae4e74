//! Mail that comes in: kept byte by byte before it is acknowledged, then read, each once and in one transaction, into one
//! thread, or into quarantine, where a person decides.

pub(crate) mod doors;
pub(crate) mod kept;
mod pages;
mod place;
mod quarantine;
mod reader;
mod returned;
pub(crate) mod sign;

use kring_core::{Id, Result};
use kring_frame::{Tx, params, sql};
use kring_post::{Address, MessageId, imap, lmtp::Listen};

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

/// The mail that was heard last in a thread, so that an answer to it stands below it in the person's mail program.
pub(crate) async fn last_heard(tx: &mut Tx, dialogue: Id<crate::Dialogue>) -> Result<Option<MessageId>> {
    let found: Option<(String,)> = tx
        .maybe(
            sql!(
                "select mail_id from inbound_mails where dialogue_id = $1 and state = 'read' and mail_id is not null
                   and outcome in ('turn', 'question') order by id desc limit 1"
            ),
            params![dialogue],
        )
        .await?;
    Ok(found.and_then(|(id,)| MessageId::read(&id).ok()))
}
