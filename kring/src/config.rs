//! Configuration: one file and the environment, read once. `kring config` prints a sample made from these comments.

mod mail;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use anyhow::{Context, Result, bail};
use confique::Config as _;
use kring_core::Secret;
use kring_db::Place;
use kring_fetch::{Client, Rules};
use kring_frame::Settings;
use kring_post::{Address, Security, Trust, imap::Server, lmtp::Listen};
use kring_talks::{Mailbox, Out, Sender};

pub use self::mail::Mail;
use crate::rooms::Ways;

/// Where Kring looks for its configuration when no file is named.
pub const DEFAULT_FILE: &str = "kring.toml";

#[derive(confique::Config)]
pub struct Config {
    /// Where to listen. Kring speaks plain HTTP here; put a reverse proxy with TLS before it when it is reached from
    /// elsewhere.
    #[config(env = "KRING_LISTEN", default = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The address by which people reach the site, such as `https://kring.school.nl`, without a slash at the end. Links
    /// in mails begin with it, and browsers' cookies are bound to it. Without it: where we listen.
    #[config(env = "KRING_SITE")]
    pub site: Option<String>,

    /// The name of the institution, as pages and mails show it.
    #[config(env = "KRING_INSTITUTION", default = "Kring")]
    pub institution: String,

    /// The time zone of the institution.
    #[config(env = "KRING_ZONE", default = "Europe/Amsterdam")]
    pub zone: String,

    /// The folder with the database file and the key of the trail. Back up the key apart from the database.
    #[config(env = "KRING_DATA", default = "data")]
    pub data: PathBuf,

    /// A PostgreSQL database instead of the file: `postgres://user:password@host/name`. Every node needs the same
    /// `trail.key` in its data folder.
    #[config(env = "KRING_DATABASE_URL")]
    pub database_url: Option<String>,

    /// Reverse proxies whose `X-Forwarded-For` is believed.
    #[config(env = "KRING_PROXIES", default = [], parse_env = confique::env::parse::list_by_comma)]
    pub proxies: Vec<std::net::IpAddr>,

    #[config(nested)]
    pub mail: Mail,

    #[config(nested)]
    pub webhooks: Webhooks,
}

/// Telling other systems what happens here. Who manages Kring decides which systems are told what; here it is decided
/// where they may be at all.
#[derive(confique::Config)]
pub struct Webhooks {
    #[config(env = "KRING_WEBHOOKS", default = false)]
    pub on: bool,

    /// Networks of your own that may be reached, such as `10.20.0.0/16`. Without them: only the open internet.
    #[config(env = "KRING_WEBHOOKS_NETWORKS", default = [], parse_env = confique::env::parse::list_by_comma)]
    pub networks: Vec<String>,

    /// Ports that may be reached, always with TLS.
    #[config(env = "KRING_WEBHOOKS_PORTS", default = [443], parse_env = confique::env::parse::list_by_comma)]
    pub ports: Vec<u16>,

    /// An HTTP proxy through which everything goes, as `host:port`. It then decides what may be reached.
    #[config(env = "KRING_WEBHOOKS_PROXY")]
    pub proxy: Option<String>,

    /// A file with the certificates (PEM) of an authority of your own.
    #[config(env = "KRING_WEBHOOKS_CA")]
    pub ca: Option<PathBuf>,
}

/// Mail that comes in: answers, questions, what came back. Over LMTP from a mail server on the same machine, out of a
/// mailbox over IMAP, or both. Without either, nothing comes in, and letters ask for no answer.
#[derive(confique::Config)]
pub struct Inbox {
    /// The address that answers go to, such as `reply@school.nl`. Each letter asks to be answered at an address of its own
    /// (`reply+d12-…@school.nl`), so everything that begins with `reply+` must come in here, too. What cannot be delivered
    /// comes back to such an address. Its domain is best that of `mail.from`.
    #[config(env = "KRING_MAIL_REPLY")]
    pub reply: Option<String>,

