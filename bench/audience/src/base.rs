//! The base: people and what they did, made from a seed, the same for every engine.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::Path,
};

use anyhow::Result;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// The day it is in the base; happenings lie in the 730 days up to it.
pub const TODAY: i32 = 20_500;
pub const DAYS: i32 = 730;
pub const ORGANISATIONS: u32 = 50_000;
/// Values of the three tags, and how many each person has of them at most.
pub const TAGS: [(&str, u32, u32); 3] = [("interests", 60, 4), ("topics", 200, 4), ("channels", 30, 2)];

/// Kinds of happenings with their share of all, in thousandths.
pub const KINDS: [(&str, u32); 12] = [
    ("sent", 300),
    ("opened", 150),
    ("clicked", 50),
    ("page", 250),
    ("form", 30),
    ("open_day", 15),
    ("applied", 10),
    ("called", 20),
    ("asked", 20),
    ("event", 20),
    ("login", 100),
    ("survey", 35),
];

#[derive(Clone, Copy)]
pub struct Base {
    pub people: u32,
    pub events: u64,
}

pub struct Person {
    pub id: u32,
    pub country: u32,
    pub language: u32,
    pub status: u32,
    pub programme: u32,
    pub intake: u32,
    pub city: u32,
    pub source: u32,
    pub consent: bool,
    pub score: u32,
    pub born: i32,
    pub employer: Option<u32>,
    /// By tag, sorted and each once.
    pub tags: [Vec<u32>; 3],
    /// Kind and day, by day.
    pub acts: Vec<(u8, i32)>,
}

impl Base {
    /// Everybody, made anew each time: 20 million happenings need not be held to be written five times.
    pub fn everybody(&self) -> impl Iterator<Item = Person> {
        let base = *self;
        (1..=self.people).map(move |id| base.person(id))
    }

    fn person(&self, id: u32) -> Person {
        let mut chance = ChaCha8Rng::seed_from_u64(u64::from(id));
        let mut skewed = |values: u32| {
            // The square of a uniform draw: the first of 60 countries has 13 %, the last under 1 %.
            let x: f64 = chance.random();
            (x * x * f64::from(values)) as u32
        };
        let (country, language, programme) = (skewed(60), skewed(12), skewed(200));
        let (city, source, first_employer) = (skewed(5_000), skewed(25), skewed(ORGANISATIONS));
        let tags = TAGS.map(|(_, values, most)| {
            let mut codes: Vec<u32> = (0..most).map(|_| skewed(values)).collect();
            codes.sort_unstable();
            codes.dedup();
            codes
        });
        let status = match chance.random_range(0..100) {
            0..35 => 0,
            35..45 => 1,
            45..60 => 2,
            60..85 => 3,
            other => 4 + other % 4,
        };
        // Prospects and students have employers too, fewer of them.
        let works = chance.random_bool(if status == 3 { 0.8 } else { 0.2 });
        // Log-normal with the median at 0.55 of the mean: of 20 on average the median is 11 and the 99th percentile 140.
        let mean = self.events as f64 / f64::from(self.people);
        let (u, v): (f64, f64) = (chance.random(), chance.random());
        let normal = (-2.0 * (1.0 - u).ln()).sqrt() * (std::f64::consts::TAU * v).cos();
        let acts = (0.55 * mean * (1.093 * normal).exp()).round() as usize;
        let mut acts: Vec<(u8, i32)> = (0..acts)
            .map(|_| (kind(chance.random_range(0..1_000)), TODAY - chance.random_range(0..DAYS)))
            .collect();
        acts.sort_unstable_by_key(|&(kind, day)| (day, kind));
        Person {
            id,
            country,
            language,
            status,
            programme,
            intake: 2_003 + chance.random_range(0..23),
            city,
            source,
            consent: chance.random_bool(0.6),
            score: chance.random_range(0..=1_000),
            born: TODAY - chance.random_range(16 * 365..70 * 365),
            employer: works.then_some(first_employer + 1),
            tags,
            acts,
        }
    }

    /// One in twenty organisations hosts an internship.
    pub fn hosts(organisation: u32) -> bool {
        organisation.wrapping_mul(2_654_435_761) >> 16 & 0xffff < 3_277
    }

    /// `people.csv`, `interests.csv`, `topics.csv`, `channels.csv`, `acts.csv` and `organisations.csv`, without headers.
    pub fn write(&self, folder: &Path) -> Result<()> {
        let open = |name: &str| File::create(folder.join(format!("{name}.csv"))).map(BufWriter::new);
        let (mut people, mut acts) = (open("people")?, open("acts")?);
        let mut tags = [open(TAGS[0].0)?, open(TAGS[1].0)?, open(TAGS[2].0)?];
        for person in self.everybody() {
            let Person { id, country, language, status, programme, intake, city, source, .. } = person;
            let (consent, score, born) = (u8::from(person.consent), person.score, person.born);
            let employer = person.employer.map_or_else(String::new, |employer| employer.to_string());
            writeln!(
                people,
                "{id},{country},{language},{status},{programme},{intake},{city},{source},{consent},{score},{born},{employer}"
            )?;
            for (file, codes) in tags.iter_mut().zip(&person.tags) {
                for code in codes {
                    writeln!(file, "{id},{code}")?;
                }
            }
            for (kind, day) in &person.acts {
                writeln!(acts, "{id},{kind},{day}")?;
            }
        }
        let mut organisations = open("organisations")?;
        for id in 1..=ORGANISATIONS {
            writeln!(organisations, "{id},{}", u8::from(Self::hosts(id)))?;
        }
        Ok(())
    }
}

fn kind(draw: u32) -> u8 {
    let mut passed = 0;
    let below = |(_, share): &(&str, u32)| {
        passed += share;
        draw < passed
    };
    KINDS.iter().position(below).unwrap_or(0) as u8
}
