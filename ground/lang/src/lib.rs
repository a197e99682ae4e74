//! How the house speaks: its sentences in Dutch and English (compiled by `kring-words`), numbers and
//! dates as people write them, names and forms of address.

// The generated sentences of this crate name it as any other crate would.
extern crate self as kring_lang;

mod arg;
pub mod dates;
pub mod names;
pub mod numbers;

pub use arg::Arg;
pub use kring_core::{Lang, Saying};

/// Takes in the sentences that `kring_words::build()` compiled for the calling crate, as `Words` and `say`.
#[macro_export]
macro_rules! words {
    () => {
        #[allow(
            dead_code,
            unused_imports,
            clippy::all,
            clippy::pedantic,
            reason = "generated; a sentence may be used through one of its doors only"
        )]
        mod words {
            include!(concat!(env!("OUT_DIR"), "/words.rs"));
        }
        #[allow(unused_imports, reason = "not every crate uses both doors")]
        pub use words::{Words, say};
    };
}
words!();
