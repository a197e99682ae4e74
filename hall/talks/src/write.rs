//! Claims messages that are due and writes their letters, many in one transaction: what is read for one is read for all. Links
//! made for a letter exist only if its claim does.

use std::collections::HashMap;

use kring_consent::{Link as Choice, MessageClass, Quiet, facts_of_many, may, new_links, own_of_many};
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Actor, Content, Envelope, House, PersonId, Still, Tx};
use kring_people::{contact, person};
use kring_post::{Address, HeaderText, Link, Mail, Mailbox, MessageId, Unmailable, Unsubscribe};

use crate::{
    Sender, dialogue, fate,
    gate::{Ask, PAUSE, envelope, first_reason, grouped, pick, read, stills},
    inbound::ways,
    message::{self, Message},
    shape::{Shaped, frame_lang, shape_content},
    warm,
};

/// A message with all that its mail is made of.
pub(crate) struct Draft {
    pub message: Message,
    pub to: Address,
    /// Whither it comes back when it cannot be delivered.
    pub back: Address,
    mail_id: MessageId,
    words: Words,
    unsubscribe: Option<String>,
    ways: ways::Ways,
    name: String,
    date: Timestamp,
}

/// What it says. A turn of a thread has its shape already, since the thread keeps the words; the others get it when the
/// database is not waiting for them.
enum Words {
    Content(Content),
    Shaped(Shaped),
}

/// A mail as it goes, and what the gate asks about it.
pub(crate) struct Mailed {
    pub ask: Ask,
    pub to: Address,
    pub back: Address,
    pub bytes: Vec<u8>,
    pub html: String,
}

/// What a claim came to.
pub(crate) struct Claimed {
    pub drafts: Vec<Draft>,
    /// Claimed, written or dealt with; none is nothing due.
    pub found: bool,
}

/// Claims so many at most, and writes.
pub(crate) async fn claim(sender: &Sender, house: &House, node: i64, most: usize) -> Result<Claimed> {
    match together(sender, house, node, most).await {
        Ok(claimed) => Ok(claimed),
        // One of them cannot be written: the others must not wait for it.
        Err((why, claimed)) if claimed.len() > 1 => {
            tracing::warn!(event = "letters_one_by_one", reason = %why);
            let mut all = Claimed { drafts: Vec::new(), found: true };
            for _ in claimed {
                let one = alone(sender, house, node).await?;
                all.drafts.extend(one.drafts);
            }
            Ok(all)
        }
        Err((why, claimed)) => failed(house, why, claimed).await,
    }
}

async fn alone(sender: &Sender, house: &House, node: i64) -> Result<Claimed> {
    match together(sender, house, node, 1).await {
        Ok(claimed) => Ok(claimed),
        Err((why, claimed)) => failed(house, why, claimed).await,
    }
}

async fn failed(house: &House, why: Error, claimed: Vec<Message>) -> Result<Claimed> {
    let Some(message) = claimed.into_iter().next() else { return Err(why) };
    tracing::warn!(event = "letter_failed", id = message.id, reason = %why);
    // The claim is undone, and with it the fence that it had raised.
    let message = Message { fence: message.fence - 1, ..message };
    let mut tx = house.write(&Actor::robot()).await?;
    fate::unwritable(&mut tx, &message).await?;
    tx.commit().await?;
    Ok(Claimed { drafts: Vec::new(), found: true })
}

/// One transaction; when it fails, also what it had claimed, which is as it was.
async fn together(
    sender: &Sender,
    house: &House,
    node: i64,
    most: usize,
) -> std::result::Result<Claimed, (Error, Vec<Message>)> {
    let mut claimed = Vec::new();
    let done = async {
        let mut tx = house.write(&Actor::robot()).await?;
        let standing = message::standing(&mut tx).await?;
        claimed = message::claim(&mut tx, node, standing.epoch, most).await?;
        claimed.sort_by_key(|m| m.id);
        let drafts = write(&mut tx, sender, standing.stopped, &claimed).await?;
        tx.commit().await?;
        Ok::<_, Error>(drafts)
    };
    match done.await {
        Ok(drafts) => Ok(Claimed { drafts, found: !claimed.is_empty() }),
        Err(why) => Err((why, claimed)),
    }
}

