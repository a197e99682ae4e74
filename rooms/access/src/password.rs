use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash as Phc, PasswordHasher, PasswordVerifier, SaltString},
};
use kring_core::{Chance, Error, Result};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// OWASP's password storage cheat sheet: Argon2id with 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A password nobody has, under the parameters above: what an unknown address is compared with, so that it takes as
/// long as a known one.
const NOBODYS: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$vlXXAMZgbLpbs61Gyspn+Q$s6wtZHliytHkA45NbvNY0aOTBTeOuX2QXNWF3TQj18c";

/// Each hashing takes 19 MiB; more at once than this only makes each of them slower.
static HASHING: Semaphore = Semaphore::const_new(4);

/// A hashed password, as it is stored. No `Debug`: a hash is a secret too.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Hashes a password, beside the threads that serve. Whether it is a good one is asked elsewhere.
    pub async fn of(chance: &Chance, password: &str) -> Result<Self> {
        let salt = SaltString::encode_b64(&chance.bytes::<16>()).map_err(Error::broken)?;
        let password = same_on_every_keyboard(password);
        let _place = HASHING.acquire().await.map_err(Error::broken)?;
        tokio::task::spawn_blocking(move || {
            let hash = hasher()?.hash_password(password.as_bytes(), &salt).map_err(Error::broken)?;
            Ok(Self(hash.to_string()))
        })
        .await
        .map_err(Error::broken)?
    }

    pub(crate) fn stored(&self) -> &str {
        &self.0
    }
}

/// Whether the password is the one that was stored. Without a stored one it takes as long and the answer is no.
pub(crate) async fn verify(password: &str, stored: Option<String>) -> Result<bool> {
    let password = same_on_every_keyboard(password);
    let _place = HASHING.acquire().await.map_err(Error::broken)?;
    tokio::task::spawn_blocking(move || {
        let known = stored.is_some();
        let stored = stored.as_deref().unwrap_or(NOBODYS);
        let hash = Phc::new(stored).map_err(Error::broken)?;
        let fits = hasher()?.verify_password(password.as_bytes(), &hash).is_ok();
        Ok(known && fits)
    })
    .await
    .map_err(Error::broken)?
}

fn hasher() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Error::broken)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// One keyboard sends é as one sign and another as two; NFKC makes them the same (NIST SP 800-63B, 5.1.1.2).
fn same_on_every_keyboard(password: &str) -> String {
    password.nfkc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_on_every_keyboard() {
        let hash = PasswordHash::of(&Chance::seeded(1), "caf\u{e9} aan de haven").await.unwrap();
        let stored = || Some(hash.stored().to_owned());
        assert!(verify("cafe\u{301} aan de haven", stored()).await.unwrap());
        assert!(!verify("cafe aan de haven", stored()).await.unwrap());
        assert!(!verify("", stored()).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_password_is_checked_as_hard_as_any() {
        let ours = PasswordHash::of(&Chance::seeded(1), "een heel gewone zin").await.unwrap();
        let params = |text: &str| {
            let hash = Phc::new(text).unwrap();
            (
                hash.algorithm.to_string(),
                hash.version,
                Params::try_from(&hash).unwrap(),
                hash.hash.unwrap().len(),
            )
        };
        assert_eq!(params(ours.stored()), params(NOBODYS));
        assert!(!verify("nobody", None).await.unwrap());
    }
}
