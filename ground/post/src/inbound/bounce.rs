//! Mail of ours that came back. First as RFC 3464 asks for it, then as servers do it (`odd.rs`).

use mail_parser::{Message, MimeHeaders, PartType};

use super::{Incoming, body::clipped, bracketed, odd, status};

/// More recipients in one notice are not looked at; ours go to one each.
const MOST_FAILED: usize = 100;

/// One recipient whom a mail of ours did not reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// As the server names it, in lower case; not always an address that we know.
    pub recipient: String,
    /// The enhanced code, as far as there is one: `5.1.1`.
    pub status: String,
    /// Nobody reads mail at this address, and nobody will. A full mailbox is not that, nor a mail that was not wanted.
    pub permanent: bool,
    /// Which mail of ours it was.
    pub message_id: Option<String>,
}

/// `None` is no bounce.
pub(super) fn of(message: &Message<'_>, mail: &Incoming) -> Option<Vec<Failed>> {
    let report = report_of(message, 0);
    let ours = || {
        original_id(message)
            .or_else(|| odd::quoted_id(mail))
            .or_else(|| mail.answers().first().map(|id| (*id).to_owned()))
    };
    if let Some(report) = report {
        let said = odd::words(message, mail);
        let failed = recipients(&report, &said, ours().as_deref());
        // A report of success is an answer by a machine and no bounce; one without recipients is read like a letter.
        if !failed.is_empty() {
            return Some(failed);
        }
        if delivered(&report) {
            return None;
        }
    }
    odd::of(message, mail).map(|found| {
        let id = ours();
        found.into_iter().take(MOST_FAILED).map(|f| Failed { message_id: id.clone(), ..f }).collect()
    })
}

/// The machine-readable part, wherever it stands; some servers wrap the notice once more.
fn report_of(message: &Message<'_>, depth: u8) -> Option<String> {
    for part in &message.parts {
        let kind = part.content_type();
        let is = kind.is_some_and(|t| {
            t.ctype().eq_ignore_ascii_case("message")
                && t.subtype().is_some_and(|s| {
                    s.eq_ignore_ascii_case("delivery-status")
                        || s.eq_ignore_ascii_case("global-delivery-status")
                })
        });
        if is {
            return match &part.body {
                PartType::Text(text) | PartType::Html(text) => Some(clipped(text, 64 * 1024).to_owned()),
                PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                    Some(clipped(&String::from_utf8_lossy(bytes), 64 * 1024).to_owned())
                }
                // Taken for a mail by a server that gave it no blank line: its headers are the fields.
                PartType::Message(inner) => Some(
                    inner
                        .headers_raw()
                        .map(|(name, value)| format!("{name}: {}\n", value.trim()))
                        .collect::<String>(),
                ),
                PartType::Multipart(_) => None,
            };
        }
    }
    // Only in a report: a mail that somebody forwards may hold a bounce of somebody else's.
    let wrapped =
        message.content_type().is_some_and(|t| t.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report")));
    if wrapped && depth < 2 {
        return message.parts.iter().find_map(|part| match &part.body {
            PartType::Message(inner) => report_of(inner, depth + 1),
            _ => None,
        });
    }
    None
}

#[derive(Default)]
struct Fields {
    recipient: String,
    action: String,
    status: String,
    said: String,
}

/// The blocks of the report. Not every server keeps the blank lines, so a second recipient begins a new block too.
fn blocks(report: &str) -> Vec<Fields> {
    let mut all = Vec::new();
    let mut now = Fields::default();
    for (name, value) in unfolded(report) {
        let recipient = matches!(name.as_str(), "final-recipient" | "original-recipient");
        if recipient && !now.recipient.is_empty() && !(now.action.is_empty() && now.status.is_empty()) {
            all.push(std::mem::take(&mut now));
        }
        match name.as_str() {
            "original-recipient" => now.recipient = address(&value),
            "final-recipient" if now.recipient.is_empty() => now.recipient = address(&value),
            "action" => now.action = value.split_whitespace().next().unwrap_or_default().to_lowercase(),
            "status" => now.status = status::enhanced(&value).unwrap_or_default(),
            "diagnostic-code" => now.said = value,
            _ => {}
        }
        if all.len() >= MOST_FAILED {
            break;
        }
    }
    all.push(now);
    all.retain(|f| !f.recipient.is_empty());
    all
}

fn recipients(report: &str, words: &str, ours: Option<&str>) -> Vec<Failed> {
    let all = blocks(report);
    let alone = all.len() == 1;
    all.into_iter()
        .filter(|f| matches!(f.action.as_str(), "failed" | "delayed" | "") || f.action.starts_with("fail"))
        .map(|f| {
            // What the notice says to people is about its one recipient; about several, nobody can tell.
            let said = match (f.said.is_empty(), alone) {
                (false, _) => f.said.clone(),
                (true, true) => words.to_owned(),
                (true, false) => String::new(),
            };
            let code = status::enhanced(&f.said)
                .filter(|code| f.status.ends_with(".0.0") || code.starts_with(&f.status));
            let status = code.unwrap_or(f.status);
            let permanent = status::is_permanent(&f.action, &status, &said);
            Failed { recipient: f.recipient, status, permanent, message_id: ours.map(str::to_owned) }
        })
        .collect()
}

fn delivered(report: &str) -> bool {
    blocks(report).iter().any(|f| matches!(f.action.as_str(), "delivered" | "relayed" | "expanded"))
}

fn unfolded(report: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in report.lines().take(10_000) {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = all.last_mut()
                && value.len() < 4_000
            {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            all.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    all
}

/// `rfc822; <An@School.nl>` as `an@school.nl`.
pub(super) fn address(value: &str) -> String {
    let value = value.split_once(';').map_or(value, |(_, rest)| rest);
    let value = value.trim().trim_matches(['<', '>', '"', '\'']).trim();
    let value = value.split_whitespace().next().unwrap_or_default().trim_matches(['<', '>', ':', ',', ';']);
    clipped(value, 320).to_lowercase()
}

/// The Message-ID of the mail that is in the notice, as a whole or its head only.
pub(super) fn original_id(message: &Message<'_>) -> Option<String> {
    message.parts.iter().find_map(|part| match &part.body {
        PartType::Message(inner) => inner.message_id().and_then(bracketed).or_else(|| original_id(inner)),
        PartType::Text(text) if is_head(part) => odd::id_in(text),
        PartType::Binary(bytes) if is_head(part) => odd::id_in(&String::from_utf8_lossy(bytes)),
        _ => None,
    })
}

fn is_head(part: &mail_parser::MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|t| {
        t.subtype().is_some_and(|s| {
            ["rfc822-headers", "global-headers", "rfc822"].iter().any(|known| s.eq_ignore_ascii_case(known))
        })
    })
}