async fn write(tx: &mut Tx, sender: &Sender, stopped: bool, claimed: &[Message]) -> Result<Vec<Draft>> {
    let going = may_begin(tx, sender, claimed).await?;
    let people: Vec<PersonId> = going.iter().map(|m| m.person).collect();
    let emails = contact::emails_of(tx, &people).await?;
    let known = person::load_many(tx, &people).await?;
    let mut addressed = Vec::new();
    for m in going {
        let Some(email) = emails.get(&m.person) else {
            fate::refuse(tx, m, "no-mail-address").await?;
            continue;
        };
        match Address::parse(email) {
            Ok(to) => addressed.push((m, to)),
            Err(_) => fate::refuse(tx, m, "bad-address").await?,
        }
    }
    let mut written = letters(tx, stopped, addressed).await?;
    let announced: Vec<&Message> =
        written.iter().filter(|(m, ..)| m.class == MessageClass::Announcement).map(|(m, ..)| *m).collect();
    let wanted: Vec<Choice> = announced
        .iter()
        .map(|m| Choice { person: m.person, purpose: m.purpose, channel: m.channel })
        .collect();
    let links: Vec<_> = new_links(tx, &wanted).await?;
    let mut links: HashMap<i64, _> = announced.iter().map(|m| m.id).zip(links).collect();
    let mut drafts = Vec::new();
    for (m, to, content) in written.drain(..) {
        let site = &tx.house().settings.site;
        let unsubscribe = links
            .remove(&m.id)
            .map(|token| format!("{site}/choices/{}?lang={}", token.reveal(), frame_lang(&content)));
        let name = known.get(&m.person).map(|person| person.display_name.clone()).unwrap_or_default();
        drafts.push(draft(tx, sender, m, to, content, unsubscribe, name).await?);
    }
    Ok(drafts)
}

/// Those that are not put off or refused before there is anything to write. Comfort, not permission: the gate asks again.
async fn may_begin<'a>(tx: &mut Tx, sender: &Sender, claimed: &'a [Message]) -> Result<Vec<&'a Message>> {
    let mut going: Vec<&Message> = Vec::new();
    let mut left = warm::left(tx, sender.warm_up.as_ref()).await?;
    let people: Vec<PersonId> = claimed.iter().map(|m| m.person).collect();
    let own = own_of_many(tx, &people).await?;
    let (now, zone) = (tx.now(), tx.house().settings.zone.clone());
    let tomorrow = warm::tomorrow(tx);
    for m in claimed {
        if m.class == MessageClass::Announcement {
            let quiet = own.get(&m.person).and_then(|own| own.quiet).unwrap_or(Quiet::HOUSE);
            let morning = quiet.after(now, &zone);
            if morning > now {
                fate::later(tx, m, morning, None).await?;
                continue;
            }
            if left == Some(0) {
                fate::later(tx, m, tomorrow, Some("warm-up")).await?;
                continue;
            }
            left = left.map(|n| n - 1);
        }
        going.push(m);
    }
    let mut allowed: Vec<&Message> = Vec::new();
    for ((purpose, channel), places) in grouped(&going, |m| (m.purpose.as_str(), m.channel.as_str())) {
        let (purpose, channel) = read(purpose, channel)?;
        let people: Vec<PersonId> = pick(&going, &places).map(|m| m.person).collect();
        let facts = facts_of_many(tx, &people, purpose, channel, None).await?;
        for m in places.iter().filter_map(|place| going.get(*place)) {
            let facts = facts.get(&m.person).ok_or(Error::NotFound)?;
            let verdict = may(facts, purpose, channel, m.class);
            if verdict.allowed {
                allowed.push(m);
            } else {
                let why = first_reason(tx, m, &verdict).await?;
                fate::refuse(tx, m, why).await?;
            }
        }
    }
    Ok(allowed)
}

