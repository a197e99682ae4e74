//! Mailings: one message to many. Each belongs to a campaign, which has a reason, a budget and a result; it is checked,
//! tried on colleagues, approved where that is asked, sent over hours, and stopped exactly.

mod api;
mod brake;
pub mod campaign;
mod check;
pub mod cost;
mod dossier;
mod hear;
mod letter;
pub mod mailing;
mod pages;
pub mod plan;
mod policy;
mod result;
mod seed;
mod send;
mod spam;
mod tasks;

use kring_db::{Migration, migrations};
use kring_frame::{Chore, New, Offer, Place, Purpose, Right, Room, holding};
use kring_talks::occasion;

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("mailings": "0001_mailings");

/// Seeing campaigns, what they cost and what came of them.
pub static USE: Right = Right { key: "mailings.use", purpose: Purpose::Relation };

/// Making them for the units where it holds, sending, pausing and stopping.
pub static EDIT: Right = Right { key: "mailings.edit", purpose: Purpose::Relation };

/// Saying yes to what another made, and from how many people on that is needed.
pub static APPROVE: Right = Right { key: "mailings.approve", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("mailings")
        .migrations(MIGRATIONS)
        .rights(&[&USE, &EDIT, &APPROVE])
        .routes(pages::routes())
        .routes(api::routes())
        .docs(api::docs())
        .place(Place {
            icon: "send",
            label: |lang| Words(lang).campaigns(),
            href: "/campaigns",
            rights: vec![&USE],
            order: 22,
            phone: false,
            count: None,
        })
        .new_thing(New { label: |lang| Words(lang).new_campaign(), href: "/campaigns/new", right: &EDIT })
        .offer(Offer {
            list: "segment",
            icon: "send",
            label: |lang| Words(lang).offer_segment(),
            href: "/campaigns/write",
            right: &EDIT,
        })
        .words(|lang, key| Words(lang).find(key))
        .on_kinds("mailings.hear", occasion::kinds(), |tx, told| Box::pin(hear::told(tx, told)))
        .chore(Chore::new("mailings", 1, |house| Box::pin(async move { send::step(&house).await })))
        .letters_while(
            letter::KIND,
            |tx, envelopes| Box::pin(letter::write(tx, envelopes)),
            |tx, envelopes| Box::pin(letter::stills(tx, envelopes)),
        )
        .letter(letter::TRIAL, |tx, envelope| Box::pin(letter::write_trial(tx, envelope)))
        .because(letter::KIND, |tx, lang, envelope| Box::pin(letter::part_of(tx, lang, envelope)))
        .tasks(|tx, lang| Box::pin(tasks::tasks(tx, lang)))
        .people(
            dossier::dossier,
            dossier::forget,
            &[
                holding!("mailing_people"),
                holding!("mailing_trials"),
                holding!(
                    "mailing_seeds",
                    unless "exists (select 1 from mailing_seeds k where k.person_id = $2 and k.unit_id = t.unit_id)"
                ),
            ],
        )
}
