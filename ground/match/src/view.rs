//! A base seen through a model: the levels of a pair, its bits, and the verdict.

use crate::{
    base::Base,
    compare::{self, Memory},
    held::{self, Effect, Signs, Why},
    level::Level,
    score::{Band, FieldScore, Matcher, Score},
    spec::{Kind, MOST_FIELDS},
    text,
};

/// What a fitting initial is worth in the other's field, in bits: one letter of about ten in use.
const INITIAL: f32 = 3.5;

/// The levels of a pair, and how surprising it is that they agree where they are equal.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    pub levels: [Level; MOST_FIELDS],
    surprises: [f32; MOST_FIELDS],
}

impl Look {
    pub fn level(&self, at: usize) -> Level {
        self.levels.get(at).copied().unwrap_or(Level::Missing)
    }

    fn set(&mut self, at: usize, level: Level, surprise: f32) {
        if let (Some(l), Some(s)) = (self.levels.get_mut(at), self.surprises.get_mut(at)) {
            (*l, *s) = (level, surprise);
        }
    }

    /// Four bits a field, for counting alike pairs together.
    pub fn pattern(&self) -> u64 {
        self.levels.iter().enumerate().fold(0, |bits, (at, level)| bits | (*level as u64) << (4 * at))
    }
}

pub(crate) fn level_in(pattern: u64, at: usize) -> u64 {
    pattern >> (4 * at) & 15
}

/// What was found of a pair, without the fields.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Verdict {
    pub bits: f64,
    pub probability: f64,
    pub band: Band,
    pub held: Option<Why>,
}

/// A base seen through a model.
pub(crate) struct View<'a> {
    matcher: &'a Matcher,
    pub base: &'a Base,
    /// For each value in the base its surprise in bits; below zero when the value is common.
    surprises: Vec<f32>,
}

impl<'a> View<'a> {
    pub fn new(matcher: &'a Matcher, base: &'a Base) -> Self {
        let mut surprises = vec![0.0_f32; base.slot_count()];
        for record in 0..base.len() {
            for (field, table) in matcher.tables.iter().enumerate() {
                for slot in base.slots(record, field) {
                    let common = table.common.get(&base.symbol(base.value(slot)).0.hash);
                    if let Some(place) = surprises.get_mut(slot) {
                        // A common value is marked by its sign; even one that everybody bears stays below zero.
                        *place = common.map_or(table.rare as f32, |s| -(s.max(1e-6) as f32));
                    }
                }
            }
        }
        Self { matcher, base, surprises }
    }

    fn surprise(&self, slot: usize) -> f32 {
        self.surprises.get(slot).copied().unwrap_or_default()
    }