/// What the rooms have to say, where they still want to say it.
async fn letters<'a>(
    tx: &mut Tx,
    stopped: bool,
    addressed: Vec<(&'a Message, Address)>,
) -> Result<Vec<(&'a Message, Address, Content)>> {
    let messages: Vec<&Message> = addressed.iter().map(|(m, _)| *m).collect();
    let answers = stills(tx, stopped, &messages).await?;
    let mut wanted = Vec::new();
    for ((m, to), still) in addressed.into_iter().zip(answers) {
        match still {
            Still::Go => wanted.push((m, Some(to))),
            Still::Later => {
                let pause = tx.now() + PAUSE;
                fate::later(tx, m, pause, None).await?;
            }
            Still::Never => fate::refuse(tx, m, "stopped").await?,
        }
    }
    let house = tx.house().clone();
    let messages: Vec<&Message> = wanted.iter().map(|(m, _)| *m).collect();
    let mut written = Vec::new();
    for (kind, places) in grouped(&messages, |m| m.kind.as_str()) {
        let envelopes: Vec<Envelope> = pick(&messages, &places).map(envelope).collect();
        let said = house.rooms.letters(tx, kind, &envelopes).await?;
        for (place, said) in places.into_iter().zip(said) {
            let Some((m, to)) = wanted.get_mut(place) else { continue };
            match (said, to.take()) {
                (Some(content), Some(to)) => written.push((*m, to, content)),
                _ => fate::refuse(tx, m, "not-needed").await?,
            }
        }
    }
    Ok(written)
}

async fn draft(
    tx: &mut Tx,
    sender: &Sender,
    m: &Message,
    to: Address,
    content: Content,
    unsubscribe: Option<String>,
    name: String,
) -> Result<Draft> {
    let of = match &content {
        Content::Composed(composed) => composed.dialogue.map(Id::new),
        Content::Letter(_) => None,
    };
    // Written in a thread, it comes back to that thread.
    let message = Message { dialogue: of.or(m.dialogue), ..m.clone() };
    let words = match (of, &content) {
        (Some(dialogue), Content::Composed(composed)) => {
            let settings = tx.house().settings.clone();
            let shaped =
                shape_content(&content, &settings.institution, &settings.site, unsubscribe.as_deref())?;
            dialogue::carried(tx, dialogue, m.id, &composed.tongue, &shaped.kept).await?;
            Words::Shaped(shaped)
        }
        _ => Words::Content(content),
    };
    let mail_id = match &m.mail_id {
        // Sent again it keeps its name, so that the receiver can see that the two are one.
        Some(known) => MessageId::read(known).map_err(Error::broken)?,
        None => MessageId::new(&tx.house().chance, sender.from.domain()).map_err(Error::broken)?,
    };
    let ways = ways::back(tx, sender, &message).await?;
    let (back, date) = (ways.back.clone(), tx.now());
    Ok(Draft { message, to, back, mail_id, words, unsubscribe, ways, name, date })
}

impl Draft {
    /// Gives it its shape and signs it: all of the work that needs no database, and most of what there is to do.
    pub(crate) fn mailed(self, house: &House, sender: &Sender) -> Result<Mailed> {
        let settings = &house.settings;
        let shaped = match self.words {
            Words::Shaped(shaped) => shaped,
            Words::Content(content) => {
                shape_content(&content, &settings.institution, &settings.site, self.unsubscribe.as_deref())?
            }
        };
        let institution = || HeaderText::new(&settings.institution).ok();
        let unsubscribe = match &self.unsubscribe {
            Some(url) => {
                let link = Link::new(url).map_err(Error::broken)?;
                Some(Unsubscribe { link, mailto: self.ways.stop })
            }
            None => None,
        };
        let mail = Mail {
            from: Mailbox::new(institution(), sender.from.clone()),
            to: Mailbox::new(HeaderText::new(&self.name).ok(), self.to.clone()),
            reply_to: self.ways.reply.map(|address| Mailbox::new(institution(), address)),
            subject: HeaderText::new(&shaped.subject).map_err(Error::broken)?,
            text: shaped.text,
            html: Some(shaped.html),
            message_id: self.mail_id.clone(),
            date: self.date,
            auto_submitted: self.message.kind != "desk.answer",
            unsubscribe,
            list_id: None,
            references: self.ways.answers.iter().cloned().collect(),
            in_reply_to: self.ways.answers,
            extra: Vec::new(),
        };
        let bytes = mail.bytes(sender.signer.as_ref()).map_err(|why: Unmailable| Error::broken(why))?;
        let ask =
            Ask { message: self.message, mail_id: self.mail_id, subject: shaped.subject, kept: shaped.kept };
        Ok(Mailed { ask, to: self.to, back: self.back, bytes, html: mail.html.unwrap_or_default() })
    }
}
