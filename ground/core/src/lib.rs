//! What every other crate of the house stands on: typed ids, a clock and a source of chance that are
//! handed in rather than reached for, the two interface languages, tongues that content is
//! written in, secrets that cannot be printed, and
//! the one error of the house. Nothing here knows about databases, the web or education.

mod chance;
mod clock;
mod error;
mod id;
mod lang;
mod secret;
mod tongue;

pub use chance::Chance;
pub use clock::Clock;
pub use error::{Error, Fault, Result, Saying};
pub use id::Id;
pub use jiff::Timestamp;
pub use lang::Lang;
pub use secret::{Secret, Token, TokenHash};
pub use tongue::{Dir, Tongue};
