//! Keys by which candidates are found: two records are compared when they share one.
//!
//! A pass is a few parts of a record joined; its key is `hash(pass, part, part, …)` of `hash.rs`, stable across versions
//! and machines, so keys may be kept as rows (key, record) and one new record finds its candidates by one query. A record
//! without one of a pass's parts has no key of that pass. A key that more than `CROWD` records bear says nothing (the
//! school's own phone) and is passed over; for names, which crowd by nature, finer passes are there from the start, so
//! nothing needs to be refined later and a key never depends on what else is in the base.

use std::num::NonZero;

use crate::{
    base::Base,
    candidates::{Stage, spread},
    hash::Hash,
    sound::skeleton,
    spec::{Fault, Kind, Record, Spec},
    text,
};

/// A key that more records bear is passed over.
pub const CROWD: usize = 60;

/// What of a field goes into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Whole,
    /// How each word of a name sounds, without vowels and particles.
    Sound,
    First,
    /// The first four of a postcode.
    Area,
    Year,
    /// The leading digits of a house number.
    Digits,
    /// The part of a mail address before the @.
    Local,
}

#[derive(Clone, Debug)]
enum Part {
    Field(usize, Shape),
    /// One word of each of two names, in the order of the alphabet, so that it finds them in each other's place.
    Names(usize, usize),
}

/// The passes of a specification.
#[derive(Clone, Debug)]
pub(crate) struct Passes(Vec<(String, Vec<Part>)>);

impl Passes {
    pub fn of(spec: &Spec) -> Self {
        let mut passes = Self(Vec::new());
        for (at, field) in spec.fields().iter().enumerate() {
            if field.kind.is_personal() || field.kind == Kind::Code {
                passes.add(&[Some(Part::Field(at, Shape::Whole))]);
            }
        }
        let part = |kind, shape| spec.first(kind).map(|at| Part::Field(at, shape));
        let birth = || part(Kind::Date, Shape::Whole);
        let year = || part(Kind::Date, Shape::Year);
        let given = || part(Kind::Given, Shape::Sound);
        let first = || part(Kind::Given, Shape::First).or_else(|| part(Kind::Initials, Shape::First));
        let surname = || part(Kind::Surname, Shape::Sound);
        let name = || part(Kind::Name, Shape::Sound);
        let postcode = || part(Kind::Postcode, Shape::Whole);
        let area = || part(Kind::Postcode, Shape::Area);
        let number = || part(Kind::Number, Shape::Digits);
        let street = || part(Kind::Street, Shape::Sound);
        let city = || part(Kind::City, Shape::Sound);
        let names = || Some(Part::Names(spec.first(Kind::Given)?, spec.first(Kind::Surname)?));
        for parts in [
            vec![birth(), surname()],
            vec![birth(), given()],
            vec![birth(), postcode()],
            vec![names()],
            vec![names(), year()],
            vec![names(), area()],
            vec![names(), city()],
            vec![surname(), first(), postcode()],
            vec![surname(), first(), number(), city()],
            vec![given(), postcode()],
            vec![given(), postcode(), number()],
            vec![postcode(), number(), year()],
            vec![part(Kind::Mail, Shape::Local), surname()],
            vec![street(), number(), first()],
            vec![street(), number(), surname()],
            vec![street(), birth()],
            vec![name()],
            vec![name(), area()],
            vec![name(), city()],
            vec![postcode(), number(), name()],
        ] {
            passes.add(&parts);
        }
        passes
    }

    /// A pass whose every part the specification has; its name is what it is made of, so that another order of fields
    /// makes the same keys.
    fn add(&mut self, parts: &[Option<Part>]) {
        if let Some(parts) = parts.iter().cloned().collect::<Option<Vec<_>>>() {
            self.0.push((String::new(), parts));
        }
    }

    fn named(mut self, spec: &Spec) -> Self {
        let key = |at: usize| spec.fields().get(at).map_or("", |f| f.key.as_str());
        for (name, parts) in &mut self.0 {
            let words = parts.iter().map(|part| match part {
                Part::Field(at, shape) => format!("{}:{shape:?}", key(*at)),
                Part::Names(a, b) => format!("{}×{}", key(*a), key(*b)),
            });
            *name = words.collect::<Vec<_>>().join("+").to_lowercase();
        }
        self
    }

