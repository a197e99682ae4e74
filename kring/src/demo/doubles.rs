//! Those who stand in the departments' lists a second time, with a mistake, come in as an import would have brought them:
//! people of their own, from a list. So the queue of duplicates and the quality report have something true to find.

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_exchange::{
    Kind,
    mapping::{Field, Mapping},
    reading,
    row::{self, Candidate},
};
use kring_frame::PersonId;
use kring_meerland::{ListKind, PersonKey, World, lists};
use kring_people::{NewPerson, address::NewAddress, bulk, contact};

use super::load::{Chunk, Load, number};

/// A second record of somebody.
#[derive(Clone, Copy, Debug)]
pub struct Double {
    pub person: PersonId,
    /// Who it really is.
    pub of: PersonId,
    /// The mistake by which it came.
    pub slip: &'static str,
}

struct Second {
    key: PersonKey,
    slip: &'static str,
    list: &'static str,
    candidate: Candidate,
}

/// Adds them, and answers also how many lines an importer refuses: without anything to know somebody by they bring nobody.
pub(super) async fn load(load: &Load, found: &mut bulk::FoundBy) -> Result<(Vec<Double>, usize)> {
    let world = load.world.clone();
    let (all, refused) =
        tokio::task::spawn_blocking(move || seconds(&world)).await.map_err(Error::broken)??;
    let from = load.world.people.len();
    let mut doubles = Vec::with_capacity(all.len());
    let mut chunk = Chunk::default();
    for (second, at) in all.into_iter().zip(from..) {
        let person = number(PersonKey(at as u32));
        doubles.push(Double { person, of: number(second.key), slip: second.slip });
        add(load, &mut chunk, person, second);
    }
    let chunk = tokio::task::spawn_blocking(move || chunk.finish()).await.map_err(Error::broken)??;
    let first = load.write(chunk, found).await?;
    if doubles.first().is_some_and(|d| d.person != first) {
        return Err(Error::broken("somebody else added people meanwhile"));
    }
    Ok((doubles, refused))
}

/// Columns that the importer does not recognise by their header, and that a colleague sets right on its page: a department
/// has words of its own.
const SET_RIGHT: &[(&str, Field)] = &[
    ("Voorl.", Field::Initials),
    ("Decaan", Field::FullName),
    ("wie", Field::FullName),
    ("geb", Field::BirthDate),
    ("06-nummer", Field::Phone),
    ("Nr", Field::HouseNumber),
    ("woont in", Field::City),
];

/// What the columns of a list hold.
fn columns(table: &reading::Table) -> Result<Mapping> {
    let guessed = Mapping::guess(table);
    let fields = table.columns.iter().enumerate().map(|(at, header)| {
        let known = SET_RIGHT.iter().find(|(named, _)| named == header);
        known.map_or(guessed.get(at), |(_, field)| *field)
    });
    Mapping::chosen(Kind::People, &guessed, fields.collect())
}

/// Reads the lists as the importer reads them, and keeps the lines that are somebody's second.
fn seconds(world: &World) -> Result<(Vec<Second>, usize)> {
    let today = world.settings.today;
    let (mut all, mut refused) = (Vec::new(), 0);
    for list in lists(world).iter().filter(|l| l.kind == ListKind::People) {
        let table = reading::read(&list.bytes)?;
        let mapping = columns(&table)?;
        // Lines that hold nothing are passed over by the reader.
        let truth: Vec<_> = list.truth.iter().filter(|t| t.person.is_some()).collect();
        if truth.len() != table.rows.len() {
            return Err(Error::broken(format!(
                "{}: {} lines, {} read",
                list.key,
                truth.len(),
                table.rows.len()
            )));
        }
        for (t, record) in truth.into_iter().zip(&table.rows) {
            let (Some(key), false) = (t.person, t.slip.is_empty() || t.slip == "objector") else { continue };
            let cleaned = row::clean(&record.cells, &mapping, today);
            if cleaned.is_refused() {
                refused += 1;
            } else {
                all.push(Second { key, slip: t.slip, list: list.key, candidate: cleaned.candidate });
            }
        }
    }
    Ok((all, refused))
}

fn add(load: &Load, chunk: &mut Chunk, person: PersonId, second: Second) {
    let (c, world) = (second.candidate, &load.world);
    let since: Date = world.people[second.key].since;
    let whole = bulk::Whole {
        new: NewPerson {
            name: c.name(),
            lang: Some(world.people[second.key].lang.into()),
            birth_date: c.birth_date,
            birth_year: c.birth_year.filter(|_| c.birth_date.is_none()).map(i64::from),
            source: format!("import:{}", second.list),
            ..NewPerson::default()
        },
        since: load.moment(since),
        ..bulk::Whole::default()
    };
    let fine = contact::State::Fine;
    let mails = c.emails.iter().map(|e| (contact::Kind::Email, e.clone(), "", fine));
    let phones = c.phones.iter().map(|p| (contact::Kind::Phone, p.clone(), "", fine));
    let reach = mails.chain(phones).collect();
    let digits = c.house_number.find(|ch: char| !ch.is_ascii_digit()).unwrap_or(c.house_number.len());
    let (house, addition) = c.house_number.split_at(digits);
    let home = NewAddress {
        street: c.street.clone(),
        house_number: house.to_owned(),
        addition: addition.trim_matches([' ', '-']).to_owned(),
        postcode: c.postcode.clone(),
        city: c.city.clone(),
        ..NewAddress::default()
    };
    let home = (!home.is_empty()).then_some((home, None));
    // A student number of the first is not given to the second: it stays a number of the list.
    let numbers = c.codes.iter().map(|(_, code)| code).chain([&c.number]).find(|n| !n.is_empty());
    let number = numbers.map(|number| (format!("list:{}", second.list), number.clone()));
    chunk.add(person, whole, reach, home, number.into_iter().collect());
}
