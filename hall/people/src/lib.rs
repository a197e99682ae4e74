//! People as the institution knows them: one row per person with many dated roles, the addresses by which they
//! are reached and recognised, the units of the institution, and the timeline of all that happened.

pub mod address;
pub mod api;
pub mod arrangement;
pub mod arrive;
pub mod bulk;
pub mod contact;
pub mod deed;
pub mod definition;
pub mod detect;
mod dossier;
pub mod duplicates;
mod facts;
pub mod identifier;
pub mod index;
pub mod merge;
pub mod note;
pub mod organisation;
pub mod owner;
mod pages;
mod party;
pub mod person;
pub mod relationship;
pub mod roles;
mod search;
mod shelves;
pub mod source;
pub mod suppression;
pub mod timeline;
pub mod units;
pub mod view;
pub mod wall;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chore, Merged, New, PersonAdded, PersonChanged, Place, Purpose, Right, RoleEnded, RoleGiven, Room,
};

pub use index::words_of;
pub use pages::{filter_of, kind_names};
pub use party::Party;
pub use person::{NewPerson, Person};
pub use search::{Filter, Listed, find, list, rows};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!(
    "people": "0001_people", "0002_birth_dates", "0003_relations", "0004_clustered", "0005_organisation_pairs",
        "0006_sources", "0007_definitions", "0008_merged_organisations", "0009_coaching", "0010_million",
        "0011_derived"
);

/// Seeing who somebody is: name, roles, owner, last contact. Shared by all units.
pub static READ_PEOPLE: Right = Right { key: "people.read", purpose: Purpose::Relation };
/// Adding people, changing names and owners, writing notes.
pub static WRITE_PEOPLE: Right = Right { key: "people.write", purpose: Purpose::Relation };

/// Reading and writing what coaches write down (SLB). Whoever keeps relations without coaching sees locked lines.
pub static COACH: Right = Right { key: "people.coach", purpose: Purpose::Coaching };
/// Deciding what derived roles mean: who counts as an alumnus.
pub static DEFINE: Right = Right { key: "people.define", purpose: Purpose::Relation };

/// Seeing counts over everybody, and nobody's name: the numbers on the ring, for whoever steers by them.
pub static READ_FIGURES: Right = Right { key: "people.figures", purpose: Purpose::Research };

pub fn room() -> Room {
    Room::new("people")
        .shelves(shelves::all())
        .chapters(timeline::CHAPTERS)
        .migrations(MIGRATIONS)
        .rights(&[&READ_PEOPLE, &WRITE_PEOPLE, &DEFINE, &COACH, &READ_FIGURES])
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "building",
            label: |lang| Words(lang).organisations(),
            href: "/organisations",
            rights: vec![&READ_PEOPLE],
            order: 13,
            phone: false,
            count: None,
        })
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
        .new_thing(New {
            label: |lang| Words(lang).new_organisation(),
            href: "/organisations/new",
            right: &WRITE_PEOPLE,
        })
        .panel(15, pages::relations)
        .panel(85, pages::sources)
        .on::<PersonAdded>("people.pairs_added", duplicates::hear_person)
        .on::<PersonChanged>("people.pairs_changed", duplicates::hear_person)
        .on::<RoleGiven>("people.derive_given", definition::hear)
        .on::<RoleEnded>("people.derive_ended", definition::hear)
        .on::<PersonChanged>("people.derive_changed", definition::hear)
        .on::<Merged>("people.derive_merged", definition::hear)
        .job::<definition::DeriveAll, _, _>(definition::run)
        .chore(Chore::new("people.nightly", 1, |house| {
            Box::pin(async move { definition::nightly(&house).await })
        }))
        .job::<duplicates::FindDuplicates, _, _>(duplicates::run)
        .words(|lang, key| Words(lang).find(key))
        .lines(timeline::KINDS, timeline::lines)
        .chore(Chore::new("people.slips", 1, |house| Box::pin(async move { index::spread(&house).await })))
        .base(facts::BASE)
        .facts(facts::FACTS)
        .people(dossier::dossier, dossier::forget, merge::HOLDINGS)
}
