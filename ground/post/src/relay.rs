use std::{sync::Arc, time::Duration};

use kring_core::Secret;
use rustls::{
    ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, InvalidDnsNameError, ServerName, UnixTime, pem::PemObject},
};

/// Where mail is handed over, and how. Made once from the configuration and shared by all connections.
#[derive(Clone)]
pub struct Relay {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) security: Security,
    pub(crate) name: ServerName<'static>,
    pub(crate) tls: Arc<ClientConfig>,
    /// Nobody checks the certificate, so nothing but loopback may be at the other end.
    pub(crate) loopback_only: bool,
    pub(crate) account: Option<Account>,
    pub(crate) hello: String,
    pub(crate) timeouts: Timeouts,
}

#[derive(Clone)]
pub(crate) struct Account {
    pub(crate) user: String,
    pub(crate) password: Secret<String>,
}

/// There is no "TLS if it is offered": whoever can take the offer away can read the mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Security {
    /// For a relay on the same machine or the same trusted wire. No password is sent over it, unless to
    /// loopback.
    None,
    /// Usually port 587; refused when the relay does not offer it.
    StartTls,
    /// TLS from the first byte, usually port 465.
    Implicit,
}

/// Which certificates are believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The public authorities, as Mozilla lists them.
    Public,
    /// Those, and the certificates in this PEM text: an authority of the institution's own.
    Also(String),
    /// Any certificate, and only when the other end is loopback: for trying things out.
    DangerAnyOnLoopback,
}

/// How long each stage may take; the defaults are those of RFC 5321, 4.5.3.2. Giving up sooner than ten
/// minutes after the final dot turns mails that arrived into doubtful ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To open the connection, and again for TLS.
    pub connect: Duration,
    pub greeting: Duration,
    /// Each answer to a command other than DATA.
    pub command: Duration,
    /// The answer to the DATA command.
    pub data: Duration,
    /// Each 64 kB of the message.
    pub block: Duration,
    /// The answer to the final dot.
    pub dot: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            greeting: Duration::from_mins(5),
            command: Duration::from_mins(5),
            data: Duration::from_mins(2),
            block: Duration::from_mins(3),
            dot: Duration::from_mins(10),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum BadRelay {
    #[error("the relay's host is neither a name nor an address")]
    Host(#[from] InvalidDnsNameError),
    #[error("our own name towards the relay must be a host name")]
    Hello,
    #[error("user and password must not be empty or hold a NUL")]
    Account,
    #[error("the file with extra certificates holds none that can be read")]
    Certificates,
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
}

impl Relay {
    /// `hello` is our own full host name, which relays check against our address.
    pub fn new(
        host: &str,
        port: u16,
        security: Security,
        trust: &Trust,
        hello: &str,
    ) -> Result<Self, BadRelay> {
        if hello.is_empty() || !hello.bytes().all(|b| b.is_ascii_alphanumeric() || b".-[]:".contains(&b)) {
            return Err(BadRelay::Hello);
        }
        Ok(Self {
            name: ServerName::try_from(host.to_owned())?,
            host: host.to_owned(),
            port,
            security,
            tls: Arc::new(client_config(trust)?),
            loopback_only: *trust == Trust::DangerAnyOnLoopback && security != Security::None,
            account: None,
            hello: hello.to_owned(),
            timeouts: Timeouts::default(),
        })
    }

    pub fn account(self, user: &str, password: Secret<String>) -> Result<Self, BadRelay> {
        // NUL separates the two in AUTH PLAIN.
        if [user, password.reveal()].iter().any(|text| text.is_empty() || text.contains('\0')) {
            return Err(BadRelay::Account);
        }
        Ok(Self { account: Some(Account { user: user.to_owned(), password }), ..self })
    }

    #[must_use]
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        Self { timeouts, ..self }
    }

    /// Host and port, for logs and for the record of where a mail was handed over.
    pub fn label(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

pub(crate) fn client_config(trust: &Trust) -> Result<ClientConfig, BadRelay> {
    let provider = Arc::new(ring::default_provider());
    let builder =
        ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    if *trust == Trust::DangerAnyOnLoopback {
        let verifier = Arc::new(Anybody(provider));
        return Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth());
    }
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Trust::Also(pem) = trust {
        let extra: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes())
            .collect::<Result<_, _>>()
            .map_err(|_| BadRelay::Certificates)?;
        if extra.is_empty() {
            return Err(BadRelay::Certificates);
        }
        for certificate in extra {
            roots.add(certificate).map_err(|_| BadRelay::Certificates)?;
        }
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Believes every certificate, but still checks that the other end holds its key.
#[derive(Debug)]
struct Anybody(Arc<CryptoProvider>);

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _end: &CertificateDer<'_>,
        _between: &[CertificateDer<'_>],
        _name: &ServerName<'_>,
        _ocsp: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_cannot_work_is_found_when_it_is_configured() {
        let new = |host, trust: &Trust, hello| Relay::new(host, 25, Security::StartTls, trust, hello);
        assert!(new("mail.school.nl", &Trust::Public, "kring.school.nl").is_ok());
        assert!(new("127.0.0.1", &Trust::Public, "[127.0.0.1]").is_ok());
        assert!(matches!(new("not a host", &Trust::Public, "x"), Err(BadRelay::Host(_))));
        assert!(matches!(new("a.nl", &Trust::Public, "x\r\nMAIL FROM:<>"), Err(BadRelay::Hello)));
        assert!(matches!(new("a.nl", &Trust::Also("nothing".into()), "x"), Err(BadRelay::Certificates)));
        let relay = new("a.nl", &Trust::Public, "x").unwrap();
        assert!(matches!(relay.account("me", Secret::new("a\0b".into())), Err(BadRelay::Account)));
    }
}
