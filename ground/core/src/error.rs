use std::borrow::Cow;

use jiff::SignedDuration;

use crate::Lang;

pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A sentence of the house in each of its languages. They come from the Fluent files through generated
/// functions, so the list is closed: no text of a library or a database can become one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// The name of the message, stable for machines: `sixth-question`.
    pub code: &'static str,
    pub nl: Cow<'static, str>,
    pub en: Cow<'static, str>,
}

impl Saying {
    pub fn in_lang(&self, lang: Lang) -> &str {
        match lang {
            Lang::Nl => &self.nl,
            Lang::En => &self.en,
        }
    }
}

/// What is wrong with one field of what somebody typed or sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The name of the field as in the form or the JSON body.
    pub field: Cow<'static, str>,
    pub what: Saying,
}

/// The one error of the house. Verbs return it; `web` turns it into a page or a problem document, `work`
/// into a retry or a parked job, the importer into a row report. Verbs never speak HTTP.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none, or none that this actor may know of: the two must look alike.
    #[error("not found")]
    NotFound,
    #[error("forbidden")]
    Forbidden,
    /// What was typed cannot be accepted; nothing was changed.
    #[error("invalid: {}", .0.iter().map(|f| format!("{} ({})", f.field, f.what.code)).collect::<Vec<_>>().join(", "))]
    Invalid(Vec<Fault>),
    /// The world has moved on, or a rule of the house forbids it here and now.
    #[error("conflict: {}", .0.code)]
    Conflict(Saying),
    /// Too often or too much; worth another try after this long.
    #[error("too many")]
    TooMany(SignedDuration),
    /// The house cannot just now: too many wait before, the disk is full, another node was first. Nobody did anything wrong,
    /// and the same may go well after this long.
    #[error("busy")]
    Busy(SignedDuration),
    /// It was there once and is over: an expired link, a closed survey.
    #[error("gone")]
    Gone,
    /// A fault of ours or of the machinery; details are for the log only.
    #[error("broken: {0}")]
    Broken(String),
}

impl Error {
    pub fn broken(why: impl std::fmt::Display) -> Self {
        Self::Broken(why.to_string())
    }

    pub fn field(field: impl Into<Cow<'static, str>>, what: Saying) -> Self {
        Self::Invalid(vec![Fault { field: field.into(), what }])
    }
}
