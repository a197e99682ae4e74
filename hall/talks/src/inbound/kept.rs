use kring_core::Result;
use kring_db::stored;
use kring_frame::{Tx, params, sql};
use sha2::{Digest, Sha256};

stored! {
    pub enum Way {
        Lmtp = "lmtp",
        Imap = "imap",
    }
}

stored! {
    pub enum MailState {
        /// Not read yet.
        Kept = "kept",
        Read = "read",
        /// A person decides.
        Quarantined = "quarantined",
        Discarded = "discarded",
    }
}

/// Where a mail lay in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    pub account: String,
    pub validity: u32,
    pub uid: u32,
}

/// A mail as it arrived.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub way: Way,
    pub lying: Option<Lying>,
    /// The envelope's sender, empty for notices; `None` where there was no envelope.
    pub sender: Option<String>,
    pub recipients: Vec<String>,
    pub raw: Vec<u8>,
    /// Not all of it: it is too large to be kept, and stays where it is.
    pub only_head: bool,
}

/// Keeps the bytes. Only the commit of this permits an acknowledgement. What was kept before is that one.
pub async fn keep(tx: &mut Tx, mail: &Arrived) -> Result<i64> {
    let hash = hex(&Sha256::digest(&mail.raw));
    let (state, reason) =
        if mail.only_head { (MailState::Quarantined, Some("large")) } else { (MailState::Kept, None) };
    let now = tx.now();
    let size = i64::try_from(mail.raw.len()).unwrap_or(i64::MAX);
    tx.run(
        sql!(
            "insert into inbound_mails (way, hash, raw, size, sender, recipients, state, reason, due_at, received_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) on conflict (hash) do nothing"
        ),
        params![
            mail.way,
            &hash,
            mail.raw.as_slice(),
            size,
            mail.sender.as_deref(),
            mail.recipients.join("\n"),
            state,
            reason,
            now
        ],
    )
    .await?;
    let (id,): (i64,) = tx.one(sql!("select id from inbound_mails where hash = $1"), params![hash]).await?;
    if let Some(lying) = &mail.lying {
        tx.run(
            sql!(
                "insert into inbound_places (account, validity, uid, mail_id) values ($1, $2, $3, $4)
                 on conflict (account, validity, uid) do nothing"
            ),
            params![&lying.account, i64::from(lying.validity), i64::from(lying.uid), id],
        )
        .await?;
    }
    Ok(id)
}

/// Which mails of a mailbox were kept, of those from this number on.
pub(crate) async fn known(tx: &mut Tx, account: &str, validity: u32, from: u32) -> Result<Vec<i64>> {
    let all: Vec<(i64,)> = tx
        .all(
            sql!("select uid from inbound_places where account = $1 and validity = $2 and uid >= $3 order by uid"),
            params![account, i64::from(validity), i64::from(from)],
        )
        .await?;
    Ok(all.into_iter().map(|(uid,)| uid).collect())
}

/// The highest number that was kept; 0 is none.
pub(crate) async fn last(tx: &mut Tx, account: &str, validity: u32) -> Result<i64> {
    let (last,): (i64,) = tx
        .one(
            sql!("select cast(coalesce(max(uid), 0) as bigint) from inbound_places where account = $1 and validity = $2"),
            params![account, i64::from(validity)],
        )
        .await?;
    Ok(last)
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
