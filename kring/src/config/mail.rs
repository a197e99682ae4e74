//! How mail goes out.

use std::{collections::HashMap, path::PathBuf};

use anyhow::{Context, Result, bail};
use kring_core::Secret;
use kring_post::{Address, Pace, Rates, Relay, Signer, dkim::SigningKey};
use kring_talks::WarmUp;

use super::{Inbox, security, trust};

#[derive(confique::Config)]
pub struct Mail {
    /// Whom mail comes from.
    #[config(env = "KRING_MAIL_FROM", default = "kring@localhost.localdomain")]
    pub from: String,

    /// The mail server that takes our mail. Without one nothing is sent, and messages wait.
    #[config(env = "KRING_MAIL_RELAY")]
    pub relay: Option<String>,

    /// Usually 587 for `starttls`, 465 for `tls`, 25 for `none`.
    #[config(env = "KRING_MAIL_PORT", default = 587)]
    pub port: u16,

    /// `starttls`, `tls` or `none`. There is no "if it is offered".
    #[config(env = "KRING_MAIL_SECURITY", default = "starttls")]
    pub security: String,

    /// A file with the certificates (PEM) of an authority of your own.
    #[config(env = "KRING_MAIL_CA")]
    pub ca: Option<PathBuf>,

    #[config(env = "KRING_MAIL_USER")]
    pub user: Option<String>,

    /// Better in the environment than in this file.
    #[config(env = "KRING_MAIL_PASSWORD")]
    pub password: Option<String>,

    /// Our own host name, as the mail server may check it.
    #[config(env = "KRING_MAIL_HELLO", default = "localhost")]
    pub hello: String,

    /// Connections at once. More are faster: letters that are let through at the same moment share one flush of the disk.
    #[config(env = "KRING_MAIL_CONNECTIONS", default = 4)]
    pub connections: usize,

    /// Mails a second to any one domain, at most: some receivers take it ill when thousands come at once. 0 is no limit.
    #[config(env = "KRING_MAIL_RATE", default = 0)]
    pub rate: u32,

    /// The same for domains by name, such as `["hotmail.com=5"]`; it goes before `rate`.
    #[config(env = "KRING_MAIL_RATES", default = [], parse_env = confique::env::parse::list_by_comma)]
    pub rates: Vec<String>,

    /// For a new sender: how many mails may go on the first day, the second, and so on, such as
    /// `[500, 1000, 2000, 5000, 10000, 20000, 50000]`. After the last there is no limit. Answers to people are counted, and
    /// wait for nothing.
    #[config(env = "KRING_MAIL_WARM_UP", default = [], parse_env = confique::env::parse::list_by_comma)]
    pub warm_up: Vec<u32>,

    /// The first day of it, such as `2027-01-11`.
    #[config(env = "KRING_MAIL_WARM_UP_FROM")]
    pub warm_up_from: Option<String>,

    /// Name and file (PEM) of a DKIM key; `kring dkim NAME` makes one. Without one the mail server must sign, which is
    /// cheaper where there is one of your own.
    #[config(env = "KRING_DKIM_SELECTOR")]
    pub dkim_selector: Option<String>,

    #[config(env = "KRING_DKIM_KEY")]
    pub dkim_key: Option<PathBuf>,

    /// A second key, Ed25519 beside RSA: receivers that do not know the newer kind use the older.
    #[config(env = "KRING_DKIM_SELECTOR_2")]
    pub dkim_selector_2: Option<String>,

    #[config(env = "KRING_DKIM_KEY_2")]
    pub dkim_key_2: Option<PathBuf>,

    #[config(nested)]
    pub inbox: Inbox,
}

impl Mail {
    pub(super) fn relay(&self, host: &str) -> Result<Relay> {
        let m = self;
        let security = security("mail.security", &m.security)?;
        let relay = Relay::new(host, m.port, security, &trust(m.ca.as_ref())?, &m.hello)?;
        Ok(match (&m.user, &m.password) {
            (Some(user), Some(password)) => relay.account(user, Secret::new(password.clone()))?,
            (None, None) => relay,
            _ => bail!("`mail.user` and `mail.password` go together"),
        })
    }

    pub(super) fn signer(&self) -> Result<Option<Signer>> {
        let m = self;
        let keys = [
            ("mail.dkim_selector", &m.dkim_selector, &m.dkim_key),
            ("mail.dkim_selector_2", &m.dkim_selector_2, &m.dkim_key_2),
        ];
        let mut read = Vec::new();
        for (name, selector, file) in keys {
            match (selector, file) {
                (Some(selector), Some(file)) => {
                    let text =
                        std::fs::read_to_string(file).with_context(|| format!("{}", file.display()))?;
                    read.push(SigningKey::read(selector, &Secret::new(text))?);
                }
                (None, None) => {}
                _ => bail!("`{name}` and its key go together"),
            }
        }
        if read.is_empty() {
            return Ok(None);
        }
        Ok(Some(Signer::new(Address::parse(&m.from)?.domain(), read)?))
    }
    pub(super) fn pace(&self) -> Result<Pace> {
        let mut named = HashMap::new();
        for text in &self.rates {
            let read = text.split_once('=').and_then(|(domain, rate)| Some((domain, rate.parse().ok()?)));
            let Some((domain, rate)) = read else {
                bail!("`mail.rates`: {text} is no domain with its mails a second, like hotmail.com=5")
            };
            named.insert(domain.trim().to_ascii_lowercase(), rate);
        }
        Ok(Pace::new(Rates { each: Some(self.rate).filter(|rate| *rate > 0), named }))
    }

    pub(super) fn warm_up(&self) -> Result<Option<WarmUp>> {
        let days: Vec<i64> = self.warm_up.iter().map(|n| i64::from(*n)).collect();
        match &self.warm_up_from {
            _ if days.is_empty() => Ok(None),
            Some(from) => {
                let from = from.parse().context("`mail.warm_up_from` is no day, like 2027-01-11")?;
                Ok(Some(WarmUp { from, days }))
            }
            None => bail!("`mail.warm_up` needs `mail.warm_up_from`: the day on which it begins"),
        }
    }
}
