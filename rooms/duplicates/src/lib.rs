//! Pairs that may be one person. The hall weighs and merges; here a colleague looks, side by side, and decides.

mod organisations;
mod pages;
mod review;
mod sure;
mod tasks;
mod weights;

use kring_frame::{Merged, Place, Purpose, Right, Room, Shelf};

kring_lang::words!();

/// Deciding whether two are one, and merging them.
pub static DECIDE: Right = Right { key: "duplicates.decide", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("duplicates")
        .rights(&[&DECIDE])
        .routes(pages::routes())
        .routes(organisations::routes())
        .routes(review::routes())
        .routes(weights::routes())
        .place(Place {
            icon: "merge",
            label: |lang| Words(lang).duplicates(),
            href: "/duplicates",
            rights: vec![&DECIDE],
            order: 19,
            phone: false,
            count: Some(tasks::count),
        })
        .panel(5, tasks::panel)
        .tasks(tasks::tasks)
        .shelf(Shelf { key: "duplicates.queue", rights: vec![&DECIDE], fill: tasks::shelf })
        // Two that became one look like others together.
        .on::<Merged>("duplicates.merged", kring_people::duplicates::hear_person)
        .job::<sure::MergeSure, _, _>(sure::run)
        .words(|lang, key| Words(lang).find(key))
        .knows_nobody()
}
