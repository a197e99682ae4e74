//! The one way out. Letters are written and signed ahead; each hand has a connection, opens the way to a recipient, passes the
//! gate (one transaction immediately before DATA asks everything again), and hands over. Only the commit of the gate permits DATA.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use kring_core::{Result, Timestamp};
use kring_frame::{Actor, House};
use kring_post::{Address, Connection, Outcome, Pace, Refusal, Relay, Signer, Turn};
use tokio::sync::OnceCell;

use crate::{
    Inbox,
    fate::{Fate, Settled},
    gate::{At, Gate},
    message::{self, Message},
    recover,
    tray::{Pressed, Taken, Tray},
    turnstile::Turnstile,
    warm::WarmUp,
    write::{self, Mailed},
};

/// What passed the gate longer ago than this does not begin: a withdrawal holds one second after its commit, whatever kept a hand
/// from its work meanwhile.
const GOOD_FOR: Duration = Duration::from_millis(500);
/// So long a hand waits for the relay's word on the next envelope before it writes down what became of the last mail.
const PROMPT: Duration = Duration::from_millis(50);

/// Where mail goes.
pub enum Out {
    /// A relay, over this many connections at most.
    Smtp { relay: Box<Relay>, connections: usize },
    /// The demo institution's drawer, to be read in the browser.
    Drawer,
    /// No relay is configured: messages wait.
    Nowhere,
}

pub struct Sender {
    pub out: Out,
    /// Whom mail comes from; its domain is also that of the message ids.
    pub from: Address,
    pub signer: Option<Signer>,
    /// Where answers to it come in.
    pub inbox: Inbox,
    /// What may go on each of the first days.
    pub warm_up: Option<WarmUp>,
    pub(crate) tray: Tray,
    pace: Mutex<Pace>,
    turnstile: Turnstile,
    filling: tokio::sync::Mutex<()>,
    node: OnceCell<i64>,
    idle: Mutex<Vec<Connection>>,
}

impl Sender {
    pub fn new(out: Out, from: Address, signer: Option<Signer>) -> Self {
        Self {
            out,
            from,
            signer,
            inbox: Inbox::default(),
            warm_up: None,
            tray: Tray::default(),
            pace: Mutex::default(),
            turnstile: Turnstile::default(),
            filling: tokio::sync::Mutex::default(),
            node: OnceCell::new(),
            idle: Mutex::default(),
        }
    }

    #[must_use]
    pub fn with_inbox(self, inbox: Inbox) -> Self {
        Self { inbox, ..self }
    }

    #[must_use]
    pub fn with_pace(self, pace: Pace, warm_up: Option<WarmUp>) -> Self {
        Self { pace: Mutex::new(pace), warm_up, ..self }
    }

    pub fn hands(&self) -> usize {
        match &self.out {
            Out::Smtp { connections, .. } => (*connections).max(1),
            Out::Drawer | Out::Nowhere => 1,
        }
    }

    /// Letters written in one transaction: enough for every hand to have some in hand while the next are written, and few enough
    /// that nobody else waits long for the database.
    fn batch(&self) -> usize {
        (self.hands() * 8).clamp(32, 256)
    }

    /// Signs this process in and recovers what dead ones left; safe to call again.
    pub async fn start(&self, house: &House) -> Result<i64> {
        self.node.get_or_try_init(|| recover::start_node(house)).await.copied()
    }

    /// Sends what is due, until there is nothing more for this hand. `false` when there was nothing, or when the house is held.
    pub async fn step(self: &Arc<Self>, house: &House) -> Result<bool> {
        let node = self.start(house).await?;
        match &self.out {
            Out::Nowhere => Ok(false),
            Out::Drawer => self.lay_in_drawer(house, node).await,
            Out::Smtp { relay, .. } => {
                let label = relay.label();
                let at = At { node, relay: &label, warm_up: self.warm_up.as_ref() };
                self.hand(house, relay, &at).await
            }
        }
    }

