//! IMAP (RFC 9051, and 3501): new mail is fetched from a mailbox, byte by byte as it lies there, and put away when it is
//! kept. The grammar of the answers is `imap-proto`'s; what is said when, and how much is listened to, is decided here.

mod wire;

use std::{sync::Arc, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use imap_proto::{AttributeValue, Capability, MailboxDatum, Response, ResponseCode, Status};
use kring_core::Secret;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use self::wire::Wire;
use crate::{BadRelay, Security, Trust, inbound::MOST_BYTES, relay::client_config, talk::Duplex};

/// A mailbox and the way to it.
#[derive(Clone)]
pub struct Server {
    host: String,
    port: u16,
    security: Security,
    name: ServerName<'static>,
    tls: Arc<ClientConfig>,
    loopback_only: bool,
    user: String,
    password: Secret<String>,
    folder: String,
    patience: Duration,
}

/// Why a mailbox cannot be read just now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    #[error("the mailbox's server cannot be reached")]
    Unreachable,
    #[error("the certificate of the mailbox's server is not believed")]
    Certificate,
    #[error("no password is sent without TLS")]
    Open,
    #[error("the mailbox's server does not offer STARTTLS")]
    NoTls,
    #[error("user or password is refused")]
    SignIn,
    #[error("the server refuses what it was asked ({0})")]
    Refused(&'static str),
    #[error("the connection was lost")]
    Lost,
    #[error("the server did not answer in time")]
    Late,
    #[error("the server's answer was not IMAP, or without end")]
    Nonsense,
}

impl Server {
    /// `folder` is usually `INBOX`; a name in ASCII.
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        trust: &Trust,
        user: &str,
        password: Secret<String>,
        folder: &str,
    ) -> Result<Self, BadRelay> {
        if [user, password.reveal(), folder].iter().any(|text| text.is_empty() || text.contains('\0')) {
            return Err(BadRelay::Account);
        }
        Ok(Self {
            name: ServerName::try_from(host.to_owned())?,
            host: host.to_owned(),
            port,
            security,
            tls: Arc::new(client_config(trust)?),
            loopback_only: *trust == Trust::DangerAnyOnLoopback,
            user: user.to_owned(),
            password,
            folder: folder.to_owned(),
            patience: Duration::from_mins(1),
        })
    }

    /// Which mailbox it is, for the record of what was fetched from where.
    pub fn label(&self) -> String {
        format!("{}@{}:{}/{}", self.user, self.host, self.port, self.folder)
    }
}

/// A mailbox that is open.
pub struct Session {
    wire: Wire,
    validity: u32,
    can_idle: bool,
    can_move: bool,
    can_expunge: bool,
}

impl Session {
    #[expect(clippy::disallowed_methods, reason = "the server is named by the operator and not by a record")]
    pub async fn open(server: &Server) -> Result<Self, Trouble> {
        let connect = timeout(server.patience, TcpStream::connect((server.host.as_str(), server.port)));
        let stream = connect.await.map_err(|_| Trouble::Late)?.map_err(|_| Trouble::Unreachable)?;
        let loopback = stream.peer_addr().is_ok_and(|peer| peer.ip().is_loopback());
        if server.loopback_only && !loopback {
            return Err(Trouble::Certificate);
        }
        if server.security == Security::None && !loopback {
            return Err(Trouble::Open);
        }
        let mut wire = match server.security {
            Security::Implicit => Wire::new(secured(Box::new(stream), server).await?, server.patience),
            Security::None | Security::StartTls => Wire::new(Box::new(stream), server.patience),
        };
        greeted(&mut wire).await?;
        if server.security == Security::StartTls {
            wire.command("STARTTLS").await?.ok().map_err(|_| Trouble::NoTls)?;
            // What came along with the answer was said by somebody who may not be the server.
            if !wire.quiet() {
                return Err(Trouble::Nonsense);
            }
            wire = Wire::new(secured(wire.into_stream(), server).await?, server.patience);
        }
        let mut session = Self { wire, validity: 0, can_idle: false, can_move: false, can_expunge: false };
        session.sign_in(server).await?;
        session.look_at_offers().await?;
        session.select(&server.folder).await?;
        Ok(session)
    }

