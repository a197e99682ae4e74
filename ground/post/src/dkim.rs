//! DKIM (RFC 6376, RFC 8463) on the finished bytes of a mail.
//!
//! lettre has a signer, but it puts one signature on a mail where old and new receivers need two, walks
//! a header by one stack frame for each character, reads the system clock, and signs RSA ten times
//! slower than the ring that TLS brings along anyway.

mod canon;
mod key;

use base64::{Engine, engine::general_purpose::STANDARD};
use kring_core::Timestamp;
use ring::{
    digest::{SHA256, digest},
    error::Unspecified,
    rand::SystemRandom,
    signature::{RSA_PKCS1_SHA256, RsaKeyPair},
};

pub use self::key::{Algorithm, BadKey, Generated, SigningKey, generate};
use self::{canon::Canon, key::Kind};

/// Signed whether the mail has them or not, so that none can be added under our signature.
const ALWAYS: [&str; 7] = ["From", "To", "Cc", "Subject", "Date", "Message-ID", "Reply-To"];
/// Signed when there, and then also against a second one.
const WHEN_THERE: [&str; 9] = [
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
    "Content-Transfer-Encoding",
];

/// The keys of one domain. Two of them, RSA and Ed25519, give two signatures: receivers that do not know
/// the newer one use the older.
pub struct Signer {
    domain: String,
    keys: Vec<SigningKey>,
}

impl Signer {
    pub fn new(domain: &str, keys: Vec<SigningKey>) -> Result<Self, BadKey> {
        if !key::is_name(domain) || !domain.contains('.') {
            return Err(BadKey::Domain);
        }
        if keys.is_empty() {
            return Err(BadKey::None);
        }
        Ok(Self { domain: domain.to_ascii_lowercase(), keys })
    }

    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// The mail with its signatures in front. Takes about 0.05 ms with Ed25519 and 0.7 ms with RSA, so
    /// not on a thread that serves sockets when there are many. Fails only when the system's randomness
    /// does, which RSA uses to hide its timing.
    pub(crate) fn sign(&self, mail: &[u8], at: Timestamp) -> Result<Vec<u8>, Unspecified> {
        let canon = Canon::read(mail);
        let body = STANDARD.encode(canon.body_hash());
        let (names, signed) = chosen(&canon);
        let mut out = Vec::with_capacity(mail.len() + 1024 * self.keys.len());
        for key in &self.keys {
            let head = format!(
                "DKIM-Signature: v=1; a={}; c=relaxed/relaxed; d={};\r\n s={}; t={};\r\n h={names};\r\n bh={body};\r\n b=",
                key.algorithm().tag(),
                self.domain,
                key.selector,
                at.as_second().max(0),
            );
            let text = format!("{signed}{}", canon::relaxed(&head));
            let signature = match &key.kind {
                Kind::Rsa(pair) => rsa(pair, text.as_bytes())?,
                // RFC 8463, 3: over the hash, not over the text.
                Kind::Ed25519(pair) => pair.sign(digest(&SHA256, text.as_bytes()).as_ref()).as_ref().to_vec(),
            };
            out.extend_from_slice(head.as_bytes());
            out.extend_from_slice(wrapped(&STANDARD.encode(signature)).as_bytes());
            out.extend_from_slice(b"\r\n");
        }
        out.extend_from_slice(mail);
        Ok(out)
    }
}

/// The `h=` list, folded, and the canonical headers it names. Each name stands there once more than the
/// mail has it (RFC 6376, 8.15): a receiver that finds one more sees that it was put in later.
fn chosen(canon: &Canon<'_>) -> (String, String) {
    let there = WHEN_THERE.iter().filter(|name| canon.count(name) > 0);
    let mut list = Vec::new();
    let mut signed = String::new();
    for name in ALWAYS.iter().chain(there) {
        // From the last to the first, as a receiver takes them.
        for header in canon.named(name) {
            signed.push_str(&canon::relaxed(header));
            signed.push_str("\r\n");
            list.push(*name);
        }
        list.push(*name);
    }
    let lines: Vec<_> = list.chunks(5).map(|chunk| chunk.join(":")).collect();
    (lines.join(":\r\n "), signed)
}

fn rsa(pair: &RsaKeyPair, text: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut signature = vec![0; pair.public().modulus_len()];
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text, &mut signature)?;
    Ok(signature)
}

fn wrapped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 24);
    for (i, c) in text.chars().enumerate() {
        if i > 0 && i % 72 == 0 {
            out.push_str("\r\n ");
        }
        out.push(c);
    }
    out
}
