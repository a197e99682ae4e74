//! Counts over everybody, as a ring on a start page shows them. In a small house they are counted each time. In a large one
//! a count takes longer than a page may, so it is kept for a hundred times as long as it took: half a second's work is a
//! minute old at most, and counting costs one hundredth of the machine however many look.
//!
//! In memory, of each node its own: a figure that is somewhat older on the next node is no harm, and nothing that anybody
//! decides by is kept here.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const WORTH_KEEPING: Duration = Duration::from_millis(30);
const TIMES: u32 = 100;

#[derive(Default)]
pub struct Kept(Mutex<HashMap<&'static str, (Instant, Vec<i64>)>>);

impl Kept {
    /// The counts under this name, while they are fresh.
    pub fn get<const N: usize>(&self, name: &'static str) -> Option<[i64; N]> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, counts) = kept.get(name)?;
        (Instant::now() < *until).then(|| counts.as_slice().try_into().ok())?
    }

    /// Keeps what was counted since `begun`, if that took long.
    pub fn put(&self, name: &'static str, begun: Instant, counts: &[i64]) {
        let took = begun.elapsed();
        if took >= WORTH_KEEPING {
            let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            kept.insert(name, (Instant::now() + took * TIMES, counts.to_vec()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_took_long_is_kept() {
        let kept = Kept::default();
        let now = Instant::now();
        kept.put("quick", now, &[1]);
        assert_eq!(kept.get::<1>("quick"), None);
        let Some(before) = now.checked_sub(Duration::from_secs(1)) else { return };
        kept.put("slow", before, &[1, 2]);
        assert_eq!(kept.get("slow"), Some([1, 2]));
        assert_eq!(kept.get::<3>("slow"), None, "another number of counts is another question");
    }
}
