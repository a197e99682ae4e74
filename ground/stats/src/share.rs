use crate::{Figure, Level, Method, Sides, Why};

/// `hits` of `n` with Wilson's interval (E. B. Wilson 1927; for the figures Newcombe 1998, Statistics in
/// Medicine 17:857). Not the exact Clopper–Pearson interval: that one is too wide on average, and this
/// one's coverage averages .950 to .956 for every n from 10 up.
pub fn share(hits: u64, n: u64, level: Level, sides: Sides) -> Result<Figure, Why> {
    if n == 0 {
        return Err(Why::TooFew);
    }
    if hits > n {
        return Err(Why::Impossible);
    }
    let p = hits as f64 / n as f64;
    let (mut low, mut high) = wilson(p, n as f64, level.z(sides));
    // Exactly, for rounding can push a bound past its end.
    if hits == 0 {
        low = 0.0;
    }
    if hits == n {
        high = 1.0;
    }
    Ok(Figure::new(p, sides.bounds(low, high), level, n, Method::Wilson))
}

/// A share of people with weights, `(hit, weight)` each. Wilson's formula with n replaced by n_eff: an
/// approximation.
pub fn weighted_share(people: &[(bool, f64)], level: Level, sides: Sides) -> Result<Figure, Why> {
    let (sum, squares) = weights(people.iter().map(|(_, w)| *w))?;
    let hits: f64 = people.iter().filter(|(hit, _)| *hit).map(|(_, w)| w).sum();
    let (p, n_eff) = ((hits / sum).clamp(0.0, 1.0), sum * sum / squares);
    let (low, high) = wilson(p, n_eff, level.z(sides));
    let bounds = sides.bounds(if p <= 0.0 { 0.0 } else { low }, if p >= 1.0 { 1.0 } else { high });
    Ok(Figure { n_eff, ..Figure::new(p, bounds, level, people.len() as u64, Method::Wilson) })
}

/// Σw and Σw² of usable weights.
pub(crate) fn weights(all: impl Iterator<Item = f64>) -> Result<(f64, f64), Why> {
    let (mut sum, mut squares) = (0.0, 0.0);
    for weight in all {
        if !weight.is_finite() || weight < 0.0 {
            return Err(Why::Impossible);
        }
        sum += weight;
        squares += weight * weight;
    }
    if sum > 0.0 { Ok((sum, squares)) } else { Err(Why::TooFew) }
}

/// ( p + z²/2n ± z·√( p(1−p)/n + z²/4n² ) ) / ( 1 + z²/n )
pub(crate) fn wilson(p: f64, n: f64, z: f64) -> (f64, f64) {
    let zz = z * z;
    let centre = p + zz / (2.0 * n);
    let reach = z * (p * (1.0 - p) / n + zz / (4.0 * n * n)).sqrt();
    let scale = 1.0 + zz / n;
    (((centre - reach) / scale).max(0.0), ((centre + reach) / scale).min(1.0))
}
