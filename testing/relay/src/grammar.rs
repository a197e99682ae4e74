use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{Mechanism, Script, Tls};

/// The answer to EHLO.
pub(crate) fn hello(script: &Script, secured: bool) -> String {
    let mut lines = vec!["relay.test".to_owned(), "8BITMIME".to_owned()];
    if script.pipelining {
        lines.push("PIPELINING".to_owned());
    }
    if script.smtputf8 {
        lines.push("SMTPUTF8".to_owned());
    }
    if let Some(size) = script.size {
        lines.push(format!("SIZE {size}"));
    }
    if script.tls == Tls::StartTls && !secured {
        lines.push("STARTTLS".to_owned());
    }
    if script.account.is_some() {
        let names = script.mechanisms.iter().map(|m| match m {
            Mechanism::Plain => " PLAIN",
            Mechanism::Login => " LOGIN",
        });
        lines.push(format!("AUTH{}", names.collect::<String>()));
    }
    format!("250-{}\r\n250 ENHANCEDSTATUSCODES\r\n", lines.join("\r\n250-"))
}

/// The address between the angle brackets of `FROM:<…>` or `TO:<…>`.
pub(crate) fn path(rest: &str, word: &str) -> Option<String> {
    let head = rest.get(..word.len())?;
    let tail = rest.get(word.len()..)?.trim_start().strip_prefix('<')?;
    let end = tail.rfind('>')?;
    head.eq_ignore_ascii_case(word).then(|| tail.get(..end).unwrap_or_default().to_owned())
}

/// What AUTH sends; nonsense is nothing.
pub(crate) fn decoded(text: &str) -> String {
    String::from_utf8_lossy(&STANDARD.decode(text.trim()).unwrap_or_default()).into_owned()
}

/// Takes the doubled dots off the line starts.
pub(crate) fn unstuff(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut line_start = true;
    for &byte in raw {
        if !(line_start && byte == b'.') {
            out.push(byte);
        }
        line_start = out.ends_with(b"\r\n") && byte == b'\n';
    }
    out
}

/// Whether a CR or LF stands without its other half.
pub(crate) fn bare_line_end(raw: &[u8]) -> bool {
    let mut before = 0;
    for &byte in raw {
        if (byte == b'\n') != (before == b'\r') {
            return true;
        }
        before = byte;
    }
    before == b'\r'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dots_and_line_ends_are_read_exactly() {
        assert_eq!(unstuff(b"..a\r\n.\r\n...\r\nb.\r\n"), b".a\r\n\r\n..\r\nb.\r\n");
        assert!(!bare_line_end(b"a\r\n\r\nb\r\n"));
        for bad in [&b"a\nb\r\n"[..], b"a\rb\r\n", b"a\r\r\n", b"a\n\r\n", b"a\r"] {
            assert!(bare_line_end(bad), "{bad:?}");
        }
    }
}
