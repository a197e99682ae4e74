//! One relation base for all departments, shared safely: who is in contact now, what another department did, an
//! opportunity passed on, and who looked at whom.

mod claim;
mod claims;
mod colleague;
mod dossier;
mod lines;
mod panel;
mod party;

use kring_db::{Migration, migrations};
use kring_frame::{Place, Purpose, Right, Room, holding};

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("sharing": "0001_claims");

/// Claiming a contact, passing on an opportunity, capturing somebody one met.
pub static SHARE: Right = Right { key: "sharing.share", purpose: Purpose::Relation };

pub fn room() -> Room {
    Room::new("sharing")
        .migrations(MIGRATIONS)
        .rights(&[&SHARE])
        .routes(claims::routes())
        .place(Place {
            icon: "hand",
            label: |lang| Words(lang).sharing(),
            href: "/claims",
            rights: vec![&SHARE],
            order: 14,
            phone: false,
            count: None,
        })
        .head(panel::head)
        .panel(2, panel::panel)
        .lines(lines::KINDS, lines::lines)
        .words(|lang, key| Words(lang).find(key))
        .people(dossier::dossier, dossier::forget, &[holding!("claims")])
}
