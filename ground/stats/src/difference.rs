use crate::{Figure, Level, Method, Sides, Why, draw, share::wilson};

/// Hits among trials, on one version of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    pub hits: u64,
    pub n: u64,
    pub version: u32,
}

/// First share − second share, of different people, with Newcombe's hybrid interval (Newcombe 1998,
/// Statistics in Medicine 17:873, method 10). When more than a tenth of the people is in both (house), use
/// [`difference_of_people`].
pub fn difference(first: Counted, second: Counted, level: Level) -> Result<Figure, Why> {
    if first.n == 0 || second.n == 0 {
        return Err(Why::TooFew);
    }
    if first.version != second.version {
        return Err(Why::Break);
    }
    if first.hits > first.n || second.hits > second.n {
        return Err(Why::Impossible);
    }
    let z = level.z(Sides::Two);
    let bounds = |c: Counted| {
        let p = c.hits as f64 / c.n as f64;
        let (low, high) = wilson(p, c.n as f64, z);
        (p, if c.hits == 0 { 0.0 } else { low }, if c.hits == c.n { 1.0 } else { high })
    };
    let ((p1, l1, u1), (p2, l2, u2)) = (bounds(first), bounds(second));
    let d = p1 - p2;
    let low = (d - (p1 - l1).hypot(u2 - p2)).max(-1.0);
    let high = (d + (u1 - p1).hypot(p2 - l2)).min(1.0);
    Ok(Figure::new(d, (Some(low), Some(high)), level, first.n + second.n, Method::Newcombe))
}

/// The same for samples that share people: each person with his hit in the first and in the second, where
/// he was in it. People are drawn, so that what one person gave twice stays together.
pub fn difference_of_people(
    people: &[(Option<bool>, Option<bool>)],
    level: Level,
    seed: u64,
) -> Result<Figure, Why> {
    let difference = |sample: &mut dyn Iterator<Item = usize>| {
        let mut counts = [[0_u64; 2]; 2];
        for &(first, second) in sample.filter_map(|i| people.get(i)) {
            for (count, hit) in counts.iter_mut().zip([first, second]) {
                if let Some(hit) = hit {
                    let [hits, n] = count;
                    *hits += u64::from(hit);
                    *n += 1;
                }
            }
        }
        let [[h1, n1], [h2, n2]] = counts;
        (n1 > 0 && n2 > 0).then(|| h1 as f64 / n1 as f64 - h2 as f64 / n2 as f64)
    };
    let d = difference(&mut (0..people.len())).ok_or(Why::TooFew)?;
    let mut draws = draw::people(people.len(), seed, |sample| difference(&mut sample.iter().copied()));
    draws.sort_by(f64::total_cmp);
    let low = draw::quantile(&draws, 1.0 - level.upper(Sides::Two));
    let high = draw::quantile(&draws, level.upper(Sides::Two));
    Ok(Figure::new(d, (low, high), level, people.len() as u64, Method::Bootstrap { seed }))
}
