use crate::quantile;

/// A figure that may be shown: never without its n. Unrounded; rounding, outward for the bounds, is for
/// whoever shows it, and nobody decides on a rounded number.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub estimate: f64,
    /// `None` where there is no bound on this side: a one-sided question, one person, all equal.
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub level: Level,
    /// People (or, for a share, trials) that the figure rests on.
    pub n: u64,
    /// What n is worth after weighting: (Σw)² / Σw². Without weights n itself.
    pub n_eff: f64,
    /// How many were asked; `None` when that is not known or does not apply.
    pub asked: Option<u64>,
    pub answered: u64,
    pub missing: Missing,
    pub method: Method,
    pub flags: Vec<Flag>,
}

/// How the bounds were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Wilson,
    Newcombe,
    T,
    Welch,
    /// Draws of people with replacement; the same seed gives the same bounds.
    Bootstrap {
        seed: u64,
    },
}

/// What has to be said beside the figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// Everybody gave the same: the spread is not known, so there is no interval.
    AllEqual,
    /// One person: no interval either, and below every smallest group.
    OnePerson,
    /// More than a tenth of the answers is "no answer", "does not apply" or "do not know" (house).
    ManyMissing,
}

/// Why there is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    #[error("too few answers")]
    TooFew,
    #[error("everybody gave the same answer")]
    AllEqual,
    #[error("nothing varies")]
    NoVariation,
    #[error("two versions of a question are not one figure")]
    Break,
    #[error("the equations have no single solution")]
    Singular,
    /// More hits than trials, a mark outside its scale, a weight below zero: a fault of whoever asked.
    #[error("numbers that cannot be")]
    Impossible,
}

/// Three stored values that are not the same: nothing, not for me, I do not know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    pub no_answer: u64,
    pub not_applicable: u64,
    pub do_not_know: u64,
}

impl Missing {
    pub fn total(self) -> u64 {
        self.no_answer + self.not_applicable + self.do_not_know
    }
}

/// How sure an interval is: strictly between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct Level(f64);

impl Level {
    pub const P95: Level = Level(0.95);
    pub const P99: Level = Level(0.99);

    pub fn new(level: f64) -> Option<Self> {
        (level > 0.0 && level < 1.0).then_some(Self(level))
    }

    pub const fn get(self) -> f64 {
        self.0
    }

    /// The probability below the upper bound: 0.975 for a two-sided 95 %.
    pub(crate) fn upper(self, sides: Sides) -> f64 {
        match sides {
            Sides::Two => f64::midpoint(1.0, self.0),
            Sides::Lower | Sides::Upper => self.0,
        }
    }

    pub(crate) fn z(self, sides: Sides) -> f64 {
        quantile::normal(self.upper(sides))
    }

    pub(crate) fn t(self, sides: Sides, df: f64) -> f64 {
        quantile::student_t(self.upper(sides), df)
    }
}

/// Which bounds are asked for. A single one at 95 % is nearer than the same side of a two-sided interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    Two,
    Lower,
    Upper,
}

impl Sides {
    pub(crate) fn bounds(self, low: f64, high: f64) -> (Option<f64>, Option<f64>) {
        ((self != Sides::Upper).then_some(low), (self != Sides::Lower).then_some(high))
    }
}

impl Figure {
    pub(crate) fn new(
        estimate: f64,
        bounds: (Option<f64>, Option<f64>),
        level: Level,
        n: u64,
        method: Method,
    ) -> Self {
        Self {
            estimate,
            low: bounds.0,
            high: bounds.1,
            level,
            n,
            n_eff: n as f64,
            asked: None,
            answered: n,
            missing: Missing::default(),
            method,
            flags: Vec::new(),
        }
    }

    pub(crate) fn flagged(mut self, flag: Flag) -> Self {
        self.flags.push(flag);
        self
    }

    /// Adds how many were asked (an undeliverable request was not asked) and what is missing.
    #[must_use]
    pub fn of_asked(mut self, asked: u64, missing: Missing) -> Self {
        self.asked = Some(asked);
        self.missing = missing;
        let all = self.answered + missing.total();
        if missing.total() * 10 > all && !self.flags.contains(&Flag::ManyMissing) {
            self.flags.push(Flag::ManyMissing);
        }
        self
    }

    /// Answered ÷ asked; `None` when it is not known how many were asked.
    pub fn response(&self) -> Option<f64> {
        self.asked.filter(|asked| *asked > 0).map(|asked| self.answered as f64 / asked as f64)
    }

    /// For a difference or a gap: more than chance, since 0 lies outside the interval.
    pub fn is_different(&self) -> bool {
        self.low.is_some_and(|low| low > 0.0) || self.high.is_some_and(|high| high < 0.0)
    }
}