    /// One hand at work.
    async fn hand(self: &Arc<Self>, house: &House, relay: &Relay, at: &At<'_>) -> Result<bool> {
        let mut worked = false;
        let mut connection = None;
        let mut after = None;
        while let Some(mail) = match after.take() {
            Some(mail) => Some(mail),
            None => self.next(house, at).await?,
        } {
            worked = true;
            let mut open = match connection.take() {
                Some(open) => open,
                None => match self.connect(relay).await {
                    Ok(open) => open,
                    Err(refusal) => {
                        self.heard(house, &mail, &Outcome::Refused(refusal.clone()));
                        let settled = vec![Settled::refused(mail.ask.message, refusal)];
                        self.turnstile.pass(house, at, settled, None).await?;
                        continue;
                    }
                },
            };
            after = self.deliver(house, at, &mut open, mail).await?;
            connection = Some(open).filter(|open| !open.is_broken());
        }
        if let Some(open) = connection {
            self.keep(open).await;
        }
        Ok(worked)
    }

    /// Hands over one mail after another, each envelope behind the body before it, until there is none or the connection ends.
    /// Answers the mail that still has to go, over another connection.
    async fn deliver(
        self: &Arc<Self>,
        house: &House,
        at: &At<'_>,
        open: &mut Connection,
        first: Mailed,
    ) -> Result<Option<Mailed>> {
        let mut settled = Vec::new();
        let mut mail = first;
        loop {
            let addressed = {
                let envelope = open.envelope(&mail.back, &mail.to);
                tokio::pin!(envelope);
                // What became of the last mail is known, and the relay may think about this one for minutes.
                match tokio::time::timeout(PROMPT, &mut envelope).await {
                    Ok(addressed) => addressed,
                    Err(_) => {
                        self.turnstile.pass(house, at, std::mem::take(&mut settled), None).await?;
                        envelope.await
                    }
                }
            };
            let Mailed { ask, to, bytes, .. } = mail;
            let message = ask.message.clone();
            let next = if let Err(refusal) = addressed {
                self.heard_of(house, &to, &Outcome::Refused(refusal.clone()));
                settled.push(Settled::refused(message, refusal));
                None
            } else {
                // Taken before the gate: between its commit and DATA there is nothing to wait for.
                let next = self.at_hand(house, at).await;
                match self.turnstile.pass(house, at, std::mem::take(&mut settled), Some(ask)).await {
                    Ok(Gate::Open(since)) if since.elapsed() <= GOOD_FOR => {
                        let ahead = next.as_ref().map(|next: &Mailed| (&next.back, &next.to));
                        let outcome = open.data_before(&bytes, ahead).await;
                        self.heard_of(house, &to, &outcome);
                        settled.push(Settled { message, fate: Fate::Outcome(outcome) });
                    }
                    Ok(Gate::Open(_)) => settled.push(later(message, house.clock.now())),
                    Ok(Gate::Shut) => {}
                    Err(why) => {
                        // It did not go, whether or not the database had written that it would.
                        tracing::warn!(event = "gate_failed", id = message.id, reason = %why);
                        settled.push(later(message, house.clock.now() + jiff::SignedDuration::from_secs(10)));
                    }
                }
                next
            };
            if open.is_broken() {
                self.turnstile.pass(house, at, settled, None).await?;
                return Ok(next);
            }
            mail = match next {
                Some(next) => next,
                None => match self.at_hand(house, at).await {
                    Some(next) => next,
                    None => {
                        self.turnstile.pass(house, at, settled, None).await?;
                        return Ok(None);
                    }
                },
            };
        }
    }

    /// The next mail, when there is one; waits for those that are being made, and has new ones made.
    async fn next(self: &Arc<Self>, house: &House, at: &At<'_>) -> Result<Option<Mailed>> {
        while !house.stopping().is_cancelled() {
            let now = house.clock.now();
            let until = self.pace().relay_held(now);
            if let Some(until) = until {
                self.give_back(house, at, until).await?;
                return Ok(None);
            }
            match self.tray.take(now) {
                Taken::Pressed(pressed) => {
                    if let Some(mail) = self.whose_turn(house, at, pressed).await? {
                        return Ok(Some(mail));
                    }
                }
                Taken::Wait => self.tray.wait().await,
                Taken::Until(turn) => {
                    if !self.fill(house, at.node).await? {
                        let wait = turn.duration_since(now).unsigned_abs();
                        tokio::time::sleep(wait).await;
                        if let Some(mail) = self.tray.take_soonest() {
                            return Ok(Some(mail));
                        }
                    }
                }
                Taken::Empty => {
                    if !self.fill(house, at.node).await? {
                        return Ok(None);
                    }
                }
            }
        }
        self.give_back(house, at, house.clock.now()).await?;
        Ok(None)
    }

