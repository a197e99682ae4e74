//! Where a working day starts: the ring with its live numbers, and what waits for whoever is signed in. The numbers and
//! the tasks come from the rooms; this one only lays them out.

mod bind;
mod pages;

use kring_frame::{Place, Room};

kring_lang::words!();

pub fn room() -> Room {
    Room::new("today")
        .routes(pages::routes())
        .place(Place {
            icon: "home",
            label: |lang| Words(lang).today(),
            href: "/",
            rights: vec![&kring_people::READ_PEOPLE, &kring_people::READ_FIGURES],
            order: 10,
            phone: true,
            count: None,
        })
        .arc(|tx, lang| Box::pin(bind::reached(tx, lang)))
        .knows_nobody()
}
