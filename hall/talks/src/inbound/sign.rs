//! Marked addresses: `reply+d12-<seal>@school.nl`. The seal shows that the address was made here, so that an answer finds
//! its thread whatever the mail program does to subject and headers, and nobody can point a mail at a thread of which they
//! never got a letter.

use std::fmt::Write as _;

use hmac::{Hmac, Mac};
use kring_core::{Error, Result};
use kring_frame::House;
use kring_post::Address;
use sha2::Sha256;

/// What a marked address stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Answers to a dialogue.
    Dialogue(i64),
    /// A message: whither it comes back, and answers where there is no dialogue.
    Message(i64),
    /// A wish to get no more of what this message was.
    Stop(i64),
}

impl Mark {
    fn text(self) -> String {
        match self {
            Self::Dialogue(id) => format!("d{id}"),
            Self::Message(id) => format!("m{id}"),
            Self::Stop(id) => format!("s{id}"),
        }
    }
}

/// The address with this mark.
pub(crate) fn marked(house: &House, base: &Address, mark: Mark) -> Result<Address> {
    let text = mark.text();
    let seal = sealed(house, &text)?;
    Address::parse(&format!("{}+{text}-{seal}@{}", base.local(), base.domain())).map_err(Error::broken)
}

/// The first of these addresses that was made here says what the mail is about. Mail servers may write addresses in lower
/// case, so a seal has no other.
pub(crate) fn read(house: &House, base: &Address, addresses: &[String]) -> Option<Mark> {
    addresses.iter().find_map(|address| {
        let (local, domain) = address.rsplit_once('@')?;
        if !domain.eq_ignore_ascii_case(base.domain()) {
            return None;
        }
        let local = local.to_ascii_lowercase();
        let tail = local.strip_prefix(&base.local().to_ascii_lowercase())?.strip_prefix('+')?;
        let (text, seal) = tail.split_once('-')?;
        let id: i64 = text.get(1..)?.parse().ok()?;
        let mark = match text.get(..1)? {
            "d" => Mark::Dialogue(id),
            "m" => Mark::Message(id),
            "s" => Mark::Stop(id),
            _ => return None,
        };
        let code = mac(house, text)?;
        code.verify_truncated_left(&unhex(seal)?).ok().map(|()| mark)
    })
}

/// Is this our own address for answers, with or without a mark?
pub(crate) fn is_ours(base: &Address, address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else { return false };
    let bare = local.split('+').next().unwrap_or(local);
    domain.eq_ignore_ascii_case(base.domain()) && bare.eq_ignore_ascii_case(base.local())
}

/// A key of its own, made from the one that the installation has.
fn mac(house: &House, text: &str) -> Option<Hmac<Sha256>> {
    let mut key = Hmac::<Sha256>::new_from_slice(house.settings.trail_key.reveal()).ok()?;
    key.update(b"kring: marked addresses, 1");
    let mut code = Hmac::<Sha256>::new_from_slice(&key.finalize().into_bytes()).ok()?;
    code.update(text.as_bytes());
    Some(code)
}

/// 128 bits as 32 hex digits: a local part may have 64 octets.
fn sealed(house: &House, text: &str) -> Result<String> {
    let code = mac(house, text).ok_or_else(|| Error::broken("no key"))?.finalize().into_bytes();
    let mut seal = String::new();
    for byte in code.iter().take(16) {
        let _infallible = write!(seal, "{byte:02x}");
    }
    Ok(seal)
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    (0..16).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2)?, 16).ok()).collect()
}
