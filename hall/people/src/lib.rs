//! People as the institution knows them: one row per person with many dated roles, the addresses by which they
//! are reached and recognised, the units of the institution, and the timeline of all that happened.

pub mod api;
pub mod arrive;
pub mod bulk;
pub mod contact;
mod dossier;
mod edit;
pub mod note;
mod pages;
pub mod person;
pub mod roles;
mod search;
pub mod timeline;
pub mod units;

use kring_db::{Migration, migrations};
use kring_frame::{New, Place, Purpose, Right, Room};

pub use person::{NewPerson, Person};
pub use search::{Filter, Listed, list, words_of};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("people": "0001_people", "0002_birth_dates");

/// Seeing who somebody is: name, roles, owner, last contact. Shared by all units.
pub static READ_PEOPLE: Right = Right { key: "people.read", purpose: Purpose::Relation };
/// Adding people, changing names and owners, writing notes.
pub static WRITE_PEOPLE: Right = Right { key: "people.write", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("people")
        .migrations(MIGRATIONS)
        .rights(&[&READ_PEOPLE, &WRITE_PEOPLE])
        .routes(pages::routes())
        .routes(edit::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "people",
            label: |lang| Words(lang).people(),
            href: "/people",
            rights: vec![&READ_PEOPLE],
            order: 12,
            phone: true,
            count: None,
        })
        .new_thing(New { label: |lang| Words(lang).new_person(), href: "/people/new", right: &WRITE_PEOPLE })
        .words(|lang, key| Words(lang).find(key))
        .lines(&["person.added", "note.written"], timeline::lines)
        .people(dossier::dossier, dossier::forget)
}
