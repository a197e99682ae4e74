//! LMTP (RFC 2033): how the mail server of the house hands over what came in. Unlike SMTP there is no queue behind it:
//! the answer to the final dot is given when the mail is kept, and not before, one answer for each recipient. What cannot
//! be kept now stays in the mail server's own queue, which is made for that.

use std::{future::Future, net::SocketAddr, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, UnixListener},
    time::timeout,
};

use crate::{inbound::MOST_BYTES, talk::Duplex};

/// A command is one line, and no path is longer than 256 octets.
const MOST_LINE: usize = 4096;
const MOST_RECIPIENTS: usize = 100;
/// Commands that are none, before we hang up.
const MOST_NONSENSE: usize = 10;
/// Mails over one connection.
const MOST_MAILS: usize = 1_000;

/// Where the mail server finds us. Nothing is asked of who connects, so nobody from elsewhere may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Listen {
    Loopback(SocketAddr),
    /// The file's folder says who may write to it.
    Unix(PathBuf),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "LMTP asks nobody who they are: listen on loopback (127.0.0.1:24) or on a socket (unix:/run/kring/lmtp)"
)]
pub struct NotHere;

impl Listen {
    /// `127.0.0.1:24` or `unix:/run/kring/lmtp`.
    pub fn read(text: &str) -> Result<Self, NotHere> {
        if let Some(path) = text.strip_prefix("unix:").filter(|path| path.starts_with('/')) {
            return Ok(Self::Unix(path.into()));
        }
        let address: SocketAddr = text.parse().map_err(|_| NotHere)?;
        if address.ip().is_loopback() { Ok(Self::Loopback(address)) } else { Err(NotHere) }
    }
}

/// A mail as it was handed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// The envelope's sender; empty for notices.
    pub from: String,
    pub to: Vec<String>,
    /// Exactly as sent, dots undoubled.
    pub raw: Vec<u8>,
}

/// What became of a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is on disk.
    Yes,
    /// Not now; the mail server tries again.
    Later,
}

pub type Keep = Arc<dyn Fn(Delivery) -> Pin<Box<dyn Future<Output = Kept> + Send>> + Send + Sync>;

pub enum Listener {
    Loopback(TcpListener),
    Unix(UnixListener),
}

/// Somebody who wants to hand over mail.
pub struct Caller(Box<dyn Duplex>);

impl Listener {
    pub async fn bind(listen: &Listen) -> std::io::Result<Self> {
        match listen {
            Listen::Loopback(address) => TcpListener::bind(address).await.map(Self::Loopback),
            Listen::Unix(path) => {
                // What a process that was killed left there would be in the way for ever.
                match std::fs::symlink_metadata(path) {
                    Ok(there) if std::os::unix::fs::FileTypeExt::is_socket(&there.file_type()) => {
                        std::fs::remove_file(path)?;
                    }
                    _ => {}
                }
                UnixListener::bind(path).map(Self::Unix)
            }
        }
    }

    /// The port, when it listens on one.
    pub fn port(&self) -> Option<u16> {
        match self {
            Self::Loopback(listener) => listener.local_addr().ok().map(|a| a.port()),
            Self::Unix(_) => None,
        }
    }

    pub async fn accept(&self) -> std::io::Result<Caller> {
        Ok(Caller(match self {
            Self::Loopback(listener) => Box::new(listener.accept().await?.0),
            Self::Unix(listener) => Box::new(listener.accept().await?.0),
        }))
    }
}

/// How long a silent caller is waited for.
pub const PATIENCE: Duration = Duration::from_mins(5);

/// Speaks with one caller until it says goodbye, is silent for too long, or talks nonsense.
pub async fn converse(caller: Caller, name: &str, keep: &Keep, patience: Duration) {
    let mut session =
        Session { stream: caller.0, input: Vec::new(), patience, from: None, to: Vec::new(), greeted: false };
    // Whoever hangs up has said all there is to say; what was not answered is not ours.
    let _gone = session.run(name, keep).await;
}

struct Session {
    stream: Box<dyn Duplex>,
    input: Vec<u8>,
    patience: Duration,
    from: Option<String>,
    to: Vec<String>,
    greeted: bool,
}

struct Gone;

impl Session {
    async fn run(&mut self, name: &str, keep: &Keep) -> Result<(), Gone> {
        self.say(&format!("220 {name} LMTP")).await?;
        let (mut nonsense, mut mails) = (0, 0);
        while nonsense < MOST_NONSENSE && mails < MOST_MAILS {
            let line = self.line().await?;
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            let answer = match verb.to_ascii_uppercase().as_str() {
                "LHLO" if !rest.trim().is_empty() => {
                    self.reset();
                    self.greeted = true;
                    format!(
                        "250-{name}\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE {MOST_BYTES}"
                    )
                }
                "MAIL" => self.mail(rest),
                "RCPT" => self.recipient(rest),
                "DATA" if self.to.is_empty() => "503 5.5.1 no recipient".to_owned(),
                "DATA" => {
                    mails += 1;
                    self.data(keep).await?;
                    continue;
                }
                "RSET" => {
                    self.reset();
                    "250 2.0.0 ok".to_owned()
                }
                "NOOP" => "250 2.0.0 ok".to_owned(),
                "VRFY" => "252 2.0.0 ask the mail server".to_owned(),
                "QUIT" => return self.say("221 2.0.0 goodbye").await,
                _ => {
                    nonsense += 1;
                    "500 5.5.2 not LMTP".to_owned()
                }
            };
            self.say(&answer).await?;
        }
        self.say("421 4.7.0 that was enough").await
    }