    /// Where a mail server on this machine hands over mail by LMTP: `127.0.0.1:2424`, or `unix:/run/kring/lmtp`. Nobody
    /// is asked who they are, so nothing but loopback and sockets is possible.
    #[config(env = "KRING_MAIL_LMTP")]
    pub lmtp: Option<String>,

    /// The server of a mailbox that only Kring reads. All that lies in it is read in.
    #[config(env = "KRING_MAIL_IMAP")]
    pub imap: Option<String>,

    /// Usually 993 for `tls`, 143 for `starttls`.
    #[config(env = "KRING_MAIL_IMAP_PORT", default = 993)]
    pub port: u16,

    /// `tls` or `starttls`; `none` only on loopback.
    #[config(env = "KRING_MAIL_IMAP_SECURITY", default = "tls")]
    pub security: String,

    /// A file with the certificates (PEM) of an authority of your own.
    #[config(env = "KRING_MAIL_IMAP_CA")]
    pub ca: Option<PathBuf>,

    #[config(env = "KRING_MAIL_IMAP_USER")]
    pub user: Option<String>,

    /// Better in the environment than in this file.
    #[config(env = "KRING_MAIL_IMAP_PASSWORD")]
    pub password: Option<String>,

    #[config(env = "KRING_MAIL_IMAP_FOLDER", default = "INBOX")]
    pub folder: String,

    /// The folder to which mail is moved once it is kept. Empty: it stays where it is, marked as read.
    #[config(env = "KRING_MAIL_IMAP_DONE", default = "Kring")]
    pub done: String,

    /// The name with which your own mail server signs `Authentication-Results`. With it, mail whose sender it calls forged
    /// waits for a decision. Your server must take away such headers that others wrote.
    #[config(env = "KRING_MAIL_TRUSTED")]
    pub trusted: Option<String>,
}

impl Config {
    /// The environment first, then the file, then the defaults.
    pub fn read(file: Option<&PathBuf>) -> Result<Self> {
        let named = file.cloned();
        if let Some(path) = &named
            && !path.exists()
        {
            bail!("{} is not there; `kring config` prints a sample to begin with", path.display());
        }
        let config = Self::builder()
            .env()
            .file(named.unwrap_or_else(|| DEFAULT_FILE.into()))
            .load()
            .context("the configuration cannot be used")?;
        if config.site().ends_with('/') || !config.site().starts_with("http") {
            bail!("`site` must be an address like https://kring.school.nl, without a slash at the end");
        }
        Ok(config)
    }

    /// Where people reach us.
    pub fn site(&self) -> String {
        self.site.clone().unwrap_or_else(|| format!("http://{}", self.listen))
    }

    pub fn sample() -> String {
        confique::toml::template::<Self>(confique::toml::FormatOptions::default())
    }

    pub fn place(&self) -> Result<Place> {
        Ok(match &self.database_url {
            Some(url) => Place::Postgres(Secret::new(url.clone())),
            None => {
                std::fs::create_dir_all(&self.data)
                    .with_context(|| format!("the data folder {} cannot be made", self.data.display()))?;
                Place::Sqlite(self.data.join("kring.db"))
            }
        })
    }

    pub fn settings(&self, demo: bool) -> Result<Settings> {
        let zone =
            jiff::tz::TimeZone::get(&self.zone).with_context(|| format!("no time zone {}", self.zone))?;
        Ok(Settings {
            site: self.site(),
            institution: self.institution.clone(),
            zone,
            keep: Some(self.data.clone()),
            trail_key: crate::keys::trail_key(&self.data)?,
            demo,
            proxies: self.proxies.clone(),
        })
    }

