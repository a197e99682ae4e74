//! Where a link may lead: https, mailto and tel. What a field puts into an address is always a piece of its path or
//! query and never its scheme or host, unless the whole address is the field; then it is held to the same schemes.

use url::Url;

use crate::merge::{Bit, bits};

/// Bytes of an address; some mail filters cut longer ones.
const LONGEST: usize = 2_000;

/// The address for a filled-in text, or `None` when it cannot be used.
pub(crate) fn href(marked: &str) -> Option<String> {
    let marked = marked.trim();
    let bits = bits(marked);
    let (first, rest) = bits.split_first()?;
    let prefix = match first {
        Bit::Value(value) if rest.is_empty() => return address(value.trim(), &["https", "mailto", "tel"]),
        Bit::Value(_) => return None,
        Bit::Literal(text) => *text,
    };
    let lower = prefix.to_ascii_lowercase();
    let web = lower.starts_with("https://");
    // A field after `https://school.nl` could go on with `.evil.example`.
    let host_ends = lower.strip_prefix("https://").is_some_and(|after| after.contains(['/', '?', '#']));
    if web && !rest.is_empty() && !host_ends {
        return None;
    }
    let kept: &[u8] = if web { b"-._~" } else { b"-._~@+" };
    let mut out = String::new();
    for bit in &bits {
        match bit {
            Bit::Literal(text) => out.push_str(text),
            Bit::Value(value) => out.push_str(&encoded(value, kept)),
        }
    }
    address(&out, &["https", "mailto", "tel"])
}

/// An address that the house itself gives: its own links, which on a laptop are http.
pub(crate) fn own(text: &str) -> Option<String> {
    address(text.trim(), &["https", "http", "mailto"])
}

/// Where a picture may come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Src {
    Away(String),
    /// A path on our own server.
    Asset(String),
}

pub(crate) fn src(text: &str) -> Option<Src> {
    let text = text.trim();
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~%?=&".contains(&b);
    if text.starts_with('/') {
        // Two slashes begin a host.
        let ours = !text.starts_with("//")
            && text.bytes().all(plain)
            && !text.contains("..")
            && text.len() <= LONGEST;
        return ours.then(|| Src::Asset(text.to_owned()));
    }
    address(text, &["https"]).map(Src::Away)
}

fn address(text: &str, schemes: &[&str]) -> Option<String> {
    if text.len() > LONGEST
        || text.contains(|c: char| c.is_control() || c.is_whitespace() || "<>\"\\{}`".contains(c))
    {
        return None;
    }
    let url = Url::parse(text).ok()?;
    let known = schemes.contains(&url.scheme());
    let web = matches!(url.scheme(), "https" | "http");
    // A name before the host is only ever there to mislead.
    let whole = if web {
        url.has_host() && url.username().is_empty() && url.password().is_none()
    } else {
        !url.path().is_empty() && !url.path().starts_with('/')
    };
    let url = String::from(url);
    (known && whole && url.len() <= LONGEST).then_some(url)
}

/// RFC 3986, 2.1: everything but the unreserved, so that a value stays one piece of an address.
fn encoded(value: &str, kept: &[u8]) -> String {
    let mut out = String::new();
    for b in value.bytes() {
        if b.is_ascii_alphanumeric() || kept.contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Values, merge::merge};

    fn led(source: &str, value: &str) -> Option<String> {
        href(merge(source, &Values::new().with("v", value), 500).unwrap().as_str())
    }

    #[test]
    fn three_schemes_and_nothing_else() {
        for good in ["https://a.example/b?c=d#e", "mailto:a@b.nl", "tel:+31201234567"] {
            assert_eq!(led(good, "").as_deref(), Some(good));
            assert_eq!(led("{{ v }}", good).as_deref(), Some(good));
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,x",
            "http://a.example/",
            "//a.example",
            "/a",
            "a",
            "https:",
            "https://",
            "https://user@a.example/",
            "https://school.nl@a.example/",
            "vbscript:x",
            "mailto:",
            "tel:",
            "file:///etc/passwd",
            "https://a.example/<b>",
            "https://a.example/\"x",
            "blob:https://a.example/",
            "mailto:/x",
        ] {
            assert_eq!(led(bad, ""), None, "{bad}");
            assert_eq!(led("{{ v }}", bad), None, "{bad}");
        }
    }

    #[test]
    fn a_value_stays_a_piece_of_the_path_or_query() {
        assert_eq!(
            led("https://a.example/?q={{ v }}", "x&y=1#z/../ é").as_deref(),
            Some("https://a.example/?q=x%26y%3D1%23z%2F..%2F%20%C3%A9")
        );
        assert_eq!(led("mailto:{{ v }}", "a+b@c.nl").as_deref(), Some("mailto:a+b@c.nl"));
        assert_eq!(
            led("mailto:{{ v }}", "a@b.nl?bcc=x@y.nl").as_deref(),
            Some("mailto:a@b.nl%3Fbcc%3Dx@y.nl")
        );
        for source in [
            "https://{{ v }}",
            "https://a.example{{ v }}",
            "https://{{ v }}.example/",
            "{{ v }}https://a.example/",
            "{{ v }}:x",
            "java{{ v }}:alert(1)",
        ] {
            assert_eq!(led(source, "evil.example"), None, "{source}");
            assert_eq!(led(source, "script"), None, "{source}");
        }
    }

    #[test]
    fn pictures_come_by_https_or_from_ourselves() {
        assert_eq!(src("/assets/a-1.png"), Some(Src::Asset("/assets/a-1.png".to_owned())));
        assert_eq!(src("https://a.example/a.png"), Some(Src::Away("https://a.example/a.png".to_owned())));
        for bad in [
            "",
            "a.png",
            "//a.example/a.png",
            "/../a",
            "/a\"b",
            "http://a.example/a.png",
            "data:image/png;base64,x",
            "/a{{ v }}",
        ] {
            assert_eq!(src(bad), None, "{bad}");
        }
    }
}