    /// Numbers of mails mean something only together with this; when it changes, they all begin anew.
    pub fn validity(&self) -> u32 {
        self.validity
    }

    async fn sign_in(&mut self, server: &Server) -> Result<(), Trouble> {
        let token = STANDARD.encode(format!("\0{}\0{}", server.user, server.password.reveal()));
        self.wire.begin("AUTHENTICATE PLAIN").await?;
        let done = match self.wire.until_asked().await? {
            // The server waits for it.
            None => {
                self.wire.line(&token).await?;
                self.wire.finish().await?
            }
            Some(refused) => {
                let (Some(user), Some(password)) = (quoted(&server.user), quoted(server.password.reveal()))
                else {
                    return Err(Trouble::SignIn);
                };
                // An old server that knows LOGIN only.
                if refused.status != Status::Bad {
                    return Err(Trouble::SignIn);
                }
                self.wire.command(&format!("LOGIN {user} {password}")).await?
            }
        };
        done.ok().map_err(|_| Trouble::SignIn)
    }

    async fn look_at_offers(&mut self) -> Result<(), Trouble> {
        let answer = self.wire.command("CAPABILITY").await?;
        for raw in &answer.untagged {
            if let Ok((_, Response::Capabilities(all))) = Response::parse(raw) {
                let has = |name: &str| {
                    all.iter().any(|c| matches!(c, Capability::Atom(a) if a.eq_ignore_ascii_case(name)))
                };
                (self.can_idle, self.can_move, self.can_expunge) = (has("IDLE"), has("MOVE"), has("UIDPLUS"));
            }
        }
        answer.ok()
    }

    async fn select(&mut self, folder: &str) -> Result<(), Trouble> {
        let folder = quoted(folder).ok_or(Trouble::Refused("SELECT"))?;
        let answer = self.wire.command(&format!("SELECT {folder}")).await?;
        for raw in &answer.untagged {
            if let Ok((_, Response::Data { outcome, .. })) = Response::parse(raw)
                && let Some(ResponseCode::UidValidity(validity)) = outcome.code
            {
                self.validity = validity;
            }
        }
        answer.ok().map_err(|_| Trouble::Refused("SELECT"))?;
        if self.validity == 0 { Err(Trouble::Nonsense) } else { Ok(()) }
    }

    /// The numbers of what lies there, from this one on, in order.
    pub async fn numbers(&mut self, from: u32) -> Result<Vec<u32>, Trouble> {
        let answer = self.wire.command(&format!("UID SEARCH UID {from}:*")).await?;
        let mut all = Vec::new();
        for raw in &answer.untagged {
            if let Ok((_, Response::MailboxData(MailboxDatum::Search(numbers)))) = Response::parse(raw) {
                all.extend(numbers);
            }
        }
        answer.ok().map_err(|_| Trouble::Refused("SEARCH"))?;
        // "7:*" also means the last one when that is 5.
        all.retain(|n| *n >= from);
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// How large a mail is; `None` when it is gone.
    pub async fn size(&mut self, uid: u32) -> Result<Option<usize>, Trouble> {
        let answer = self.wire.command(&format!("UID FETCH {uid} (UID RFC822.SIZE)")).await?;
        let found = answer.fetched(uid, |a| match a {
            AttributeValue::Rfc822Size(size) => Some(*size as usize),
            _ => None,
        });
        answer.ok().map_err(|_| Trouble::Refused("FETCH"))?;
        Ok(found)
    }

    /// The mail exactly as it lies there; `None` when it is gone. It does not count as read by this. `most` bytes are
    /// fetched at most, from the beginning.
    pub async fn fetch(&mut self, uid: u32, most: usize) -> Result<Option<Vec<u8>>, Trouble> {
        let most = most.min(MOST_BYTES);
        self.wire.expect(most);
        let answer = self.wire.command(&format!("UID FETCH {uid} (UID BODY.PEEK[]<0.{most}>)")).await;
        self.wire.expect(0);
        let answer = answer?;
        let found = answer.fetched(uid, |a| match a {
            AttributeValue::BodySection { data: Some(data), .. } => Some(data.to_vec()),
            _ => None,
        });
        answer.ok().map_err(|_| Trouble::Refused("FETCH"))?;
        Ok(found)
    }

    /// Marks a mail as read.
    pub async fn mark(&mut self, uid: u32) -> Result<(), Trouble> {
        let answer = self.wire.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Seen)")).await?;
        answer.ok().map_err(|_| Trouble::Refused("STORE"))
    }

