//! The doors through which people from outside come in. The contact form: one page, no login, no cookie.

mod contact;

use kring_frame::Room;

kring_lang::words!();

pub fn room() -> Room {
    Room::new("forms").routes(contact::routes()).words(|lang, key| Words(lang).find(key)).knows_nobody()
}
