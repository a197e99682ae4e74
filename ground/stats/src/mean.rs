use crate::{Figure, Flag, Level, Method, Sides, Why, share::weights};

/// The mean of one value per person, with Student's t interval (Student 1908, Biometrika 6:1). `scale`
/// is what the values can be; the bounds stay within it.
pub fn mean(values: &[f64], scale: Option<(f64, f64)>, level: Level, sides: Sides) -> Result<Figure, Why> {
    let (m, s) = moments(values)?;
    let n = values.len();
    let plain = |bounds| Figure::new(m, bounds, level, n as u64, Method::T);
    if n == 1 {
        return Ok(plain((None, None)).flagged(Flag::OnePerson));
    }
    if all_equal(values) {
        return Ok(plain((None, None)).flagged(Flag::AllEqual));
    }
    let reach = level.t(sides, n as f64 - 1.0) * s / (n as f64).sqrt();
    Ok(plain(within(sides, m, reach, scale)))
}

/// The weighted mean of `(value, weight)`, one per person; the standard error is
/// √( n/(n−1) · Σw²(y−m)² ) / Σw, the degrees of freedom are n_eff − 1 (house).
pub fn weighted_mean(
    people: &[(f64, f64)],
    scale: Option<(f64, f64)>,
    level: Level,
    sides: Sides,
) -> Result<Figure, Why> {
    if people.iter().any(|(value, _)| !value.is_finite()) {
        return Err(Why::Impossible);
    }
    let (sum, squares) = weights(people.iter().map(|(_, w)| *w))?;
    // Whoever weighs nothing is not there.
    let people: Vec<_> = people.iter().filter(|(_, w)| *w > 0.0).copied().collect();
    let (n, n_eff) = (people.len() as f64, sum * sum / squares);
    let m = people.iter().map(|(y, w)| y * w).sum::<f64>() / sum;
    let plain = |bounds| Figure { n_eff, ..Figure::new(m, bounds, level, people.len() as u64, Method::T) };
    if people.len() == 1 {
        return Ok(plain((None, None)).flagged(Flag::OnePerson));
    }
    if all_equal(&people.iter().map(|(y, _)| *y).collect::<Vec<_>>()) {
        return Ok(plain((None, None)).flagged(Flag::AllEqual));
    }
    let spread: f64 = people.iter().map(|(y, w)| (w * (y - m)).powi(2)).sum();
    let error = (n / (n - 1.0) * spread).sqrt() / sum;
    Ok(plain(within(sides, m, level.t(sides, n_eff - 1.0) * error, scale)))
}

/// Mean and standard deviation (divided by n − 1; 0 for one value).
pub(crate) fn moments(values: &[f64]) -> Result<(f64, f64), Why> {
    if values.is_empty() {
        return Err(Why::TooFew);
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(Why::Impossible);
    }
    let n = values.len() as f64;
    let m = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - m).powi(2)).sum();
    Ok((m, if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 }))
}

/// Asked of the values and not of s, which rounding can leave above 0.
pub(crate) fn all_equal(values: &[f64]) -> bool {
    values.windows(2).all(|pair| matches!(pair, [a, b] if a.total_cmp(b).is_eq()))
}

fn within(sides: Sides, m: f64, reach: f64, scale: Option<(f64, f64)>) -> (Option<f64>, Option<f64>) {
    let (least, most) = scale.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    sides.bounds((m - reach).max(least), (m + reach).min(most))
}