    /// The ways out of the house. The demo institution may tell whatever system its visitor names.
    pub fn ways(&self, demo: bool) -> Result<Ways> {
        let webhooks = (self.webhooks.on || demo).then(|| self.webhooks.client()).transpose()?;
        Ok(Ways { sender: Arc::new(self.sender(demo)?), webhooks })
    }

    /// The way out for mail; the demo's is its drawer.
    pub fn sender(&self, demo: bool) -> Result<Sender> {
        let from = Address::parse(&self.mail.from).context("`mail.from` is not a mail address")?;
        let out = match (&self.mail.relay, demo) {
            (Some(host), _) => {
                Out::Smtp { relay: Box::new(self.mail.relay(host)?), connections: self.mail.connections }
            }
            (None, true) => Out::Drawer,
            (None, false) => Out::Nowhere,
        };
        let sender = Sender::new(out, from, self.mail.signer()?).with_inbox(self.mail.inbox.ways()?);
        Ok(sender.with_pace(self.mail.pace()?, self.mail.warm_up()?))
    }
}

fn security(name: &str, text: &str) -> Result<Security> {
    Ok(match text {
        "starttls" => Security::StartTls,
        "tls" => Security::Implicit,
        "none" => Security::None,
        other => bail!("`{name}` is {other}; choose starttls, tls or none"),
    })
}

fn trust(ca: Option<&PathBuf>) -> Result<Trust> {
    Ok(match ca {
        Some(path) => {
            Trust::Also(std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?)
        }
        None => Trust::Public,
    })
}

impl Inbox {
    fn ways(&self) -> Result<kring_talks::Inbox> {
        let reply = match &self.reply {
            Some(text) => Some(Address::parse(text).context("`mail.inbox.reply` is not a mail address")?),
            None => None,
        };
        if reply
            .as_ref()
            .is_some_and(|a| a.local().len() > 12 || a.needs_utf8() || a.local().contains(['+', '"']))
        {
            bail!(
                "`mail.inbox.reply`: what stands before the @ gets a mark behind it; choose at most 12 plain characters, such as reply"
            );
        }
        let lmtp = match &self.lmtp {
            Some(text) => Some(Listen::read(text).context("`mail.inbox.lmtp` cannot be used")?),
            None => None,
        };
        let mailbox = match &self.imap {
            Some(host) => Some(self.mailbox(host)?),
            None => None,
        };
        if reply.is_some() && lmtp.is_none() && mailbox.is_none() {
            bail!(
                "`mail.inbox.reply` asks people to answer, but no answer can come in: set `mail.inbox.lmtp` or `mail.inbox.imap`"
            );
        }
        Ok(kring_talks::Inbox { reply, trusted: self.trusted.clone(), lmtp, mailbox })
    }

    fn mailbox(&self, host: &str) -> Result<Mailbox> {
        let (Some(user), Some(password)) = (&self.user, &self.password) else {
            bail!("`mail.inbox.imap` needs `mail.inbox.user` and `mail.inbox.password`")
        };
        let security = security("mail.inbox.security", &self.security)?;
        let trust = trust(self.ca.as_ref())?;
        let password = Secret::new(password.clone());
        let server = Server::new(host, self.port, security, &trust, user, password, &self.folder)?;
        Ok(Mailbox { server, done: Some(self.done.clone()).filter(|folder| !folder.is_empty()) })
    }
}

impl Webhooks {
    fn client(&self) -> Result<Client> {
        let read = |text: &String| {
            text.parse()
                .with_context(|| format!("`webhooks.networks`: {text} is no network like 10.20.0.0/16"))
        };
        let also = self.networks.iter().map(read).collect::<Result<_>>()?;
        let rules = Rules { also, ports: self.ports.clone(), proxy: self.proxy.clone() };
        let authorities = match &self.ca {
            Some(path) => Some(std::fs::read_to_string(path).with_context(|| format!("{}", path.display()))?),
            None => None,
        };
        Client::new(rules, authorities.as_deref()).context("`webhooks.ca` cannot be used")
    }
}
