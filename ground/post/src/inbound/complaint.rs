use mail_parser::{Message, MimeHeaders, PartType};

use super::{
    body::clipped,
    bounce::{address, original_id},
};

/// What a provider tells of a user who called our mail unwanted. Providers hide the address more often than not; the
/// mail that the report holds says which of ours it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complaint {
    /// `abuse`, `opt-out`, `fraud`, `virus`, `other`; a report of `not-spam` is none.
    pub feedback: String,
    pub recipient: Option<String>,
    pub message_id: Option<String>,
}

pub(super) fn of(message: &Message<'_>) -> Option<Complaint> {
    let part = message.parts.iter().find(|part| {
        part.content_type().is_some_and(|t| {
            t.ctype().eq_ignore_ascii_case("message")
                && t.subtype().is_some_and(|s| s.eq_ignore_ascii_case("feedback-report"))
        })
    })?;
    let text = match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
            String::from_utf8_lossy(bytes).into_owned()
        }
        PartType::Message(inner) => {
            inner.headers_raw().map(|(name, value)| format!("{name}: {}\n", value.trim())).collect()
        }
        PartType::Multipart(_) => String::new(),
    };
    let mut complaint = Complaint { message_id: original_id(message), ..Complaint::default() };
    for line in clipped(&text, 64 * 1024).lines() {
        let Some((name, value)) = line.split_once(':') else { continue };
        match name.trim().to_lowercase().as_str() {
            "feedback-type" => complaint.feedback = value.trim().to_lowercase(),
            "original-rcpt-to" if complaint.recipient.is_none() => {
                complaint.recipient = Some(address(value)).filter(|a| a.contains('@'));
            }
            _ => {}
        }
    }
    (complaint.feedback != "not-spam").then_some(complaint)
}