    /// Moves a mail to another folder, which is made when it is not there.
    pub async fn put_away(&mut self, uid: u32, folder: &str) -> Result<(), Trouble> {
        let folder = quoted(folder).ok_or(Trouble::Refused("MOVE"))?;
        let verb = if self.can_move { "MOVE" } else { "COPY" };
        let moving = format!("UID {verb} {uid} {folder}");
        if self.wire.command(&moving).await?.ok().is_err() {
            // Made by somebody in the meantime is as good.
            let _there = self.wire.command(&format!("CREATE {folder}")).await?;
            self.wire.command(&moving).await?.ok().map_err(|_| Trouble::Refused("MOVE"))?;
        }
        if !self.can_move {
            let gone =
                self.wire.command(&format!("UID STORE {uid} +FLAGS.SILENT (\\Deleted \\Seen)")).await?;
            gone.ok().map_err(|_| Trouble::Refused("STORE"))?;
            // Without UIDPLUS an EXPUNGE would take what others marked, too; theirs is not ours to end.
            if self.can_expunge {
                let gone = self.wire.command(&format!("UID EXPUNGE {uid}")).await?;
                gone.ok().map_err(|_| Trouble::Refused("EXPUNGE"))?;
            }
        }
        Ok(())
    }

    /// Waits until something happens in the mailbox, or the time is over. A server that cannot tell is asked at the end.
    pub async fn wait(&mut self, patience: Duration) -> Result<(), Trouble> {
        if !self.can_idle {
            tokio::time::sleep(patience.min(Duration::from_secs(30))).await;
            return self.wire.command("NOOP").await?.ok();
        }
        self.wire.begin("IDLE").await?;
        if self.wire.until_asked().await?.is_some() {
            return Err(Trouble::Refused("IDLE"));
        }
        let heard = timeout(patience, self.wire.untagged()).await;
        if let Ok(Err(lost)) = heard {
            return Err(lost);
        }
        self.wire.line("DONE").await?;
        self.wire.finish().await?.ok()
    }

    pub async fn close(mut self) {
        // Whether it hears us does not matter.
        let _gone = self.wire.command("LOGOUT").await;
    }
}

async fn greeted(wire: &mut Wire) -> Result<(), Trouble> {
    let raw = wire.untagged().await?;
    match Response::parse(&raw) {
        Ok((_, Response::Data { status: Status::Ok, .. })) => Ok(()),
        _ => Err(Trouble::Nonsense),
    }
}

async fn secured(stream: Box<dyn Duplex>, server: &Server) -> Result<Box<dyn Duplex>, Trouble> {
    let connector = TlsConnector::from(server.tls.clone());
    let shaking = timeout(server.patience, connector.connect(server.name.clone(), stream));
    let stream = shaking.await.map_err(|_| Trouble::Late)?.map_err(|_| Trouble::Certificate)?;
    Ok(Box::new(stream))
}

/// A quoted string; `None` for what cannot be one.
fn quoted(text: &str) -> Option<String> {
    let plain = text.bytes().all(|b| (b' '..=b'~').contains(&b));
    plain.then(|| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn what_could_end_a_command_is_no_string() {
        assert_eq!(quoted("a\"b\\c").as_deref(), Some("\"a\\\"b\\\\c\""));
        for bad in ["a\r\nb", "é", "\0"] {
            assert_eq!(quoted(bad), None);
        }
    }
}
