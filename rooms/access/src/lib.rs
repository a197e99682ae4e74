//! Who may come in: staff and their roles, signing in and staying in, API keys; and for who keeps the house, the
//! trail of what was done and the work that waits.

mod account;
mod browser;
mod common;
mod door;
mod first;
mod gate;
mod grants;
mod key;
mod link;
mod pages;
mod password;
pub mod roles;
mod session;
mod weak;

use std::sync::Arc;

use kring_db::{Migration, migrations};
use kring_frame::{Place, Purpose, Right, Room};

pub use account::{Account, AccountState, NewAccount, add_account, demo_account};
pub use first::{actor_with, at_start, first_token};
pub use grants::{grant, ungrant};
pub use key::make as make_key;
pub use password::PasswordHash;
pub use roles::check_roles;

kring_lang::words!();

const MIGRATIONS: &[Migration] = migrations!("access": "0001_access");

/// Inviting colleagues, giving and taking roles, making and revoking API keys, in the units where it holds.
pub static MANAGE_STAFF: Right = Right { key: "access.manage", purpose: Purpose::Operations };
/// Reading who looked at what and who changed what.
pub static READ_TRAIL: Right = Right { key: "access.trail", purpose: Purpose::Legal };
/// Seeing what the installation is busy with, and putting parked work back.
pub static OPERATE: Right = Right { key: "operations.run", purpose: Purpose::Operations };

pub fn room() -> Room {
    Room::new("access")
        .migrations(MIGRATIONS)
        .rights(&[&MANAGE_STAFF, &READ_TRAIL, &OPERATE])
        .routes(pages::routes())
        .gate(Arc::new(gate::Door))
        .start(grants::start)
        .place(Place {
            icon: "settings",
            label: |lang| Words(lang).staff_place(),
            href: "/staff",
            rights: vec![&MANAGE_STAFF],
            order: 41,
            phone: false,
            count: None,
        })
        .place(Place {
            icon: "server",
            label: |lang| Words(lang).operations(),
            href: "/operations",
            rights: vec![&OPERATE],
            order: 42,
            phone: false,
            count: Some(|tx| Box::pin(pages::operations::parked(tx))),
        })
        .place(Place {
            icon: "list",
            label: |lang| Words(lang).trail(),
            href: "/trail",
            rights: vec![&READ_TRAIL],
            order: 43,
            phone: false,
            count: None,
        })
        .words(|lang, key| Words(lang).find(key))
        // Accounts are colleagues at work here, not relations of the institution: no table of this room points to a
        // person, so there is nothing to tell them and nothing to forget with them.
        .knows_nobody()
}
