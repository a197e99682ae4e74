use std::{
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, Waker},
    time::Duration,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncRead, AsyncWriteExt, ReadBuf},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use crate::{
    Address, Outcome, Refusal, Relay, Security, Stage, Timeouts,
    relay::Account,
    reply::Reply,
    talk::{Duplex, Lost, Talk},
    transfer::stuffed,
};

/// An open conversation with a relay, for any number of mails one after another. The steps are apart so
/// that the sender can commit between them: [`envelope`](Self::envelope), then his own transaction, then
/// [`data`](Self::data). A connection on which anything unexpected happened answers `false` to
/// [`is_alive`](Self::is_alive) and refuses further work; so does one whose future was dropped half way.
pub struct Connection {
    talk: Talk<Box<dyn Duplex>>,
    offers: Offers,
    timeouts: Timeouts,
    secured: bool,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing is under way.
    Ready,
    /// Sender and recipient were accepted.
    Addressed,
    /// Something of an envelope may be left; it is reset together with the next one.
    Littered,
    /// Out of step, or closed. Also while a step runs, so that a cancelled one leaves it so.
    Broken,
}

/// What the relay announced.
#[derive(Clone, Debug, Default)]
struct Offers {
    pipelining: bool,
    utf8: bool,
    starttls: bool,
    size: Option<usize>,
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
        let mut open = Self { talk, offers, timeouts: patience, secured, state: State::Ready };
        if let Some(account) = &relay.account {
            if !secured && !loopback {
                return Err(Refusal::ours(Stage::SignIn, true, "no password is sent without TLS"));
            }
            open.sign_in(account).await?;
        }
        Ok(open)
    }

    /// MAIL FROM and RCPT TO for one recipient, in one packet where the relay allows it. Afterwards the
    /// relay waits for [`data`](Self::data); a refusal leaves the connection ready for the next envelope.
    pub async fn envelope(&mut self, from: &Address, to: &Address) -> Result<(), Refusal> {
        let utf8 = from.needs_utf8() || to.needs_utf8();
        if utf8 && !self.offers.utf8 {
            let why = "the address is not ASCII before the @, and the relay does not take such addresses";
            return Err(Refusal::ours(Stage::To, true, why));
        }
        let reset = match self.take_state() {
            State::Broken => return Err(Refusal::ours(Stage::From, false, Lost::Closed)),
            State::Ready => None,
            State::Addressed | State::Littered => Some(("RSET\r\n".to_owned(), Stage::From)),
        };
        let mail = format!("MAIL FROM:<{from}>{}\r\n", if utf8 { " SMTPUTF8" } else { "" });
        let steps = [Some((mail, Stage::From)), Some((format!("RCPT TO:<{to}>\r\n"), Stage::To))];
        let commands: Vec<_> = reset.into_iter().chain(steps.into_iter().flatten()).collect();
        let patience = self.timeouts.command;
        if self.offers.pipelining {
            let all: String = commands.iter().map(|(text, _)| text.as_str()).collect();
            self.talk.send(all.as_bytes(), patience).await.map_err(|lost| lost.refusal(Stage::From))?;
        }
        let mut refused = None;
        for (text, stage) in &commands {
            if !self.offers.pipelining {
                self.talk.send(text.as_bytes(), patience).await.map_err(|lost| lost.refusal(*stage))?;
            }
            let reply = self.talk.reply(patience).await.map_err(|lost| lost.refusal(*stage))?;
            if reply.code == 421 {
                return Err(reply.refusal(*stage));
            }
            if !reply.good() {
                // The first refusal is the reason; what follows it is only its echo.
                refused.get_or_insert_with(|| reply.refusal(*stage));
                if !self.offers.pipelining {
                    break;
                }
            }
        }
        self.state = if refused.is_some() { State::Littered } else { State::Addressed };
        refused.map_or(Ok(()), Err)
    }

    /// DATA, the message and its final dot, and the relay's answer. Call it only when what it means is on
    /// record: from here on there may be no certainty any more.
    pub async fn data(&mut self, message: &[u8]) -> Outcome {
        match self.hand_over(message).await {
            Ok(outcome) => outcome,
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// `Err` is certain: the final dot did not leave us.
    async fn hand_over(&mut self, message: &[u8]) -> Result<Outcome, Refusal> {
        match self.take_state() {
            State::Addressed => {}
            State::Broken => return Err(Lost::Closed.refusal(Stage::Data)),
            other => {
                self.state = other;
                return Err(Refusal::ours(Stage::Data, false, "there is no accepted recipient"));
            }
        }
        let (bytes, dot) = stuffed(message);
        if let Some(most) = self.offers.size.filter(|most| bytes.len() > *most) {
            self.state = State::Littered;
            let why = format!("{} bytes are more than the relay takes ({most})", bytes.len());
            return Err(Refusal::ours(Stage::Data, true, why));
        }
        if !self.talk.quiet() {
            return Err(Lost::Nonsense.refusal(Stage::Data));
        }
        let asked = self.talk.ask("DATA\r\n", self.timeouts.data).await;
        let reply = asked.map_err(|lost| lost.refusal(Stage::Data))?;
        // An answer that came along with the 354 would later be taken for the answer to the dot.
        if reply.code == 354 && !self.talk.quiet() {
            return Err(Lost::Nonsense.refusal(Stage::Data));
        }
        if reply.code != 354 {
            if reply.code >= 400 && reply.code != 421 {
                self.state = State::Littered;
            }
            return Err(reply.refusal(Stage::Data));
        }
        if let Err((lost, reached)) = self.transmit(&bytes).await {
            if reached > dot {
                return Ok(Outcome::Doubtful { why: lost.to_string() });
            }
            // A relay that closes in the middle has often said why.
            let last = self.talk.reply(Duration::from_secs(1)).await.ok().filter(|r| r.code >= 400);
            return Err(last.map_or_else(|| lost.refusal(Stage::Body), |reply| reply.refusal(Stage::Body)));
        }
        match self.talk.reply(self.timeouts.dot).await {
            Ok(reply) if reply.code == 421 => Err(reply.refusal(Stage::Dot)),
            Ok(reply) if reply.good() => {
                self.state = State::Ready;
                Ok(Outcome::Sent { reply: format!("{} {}", reply.code, reply.text()).trim().to_owned() })
            }
            Ok(reply) if reply.code >= 400 => {
                self.state = State::Ready;
                Err(reply.refusal(Stage::Dot))
            }
            Ok(_) => Ok(Outcome::Doubtful { why: Lost::Nonsense.to_string() }),
            Err(lost) => Ok(Outcome::Doubtful { why: lost.to_string() }),
        }
    }

    /// Writes the message. When that fails, also tells how many bytes of it may have left us. A small
    /// message goes in one write: one that sends the final dot apart waits for the other side's delayed
    /// acknowledgement wherever Nagle's rule is on.
    async fn transmit(&mut self, bytes: &[u8]) -> Result<(), (Lost, usize)> {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let block = rest.get(..64 * 1024).unwrap_or(rest);
            match timeout(self.timeouts.block, self.talk.stream.write(block)).await {
                Ok(Ok(0)) => return Err((Lost::Closed, at)),
                Ok(Ok(n)) => at += n,
                // A socket whose write failed took nothing of it. TLS may have sent a part before it failed.
                Ok(Err(e)) => return Err((e.into(), if self.secured { at + block.len() } else { at })),
                // A write that still waits has taken nothing.
                Err(_) => return Err((Lost::Late, at)),
            }
        }
        match timeout(self.timeouts.block, self.talk.stream.flush()).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(e)) => Err((e.into(), bytes.len())),
            Err(_) => Err((Lost::Late, bytes.len())),
        }
    }

    /// Gives up the envelope that was accepted.
    pub async fn reset(&mut self) -> Result<(), Refusal> {
        if self.take_state() == State::Broken {
            return Err(Lost::Closed.refusal(Stage::From));
        }
        let asked = self.talk.ask("RSET\r\n", self.timeouts.command).await;
        let reply = asked.map_err(|lost| lost.refusal(Stage::From))?;
        if !reply.good() {
            return Err(reply.refusal(Stage::From));
        }
        self.state = State::Ready;
        Ok(())
    }

    /// Says goodbye. The answer is waited for, but not for long: nothing depends on it.
    pub async fn quit(mut self) {
        if self.state != State::Broken {
            let _ = self.talk.ask("QUIT\r\n", Duration::from_secs(2)).await;
        }
        let _ = timeout(Duration::from_secs(1), self.talk.stream.shutdown()).await;
    }

    /// Whether an idle connection can be used again, asked without a word on the wire: a relay that has
    /// closed, or has said anything unasked (421 before it closes), is not alive.
    pub fn is_alive(&mut self) -> bool {
        let mut space = [0; 1];
        let mut context = Context::from_waker(Waker::noop());
        let look = Pin::new(&mut self.talk.stream).poll_read(&mut context, &mut ReadBuf::new(&mut space));
        if self.state != State::Broken && (look.is_ready() || !self.talk.quiet()) {
            self.state = State::Broken;
        }
        self.state != State::Broken && matches!(look, Poll::Pending)
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

    fn take_state(&mut self) -> State {
        std::mem::replace(&mut self.state, State::Broken)
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
