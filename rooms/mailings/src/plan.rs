//! What a mailing is to be: to whom, about what, in which words, and how it is spread.

use kring_blocks::{Document, Sheet};
use kring_core::{Id, Lang, Timestamp};
use kring_frame::rules::Bucket;
use kring_talks::Topic;
use serde::{Deserialize, Serialize};

/// Texts of a mailing at most: with more, each gets too few people to tell them apart.
pub const MOST_TEXTS: usize = 2;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    pub segment: Option<i64>,
    pub topic: Option<Id<Topic>>,
    /// One, or two that are compared.
    pub texts: Vec<Document>,
    pub test: Test,
    /// Of a hundred people so many get nothing, to compare with.
    pub hold_out: i64,
    /// Over how long it is spread; 0 is as fast as it goes.
    pub over_minutes: i64,
    /// Not before this moment.
    pub begins_at: Option<Timestamp>,
}

/// How two texts are compared. It is written down before it begins and decided once, so that nobody stops when it happens to
/// look well (what that does to the share of false findings: Armitage, McPherson and Rowe 1969, JRSS A 132:235).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Of a hundred people so many take part, half of them for each text; with 100 nobody is left for the better one.
    pub share: i64,
    /// So long after the last of them was written to it is decided.
    pub hours: i64,
}

impl Plan {
    /// Without words or people.
    pub fn new(lang: Lang) -> Self {
        Self {
            segment: None,
            topic: None,
            texts: vec![Document::new(lang.into(), Sheet::default())],
            test: Test { share: 20, hours: 48 },
            hold_out: 0,
            over_minutes: 240,
            begins_at: None,
        }
    }

    pub fn compares(&self) -> bool {
        self.texts.len() == MOST_TEXTS
    }
}

/// Who gets which text, by the seed of a mailing: three draws that know nothing of each other.
#[derive(Clone, Copy, Debug)]
pub struct Draw {
    held_out: Bucket,
    tested: Bucket,
    second: Bucket,
}

impl Draw {
    pub fn new(seed: i64, plan: &Plan) -> Self {
        let share = |percent: i64| u32::try_from(percent.clamp(0, 100)).unwrap_or_default();
        let bucket = |n: i64, of: u32, take: u32| Bucket {
            seed: u64::from_ne_bytes(seed.wrapping_add(n).to_ne_bytes()),
            of,
            take,
        };
        Self {
            held_out: bucket(0, 100, share(plan.hold_out)),
            tested: bucket(1, 100, if plan.compares() { share(plan.test.share) } else { 0 }),
            second: bucket(2, 2, 1),
        }
    }

    pub fn held_out(&self, person: i64) -> bool {
        self.held_out.contains(person)
    }

    /// The text that somebody in the test gets; `None` for whoever is not in it.
    pub fn tested(&self, person: i64) -> Option<i64> {
        self.tested.contains(person).then(|| i64::from(self.second.contains(person)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_halves_and_independent_of_who_is_held_out() {
        let mut plan = Plan::new(Lang::Nl);
        plan.texts.push(plan.texts.first().unwrap().clone());
        plan.hold_out = 10;
        let draw = Draw::new(7, &plan);
        let count = |is: &dyn Fn(i64) -> bool| (1..=100_000).filter(|n| is(*n)).count();
        assert!((9_500..10_500).contains(&count(&|n| draw.held_out(n))));
        assert!((19_300..20_700).contains(&count(&|n| draw.tested(n).is_some())));
        assert!((9_500..10_500).contains(&count(&|n| draw.tested(n) == Some(1))));
        assert!((1_800..2_200).contains(&count(&|n| draw.held_out(n) && draw.tested(n).is_some())));
    }

    #[test]
    fn one_text_is_no_test() {
        let draw = Draw::new(7, &Plan::new(Lang::Nl));
        assert!((1..=1000).all(|n| draw.tested(n).is_none() && !draw.held_out(n)));
    }
}
