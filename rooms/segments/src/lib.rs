//! Segments: who is meant, as a sentence that counts while it is being made. People join and leave at the moment something
//! changes, and it is kept because of what.

mod alike;
mod api;
mod cause;
mod dossier;
mod draft;
mod known;
mod labels;
mod membership;
mod pages;
mod panel;
pub mod persona;
mod reach;
mod scope;
pub mod segment;
mod sentence;
mod snapshot;
mod who;

use kring_db::{Migration, migrations};
use kring_frame::{Event, Place, Purpose, Right, Room, SegmentChanged, audience::Segments, holding};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("segments": "0001_segments", "0002_personas", "0003_known");

/// Counting and reading segments; of people themselves only whoever may read people sees more than counts.
pub static USE: Right = Right { key: "segments.use", purpose: Purpose::Relation };

/// Saving and changing them.
pub static EDIT: Right = Right { key: "segments.edit", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("segments")
        .migrations(MIGRATIONS)
        .rights(&[&USE, &EDIT])
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "filter",
            label: |lang| Words(lang).segments(),
            href: "/segments",
            rights: vec![&USE],
            order: 20,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        .segments(Segments {
            changed: SegmentChanged::KIND,
            saved: segment::saved,
            name: segment::name,
            moved: membership::moved,
            shifted: membership::shifted,
            met: known::met,
        })
        .panel(60, panel::panel)
        .people(
            dossier::dossier,
            dossier::forget,
            &[
                holding!("segment_moves"),
                holding!(
                    "segment_snapshot_people",
                    unless "exists (select 1 from segment_snapshot_people k where k.person_id = $2 and k.snapshot_id = t.snapshot_id)"
                ),
            ],
        )
}
