use std::time::SystemTime;

use kring_core::Timestamp;
use lettre::{
    Message,
    address::Envelope,
    message::{
        Body, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName as Name, HeaderValue},
    },
};
use sha2::{Digest, Sha256};

use crate::{
    Address, BadText, HeaderName, HeaderText, Link, MessageId, Signer,
    text::{named, unstructured},
};

/// A text or HTML body may hold this many bytes.
const MOST_BODY: usize = 10 * 1024 * 1024;
/// RFC 5322, 2.1.1, without the line end.
const LONGEST_LINE: usize = 998;

/// One mail to one person, complete: nothing in its bytes comes from a clock or from chance, so the same
/// value gives the same bytes, today and after a restart.
#[derive(Clone, Debug)]
pub struct Mail {
    pub from: Mailbox,
    pub to: Mailbox,
    pub reply_to: Option<Mailbox>,
    pub subject: HeaderText,
    /// Always there: some people read nothing else.
    pub text: String,
    pub html: Option<String>,
    pub message_id: MessageId,
    pub date: Timestamp,
    /// Sent by a machine of its own accord (RFC 3834): receivers then send no holiday notice back.
    pub auto_submitted: bool,
    /// For everything sent to many; never on an answer to one person.
    pub unsubscribe: Option<Unsubscribe>,
    pub list_id: Option<ListId>,
    pub in_reply_to: Option<MessageId>,
    /// Oldest first.
    pub references: Vec<MessageId>,
    pub extra: Vec<(HeaderName, HeaderText)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub name: Option<HeaderText>,
    pub address: Address,
}

/// Both ways out of a list (RFC 2369); the link is also the one-click way (RFC 8058), so it must take a
/// POST of `List-Unsubscribe=One-Click` without cookies, sign-in or redirect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsubscribe {
    pub link: Link,
    /// Only where incoming mail is read; a way out that nobody watches is a broken promise.
    pub mailto: Option<Address>,
}

/// What groups mails of one kind with the receiver (RFC 2919).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListId {
    name: HeaderText,
    id: String,
}

