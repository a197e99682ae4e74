//! Webhooks: another system is told what happens here, signed, at least once, and never more than the key sees under which
//! it listens. What is told is numbers and codes; who somebody is, the other side asks the API with that key.
//!
//! A webhook reads the log from the moment it was made, at its own pace ([`collect`]), and what it is to be told waits as a
//! row until it has arrived ([`send`]). The form of messages is that of Standard Webhooks 1.0.0.

mod catalogue;
mod collect;
mod dossier;
mod hook;
mod message;
mod pages;
mod secret;
mod send;
mod tasks;

use std::sync::Arc;

use kring_db::{Migration, migrations};
use kring_fetch::Client;
use kring_frame::{Chore, Offer, Place, Purpose, Right, Room, holding};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("webhooks": "0001_webhooks");

/// Deciding which other system is told what.
pub static MANAGE: Right = Right { key: "webhooks.manage", purpose: Purpose::Operations };

/// How many other systems are told something at the same moment; one that is slow holds up one hand.
const HANDS: usize = 4;

/// `client`: the way out; `None` where the operator has not opened it.
pub fn room(client: Option<Client>) -> Room {
    let client = client.map(Arc::new);
    let open = client.is_some();
    let sender = client.clone();
    let mut draft = Room::new("webhooks")
        .migrations(MIGRATIONS)
        .rights(&[&MANAGE])
        .routes(pages::routes(client))
        .place(Place {
            icon: "send",
            label: |lang| Words(lang).webhooks(),
            href: "/webhooks",
            rights: vec![&MANAGE],
            order: 42,
            phone: false,
            count: None,
        })
        .offer(Offer {
            list: "segment",
            icon: "send",
            label: |lang| Words(lang).offer_segment(),
            href: "/webhooks/new",
            right: &MANAGE,
        })
        .words(|lang, key| Words(lang).find(key))
        .tasks(tasks::tasks)
        .wants_moves(hook::segments_wanted)
        .chore(Chore::new("webhooks.nightly", 1, |house| {
            Box::pin(async move { message::nightly(&house).await })
        }));
    if open {
        draft = draft.chore(Chore::new("webhooks.collect", 1, |house| {
            Box::pin(async move { collect::step(&house).await })
        }));
    }
    if let Some(client) = sender {
        draft = draft.chore(Chore::new("webhooks.send", HANDS, move |house| {
            let client = client.clone();
            Box::pin(async move { send::step(&house, &client).await })
        }));
    }
    draft.people(dossier::dossier, dossier::forget, &[holding!("webhook_messages")])
}
