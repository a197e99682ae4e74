use std::collections::BTreeMap;

use crate::{
    Figure, Level, Method, Sides, Why, draw, mean,
    mean::{all_equal, moments},
    share,
};

/// One whole mark from 1 to 10.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    pub person: i64,
    pub mark: u8,
}

/// The report mark with what belongs beside it.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub figure: Figure,
    /// Standard deviation between people.
    pub spread: f64,
    /// People by mark, 1 first. A person who answered more than once stands at the mean, rounded.
    pub counts: [u64; 10],
    /// The share of people at 5 or lower: 7.5 may be all sevens and eights, or nines and threes.
    pub low_marks: Figure,
}

/// Makes the person's mean a whole number for up to ten answers each: 1 … 10 all divide it. Sums of whole
/// numbers compare exactly, sums of floats depend on their order.
const PART: f64 = 2_520.0;

/// The mean mark. One value per person, who may have answered more than once: the mean of what that
/// person gave. Student's interval; when the marks are clearly skewed (|g₁| > 1) and from fewer than 100
/// people (house), the percentile interval of 2,000 draws of people with the caller's seed.
pub fn report_mark(answers: &[Answer], level: Level, seed: u64) -> Result<Report, Why> {
    let mut people: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for answer in answers {
        if !(1..=10).contains(&answer.mark) {
            return Err(Why::Impossible);
        }
        let (sum, n) = people.entry(answer.person).or_default();
        *sum += u64::from(answer.mark);
        *n += 1;
    }
    let values: Vec<f64> = people.values().map(|(sum, n)| *sum as f64 / *n as f64).collect();
    let (m, s) = moments(&values)?;
    let mut figure = mean(&values, Some((1.0, 10.0)), level, Sides::Two)?;
    let cubes = values.iter().map(|y| (y - m).powi(3)).sum::<f64>() / values.len() as f64;
    if values.len() < 100 && !all_equal(&values) && (cubes / s.powi(3)).abs() > 1.0 {
        let (low, high) = percentile(&values, level, seed);
        figure = Figure { low, high, method: Method::Bootstrap { seed }, ..figure };
    }
    let mut counts = [0; 10];
    for (sum, n) in people.values() {
        // Rounded half up, in whole numbers.
        let mark = (2 * sum + n) / (2 * n);
        if let Some(count) = counts.get_mut(mark as usize - 1) {
            *count += 1;
        }
    }
    let low_marks = share(counts.iter().take(5).sum(), values.len() as u64, level, Sides::Two)?;
    Ok(Report { figure, spread: s, counts, low_marks })
}

/// The percentile interval of the mean over draws of people.
pub(crate) fn percentile(values: &[f64], level: Level, seed: u64) -> (Option<f64>, Option<f64>) {
    let whole: Vec<i64> = values.iter().map(|y| (y * PART).round() as i64).collect();
    let sum = |sample: &[usize]| Some(sample.iter().filter_map(|i| whole.get(*i)).sum::<i64>());
    let mut sums = draw::people(values.len(), seed, sum);
    sums.sort_unstable();
    let at = |p| draw::quantile(&sums, p).map(|sum: i64| sum as f64 / PART / values.len() as f64);
    (at(1.0 - level.upper(Sides::Two)), at(level.upper(Sides::Two)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_resamples_of_few_people_are_enumerated() {
        for (values, low, high) in
            [(&[6.0, 7.0, 7.0, 8.0, 9.0][..], 6.6, 8.4), (&[5.0, 7.0, 8.0, 8.0, 9.0, 10.0], 6.5, 9.0)]
        {
            assert_eq!(percentile(values, Level::P95, 1), (Some(low), Some(high)));
            assert_eq!(percentile(values, Level::P95, 2), (Some(low), Some(high)));
        }
    }
}
