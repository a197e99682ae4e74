//! Notices of servers that do not write RFC 3464: qmail, old Exim, Exchange, and what providers made themselves.

use mail_parser::{Message, PartType};

use super::{
    Incoming, all,
    body::clipped,
    bounce::{Failed, address},
    bracketed, status,
};

/// A notice says what it has to say early.
const MOST_WORDS: usize = 32 * 1024;

/// `None`: not a notice, or nobody can tell about whom.
pub(super) fn of(message: &Message<'_>, mail: &Incoming) -> Option<Vec<Failed>> {
    let named = failed_recipients(message);
    if named.is_empty() && !(by_machine(message, mail) && speaks_of_failure(mail)) {
        return None;
    }
    let words = words(message, mail);
    let (about, _) = words.split_at_checked(quote_at(&words)).unwrap_or((&words, ""));
    let delayed = is_delay(mail, about);
    let mut found: Vec<String> = named;
    if found.is_empty() {
        found = addresses(about);
    }
    let failed: Vec<Failed> = found
        .into_iter()
        .map(|recipient| {
            let status = status::enhanced(about).unwrap_or_default();
            let action = if delayed { "delayed" } else { "failed" };
            let permanent = status::is_permanent(action, &status, about);
            Failed { recipient, status, permanent, message_id: None }
        })
        .collect();
    (!failed.is_empty()).then_some(failed)
}

/// Exim and Google name them in a header.
fn failed_recipients(message: &Message<'_>) -> Vec<String> {
    all(message, "X-Failed-Recipients")
        .iter()
        .flat_map(|value| value.split(','))
        .map(address)
        .filter(|a| a.contains('@'))
        .take(100)
        .collect()
}

/// Sent by the mail system: by its name, or with the empty path that only notices have.
fn by_machine(message: &Message<'_>, mail: &Incoming) -> bool {
    const NAMES: [&str; 9] = [
        "mailer-daemon",
        "postmaster",
        "mailerdaemon",
        "mail-daemon",
        "mailer_daemon",
        "maildaemon",
        "mdaemon",
        "bounce",
        "microsoftexchange",
    ];
    let empty = all(message, "Return-Path").first().is_some_and(|path| path == "<>");
    let local = mail.from.as_ref().map(|f| f.address.local().to_lowercase()).unwrap_or_default();
    let nameless = mail.from.is_none()
        && message
            .header_raw("From")
            .is_some_and(|from| NAMES.iter().any(|n| from.to_lowercase().contains(n)));
    empty || nameless || NAMES.iter().any(|n| local.starts_with(n))
}

fn speaks_of_failure(mail: &Incoming) -> bool {
    const SUBJECTS: [&str; 31] = [
        "undeliver",
        "non remis",
        "failure notice",
        "delivery status",
        "delivery fail",
        "delivery has failed",
        "mail delivery",
        "delivery report",
        "delivery problem",
        "delivery notification",
        "delivery error",
        "returned mail",
        "returned to sender",
        "return to sender",
        "mail failure",
        "nondeliver",
        "non-deliver",
        "not delivered",
        "not deliver",
        "could not be delivered",
        "delayed",
        "warning: message",
        "message status",
        "mail system error",
        "message delivery",
        "onbestelbaar",
        "niet afgeleverd",
        "niet bezorgd",
        "unzustellbar",
        "zustellung",
        "échec de",
    ];
    let subject = mail.subject.to_lowercase();
    let begins = clipped(&mail.text, 400).to_lowercase();
    SUBJECTS.iter().any(|s| subject.contains(s))
        || [
            "this is the mail system at host",
            "hi. this is the",
            "this message was created automatically by mail delivery software",
        ]
        .iter()
        .any(|s| begins.contains(s))
}

fn is_delay(mail: &Incoming, about: &str) -> bool {
    let subject = mail.subject.to_lowercase();
    let about = about.to_lowercase();
    ["delayed", "warning: message", "delay)", "still being retried", "vertraagd", "verzögert"]
        .iter()
        .any(|s| subject.contains(s))
        || [
            "will be retried",
            "still trying",
            "no action is required on your part",
            "will keep trying",
            "delivery attempts will continue",
        ]
        .iter()
        .any(|s| about.contains(s))
}

/// What the notice says to people: all its text, the quoted too, since notices begin with what letters end with.
pub(super) fn words(message: &Message<'_>, mail: &Incoming) -> String {
    let mut words = format!("{}\n{}", mail.text, mail.quoted);
    if words.trim().is_empty() {
        for part in message.parts.iter().take(10) {
            if let PartType::Text(text) | PartType::Html(text) = &part.body {
                words.push_str(clipped(text, MOST_WORDS));
            }
        }
    }
    clipped(&words, MOST_WORDS).to_owned()
}

/// Where the mail that came back begins: its own words are not the server's.
fn quote_at(words: &str) -> usize {
    const MARKS: [&str; 10] = [
        "below this line is a copy",
        "this is a copy of the message",
        "original message follows",
        "original message headers",
        "----- original message",
        "------ this is a copy",
        "received: from",
        "original message:",
        "--- message header follows",
        "unsent message",
    ];
    let lower = words.to_ascii_lowercase();
    MARKS.iter().filter_map(|mark| lower.find(mark)).min().unwrap_or(words.len())
}

/// The addresses that the notice is about: those in angle brackets or at the head of a line first, never our own server.
fn addresses(about: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in about.lines().take(400) {
        for word in
            line.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ',' | '[' | ']' | '"')).take(60)
        {
            let word = word.trim_start_matches("mailto:").trim_end_matches(['.', ':', ';', '!']);
            let word = address(word);
            let Some((local, domain)) = word.rsplit_once('@') else { continue };
            let machine = ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk"].contains(&local);
            if !local.is_empty() && domain.contains('.') && !machine && !found.contains(&word) {
                found.push(word);
            }
        }
        // One notice of this kind is about one mail, and ours go to one person each.
        if !found.is_empty() {
            found.truncate(1);
            break;
        }
    }
    found
}

/// A Message-ID in the head of a mail that stands in a text.
pub(super) fn id_in(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for (at, _) in lower.match_indices("message-id:").take(5) {
        let rest = text.get(at + 11..).unwrap_or_default();
        let id = rest.split_whitespace().next().unwrap_or_default();
        if id.starts_with('<') && id.ends_with('>') && id.contains('@') {
            return bracketed(id);
        }
    }
    None
}

pub(super) fn quoted_id(mail: &Incoming) -> Option<String> {
    id_in(&mail.text).or_else(|| id_in(&mail.quoted))
}
