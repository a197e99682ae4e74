//! The whole index as bytes and back, so that a start does not read the whole log.

use serde::{Serialize, de::DeserializeOwned};

use crate::{Audience, Fault};

/// Changes whenever what is held changes form: a snapshot of another version is refused, and the log read instead.
const MARK: &[u8; 8] = b"kring-a4";

/// An index, or what a caller keeps beside it, as bytes: mark, position, checksum, then all that is held. The position is the
/// caller's: where in its log the next change is.
pub fn pack<T: Serialize>(held: &T, position: u64) -> Result<Vec<u8>, Fault> {
    let mut bytes = MARK.to_vec();
    bytes.extend(position.to_le_bytes());
    bytes.extend([0; 8]);
    let mut bytes = postcard::to_extend(held, bytes).map_err(|_| Fault::Snapshot)?;
    let (head, body) = bytes.split_at_mut(24);
    let sum = checksum(position, body).to_le_bytes();
    head.iter_mut().skip(16).zip(sum).for_each(|(place, byte)| *place = byte);
    Ok(bytes)
}

/// What [`pack`] was given, and its position; [`Fault::Snapshot`] for bytes that are cut off, changed or of another version.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<(T, u64), Fault> {
    let (head, body) = bytes.split_at_checked(24).ok_or(Fault::Snapshot)?;
    let number = |from: usize| {
        let bytes = head.get(from..from + 8).and_then(|bytes| bytes.try_into().ok());
        bytes.map(u64::from_le_bytes).ok_or(Fault::Snapshot)
    };
    let position = number(8)?;
    if !head.starts_with(MARK) || number(16)? != checksum(position, body) {
        return Err(Fault::Snapshot);
    }
    postcard::from_bytes(body).map(|held| (held, position)).map_err(|_| Fault::Snapshot)
}

impl Audience {
    /// The index as bytes: see [`pack`].
    pub fn snapshot(&self, position: u64) -> Result<Vec<u8>, Fault> {
        pack(self, position)
    }

    /// The index and its position: see [`unpack`].
    pub fn restore(bytes: &[u8]) -> Result<(Self, u64), Fault> {
        unpack(bytes)
    }
}

/// Against a disk that lies and a file cut short, not against somebody who writes a snapshot on purpose.
fn checksum(seed: u64, bytes: &[u8]) -> u64 {
    let mut sum = seed ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks::<8>();
    let rest = rest.iter().fold(0, |word, &byte| word << 8 | u64::from(byte));
    for word in words.iter().map(|word| u64::from_le_bytes(*word)).chain([rest]) {
        sum = (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    }
    sum
}
