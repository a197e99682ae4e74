//! Who each row is: the same as an earlier row of the list, a person of the base, or somebody new; and which pairs
//! deserve a look. Made before anything is written, shown, and made again when the import starts, since the base
//! goes on living meanwhile.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use kring_core::{Error, Result};
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::names::PersonName;
use kring_match::Band;
use kring_people::merge;

use crate::{
    list::Import,
    row::Candidate,
    twins::{self, Face, Key, Reason, Verdict},
    weigh::{Weighed, weigh},
};

record! {
    struct Row {
        line: i64,
        candidate: String,
        twin_line: Option<i64>,
        reason: Option<Reason>,
        person: Option<PersonId>,
    }
}

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

/// A pair worth a look: with an earlier line, or with a person.
struct Pair {
    line: i64,
    other_line: Option<i64>,
    person: Option<PersonId>,
    reason: Reason,
}

pub async fn compare(tx: &mut Tx, import: &Import) -> Result<()> {
    let rows: Vec<Row> = tx
        .all(
            sql!(
                "select line, candidate, twin_line, reason, person_id from import_rows
                 where import_id = $1 and status <> 'refused' and candidate is not null order by line"
            ),
            params![import.id],
        )
        .await?;
    let candidates: Vec<Candidate> = rows
        .iter()
        .map(|r| serde_json::from_str(&r.candidate).map_err(Error::broken))
        .collect::<Result<_>>()?;
    let lines: Vec<i64> = rows.iter().map(|r| r.line).collect();
    let at: HashMap<i64, usize> = lines.iter().enumerate().map(|(i, line)| (*line, i)).collect();
    let faces: Vec<Face> = candidates.iter().map(Face::of).collect();

    let (chosen_rows, chosen_people) = chosen(tx, import.id, &at).await?;
    let weighed = weigh(tx, &candidates).await?;
    let within = twins::within(&faces, &chosen_rows, &weighed);
    let (mut sure, mut likely) = against_base(tx, import, &at, &faces, &times(&candidates), &weighed).await?;
    // A number that was merged since leads on.
    let found: Vec<PersonId> = sure.iter().map(|(_, person, _)| *person).collect();
    let moved = merge::moved(tx, &found).await?;
    for (_, person, _) in &mut sure {
        *person = moved.get(person).copied().unwrap_or(*person);
    }

    // One target for all rows of a person: what the strongest sign of the first row says.
    let mut target: HashMap<usize, (PersonId, u8, usize)> = HashMap::new();
    let mut own: HashMap<usize, Reason> = HashMap::new();
    let chosen_hits = chosen_people.iter().map(|(i, person)| (*i, *person, Reason::Chosen));
    for (i, person, reason) in sure.into_iter().chain(chosen_hits) {
        let Some(&first) = within.first.get(i) else { continue };
        own.entry(i).or_insert(reason);
        let rank = (strength(reason), i);
        let better = target.get(&first).is_none_or(|(_, strength, row)| rank < (*strength, *row));
        if better {
            target.insert(first, (person, rank.0, i));
        }
    }
    let sets = rows
        .iter()
        .enumerate()
        .filter_map(|(i, row)| {
            let first = *within.first.get(i)?;
            let person = target.get(&first).map(|(person, ..)| *person);
            let reason = own.get(&i).copied().or_else(|| *within.reason.get(i)?);
            let twin = (first != i).then(|| lines.get(first).copied()).flatten();
            // A first row may have its person through a later row of the same one.
            let reason = reason
                .or_else(|| person.and_then(|_| target.get(&first).and_then(|t| own.get(&t.2)).copied()));
            let stands = (row.twin_line, row.reason, row.person) == (twin, reason, person);
            (!stands).then(|| params![import.id, row.line, twin, reason, person])
        })
        .collect();
    tx.many(
        sql!(
            "update import_rows set twin_line = $3, reason = $4, person_id = $5
             where import_id = $1 and line = $2 and action is null"
        ),
        sets,
    )
    .await?;

    // Who surely is somebody needs no guess.
    let known = |i: usize| within.first.get(i).is_some_and(|first| target.contains_key(first));
    likely.retain(|(i, person, _)| !known(*i) || chosen_people.contains(&(*i, *person)));
    let mut pairs: Vec<Pair> = Vec::new();
    let mut seen: HashSet<(usize, i64)> = HashSet::new();
    for (i, person, reason) in likely {
        if seen.insert((i, person.get())) {
            pairs.push(Pair {
                line: lines.get(i).copied().unwrap_or_default(),
                other_line: None,
                person: Some(person),
                reason,
            });
        }
    }
    for &(i, other, reason) in &within.likely {
        if known(i) && known(other) && !chosen_rows.contains(&(i, other)) {
            continue;
        }
        let (Some(&line), Some(&other_line)) = (lines.get(i), lines.get(other)) else { continue };
        pairs.push(Pair { line, other_line: Some(other_line), person: None, reason });
    }
    let chosen_lines: HashSet<(i64, i64)> =
        chosen_rows.iter().filter_map(|(a, b)| Some((*lines.get(*a)?, *lines.get(*b)?))).collect();
    let chosen_ids: HashSet<(i64, i64)> =
        chosen_people.iter().filter_map(|(i, p)| Some((*lines.get(*i)?, p.get()))).collect();
    write_pairs(tx, import.id, pairs, &chosen_lines, &chosen_ids).await
}

