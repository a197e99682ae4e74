//! A list weighed: its rows with each other, and with the base, by the house's own weights. What a shared number or address
//! says outright is said in `twins`; this adds what many small signs say together, and holds apart those who share an
//! address and are two.

use std::collections::{HashMap, HashSet};

use kring_core::{Error, Result};
use kring_frame::{PersonId, Tx};
use kring_match::{Band, Base, Matcher, Record, find, judge};
use kring_people::duplicates::{self, Known};

use crate::row::Candidate;

/// How the weights see pairs: rows by their place, and rows with people. A pair that is in neither was not worth weighing.
#[derive(Clone, Debug, Default)]
pub struct Weighed {
    pub rows: HashMap<(usize, usize), Band>,
    pub people: HashMap<(usize, PersonId), Band>,
}

impl Weighed {
    /// Whether the weights hold two rows apart, or would ask somebody.
    pub fn doubts_rows(&self, a: usize, b: usize) -> bool {
        self.rows.get(&(a.min(b), a.max(b))).is_some_and(|band| *band != Band::Same)
    }

    pub fn doubts_person(&self, row: usize, person: PersonId) -> bool {
        self.people.get(&(row, person)).is_some_and(|band| *band != Band::Same)
    }
}

pub async fn weigh(tx: &mut Tx, candidates: &[Candidate]) -> Result<Weighed> {
    let matcher = duplicates::matcher_for(tx, candidates.len()).await?;
    let records: Vec<Record> =
        candidates.iter().map(|c| subject(c).record(matcher.spec())).collect::<Result<_>>()?;
    let keys = duplicates::keys_of(&records)?;
    let mut distinct: Vec<u64> = keys.iter().flatten().copied().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let bearers = duplicates::bearers(tx, &distinct).await?;
    let mut pairs: HashSet<(usize, PersonId)> = HashSet::new();
    for (row, keys) in keys.iter().enumerate() {
        pairs.extend(keys.iter().filter_map(|k| bearers.get(k)).flatten().map(|person| (row, *person)));
    }
    let mut people: Vec<PersonId> = pairs.iter().map(|(_, person)| *person).collect();
    people.sort_unstable();
    people.dedup();
    let mut known: Vec<PersonId> = Vec::with_capacity(people.len());
    let mut theirs: Vec<Record> = Vec::with_capacity(people.len());
    for subject in duplicates::load(tx, &people).await? {
        known.push(subject.id);
        theirs.push(subject.record(matcher.spec())?);
    }
    let signs: Vec<Signs> = candidates.iter().map(Signs::of).collect();
    tokio::task::spawn_blocking(move || judged(&matcher, records, &signs, &pairs, &known, theirs))
        .await
        .map_err(Error::broken)?
}

/// Rows and people stand in one base, rows first, so that each value is looked at once and not once for each pair.
fn judged(
    matcher: &Matcher,
    records: Vec<Record>,
    signs: &[Signs],
    pairs: &HashSet<(usize, PersonId)>,
    known: &[PersonId],
    theirs: Vec<Record>,
) -> Result<Weighed> {
    let broken = |fault: kring_match::Fault| Error::broken(fault.to_string());
    let mut weighed = Weighed::default();
    let place: HashMap<PersonId, u32> = known.iter().copied().zip(records.len() as u32..).collect();
    let mut numbered: Vec<(u32, u32)> =
        pairs.iter().filter_map(|(row, person)| Some((*row as u32, *place.get(person)?))).collect();
    numbered.sort_unstable();
    let rows = Base::new(matcher.spec(), records.iter().cloned()).map_err(broken)?;
    let first = records.len();
    let both = Base::two(matcher.spec(), records, theirs).map_err(broken)?;
    for pair in judge(matcher, &both, &numbered, duplicates::THREADS) {
        if let Some(person) = known.get(pair.b as usize - first) {
            weighed.people.insert((pair.a as usize, *person), pair.band);
        }
    }
    for pair in find(matcher, &rows, duplicates::THREADS, &|_| {}).map_err(broken)?.pairs {
        let (a, b) = (pair.a.min(pair.b) as usize, pair.a.max(pair.b) as usize);
        let numbered = signs.get(a).zip(signs.get(b)).is_some_and(|(a, b)| a.is_other_number(b));
        let band = if pair.band == Band::Same && numbered { Band::Ask } else { pair.band };
        weighed.rows.insert((a, b), band);
    }
    Ok(weighed)
}

/// What a row says outright.
struct Signs {
    number: String,
    reached: HashSet<String>,
}

impl Signs {
    fn of(c: &Candidate) -> Self {
        let mails = c.emails.iter().map(|m| m.to_lowercase());
        Self { number: c.number.clone(), reached: mails.chain(c.phones.iter().cloned()).collect() }
    }

    /// The list gave each its own number, and they share no address: two, until somebody says otherwise, however much
    /// alike they look.
    fn is_other_number(&self, other: &Self) -> bool {
        !self.number.is_empty()
            && !other.number.is_empty()
            && self.number != other.number
            && self.reached.is_disjoint(&other.reached)
    }
}

/// A row as the hall compares people.
fn subject(c: &Candidate) -> duplicates::Subject {
    duplicates::subject_of(
        &c.name(),
        &Known {
            birth_date: c.birth_date,
            birth_year: c.birth_year.map(i64::from),
            emails: &c.emails,
            phones: &c.phones,
            postcode: &c.postcode,
            house_number: &c.house_number,
            city: &c.city,
            street: &c.street,
            student_number: c.codes.iter().find(|(s, _)| s == "student_number").map_or("", |(_, code)| code),
        },
    )
}
