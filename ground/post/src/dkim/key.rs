use base64::{Engine, engine::general_purpose::STANDARD};
use kring_core::{Chance, Secret};
use ring::signature::{Ed25519KeyPair, KeyPair, RsaKeyPair};
use rsa::{
    RsaPrivateKey,
    pkcs8::{EncodePrivateKey, EncodePublicKey, LineEnding},
    rand_core,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer, pem::PemObject};

/// In front of the 32 bytes of an Ed25519 key, PKCS #8 has these (RFC 8410, 7).
const ED25519_HEAD: [u8; 16] =
    [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA of 2,048 bits: what every receiver checks.
    Rsa,
    /// Small and quick; not yet checked everywhere.
    Ed25519,
}

impl Algorithm {
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Rsa => "rsa-sha256",
            Self::Ed25519 => "ed25519-sha256",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("this is no domain that can be signed for")]
    Domain,
    #[error("a selector is one or more labels of letters, digits and hyphens")]
    Selector,
    #[error("a signer needs a key")]
    None,
    #[error("this is no private key, or one of a kind that DKIM does not know")]
    Unreadable,
    #[error("an RSA key needs at least 2,048 bits")]
    Small,
}

/// A private key and the selector under which its public half stands in the DNS.
pub struct SigningKey {
    pub(super) selector: String,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl SigningKey {
    /// Reads PEM (PKCS #8, or PKCS #1 for RSA), the same DER in base64, or the 32 bytes of an Ed25519
    /// key in base64.
    pub fn read(selector: &str, private: &Secret<String>) -> Result<Self, BadKey> {
        if !is_name(selector) {
            return Err(BadKey::Selector);
        }
        let text = private.reveal().trim();
        let key = if text.starts_with("-----") {
            PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| BadKey::Unreadable)?
        } else {
            let packed: String = text.split_whitespace().collect();
            let bytes = STANDARD.decode(packed).map_err(|_| BadKey::Unreadable)?;
            let der = if bytes.len() == 32 { [&ED25519_HEAD[..], &bytes].concat() } else { bytes };
            PrivateKeyDer::try_from(der).map_err(|_| BadKey::Unreadable)?
        };
        let kind = match &key {
            PrivateKeyDer::Pkcs1(der) => rsa(RsaKeyPair::from_der(der.secret_pkcs1_der()))?,
            PrivateKeyDer::Pkcs8(der) => pkcs8(der)?,
            _ => return Err(BadKey::Unreadable),
        };
        Ok(Self { selector: selector.to_ascii_lowercase(), kind })
    }

    pub fn algorithm(&self) -> Algorithm {
        match self.kind {
            Kind::Rsa(_) => Algorithm::Rsa,
            Kind::Ed25519(_) => Algorithm::Ed25519,
        }
    }
}

fn pkcs8(der: &PrivatePkcs8KeyDer<'_>) -> Result<Kind, BadKey> {
    let der = der.secret_pkcs8_der();
    match Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
        Ok(pair) => Ok(Kind::Ed25519(pair)),
        Err(_) => rsa(RsaKeyPair::from_pkcs8(der)),
    }
}

fn rsa(read: Result<RsaKeyPair, ring::error::KeyRejected>) -> Result<Kind, BadKey> {
    match read {
        Ok(pair) => Ok(Kind::Rsa(Box::new(pair))),
        Err(error) if error.to_string() == "TooSmall" => Err(BadKey::Small),
        Err(_) => Err(BadKey::Unreadable),
    }
}

/// A new key and what to publish for it.
pub struct Generated {
    /// PEM, PKCS #8: for [`SigningKey::read`].
    pub private: Secret<String>,
    /// The name of the TXT record: `selector._domainkey.domain`.
    pub dns_name: String,
    /// Its text. DNS keeps it in pieces of at most 255; most providers cut it themselves.
    pub dns_text: String,
}

/// Makes a key. An RSA key takes a second or so.
pub fn generate(
    algorithm: Algorithm,
    selector: &str,
    domain: &str,
    chance: &Chance,
) -> Result<Generated, BadKey> {
    if !is_name(selector) {
        return Err(BadKey::Selector);
    }
    if !is_name(domain) || !domain.contains('.') {
        return Err(BadKey::Domain);
    }
    let (private, public, kind) = match algorithm {
        Algorithm::Rsa => {
            let key = RsaPrivateKey::new(&mut Draw(chance), 2048).map_err(|_| BadKey::Unreadable)?;
            let private = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| BadKey::Unreadable)?.to_string();
            let public = key.to_public_key().to_public_key_der().map_err(|_| BadKey::Unreadable)?;
            (private, public.into_vec(), "rsa")
        }
        Algorithm::Ed25519 => {
            let seed: [u8; 32] = chance.bytes();
            let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| BadKey::Unreadable)?;
            let der = STANDARD.encode([&ED25519_HEAD[..], &seed].concat());
            let private = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
            (private, pair.public_key().as_ref().to_vec(), "ed25519")
        }
    };
    Ok(Generated {
        private: Secret::new(private),
        dns_name: format!("{selector}._domainkey.{domain}").to_ascii_lowercase(),
        dns_text: format!("v=DKIM1; k={kind}; p={}", STANDARD.encode(public)),
    })
}

/// One or more DNS labels.
pub(super) fn is_name(text: &str) -> bool {
    let fine = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.len() <= 253 && text.split('.').all(fine)
}

/// The house's chance, in the form that the RSA crate asks for.
struct Draw<'a>(&'a Chance);

impl rand_core::RngCore for Draw<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::from_le_bytes(self.0.bytes())
    }
    fn next_u64(&mut self) -> u64 {
        u64::from_le_bytes(self.0.bytes())
    }
    fn fill_bytes(&mut self, into: &mut [u8]) {
        for chunk in into.chunks_mut(32) {
            let draw: [u8; 32] = self.0.bytes();
            chunk.copy_from_slice(draw.get(..chunk.len()).unwrap_or_default());
        }
    }
    fn try_fill_bytes(&mut self, into: &mut [u8]) -> Result<(), rand_core::Error> {
        self.fill_bytes(into);
        Ok(())
    }
}

// A ChaCha20 stream, seeded by the system outside of tests.
impl rand_core::CryptoRng for Draw<'_> {}
