use std::{
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use thiserror::Error;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::{Rules, Target};

/// How long one address may take to answer the first packet.
const CONNECT: Duration = Duration::from_secs(5);
/// As many of a name's addresses are tried.
const ADDRESSES: usize = 3;
/// An answer is read this far, in bytes; one that is longer costs its sender the connection.
const BODY: usize = 64 * 1024;
/// What a proxy may say before the tunnel stands, in bytes.
const PROXY_HEAD: usize = 4 * 1024;

type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Where a name leads: the operating system's answer, or in a test whatever a test says.
pub type Lookup = Arc<dyn Fn(String, u16) -> Boxed<io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Made once from the configuration and shared.
#[derive(Clone)]
pub struct Client {
    rules: Rules,
    tls: TlsConnector,
    lookup: Lookup,
    /// For opening a connection, and again for each request over it.
    patience: Duration,
}

/// What the other side said. Its body is not ours to keep.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// `Retry-After` as it came: seconds or a date.
    pub retry_after: Option<String>,
}

/// Why there was no answer. The code is for tables; whatever the other side's libraries said goes to nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Failure {
    #[error("no such name")]
    Name,
    #[error("the name leads into a network that is not public")]
    Inside,
    #[error("nobody answers there")]
    Connect,
    #[error("the proxy does not let us through")]
    Proxy,
    #[error("no safe connection: the certificate is not valid for this name")]
    Tls,
    #[error("no answer in time")]
    Slow,
    #[error("the connection broke, or what came was not HTTP")]
    Broken,
}

impl Failure {
    /// Stable for ever: it is in tables.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Inside => "inside",
            Self::Connect => "connect",
            Self::Proxy => "proxy",
            Self::Tls => "tls",
            Self::Slow => "slow",
            Self::Broken => "broken",
        }
    }
}

impl Client {
    /// Believes the public authorities, and those in this PEM text.
    pub fn new(rules: Rules, authorities: Option<&str>) -> Result<Self, rustls::Error> {
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        for certificate in CertificateDer::pem_slice_iter(authorities.unwrap_or_default().as_bytes()) {
            roots.add(certificate.map_err(|why| rustls::Error::General(why.to_string()))?)?;
        }
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let lookup: Lookup = Arc::new(|host, port| {
            Box::pin(async move { tokio::net::lookup_host((host, port)).await.map(Iterator::collect) })
        });
        Ok(Self {
            rules,
            tls: TlsConnector::from(Arc::new(config)),
            lookup,
            patience: Duration::from_secs(15),
        })
    }

    #[must_use]
    pub fn with_lookup(mut self, lookup: Lookup) -> Self {
        self.lookup = lookup;
        self
    }

    #[must_use]
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Opens a connection that takes one request after another.
    #[expect(clippy::disallowed_methods, reason = "the one client for addresses that people gave")]
    pub async fn open(&self, target: &Target) -> Result<Session, Failure> {
        let opened = timeout(self.patience, async {
            let stream = match &self.rules.proxy {
                Some(proxy) => tunnel(proxy, target).await?,
                None => self.connect(target).await?,
            };
            stream.set_nodelay(true).map_err(|_| Failure::Connect)?;
            let host = target.host().trim_start_matches('[').trim_end_matches(']');
            let name = ServerName::try_from(host.to_owned()).map_err(|_| Failure::Tls)?;
            let stream = self.tls.connect(name, stream).await.map_err(|_| Failure::Tls)?;
            http1::handshake(TokioIo::new(stream)).await.map_err(|_| Failure::Broken)
        });
        let (sender, connection) = opened.await.map_err(|_| Failure::Slow)??;
        Ok(Session { sender, connection: Some(Box::pin(connection)), patience: self.patience })
    }

