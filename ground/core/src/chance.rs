use std::sync::{Arc, Mutex, PoisonError};

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha20Rng;

/// Randomness as a parameter: the system's for real use, a seed for tests and for the demo institution,
/// which must come out the same on every machine.
#[derive(Clone)]
pub struct Chance(Arc<Mutex<ChaCha20Rng>>);

impl Chance {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the system for randomness")]
    pub fn system() -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::from_os_rng())))
    }

    pub fn seeded(seed: u64) -> Self {
        Self(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.with(|rng| rng.fill_bytes(&mut out));
        out
    }

    /// Uniform in `0..n`; 0 when `n` is 0.
    pub fn below(&self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // Rejection keeps the draw exact: `next % n` alone would favour the small numbers.
        let zone = u64::MAX - u64::MAX % n;
        loop {
            let draw = self.with(RngCore::next_u64);
            if draw < zone {
                return draw % n;
            }
        }
    }

    /// Uniform in `[0, 1)`, 53 bits.
    pub fn unit(&self) -> f64 {
        (self.with(RngCore::next_u64) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn with<T>(&self, draw: impl FnOnce(&mut ChaCha20Rng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_the_same_draws_and_below_stays_below() {
        let (a, b) = (Chance::seeded(7), Chance::seeded(7));
        assert_eq!(a.bytes::<16>(), b.bytes::<16>());
        assert!((0..1000).all(|_| a.below(6) < 6));
        assert_eq!(a.below(0), 0);
        assert!((0..1000).all(|_| (0.0..1.0).contains(&a.unit())));
    }
}
