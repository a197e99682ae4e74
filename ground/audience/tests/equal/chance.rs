//! Chance from a number.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// 0 up to, not including, `end`.
    pub fn below(&mut self, end: u32) -> u32 {
        self.0.random_range(0..end)
    }

    pub fn between(&mut self, from: i32, to: i32) -> i32 {
        self.0.random_range(from..=to)
    }

    pub fn one_in(&mut self, n: u32) -> bool {
        self.below(n) == 0
    }

    pub fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len() as u32) as usize]
    }

    /// Some of them, in order, at least one.
    pub fn some(&mut self, of: &[&str]) -> Vec<String> {
        let some: Vec<String> = of.iter().filter(|_| self.one_in(2)).map(|&one| one.to_owned()).collect();
        if some.is_empty() { vec![self.pick(of).to_owned()] } else { some }
    }

    pub fn some_or_none(&mut self, of: &[&str]) -> Vec<String> {
        if self.one_in(2) { Vec::new() } else { self.some(of) }
    }
}
