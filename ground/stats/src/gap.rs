use crate::{Figure, Level, Method, Sides, Why, mean, mean::moments, share};

/// What one person expected of an item and what that person then experienced, on the same scale. The
/// expectation must have been asked before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub expected: Option<f64>,
    pub experienced: Option<f64>,
}

/// One item asked twice; the versions of the question must be the same.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    pub pairs: &'a [Pair],
    pub version_before: u32,
    pub version_after: u32,
}

/// Experience − expectation: positive is better than expected. (The sign of SERVQUAL: Parasuraman,
/// Zeithaml, Berry 1988.)
#[derive(Clone, Debug, PartialEq)]
pub struct Gap {
    pub figure: Figure,
    /// The shares of people who got more than, what, and less than they expected.
    pub above: Figure,
    pub at: Figure,
    pub below: Figure,
    /// People of whom only one half of the pair is known: left out.
    pub halves: u64,
}

/// The gap of the same people before and after, with the interval of a mean.
pub fn gap_paired(item: Item<'_>, level: Level) -> Result<Gap, Why> {
    if item.version_before != item.version_after {
        return Err(Why::Break);
    }
    let gaps: Vec<f64> = item.pairs.iter().filter_map(|p| Some(p.experienced? - p.expected?)).collect();
    let figure = mean(&gaps, None, level, Sides::Two)?;
    let part = |test: fn(f64) -> bool| {
        share(gaps.iter().filter(|gap| test(**gap)).count() as u64, gaps.len() as u64, level, Sides::Two)
    };
    Ok(Gap {
        figure,
        above: part(|gap| gap > 0.0)?,
        at: part(|gap| gap == 0.0)?,
        below: part(|gap| gap < 0.0)?,
        halves: item.pairs.iter().filter(|p| p.expected.is_some() != p.experienced.is_some()).count() as u64,
    })
}

/// The gap between a panel's expectation and other people's experience, with Welch's interval (Welch
/// 1947, Biometrika 34:28).
pub fn gap_between(expected: &[f64], experienced: &[f64], level: Level) -> Result<Figure, Why> {
    let ((m1, s1), (m2, s2)) = (moments(experienced)?, moments(expected)?);
    let (n1, n2) = (experienced.len() as f64, expected.len() as f64);
    if n1 < 2.0 || n2 < 2.0 {
        return Err(Why::TooFew);
    }
    let (a, b) = (s1 * s1 / n1, s2 * s2 / n2);
    if a + b <= 0.0 {
        return Err(Why::AllEqual);
    }
    let df = (a + b).powi(2) / (a * a / (n1 - 1.0) + b * b / (n2 - 1.0));
    let (d, reach) = (m1 - m2, level.t(Sides::Two, df) * (a + b).sqrt());
    let n = (experienced.len() + expected.len()) as u64;
    Ok(Figure::new(d, (Some(d - reach), Some(d + reach)), level, n, Method::Welch))
}

/// Several dimensions as one: Σ w·gap over Σ w, for `(gap, weight)`. Weights come from sharing out 100
/// points; equal ones give the plain mean.
pub fn overall(dimensions: &[(f64, f64)]) -> Result<f64, Why> {
    let (sum, _) = share::weights(dimensions.iter().map(|(_, w)| *w))?;
    Ok(dimensions.iter().map(|(gap, w)| gap * w).sum::<f64>() / sum)
}

/// How reliable a difference of two noisy answers is (Peter, Churchill, Brown 1993, Journal of Consumer
/// Research 19:655), from the spreads of experience and expectation, the reliability of each, and their
/// correlation. Below .6 (house) ask directly whether it was worse than, as, or better than expected.
pub fn reliability(spreads: (f64, f64), reliabilities: (f64, f64), correlation: f64) -> Result<f64, Why> {
    let ((sp, se), (rp, re)) = (spreads, reliabilities);
    let shared = 2.0 * correlation * sp * se;
    let all = sp * sp + se * se - shared;
    if all.is_nan() || all <= 1e-12 * (sp * sp + se * se).max(f64::MIN_POSITIVE) {
        return Err(Why::NoVariation);
    }
    Ok((sp * sp * rp + se * se * re - shared) / all)
}