    /// A mail that is ready now; has new ones made when they run low, but waits for none. Whoever asks has a mail in hand, so a
    /// fault here is none of theirs: it is met again by whoever looks for work.
    async fn at_hand(self: &Arc<Self>, house: &House, at: &At<'_>) -> Option<Mailed> {
        if house.stopping().is_cancelled() || self.pace().relay_held(house.clock.now()).is_some() {
            return None;
        }
        let found = async {
            if self.tray.len() < self.batch() / 2 && self.filling.try_lock().is_ok() {
                self.fill(house, at.node).await?;
            }
            while let Taken::Pressed(pressed) = self.tray.take(house.clock.now()) {
                if let Some(mail) = self.whose_turn(house, at, pressed).await? {
                    return Ok(Some(mail));
                }
            }
            Ok::<_, kring_core::Error>(None)
        };
        found.await.unwrap_or_else(|why| {
            tracing::warn!(event = "letters_not_fetched", reason = %why);
            None
        })
    }

    /// Has its receiver had enough for now? Then it waits here for a moment, or in the plan for longer.
    async fn whose_turn(&self, house: &House, at: &At<'_>, pressed: Pressed) -> Result<Option<Mailed>> {
        let mail = match pressed {
            Pressed::Mail(mail) => *mail,
            Pressed::Failed(message) => {
                let settled = vec![Settled { message, fate: Fate::Unwritable }];
                self.turnstile.pass(house, at, settled, None).await?;
                return Ok(None);
            }
        };
        let turn = self.pace().ask(mail.to.domain(), house.clock.now());
        match turn {
            Turn::Now => return Ok(Some(mail)),
            Turn::Soon(turn) => self.tray.park(turn, mail),
            Turn::Later(due) => {
                self.turnstile.pass(house, at, vec![later(mail.ask.message, due)], None).await?;
            }
        }
        Ok(None)
    }

    /// Claims and writes some more, and has them shaped and signed; `false` when nothing is due.
    pub(crate) async fn fill(self: &Arc<Self>, house: &House, node: i64) -> Result<bool> {
        let before = self.tray.len();
        let _filling = self.filling.lock().await;
        // Another hand may have done it while we waited.
        if self.tray.len() > before {
            return Ok(true);
        }
        let mut look = house.read(&Actor::robot()).await?;
        if message::is_held(&mut look).await? || !message::any_due(&mut look).await? {
            return Ok(false);
        }
        drop(look);
        let claimed = write::claim(self, house, node, self.batch()).await?;
        self.tray.press(house, self, claimed.drafts);
        Ok(claimed.found)
    }

    /// Nothing goes for a while: what was written is planned again, as if it had not been tried.
    async fn give_back(&self, house: &House, at: &At<'_>, until: Timestamp) -> Result<()> {
        let settled = self.tray.clear().into_iter().map(|pressed| match pressed {
            Pressed::Mail(mail) => later(mail.ask.message, until),
            Pressed::Failed(message) => Settled { message, fate: Fate::Unwritable },
        });
        self.turnstile.pass(house, at, settled.collect(), None).await.map(drop)
    }

    async fn connect(&self, relay: &Relay) -> std::result::Result<Connection, Refusal> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some(mut connection) = idle else { return Connection::open(relay).await };
            if connection.is_alive() {
                return Ok(connection);
            }
        }
    }

    /// Back among the idle, if the relay still answers and nothing of the last envelope is left.
    async fn keep(&self, mut connection: Connection) {
        if connection.is_alive() && connection.reset().await.is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn heard(&self, house: &House, mail: &Mailed, outcome: &Outcome) {
        self.heard_of(house, &mail.to, outcome);
    }

    fn heard_of(&self, house: &House, to: &Address, outcome: &Outcome) {
        self.pace().heard(to.domain(), outcome, house.clock.now());
    }

    /// Tells the other nodes that this one is alive.
    pub(crate) async fn beat(&self, house: &House) -> Result<()> {
        let node = self.start(house).await?;
        let mut tx = house.write(&Actor::robot()).await?;
        recover::still_here(&mut tx, node).await?;
        tx.commit().await
    }
}

fn later(message: Message, due: Timestamp) -> Settled {
    Settled { message, fate: Fate::Later(due) }
}
