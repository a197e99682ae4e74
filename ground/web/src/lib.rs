//! The shell around every page: forms, the frame, problems, security headers, assets and the components
//! that rooms build their pages from. It knows no business noun and no route; `frame` does the routing.
//!
//! A room extends the templates of this crate with this `askama.toml` beside its `Cargo.toml`:
//!
//! ```toml
//! [general]
//! dirs = ["templates", "../../ground/web/templates"]
//! ```

// Templates name this crate as they do from any room.
extern crate self as kring_web;

pub mod assets;
mod brand;
mod clock;
mod drawing;
mod form;
pub mod gallery;
pub mod headers;
mod page;
mod problem;
mod ring;
mod said;
pub mod tokens;

pub use assets::asset_url;
pub use brand::{Brand, Shade, channels};
pub use clock::PromiseClock;
pub use form::{Form, is_email};
pub use kring_core::Lang;
pub use page::{
    Choice, Chrome, Face, Flash, Link, Me, Notices, OtherLanguage, Place, Tone, Undo, render, render_as,
};
pub use problem::Problem;
pub use ring::{Arc, ArcState, Ring, SmallRing, mark};
pub use said::{faces, int, width, words_of};

kring_lang::words!();
