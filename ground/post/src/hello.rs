//! How a conversation begins: the connection, TLS, hello, and who we are.

use std::net::SocketAddr;

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use crate::{
    Connection, Refusal, Relay, Security, Stage,
    connection::State,
    relay::Account,
    reply::Reply,
    talk::{Duplex, Lost, Talk},
};

/// What the relay announced.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offers {
    pub(crate) pipelining: bool,
    pub(crate) utf8: bool,
    starttls: bool,
    pub(crate) size: Option<usize>,
    plain: bool,
    login: bool,
}

impl Connection {
    /// Connects, agrees on TLS, says hello and signs in, as far as the relay's configuration asks.
    #[expect(clippy::disallowed_methods, reason = "the relay is named by the operator and not by a record")]
    pub async fn open(relay: &Relay) -> Result<Self, Refusal> {
        let patience = relay.timeouts;
        let connect = timeout(patience.connect, TcpStream::connect((relay.host.as_str(), relay.port)));
        let stream = settled(connect.await, Stage::Connect)?;
        let ready = stream.set_nodelay(true).and_then(|()| stream.peer_addr());
        let peer: SocketAddr = ready.map_err(|e| Lost::from(e).refusal(Stage::Connect))?;
        let loopback = peer.ip().is_loopback();
        if relay.loopback_only && !loopback {
            let why = "certificates are not checked, which is allowed on loopback only";
            return Err(Refusal::ours(Stage::Connect, true, why));
        }
        let (talk, offers) = match relay.security {
            Security::None => greeted(Talk::new(Box::new(stream) as Box<dyn Duplex>), relay).await?,
            Security::Implicit => greeted(Talk::new(secured(stream, relay).await?), relay).await?,
            Security::StartTls => start_tls(stream, relay).await?,
        };
        let secured = relay.security != Security::None;
        let state = State::Ready;
        let mut open = Self { talk, offers, timeouts: patience, secured, state, ahead: None };
        if let Some(account) = &relay.account {
            if !secured && !loopback {
                return Err(Refusal::ours(Stage::SignIn, true, "no password is sent without TLS"));
            }
            open.sign_in(account).await?;
        }
        Ok(open)
    }

    async fn sign_in(&mut self, account: &Account) -> Result<(), Refusal> {
        let patience = self.timeouts.command;
        let (user, password) = (&account.user, account.password.reveal());
        let lost = |lost: Lost| lost.refusal(Stage::SignIn);
        let last = if self.offers.plain {
            let word = STANDARD.encode(format!("\0{user}\0{password}"));
            self.talk.ask(&format!("AUTH PLAIN {word}\r\n"), patience).await.map_err(lost)?
        } else if self.offers.login {
            let mut reply = self.talk.ask("AUTH LOGIN\r\n", patience).await.map_err(lost)?;
            for word in [user, password] {
                if reply.code != 334 {
                    break;
                }
                reply =
                    self.talk.ask(&format!("{}\r\n", STANDARD.encode(word)), patience).await.map_err(lost)?;
            }
            reply
        } else {
            return Err(Refusal::ours(Stage::SignIn, true, "the relay offers neither AUTH PLAIN nor LOGIN"));
        };
        if last.code == 235 { Ok(()) } else { Err(last.refusal(Stage::SignIn)) }
    }
}

async fn start_tls(stream: TcpStream, relay: &Relay) -> Result<(Talk<Box<dyn Duplex>>, Offers), Refusal> {
    let (mut talk, offers) = greeted(Talk::new(stream), relay).await?;
    if !offers.starttls {
        return Err(Refusal::ours(Stage::Tls, true, "the relay does not offer STARTTLS"));
    }
    let asked = talk.ask("STARTTLS\r\n", relay.timeouts.command).await;
    let reply = asked.map_err(|lost| lost.refusal(Stage::Tls))?;
    if !reply.good() {
        return Err(reply.refusal(Stage::Tls));
    }
    // What somebody in between put behind the answer must not be read as if it had come encrypted.
    if !talk.quiet() {
        return Err(Lost::Nonsense.refusal(Stage::Tls));
    }
    let mut talk = Talk::new(secured(talk.stream, relay).await?);
    // Nothing that was offered before counts now.
    let offers = hello(&mut talk, relay).await?;
    Ok((talk, offers))
}

async fn secured(stream: TcpStream, relay: &Relay) -> Result<Box<dyn Duplex>, Refusal> {
    let connect = TlsConnector::from(relay.tls.clone()).connect(relay.name.clone(), stream);
    match timeout(relay.timeouts.connect, connect).await {
        Ok(Ok(stream)) => Ok(Box::new(stream)),
        // The words of rustls, since they say what is wrong with a certificate.
        Ok(Err(error)) => Err(Refusal::ours(Stage::Tls, false, error)),
        Err(_) => Err(Lost::Late.refusal(Stage::Tls)),
    }
}

async fn greeted<S: Duplex>(mut talk: Talk<S>, relay: &Relay) -> Result<(Talk<S>, Offers), Refusal> {
    let reply = talk.reply(relay.timeouts.greeting).await.map_err(|lost| lost.refusal(Stage::Greeting))?;
    if !reply.good() {
        return Err(reply.refusal(Stage::Greeting));
    }
    let offers = hello(&mut talk, relay).await?;
    Ok((talk, offers))
}

async fn hello<S: Duplex>(talk: &mut Talk<S>, relay: &Relay) -> Result<Offers, Refusal> {
    let asked = talk.ask(&format!("EHLO {}\r\n", relay.hello), relay.timeouts.command).await;
    let reply = asked.map_err(|lost| lost.refusal(Stage::Hello))?;
    if reply.good() { Ok(Offers::read(&reply)) } else { Err(reply.refusal(Stage::Hello)) }
}

fn settled<T>(
    done: Result<std::io::Result<T>, tokio::time::error::Elapsed>,
    stage: Stage,
) -> Result<T, Refusal> {
    done.map_err(|_| Lost::Late.refusal(stage))?.map_err(|e| Lost::from(e).refusal(stage))
}

impl Offers {
    fn read(reply: &Reply) -> Self {
        let mut offers = Self::default();
        for line in reply.lines.iter().skip(1) {
            let line = line.to_ascii_uppercase();
            let mut words = line.split_ascii_whitespace();
            match words.next() {
                Some("PIPELINING") => offers.pipelining = true,
                Some("SMTPUTF8") => offers.utf8 = true,
                Some("STARTTLS") => offers.starttls = true,
                // SIZE without a number, or with 0, sets no limit (RFC 1870, 4).
                Some("SIZE") => offers.size = words.next().and_then(|n| n.parse().ok()).filter(|n| *n > 0),
                Some("AUTH") => {
                    for word in words {
                        offers.plain |= word == "PLAIN";
                        offers.login |= word == "LOGIN";
                    }
                }
                _ => {}
            }
        }
        offers
    }
}
