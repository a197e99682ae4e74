//! Serviceplein: what people ask, whose it is, and by when it is answered.

mod api;
mod figures;
mod inbox;
mod letters;
mod lines;
mod live;
mod pages;
mod request;
mod shelves;

use kring_db::{Migration, migrations};
use kring_frame::{Chapter, DialogueHeard, Place, Purpose, QuestionAsked, Right, Room, Shelf, holding};

pub use request::{
    After, Request, RequestState, answer, assign, close, open_from, read, reopen, set_promise,
};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("desk": "0001_desk");

/// Reading and answering requests of the units where it holds.
pub static WORK_REQUESTS: Right = Right { key: "desk.work", purpose: Purpose::Service };

pub fn room() -> Room {
    Room::new("desk")
        .migrations(MIGRATIONS)
        .rights(&[&WORK_REQUESTS])
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "inbox",
            label: |lang| Words(lang).desk(),
            href: "/desk",
            rights: vec![&WORK_REQUESTS],
            order: 11,
            phone: true,
            count: Some(|tx| Box::pin(inbox::count_open(tx))),
        })
        .words(|lang, key| Words(lang).find(key))
        .on::<QuestionAsked>("desk.open_request", |tx, told| Box::pin(request::on_question(tx, told)))
        .on::<DialogueHeard>("desk.heard", |tx, told| Box::pin(request::on_heard(tx, told)))
        .letter("desk.receipt", |tx, e| Box::pin(letters::receipt(tx, e)))
        .letter("desk.answer", |tx, e| Box::pin(letters::answer(tx, e)))
        .chapter(Chapter { key: "requests", label: |lang| Words(lang).chapter(), kinds: lines::KINDS })
        .shelf(Shelf { key: "desk.units", rights: vec![&WORK_REQUESTS], fill: shelves::units })
        .lines(lines::KINDS, lines::lines)
        .panel(10, lines::panel)
        .finder(|tx, lang, words| Box::pin(inbox::find(tx, lang, words)))
        .tasks(|tx, lang| Box::pin(inbox::tasks(tx, lang)))
        .arc(|tx, lang| Box::pin(figures::served(tx, lang)))
        .arc(|tx, lang| Box::pin(figures::attracted(tx, lang)))
        .people(lines::dossier, lines::forget, &[holding!("requests")])
}
