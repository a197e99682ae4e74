//! Every word to or from a person. Nothing reaches a person except through here, and here consent is asked in the
//! transaction immediately before a message can no longer be taken back.

mod api;
mod dialogue;
mod dossier;
mod drawer;
mod facts;
mod fate;
mod gate;
mod inbound;
mod lines;
mod message;
pub mod occasion;
mod pages;
mod pressure;
mod recover;
mod sender;
mod shape;
mod today;
pub mod topic;
mod tray;
mod turnstile;
mod warm;
mod why;
pub mod wording;
mod write;
pub mod writing;

use std::sync::Arc;

use kring_db::{Migration, migrations};
use kring_frame::{
    Chapter, Chore, ConsentChanged, Event, OwnAct, Place, Purpose, QuestionAsked, Right, Room, holding,
};

pub use dialogue::{
    AUTOMATIC, Dialogue, DialogueState, Direction, NewDialogue, Turn, close, hear, open, reopen, say_out,
    thread, turns, withdraw,
};
pub use inbound::{Arrived, Inbox, Lying, Mailbox, Opened, Way, fetch_new, keep, open_doors};
pub use lines::reason_in_words;
pub use message::{
    Message, MessageState, Plan, cancel, cancel_about, carry, counts, due_now, is_held, is_stopped, plan,
    plan_many, release, stop_all,
};
pub use pressure::count_pressure;
pub use sender::{Out, Sender};
pub use shape::{Shaped, shape};
pub use today::approached_today;
pub use topic::Topic;
pub use warm::WarmUp;

kring_lang::words!();

const MIGRATIONS: &[Migration] =
    migrations!("talks": "0001_talks", "0002_inbound", "0003_pace", "0004_subjects");

/// Seeing what goes out, settling what is doubtful, releasing a held instance.
pub static OPERATE_MAIL: Right = Right { key: "talks.operate", purpose: Purpose::Operations };

/// Seeing which messages went to people, and which did not.
pub static READ_MESSAGES: Right = Right { key: "talks.read", purpose: Purpose::Service };

/// Selecting people by what they asked us: the topic, never the words.
pub static READ_TOPICS: Right = Right { key: "talks.topics", purpose: Purpose::Service };

/// Consent has no rooms of its own below it, so its parts come in here with those of the talks.
pub fn room(sender: Arc<Sender>) -> Room {
    let (hands, recovering, reading) = (sender.hands(), sender.clone(), sender.clone());
    Room::new("talks")
        .migrations(kring_consent::MIGRATIONS)
        .migrations(MIGRATIONS)
        .rights(&[
            &OPERATE_MAIL,
            &READ_MESSAGES,
            &READ_TOPICS,
            &kring_consent::POLICY,
            &kring_consent::ARRANGE,
        ])
        .routes(kring_consent::routes())
        .routes(pages::routes())
        .routes(why::routes())
        .routes(inbound::routes())
        .routes(api::routes())
        .docs(api::docs())
        .words(|lang, key| Words(lang).find(key).or_else(|| kring_consent::Words(lang).find(key)))
        .place(Place {
            icon: "shield",
            label: |lang| kring_consent::Words(lang).policy_title(),
            href: "/policy",
            rights: vec![&kring_consent::POLICY],
            order: 46,
            phone: false,
            count: None,
        })
        .chore(Chore::new("consent.of_age", 1, |house| {
            Box::pin(async move { kring_consent::nightly(&house).await })
        }))
        .chore(Chore::new("consent.pressure", 1, |house| {
            Box::pin(async move { pressure::nightly(&house).await })
        }))
        .facts(&[facts::ASKED])
        .own_acts(&[OwnAct::new::<QuestionAsked>("question", |lang| Words(lang).act_asked())])
        .facts(kring_consent::FACTS)
        .head(kring_consent::head)
        .head(today::head)
        .panel(70, kring_consent::panel)
        .chapter(Chapter { key: "mail", label: |lang| Words(lang).chapter(), kinds: lines::KINDS })
        .lines(lines::KINDS, lines::lines)
        .lines(&[ConsentChanged::KIND], kring_consent::lines)
        .chore(Chore::new("send", hands, move |house| {
            let sender = sender.clone();
            Box::pin(async move { sender.step(&house).await })
        }))
        .chore(Chore::new("recover", 1, move |house| {
            let sender = recovering.clone();
            Box::pin(async move { recover::step(&house, &sender).await })
        }))
        .chore(Chore::new("inbound", 1, move |house| {
            let sender = reading.clone();
            Box::pin(async move { inbound::step(&house, &sender).await })
        }))
        .people(
            dossier::dossier,
            dossier::forget,
            &[
                holding!("consent_ledger"),
                holding!("attention"),
                holding!("own_wishes"),
                holding!("choice_saves"),
                holding!("dialogues"),
                holding!("messages"),
                holding!("drawer"),
                holding!("inbound_mails"),
            ],
        )
}
