//! The kinds of fields of a form.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    Short,
    Long,
    One,
    Many,
    Date,
    Number,
    Email,
    Phone,
    Name,
    Address,
    /// A choice that also says of which programme a role is.
    Programme,
    Consent,
    File,
    Hidden,
    /// Words between the fields; nothing is asked.
    Text,
}

/// The kinds in the order in which they are offered.
pub const KINDS: [Ask; 15] = [
    Ask::Name,
    Ask::Email,
    Ask::Phone,
    Ask::Address,
    Ask::Short,
    Ask::Long,
    Ask::One,
    Ask::Many,
    Ask::Programme,
    Ask::Date,
    Ask::Number,
    Ask::File,
    Ask::Consent,
    Ask::Text,
    Ask::Hidden,
];

impl Ask {
    pub const fn key(self) -> &'static str {
        match self {
            Ask::Short => "short",
            Ask::Long => "long",
            Ask::One => "one",
            Ask::Many => "many",
            Ask::Date => "date",
            Ask::Number => "number",
            Ask::Email => "email",
            Ask::Phone => "phone",
            Ask::Name => "name",
            Ask::Address => "address",
            Ask::Programme => "programme",
            Ask::Consent => "consent",
            Ask::File => "file",
            Ask::Hidden => "hidden",
            Ask::Text => "text",
        }
    }

    pub fn find(key: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.key() == key)
    }

    pub const fn icon(self) -> &'static str {
        match self {
            Ask::Name => "person",
            Ask::Email => "mail",
            Ask::Phone => "phone",
            Ask::Address => "home",
            Ask::Short | Ask::Long => "edit",
            Ask::One | Ask::Many => "list",
            Ask::Programme => "cap",
            Ask::Date => "calendar",
            Ask::Number => "chart",
            Ask::File => "upload",
            Ask::Consent => "check",
            Ask::Hidden => "tag",
            Ask::Text => "note",
        }
    }

    /// Chosen from options.
    pub const fn chooses(self) -> bool {
        matches!(self, Ask::One | Ask::Many | Ask::Programme)
    }

    /// Says who somebody is, so that a form needs it once and not of whom we know it.
    pub const fn says_who(self) -> bool {
        matches!(self, Ask::Name | Ask::Email | Ask::Phone | Ask::Address)
    }

    /// Something is filled in.
    pub const fn asks(self) -> bool {
        !matches!(self, Ask::Text | Ask::Hidden)
    }
}
