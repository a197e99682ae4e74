//! What every answer carries so that a browser guards the visitor, and the two checks on what a browser
//! sends: where a request came from, and whose session it is.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// How much an answer gives away, and so how it may be kept and what it may tell the next site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Pages about people: nothing keeps a copy.
    Personal,
    /// Public pages whose address is itself a secret (a survey link, a preference page): no copy, and no
    /// other site hears the address.
    SecretLink,
    /// What is the same for everybody; the handler sets how long it may be kept.
    Shared,
}

/// Everything comes from our own server, nothing runs inline, and nobody frames us. Data URLs are for
/// images only, which style sheets of ours use for small shapes. We frame only ourselves: a letter as its
/// reader gets it, on a page that may have been reached from one without (a page keeps the policy with which
/// it was first loaded).
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
     frame-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), \
     payment=(), usb=(), browsing-topics=()",
);
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");

/// Puts the security headers on an answer. A policy that the handler already set stays: it had a reason.
/// `https` is whether the site's address is one; the header it adds would lock visitors out otherwise.
pub fn secure(headers: &mut HeaderMap, keeping: Keeping, https: bool) {
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    set(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
    let referrer = match keeping {
        Keeping::SecretLink => "no-referrer",
        Keeping::Personal | Keeping::Shared => "same-origin",
    };
    set(header::REFERRER_POLICY, HeaderValue::from_static(referrer));
    if keeping != Keeping::Shared {
        set(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
}

/// Whether an unsafe request (anything but GET and HEAD) came from a page of ours. Browsers tell by
/// `Sec-Fetch-Site`, which no page can forge, and older ones by `Origin`. A request with neither is
/// refused: programs have the API and its keys, and need no cookie.
///
/// Why no token in each form: it would have to live in a session or a cookie, which public pages do not
/// have, and it breaks a form that was left open overnight.
pub fn same_origin(headers: &HeaderMap, own_origins: &[String]) -> bool {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    match (text("sec-fetch-site"), text("origin")) {
        // "none" is the person himself: a bookmark, a reload of an answered form.
        (Some("same-origin" | "none"), _) => true,
        (Some(_), _) | (None, None) => false,
        (None, Some(origin)) => own_origins.iter().any(|own| own.eq_ignore_ascii_case(origin)),
    }
}

/// The session cookie. Its `__Host-` prefix makes the browser refuse it from a subdomain or over plain
/// http. Only a site on plain http at this very machine (the demo, a test) goes without, as a browser
/// would otherwise drop it silently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    secure: bool,
}

impl SessionCookie {
    /// For the site's own address, such as `https://kring.meerland.example` or `http://127.0.0.1:8080`.
    pub fn for_site(address: &str) -> Self {
        Self { secure: !is_http_loopback(address) }
    }

    pub const fn name(self) -> &'static str {
        if self.secure { "__Host-kring" } else { "kring" }
    }

    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        cookie(headers, self.name())
    }

    /// `Set-Cookie` for a session of this many seconds; `None` when the value has no place in a header.
    pub fn set(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        self.line(value, seconds)
    }

    /// `Set-Cookie` that ends the session.
    pub fn clear(self) -> Option<HeaderValue> {
        self.line("", 0)
    }

    fn line(self, value: &str, seconds: i64) -> Option<HeaderValue> {
        let secure = if self.secure { "; Secure" } else { "" };
        let line =
            format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", self.name());
        HeaderValue::try_from(line).ok()
    }
}

/// A cookie by name, from however many `Cookie` headers there are.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().split_once('=').filter(|(key, _)| *key == name).map(|(_, value)| value))
}

/// Whether an address is plain http to this very machine.
pub fn is_http_loopback(address: &str) -> bool {
    let Some(rest) = address.strip_prefix("http://") else { return false };
    let host = rest.split(['/', '?']).next().unwrap_or_default();
    let name = match host.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    name == "localhost"
        || name.ends_with(".localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.append(*name, HeaderValue::from_static(value));
        }
        map
    }

    #[test]
    fn every_answer_is_guarded_and_a_handler_may_know_better() {
        let mut map = headers(&[("cache-control", "private, max-age=60")]);
        secure(&mut map, Keeping::Personal, true);
        assert_eq!(map["cache-control"], "private, max-age=60");
        assert_eq!(map["x-content-type-options"], "nosniff");
        assert!(map["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
        assert!(map.contains_key("strict-transport-security"));
        assert_eq!(map["referrer-policy"], "same-origin");

        let mut map = HeaderMap::new();
        secure(&mut map, Keeping::SecretLink, false);
        assert_eq!(
            (&map["referrer-policy"], &map["cache-control"]),
            (&"no-referrer".parse().unwrap(), &"no-store".parse().unwrap())
        );
        assert!(!map.contains_key("strict-transport-security"));

        let mut map = HeaderMap::new();
        secure(&mut map, Keeping::Shared, false);
        assert!(!map.contains_key("cache-control"));
    }

    #[test]
    fn only_our_own_pages_may_post() {
        let own = ["https://kring.example".to_owned()];
        for (sent, allowed) in [
            (&[("sec-fetch-site", "same-origin")][..], true),
            (&[("sec-fetch-site", "none")], true),
            (&[("sec-fetch-site", "same-site"), ("origin", "https://kring.example")], false),
            (&[("sec-fetch-site", "cross-site")], false),
            (&[("origin", "https://kring.example")], true),
            (&[("origin", "https://kring.example.evil.test")], false),
            (&[("origin", "http://kring.example")], false),
            (&[("origin", "null")], false),
            (&[], false),
        ] {
            assert_eq!(same_origin(&headers(sent), &own), allowed, "{sent:?}");
        }
    }

    #[test]
    fn the_cookie_fits_the_site() {
        let real = SessionCookie::for_site("https://kring.example");
        let line = real.set("abc", 3600).unwrap();
        assert_eq!(line, "__Host-kring=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=3600; Secure");
        let demo = SessionCookie::for_site("http://127.0.0.1:8080");
        assert_eq!(demo.clear().unwrap(), "kring=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
        assert!(real.set("a\nb", 1).is_none());
        let sent = headers(&[("cookie", "a=1; kring=x"), ("cookie", "__Host-kring=y=z")]);
        assert_eq!((demo.read(&sent), real.read(&sent)), (Some("x"), Some("y=z")));
        assert_eq!(real.read(&HeaderMap::new()), None);
    }

    #[test]
    fn loopback_is_this_machine_only() {
        for own in ["http://localhost:1", "http://127.9.9.9", "http://[::1]:8080/x", "http://a.localhost"] {
            assert!(is_http_loopback(own), "{own}");
        }
        for other in
            ["https://localhost", "http://localhost.evil.test", "http://10.0.0.1", "http://[::2]", ""]
        {
            assert!(!is_http_loopback(other), "{other}");
        }
    }
}
