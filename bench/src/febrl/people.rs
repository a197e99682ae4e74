//! Made-up people with the spread of names, addresses and mistakes that real lists have, and who is who. The same seed
//! makes the same people.

use anyhow::Result;
use kring_match::{Field, Kind, Record, Spec};
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha8Rng;

use super::names::{Names, given, surnames};

const DOMAINS: &[&str] =
    &["mail.example", "post.example", "student.example", "home.example", "thuis.example", "web.example"];

pub fn spec() -> Result<Spec> {
    let fields = [
        ("given", Kind::Given),
        ("surname", Kind::Surname),
        ("birth", Kind::Date),
        ("number", Kind::Id),
        ("mail", Kind::Mail),
        ("phone", Kind::Phone),
        ("postcode", Kind::Postcode),
        ("house", Kind::Number),
        ("city", Kind::City),
    ];
    Ok(Spec::new(fields.iter().map(|&(key, kind)| Field::new(key, kind)).collect())?)
}

#[derive(Clone, Debug, Default)]
struct Person {
    given: String,
    surname: String,
    birth: (u32, u32, u32),
    number: String,
    mail: String,
    phone: String,
    postcode: String,
    house: String,
    city: String,
}

/// Records, the person of each counted from 1, and pairs of records that only look like one person.
pub struct People {
    pub records: Vec<Record>,
    pub person: Vec<u32>,
    pub look_alikes: Vec<(u32, u32)>,
}

/// How many pairs that look alike are among them.
pub const LOOK_ALIKES: u32 = 40;

pub fn make(spec: &Spec, people: u32) -> Result<People> {
    let mut maker = Maker::new(7);
    let repeats = people * 7 / 100;
    let firsts = people - repeats - LOOK_ALIKES;
    let mut made = People { records: Vec::new(), person: Vec::new(), look_alikes: Vec::new() };
    let mut known: Vec<Person> = Vec::new();
    for at in 0..firsts {
        let person = maker.person();
        made.records.push(person.record(spec)?);
        made.person.push(at + 1);
        // Every so manieth comes back; kept apart so that a million people need no second copy.
        if known.len() < (repeats + LOOK_ALIKES) as usize && maker.chance.random_bool(0.12) {
            known.push(Person { number: at.to_string(), ..person });
        }
    }
    let mut known = known.into_iter();
    for kind in 0..LOOK_ALIKES {
        let Some(mut person) = known.next() else { break };
        let first: u32 = std::mem::take(&mut person.number).parse()?;
        // The first of the pair is made anew from what was kept, so that both show what they share.
        let other = maker.look_alike(&mut person, kind);
        if let Some(record) = made.records.get_mut(first as usize) {
            *record = person.record(spec)?;
        }
        made.look_alikes.push((first, made.records.len() as u32));
        made.records.push(other.record(spec)?);
        made.person.push(firsts + kind + 1);
    }
    for mut person in known.take(repeats as usize) {
        let first: u32 = std::mem::take(&mut person.number).parse()?;
        maker.mistakes(&mut person);
        made.records.push(person.record(spec)?);
        made.person.push(first + 1);
    }
    Ok(made)
}

impl Person {
    fn record(&self, spec: &Spec) -> Result<Record> {
        let (y, m, d) = self.birth;
        let birth = if y == 0 { String::new() } else { format!("{y:04}-{m:02}-{d:02}") };
        let values = [
            ("given", self.given.as_str()),
            ("surname", &self.surname),
            ("birth", &birth),
            ("number", &self.number),
            ("mail", &self.mail),
            ("phone", &self.phone),
            ("postcode", &self.postcode),
            ("house", &self.house),
            ("city", &self.city),
        ];
        Ok(spec.record(0, &values)?)
    }
}