    #[expect(clippy::disallowed_methods, reason = "the one client for addresses that people gave")]
    async fn connect(&self, target: &Target) -> Result<TcpStream, Failure> {
        let found = match target.address() {
            Some(address) => vec![SocketAddr::new(address, target.port())],
            None => {
                (self.lookup)(target.host().to_owned(), target.port()).await.map_err(|_| Failure::Name)?
            }
        };
        if found.is_empty() {
            return Err(Failure::Name);
        }
        // One that is allowed among some that are not is how a name is made to look harmless; it is tried, the others
        // are not, and no name is looked up twice.
        let allowed = found.iter().filter(|address| self.rules.allow(address.ip()));
        let mut last = Failure::Inside;
        for address in allowed.take(ADDRESSES) {
            match timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    let there = stream.peer_addr().map_err(|_| Failure::Connect)?;
                    return if self.rules.allow(there.ip()) { Ok(stream) } else { Err(Failure::Inside) };
                }
                Ok(Err(_)) => last = Failure::Connect,
                Err(_) => last = Failure::Slow,
            }
        }
        Err(last)
    }
}

/// Asks a proxy for a way through; what it says before that is read byte by byte, so that nothing of the tunnel is.
#[expect(clippy::disallowed_methods, reason = "the one client for addresses that people gave")]
async fn tunnel(proxy: &str, target: &Target) -> Result<TcpStream, Failure> {
    let mut stream = timeout(CONNECT, TcpStream::connect(proxy))
        .await
        .map_err(|_| Failure::Proxy)?
        .map_err(|_| Failure::Proxy)?;
    let there = format!("{}:{}", target.host(), target.port());
    let ask = format!("CONNECT {there} HTTP/1.1\r\nHost: {there}\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.map_err(|_| Failure::Proxy)?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() >= PROXY_HEAD {
            return Err(Failure::Proxy);
        }
        head.push(stream.read_u8().await.map_err(|_| Failure::Proxy)?);
    }
    let head = String::from_utf8_lossy(&head);
    let through = head.split(' ').nth(1).is_some_and(|status| status.len() == 3 && status.starts_with('2'));
    if through { Ok(stream) } else { Err(Failure::Proxy) }
}

type Connection = http1::Connection<TokioIo<TlsStream<TcpStream>>, Full<Bytes>>;

/// An open connection to one host. After a failure it is of no use, and the next request says so.
pub struct Session {
    sender: SendRequest<Full<Bytes>>,
    /// Worked while a request is under way, and only then: nothing of ours runs on its own.
    connection: Option<Pin<Box<Connection>>>,
    patience: Duration,
}

impl Session {
    /// Posts a body with these headers, beside those that HTTP itself asks for.
    pub async fn post(
        &mut self,
        target: &Target,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, Failure> {
        let host = match target.port() {
            443 => target.host().to_owned(),
            port => format!("{}:{port}", target.host()),
        };
        let mut request =
            Request::builder().method(Method::POST).uri(target.path()).header(header::HOST, host);
        if let Some(all) = request.headers_mut() {
            all.extend(headers);
        }
        let request = request.body(Full::new(body)).map_err(|_| Failure::Broken)?;
        let Some(mut connection) = self.connection.take() else { return Err(Failure::Broken) };
        let sender = &mut self.sender;
        let mut exchange = pin!(async move {
            sender.ready().await.map_err(|_| Failure::Broken)?;
            let answer = sender.send_request(request).await.map_err(|_| Failure::Broken)?;
            let retry_after = answer.headers().get(header::RETRY_AFTER);
            let retry_after = retry_after.and_then(|value| value.to_str().ok()).map(str::to_owned);
            let status = answer.status().as_u16();
            let whole = drain(answer.into_body()).await;
            Ok((Answer { status, retry_after }, whole))
        });
        let done = timeout(self.patience, async {
            tokio::select! {
                biased;
                done = &mut exchange => (done, true),
                // The other side closed. What it said before that is still to be read.
                _ = &mut connection => (exchange.await, false),
            }
        });
        let (answer, open) = done.await.map_err(|_| Failure::Slow)?;
        let (answer, whole) = answer?;
        self.connection = Some(connection).filter(|_| open && whole);
        Ok(answer)
    }

    /// Whether another request can be sent.
    pub fn is_open(&self) -> bool {
        self.connection.is_some() && !self.sender.is_closed()
    }
}

/// Reads what nobody keeps, so that the connection is free again; whether it came to its end within bounds.
async fn drain(mut body: Incoming) -> bool {
    let mut read = 0;
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return false };
        read += frame.data_ref().map_or(0, Bytes::len);
        if read > BODY {
            return false;
        }
    }
    true
}
