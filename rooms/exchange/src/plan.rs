//! Who each row is: the same as an earlier row of the list, a person of the base, or somebody new; and which pairs
//! deserve a look. Made before anything is written, shown, and made again when the import starts, since the base
//! goes on living meanwhile.

use std::collections::{HashMap, HashSet};

use kring_core::{Error, Result};
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_people::merge;

use crate::{
    base::against_base,
    list::Import,
    row::Candidate,
    twins::{self, Face, Reason},
    weigh::weigh,
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

/// A pair worth a look: with an earlier line, or with a person.
struct Pair {
    line: i64,
    other_line: Option<i64>,
    person: Option<PersonId>,
    reason: Reason,
}

/// What a comparison came to, not written yet.
pub struct Plan {
    /// Of rows for which it is not what stands: line, line of the first of the same, reason, person.
    rows: Vec<(i64, Option<i64>, Option<Reason>, Option<PersonId>)>,
    pairs: Vec<Pair>,
    chosen_lines: HashSet<(i64, i64)>,
    chosen_people: HashSet<(i64, i64)>,
    /// The newest event and mark of the trail when it began to look.
    as_of: (i64, i64),
}

/// Compares all rows with each other and with the base. Only looks: of a long list it takes most of a minute, in which nobody
/// should wait to write.
pub async fn compare(tx: &mut Tx, import: &Import) -> Result<Plan> {
    let as_of: (i64, i64) = tx
        .one(
            sql!("select (select coalesce(max(e.id), 0) from events e), (select coalesce(max(t.id), 0) from trail t)"),
            params![],
        )
        .await?;
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
    let changed = rows
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
            (!stands).then_some((row.line, twin, reason, person))
        })
        .collect();

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
    let chosen_people: HashSet<(i64, i64)> =
        chosen_people.iter().filter_map(|(i, p)| Some((*lines.get(*i)?, p.get()))).collect();
    Ok(Plan { rows: changed, pairs, chosen_lines, chosen_people, as_of })
}

/// Writes a comparison down.
pub async fn keep(tx: &mut Tx, import: &Import, plan: Plan) -> Result<()> {
    let sets = plan
        .rows
        .into_iter()
        .map(|(line, twin, reason, person)| params![import.id, line, twin, reason, person])
        .collect();
    tx.many(
        sql!(
            "update import_rows set twin_line = $3, reason = $4, person_id = $5
             where import_id = $1 and line = $2 and action is null"
        ),
        sets,
    )
    .await?;
    write_pairs(tx, import.id, plan.pairs, &plan.chosen_lines, &plan.chosen_people).await?;
    let (event, mark) = plan.as_of;
    tx.run(
        sql!("update imports set compared_event = $2, compared_mark = $3 where id = $1"),
        params![import.id, event, mark],
    )
    .await
    .map(drop)
}

/// Whether the comparison still stands: nothing happened in the house since, and nobody said of a pair that it is one.
/// Everything that changes who is known leaves an event or a mark in the trail; only those of imports being looked at and
/// started do not count.
pub async fn stands(tx: &mut Tx, import: &Import) -> Result<bool> {
    let (stands,): (bool,) = tx
        .one(
            sql!(
                "select i.compared_event is not null
                     and not exists (select 1 from import_pairs p where p.import_id = i.id and p.same)
                     and not exists (select 1 from events e where e.id > i.compared_event)
                     and not exists (select 1 from trail t where t.id > i.compared_mark
                          and not (t.kind = 'import' and t.detail in ('uploaded', 'mapping', 'started')))
                 from imports i where i.id = $1"
            ),
            params![import.id],
        )
        .await?;
    Ok(stands)
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
