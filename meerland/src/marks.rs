use crate::{calendar::Day, desk::school_of, dice::Dice, making::Making, table::UnitKey};

/// The marks 1 to 10 of the whole institution, in a thousand.
pub(crate) const MARKS: [f64; 10] = [12.0, 9.0, 13.0, 22.0, 38.0, 85.0, 206.0, 355.0, 175.0, 85.0];

/// A mark for each answer, such that every unit has its mean in every academic year. Tilted from the institution's
/// distribution (exponentially, the least that changes the mean) and dealt by quota: with independent draws a unit at the
/// line of the gate would stand on either side by chance.
pub(crate) fn deal(m: &Making, dice: &Dice, given: &[(usize, Day)]) -> Vec<u8> {
    let mut groups: std::collections::BTreeMap<(UnitKey, i32), Vec<usize>> =
        std::collections::BTreeMap::new();
    for (n, (place, when)) in given.iter().enumerate() {
        let unit = m.w.invitations.get(*place).map_or(m.w.units.root(), |i| school_of(m, i.unit));
        let year = (0..6).find(|back| m.window.august(*back) <= *when).unwrap_or(6);
        groups.entry((unit, year)).or_default().push(n);
    }
    let mut all = vec![8; given.len()];
    for ((unit, _), places) in groups {
        let mean = m.w.units.all[unit].mean.unwrap_or(7.56);
        let mut marks = quota(mean, places.len());
        dice.shuffle(&mut marks);
        for (place, mark) in places.into_iter().zip(marks) {
            if let Some(slot) = all.get_mut(place) {
                *slot = mark;
            }
        }
    }
    all
}

/// `n` marks with that mean, rounded down to what whole marks allow.
fn quota(mean: f64, n: usize) -> Vec<u8> {
    let shares = tilted(mean);
    let mut marks = Vec::with_capacity(n);
    let (mut sum, mut mark) = (0.0, 0_u8);
    for share in shares {
        sum += share * n as f64;
        mark += 1;
        while (marks.len() as f64) < sum - 0.5 && marks.len() < n {
            marks.push(mark);
        }
    }
    marks.resize(n, 10);
    let target = (mean * n as f64 + 1e-9).floor() as i64;
    let mut over = marks.iter().map(|m| i64::from(*m)).sum::<i64>() - target;
    while over != 0 {
        for mark in &mut marks {
            match over.signum() {
                1 if *mark > 1 => (*mark, over) = (*mark - 1, over - 1),
                -1 if *mark < 10 => (*mark, over) = (*mark + 1, over + 1),
                _ => {}
            }
        }
    }
    marks
}

fn tilted(mean: f64) -> [f64; 10] {
    let with = |t: f64| {
        let mut mark = 0.0;
        let weights = MARKS.map(|w| {
            mark += 1.0;
            w * f64::exp(t * mark)
        });
        let sum: f64 = weights.iter().sum();
        weights.map(|w| w / sum)
    };
    let of = |shares: &[f64; 10]| shares.iter().zip(1..).map(|(s, m)| s * f64::from(m)).sum::<f64>();
    let (mut low, mut high) = (-3.0, 3.0);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if of(&with(middle)) < mean { low = middle } else { high = middle }
    }
    with(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_has_its_mean_and_never_more() {
        for mean in [6.7, 7.5, 8.0, 8.6] {
            for n in [1_usize, 7, 40, 1_000] {
                let marks = quota(mean, n);
                let got = marks.iter().map(|m| f64::from(*m)).sum::<f64>() / n as f64;
                assert!(got <= mean + 1e-9 && got > mean - 1.0 / n as f64, "{mean} {n}: {got}");
            }
        }
        let eights = quota(7.56, 1_000).into_iter().filter(|m| *m == 8).map(usize::from).sum::<usize>() / 8;
        assert!((345..=365).contains(&eights), "{eights}");
    }
}
