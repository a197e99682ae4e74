use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};
use tokio_rustls::TlsAcceptor;

use crate::{
    AfterDot, Mechanism, Received, Script, Tls,
    book::{Book, Visit},
    grammar::{bare_line_end, decoded, hello, path, unstuff},
    tls::Wire,
};

/// A command line longer than this ends the connection.
const LONGEST_LINE: usize = 64 * 1024;
/// The end of a message, with the line end before it.
const END: &[u8] = b"\r\n.\r\n";

#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) book: Arc<Book>,
    pub(crate) script: Arc<Mutex<Script>>,
    pub(crate) acceptor: TlsAcceptor,
}

/// One connection.
pub(crate) struct Session {
    wire: Wire,
    shared: Shared,
    number: usize,
    /// What came in and is not yet understood.
    input: Vec<u8>,
    user: bool,
    from: Option<String>,
    to: Vec<String>,
}

enum Next {
    Go,
    StartTls,
    Close,
    Reset,
}

impl Session {
    pub(crate) async fn serve(stream: TcpStream, shared: Shared) {
        let number = shared.book.open();
        let book = shared.book.clone();
        // An error is the client gone: the record says so, and there is nobody to tell.
        let _ = Self::run(stream, shared, number).await;
        book.visit(number, |v| v.closed = true);
    }

