//! Listening after service: who is asked and who is not and why, what they answer, and the promise behind "please
//! contact me".

mod api;
mod callback;
mod day;
mod editor;
mod facts;
mod figures;
mod invitation;
mod lines;
mod public;
mod response;
mod survey;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chapter, OwnAct, Place, Purpose, RequestClosed, RequestReopened, Right, Room, SurveyAnswered, holding,
};

pub use callback::{Outcome, Wish, attempt, finish, open as open_callbacks};
pub use invitation::{Invitation, of_request};
pub use response::{Given, give};
pub use survey::{Kind, Question, Survey, SurveyState, add_question, make, publish, questions};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("surveys": "0001_surveys");

/// Reading what people answered, in the units where it holds.
pub static READ_ANSWERS: Right = Right { key: "surveys.read", purpose: Purpose::Research };
/// Making and publishing surveys.
pub static EDIT_SURVEYS: Right = Right { key: "surveys.edit", purpose: Purpose::Research };
/// Keeping the promise to contact somebody.
pub static CALL_BACK: Right = Right { key: "surveys.callback", purpose: Purpose::Service };

pub fn room() -> Room {
    Room::new("surveys")
        .migrations(MIGRATIONS)
        .rights(&[&READ_ANSWERS, &EDIT_SURVEYS, &CALL_BACK])
        .routes(public::routes())
        .routes(day::routes())
        .routes(editor::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "smile",
            label: |lang| Words(lang).feedback(),
            href: "/feedback",
            rights: vec![&READ_ANSWERS, &CALL_BACK],
            order: 13,
            phone: true,
            count: Some(|tx| Box::pin(callback::count_open(tx))),
        })
        .place(Place {
            icon: "note",
            label: |lang| Words(lang).surveys(),
            href: "/surveys",
            rights: vec![&EDIT_SURVEYS],
            order: 21,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        .on::<RequestClosed>("surveys.after_closing", |tx, told| {
            Box::pin(invitation::after_closing(tx, told))
        })
        .on::<RequestReopened>("surveys.after_reopening", |tx, told| {
            Box::pin(invitation::after_reopening(tx, told))
        })
        .job(callback::escalate)
        .letter("surveys.invitation", |tx, e| Box::pin(invitation::letter(tx, e)))
        .chapter(Chapter { key: "surveys", label: |lang| Words(lang).chapter(), kinds: lines::KINDS })
        .lines(lines::KINDS, lines::lines)
        .facts(&[facts::ANSWERED])
        .own_acts(&[OwnAct::new::<SurveyAnswered>("survey_answer", |lang| Words(lang).act_answered())])
        .panel(20, lines::panel)
        .tasks(|tx, lang| Box::pin(callback::tasks(tx, lang)))
        .arc(|tx, lang| Box::pin(figures::measured(tx, lang)))
        .arc(|tx, lang| Box::pin(figures::improved(tx, lang)))
        .people(
            response::dossier,
            response::forget,
            &[holding!("invitations"), holding!("responses"), holding!("callbacks")],
        )
}
