use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::Chance;

/// A value that cannot be printed, logged or serialised by accident: it has no `Display`, no `Debug`, no
/// `Serialize`. Reading it takes a word that review can search for.
#[derive(Clone)]
pub struct Secret<T>(T);

impl<T> Secret<T> {
    pub const fn new(value: T) -> Self {
        Self(value)
    }
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

/// 192 random bits given to somebody outside: in a link, a cookie, an API key. We keep only its hash.
#[derive(Clone)]
pub struct Token([u8; 24]);

impl Token {
    pub fn new(chance: &Chance) -> Self {
        Self(chance.bytes())
    }

    /// 32 characters, safe in a URL.
    pub fn reveal(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0).into())
    }

    /// Reads what a visitor sent; anything that is not a token is `None`, and looks no different from a
    /// token that nobody gave out.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 24];
        (URL_SAFE_NO_PAD.decode_slice(text, &mut bytes) == Ok(24)).then_some(Self(bytes))
    }
}

/// What we keep of a token. A fast hash will do: 192 random bits cannot be guessed, unlike a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_survives_the_trip_and_nonsense_does_not() {
        let token = Token::new(&Chance::seeded(1));
        let sent = token.reveal();
        assert_eq!(sent.len(), 32);
        assert_eq!(Token::read(&sent).map(|t| t.hash()), Some(token.hash()));
        let (short, long) = (&sent[..31], format!("{sent}A"));
        assert!([short, &long, "", "né", "../../etc/passwd"].iter().all(|s| Token::read(s).is_none()));
    }
}
