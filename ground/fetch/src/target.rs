use std::net::IpAddr;

use ipnet::IpNet;
use thiserror::Error;
use url::{Host, Url};

use crate::is_public;

/// Where this client may go. The defaults are the narrow ones: port 443 of the open internet.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Networks of the institution's own that may be reached although they are not public.
    pub also: Vec<IpNet>,
    pub ports: Vec<u16>,
    /// `host:port` of a proxy that takes CONNECT. It then does the looking up, and decides what may be reached.
    pub proxy: Option<String>,
}

impl Default for Rules {
    fn default() -> Self {
        Self { also: Vec::new(), ports: vec![443], proxy: None }
    }
}

impl Rules {
    /// Whether a socket to this address may be opened.
    pub fn allow(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || self.also.iter().any(|net| net.contains(&address))
    }
}

/// An address that was read, and may be tried. That its name leads somewhere allowed is known when it is connected to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    url: Url,
    port: u16,
}

/// What is wrong with an address as somebody typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BadTarget {
    #[error("not an address that begins with https://")]
    NotHttps,
    #[error("a name or a password before the host")]
    Credentials,
    #[error("a port that is not allowed")]
    Port,
    #[error("an address inside a network")]
    Inside,
    #[error("longer than 1,000 characters")]
    TooLong,
}

impl Target {
    /// The longest address that is taken, in bytes.
    pub const LONGEST: usize = 1_000;

    /// Reads as browsers read (WHATWG), so that `https://0x7f.1/` is understood as what it is: 127.0.0.1.
    pub fn read(text: &str, rules: &Rules) -> Result<Self, BadTarget> {
        if text.len() > Self::LONGEST {
            return Err(BadTarget::TooLong);
        }
        let mut url = Url::parse(text.trim()).map_err(|_| BadTarget::NotHttps)?;
        if url.scheme() != "https" {
            return Err(BadTarget::NotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BadTarget::Credentials);
        }
        let port =
            url.port_or_known_default().filter(|port| rules.ports.contains(port)).ok_or(BadTarget::Port)?;
        url.set_fragment(None);
        let inside = match url.host() {
            Some(Host::Ipv4(v4)) => !rules.allow(v4.into()),
            Some(Host::Ipv6(v6)) => !rules.allow(v6.into()),
            Some(Host::Domain(name)) => is_local_name(name) && rules.also.is_empty(),
            None => return Err(BadTarget::NotHttps),
        };
        if inside { Err(BadTarget::Inside) } else { Ok(Self { url, port }) }
    }

    pub fn as_str(&self) -> &str {
        self.url.as_str()
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// The host as a header or a lookup wants it: a name, or an address in brackets when it is IPv6.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub(crate) fn address(&self) -> Option<IpAddr> {
        match self.url.host() {
            Some(Host::Ipv4(v4)) => Some(v4.into()),
            Some(Host::Ipv6(v6)) => Some(v6.into()),
            _ => None,
        }
    }

    /// What stands in the request line.
    pub(crate) fn path(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

/// A name that no public server of names knows: said while it is typed, rather than when it is first tried.
fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    !name.contains('.')
        || [".localhost", ".local", ".internal", ".home.arpa"].iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Target, BadTarget> {
        Target::read(text, &Rules::default())
    }

    #[test]
    fn every_spelling_of_an_address_inside_is_refused() {
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://127.0.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://0177.0.0.01/",
            "https://017700000001/",
            "https://0/",
            "https://0.0.0.0/",
            "https://127.0.0.1./",
            "https://[::1]/",
            "https://[::]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::127.0.0.1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[fd00:ec2::254]/",
            "https://[ff02::1]/",
            "https://10.0.0.1/",
            "https://10.1/",
            "https://0xa.0.0.1/",
            "https://012.0.0.1/",
            "https://167772161/",
            "https://172.16.0.1/",
            "https://172.31.255.255/",
            "https://192.168.1.1/",
            "https://192.168.257/",
            "https://3232235777/",
            "https://169.254.169.254/latest/meta-data/",
            "https://2852039166/",
            "https://0xa9fea9fe/",
            "https://0251.0376.0251.0376/",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://１２７.０.０.１/",
            "https://①②⑦.⓪.⓪.①/",
            "https://127。0。0。1/",
            "https://%31%32%37.0.0.1/",
            "https://localhost/",
            "https://LOCALHOST/",
            "https://localhost./",
            "https://kring/",
            "https://a.localhost/",
            "https://printer.local/",
            "https://metadata.google.internal/",
            "https://router.home.arpa/",
        ] {
            assert_eq!(read(text), Err(BadTarget::Inside), "{text}");
        }
    }

    #[test]
    fn only_https_without_a_password_to_a_port_of_the_list() {
        assert_eq!(read("http://crm.example.nl/hook"), Err(BadTarget::NotHttps));
        assert_eq!(read("ftp://crm.example.nl"), Err(BadTarget::NotHttps));
        assert_eq!(read("file:///etc/passwd"), Err(BadTarget::NotHttps));
        assert_eq!(read("crm.example.nl"), Err(BadTarget::NotHttps));
        assert_eq!(read("https://"), Err(BadTarget::NotHttps));
        assert_eq!(read("https://jan@crm.example.nl/"), Err(BadTarget::Credentials));
        assert_eq!(read("https://jan:geheim@crm.example.nl/"), Err(BadTarget::Credentials));
        assert_eq!(read("https://crm.example.nl:22/"), Err(BadTarget::Port));
        assert_eq!(read(&format!("https://crm.example.nl/{}", "a".repeat(1_000))), Err(BadTarget::TooLong));
        let fine = read(" https://crm.example.nl/hook?from=kring#part ").unwrap();
        assert_eq!((fine.as_str(), fine.port()), ("https://crm.example.nl/hook?from=kring", 443));
        assert_eq!(fine.path(), "/hook?from=kring");
    }

    #[test]
    fn a_network_of_our_own_is_reached_when_the_operator_says_so() {
        let rules = Rules { also: vec!["10.20.0.0/16".parse().unwrap()], ..Rules::default() };
        assert!(Target::read("https://10.20.3.4/", &rules).is_ok());
        assert!(Target::read("https://crm.internal/", &rules).is_ok(), "its name may lead there");
        assert_eq!(Target::read("https://10.21.3.4/", &rules), Err(BadTarget::Inside));
    }
}
