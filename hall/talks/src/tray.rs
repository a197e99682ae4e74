//! Mails that are written and signed, and wait for a hand that is free. Shaping and signing are done here, on as many threads as
//! there are processors and apart from those that serve sockets: an RSA signature costs as much as all the rest of a mail.

use std::{
    collections::{BTreeMap, VecDeque},
    num::NonZero,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
};

use kring_core::{Error, Timestamp};
use kring_frame::House;
use tokio::sync::Notify;

use crate::{
    Sender,
    message::Message,
    write::{Draft, Mailed},
};

#[derive(Default)]
pub(crate) struct Tray {
    held: Mutex<Held>,
    news: Notify,
}

#[derive(Default)]
struct Held {
    ready: VecDeque<Pressed>,
    /// Those whose turn comes soon, by the moment of it.
    soon: BTreeMap<(Timestamp, i64), Mailed>,
    pressing: usize,
}

/// A draft that became a mail, or one that could not.
pub(crate) enum Pressed {
    Mail(Box<Mailed>),
    Failed(Message),
}

/// What the tray has for a hand.
pub(crate) enum Taken {
    Pressed(Pressed),
    /// Nothing yet, but there will be.
    Wait,
    /// Nothing before this moment.
    Until(Timestamp),
    Empty,
}

impl Tray {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many lie here or are about to.
    pub(crate) fn len(&self) -> usize {
        let held = self.held();
        held.ready.len() + held.soon.len() + held.pressing
    }

    pub(crate) fn take(&self, now: Timestamp) -> Taken {
        let mut held = self.held();
        if held.soon.first_key_value().is_some_and(|((turn, _), _)| *turn <= now)
            && let Some((_, mail)) = held.soon.pop_first()
        {
            return Taken::Pressed(Pressed::Mail(Box::new(mail)));
        }
        match held.ready.pop_front() {
            Some(pressed) => Taken::Pressed(pressed),
            None if held.pressing > 0 => Taken::Wait,
            None => match held.soon.first_key_value() {
                Some(((turn, _), _)) => Taken::Until(*turn),
                None => Taken::Empty,
            },
        }
    }

    /// The one whose turn comes first, whatever the clock says: for whoever has waited for it.
    pub(crate) fn take_soonest(&self) -> Option<Mailed> {
        self.held().soon.pop_first().map(|(_, mail)| mail)
    }

    pub(crate) fn park(&self, turn: Timestamp, mail: Mailed) {
        self.held().soon.insert((turn, mail.ask.message.id), mail);
    }

    /// Everything that lies here: it does not go now.
    pub(crate) fn clear(&self) -> Vec<Pressed> {
        let mut held = self.held();
        let soon = std::mem::take(&mut held.soon).into_values().map(|mail| Pressed::Mail(Box::new(mail)));
        soon.chain(std::mem::take(&mut held.ready)).collect()
    }

    /// Waits until something has come, as long as something is under way.
    pub(crate) async fn wait(&self) {
        let news = self.news.notified();
        tokio::pin!(news);
        // Listening before looking: what comes in between still wakes us.
        news.as_mut().enable();
        if self.is_waited_for() {
            news.await;
        }
    }

    fn is_waited_for(&self) -> bool {
        let held = self.held();
        held.ready.is_empty() && held.pressing > 0
    }

    pub(crate) fn press(&self, house: &House, sender: &Arc<Sender>, drafts: Vec<Draft>) {
        let count = drafts.len();
        self.held().pressing += count;
        let threads = thread::available_parallelism().map_or(1, NonZero::get).min(count);
        let drafts = Arc::new(Mutex::new(drafts.into_iter()));
        for _ in 0..threads {
            let (house, sender, drafts) = (house.clone(), sender.clone(), drafts.clone());
            tokio::task::spawn_blocking(move || {
                let next = || drafts.lock().unwrap_or_else(PoisonError::into_inner).next();
                while let Some(draft) = next() {
                    sender.tray.put(pressed(&house, &sender, draft));
                }
            });
        }
    }

    fn put(&self, pressed: Pressed) {
        let mut held = self.held();
        held.pressing -= 1;
        held.ready.push_back(pressed);
        drop(held);
        self.news.notify_waiters();
    }
}

/// A panic over one letter must not leave the tray waiting for it.
fn pressed(house: &House, sender: &Sender, draft: Draft) -> Pressed {
    let message = draft.message.clone();
    let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| draft.mailed(house, sender)));
    match made.unwrap_or_else(|_| Err(Error::broken("a panic"))) {
        Ok(mail) => Pressed::Mail(Box::new(mail)),
        Err(why) => {
            tracing::warn!(event = "letter_failed", id = message.id, reason = %why);
            Pressed::Failed(message)
        }
    }
}
