use kring_core::Chance;

/// Draws for one noun of Meerland. Each noun has dice of its own, so that a change in how placements are made does not
/// rename the people.
pub(crate) struct Dice(Chance);

impl Dice {
    pub fn of(seed: u64, noun: &str) -> Self {
        Self(Chance::seeded(noun.bytes().fold(mix(seed, 0, 0), |s, b| mix(s, u64::from(b), 1))))
    }

    /// Uniform in `0..n`.
    pub fn below(&self, n: usize) -> usize {
        self.0.below(n as u64) as usize
    }

    /// Uniform in `from..=to`; `from` when the range is empty.
    pub fn between(&self, from: i32, to: i32) -> i32 {
        from + self.0.below((i64::from(to) - i64::from(from) + 1).max(0) as u64) as i32
    }

    pub fn unit(&self) -> f64 {
        self.0.unit()
    }

    pub fn hits(&self, p: f64) -> bool {
        self.0.unit() < p
    }

    /// Any of the list, which must not be empty.
    pub fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        chosen(from, self.below(from.len()))
    }

    /// As `pick`, for the many closed lists of words.
    pub fn word(&self, from: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(from)
    }

    /// A place in the list of weights, in proportion to them.
    pub fn weighted(&self, weights: &[f64]) -> usize {
        let mut draw = self.unit() * weights.iter().sum::<f64>();
        for (at, weight) in weights.iter().enumerate() {
            draw -= weight;
            if draw < 0.0 {
                return at;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Standard normal, by Box and Muller.
    pub fn normal(&self) -> f64 {
        let (u, v) = (1.0 - self.unit(), self.unit());
        (-2.0 * u.ln()).sqrt() * (std::f64::consts::TAU * v).cos()
    }

    /// Log-normal with the given median.
    pub fn log_normal(&self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    pub fn shuffle<T>(&self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }

    /// `count` different places in `0..n`, in ascending order.
    pub fn some(&self, n: usize, count: usize) -> Vec<usize> {
        self.by_weight(&vec![1.0; n], count)
    }

    /// Exactly `count` places, the heavier the likelier (systematic sampling after Madow). Shares that the domain states
    /// come out to the person, also where only a handful is drawn; independent draws would not.
    pub fn by_weight(&self, weights: &[f64], count: usize) -> Vec<usize> {
        let able = weights.iter().filter(|w| **w > 0.0).count();
        if count >= able {
            return weights.iter().enumerate().filter(|(_, w)| **w > 0.0).map(|(at, _)| at).collect();
        }
        let step = weights.iter().sum::<f64>() / count.max(1) as f64;
        let (start, mut sum) = (self.unit() * step, 0.0);
        let mut taken = Vec::with_capacity(count);
        let mut spare = Vec::new();
        for (at, weight) in weights.iter().enumerate() {
            if *weight <= 0.0 {
                continue;
            }
            sum += weight;
            // One place is taken once, however heavy; what it would have taken more is made up below.
            if taken.len() < count && sum > start + step * taken.len() as f64 {
                taken.push(at);
            } else {
                spare.push(at);
            }
        }
        let missing = count - taken.len();
        taken.extend(spare.iter().rev().take(missing));
        taken.sort_unstable();
        taken
    }
}

/// The entry at a place that is known to exist: every place comes from `below(len)` or a wheel over the same list.
#[expect(
    clippy::indexing_slicing,
    reason = "the lists are ours and not empty; the place was drawn from their length"
)]
pub(crate) fn chosen<T>(from: &[T], at: usize) -> &T {
    &from[at]
}

/// A list with weights, for many draws.
pub(crate) struct Wheel(Vec<f64>);

impl Wheel {
    pub fn new(weights: impl IntoIterator<Item = f64>) -> Self {
        let mut sum = 0.0;
        let sums = weights.into_iter().map(|w| {
            sum += w;
            sum
        });
        Self(sums.collect())
    }

    pub fn spin(&self, dice: &Dice) -> usize {
        let draw = dice.unit() * self.0.last().copied().unwrap_or_default();
        self.0.partition_point(|sum| *sum <= draw).min(self.0.len().saturating_sub(1))
    }
}

/// One number from three, well mixed (the finaliser of SplitMix64): for streams that are made again at every reading and
/// must not depend on where the reading began.
pub(crate) const fn mix(seed: u64, a: u64, b: u64) -> u64 {
    let mut z = seed
        .wrapping_add(a.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .wrapping_add(b.wrapping_mul(0xd1b5_4a32_d192_ed03))
        .wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// `mix` as a number in `[0, 1)`.
pub(crate) fn mixed(seed: u64, a: u64, b: u64) -> f64 {
    (mix(seed, a, b) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_has_its_size_and_favours_the_heavy() {
        let dice = Dice::of(7, "test");
        let weights: Vec<f64> = (0..1000).map(|i| if i < 500 { 1.0 } else { 3.0 }).collect();
        for count in [0, 1, 3, 200, 999, 1000, 2000] {
            assert_eq!(dice.by_weight(&weights, count).len(), count.min(1000));
        }
        let heavy = dice.by_weight(&weights, 200).into_iter().filter(|at| *at >= 500).count();
        assert!((149..=151).contains(&heavy), "{heavy}");
        let lopsided = [100.0, 1.0, 0.0, 1.0];
        assert_eq!(dice.by_weight(&lopsided, 2).len(), 2);
        assert!(!dice.by_weight(&lopsided, 3).contains(&2));
    }

    #[test]
    fn nouns_do_not_disturb_each_other() {
        let draws = |noun| {
            let dice = Dice::of(1, noun);
            (0..8).map(|_| dice.below(1_000)).collect::<Vec<_>>()
        };
        assert_eq!(draws("people"), draws("people"));
        assert_ne!(draws("people"), draws("places"));
    }
}
