//! The hash of keys and of values, the same on every machine and in every version, since keys are kept as rows.
//!
//! FNV-1a of 64 bits (<http://www.isthe.com/chongo/tech/comp/fnv/>) over the bytes of the parts, a byte 0x1f after each;
//! then the finaliser of SplitMix64, since FNV alone leaves short keys close together. The standard library's hasher
//! promises no stable result; a cryptographic one would cost more than the comparison that it saves.

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> u64 {
    parts.into_iter().fold(Hash::default(), Hash::part).finish()
}

#[derive(Clone, Copy)]
pub(crate) struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(BASIS)
    }
}

impl Hash {
    pub fn part(self, part: &str) -> Self {
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        Self(step(part.bytes().fold(self.0, step), 0x1f))
    }

    pub fn finish(self) -> u64 {
        mix(self.0)
    }
}

/// SplitMix64's finaliser (Steele, Lea and Flood 2014).
pub(crate) fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A change of any of these makes every stored key worthless.
    #[test]
    fn the_hash_never_changes() {
        assert_eq!(of([]), 0xf52a_15e9_a9b5_e89b);
        assert_eq!(of(["mail", "a@b.example"]), of(["mail", "a@b.example"]));
        assert_ne!(of(["ab", "c"]), of(["a", "bc"]));
        // FNV-1a of "a" is published as 0xaf63dc4c8601ec8c; one part adds its border.
        assert_eq!(Hash::default().part("a").0, (0xaf63_dc4c_8601_ec8c ^ 0x1f_u64).wrapping_mul(PRIME));
    }
}
