//! The one way out. Each hand claims one message, writes its letter, opens the way to the recipient, and then,
//! in one transaction immediately before DATA, asks everything again; only that commit permits DATA.

use std::sync::{Mutex, PoisonError};

use jiff::SignedDuration;
use kring_consent::{MessageClass, facts_of, may, new_link, quiet_of};
use kring_core::{Error, Id, Result};
use kring_frame::{Actor, Content, House, MessageDoubtful, Still, Tx, params, sql};
use kring_people::{contact, person};
use kring_post::{
    Address, Connection, HeaderText, Link, Mail, Mailbox, MessageId, Outcome, Refusal, Relay, Signer,
    Unsubscribe,
};
use tokio::sync::OnceCell;

use crate::{
    Inbox, dialogue,
    gate::{Gate, PAUSE, about, envelope, epoch, first_reason, gate, refuse, sent, still},
    inbound::ways,
    message::{self, Message},
    recover,
    shape::{Shaped, frame_lang, shape_content},
};

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
    node: OnceCell<i64>,
    idle: Mutex<Vec<Connection>>,
}

/// A message with its letter, ready to be handed over.
pub(crate) struct Draft {
    pub message: Message,
    to: Address,
    /// Whither it comes back when it cannot be delivered.
    back: Address,
    pub mail_id: MessageId,
    pub shaped: Shaped,
    bytes: Vec<u8>,
}

impl Sender {
    pub fn new(out: Out, from: Address, signer: Option<Signer>) -> Self {
        Self { out, from, signer, inbox: Inbox::default(), node: OnceCell::new(), idle: Mutex::default() }
    }

    #[must_use]
    pub fn with_inbox(self, inbox: Inbox) -> Self {
        Self { inbox, ..self }
    }

    pub fn hands(&self) -> usize {
        match &self.out {
            Out::Smtp { connections, .. } => (*connections).max(1),
            Out::Drawer | Out::Nowhere => 1,
        }
    }

    /// Signs this process in and recovers what dead ones left; safe to call again.
    pub async fn start(&self, house: &House) -> Result<i64> {
        self.node.get_or_try_init(|| recover::start_node(house)).await.copied()
    }

    /// Sends one message. `false` when nothing is due, or when the house is held.
    pub async fn step(&self, house: &House) -> Result<bool> {
        let node = self.start(house).await?;
        if matches!(self.out, Out::Nowhere) {
            return Ok(false);
        }
        let mut look = house.read(&Actor::robot()).await?;
        if message::is_held(&mut look).await? || !message::any_due(&mut look).await? {
            return Ok(false);
        }
        drop(look);
        let Some(claimed) = self.claim(house, node).await? else { return Ok(false) };
        let Some(draft) = claimed else { return Ok(true) };
        match &self.out {
            Out::Drawer => self.lay_in_drawer(house, node, draft).await?,
            Out::Nowhere => return Ok(false),
            Out::Smtp { relay, .. } => self.hand_over(house, node, relay, draft).await?,
        }
        Ok(true)
    }

    /// Claims and writes. The inner `None` means that the message was dealt with without being sent.
    async fn claim(&self, house: &House, node: i64) -> Result<Option<Option<Draft>>> {
        let mut tx = house.write(&Actor::robot()).await?;
        let epoch = epoch(&mut tx).await?;
        let Some(message) = message::claim(&mut tx, node, epoch).await? else { return Ok(None) };
        let outcome = self.write_letter(&mut tx, &message).await;
        match outcome {
            Ok(Written::Ready(draft)) => {
                tx.commit().await?;
                Ok(Some(Some(*draft)))
            }
            Ok(Written::Later(due)) => {
                tx.run(
                    sql!("update messages set state = 'planned', due_at = $2, attempts = attempts - 1 where id = $1"),
                    params![message.id, due],
                )
                .await?;
                tx.commit().await?;
                Ok(Some(None))
            }
            Ok(Written::Not(reason)) => {
                refuse(&mut tx, &message, &reason).await?;
                tx.commit().await?;
                Ok(Some(None))
            }
            Err(why) => {
                // A letter that cannot be written keeps its place, but not at the front. The claim is undone, and
                // with it the fence that it had raised.
                drop(tx);
                let message = Message { fence: message.fence - 1, ..message };
                let mut tx = house.write(&Actor::robot()).await?;
                tracing::warn!(event = "letter_failed", id = message.id, reason = %why);
                if message.attempts >= 8 {
                    refuse(&mut tx, &message, "unwritable").await?;
                } else {
                    let due = tx.now() + patience(message.attempts);
                    tx.run(
                        sql!("update messages set due_at = $2, attempts = attempts + 1, reason = 'unwritable' where id = $1"),
                        params![message.id, due],
                    )
                    .await?;
                }
                tx.commit().await?;
                Ok(Some(None))
            }
        }
    }

