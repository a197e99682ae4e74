//! One asset, many languages: documents made of blocks, written once for each language, that become mail, plain text and
//! a piece of a public page. It knows no people and no database: who gets what, with which values and links, the caller
//! says.
//!
//! Texts may hold merge fields: `{{ first_name }}`, `{% if is_student %} … {% else %} … {% endif %}`, and
//! `{% for course in courses %} … {% endfor %}` over lists that the caller gives (see [`Values`]). A value is always
//! text: it never becomes markup or a link by what stands in it.

mod block;
mod check;
mod colour;
mod document;
mod dress;
mod editor;
mod href;
mod inline;
mod made;
mod mail;
mod merge;
mod page;
mod phrase;
mod problem;
mod rich;
mod tag;
mod template;
mod text;
mod values;

pub use block::{Answer, Block, KINDS, MOST_CODE, MOST_LINE, MOST_OPTIONS, MOST_TEXT, Slot, What, is_code};
pub use check::{LONG_SUBJECT, check, fields};
pub use colour::{READABLE, on_dark, on_white};
pub use document::{
    Document, MOST_BLOCKS, MOST_JSON, MOST_PREVIEW, MOST_SUBJECT, MOST_TONGUES, ReadError, Sheet,
};
pub use dress::{Dress, Link};
pub use editor::{Act, EditorView, form_of, note, read};
pub use made::{At, RenderError};
pub use mail::{LARGE_MAIL, Rendered, render};
pub use merge::Why;
pub use page::page_html;
pub use phrase::Phrase;
pub use problem::{Problem, Trouble};
pub use tag::{Slip, is_field};
pub use values::{Allowed, Kind, MOST_LIST, MOST_VALUE, Place, Value, Values};

kring_lang::words!();
