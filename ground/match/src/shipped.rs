//! The weights that a base begins with, before it has enough duplicates to learn from.
//!
//! `m` is how often two records of one person show the level, `u` how often two records of different people do. The
//! `m` follow from how lists are kept (one name in six is written otherwise, one person in five has moved or has
//! another mail address); the `u` of names, dates and places from their spread in a Dutch town, those of numbers from
//! their length. They need only be right within a factor of two or so: a factor of two is one bit, and between *same*
//! and *ask* lie ten. `learn` replaces what it can and leaves the rest.

use crate::{
    level::Level::{
        self, Alike, Area, CallName, Close, Exact, Initial, Local, Other, Part, Sound, Swapped, Turned, Year,
    },
    spec::Kind,
};

/// Level, m, u; in the order of `Level::of`. The m of each kind add up to 1, and so do the u.
pub(crate) fn weights(kind: Kind) -> &'static [(Level, f64, f64)] {
    match kind {
        Kind::Given => &[
            (Exact, 0.80, 0.006),
            (Swapped, 0.02, 0.0001),
            (CallName, 0.05, 0.004),
            (Close, 0.05, 0.003),
            (Initial, 0.04, 0.008),
            (Alike, 0.01, 0.03),
            (Other, 0.03, 0.9489),
        ],
        Kind::Surname => &[
            (Exact, 0.83, 0.002),
            (Swapped, 0.02, 0.0001),
            (Sound, 0.03, 0.0006),
            (Close, 0.05, 0.0015),
            (Part, 0.03, 0.002),
            (Alike, 0.01, 0.02),
            (Other, 0.03, 0.9738),
        ],
        Kind::Initials => &[(Exact, 0.60, 0.01), (Initial, 0.36, 0.07), (Other, 0.04, 0.92)],
        Kind::Date => &[
            (Exact, 0.93, 0.0001),
            (Turned, 0.01, 0.0001),
            (Close, 0.02, 0.003),
            (Year, 0.015, 0.03),
            (Other, 0.025, 0.9668),
        ],
        Kind::Id => &[(Exact, 0.92, 0.000_001), (Close, 0.03, 0.00002), (Other, 0.05, 0.999_979)],
        Kind::Mail => &[
            (Exact, 0.68, 0.000_001),
            (Close, 0.03, 0.00001),
            (Local, 0.03, 0.00001),
            (Other, 0.26, 0.999_979),
        ],
        Kind::Phone => &[(Exact, 0.72, 0.000_001), (Close, 0.03, 0.00002), (Other, 0.25, 0.999_979)],
        Kind::Code => &[(Exact, 0.60, 0.0005), (Other, 0.40, 0.9995)],
        Kind::Postcode => {
            &[(Exact, 0.76, 0.0004), (Close, 0.03, 0.002), (Area, 0.03, 0.002), (Other, 0.18, 0.9956)]
        }
        Kind::Number => &[(Exact, 0.74, 0.01), (Close, 0.06, 0.02), (Other, 0.20, 0.97)],
        Kind::Street => &[
            (Exact, 0.72, 0.001),
            (Swapped, 0.005, 0.0001),
            (Close, 0.07, 0.001),
            (Alike, 0.03, 0.02),
            (Other, 0.175, 0.9779),
        ],
        Kind::Text => &[
            (Exact, 0.65, 0.002),
            (Swapped, 0.005, 0.0001),
            (Close, 0.07, 0.001),
            (Alike, 0.03, 0.02),
            (Other, 0.245, 0.9769),
        ],
        Kind::City => &[
            (Exact, 0.83, 0.04),
            (Swapped, 0.002, 0.0001),
            (Close, 0.04, 0.001),
            (Alike, 0.02, 0.02),
            (Other, 0.108, 0.9389),
        ],
        Kind::Region => &[(Exact, 0.93, 0.15), (Other, 0.07, 0.85)],
        Kind::Name => &[
            (Exact, 0.72, 0.000_03),
            (Sound, 0.03, 0.000_02),
            (Close, 0.08, 0.0001),
            (Part, 0.09, 0.001),
            (Alike, 0.03, 0.03),
            (Other, 0.05, 0.968_85),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_are_distributions_in_the_order_of_the_levels() {
        use Kind::*;
        for kind in [
            Given, Surname, Initials, Date, Id, Mail, Phone, Code, Postcode, Number, Street, City, Region,
            Name, Text,
        ] {
            let weights = weights(kind);
            assert_eq!(weights.iter().map(|w| w.0).collect::<Vec<_>>(), Level::of(kind), "{kind:?}");
            for sum in [weights.iter().map(|w| w.1).sum::<f64>(), weights.iter().map(|w| w.2).sum()] {
                assert!((sum - 1.0).abs() < 1e-9, "{kind:?} {sum}");
            }
            assert!(weights.first().is_some_and(|w| w.1 > w.2) && weights.last().is_some_and(|w| w.1 < w.2));
        }
    }
}