/// Lower is stronger.
const fn strength(reason: Reason) -> u8 {
    match reason {
        Reason::Chosen => 0,
        Reason::Number => 1,
        // Whoever the list had before is known again, also when a relative has the same address by now.
        Reason::Before => 2,
        Reason::Email => 3,
        Reason::Phone => 4,
        _ => 5,
    }
}

/// The pairs that somebody said are one: rows by their place, and rows with people.
async fn chosen(
    tx: &mut Tx,
    id: i64,
    at: &HashMap<i64, usize>,
) -> Result<(Vec<(usize, usize)>, Vec<(usize, PersonId)>)> {
    let pairs: Vec<(i64, Option<i64>, Option<PersonId>)> = tx
        .all(
            sql!("select line, other_line, person_id from import_pairs where import_id = $1 and same order by id"),
            params![id],
        )
        .await?;
    let (mut rows, mut people) = (Vec::new(), Vec::new());
    for (line, other, person) in pairs {
        let Some(&i) = at.get(&line) else { continue };
        rows.extend(other.and_then(|o| at.get(&o)).map(|o| (i, *o)));
        people.extend(person.map(|p| (i, p)));
    }
    Ok((rows, people))
}

/// For each row, how many before it are about somebody who looks the same: 0 for the first.
fn times(candidates: &[Candidate]) -> Vec<usize> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    candidates
        .iter()
        .map(|c| {
            let n = seen.entry(c.identity()).or_default();
            *n += 1;
            *n - 1
        })
        .collect()
}

type Matches = Vec<(usize, PersonId, Reason)>;

/// Everybody in the base who shares a key with a row, judged: surely the same, and likely.
///
/// Written as cross joins: without statistics SQLite would go through the whole base for each key, but it keeps the
/// order of a cross join. To PostgreSQL the two are the same.
async fn against_base(
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

async fn write_pairs(
    tx: &mut Tx,
    id: i64,
    pairs: Vec<Pair>,
    chosen_lines: &HashSet<(i64, i64)>,
    chosen_people: &HashSet<(i64, i64)>,
) -> Result<()> {
    tx.run(sql!("delete from import_pairs where import_id = $1"), params![id]).await?;
    let sets = pairs
        .into_iter()
        .map(|p| {
            let same = p.other_line.is_some_and(|o| chosen_lines.contains(&(p.line, o)))
                || p.person.is_some_and(|person| chosen_people.contains(&(p.line, person.get())));
            params![id, p.line, p.other_line, p.person, p.reason, same]
        })
        .collect();
    tx.many(
        sql!(
            "insert into import_pairs (import_id, line, other_line, person_id, reason, same) values ($1, $2, $3, $4, $5, $6)"
        ),
        sets,
    )
    .await
    .map(drop)
}