    pub fn keys(&self, base: &Base, record: usize, keys: &mut Vec<u64>) {
        let begin = keys.len();
        let mut known: Vec<((usize, u8), Vec<String>)> = Vec::new();
        for (name, parts) in &self.0 {
            let mut hashes = vec![Hash::default().part(name)];
            for part in parts {
                let words = match part {
                    Part::Field(at, shape) => remembered(&mut known, base, record, *at, *shape),
                    Part::Names(a, b) => {
                        let one = remembered(&mut known, base, record, *a, Shape::Sound);
                        let other = remembered(&mut known, base, record, *b, Shape::Sound);
                        let join = |x: &String| {
                            let x = x.clone();
                            let other = &other;
                            other
                                .iter()
                                .map(move |y| if x <= *y { format!("{x} {y}") } else { format!("{y} {x}") })
                                .collect::<Vec<_>>()
                        };
                        one.iter().flat_map(join).collect()
                    }
                };
                hashes = hashes.iter().flat_map(|h| words.iter().map(|w| h.part(w))).collect();
            }
            keys.extend(hashes.into_iter().take(MOST_OF_A_PASS).map(Hash::finish));
        }
        if let Some(own) = keys.get_mut(begin..) {
            own.sort_unstable();
        }
        let mut last = None;
        let mut at = 0;
        keys.retain(|key| {
            at += 1;
            at <= begin || last.replace(*key) != Some(*key)
        });
    }
}

/// A record with eight names of three words each would otherwise have hundreds.
const MOST_OF_A_PASS: usize = 24;

/// A surname of more words is an organisation's name in the wrong field.
const MOST_WORDS: usize = 4;

fn remembered(
    known: &mut Vec<((usize, u8), Vec<String>)>,
    base: &Base,
    record: usize,
    field: usize,
    shape: Shape,
) -> Vec<String> {
    let tag = (field, shape as u8);
    if let Some((_, words)) = known.iter().find(|(t, _)| *t == tag) {
        return words.clone();
    }
    let mut words: Vec<String> = Vec::new();
    for text in base.texts(record, field) {
        match shape {
            Shape::Whole => words.push(text.to_owned()),
            Shape::Sound => words.extend(text::core(text).take(MOST_WORDS).map(skeleton)),
            Shape::First => words.extend(text.chars().next().map(String::from)),
            Shape::Area => words.push(text.chars().take(4).collect()),
            Shape::Year => words.extend(text.get(..4).map(str::to_owned)),
            Shape::Digits => words.push(text::leading(text).to_string()),
            Shape::Local => words.extend(text.split_once('@').map(|(local, _)| local.to_owned())),
        }
    }
    words.retain(|w| !w.is_empty());
    words.sort_unstable();
    words.dedup();
    known.push((tag, words.clone()));
    words
}

/// Makes the keys of one record after another.
#[derive(Clone, Debug)]
pub struct Keys {
    spec: Spec,
    passes: Passes,
}

impl Keys {
    pub fn of(spec: &Spec) -> Self {
        Self { spec: spec.clone(), passes: Passes::of(spec).named(spec) }
    }

    /// The keys of a record, sorted, each once.
    pub fn keys(&self, record: &Record) -> Result<Vec<u64>, Fault> {
        let base = Base::new(&self.spec, [record.clone()])?;
        let mut keys = Vec::new();
        self.passes.keys(&base, 0, &mut keys);
        Ok(keys)
    }

    /// The keys of every record of a base, in their order.
    pub fn of_all(&self, base: &Base, threads: NonZero<usize>) -> Vec<Vec<u64>> {
        let parts = spread(base.len(), threads, Stage::Keys, &|_| {}, Vec::new, |own, records| {
            let mut all = Vec::with_capacity(records.len());
            for record in records {
                own.clear();
                self.of_base(base, record, own);
                all.push(own.clone());
            }
            all
        });
        parts.into_iter().flatten().collect()
    }

    pub(crate) fn of_base(&self, base: &Base, record: usize, keys: &mut Vec<u64>) {
        self.passes.keys(base, record, keys);
    }
}