    async fn run(stream: TcpStream, shared: Shared, number: usize) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let implicit = shared.script.lock().unwrap_or_else(PoisonError::into_inner).tls == Tls::Implicit;
        let wire = if implicit {
            shared.book.visit(number, |v| v.tls = true);
            Wire::Tls(Box::new(shared.acceptor.accept(stream).await?))
        } else {
            Wire::Plain(stream)
        };
        let (input, to) = (Vec::new(), Vec::new());
        let mut session = Self { wire, shared, number, input, user: false, from: None, to };
        if session.script().busy {
            return session.say("421 4.3.2 busy, come again\r\n").await;
        }
        session.say("220 relay.test ESMTP\r\n").await?;
        while let Some(line) = session.line().await? {
            session.note(&line);
            match session.command(&line).await? {
                Next::Go => {}
                Next::StartTls => session = session.secure().await?,
                Next::Close => break,
                Next::Reset => {
                    session.wire.socket().set_zero_linger()?;
                    return Ok(());
                }
            }
        }
        session.wire.shutdown().await
    }

    async fn command(&mut self, line: &str) -> io::Result<Next> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        let script = self.script();
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" => self.say(&hello(&script, self.secured())).await?,
            "HELO" => self.say("250 relay.test\r\n").await?,
            "STARTTLS" if script.tls == Tls::StartTls && !self.secured() => {
                self.say("220 2.0.0 go ahead\r\n").await?;
                return Ok(Next::StartTls);
            }
            "AUTH" => return self.auth(rest, &script).await,
            "MAIL" => self.mail(rest, &script).await?,
            "RCPT" => self.rcpt(rest, &script).await?,
            "DATA" => return self.data(&script).await,
            "RSET" => {
                self.forget();
                self.say("250 2.0.0 forgotten\r\n").await?;
            }
            "NOOP" => self.say("250 2.0.0 fine\r\n").await?,
            "QUIT" => {
                self.say("221 2.0.0 bye\r\n").await?;
                return Ok(Next::Close);
            }
            _ => self.say("502 5.5.1 unknown here\r\n").await?,
        }
        Ok(Next::Go)
    }

    async fn mail(&mut self, rest: &str, script: &Script) -> io::Result<()> {
        if script.account.is_some() && !self.user {
            return self.say("530 5.7.0 sign in first\r\n").await;
        }
        if self.from.is_some() {
            return self.say("503 5.5.1 one envelope at a time\r\n").await;
        }
        match path(rest, "FROM:") {
            Some(from) => {
                self.from = Some(from);
                self.say("250 2.1.0 sender fine\r\n").await
            }
            None => self.say("501 5.5.4 MAIL FROM:<address>\r\n").await,
        }
    }

    async fn rcpt(&mut self, rest: &str, script: &Script) -> io::Result<()> {
        if self.from.is_none() {
            return self.say("503 5.5.1 MAIL first\r\n").await;
        }
        let Some(to) = path(rest, "TO:") else {
            return self.say("501 5.5.4 RCPT TO:<address>\r\n").await;
        };
        if let Some(refuse) = script.refuse.iter().find(|r| r.fits(&to)) {
            let code = refuse.code;
            return self.say(&format!("{code} {}.1.1 not this one\r\n", code / 100)).await;
        }
        self.to.push(to);
        self.say("250 2.1.5 recipient fine\r\n").await
    }

    async fn data(&mut self, script: &Script) -> io::Result<Next> {
        if let Some(code) = script.refuse_data {
            self.say(&format!("{code} {}.3.0 not now\r\n", code / 100)).await?;
            return Ok(Next::Go);
        }
        let (Some(from), false) = (self.from.clone(), self.to.is_empty()) else {
            self.say("554 5.5.1 nobody to send to\r\n").await?;
            return Ok(Next::Go);
        };
        self.say("354 go ahead, end with a dot\r\n").await?;
        let Some(raw) = self.body(script.close_in_body).await? else { return Ok(Next::Close) };
        let message = Received {
            number: 0,
            connection: self.number,
            from,
            to: std::mem::take(&mut self.to),
            bare_line_end: bare_line_end(&raw),
            bytes: unstuff(&raw),
            message_id: None,
            at_ms: 0,
            answer: None,
        };
        self.forget();
        // Kept before it is answered: whoever reads the record must never find a 250 without its message.
        let number = self.shared.book.data(message)?;
        sleep(script.delay).await;
        let (text, code) = match &script.after_dot {
            AfterDot::Close => return Ok(Next::Close),
            AfterDot::Accept | AfterDot::AcceptThenReset => (format!("250 2.0.0 kept as {number}\r\n"), 250),
            AfterDot::Refuse(code) => (format!("{code} {}.6.0 no, thank you\r\n", code / 100), *code),
            AfterDot::Say(text) => (text.clone(), text.get(..3).and_then(|c| c.parse().ok()).unwrap_or(0)),
        };
        self.say(&text).await?;
        self.shared.book.answered(number, code)?;
        if script.after_dot == AfterDot::AcceptThenReset {
            return Ok(Next::Reset);
        }
        Ok(Next::Go)
    }

    /// The body up to its final dot, with the CR LF before it; `None` when the script closes earlier.
    async fn body(&mut self, close_at: Option<usize>) -> io::Result<Option<Vec<u8>>> {
        let mut seen = 0_usize;
        loop {
            if close_at.is_some_and(|limit| self.input.len() >= limit) {
                return Ok(None);
            }
            // The line end of the DATA command is the one before a dot that comes first.
            if self.input.starts_with(b".\r\n") {
                self.input.drain(..3);
                return Ok(Some(Vec::new()));
            }
            let start = seen.saturating_sub(END.len());
            let found =
                self.input.get(start..).and_then(|part| part.windows(END.len()).position(|w| w == END));
            if let Some(at) = found {
                let mut raw: Vec<u8> = self.input.drain(..start + at + END.len()).collect();
                raw.truncate(raw.len() - 3);
                return Ok(Some(raw));
            }
            seen = self.input.len();
            self.fill().await?;
        }
    }

    async fn auth(&mut self, rest: &str, script: &Script) -> io::Result<Next> {
        let Some(account) = &script.account else {
            self.say("503 5.5.1 no need\r\n").await?;
            return Ok(Next::Go);
        };
        let (mechanism, initial) = rest.split_once(' ').unwrap_or((rest, ""));
        let given = match mechanism.to_ascii_uppercase().as_str() {
            "PLAIN" if script.mechanisms.contains(&Mechanism::Plain) => {
                let text = if initial.is_empty() { self.ask("").await? } else { decoded(initial) };
                let mut parts = text.split('\0').skip(1).map(str::to_owned);
                (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
            }
            "LOGIN" if script.mechanisms.contains(&Mechanism::Login) => {
                let user = if initial.is_empty() { self.ask("Username:").await? } else { decoded(initial) };
                (user, self.ask("Password:").await?)
            }
            _ => {
                self.say("504 5.5.4 not this way\r\n").await?;
                return Ok(Next::Go);
            }
        };
        if given == *account {
            self.user = true;
            self.shared.book.visit(self.number, |v| v.user = Some(given.0));
            self.say("235 2.7.0 welcome\r\n").await?;
        } else {
            self.say("535 5.7.8 wrong user or password\r\n").await?;
        }
        Ok(Next::Go)
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("334 {}\r\n", STANDARD.encode(question))).await?;
        Ok(decoded(&self.line().await?.unwrap_or_default()))
    }

    async fn secure(self) -> io::Result<Self> {
        let Self { wire, shared, number, input, .. } = self;
        // Commands smuggled in behind STARTTLS would be read as if they had come encrypted.
        let (Wire::Plain(stream), true) = (wire, input.is_empty()) else {
            return Err(io::Error::other("words behind STARTTLS"));
        };
        let wire = Wire::Tls(Box::new(shared.acceptor.accept(stream).await?));
        shared.book.visit(number, |v| v.tls = true);
        Ok(Self { wire, shared, number, input, user: false, from: None, to: Vec::new() })
    }

    async fn line(&mut self) -> io::Result<Option<String>> {
        loop {
            if let Some(at) = self.input.windows(2).position(|w| w == b"\r\n") {
                let line: Vec<u8> = self.input.drain(..at + 2).collect();
                return Ok(Some(String::from_utf8_lossy(line.get(..at).unwrap_or_default()).into_owned()));
            }
            if self.input.len() > LONGEST_LINE {
                return Err(io::ErrorKind::InvalidData.into());
            }
            match self.fill().await {
                Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
                other => other?,
            }
        }
    }

    async fn fill(&mut self) -> io::Result<()> {
        let before = self.input.len();
        self.input.reserve(16 * 1024);
        self.wire.read_buf(&mut self.input).await?;
        if self.input.len() == before {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    async fn say(&mut self, text: &str) -> io::Result<()> {
        if self.script().in_pieces {
            for byte in text.bytes() {
                self.wire.write_all(&[byte]).await?;
                self.wire.flush().await?;
                tokio::task::yield_now().await;
            }
            return Ok(());
        }
        self.wire.write_all(text.as_bytes()).await?;
        self.wire.flush().await
    }

    fn note(&self, line: &str) {
        let shown = if line.to_ascii_uppercase().starts_with("AUTH") { "AUTH" } else { line };
        self.shared.book.visit(self.number, |v: &mut Visit| v.commands.push(shown.to_owned()));
    }

    fn forget(&mut self) {
        self.from = None;
        self.to.clear();
    }

    fn secured(&self) -> bool {
        matches!(self.wire, Wire::Tls(_))
    }

    fn script(&self) -> Script {
        self.shared.script.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