    /// Two values that are both well known in the base are two names, however alike; a slip of the hand makes a rare
    /// one. Well known: neither is a hundred times rarer than the other, or it may be the other's usual misspelling.
    fn are_two(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.surprise(a), self.surprise(b));
        a < 0.0 && b < 0.0 && (a - b).abs() < 6.6
    }

    pub fn look(&self, a: usize, b: usize, memory: &mut Memory) -> Look {
        let mut look = Look { levels: [Level::Missing; MOST_FIELDS], surprises: [0.0; MOST_FIELDS] };
        for (field, table) in self.matcher.tables.iter().enumerate() {
            let mut best: Option<(Level, f32)> = None;
            for x in self.base.slots(a, field) {
                for y in self.base.slots(b, field) {
                    let level = self.compared(table.kind, x, y, memory);
                    let surprise = if level == Level::Exact { self.surprise(x).abs() } else { 0.0 };
                    if best.is_none_or(|(known, s)| level < known || level == known && surprise > s) {
                        best = Some((level, surprise));
                    }
                }
            }
            if let Some((level, surprise)) = best {
                look.set(field, level, surprise);
            }
        }
        self.initials(a, b, &mut look);
        for &(one, other) in self.matcher.spec.swaps() {
            self.swapped(a, b, (one, other), &mut look, memory);
        }
        look
    }

    fn compared(&self, kind: Kind, x: usize, y: usize, memory: &mut Memory) -> Level {
        let level = memory.level(self.base, kind, self.base.value(x), self.base.value(y));
        match (kind, level) {
            (Kind::Given, Level::Close | Level::Alike) if self.are_two(x, y) => Level::Other,
            (Kind::Surname, Level::Close) if self.are_two(x, y) => Level::Alike,
            _ => level,
        }
    }

    /// Initials repeat the given name, so they are silent where both have one; where one has not, its initials are held
    /// against the other's first letter.
    fn initials(&self, a: usize, b: usize, look: &mut Look) {
        let spec = &self.matcher.spec;
        let Some(at) = spec.first(Kind::Initials) else { return };
        let given = spec.first(Kind::Given);
        let has = |record| given.is_some_and(|g| !self.base.slots(record, g).is_empty());
        if has(a) && has(b) {
            return look.set(at, Level::Missing, 0.0);
        }
        let letters = |record| {
            let own = self.base.slots(record, at).next();
            let slot = own.or_else(|| self.base.slots(record, given?).next())?;
            let (symbol, text) = self.base.symbol(self.base.value(slot));
            Some((symbol.first, text, slot, own.is_some()))
        };
        let (Some(x), Some(y)) = (letters(a), letters(b)) else { return look.set(at, Level::Missing, 0.0) };
        let level = match (x.3 && y.3, x.0 == y.0) {
            (true, _) => compare::initials(x.1, y.1),
            (false, true) => Level::Initial,
            (false, false) => Level::Other,
        };
        look.set(at, level, if level == Level::Exact { self.surprise(x.2).abs() } else { 0.0 });
    }

    /// Each in the other's field, with a slip at most; looked for only where both fields speak against. Where one of
    /// the two stands there to the letter and the other is nowhere, the first counts and the other still speaks against.
    fn swapped(
        &self,
        a: usize,
        b: usize,
        (one, other): (usize, usize),
        look: &mut Look,
        memory: &mut Memory,
    ) {
        let against = |at| matches!(look.level(at), Level::Other | Level::Alike);
        if !against(one) || !against(other) {
            return;
        }
        let Some(kind) = self.matcher.tables.get(other).map(|t| t.kind) else { return };
        let named = self.matcher.tables.get(one).is_some_and(|t| t.kind == Kind::Given);
        let mut compared = |p: usize, q: usize| {
            let least = self.surprise(p).abs().min(self.surprise(q).abs());
            let (p, q) = (self.base.value(p), self.base.value(q));
            if named && (self.base.symbol(p).0.is_initial || self.base.symbol(q).0.is_initial) {
                let fits = self.base.symbol(p).0.first == self.base.symbol(q).0.first;
                return if fits { (1, least.min(INITIAL)) } else { (0, 0.0) };
            }
            match memory.level(self.base, kind, p, q) {
                Level::Exact => (2, least),
                // A slip costs about what it costs elsewhere; half a surname too.
                Level::Sound | Level::Close | Level::Part => (1, least - 2.0),
                _ => (0, 0.0),
            }
        };
        let mut both: Option<f32> = None;
        let mut single: Option<f32> = None;
        for (x, x2) in pairs(self.base.slots(a, one), self.base.slots(a, other)) {
            for (y, y2) in pairs(self.base.slots(b, one), self.base.slots(b, other)) {
                let (p, q) = (compared(x, y2), compared(x2, y));
                if p.0 > 0 && q.0 > 0 && (p.0 == 2 || q.0 == 2 || p.1.min(q.1) > INITIAL) {
                    let half = f32::midpoint(p.1, q.1);
                    both = Some(both.map_or(half, |known| known.max(half)));
                } else if p.0.max(q.0) == 2 {
                    let found = p.1.max(q.1);
                    single = Some(single.map_or(found, |known| known.max(found)));
                }
            }
        }
        if let Some(half) = both {
            look.set(one, Level::Swapped, half);
            look.set(other, Level::Swapped, half);
        } else if let Some(found) = single {
            look.set(one, Level::Other, 0.0);
            look.set(other, Level::Swapped, found - 4.0);
        }
    }

    fn field_bits(&self, look: &Look) -> [f64; MOST_FIELDS] {
        let mut bits = [0.0; MOST_FIELDS];
        let (mut plus, mut minus) = (0.0, 0.0);
        for (at, (place, table)) in bits.iter_mut().zip(&self.matcher.tables).enumerate() {
            let level = look.level(at);
            let of_level = table.bits.get(level as usize).copied().unwrap_or_default();
            let surprise = look.surprises.get(at).copied().unwrap_or_default();
            *place = match level {
                Level::Missing => 0.0,
                Level::Exact | Level::Swapped => of_level + f64::from(surprise),
                _ => of_level,
            };
            if table.kind.is_address() {
                if *place > 0.0 { plus += *place } else { minus += *place }
            }
        }
        // The address as a whole: what speaks for it and what speaks against it are both cut down to their bounds, and
        // each field keeps its part of them, so that the fields still add up to the whole.
        let model = &self.matcher.model;
        let cut = |sum: f64, bound: f64| if sum.abs() > bound.abs() { (bound / sum).abs() } else { 1.0 };
        let (more, less) = (cut(plus, model.address_most), cut(minus, model.address_least));
        for (place, table) in bits.iter_mut().zip(&self.matcher.tables) {
            if table.kind.is_address() {
                *place *= if *place > 0.0 { more } else { less };
            }
        }
        bits
    }

    pub fn verdict(&self, a: usize, b: usize, memory: &mut Memory) -> Verdict {
        self.judge(a, b, &self.look(a, b, memory))
    }

    pub fn judge(&self, a: usize, b: usize, look: &Look) -> Verdict {
        let bits: f64 = self.field_bits(look).iter().sum();
        let model = &self.matcher.model;
        let probability = 1.0 / (1.0 + (-(bits + model.prior_bits())).exp2());
        let mut band = if probability >= model.same {
            Band::Same
        } else if probability >= model.ask {
            Band::Ask
        } else {
            Band::Different
        };
        let held = held::held(&self.signs(a, b, look));
        match held {
            Some((_, Effect::Different)) => band = Band::Different,
            Some((_, Effect::Ask)) => band = band.min(Band::Ask),
            None => {}
        }
        Verdict { bits, probability, band, held: held.map(|(why, _)| why) }
    }

    pub fn score(&self, a: usize, b: usize, memory: &mut Memory) -> Score {
        let look = self.look(a, b, memory);
        let verdict = self.judge(a, b, &look);
        let fields = self.matcher.spec.fields().iter().zip(self.field_bits(&look)).enumerate();
        let fields = fields.map(|(at, (field, bits))| FieldScore {
            key: field.key.clone(),
            level: look.level(at),
            bits,
        });
        Score {
            bits: verdict.bits,
            probability: verdict.probability,
            band: verdict.band,
            fields: fields.collect(),
            held: verdict.held,
        }
    }

    pub fn signs(&self, a: usize, b: usize, look: &Look) -> Signs {
        let spec = &self.matcher.spec;
        // Of several fields of one kind the best level counts.
        let of = |kind: Kind| {
            let levels = spec.fields().iter().enumerate().filter(|(_, f)| f.kind == kind);
            let known = levels.map(|(at, _)| look.level(at)).filter(|l| *l != Level::Missing);
            known.min().unwrap_or(Level::Missing)
        };
        let number = of(Kind::Id);
        let others = self.field_bits(look).into_iter().zip(spec.fields()).filter(|(_, f)| f.kind != Kind::Id);
        let sources = (self.base.source(a), self.base.source(b));
        Signs {
            given: of(Kind::Given),
            surname: of(Kind::Surname),
            initials: of(Kind::Initials),
            name: of(Kind::Name),
            birth: of(Kind::Date),
            years_apart: self.years_apart(a, b),
            number,
            own_numbers: !matches!(number, Level::Missing | Level::Exact)
                && sources.0 == sources.1
                && sources.0 != 0,
            mail: of(Kind::Mail),
            numbered_mail: of(Kind::Mail) == Level::Other && self.numbered_mail(a, b),
            phone: of(Kind::Phone),
            postcode: of(Kind::Postcode),
            house: of(Kind::Number),
            street: of(Kind::Street),
            code_agrees: of(Kind::Code) == Level::Exact,
            other_bits: others.map(|(bits, _)| bits).sum(),
        }
    }

    fn numbered_mail(&self, a: usize, b: usize) -> bool {
        let Some(at) = self.matcher.spec.first(Kind::Mail) else { return false };
        pairs(self.base.slots(a, at), self.base.slots(b, at)).any(|(x, y)| {
            let (x, y) = (self.base.symbol(self.base.value(x)), self.base.symbol(self.base.value(y)));
            x.0.first == y.0.first && text::is_numbered(x.1, y.1)
        })
    }

    fn years_apart(&self, a: usize, b: usize) -> u32 {
        let Some(at) = self.matcher.spec.first(Kind::Date) else { return 0 };
        let year = |slot| self.base.symbol(self.base.value(slot)).0.number / 10_000;
        let apart =
            pairs(self.base.slots(a, at), self.base.slots(b, at)).map(|(x, y)| year(x).abs_diff(year(y)));
        apart.min().unwrap_or_default()
    }
}

fn pairs(a: std::ops::Range<usize>, b: std::ops::Range<usize>) -> impl Iterator<Item = (usize, usize)> {
    a.flat_map(move |x| b.clone().map(move |y| (x, y)))
}
