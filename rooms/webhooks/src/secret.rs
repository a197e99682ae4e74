//! The signature of a message, as Standard Webhooks 1.0.0 has it: `v1,` and the base64 of HMAC-SHA256 over the number of the
//! message, the moment and the body, with a dot between.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use kring_core::{Error, Result, Secret};
use sha2::Sha256;

type Signer = Hmac<Sha256>;

/// What both sides know, 32 bytes.
#[derive(Clone)]
pub struct Shared(Secret<[u8; 32]>);

impl Shared {
    /// Made from the key of the house and a salt, so that it is in no table: who reads the database cannot sign for us.
    pub fn new(key: &Secret<[u8; 32]>, webhook: i64, salt: &str) -> Result<Self> {
        let mut hash = Signer::new_from_slice(key.reveal()).map_err(Error::broken)?;
        hash.update(format!("webhook secret 1 {webhook} {salt}").as_bytes());
        Ok(Self(Secret::new(hash.finalize().into_bytes().into())))
    }

    /// As it is given to the other side, once.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", STANDARD.encode(self.0.reveal()))
    }

    pub fn sign(&self, message: &str, seconds: i64, body: &str) -> Result<String> {
        sign(self.0.reveal(), message, seconds, body)
    }
}

fn sign(secret: &[u8], message: &str, seconds: i64, body: &str) -> Result<String> {
    let mut hash = Signer::new_from_slice(secret).map_err(Error::broken)?;
    hash.update(format!("{message}.{seconds}.{body}").as_bytes());
    Ok(format!("v1,{}", STANDARD.encode(hash.finalize().into_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first is the example of the specification; both were made by the reference library for Python (`standardwebhooks`).
    #[test]
    fn it_signs_as_the_reference_does() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed =
            sign(&secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let shared = Shared(Secret::new(std::array::from_fn(|at| at as u8)));
        assert_eq!(shared.reveal(), "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=");
        let body = r#"{"type":"segment.joined","data":{"naam":"é"}}"#;
        let signed = shared.sign("msg_1_2", 1_764_536_400, body).unwrap();
        assert_eq!(signed, "v1,4ZY0WA8LC7NoEUzHD8ahBVwwtIRFqJbmWAT7zX2szl4=");
    }

    #[test]
    fn another_webhook_and_another_salt_make_another_secret() {
        let key = Secret::new([7; 32]);
        let made = |webhook, salt| Shared::new(&key, webhook, salt).unwrap().reveal();
        assert_eq!(made(1, "a"), made(1, "a"));
        assert_ne!(made(1, "a"), made(2, "a"));
        assert_ne!(made(1, "a"), made(1, "b"));
    }
}
