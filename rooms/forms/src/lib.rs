//! The doors through which people from outside come in: the contact form, and whatever forms and landing pages an institution
//! builds itself. A form is made from a recipe or from nothing, checked before it is published, read in many languages, and what
//! is answered becomes a person, a yes, a need or a question, and a line on a timeline.

mod answer;
mod answers;
mod api;
mod ask;
mod check;
mod contact;
mod dossier;
mod export;
mod facts;
mod figures;
pub mod gallery;
mod landing;
mod lines;
mod link;
mod look;
mod pages;
mod picture;
pub mod piece;
pub mod plan;
mod public;
pub mod publish;
mod read;
mod round;
mod shown;
mod spam;
mod upload;
mod yes;

use kring_db::{Migration, migrations};
use kring_frame::{Chapter, FormAnswered, OwnAct, OwnLink, Place, Purpose, Right, Room, holding};

pub use answer::{Form, New, give};
pub use answers::Answers;
pub use figures::opened;
pub use landing::Landing;
pub use look::set as set_look;

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("forms": "0001_forms");

/// Seeing forms and pages, and how many answered.
pub static USE: Right = Right { key: "forms.use", purpose: Purpose::Relation };

/// Making, publishing and taking back those of the units where it holds, and how their pages look.
pub static EDIT: Right = Right { key: "forms.edit", purpose: Purpose::Relation };

/// Reading what people filled in, in the units where it holds, and deciding on what was held.
pub static ANSWERS: Right = Right { key: "forms.answers", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("forms")
        .migrations(MIGRATIONS)
        .rights(&[&USE, &EDIT, &ANSWERS])
        .routes(contact::routes())
        .routes(public::routes())
        .routes(landing::routes())
        .routes(yes::routes())
        .routes(look::routes())
        .routes(picture::routes())
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "edit",
            label: |lang| Words(lang).forms(),
            href: "/forms",
            rights: vec![&USE],
            order: 23,
            phone: false,
            count: Some(|tx| Box::pin(figures::held(tx))),
        })
        .words(|lang, key| Words(lang).find(key))
        .letter(yes::LETTER, |tx, envelope| Box::pin(yes::letter(tx, envelope)))
        .chapter(Chapter { key: "forms", label: |lang| Words(lang).forms(), kinds: lines::KINDS })
        .lines(lines::KINDS, lines::lines)
        .facts(&[facts::FILLED_IN])
        .own_acts(&[OwnAct::new::<FormAnswered>("form_answer", |lang| Words(lang).act_answered())])
        .own_link(OwnLink { key: "form", to: link::to, make: link::make })
        .panel(22, lines::panel)
        .people(
            dossier::dossier,
            dossier::forget,
            &[holding!("form_answers"), holding!("form_yeses"), holding!("form_links")],
        )
}
