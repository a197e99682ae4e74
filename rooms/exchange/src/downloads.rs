use axum::{body::Body, response::Response};
use http::header;
use kring_core::{Error, Result};
use kring_frame::{Deed, Mark, Permit, Visit};
use kring_people::{filter_of, roles};

use crate::{
    Words,
    export::{self, Sheet},
    list, preview,
};

pub async fn refused_csv(v: Visit, permit: Permit) -> Result<Response> {
    download(refused(&v, &permit).await?, false)
}

pub async fn refused_xlsx(v: Visit, permit: Permit) -> Result<Response> {
    download(refused(&v, &permit).await?, true)
}

/// Rows that belong to nobody yet; taking them out is traced all the same.
async fn refused(v: &Visit, permit: &Permit) -> Result<Sheet> {
    let w = Words(v.lang);
    let mut tx = v.house.write(&v.actor).await?;
    let import = list::one(&mut tx, v.path("id")?).await?;
    let origin = export::origin(&tx, w, w.refused_rows());
    let sheet = preview::refused_sheet(&mut tx, &import, w, origin).await?;
    let mark = Mark::of(Deed::Exported, permit.purpose(), "import").subject(import.id);
    tx.trail(mark.detail(format!("refused={}", sheet.rows.len()))).await?;
    tx.commit().await?;
    Ok(sheet)
}

pub async fn people_csv(v: Visit, permit: Permit) -> Result<Response> {
    download(people(&v, &permit).await?, false)
}

pub async fn people_xlsx(v: Visit, permit: Permit) -> Result<Response> {
    download(people(&v, &permit).await?, true)
}

async fn people(v: &Visit, permit: &Permit) -> Result<Sheet> {
    let query = v.query()?;
    let mut tx = v.house.write(&v.actor).await?;
    let kinds = roles::kinds(&mut tx).await?;
    let filter = filter_of(&query, &kinds, v.actor.id);
    let sheet = export::people(&mut tx, permit, Words(v.lang), &filter).await?;
    tx.commit().await?;
    Ok(sheet)
}

/// A file to keep, never to show: its name is ours, its kind is said and not guessed.
fn download(sheet: Sheet, workbook: bool) -> Result<Response> {
    let (bytes, kind, end) = if workbook {
        (sheet.xlsx()?, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
    } else {
        (sheet.csv()?, "text/csv; charset=utf-8", "csv")
    };
    let name = list::key(&sheet.name);
    Response::builder()
        .header(header::CONTENT_TYPE, kind)
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.{end}\""))
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(Body::from(bytes))
        .map_err(Error::broken)
}
