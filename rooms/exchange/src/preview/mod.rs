//! What an import's page shows: how the columns are understood, what will happen or has happened, and which rows
//! deserve a look.

mod people;

use std::collections::BTreeMap;

use kring_core::Result;
use kring_db::record;
use kring_frame::{OrganisationId, PersonId, Tx, params, sql};
use kring_lang::dates;
use kring_web::Choice;
pub use people::{Pair, Same, pairs, same};

use crate::{
    Words, kept,
    kind::Kind,
    list::Import,
    mapping::{Field, Mapping},
    row::{Candidate, Remark, many},
    single,
};

/// How many rows, pairs and faults a page shows; the files have all of them.
const SAMPLE: u32 = 8;
const MOST_SHOWN: u32 = 25;

/// One column: its name, some values, its meaning.
pub struct Column {
    pub name: String,
    pub header: String,
    pub values: String,
    pub field: Field,
    pub locked: bool,
    /// Not in the list when it came before.
    pub fresh: bool,
    pub choices: Vec<Choice>,
}

/// A row as it was understood.
pub struct Seen {
    pub line: i64,
    pub name: String,
    pub birth: String,
    pub reach: Vec<String>,
    pub address: String,
    pub interest: String,
    pub remarks: Vec<String>,
}

record! {
    struct RowOf {
        line: i64,
        candidate: Option<String>,
        remarks: String,
        raw: String,
    }
}

pub fn fields(kind: Kind, w: Words) -> Vec<Choice> {
    kind.fields().iter().map(|f| Choice::new(f, field_name(w, *f))).collect()
}

pub fn field_name(w: Words, field: Field) -> &'static str {
    w.find(&format!("field-{}", field.as_str().replace('_', "-"))).unwrap_or_default()
}

