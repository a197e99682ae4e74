//! Finding people: as one types, over everybody; and in lists that can be narrowed and paged.
//!
//! Two steps each time: which people, by the narrowest way in (one statement of ids in order), then what a list shows of
//! them (one statement for all ids). So there is one text for what is shown, and a text for each way in.

mod find;
mod list;

use kring_core::{Result, Timestamp};
use kring_db::two_faces;
use kring_frame::{ActorId, PersonId, Tx, UnitId, params, record};

pub use find::find;
pub(crate) use list::ids;
pub use list::{After, list};

record! {
    /// A person in a list.
    #[derive(Clone, Debug)]
    pub struct Listed {
        pub id: PersonId,
        pub name: String,
        pub sort_key: String,
        /// Kinds of the roles that hold, apart by blanks.
        pub roles: Option<String>,
        pub email: Option<String>,
        pub phone: Option<String>,
        pub city: Option<String>,
        pub owner: Option<String>,
        pub source: String,
        pub known_since: Timestamp,
        pub last_contact_at: Option<Timestamp>,
    }
}

/// What a list shows. Everything that is asked has to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub words: String,
    pub role: Option<String>,
    pub unit: Option<UnitId>,
    pub owner: Option<ActorId>,
    /// Nobody keeps the relation.
    pub nobodys: bool,
    /// No contact for so many days, or never.
    pub silent_days: Option<i64>,
    /// There is a mail address that works, or there is none.
    pub has_mail: Option<bool>,
    /// Whoever is in this saved segment.
    pub segment: Option<i64>,
}

impl Filter {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What a list shows of these people, in this order.
pub async fn rows(tx: &mut Tx, ids: &[PersonId]) -> Result<Vec<Listed>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let bind = format!("[{}]", ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    let mut found: Vec<Listed> = tx
        .all(
            two_faces!(
                sqlite: "select p.id, p.display_name, p.sort_key,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                        (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' and c.state = 'fine' order by c.id desc limit 1),
                        (select c.canonical from contact_points c where c.person_id = p.id and c.kind = 'phone' and c.state = 'fine' order by c.id desc limit 1),
                        (select d.city from postal_addresses d where d.person_id = p.id and d.valid_to is null and not p.address_protected order by d.id desc limit 1),
                        (select a.name from actors a where a.id = p.owner_id), p.source, p.created_at, p.last_contact_at
                     from people p where p.id in (select value from json_each($1))",
                postgres: "select p.id, p.display_name, p.sort_key,
                        (select string_agg(k.kind, ' ') from (select distinct r.kind from party_roles r
                           where r.person_id = p.id and r.valid_to is null order by r.kind) k),
                        (select c.value from contact_points c where c.person_id = p.id and c.kind = 'email' and c.state = 'fine' order by c.id desc limit 1),
                        (select c.canonical from contact_points c where c.person_id = p.id and c.kind = 'phone' and c.state = 'fine' order by c.id desc limit 1),
                        (select d.city from postal_addresses d where d.person_id = p.id and d.valid_to is null and not p.address_protected order by d.id desc limit 1),
                        (select a.name from actors a where a.id = p.owner_id), p.source, p.created_at, p.last_contact_at
                     from people p where p.id in (select x::bigint from json_array_elements_text($1::text::json) x)",
            ),
            params![bind],
        )
        .await?;
    let place: std::collections::HashMap<PersonId, usize> =
        ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    found.sort_by_key(|row| place.get(&row.id).copied());
    Ok(found)
}
