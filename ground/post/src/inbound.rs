//! Mail in: raw bytes become a value, or a reason why they do not. Pure: no clock, no network, no database; the same
//! bytes give the same value for as long as [`PARSER`] stays the same. Whatever comes, it does not panic, and it stays
//! within the limits below: the library that takes MIME apart has none of its own.

mod automatic;
mod body;
mod bounce;
mod complaint;
mod limits;
mod odd;
mod status;
mod verdict;

use kring_core::Timestamp;
use mail_parser::{Address as Header, HeaderValue, Message, MessageParser, MimeHeaders};

pub use bounce::Failed;
pub use complaint::Complaint;
pub use limits::{MOST_BYTES, Unreadable};
pub use verdict::Verdict;

use crate::Address;

/// Goes up when the same bytes are read otherwise than before, so that old mail can be read again.
pub const PARSER: i64 = 1;

/// Names of addresses and ids that are kept of one mail: more is no correspondence.
const MOST_NAMES: usize = 200;

/// A mail as it came in.
#[derive(Clone, Debug, PartialEq)]
pub struct Incoming {
    /// With its angle brackets, as all ids here.
    pub message_id: Option<String>,
    pub in_reply_to: Vec<String>,
    /// Oldest first.
    pub references: Vec<String>,
    pub from: Option<From>,
    /// Whom it was sent to and where it was delivered, in lower case: `To`, `Cc`, `Delivered-To`, `X-Original-To`.
    pub to: Vec<String>,
    pub subject: String,
    /// What is new in it.
    pub text: String,
    /// What it quotes of earlier mails, and signatures.
    pub quoted: String,
    pub date: Option<Timestamp>,
    pub attachments: Vec<Attachment>,
    pub kind: Kind,
    authentication: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct From {
    pub name: String,
    pub address: Address,
}

/// What hangs on a mail. The bytes stay in the mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    pub name: String,
    /// `application/pdf`.
    pub kind: String,
    /// Bytes, decoded.
    pub size: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Somebody wrote it.
    Letter,
    /// Mail of ours did not arrive, or not yet.
    Bounce(Vec<Failed>),
    /// A provider tells that its user called our mail unwanted (RFC 5965).
    Complaint(Complaint),
    /// A machine answered: a holiday notice, a receipt, a list.
    Automatic,
    /// Nothing but "stop".
    Unsubscribe,
}

/// Reads a mail.
pub fn read(raw: &[u8]) -> Result<Incoming, Unreadable> {
    limits::before(raw)?;
    // The library promises not to panic; this keeps the promise for it, since one mail may not stop the others.
    let parsed = std::panic::catch_unwind(|| parsed(raw));
    parsed.unwrap_or(Err(Unreadable::Broken))
}

fn parsed(raw: &[u8]) -> Result<Incoming, Unreadable> {
    let message = MessageParser::default().parse(raw).ok_or(Unreadable::Empty)?;
    limits::after(&message)?;
    // What has neither sender nor date nor subject is a text, perhaps, but no mail.
    if message.from().is_none()
        && message.date().is_none()
        && message.subject().is_none()
        && message.message_id().is_none()
    {
        return Err(Unreadable::Empty);
    }
    let body = body::of(&message);
    let mut mail = Incoming {
        message_id: message.message_id().and_then(bracketed),
        in_reply_to: ids(message.in_reply_to()),
        references: ids(message.references()),
        from: message.from().or(message.sender()).and_then(from),
        to: delivered(&message),
        subject: body::line(message.subject().unwrap_or_default(), 300),
        text: body.new,
        quoted: body.quoted,
        date: message.date().and_then(|d| Timestamp::from_second(d.to_timestamp()).ok()),
        attachments: attachments(&message),
        kind: Kind::Letter,
        authentication: all(&message, "Authentication-Results"),
    };
    mail.kind = kind(&message, &mail);
    Ok(mail)
}

fn kind(message: &Message<'_>, mail: &Incoming) -> Kind {
    if let Some(complaint) = complaint::of(message) {
        return Kind::Complaint(complaint);
    }
    if let Some(failed) = bounce::of(message, mail) {
        return Kind::Bounce(failed);
    }
    if automatic::is(message, mail) {
        return Kind::Automatic;
    }
    if body::only_stop(mail) { Kind::Unsubscribe } else { Kind::Letter }
}

impl Incoming {
    /// What our own mail server found out about the sender; `server` is the name it signs its results with.
    pub fn verdict(&self, server: &str) -> Verdict {
        verdict::of(&self.authentication, server)
    }

    /// Every id this mail names as what it answers, the nearest first.
    pub fn answers(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        for id in self.in_reply_to.iter().chain(self.references.iter().rev()) {
            if !all.contains(&id.as_str()) {
                all.push(id);
            }
        }
        all
    }
}

fn bracketed(id: &str) -> Option<String> {
    let id = id.trim().trim_start_matches('<').trim_end_matches('>');
    let plain = !id.is_empty() && id.len() <= 250 && id.chars().all(|c| c.is_ascii_graphic());
    plain.then(|| format!("<{id}>"))
}

fn ids(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Text(id) => bracketed(id).into_iter().collect(),
        HeaderValue::TextList(list) => list.iter().filter_map(|id| bracketed(id)).take(MOST_NAMES).collect(),
        _ => Vec::new(),
    }
}

fn from(header: &Header<'_>) -> Option<From> {
    let first = header.iter().find(|a| a.address().is_some())?;
    let address = Address::parse(first.address()?.trim()).ok()?;
    Some(From { name: body::line(first.name().unwrap_or_default(), 120), address })
}

fn delivered(message: &Message<'_>) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for header in message.all_to().chain(message.all_cc()) {
        all.extend(header.iter().filter_map(|a| a.address()).map(str::to_owned).take(MOST_NAMES));
    }
    for name in ["Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"] {
        all.extend(self::all(message, name));
    }
    let mut kept: Vec<String> = Vec::new();
    for address in all {
        let address = address.trim().trim_matches(['<', '>']).to_lowercase();
        if address.contains('@')
            && address.len() <= 254
            && !kept.contains(&address)
            && kept.len() < MOST_NAMES
        {
            kept.push(address);
        }
    }
    kept
}

/// All values of a header, unfolded, topmost first.
fn all(message: &Message<'_>, name: &str) -> Vec<String> {
    message
        .headers_raw()
        .filter(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.split_whitespace().collect::<Vec<_>>().join(" "))
        .take(MOST_NAMES)
        .collect()
}

fn attachments(message: &Message<'_>) -> Vec<Attachment> {
    message
        .attachments()
        .take(MOST_NAMES)
        .map(|part| Attachment {
            name: body::line(part.attachment_name().unwrap_or_default(), 120),
            kind: part.content_type().map_or_else(
                || "text/plain".to_owned(),
                |t| body::line(&format!("{}/{}", t.ctype(), t.subtype().unwrap_or("*")), 80).to_lowercase(),
            ),
            size: part.len(),
        })
        .collect()
}
