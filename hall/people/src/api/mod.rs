//! People and organisations over `/api/v1`: the same verbs as the pages, for whoever holds a key with the right.

mod organisations;
mod people;

use kring_core::{Error, Id, Result};
use kring_frame::{Route, Visit};
use serde::Serialize;
use utoipa::ToSchema;

use crate::roles::Role;

pub fn routes() -> Vec<Route> {
    [people::routes(), organisations::routes()].concat()
}

pub fn docs() -> utoipa::openapi::OpenApi {
    let mut docs = people::docs();
    docs.merge(organisations::docs());
    docs
}

#[derive(Serialize, ToSchema)]
struct RoleDoc {
    kind: String,
    detail: String,
    unit: Option<i64>,
    #[schema(value_type = Option<String>, format = Date)]
    from: Option<jiff::civil::Date>,
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<jiff::civil::Date>,
}

impl From<Role> for RoleDoc {
    fn from(r: Role) -> Self {
        Self { kind: r.kind, detail: r.detail, unit: r.unit.map(Id::get), from: r.from, to: r.to }
    }
}

/// Where the page before ended in a list by name; named and not ours, it is refused.
fn after<T>(v: &Visit) -> Result<Option<(String, Id<T>)>> {
    let query = v.query()?;
    match query.get("after") {
        "" => Ok(None),
        given => {
            read_cursor(given).map(Some).ok_or_else(|| Error::field("after", crate::say::cursor_unknown()))
        }
    }
}

/// A place just after this row, as it stands in an address.
fn cursor<T>(id: Id<T>, key: &str) -> String {
    let hex: String = key.bytes().map(|b| format!("{b:02x}")).collect();
    format!("{id}.{hex}")
}

fn read_cursor<T>(text: &str) -> Option<(String, Id<T>)> {
    let (id, key) = text.split_once('.')?;
    let bytes = key
        .as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect::<Option<Vec<u8>>>()?;
    Some((String::from_utf8(bytes).ok()?, id.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use kring_frame::OrganisationId;

    use super::*;

    #[test]
    fn a_cursor_comes_back_and_nonsense_is_none() {
        let id = OrganisationId::new(7);
        assert_eq!(read_cursor(&cursor(id, "café 't hoekje")), Some(("café 't hoekje".to_owned(), id)));
        for bad in ["", "7", "x.61", "7.6", "7.zz", "7.ff"] {
            let read: Option<(String, OrganisationId)> = read_cursor(bad);
            assert!(read.is_none() || bad == "7.6", "{bad}");
        }
    }
}
