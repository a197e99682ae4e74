//! A mail server on loopback that does what its script says and remembers all of it: for tests of
//! whatever sends mail, and for the run that kills the sender at random moments and counts afterwards.
//! It is strict where strictness shows a fault of the sender (only CR LF dot CR LF ends a message), and
//! shares no code with the client it examines. Beside it a receiver of webhooks, of the same kind.

mod book;
mod grammar;
mod hook;
mod script;
mod session;
mod tls;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{net::TcpListener, task::JoinSet, time::timeout};

use self::{book::Book, session::Session, tls::Identity};
pub use self::{
    book::{Line, Received, Visit},
    hook::{Call, Receiver, Reply},
    script::{AfterDot, Mechanism, Refuse, Script, Tls},
};

/// A running server. It stops, and drops every connection, when this is dropped.
pub struct Relay {
    address: SocketAddr,
    certificate: String,
    book: Arc<Book>,
    script: Arc<Mutex<Script>>,
    tasks: JoinSet<()>,
}

impl Relay {
    /// Starts on a free port of loopback, without a record file.
    pub async fn start(script: Script) -> io::Result<Self> {
        Self::start_at(0, None, script).await
    }

    /// Starts on this port (0: any free one), and adds every message to `record` as JSON lines.
    pub async fn start_at(port: u16, record: Option<&Path>, script: Script) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let address = listener.local_addr()?;
        let identity = Identity::new()?;
        let (book, script) = (Arc::new(Book::new(record)?), Arc::new(Mutex::new(script)));
        let certificate = identity.pem;
        let shared =
            session::Shared { book: book.clone(), script: script.clone(), acceptor: identity.acceptor };
        let mut tasks = JoinSet::new();
        tasks.spawn(async move {
            let mut sessions = JoinSet::new();
            loop {
                tokio::select! {
                    come = listener.accept() => match come {
                        Ok((stream, _)) => { sessions.spawn(Session::serve(stream, shared.clone())); }
                        // Out of file handles, most likely: worth waiting for, not worth dying of.
                        Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                    },
                    Some(_) = sessions.join_next() => {}
                }
            }
        });
        Ok(Self { address, certificate, book, script, tasks })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The self-signed certificate for `localhost` and 127.0.0.1, as PEM: what a client has to trust.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// Changes the script; open connections follow it from their next step on.
    pub fn script(&self, change: impl FnOnce(&mut Script)) {
        change(&mut self.script.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// All messages whose final dot came in, refused ones too, in that order.
    pub fn received(&self) -> Vec<Received> {
        self.book.received()
    }

    /// All connections, in the order in which they were opened.
    pub fn visits(&self) -> Vec<Visit> {
        self.book.visits()
    }

    /// Forgets the messages so far (not the record file).
    pub fn clear(&self) {
        self.book.clear();
    }

    /// Waits until at least `n` messages have come in; gives what there is when `patience` ends.
    pub async fn wait_for(&self, n: usize, patience: Duration) -> Vec<Received> {
        let _ = timeout(patience, async {
            loop {
                // Made before the look, so that a message between the look and the wait still wakes us.
                let news = self.book.news.notified();
                tokio::pin!(news);
                news.as_mut().enable();
                if self.book.received().len() >= n {
                    return;
                }
                news.await;
            }
        })
        .await;
        self.received()
    }

    /// Drops every connection and stops listening.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}
