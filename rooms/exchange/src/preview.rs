//! What an import's page shows: how the columns are understood, what will happen or has happened, and which rows
//! deserve a look.

use jiff::civil::Date;
use kring_core::Result;
use kring_db::record;
use kring_frame::{PersonId, Tx, params, sql};
use kring_lang::dates;
use kring_web::Choice;

use crate::{
    Words,
    list::Import,
    mapping::{Field, Mapping},
    row::{Candidate, Remark},
};

/// How many rows, pairs and faults a page shows; the files have all of them.
const SAMPLE: u32 = 8;
pub const MOST_PAIRS: u32 = 100;
const MOST_SHOWN: u32 = 25;

/// One column: its name, some values, its meaning.
pub struct Column {
    pub name: String,
    pub header: String,
    pub values: String,
    pub field: Field,
    pub locked: bool,
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
    struct RowOf {
        line: i64,
        candidate: Option<String>,
        remarks: String,
        raw: String,
    }
}

pub fn fields(w: Words) -> Vec<Choice> {
    let offered = Field::ALL.iter().filter(|f| **f != Field::Secret);
    offered.map(|f| Choice::new(f, field_name(w, *f))).collect()
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
                header: if header.is_empty() { w.column_unnamed(at + 1) } else { header },
                values: values.join(" · "),
                field,
                locked: field == Field::Secret,
                choices: fields(w),
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
    Ok(rows.into_iter().map(|r| seen(r, w)).collect())
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
    Ok(rows.into_iter().map(|r| seen(r, w)).collect())
}

fn seen(row: RowOf, w: Words) -> Seen {
    let c: Candidate =
        row.candidate.as_deref().and_then(|t| serde_json::from_str(t).ok()).unwrap_or_default();
    let remarks: Vec<Remark> = serde_json::from_str(&row.remarks).unwrap_or_default();
    let mut name = c.name().display();
    if name.is_empty() {
        let cells: Vec<String> = serde_json::from_str(&row.raw).unwrap_or_default();
        name = cells.into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
    }
    Seen {
        line: row.line,
        name,
        birth: birth(&c, w),
        reach: c.emails.iter().chain(&c.phones).cloned().collect(),
        address: [c.postcode.as_str(), &c.house_number, &c.city]
            .iter()
            .filter(|p| !p.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join(" "),
        interest: c.interests.join(", "),
        remarks: remarks.iter().map(|r| r.say(w.0)).collect(),
    }
}

fn birth(c: &Candidate, w: Words) -> String {
    match (c.birth_date, c.birth_year) {
        (Some(day), _) => dates::short_date(day, w.0),
        (None, Some(year)) => year.to_string(),
        (None, None) => String::new(),
    }
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

/// How many rows have which remark.
pub async fn remarks(tx: &mut Tx, import: &Import, w: Words) -> Result<Vec<(&'static str, i64)>> {
    record! {
        struct Counts {
            date: i64,
            year: i64,
            repaired: i64,
            mail: i64,
            phone: i64,
            postcode: i64,
            newsletter: i64,
            name: i64,
        }
    }
    let c: Counts = tx
        .one(
            sql!(
                "select count(*) filter (where remarks like '%\"date_impossible\"%'),
                        count(*) filter (where remarks like '%\"date_year_only\"%'),
                        count(*) filter (where remarks like '%\"mail_repaired\"%'),
                        count(*) filter (where remarks like '%\"mail_invalid\"%'),
                        count(*) filter (where remarks like '%\"phone_invalid\"%'),
                        count(*) filter (where remarks like '%\"postcode_invalid\"%'),
                        count(*) filter (where remarks like '%\"newsletter_unclear\"%'),
                        count(*) filter (where remarks like '%\"name_differs\"%')
                 from import_rows where import_id = $1 and status = 'warned'"
            ),
            params![import.id],
        )
        .await?;
    let all = [
        (w.many_date_impossible(), c.date),
        (w.many_date_year_only(), c.year),
        (w.many_mail_repaired(), c.repaired),
        (w.many_mail_invalid(), c.mail),
        (w.many_phone_invalid(), c.phone),
        (w.many_postcode_invalid(), c.postcode),
        (w.many_newsletter_unclear(), c.newsletter),
        (w.many_name_differs(), c.name),
    ];
    Ok(all.into_iter().filter(|(_, n)| *n > 0).collect())
}

/// People whom an undone import added and who stayed, since something else happened with them.
pub async fn kept(tx: &mut Tx, import: &Import) -> Result<Vec<(PersonId, String)>> {
    tx.all(
        sql!(
            "select distinct p.id, p.display_name from import_rows r join people p on p.id = r.person_id
             where r.import_id = $1 and r.undone = 'kept' order by p.display_name, p.id limit 200"
        ),
        params![import.id],
    )
    .await
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
