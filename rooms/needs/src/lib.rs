//! Information needs: what a person wants to know, about which topic, asked where and when, and whether it was answered, is no
//! longer wanted or is still open. Questions to the desk open and close them by themselves; what somebody says at an open day
//! or on the phone is written down by hand.

mod api;
mod asking;
mod dossier;
mod export;
mod facts;
mod figures;
mod hear;
mod lines;
pub mod need;
mod overview;
mod pages;
mod panel;
mod shown;
mod whose;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chapter, FormAnswered, Place, Purpose, RequestClosed, RequestOpened, RequestReopened, Right, Room,
    holding,
};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("needs": "0001_needs");

/// Counting needs per topic and group, and seeing nobody's name.
pub static FIGURES: Right = Right { key: "needs.figures", purpose: Purpose::Research };

/// Seeing what somebody wants to know, in the units that answer it or wrote it down.
pub static READ: Right = Right { key: "needs.read", purpose: Purpose::Service };

/// Writing down what somebody wants to know, and saying that it was answered.
pub static WRITE: Right = Right { key: "needs.write", purpose: Purpose::Service };

pub fn room() -> Room {
    Room::new("needs")
        .migrations(MIGRATIONS)
        .rights(&[&FIGURES, &READ, &WRITE])
        .routes(pages::routes())
        .routes(overview::routes())
        .routes(whose::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "info",
            label: |lang| Words(lang).place(),
            href: "/needs",
            rights: vec![&FIGURES],
            order: 22,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        .on::<RequestOpened>("needs.open", |tx, told| Box::pin(hear::opened(tx, told)))
        .on::<FormAnswered>("needs.form", |tx, told| Box::pin(hear::filled_in(tx, told)))
        .on::<RequestClosed>("needs.close", |tx, told| Box::pin(hear::followed(tx, told)))
        .on::<RequestReopened>("needs.reopen", |tx, told| Box::pin(hear::followed(tx, told)))
        .facts(&[facts::WANTS])
        .chapter(Chapter { key: "needs", label: |lang| Words(lang).chapter(), kinds: lines::KINDS })
        .lines(lines::KINDS, lines::lines)
        .panel(12, panel::panel)
        // Two open needs of two numbers that turn out to be one person both go along: they read as one (`need::together`) and
        // are settled as one, and part again when the merge is undone.
        .people(dossier::dossier, dossier::forget, &[holding!("needs")])
}
