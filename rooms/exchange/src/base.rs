//! Rows beside the base: everybody who shares a key with a row, judged.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kring_core::Result;
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::PersonName;
use kring_match::Band;

use crate::{
    list::Import,
    twins::{self, Face, Key, Reason, Verdict},
    weigh::Weighed,
};

record! {
    /// A person of the base who shares something with a row.
    pub struct Hit {
        pub line: i64,
        pub person: PersonId,
        preferred: String,
        initials: String,
        prefix: String,
        surname: String,
        birth: Option<Date>,
        emails: Option<String>,
    }
}

impl Hit {
    pub fn face(&self) -> Face {
        let name = PersonName {
            preferred_name: self.preferred.clone(),
            initials: self.initials.clone(),
            surname_prefix: self.prefix.clone(),
            surname: self.surname.clone(),
            ..PersonName::default()
        };
        let mut face = Face::named(&name, self.birth);
        face.emails = self.emails.iter().flat_map(|e| e.split(' ')).map(str::to_owned).collect();
        face
    }
}

pub type Matches = Vec<(usize, PersonId, Reason)>;

/// Everybody in the base who shares a key with a row, judged: surely the same, and likely.
///
/// Written as cross joins: without statistics SQLite would go through the whole base for each key, but it keeps the
/// order of a cross join. To PostgreSQL the two are the same.
pub async fn against_base(
    tx: &mut Tx,
    import: &Import,
    at: &HashMap<i64, usize>,
    faces: &[Face],
    times: &[usize],
    weighed: &Weighed,
) -> Result<(Matches, Matches)> {
    let (mut sure, mut likely) = (Vec::new(), Vec::new());
    let id = import.id;
    let by_number: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join identifiers n join people p on p.id = n.person_id
                 where n.scheme = $2 and n.value = r.number and r.import_id = $1 and r.status <> 'refused' and p.state = 'known' order by r.line"
            ),
            params![id, import.scheme()],
        )
        .await?;
    let by_student: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join identifiers n join people p on p.id = n.person_id
                 where n.scheme = 'student_number' and n.value = r.student_number and r.import_id = $1 and r.status <> 'refused'
                   and p.state = 'known' order by r.line"
            ),
            params![id],
        )
        .await?;
    let by_email: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join contact_points c join people p on p.id = c.person_id
                 where c.kind = 'email' and c.canonical = r.email and r.import_id = $1 and r.status <> 'refused' and p.state = 'known' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    let by_phone: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join contact_points c join people p on p.id = c.person_id
                 where c.kind = 'phone' and c.canonical = r.phone and r.import_id = $1 and r.status <> 'refused' and p.state = 'known' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    let by_birthday: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join people p where p.birth_date = r.birth_date and r.import_id = $1 and r.status <> 'refused' and p.state = 'known' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    let by_address: Vec<Hit> = tx
        .all(
            sql!(
                "select r.line, p.id, p.preferred_name, p.initials, p.surname_prefix, p.surname, p.birth_date,
                        (select string_agg(m.canonical, ' ') from contact_points m where m.person_id = p.id and m.kind = 'email')
                 from import_rows r cross join people p cross join postal_addresses d
                 where p.sort_key = r.sort_key and d.person_id = p.id and d.postcode = r.postcode
                   and r.import_id = $1 and r.status <> 'refused' and p.state = 'known' order by r.line, p.id"
            ),
            params![id],
        )
        .await?;
    let keyed = [
        (Key::Number, by_number),
        (Key::Number, by_student),
        (Key::Email, by_email),
        (Key::Phone, by_phone),
        (Key::Birthday, by_birthday),
        (Key::Address, by_address),
    ];
    for (key, hits) in keyed {
        for hit in hits {
            let Some((&i, face)) = at.get(&hit.line).and_then(|i| Some((i, faces.get(*i)?))) else {
                continue;
            };
            match twins::judge(key, face, &hit.face()) {
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