    async fn write_letter(&self, tx: &mut Tx, m: &Message) -> Result<Written> {
        if m.class == MessageClass::Announcement {
            let quiet = quiet_of(tx, m.person).await?;
            let morning = quiet.after(tx.now(), &tx.house().settings.zone);
            if morning > tx.now() {
                return Ok(Written::Later(morning));
            }
        }
        // Comfort, not permission: what is refused here need not be written. The gate asks again.
        let facts = facts_of(tx, m.person, m.purpose, m.channel).await?;
        let verdict = may(&facts, m.purpose, m.channel, m.class);
        if !verdict.allowed {
            return Ok(Written::Not(first_reason(tx, m, &verdict).await?.to_owned()));
        }
        let Some(letter) = tx.house().rooms.letter(&m.kind) else {
            return Err(Error::broken(format!("no letter of kind {}", m.kind)));
        };
        let Some(address) = contact::email_of(tx, m.person).await? else {
            return Ok(Written::Not("no-mail-address".into()));
        };
        let Ok(to) = Address::parse(&address) else { return Ok(Written::Not("bad-address".into())) };
        let envelope = envelope(m);
        match still(tx, m).await? {
            Still::Go => {}
            Still::Later => return Ok(Written::Later(tx.now() + PAUSE)),
            Still::Never => return Ok(Written::Not("stopped".into())),
        }
        let Some(letter) = letter(tx, envelope).await? else { return Ok(Written::Not("not-needed".into())) };
        let unsubscribe = if m.class == MessageClass::Announcement {
            let token = new_link(tx, m.person, m.purpose, m.channel).await?;
            let site = &tx.house().settings.site;
            Some(format!("{site}/choices/{}?lang={}", token.reveal(), frame_lang(&letter)))
        } else {
            None
        };
        let settings = tx.house().settings.clone();
        let shaped = shape_content(&letter, &settings.institution, &settings.site, unsubscribe.as_deref())?;
        if let Content::Composed(composed) = &letter
            && let Some(dialogue) = composed.dialogue.map(Id::new)
        {
            dialogue::carried(tx, dialogue, m.id, &composed.tongue, &shaped.kept).await?;
        }
        // Written in a thread, it comes back to that thread.
        let threaded = match &letter {
            Content::Composed(composed) => composed.dialogue.map(Id::new).or(m.dialogue),
            Content::Letter(_) => m.dialogue,
        };
        let m = &Message { dialogue: threaded, ..m.clone() };
        let mail_id = match &m.mail_id {
            // Sent again it keeps its name, so that the receiver can see that the two are one.
            Some(known) => MessageId::read(known).map_err(Error::broken)?,
            None => MessageId::new(&tx.house().chance, self.from.domain()).map_err(Error::broken)?,
        };
        let name = person::load(tx, m.person).await?.display_name;
        let ways = ways::back(tx, self, m).await?;
        let mail = Mail {
            from: Mailbox::new(HeaderText::new(&settings.institution).ok(), self.from.clone()),
            to: Mailbox::new(HeaderText::new(&name).ok(), to.clone()),
            reply_to: ways
                .reply
                .map(|address| Mailbox::new(HeaderText::new(&settings.institution).ok(), address)),
            subject: HeaderText::new(&shaped.subject).map_err(Error::broken)?,
            text: shaped.text.clone(),
            html: Some(shaped.html.clone()),
            message_id: mail_id.clone(),
            date: tx.now(),
            auto_submitted: m.kind != "desk.answer",
            unsubscribe: match &unsubscribe {
                Some(url) => {
                    Some(Unsubscribe { link: Link::new(url).map_err(Error::broken)?, mailto: ways.stop })
                }
                None => None,
            },
            list_id: None,
            references: ways.answers.iter().cloned().collect(),
            in_reply_to: ways.answers,
            extra: Vec::new(),
        };
        let bytes = mail.bytes(self.signer.as_ref()).map_err(Error::broken)?;
        Ok(Written::Ready(Box::new(Draft {
            message: m.clone(),
            to,
            back: ways.back,
            mail_id,
            shaped,
            bytes,
        })))
    }

    async fn lay_in_drawer(&self, house: &House, node: i64, draft: Draft) -> Result<()> {
        let mut tx = house.write(&Actor::robot()).await?;
        if let Gate::Open = gate(&mut tx, node, &draft, "drawer").await? {
            let now = tx.now();
            tx.run(
                sql!(
                    "insert into drawer (message_id, person_id, to_address, subject, raw, html, at) values ($1, $2, $3, $4, $5, $6, $7)"
                ),
                params![
                    draft.message.id,
                    draft.message.person,
                    draft.to.as_str(),
                    &draft.shaped.subject,
                    draft.bytes.as_slice(),
                    &draft.shaped.html,
                    now
                ],
            )
            .await?;
            sent(&mut tx, &draft.message).await?;
        }
        tx.commit().await
    }

