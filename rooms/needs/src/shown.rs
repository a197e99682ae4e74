//! Figures as whoever looks may read them. Whoever may see the people behind a number reads every number; to others a count
//! of three is three people, and so is what is left when a part is taken from the whole.

use kring_core::Lang;
use kring_lang::numbers;
use kring_stats::{Level, Minimum, Sides, share};

use crate::{Words, figures::Figures};

/// How the numbers of one page are shown.
#[derive(Clone, Copy, Debug)]
pub struct Eye {
    pub lang: Lang,
    /// May see the people themselves.
    pub sees_people: bool,
}

/// A row of the list of needs, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub open: String,
    pub asked: String,
    /// How often that was: more than the people, where they asked again.
    pub times: String,
    pub median: String,
    pub answered: String,
    pub sources: String,
}

impl Eye {
    /// A row, beside the same of everybody when it is of a group only.
    pub fn row(self, f: &Figures, whole: Option<&Figures>) -> Shown {
        let w = Words(self.lang);
        let part = |n: fn(&Figures) -> i64| self.count(n(f), whole.map(n));
        let (asked, times) = (part(|f| f.asked), part(Figures::times));
        Shown {
            open: part(|f| f.open),
            times: if f.times() > f.asked && self.is_open(f.asked, whole.map(|f| f.asked)) {
                w.list_times(times)
            } else {
                String::new()
            },
            asked,
            median: match f.median {
                Some((took, n)) if Minimum::SCORES.allows(n.unsigned_abs()).is_ok() => {
                    w.list_of(how_long(took, w), numbers::int(n, self.lang))
                }
                _ => w.list_few().to_owned(),
            },
            answered: self.share(f),
            sources: self.sources(f, whole),
        }
    }

    /// Whether a count may be read: it is nobody or enough people, and so is the rest of the whole it is a part of.
    fn is_open(self, n: i64, whole: Option<i64>) -> bool {
        let least = Minimum::SCORES.get();
        let fine = |n: i64| n <= 0 || n.unsigned_abs() >= least;
        self.sees_people || (fine(n) && whole.is_none_or(|whole| fine(whole - n)))
    }

    fn count(self, n: i64, whole: Option<i64>) -> String {
        if self.is_open(n, whole) {
            return numbers::int(n, self.lang);
        }
        let least = Minimum::SCORES.get() as i64;
        if n < least { Words(self.lang).list_fewer(least) } else { Words(self.lang).list_hidden().to_owned() }
    }

    /// Answered of those opened in the period, with its interval: of few a share says more about one person than about us.
    fn share(self, f: &Figures) -> String {
        let w = Words(self.lang);
        let (hits, n) = (f.answered.unsigned_abs(), f.opened.unsigned_abs());
        let fine = Minimum::SCORES.allows(n).is_ok();
        match share(hits, n, Level::P95, Sides::Two) {
            Ok(found) if fine => {
                let (low, high) = (found.low.unwrap_or(0.0), found.high.unwrap_or(1.0));
                let says = numbers::percent_interval(found.estimate, low, high, 0, self.lang);
                w.list_of(says, numbers::int(f.opened, self.lang))
            }
            _ => w.list_few().to_owned(),
        }
    }

    /// They add up to the whole, so that one which is hidden could be worked out: all of them are shown, or none.
    fn sources(self, f: &Figures, whole: Option<&Figures>) -> String {
        let w = Words(self.lang);
        let of =
            |whole: &Figures, source| whole.sources.iter().find(|(s, _)| *s == source).map_or(0, |(_, n)| *n);
        let open =
            f.sources.iter().all(|(source, n)| self.is_open(*n, whole.map(|whole| of(whole, *source))));
        if !open {
            return w.list_hidden().to_owned();
        }
        let parts = f
            .sources
            .iter()
            .map(|(source, n)| format!("{} {}", source.name(self.lang), numbers::int(*n, self.lang)));
        parts.collect::<Vec<_>>().join(" · ")
    }
}

/// From milliseconds: "40 min", "5 uur", "3 dagen".
pub fn how_long(took: i64, w: Words) -> String {
    match took.max(0) / 60_000 {
        minutes @ ..60 => w.took_minutes(minutes.max(1)),
        minutes @ 60..2_880 => w.took_hours(minutes / 60),
        minutes => w.took_days(minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OTHER: Eye = Eye { lang: Lang::Nl, sees_people: false };
    const OWN: Eye = Eye { lang: Lang::Nl, sees_people: true };

    #[test]
    fn few_people_are_not_counted_out() {
        assert_eq!(OTHER.count(3, None), "minder dan 10");
        assert_eq!(OTHER.count(10, None), "10");
        assert_eq!(OTHER.count(0, None), "0");
        assert_eq!(OWN.count(3, None), "3");
    }

    #[test]
    fn nor_what_is_left_of_a_whole() {
        assert!(OTHER.is_open(20, Some(20)) && OTHER.is_open(20, Some(30)));
        assert!(!OTHER.is_open(20, Some(25)), "five would be left");
        assert!(!OTHER.is_open(0, Some(4)), "four who are not in the group");
        assert!(OWN.is_open(20, Some(25)));
    }

    #[test]
    fn a_time_is_said_in_what_one_can_feel() {
        let w = Words(Lang::Nl);
        assert_eq!(how_long(20_000, w), "1 min");
        assert_eq!(how_long(90 * 60_000, w), "1 uur");
        assert_eq!(how_long(3 * 86_400_000, w), "3 dagen");
    }
}
