//! A receiver of webhooks that does what it is told and remembers all that came in.

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::tls::Identity;

/// How it answers one request.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    /// Whole lines, without their ends.
    pub headers: Vec<String>,
    pub body: Vec<u8>,
    pub delay: Duration,
    /// Takes the request and says nothing.
    pub silent: bool,
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), delay: Duration::ZERO, silent: false }
    }

    #[must_use]
    pub fn header(mut self, line: &str) -> Self {
        self.headers.push(line.to_owned());
        self
    }
}

/// One request that came in whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The request line.
    pub line: String,
    /// Names in small letters.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
    /// The connection it came over, from 0.
    pub connection: usize,
}

impl Call {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

#[derive(Default)]
struct Book {
    calls: Vec<Call>,
    connections: usize,
    /// Said once each, before `always`.
    next: VecDeque<Reply>,
    always: Option<Reply>,
}

/// Listens on loopback with a certificate of its own; stops when dropped.
pub struct Receiver {
    address: SocketAddr,
    certificate: String,
    book: Arc<Mutex<Book>>,
    _tasks: JoinSet<()>,
}

impl Receiver {
    pub async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let (address, identity) = (listener.local_addr()?, Identity::new()?);
        let book = Arc::new(Mutex::new(Book::default()));
        let mut tasks = JoinSet::new();
        let (shared, acceptor) = (book.clone(), identity.acceptor);
        tasks.spawn(async move {
            let mut sessions = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut book = lock(&shared);
                    book.connections += 1;
                    book.connections - 1
                };
                let (acceptor, shared) = (acceptor.clone(), shared.clone());
                sessions.spawn(async move {
                    let _ = serve(stream, &acceptor, &shared, number).await;
                });
            }
        });
        Ok(Self { address, certificate: identity.pem, book, _tasks: tasks })
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Where to post to.
    pub fn url(&self) -> String {
        format!("https://127.0.0.1:{}/hook", self.port())
    }

    /// The certificate as PEM: what a client has to trust.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Answers so once; after it as before.
    pub fn once(&self, reply: Reply) {
        lock(&self.book).next.push_back(reply);
    }

    /// Answers so from now on.
    pub fn always(&self, reply: Reply) {
        lock(&self.book).always = Some(reply);
    }

    pub fn calls(&self) -> Vec<Call> {
        lock(&self.book).calls.clone()
    }

    /// Connections so far, also those over which nothing came.
    pub fn connections(&self) -> usize {
        lock(&self.book).connections
    }
}

fn lock(book: &Mutex<Book>) -> MutexGuard<'_, Book> {
    book.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn serve(
    stream: TcpStream,
    acceptor: &TlsAcceptor,
    book: &Mutex<Book>,
    connection: usize,
) -> io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    loop {
        let call = read(&mut stream, connection).await?;
        let reply = {
            let mut book = lock(book);
            book.calls.push(call);
            let always = book.always.clone();
            book.next.pop_front().or(always).unwrap_or_else(|| Reply::status(204))
        };
        tokio::time::sleep(reply.delay).await;
        if reply.silent {
            std::future::pending::<()>().await;
        }
        let mut head =
            format!("HTTP/1.1 {} Scripted\r\ncontent-length: {}\r\n", reply.status, reply.body.len());
        for line in &reply.headers {
            head.push_str(line);
            head.push_str("\r\n");
        }
        head.push_str("\r\n");
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&reply.body).await?;
        stream.flush().await?;
    }
}

async fn read(stream: &mut TlsStream<TcpStream>, connection: usize) -> io::Result<Call> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.split("\r\n").filter(|line| !line.is_empty());
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(Call { line, headers, body, connection })
}