pub async fn columns(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Column>> {
    let raw: Vec<(String,)> = tx
        .all(
            sql!("select raw from import_rows where import_id = $1 order by line limit 20"),
            params![import.id],
        )
        .await?;
    let rows: Vec<Vec<String>> =
        raw.into_iter().map(|(r,)| serde_json::from_str(&r).unwrap_or_default()).collect();
    let mapping: Mapping = import.mapping();
    let kept = match import.mapping_at {
        Some(_) => kept::of(tx, &import.list, import.kind).await?,
        None => None,
    };
    let columns = import.columns().into_iter().enumerate();
    Ok(columns
        .map(|(at, header)| {
            let mut values: Vec<String> = Vec::new();
            for value in rows.iter().filter_map(|r| r.get(at)).filter(|v| !v.is_empty()) {
                let short: String = value.chars().take(30).map(|c| if c == '\n' { ' ' } else { c }).collect();
                if values.len() < 3 && !values.contains(&short) {
                    values.push(short);
                }
            }
            let field = mapping.get(at);
            Column {
                name: format!("column-{at}"),
                locked: field == Field::Secret,
                choices: fields(import.kind, w),
                fresh: kept.as_ref().is_some_and(|k| !k.knows(&header)),
                header: if header.is_empty() { w.column_unnamed(at + 1) } else { header },
                values: values.join(" · "),
                field,
            }
        })
        .collect())
}

/// The first rows as they were understood.
pub async fn sample(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Seen>> {
    let rows: Vec<RowOf> = tx
        .all(
            sql!(
                "select line, candidate, remarks, raw from import_rows
                 where import_id = $1 and candidate is not null order by line limit $2"
            ),
            params![import.id, SAMPLE],
        )
        .await?;
    Ok(rows.into_iter().map(|r| seen(import.kind, r, w)).collect())
}

/// Rows that are refused, from the top.
pub async fn refused(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Seen>> {
    let rows: Vec<RowOf> = tx
        .all(
            sql!(
                "select line, candidate, remarks, raw from import_rows
                 where import_id = $1 and status = 'refused' order by line limit $2"
            ),
            params![import.id, MOST_SHOWN],
        )
        .await?;
    Ok(rows.into_iter().map(|r| seen(import.kind, r, w)).collect())
}

fn seen(kind: Kind, row: RowOf, w: Words) -> Seen {
    let people = row.candidate.as_deref().filter(|_| kind == Kind::People);
    let c: Candidate = people.and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let remarks: Vec<Remark> = serde_json::from_str(&row.remarks).unwrap_or_default();
    let mut name = match row.candidate.as_deref() {
        Some(text) if kind.is_single() => single::shown(kind, text, w.0).0,
        _ => c.name().display(),
    };
    if name.is_empty() {
        let cells: Vec<String> = serde_json::from_str(&row.raw).unwrap_or_default();
        name = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
    }
    Seen {
        line: row.line,
        name,
        birth: birth(&c, w),
        reach: c.emails.iter().chain(&c.phones).cloned().collect(),
        address: [c.street.as_str(), &c.house_number, &c.postcode, &c.city]
            .iter()
            .filter(|p| !p.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
        interest: c.interests.join(", "),
        remarks: remarks.iter().map(|r| r.say(w.0)).collect(),
    }
}

pub(super) fn birth(c: &Candidate, w: Words) -> String {
    match (c.birth_date, c.birth_year) {
        (Some(day), _) => dates::short_date(day, w.0),
        (None, Some(year)) => year.to_string(),
        (None, None) => String::new(),
    }
}

/// A remark with how many rows have it.
pub struct Reason {
    pub code: String,
    pub rows: i64,
    /// Among refused rows, or among those that were taken.
    pub refused: bool,
}

/// How many rows have which remark, most first.
pub async fn reasons(tx: &mut Tx, import: i64) -> Result<Vec<Reason>> {
    let grouped: Vec<(String, bool, i64)> = tx
        .all(
            sql!(
                "select codes, status = 'refused', count(*) from import_rows
                 where import_id = $1 and codes is not null and codes <> '' group by codes, status = 'refused'"
            ),
            params![import],
        )
        .await?;
    let mut counts: BTreeMap<(String, bool), i64> = BTreeMap::new();
    for (codes, refused, n) in grouped {
        for code in codes.split(',') {
            *counts.entry((code.to_owned(), refused)).or_default() += n;
        }
    }
    let mut all: Vec<Reason> =
        counts.into_iter().map(|((code, refused), rows)| Reason { code, rows, refused }).collect();
    all.sort_by_key(|r| std::cmp::Reverse(r.rows));
    Ok(all)
}

/// Those of them that refuse, or those that do not, in words.
pub fn in_words(reasons: &[Reason], refused: bool, w: Words) -> Vec<(&'static str, i64)> {
    reasons
        .iter()
        .filter(|r| r.refused == refused)
        .filter_map(|r| Some((many(w, &r.code)?, r.rows)))
        .collect()
}

/// A row of a list whose rows stand on their own, with what will come of it.
pub struct Example {
    pub line: i64,
    pub name: String,
    pub what: String,
    pub expects: String,
    pub tone: &'static str,
    pub remarks: Vec<String>,
}

/// Some rows of each outcome.
pub async fn examples(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<Example>> {
    let rows: Vec<(i64, String, String, String, Option<String>, Option<String>)> = tx
        .all(
            sql!(
                "select x.line, x.candidate, x.remarks, x.expects, p.display_name, o.name from (
                     select r.line, r.candidate, r.remarks, coalesce(r.expects, 'added') as expects, r.person_id, r.organisation_id,
                            row_number() over (partition by r.expects order by r.line) as n
                     from import_rows r where r.import_id = $1 and r.status <> 'refused' and r.candidate is not null
                 ) x left join people p on p.id = x.person_id left join organisations o on o.id = x.organisation_id
                 where x.n <= $2 order by x.expects, x.line"
            ),
            params![import.id, SAMPLE],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(line, text, remarks, expects, person, organisation)| {
            let (said, what) = single::shown(import.kind, &text, w.0);
            let known = person.or(organisation).filter(|known| *known != said);
            let remarks: Vec<Remark> = serde_json::from_str(&remarks).unwrap_or_default();
            Example {
                line,
                name: known.map_or(said.clone(), |known| format!("{known} · {said}")),
                what,
                tone: match expects.as_str() {
                    "added" => "leaf",
                    "changed" => "sky",
                    _ => "past",
                },
                expects: w.find(&format!("expects-{expects}")).unwrap_or_default().to_owned(),
                remarks: remarks.iter().map(|r| r.say(w.0)).collect(),
            }
        })
        .collect())
}

/// What an undone import brought and what stayed, since something else happened with it: where it is, and its name.
pub async fn kept(tx: &mut Tx, import: &Import) -> Result<Vec<(String, String)>> {
    let rows: Vec<(Option<PersonId>, Option<OrganisationId>, String)> = tx
        .all(
            sql!(
                "select distinct p.id, o.id, coalesce(p.display_name, o.name) from import_rows r
                 left join people p on p.id = r.person_id left join organisations o on o.id = r.organisation_id
                 where r.import_id = $1 and r.undone = 'kept' and coalesce(p.display_name, o.name) is not null
                 order by coalesce(p.display_name, o.name), p.id, o.id limit 200"
            ),
            params![import.id],
        )
        .await?;
    Ok(rows
        .into_iter()
        .map(|(person, organisation, name)| {
            let href = match (person, organisation) {
                (Some(id), _) => format!("/people/{id}"),
                (None, Some(id)) => format!("/organisations/{id}"),
                (None, None) => String::new(),
            };
            (href, name)
        })
        .collect())
}

/// The refused rows as they came, each with its reasons, to be mended and brought in again.
pub async fn refused_sheet(
    tx: &mut Tx,
    import: &Import,
    w: Words,
    origin: String,
) -> Result<crate::export::Sheet> {
    let rows: Vec<(i64, String, String)> = tx
        .all(
            sql!("select line, raw, remarks from import_rows where import_id = $1 and status = 'refused' order by line"),
            params![import.id],
        )
        .await?;
    let mut columns = import.columns();
    let width = columns.len();
    columns.extend([w.col_line().to_owned(), w.col_reason().to_owned()]);
    let rows = rows
        .into_iter()
        .map(|(line, raw, remarks)| {
            let mut cells: Vec<String> = serde_json::from_str(&raw).unwrap_or_default();
            cells.resize(width, String::new());
            let remarks: Vec<Remark> = serde_json::from_str(&remarks).unwrap_or_default();
            let said: Vec<String> = remarks.iter().map(|r| r.say(w.0)).collect();
            cells.extend([line.to_string(), said.join(" ")]);
            cells
        })
        .map(|row: Vec<String>| row.into_iter().map(crate::export::Cell::from).collect())
        .collect();
    Ok(crate::export::Sheet { name: w.refused_rows().to_owned(), columns, rows, origin })
}