    async fn hand_over(&self, house: &House, node: i64, relay: &Relay, draft: Draft) -> Result<()> {
        let mut connection = match self.connect(relay).await {
            Ok(connection) => connection,
            Err(refusal) => return self.put_back(house, &draft.message, &refusal).await,
        };
        if let Err(refusal) = connection.envelope(&draft.back, &draft.to).await {
            self.keep(connection).await;
            return self.put_back(house, &draft.message, &refusal).await;
        }
        let mut tx = house.write(&Actor::robot()).await?;
        let verdict = gate(&mut tx, node, &draft, &relay.label()).await?;
        tx.commit().await?;
        if let Gate::Shut = verdict {
            self.keep(connection).await;
            return Ok(());
        }
        let outcome = connection.data(&draft.bytes).await;
        self.keep(connection).await;
        self.note_outcome(house, &draft.message, outcome).await
    }

    async fn connect(&self, relay: &Relay) -> Result<Connection, Refusal> {
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

    /// The relay did not take it, certainly: for good, or until later.
    async fn put_back(&self, house: &House, m: &Message, refusal: &Refusal) -> Result<()> {
        let mut tx = house.write(&Actor::robot()).await?;
        let age = tx.now().duration_since(m.created_at);
        if refusal.permanent || age > SignedDuration::from_hours(5 * 24) {
            refuse(&mut tx, m, &code(refusal)).await?;
        } else {
            let due = tx.now() + patience(m.attempts);
            tx.run(
                sql!(
                    "update messages set state = 'planned', node_id = null, due_at = $3, reason = $4
                     where id = $1 and fence = $2 and state in ('claimed', 'data')"
                ),
                params![m.id, m.fence, due, code(refusal)],
            )
            .await?;
        }
        tx.commit().await
    }

    /// Writes down the relay's answer. It must not get lost for a database that is busy for a moment; if it
    /// does all the same, the message becomes doubtful, which is true.
    async fn note_outcome(&self, house: &House, m: &Message, outcome: Outcome) -> Result<()> {
        let mut last = Ok(());
        for _ in 0..5 {
            last = self.try_outcome(house, m, &outcome).await;
            if last.is_ok() {
                return Ok(());
            }
            tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        }
        last
    }

    async fn try_outcome(&self, house: &House, m: &Message, outcome: &Outcome) -> Result<()> {
        match outcome {
            Outcome::Refused(refusal) => self.put_back(house, m, refusal).await,
            Outcome::Sent { .. } => {
                let mut tx = house.write(&Actor::robot()).await?;
                sent(&mut tx, m).await?;
                tx.commit().await
            }
            Outcome::Doubtful { .. } => {
                let mut tx = house.write(&Actor::robot()).await?;
                let n = tx
                    .run(
                        sql!(
                            "update messages set state = 'doubtful', reason = 'no_answer' where id = $1 and fence = $2 and state = 'data'"
                        ),
                        params![m.id, m.fence],
                    )
                    .await?;
                if n == 1 {
                    let told =
                        MessageDoubtful { purpose: m.purpose.to_string(), channel: m.channel.to_string() };
                    tx.tell(about(m), &told).await?;
                }
                tx.commit().await
            }
        }
    }
}

enum Written {
    Ready(Box<Draft>),
    Later(kring_core::Timestamp),
    Not(String),
}

/// A code for the table; the relay's own words may quote an address and go to nobody but the log.
fn code(refusal: &Refusal) -> String {
    tracing::info!(event = "relay_refused", code = refusal.code, permanent = refusal.permanent);
    match refusal.code {
        Some(code) => format!("smtp-{code}"),
        None => "no-relay".to_owned(),
    }
}

/// 10 s, 1 min, 5 min, then half an hour: a relay that is gone for a moment costs a moment.
fn patience(attempts: i64) -> SignedDuration {
    SignedDuration::from_secs(match attempts {
        ..=1 => 10,
        2 => 60,
        3 => 300,
        _ => 1800,
    })
}

impl Sender {
    /// Tells the other nodes that this one is alive.
    pub(crate) async fn beat(&self, house: &House) -> Result<()> {
        let node = self.start(house).await?;
        let mut tx = house.write(&Actor::robot()).await?;
        recover::still_here(&mut tx, node).await?;
        tx.commit().await
    }
}
