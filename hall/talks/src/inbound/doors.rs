//! The two ways in, as long as the house is open. What comes through is kept in a transaction, and only then
//! acknowledged: by the answer to the dot, or by moving the mail out of the way.

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use kring_core::{Error, Result};
use kring_frame::{Actor, House};
use kring_post::{
    imap::{Session, Trouble},
    inbound::MOST_BYTES,
    lmtp::{Delivery, Keep, Kept, Listener, PATIENCE, converse},
};
use tokio::sync::Semaphore;

use super::{
    Mailbox,
    kept::{Arrived, Lying, Way, keep, known, last},
};
use crate::Sender;

/// Callers at once, and with it mails in memory.
const MOST_CALLERS: usize = 4;
/// A mailbox is asked anew after this time, whether it told of anything or not: servers hang up after half an hour.
const LISTEN_FOR: Duration = Duration::from_mins(9);
/// Of a mail that is too large to be kept.
const HEAD: usize = 64 * 1024;

/// What was opened.
pub struct Opened {
    /// Where LMTP is listened to, if it is on a port.
    pub port: Option<u16>,
}

/// Opens the doors that are configured; they close with the house.
pub async fn open_doors(house: &House, sender: &Sender) -> std::io::Result<Opened> {
    let mut port = None;
    if let Some(listen) = &sender.inbox.lmtp {
        let listener = Listener::bind(listen).await?;
        port = listener.port();
        house.tend(answer_callers(house.clone(), listener));
    }
    if let Some(mailbox) = &sender.inbox.mailbox {
        house.tend(watch(house.clone(), mailbox.clone()));
    }
    Ok(Opened { port })
}

async fn answer_callers(house: House, listener: Listener) {
    let slots = Arc::new(Semaphore::new(MOST_CALLERS));
    let keep = keeper(&house);
    loop {
        let Ok(slot) = slots.clone().acquire_owned().await else { return };
        let caller = tokio::select! {
            () = house.stopping().cancelled() => return,
            caller = listener.accept() => caller,
        };
        match caller {
            Ok(caller) => {
                let (here, keep) = (house.clone(), keep.clone());
                house.tend(async move {
                    let _slot = slot;
                    tokio::select! {
                        () = here.stopping().cancelled() => {}
                        () = converse(caller, "kring", &keep, PATIENCE) => {}
                    }
                });
            }
            Err(why) => {
                tracing::warn!(event = "lmtp_not_accepted", reason = %why);
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn keeper(house: &House) -> Keep {
    let house = house.clone();
    Arc::new(move |delivery| -> Pin<Box<dyn Future<Output = Kept> + Send>> {
        let house = house.clone();
        Box::pin(async move {
            match take(&house, delivery).await {
                Ok(()) => Kept::Yes,
                Err(why) => {
                    tracing::warn!(event = "mail_not_kept", reason = %why);
                    Kept::Later
                }
            }
        })
    })
}

async fn take(house: &House, delivery: Delivery) -> Result<()> {
    let Delivery { from, to, raw } = delivery;
    let arrived =
        Arrived { way: Way::Lmtp, lying: None, sender: Some(from), recipients: to, raw, only_head: false };
    put_down(house, &arrived).await
}

async fn put_down(house: &House, arrived: &Arrived) -> Result<()> {
    let mut tx = house.write(&Actor::robot()).await?;
    keep(&mut tx, arrived).await?;
    tx.commit().await?;
    house.doorbell.ring();
    Ok(())
}

/// Reads the mailbox whenever it has something new. A mailbox that cannot be reached is tried again, ever less often.
async fn watch(house: House, mailbox: Mailbox) {
    let mut pause = Duration::from_secs(1);
    while !house.stopping().is_cancelled() {
        match attend(&house, &mailbox).await {
            Ok(()) => pause = Duration::from_secs(1),
            Err(why) => {
                tracing::warn!(event = "mailbox_not_read", reason = %why);
                pause = (pause * 2).min(Duration::from_mins(5));
            }
        }
        tokio::select! {
            () = house.stopping().cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

async fn attend(house: &House, mailbox: &Mailbox) -> Result<()> {
    let mut session = Session::open(&mailbox.server).await.map_err(broken)?;
    loop {
        read_all(house, mailbox, &mut session).await?;
        tokio::select! {
            () = house.stopping().cancelled() => return Ok(()),
            heard = session.wait(LISTEN_FOR) => heard.map_err(broken)?,
        }
    }
}

/// Fetches what is new, once. How many mails were kept.
pub async fn fetch_new(house: &House, mailbox: &Mailbox) -> Result<usize> {
    let mut session = Session::open(&mailbox.server).await.map_err(broken)?;
    let kept = read_all(house, mailbox, &mut session).await?;
    session.close().await;
    Ok(kept)
}

/// Mail is kept in the order in which it lies there, so that everything up to the last number that was kept is kept.
async fn read_all(house: &House, mailbox: &Mailbox, session: &mut Session) -> Result<usize> {
    let (account, validity) = (mailbox.server.label(), session.validity());
    let mut look = house.read(&Actor::robot()).await?;
    // Where kept mail is moved away, what still lies there was kept by a process that died before it moved it.
    let from = match mailbox.done {
        Some(_) => 1,
        None => u32::try_from(last(&mut look, &account, validity).await? + 1).map_err(Error::broken)?,
    };
    let known = known(&mut look, &account, validity, from).await?;
    drop(look);
    let mut count = 0;
    for uid in session.numbers(from).await.map_err(broken)? {
        if house.stopping().is_cancelled() {
            break;
        }
        if known.binary_search(&i64::from(uid)).is_err() {
            let Some(size) = session.size(uid).await.map_err(broken)? else { continue };
            // Of what is too large the head is kept, for a person to see; the mail itself is moved like the others.
            let only_head = size > MOST_BYTES;
            let most = if only_head { HEAD } else { MOST_BYTES };
            let Some(raw) = session.fetch(uid, most).await.map_err(broken)? else { continue };
            let lying = Some(Lying { account: account.clone(), validity, uid });
            let arrived =
                Arrived { way: Way::Imap, lying, sender: None, recipients: Vec::new(), raw, only_head };
            put_down(house, &arrived).await?;
            count += 1;
        }
        match &mailbox.done {
            Some(folder) => session.put_away(uid, folder).await.map_err(broken)?,
            None => session.mark(uid).await.map_err(broken)?,
        }
    }
    Ok(count)
}

fn broken(trouble: Trouble) -> Error {
    Error::broken(trouble)
}
