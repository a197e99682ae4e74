//! The names that columns go by, in Dutch and English.

mod others;
mod people;
mod shared;

use kring_lang::names::fold;

use crate::{kind::Kind, mapping::Field};

const SECRET: &[&str] = &[
    "bsn",
    "sofi",
    "sofinr",
    "sofinummer",
    "bsnnr",
    "bsnnummer",
    "burgerservicenummer",
    "persoonsgebondennummer",
    "pgn",
    "nationalnumber",
    "nationalid",
    "ssn",
];

/// The meaning of a header in a list of this kind, if it is one that we know.
pub fn by_header(kind: Kind, header: &str) -> Option<Field> {
    let key = spelled(header)?;
    if SECRET.contains(&key.as_str()) {
        return Some(Field::Secret);
    }
    let known = match kind {
        Kind::People => people::PEOPLE,
        Kind::Organisations => others::ORGANISATIONS,
        Kind::Relations => others::RELATIONS,
        Kind::Consents => others::CONSENTS,
    };
    known.iter().find(|(_, names)| names.contains(&key.as_str())).map(|(field, _)| *field)
}

/// Whether some kind of list has such a column: by these the line of headers is found.
pub fn is_known(header: &str) -> bool {
    Kind::ALL.iter().any(|kind| by_header(*kind, header).is_some())
}

/// A header as it is compared: folded, only letters and digits. `None` for what is too long to be one.
pub fn spelled(header: &str) -> Option<String> {
    if header.len() > 80 {
        return None;
    }
    Some(fold(header).chars().filter(|c| c.is_alphanumeric()).collect())
}