    fn mail(&mut self, rest: &str) -> String {
        if !self.greeted || self.from.is_some() {
            return "503 5.5.1 not now".to_owned();
        }
        let Some((from, parameters)) = path(rest, "FROM:") else {
            return "501 5.5.4 MAIL FROM:<address>".to_owned();
        };
        let size = parameters
            .split(' ')
            .find_map(|p| p.to_ascii_uppercase().strip_prefix("SIZE=")?.parse::<usize>().ok());
        if size.is_some_and(|size| size > MOST_BYTES) {
            return "552 5.3.4 larger than 50 MB".to_owned();
        }
        self.from = Some(from);
        "250 2.1.0 ok".to_owned()
    }

    fn recipient(&mut self, rest: &str) -> String {
        if self.from.is_none() {
            return "503 5.5.1 not now".to_owned();
        }
        if self.to.len() >= MOST_RECIPIENTS {
            return "452 4.5.3 enough recipients".to_owned();
        }
        // Which addresses are ours is the mail server's knowledge; what it hands over is kept.
        match path(rest, "TO:") {
            Some((to, _)) if !to.is_empty() => {
                self.to.push(to);
                "250 2.1.5 ok".to_owned()
            }
            _ => "501 5.5.4 RCPT TO:<address>".to_owned(),
        }
    }

    async fn data(&mut self, keep: &Keep) -> Result<(), Gone> {
        self.say("354 end with a dot on a line").await?;
        let raw = self.content().await?;
        let (from, to) = (self.from.take().unwrap_or_default(), std::mem::take(&mut self.to));
        let recipients = to.len();
        let answer = match raw {
            None => "552 5.3.4 larger than 50 MB",
            Some(raw) => match keep(Delivery { from, to, raw }).await {
                Kept::Yes => "250 2.0.0 kept",
                Kept::Later => "451 4.3.0 cannot be kept now",
            },
        };
        // One for each recipient: that is what LMTP is.
        self.say(&vec![answer; recipients].join("\r\n")).await
    }

    fn reset(&mut self) {
        self.from = None;
        self.to.clear();
    }

    async fn say(&mut self, text: &str) -> Result<(), Gone> {
        let write = async {
            self.stream.write_all(format!("{text}\r\n").as_bytes()).await?;
            self.stream.flush().await
        };
        timeout(self.patience, write).await.map_err(|_| Gone)?.map_err(|_| Gone)
    }

    async fn more(&mut self) -> Result<(), Gone> {
        self.input.reserve(64 * 1024);
        let read = timeout(self.patience, self.stream.read_buf(&mut self.input)).await;
        if read.map_err(|_| Gone)?.map_err(|_| Gone)? == 0 { Err(Gone) } else { Ok(()) }
    }

    async fn line(&mut self) -> Result<String, Gone> {
        loop {
            if let Some(end) = self.input.iter().position(|b| *b == b'\n') {
                let line: Vec<u8> = self.input.drain(..=end).collect();
                if line.len() > MOST_LINE {
                    return Err(Gone);
                }
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.input.len() > MOST_LINE {
                return Err(Gone);
            }
            self.more().await?;
        }
    }

    /// What stands between 354 and the dot; `None` when it is too large. Only CR LF dot CR LF ends it: a server that takes
    /// less for an end lets strangers write a second mail into the first.
    async fn content(&mut self) -> Result<Option<Vec<u8>>, Gone> {
        const END: &[u8] = b"\r\n.\r\n";
        let (mut raw, mut length) = (Vec::new(), 0_usize);
        // As if a line had just ended, so that a dot on the first line is seen.
        let mut tail: Vec<u8> = b"\r\n".to_vec();
        loop {
            tail.append(&mut self.input);
            // The end may have begun in what was looked at before.
            let found = tail.windows(END.len()).position(|w| w == END);
            let upto = match found {
                Some(at) => at + 2,
                None => tail.len().saturating_sub(END.len() - 1),
            };
            let done: Vec<u8> = tail.drain(..upto).collect();
            length += done.len();
            if length <= MOST_BYTES + 2 {
                raw.extend_from_slice(&done);
            } else if length > 4 * MOST_BYTES {
                return Err(Gone);
            }
            if found.is_some() {
                tail.drain(..3);
                self.input = tail;
                let plain = undotted(raw.get(2..).unwrap_or_default());
                return Ok((length <= MOST_BYTES + 2).then_some(plain));
            }
            self.more().await?;
        }
    }
}

/// Takes the doubled dots off the beginnings of lines.
fn undotted(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut before = [b'\r', b'\n'];
    for &byte in raw {
        if !(byte == b'.' && before == *b"\r\n") {
            out.push(byte);
        }
        before = [before[1], byte];
    }
    out
}

/// The address of `FROM:<…>` and what follows it.
fn path<'a>(rest: &'a str, word: &str) -> Option<(String, &'a str)> {
    let rest = rest.trim();
    let tail =
        rest.get(..word.len()).filter(|head| head.eq_ignore_ascii_case(word)).and(rest.get(word.len()..))?;
    let (address, parameters) = tail.trim_start().strip_prefix('<')?.split_once('>')?;
    // A route before the address (`@a,@b:an@school.nl`) has meant nothing for thirty years.
    let address =
        address.rsplit_once(':').filter(|_| address.starts_with('@')).map_or(address, |(_, last)| last);
    let fine = address.len() <= 254 && !address.chars().any(|c| c.is_control() || c.is_whitespace());
    fine.then(|| (address.to_owned(), parameters.trim()))
}
