//! Of a list of people: who is surely the same as whom, and which pairs deserve a look.

use jiff::civil::Date;
use kring_core::Result;
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::dates;

use super::{MOST_SHOWN, birth};
use crate::{Words, list::Import, row::Candidate};

/// Pairs on a page; the file has all of them.
const MOST_PAIRS: u32 = 100;

/// A row that is somebody, and why.
pub struct Same {
    pub line: i64,
    pub name: String,
    pub reason: &'static str,
    pub twin_line: Option<i64>,
    pub person: Option<PersonId>,
    pub person_name: String,
}

/// A pair worth a look.
pub struct Pair {
    pub id: i64,
    pub line: i64,
    pub one: String,
    pub other_line: Option<i64>,
    pub person: Option<PersonId>,
    pub other: String,
    pub reason: &'static str,
    pub same: bool,
}

record! {
    struct SameOf {
        line: i64,
        candidate: Option<String>,
        reason: Option<String>,
        twin_line: Option<i64>,
        person: Option<PersonId>,
        person_name: Option<String>,
    }
}

/// Rows that are an earlier row, or somebody in the base; the first of them.
pub async fn same(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Same>> {
    let rows: Vec<SameOf> = tx
        .all(
            sql!(
                "select r.line, r.candidate, r.reason, r.twin_line, p.id, p.display_name
                 from import_rows r left join people p on p.id = r.person_id
                 where r.import_id = $1 and r.status <> 'refused' and (r.twin_line is not null or r.person_id is not null)
                 order by r.line limit $2"
            ),
            params![import.id, MOST_SHOWN],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let c: Candidate =
                r.candidate.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
            Same {
                line: r.line,
                name: c.name().display(),
                reason: reason(w, r.reason.as_deref().unwrap_or_default()),
                twin_line: r.twin_line,
                person: r.person,
                person_name: r.person_name.unwrap_or_default(),
            }
        })
        .collect())
}

pub fn reason(w: Words, code: &str) -> &'static str {
    w.find(&format!("reason-{}", code.replace('_', "-"))).unwrap_or_default()
}

record! {
    struct PairOf {
        id: i64,
        line: i64,
        candidate: Option<String>,
        other_line: Option<i64>,
        other_candidate: Option<String>,
        person: Option<PersonId>,
        person_name: Option<String>,
        person_birth: Option<Date>,
        reason: String,
        same: bool,
    }
}

/// Pairs worth a look; the first of them. A birthday and a surname are the weakest sign, so these come last.
pub async fn pairs(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Pair>> {
    let rows: Vec<PairOf> = tx
        .all(
            sql!(
                "select x.id, x.line, r.candidate, x.other_line, o.candidate, p.id, p.display_name, p.birth_date, x.reason, x.same
                 from import_pairs x join import_rows r on r.import_id = x.import_id and r.line = x.line
                 left join import_rows o on o.import_id = x.import_id and o.line = x.other_line
                 left join people p on p.id = x.person_id
                 where x.import_id = $1 order by case when x.reason = 'birthday' then 1 else 0 end, x.line, x.id limit $2"
            ),
            params![import.id, MOST_PAIRS],
        )
        .await?;
    let told = |text: Option<String>| {
        let c: Candidate = text.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
        with(c.name().display(), birth(&c, w), c.emails.first().cloned().unwrap_or_default())
    };
    Ok(rows
        .into_iter()
        .map(|r| Pair {
            id: r.id,
            line: r.line,
            one: told(r.candidate),
            other_line: r.other_line,
            person: r.person,
            other: match r.person_name {
                Some(name) => with(
                    name,
                    r.person_birth.map(|d| dates::short_date(d, w.0)).unwrap_or_default(),
                    String::new(),
                ),
                None => told(r.other_candidate),
            },
            reason: reason(w, &r.reason),
            same: r.same,
        })
        .collect())
}

fn with(name: String, birth: String, mail: String) -> String {
    [name, birth, mail].into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join(" · ")
}