struct Maker {
    chance: ChaCha8Rng,
    surnames: Names,
    given: Names,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let surnames = surnames(&mut chance);
        let given = given(&mut chance);
        Self { chance, surnames, given }
    }

    fn digits(&mut self, n: u32) -> String {
        (0..n).map(|_| char::from(b'0' + self.chance.random_range(0..10_u8))).collect()
    }

    fn any(&mut self, of: &[&'static str]) -> &'static str {
        of.choose(&mut self.chance).copied().unwrap_or_default()
    }

    fn person(&mut self) -> Person {
        let mut person = Person {
            given: self.given.draw(&mut self.chance),
            surname: self.surnames.draw(&mut self.chance),
            birth: (
                self.chance.random_range(1950..2010),
                self.chance.random_range(1..13),
                self.chance.random_range(1..29),
            ),
            ..Person::default()
        };
        if self.chance.random_bool(0.3) {
            person.number = self.digits(8);
        }
        if self.chance.random_bool(0.85) {
            person.mail = self.mail(&person);
        }
        if self.chance.random_bool(0.8) {
            person.phone = format!("+316{}", self.digits(8));
        }
        self.move_house(&mut person);
        person
    }

    fn mail(&mut self, person: &Person) -> String {
        let surname = person.surname.replace(' ', "");
        let (digits, domain) = (self.digits(3), self.any(DOMAINS));
        match self.chance.random_range(0..3) {
            0 => format!("{}.{surname}{digits}@{domain}", person.given),
            1 => format!("{}{digits}@{domain}", person.given),
            _ => format!("{}{surname}{digits}@{domain}", person.given.get(..1).unwrap_or_default()),
        }
    }

    fn move_house(&mut self, person: &mut Person) {
        let area = self.chance.random_range(0..3600_u32) + 1000;
        let street = self.chance.random_range(0..120_u8);
        person.postcode =
            format!("{area}{}{}", char::from(b'a' + street / 12), char::from(b'a' + street % 12));
        person.house = self.chance.random_range(1..200_u32).to_string();
        person.city = format!("stad {}", area / 4);
    }

    /// Twins, a father and his son, partners, two with one name: each shares what such pairs share.
    fn look_alike(&mut self, person: &mut Person, kind: u32) -> Person {
        person.mail = self.mail(person);
        person.phone = format!("+316{}", self.digits(8));
        let mut other = person.clone();
        while other.given == person.given || kring_match::are_one(&other.given, &person.given) {
            other.given = self.given.draw(&mut self.chance);
        }
        match kind % 4 {
            0 => {}
            1 => {
                other.given.clone_from(&person.given);
                other.birth = (person.birth.0 + 27, 1 + person.birth.1 % 12, 1 + person.birth.2 % 28);
            }
            2 => other.birth = (person.birth.0 + 2, 1 + person.birth.1 % 12, 1 + (person.birth.2 + 6) % 28),
            _ => {
                // One name, one day, one house; only the mail system told them apart.
                other.given.clone_from(&person.given);
                other.mail = person.mail.replacen('@', ".2@", 1);
            }
        }
        other
    }

    /// One to three things that go wrong, or change, between two lists; a removal and another mail address oftener
    /// than a mistake in a name, and a bare initial seldom.
    fn mistakes(&mut self, person: &mut Person) {
        let wrong = self.chance.random_range(1..4);
        let mut kinds: Vec<u32> = (0..18).collect();
        for _ in 0..wrong {
            let Some(&kind) = kinds.choose(&mut self.chance) else { return };
            // Each thing once: two slips in one short name are another name.
            let what = |kind: u32| {
                [0, 0, 2, 2, 4, 5, 6, 6, 6, 9, 9, 9, 9, 13, 13].get(kind as usize).copied().unwrap_or(kind)
            };
            kinds.retain(|k| what(*k) != what(kind));
            match kind {
                0 | 1 => self.typo(&mut person.given),
                2 | 3 => self.typo(&mut person.surname),
                4 => std::mem::swap(&mut person.given, &mut person.surname),
                5 => {
                    let maiden = self.surnames.draw(&mut self.chance);
                    person.surname = format!("{}-{maiden}", person.surname);
                }
                6..9 => self.move_house(person),
                9..12 => person.mail = self.mail(person),
                12 => person.mail.clear(),
                13 | 14 => person.phone.clear(),
                15 if person.birth.2 <= 12 => {
                    person.birth = (person.birth.0, person.birth.2, person.birth.1);
                }
                15 => person.birth.2 -= 10,
                16 => (person.postcode, person.house) = (String::new(), String::new()),
                _ if self.chance.random_bool(0.4) => person.given.truncate(1),
                _ => person.number.clear(),
            }
        }
    }

    fn typo(&mut self, word: &mut String) {
        let mut letters: Vec<char> = word.chars().collect();
        if letters.len() < 4 {
            return;
        }
        let at = self.chance.random_range(1..letters.len() - 1);
        match self.chance.random_range(0..4) {
            0 => letters.swap(at, at + 1),
            1 => {
                letters.remove(at);
            }
            2 => letters.insert(at, char::from(b'a' + self.chance.random_range(0..26_u8))),
            _ => {
                if let Some(letter) = letters.get_mut(at) {
                    *letter = char::from(b'a' + self.chance.random_range(0..26_u8));
                }
            }
        }
        *word = letters.into_iter().collect();
    }
}