impl ListId {
    /// `id` is written as a domain of ours, one for each purpose: `nieuws.school.nl`.
    pub fn new(name: HeaderText, id: &str) -> Result<Self, BadText> {
        let fine =
            |label: &str| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if id.len() > 200 {
            return Err(BadText::Long);
        }
        if !id.contains('.') || !id.split('.').all(fine) {
            return Err(BadText::Form);
        }
        Ok(Self { name, id: id.to_ascii_lowercase() })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unmailable {
    #[error("the body is larger than 10 MB")]
    Large,
    /// Ours are always ASCII, so that everybody can answer.
    #[error("the address that a mail comes from or is answered to must be ASCII")]
    NotAscii,
    #[error("a header is longer than a line can be")]
    Long,
    #[error("the mail cannot be composed: {0}")]
    Broken(String),
}

impl Mail {
    /// The mail as it goes behind DATA, before its dots are doubled: 7-bit, no line longer than 998, text
    /// and HTML side by side, signed when there is a signer. The one place where mail is serialised.
    pub fn bytes(&self, signer: Option<&Signer>) -> Result<Vec<u8>, Unmailable> {
        let bodies = self.text.len().max(self.html.as_ref().map_or(0, String::len));
        if bodies > MOST_BODY {
            return Err(Unmailable::Large);
        }
        let answered = self.reply_to.as_ref().map(|mailbox| &mailbox.address);
        if [Some(&self.from.address), answered].into_iter().flatten().any(Address::needs_utf8) {
            return Err(Unmailable::NotAscii);
        }
        let plain = part(ContentType::TEXT_PLAIN, &self.text)?;
        let message = match &self.html {
            None => self.headed()?.singlepart(plain),
            Some(html) => self.headed()?.multipart(
                MultiPart::builder()
                    .kind(MultiPartKind::Alternative)
                    .boundary(self.boundary())
                    .singlepart(plain)
                    .singlepart(part(ContentType::TEXT_HTML, html)?),
            ),
        };
        let bytes = message.map_err(|e| Unmailable::Broken(e.to_string()))?.formatted();
        if bytes.split(|b| *b == b'\n').any(|line| line.len() > LONGEST_LINE + 1) {
            return Err(Unmailable::Long);
        }
        Ok(match signer {
            Some(signer) => signer.sign(&bytes, self.date).map_err(|e| Unmailable::Broken(e.to_string()))?,
            None => bytes,
        })
    }

    fn headed(&self) -> Result<lettre::message::MessageBuilder, Unmailable> {
        let broken = |e: lettre::address::AddressError| Unmailable::Broken(e.to_string());
        let envelope = Envelope::new(Some(self.from.address.inner()), vec![self.to.address.inner()]);
        let envelope = envelope.map_err(|e| Unmailable::Broken(e.to_string()))?;
        // The library asks back for the sender it was given, and reads it from the unencoded value.
        let from = self.from.address.as_str().parse::<lettre::Address>().map_err(broken)?.to_string();
        let mut head = Message::builder()
            .envelope(envelope)
            .raw_header(HeaderValue::dangerous_new_pre_encoded(FROM, from, self.from.encoded(FROM.len())))
            .raw_header(ready(TO, self.to.encoded(TO.len())))
            .raw_header(ready(SUBJECT, unstructured(self.subject.as_str(), SUBJECT.len())))
            .date(SystemTime::from(self.date))
            .raw_header(ready(MESSAGE_ID, self.message_id.to_string()));
        if let Some(mailbox) = &self.reply_to {
            head = head.raw_header(ready(REPLY_TO, mailbox.encoded(REPLY_TO.len())));
        }
        if let Some(id) = &self.in_reply_to {
            head = head.raw_header(ready(IN_REPLY_TO, id.to_string()));
        }
        if !self.references.is_empty() {
            let ids: Vec<_> = self.references.iter().map(MessageId::as_str).collect();
            head = head.raw_header(ready(REFERENCES, ids.join("\r\n ")));
        }
        if self.auto_submitted {
            head = head.raw_header(ready(AUTO_SUBMITTED, "auto-generated".to_owned()));
        }
        if let Some(Unsubscribe { link, mailto }) = &self.unsubscribe {
            let ways = match mailto {
                Some(mailto) => format!("<{}>,\r\n <mailto:{}>", link.as_str(), percent(mailto.as_str())),
                None => format!("<{}>", link.as_str()),
            };
            head = head.raw_header(ready(LIST_UNSUBSCRIBE, ways));
            head = head.raw_header(ready(LIST_UNSUBSCRIBE_POST, "List-Unsubscribe=One-Click".to_owned()));
        }
        if let Some(ListId { name, id }) = &self.list_id {
            head = head.raw_header(ready(LIST_ID, named(name.as_str(), id, LIST_ID.len())));
        }
        for (name, text) in &self.extra {
            let encoded = unstructured(text.as_str(), name.as_str().len());
            let name = Name::new_from_ascii(name.as_str().to_owned())
                .map_err(|e| Unmailable::Broken(e.to_string()))?;
            head = head.raw_header(ready(name, encoded));
        }
        Ok(head)
    }

    /// What separates the parts. Made of the bodies themselves, so no body can contain it.
    fn boundary(&self) -> String {
        let mut hash = Sha256::new();
        for text in [self.message_id.as_str(), &self.text, self.html.as_deref().unwrap_or_default()] {
            hash.update(text.as_bytes());
            hash.update([0]);
        }
        hash.finalize().iter().take(16).fold("kring-".to_owned(), |text, byte| text + &format!("{byte:02x}"))
    }
}

impl Mailbox {
    pub fn new(name: Option<HeaderText>, address: Address) -> Self {
        Self { name, address }
    }

    fn encoded(&self, used: usize) -> String {
        match self.name.as_ref().map(HeaderText::as_str).filter(|name| !name.is_empty()) {
            Some(name) => named(name, self.address.as_str(), used),
            None => self.address.to_string(),
        }
    }
}

const FROM: Name = Name::new_from_ascii_str("From");
const TO: Name = Name::new_from_ascii_str("To");
const REPLY_TO: Name = Name::new_from_ascii_str("Reply-To");
const SUBJECT: Name = Name::new_from_ascii_str("Subject");
const MESSAGE_ID: Name = Name::new_from_ascii_str("Message-ID");
const IN_REPLY_TO: Name = Name::new_from_ascii_str("In-Reply-To");
const REFERENCES: Name = Name::new_from_ascii_str("References");
const AUTO_SUBMITTED: Name = Name::new_from_ascii_str("Auto-Submitted");
const LIST_ID: Name = Name::new_from_ascii_str("List-Id");
const LIST_UNSUBSCRIBE: Name = Name::new_from_ascii_str("List-Unsubscribe");
const LIST_UNSUBSCRIBE_POST: Name = Name::new_from_ascii_str("List-Unsubscribe-Post");

/// A header whose value is encoded and folded already. Every part of it comes out of a type that cannot
/// hold a line break, or out of the encoder; the library's own folding would break addresses and links
/// that are longer than a line.
fn ready(name: Name, encoded: String) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(name, String::new(), encoded)
}

/// Quoted-printable, or base64 where that is shorter: both keep every line below 77 whatever was typed.
fn part(kind: ContentType, text: &str) -> Result<SinglePart, Unmailable> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
    let far = text.bytes().filter(|b| !b.is_ascii()).count();
    let encoding = if far * 5 > text.len() {
        ContentTransferEncoding::Base64
    } else {
        ContentTransferEncoding::QuotedPrintable
    };
    let body = Body::new_with_encoding(text, encoding).map_err(|_| Unmailable::Broken("body".to_owned()))?;
    Ok(SinglePart::builder().header(kind).body(body))
}

/// An address inside a `mailto:` link (RFC 6068, 2): what means something in a link is written in hex.
fn percent(address: &str) -> String {
    address.bytes().fold(String::new(), |text, byte| match byte {
        b if b.is_ascii_alphanumeric() || b"@.-_+!$'*".contains(&b) => text + &char::from(b).to_string(),
        b => text + &format!("%{b:02X}"),
    })
}
