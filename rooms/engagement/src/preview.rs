//! What another formula would do, before it holds: how many people move by how much, and how the scores lie before and after.
//! Worked out over everybody who ever did anything, or, where these are many, over an even part of them.

use std::collections::BTreeSet;

use kring_core::Result;
use kring_frame::{PersonId, Tx, params, sql};

use crate::{
    formula::Holding,
    groups::{BANDS, band},
    score::{self, Formula, Mode, score},
    standing,
};

/// People that are scored twice while somebody waits.
const SAMPLE: i64 = 5_000;
/// Where the moves are parted: ten points and more down, one to ten down, less than one, one to ten up, ten and more up. In
/// tenths of a point.
const MOVES: [i64; 4] = [-99, -9, 10, 100];

/// What would happen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Preview {
    /// How many were looked at, of how many who ever did anything.
    pub people: i64,
    pub of: i64,
    /// By how much they move, from far down to far up.
    pub moves: [i64; MOVES.len() + 1],
    /// How many lie in each band.
    pub before: [i64; BANDS.len()],
    pub after: [i64; BANDS.len()],
    /// In tenths of a point, together.
    sums: (i64, i64),
}

impl Preview {
    /// The mean score before and after; `None` when nobody was looked at.
    pub fn means(&self) -> Option<(f64, f64)> {
        let mean = |sum: i64| sum as f64 / (10 * self.people) as f64;
        (self.people > 0).then(|| (mean(self.sums.0), mean(self.sums.1)))
    }

    fn add(&mut self, before: &score::Score, after: &score::Score) {
        self.people += 1;
        let step = after.tenths - before.tenths;
        let place = MOVES.iter().filter(|from| **from <= step).count();
        for (counts, place) in [
            (&mut self.moves[..], place),
            (&mut self.before[..], band(before.whole())),
            (&mut self.after[..], band(after.whole())),
        ] {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        self.sums.0 += before.tenths;
        self.sums.1 += after.tenths;
    }
}

/// Compares a formula with the one that holds. `on` are the modes in which something could be done by it.
pub async fn preview(
    tx: &mut Tx,
    holding: &Holding,
    formula: &Formula,
    on: &BTreeSet<Mode>,
) -> Result<Preview> {
    let (of,): (i64,) = tx.one(sql!("select count(*) from engagement_scores"), params![]).await?;
    // Numbers are given out in the order in which people come to be known, so every n-th is an even part of all years.
    let every = (of + SAMPLE - 1) / SAMPLE;
    let acts: Vec<(PersonId, String, i64, i64)> = tx
        .all(
            sql!(
                "select person_id, kind, day, year from engagement_acts where person_id % $1 = 0 order by person_id, day, id"
            ),
            params![every.max(1)],
        )
        .await?;
    let today = standing::today(tx);
    let mut preview = Preview { of, ..Preview::default() };
    for mine in acts.chunk_by(|a, b| a.0 == b.0) {
        let weighed: Vec<score::Act<'_>> =
            mine.iter().map(|(_, kind, day, year)| score::Act { kind, day: *day, year: *year }).collect();
        let before = score(&holding.formula, &holding.on, &weighed, today);
        preview.add(&before, &score(formula, on, &weighed, today));
    }
    Ok(preview)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moves_are_counted_where_they_belong() {
        let of = |tenths| score::Score { tenths, modes: Vec::new(), parts: Vec::new(), behaviour: None };
        let mut preview = Preview::default();
        for (before, after) in
            [(500, 400), (500, 401), (500, 491), (500, 500), (500, 509), (500, 510), (500, 600)]
        {
            preview.add(&of(before), &of(after));
        }
        assert_eq!(preview.moves, [1, 1, 3, 1, 1]);
        assert_eq!(preview.before, [0, 0, 0, 7, 0]);
        assert_eq!(preview.after, [0, 0, 0, 6, 1]);
        let (before, after) = preview.means().unwrap();
        assert!((before - 50.0).abs() < 1e-9 && (after - 48.728_571_428).abs() < 1e-6, "{after}");
        assert_eq!(Preview::default().means(), None);
    }
}
