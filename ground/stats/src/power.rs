use crate::{Level, Sides, Why, quantile};

/// The smallest difference from a share of `base` that two groups of `n` people each show with the given power, by the usual
/// two-sided test: upwards, in the unit of a share. The formula is the one for the size of a group (Fleiss, Levin and Paik
/// 2003, Statistical Methods for Rates and Proportions, 4.14, without correction for continuity), solved for the
/// difference.
///
/// # Errors
/// [`Why::TooFew`] when not even everybody against `base` would be found, [`Why::Impossible`] for shares and powers that are none.
pub fn detectable(n: f64, base: f64, level: Level, power: f64) -> Result<f64, Why> {
    if !(0.0..1.0).contains(&base) || !(0.0..1.0).contains(&power) || !n.is_finite() {
        return Err(Why::Impossible);
    }
    let needed = |difference: f64| group_size(base, base + difference, level, power);
    let most = 1.0 - base;
    if needed(most) > n {
        return Err(Why::TooFew);
    }
    // The size that is needed falls as the difference grows, so halving finds it.
    let (mut low, mut high) = (0.0, most);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if needed(middle) > n { low = middle } else { high = middle }
    }
    Ok(high)
}

/// ( z₁₋α/₂·√(2·p̄·q̄) + z_power·√(p₁·q₁ + p₂·q₂) )² / (p₂ − p₁)², people in each group.
fn group_size(first: f64, second: f64, level: Level, power: f64) -> f64 {
    let mean = f64::midpoint(first, second);
    let pooled = (2.0 * mean * (1.0 - mean)).sqrt();
    let apart = (first * (1.0 - first) + second * (1.0 - second)).max(0.0).sqrt();
    let reach = level.z(Sides::Two) * pooled + quantile::normal(power) * apart;
    (reach / (second - first)).powi(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the documentation of R's `power.prop.test`: .50 against .75 with power .90 needs 76.7 in each group.
    #[test]
    fn the_size_of_a_group_is_that_of_the_book() {
        assert!((group_size(0.50, 0.75, Level::P95, 0.90) - 76.7).abs() < 0.05);
        assert!((detectable(76.7, 0.50, Level::P95, 0.90).unwrap() - 0.25).abs() < 0.001);
    }

    #[test]
    fn more_people_show_smaller_differences() {
        let of = |n| detectable(n, 0.1, Level::P95, 0.8).unwrap();
        assert!(of(100.0) > of(1_000.0) && of(1_000.0) > of(10_000.0));
        assert_eq!(detectable(1.0, 0.1, Level::P95, 0.8), Err(Why::TooFew));
    }
}
