use std::fmt;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use kring_core::Chance;

/// Longer than any subject that is meant well, and far below what receivers accept for all headers.
const LONGEST: usize = 8 * 1024;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadText {
    #[error("a line break or another control character cannot stand here")]
    Control,
    #[error("too long")]
    Long,
    #[error("not of the form that this field asks for")]
    Form,
}

/// Text for a header: any script, emoji, right-to-left; no CR, LF, NUL or other control character, not
/// the C1 ones nor Unicode's own line and paragraph separators either. At most 8 kB; space at the ends
/// is taken off, since folding would not keep it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeaderText(String);

impl HeaderText {
    pub fn new(text: &str) -> Result<Self, BadText> {
        let text = text.trim_matches(' ');
        if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
            return Err(BadText::Control);
        }
        if text.len() > LONGEST {
            return Err(BadText::Long);
        }
        Ok(Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HeaderText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of a header that the mail value does not know itself: only names of our own (`X-…`) and a
/// few harmless ones. A name that decides where a mail goes cannot be written past the typed fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct HeaderName(String);

impl HeaderName {
    pub fn new(name: &str) -> Result<Self, BadText> {
        const OTHERS: [&str; 3] = ["Feedback-ID", "Precedence", "Content-Language"];
        let own = name.len() > 2 && name.get(..2).is_some_and(|head| head.eq_ignore_ascii_case("x-"));
        if !own && !OTHERS.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(BadText::Form);
        }
        if name.len() > 60 || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            return Err(BadText::Form);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A Message-ID with its angle brackets. It is kept before the mail is sent, and a transactional mail
/// that is sent again keeps it, so that the receiver can see that the two are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MessageId(String);

impl MessageId {
    /// A new one: 128 random bits at this domain.
    pub fn new(chance: &Chance, domain: &str) -> Result<Self, BadText> {
        Self::read(&format!("<{}@{domain}>", URL_SAFE_NO_PAD.encode(chance.bytes::<16>())))
    }

    /// Reads one as it stands in a header or in our own table.
    pub fn read(text: &str) -> Result<Self, BadText> {
        let inner = text.strip_prefix('<').and_then(|t| t.strip_suffix('>')).ok_or(BadText::Form)?;
        if text.len() > 250 {
            return Err(BadText::Long);
        }
        let (left, right) = inner.split_once('@').ok_or(BadText::Form)?;
        let plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b'@'))
        };
        if plain(left) && plain(right) { Ok(Self(text.to_owned())) } else { Err(BadText::Form) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MessageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A web address for a header: `https:`, and `http:` on loopback, where the demonstration lives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Link(String);

impl Link {
    pub fn new(url: &str) -> Result<Self, BadText> {
        let local = ["http://localhost", "http://127.0.0.1"].iter().any(|head| {
            url.strip_prefix(head).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']))
        });
        let secure =
            url.strip_prefix("https://").is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'));
        // One line of a header holds at most 998 octets, and a link cannot be folded.
        if url.len() > 900 {
            return Err(BadText::Long);
        }
        let plain = url.bytes().all(|b| b.is_ascii_graphic() && !matches!(b, b'<' | b'>' | b',' | b'"'));
        if (local || secure) && plain { Ok(Self(url.to_owned())) } else { Err(BadText::Form) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A text as header value; `used` is the length of the header's name. Whatever is not plain becomes
/// encoded words as a whole (RFC 2047): mixing them with plain words is where spaces get lost.
pub(crate) fn unstructured(text: &str, used: usize) -> String {
    if is_plain(text) { folded(text, used + 2) } else { encoded_words(text) }
}

/// A name before an address or an id in angle brackets: in quotes, or as encoded words.
pub(crate) fn named(name: &str, inner: &str, used: usize) -> String {
    let phrase = if is_plain(name) {
        folded(&format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")), used + 2)
    } else {
        encoded_words(name)
    };
    let column = phrase.rsplit_once('\n').map_or(used + 2 + phrase.len(), |(_, last)| last.len());
    format!("{phrase}{}<{inner}>", if column + inner.len() + 3 > 76 { "\r\n " } else { " " })
}

/// Printable ASCII in words that fit on a line. What looks like an encoded word is encoded once more,
/// or the receiver would show something else than what was written.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~'))
        && !text.contains("=?")
        && !text.contains("  ")
        && text.split(' ').all(|word| word.len() <= 60)
}

/// Breaks before a space when a line would pass 78.
fn folded(text: &str, used: usize) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut column = used;
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            let full = column + 1 + word.len() > 76;
            out.push_str(if full { "\r\n " } else { " " });
            column = if full { 1 } else { column + 1 };
        }
        out.push_str(word);
        column += word.len();
    }
    out
}

fn encoded_words(text: &str) -> String {
    let mut words = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        // 39 octets become 52 characters, and the word 64. A character is never split over two words.
        let at = rest.char_indices().map(|(i, c)| i + c.len_utf8()).take_while(|end| *end <= 39).last();
        let (head, tail) = rest.split_at_checked(at.unwrap_or(rest.len())).unwrap_or((rest, ""));
        words.push(format!("=?utf-8?B?{}?=", STANDARD.encode(head)));
        rest = tail;
    }
    words.join("\r\n ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keeps_every_script_and_no_control() {
        for good in ["", "Ça va, Zoë O’Brien?", "שלום", "👩🏽‍🎓 diploma", "a  b", "=?utf-8?q?x?="]
        {
            assert_eq!(HeaderText::new(good).unwrap().as_str(), good);
        }
        for bad in
            ["a\rb", "a\nb", "a\r\nBcc: x@y.nl", "a\0", "\ta", "a\u{b}", "a\u{7f}", "a\u{85}b", "a\u{2028}b"]
        {
            assert_eq!(HeaderText::new(bad), Err(BadText::Control), "{bad:?}");
        }
        assert_eq!(HeaderText::new(&"a".repeat(9000)), Err(BadText::Long));
    }

    #[test]
    fn names_ids_and_links_have_their_form() {
        assert!(HeaderName::new("X-Kring-Request").is_ok() && HeaderName::new("precedence").is_ok());
        for bad in ["Bcc", "To", "X-", "X-A:b", "X-A b", "X-A\r\nBcc", "", "Content-Type", "X-é"] {
            assert!(HeaderName::new(bad).is_err(), "{bad:?}");
        }
        let id = MessageId::new(&Chance::seeded(1), "school.nl").unwrap();
        assert_eq!(MessageId::read(id.as_str()), Ok(id));
        for bad in ["a@b", "<a>", "<a@b", "<a@b>\r\n", "<a@b> <c@d>", "<a b@c>", "<@b>", "<a@b@c>", "<é@b>"]
        {
            assert!(MessageId::read(bad).is_err(), "{bad:?}");
        }
        assert!(MessageId::new(&Chance::seeded(1), "school.nl>\r\nBcc: <x").is_err());
        assert!(
            Link::new("https://school.nl/u/abc?x=1&y=%20").is_ok()
                && Link::new("http://127.0.0.1:8080/u").is_ok()
        );
        for bad in [
            "http://school.nl/",
            "http://localhost.evil.nl/",
            "https://",
            "https:///x",
            "javascript:alert(1)",
            "https://school.nl/ x",
            "https://school.nl/>,<mailto:x@y.nl",
            "https://school.nl/\r\nBcc:",
        ] {
            assert!(Link::new(bad).is_err(), "{bad:?}");
        }
    }
}
