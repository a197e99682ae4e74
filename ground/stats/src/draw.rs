use kring_core::Chance;

/// Draws of all people with replacement (house).
const DRAWS: usize = 2_000;
/// Up to this many people every possible draw is made instead: n to the power n of them, 46,656 at most.
const ALL_UP_TO: usize = 6;

/// What `figure` makes of each draw of `n` people out of `n`, given as their places. Draws on which it
/// cannot be computed are left out.
pub(crate) fn people<T>(n: usize, seed: u64, mut figure: impl FnMut(&[usize]) -> Option<T>) -> Vec<T> {
    let mut sample = vec![0; n];
    if n <= ALL_UP_TO {
        let all = n.pow(n as u32);
        return (0..all)
            .filter_map(|mut number| {
                for place in &mut sample {
                    *place = number % n.max(1);
                    number /= n.max(1);
                }
                figure(&sample)
            })
            .collect();
    }
    let chance = Chance::seeded(seed);
    (0..DRAWS)
        .filter_map(|_| {
            for place in &mut sample {
                *place = chance.below(n as u64) as usize;
            }
            figure(&sample)
        })
        .collect()
}

/// The smallest value with at least p of all values at or below it.
pub(crate) fn quantile<T: Copy>(sorted: &[T], p: f64) -> Option<T> {
    // Less a hair: 0.975 · 2000 must not become 1951 by the last bit of a product.
    let rank = (p * sorted.len() as f64 - 1e-9).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}
