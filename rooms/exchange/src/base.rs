//! Rows beside the base: everybody who shares a key with a row, judged.

use std::collections::{BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_db::{record, two_faces};
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::PersonName;
use kring_match::Band;

use crate::{
    list::Import,
    twins::{self, Face, Key, Reason, Verdict},
    weigh::Weighed,
};

record! {
    /// Somebody of the base who shares something with a row.
    pub struct Hit {
        pub line: i64,
        pub person: PersonId,
    }
}

record! {
    struct Named {
        person: PersonId,
        preferred: String,
        initials: String,
        prefix: String,
        surname: String,
        birth: Option<Date>,
        emails: Option<String>,
    }
}

impl Named {
    fn face(self) -> Face {
        let name = PersonName {
            preferred_name: self.preferred,
            initials: self.initials,
            surname_prefix: self.prefix,
            surname: self.surname,
            ..PersonName::default()
        };
        let mut face = Face::named(&name, self.birth);
        face.emails = self.emails.iter().flat_map(|e| e.split(' ')).map(str::to_owned).collect();
        face
    }
}

/// What those of the hits who are still known are compared by.
pub async fn faces(tx: &mut Tx, hits: impl Iterator<Item = &Hit>) -> Result<HashMap<PersonId, Face>> {
    let people: BTreeSet<i64> = hits.map(|hit| hit.person.get()).collect();
    let people: Vec<i64> = people.into_iter().collect();
    let mut faces = HashMap::with_capacity(people.len());
    for some in people.chunks(10_000) {
        let bind = serde_json::to_string(some).map_err(Error::broken)?;
        let named: Vec<Named> = tx
            .all(
                two_faces!(
                    sqlite: "select p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                                    (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                             from json_each($1) j cross join people p where p.id = j.value and p.state = 'known'",
                    postgres: "select p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                                      (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                               from json_array_elements_text($1::text::json) j join people p on p.id = j::bigint where p.state = 'known'",
                ),
                params![bind],
            )
            .await?;
        faces.extend(named.into_iter().map(|named| (named.person, named.face())));
    }
    Ok(faces)
}

pub type Matches = Vec<(usize, PersonId, Reason)>;

/// Everybody in the base who shares a key with a row, judged: surely the same, and likely.
pub async fn against_base(
    tx: &mut Tx,
    import: &Import,
    at: &HashMap<i64, usize>,
    rows: &[Face],
    times: &[usize],
    weighed: &Weighed,
) -> Result<(Matches, Matches)> {
    let (mut sure, mut likely) = (Vec::new(), Vec::new());
    let keyed = sharing(tx, import).await?;
    let faces = faces(tx, keyed.iter().flat_map(|(_, hits)| hits)).await?;
    for (key, hits) in keyed {
        for hit in hits {
            let row = at.get(&hit.line).and_then(|i| Some((*i, rows.get(*i)?)));
            let (Some((i, row)), Some(face)) = (row, faces.get(&hit.person)) else { continue };
            match twins::judge(key, row, face) {
                Verdict::Same(reason @ (Reason::Email | Reason::Phone))
                    if weighed.doubts_person(i, hit.person) =>
                {
                    likely.push((i, hit.person, reason));
                }
                Verdict::Same(reason) => sure.push((i, hit.person, reason)),
                Verdict::Likely(reason) => likely.push((i, hit.person, reason)),
                Verdict::Apart => {}
            }
        }
    }
    sure.extend(in_list_before(tx, import, at, times).await?);
    // The weights speak where nothing was said outright; a list that comes again finds whom it found.
    let said: HashSet<usize> = sure.iter().map(|(i, ..)| *i).collect();
    let mut more: Vec<_> = weighed.people.iter().filter(|((i, _), _)| !said.contains(i)).collect();
    more.sort_unstable_by_key(|(pair, _)| **pair);
    for (&(i, person), band) in more {
        match band {
            Band::Same => sure.push((i, person, Reason::Weighed)),
            Band::Ask => likely.push((i, person, Reason::Weighed)),
            Band::Different => {}
        }
    }
    Ok((sure, likely))
}

/// Rows without a number or an address of their own are known again by who they are about, if the list had them
/// before. The second of two that look the same is the second again.
async fn in_list_before(
    tx: &mut Tx,
    import: &Import,
    at: &HashMap<i64, usize>,
    times: &[usize],
) -> Result<Matches> {
    let rows: Vec<(i64, i64, PersonId)> = tx
        .all(
            sql!(
                "select r.line, q.import_id, p.id from import_rows r
                 join import_rows q on q.fingerprint = r.fingerprint and q.import_id <> r.import_id
                 join imports i on i.id = q.import_id and i.list_key = $2
                 join people p on p.id = q.person_id
                 where r.import_id = $1 and r.status <> 'refused' and q.action is not null and p.state <> 'forgotten'
                 order by r.line, q.import_id desc, q.line"
            ),
            params![import.id, &import.list],
        )
        .await?;
    let mut found = Vec::new();
    for same in rows.chunk_by(|a, b| a.0 == b.0) {
        let Some(&i) = same.first().and_then(|(line, ..)| at.get(line)) else { continue };
        let n = times.get(i).copied().unwrap_or_default();
        // The newest version that has as many of them.
        let person =
            same.chunk_by(|a, b| a.1 == b.1).find_map(|version| version.get(n)).map(|(.., person)| *person);
        found.extend(person.map(|person| (i, person, Reason::Before)));
    }
    Ok(found)
}

/// Who shares which key with which row.
///
/// Written as cross joins: without statistics SQLite would go through the whole base for each key, but it keeps the
/// order of a cross join. To PostgreSQL the two are the same.
async fn sharing(tx: &mut Tx, import: &Import) -> Result<[(Key, Vec<Hit>); 6]> {
    let id = import.id;
    let by_number = tx
        .all(
            sql!(
                "select r.line, n.person_id from import_rows r cross join identifiers n
                 where n.scheme = $2 and n.value = r.number and n.person_id is not null
                   and r.import_id = $1 and r.status <> 'refused' order by r.line, n.person_id"
            ),
            params![id, import.scheme()],
        )
        .await?;
    let by_student = tx
        .all(
            sql!(
                "select r.line, n.person_id from import_rows r cross join identifiers n
                 where n.scheme = 'student_number' and n.value = r.student_number and n.person_id is not null
                   and r.import_id = $1 and r.status <> 'refused' order by r.line, n.person_id"
            ),
            params![id],
        )
        .await?;
    let by_email = tx
        .all(
            sql!(
                "select r.line, c.person_id from import_rows r cross join contact_points c
                 where c.kind = 'email' and c.canonical = r.email and c.person_id is not null
                   and r.import_id = $1 and r.status <> 'refused' order by r.line, c.person_id"
            ),
            params![id],
        )
        .await?;
    let by_phone = tx
        .all(
            sql!(
                "select r.line, c.person_id from import_rows r cross join contact_points c
                 where c.kind = 'phone' and c.canonical = r.phone and c.person_id is not null
                   and r.import_id = $1 and r.status <> 'refused' order by r.line, c.person_id"
            ),
            params![id],
        )
        .await?;
    // With how the name begins, so that a list of a hundred thousand does not meet the fifty who share each day in a base
    // of a million; who sorts under another name than the list has is for the weights.
    let by_birthday = tx
        .all(
            sql!(
                "select r.line, p.id from import_rows r cross join people p
                 where p.birth_date = r.birth_date and substr(p.sort_key, 1, 3) = substr(r.sort_key, 1, 3)
                   and r.import_id = $1 and r.status <> 'refused' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    let by_address = tx
        .all(
            sql!(
                "select distinct r.line, p.id from import_rows r cross join postal_addresses d cross join people p
                 where d.postcode = r.postcode and d.postcode <> '' and p.id = d.person_id and p.sort_key = r.sort_key
                   and p.state = 'known' and r.import_id = $1 and r.status <> 'refused' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    Ok([
        (Key::Number, by_number),
        (Key::Number, by_student),
        (Key::Email, by_email),
        (Key::Phone, by_phone),
        (Key::Birthday, by_birthday),
        (Key::Address, by_address),
    ])
}
