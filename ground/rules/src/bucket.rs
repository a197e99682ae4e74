//! A random part of all people that is the same tomorrow.

use serde::{Deserialize, Serialize};

/// Whoever falls in the first `take` of `of` equal parts, dealt by chance from a stored seed.
///
/// The deal depends on the seed and the person's number alone: two buckets with the same seed and the same `of` nest,
/// two with other seeds are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bucket {
    pub seed: u64,
    pub of: u32,
    pub take: u32,
}

/// 2³¹ − 1, a prime: products of two remainders fit in the 64 signed bits that both databases count in.
pub(crate) const PRIME: i64 = 2_147_483_647;

impl Bucket {
    pub fn contains(&self, person: i64) -> bool {
        let (factor, shift) = self.constants();
        let dealt = (person.rem_euclid(PRIME) * factor + shift) % PRIME;
        let square = dealt * dealt % PRIME;
        let fifth = square * square % PRIME * dealt % PRIME;
        fifth % i64::from(self.of.max(1)) < i64::from(self.take)
    }

    /// What the seed makes of itself: a factor and a shift, both remainders of the prime.
    ///
    /// The fifth power permutes the remainders, since 5 does not divide 2³¹ − 2, and it is sums and products only. A
    /// stronger hash needs exclusive or, which SQLite lacks; a weaker one (`id * factor`) deals neighbours in rows.
    pub(crate) fn constants(&self) -> (i64, i64) {
        let factor = mixed(self.seed) % (PRIME as u64 - 1) + 1;
        let shift = mixed(self.seed ^ 0x9e37_79b9_7f4a_7c15) % PRIME as u64;
        (factor as i64, shift as i64)
    }
}

/// SplitMix64's last step.
fn mixed(seed: u64) -> u64 {
    let mut x = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(bucket: &Bucket, people: impl Iterator<Item = i64>) -> (usize, usize) {
        let mut all = 0;
        let within = people.inspect(|_| all += 1).filter(|&id| bucket.contains(id)).count();
        (within, all)
    }

    #[test]
    fn parts_are_equal_for_many_seeds() {
        for seed in 0..50 {
            let bucket = Bucket { seed, of: 10, take: 3 };
            let (within, _) = share(&bucket, 1..=100_000);
            assert!((29_400..=30_600).contains(&within), "seed {seed}: {within}");
        }
    }

    #[test]
    fn two_seeds_are_independent_and_one_nests() {
        for seed in 0..50 {
            let one = Bucket { seed, of: 2, take: 1 };
            let other = Bucket { seed: seed + 1, of: 2, take: 1 };
            let (both, _) = share(&other, (1..=100_000).filter(|&id| one.contains(id)));
            assert!((24_300..=25_700).contains(&both), "seeds {seed}: {both}");
            let narrow = Bucket { seed, of: 100, take: 5 };
            let wide = Bucket { seed, of: 100, take: 20 };
            assert!((1..=10_000).all(|id| !narrow.contains(id) || wide.contains(id)));
        }
    }
}
