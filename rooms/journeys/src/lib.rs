//! Journeys: plans for dialogues. Made from a recipe or from nothing, checked before they are published, tried with a moving
//! clock, run once and explained.
//!
//! The steps themselves are `kring-flow`, which knows no person; here is who is on one, what its steps do, and the pages.

mod api;
mod check;
mod clock;
mod deed;
mod dossier;
mod edit;
pub mod gallery;
mod group;
mod hear;
pub mod journey;
mod letter;
mod letters;
mod lines;
mod pages;
mod panel;
pub mod plan;
mod question;
pub mod run;
mod sentence;
mod simulate;
mod stop;
mod take_over;
mod task;
mod trace;
mod why;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chapter, Chore, Event, JourneyAnswered, MessageRefused, Offer, OwnAct, Place, Purpose, Right, Room,
    SegmentJoined, holding,
};

pub use clock::step as take_due_turns;

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("journeys": "0001_journeys");

/// Seeing journeys and how many are where on them.
pub static USE: Right = Right { key: "journeys.use", purpose: Purpose::Relation };

/// Making, publishing, pausing and ending those of the units where it holds.
pub static EDIT: Right = Right { key: "journeys.edit", purpose: Purpose::Relation };

/// Doing what a journey hands to a colleague.
pub static TASKS: Right = Right { key: "journeys.tasks", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("journeys")
        .migrations(MIGRATIONS)
        .rights(&[&USE, &EDIT, &TASKS])
        .routes(pages::routes())
        .routes(question::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "route",
            label: |lang| Words(lang).journeys(),
            href: "/journeys",
            rights: vec![&USE],
            order: 21,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        .on_kinds("journeys.hear", kring_talks::occasion::kinds().chain([SegmentJoined::KIND]), |tx, told| {
            Box::pin(hear::told(tx, told))
        })
        .on::<MessageRefused>("journeys.refused", |tx, told| Box::pin(hear::refused(tx, told)))
        .wants_moves(|tx| Box::pin(hear::segments_wanted(tx)))
        .chore(Chore::new("journeys", 1, |house| Box::pin(async move { clock::step(&house).await })))
        .chore(Chore::new("journeys.groups", 1, |house| Box::pin(async move { group::step(&house).await })))
        .offer(Offer {
            list: "segment",
            icon: "route",
            label: |lang| Words(lang).offer_segment(),
            href: "/journeys/begin",
            right: &EDIT,
        })
        .letters_while(
            letter::KIND,
            |tx, envelopes| Box::pin(letters::write(tx, envelopes)),
            |tx, envelopes| Box::pin(letters::stills(tx, envelopes)),
        )
        .because(letter::KIND, |tx, lang, envelope| Box::pin(why::part_of(tx, lang, envelope)))
        .own_acts(&[OwnAct::new::<JourneyAnswered>("reply", |lang| Words(lang).act_answered())])
        .chapter(Chapter { key: "journeys", label: |lang| Words(lang).journeys(), kinds: lines::KINDS })
        .lines(lines::KINDS, lines::lines)
        .panel(25, panel::panel)
        .tasks(|tx, lang| Box::pin(task::tasks(tx, lang)))
        .people(
            dossier::dossier,
            dossier::forget,
            &[
                holding!(
                    "journey_runs",
                    unless "exists (select 1 from journey_runs k where k.person_id = $2 and k.journey_id = t.journey_id and k.state = 'running' and t.state = 'running')"
                ),
                holding!("journey_tasks"),
            ],
        )
}
