//! How public pages of a unit look: one colour, mended until it can be read, and a sign.

use axum::{body::Body, response::Response};
use http::{Method, header};
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{Mark, Permit, Route, Tx, UnitId, Visit, params, record, sql};
use kring_people::units::{self, Unit};
use kring_web::{Brand, Face};

use crate::{picture::Picture, say};

const WHY: &str = "public pages are drawn with it";

pub fn routes() -> Vec<Route> {
    vec![
        Route::open(Method::GET, "/look/{id}", WHY, style),
        Route::open(Method::GET, "/look/{id}/sample", WHY, sample),
    ]
}

record! {
    #[derive(Clone, Debug)]
    pub struct Look {
        pub id: Id<Look>,
        pub unit: UnitId,
        pub colour: String,
        pub picture: Option<Id<Picture>>,
        /// Of the picture, by which it is found.
        pub hash: Option<String>,
        pub by: String,
        pub at: Timestamp,
    }
}

/// What holds for a unit: its own, or that of the nearest unit above it.
pub async fn of(tx: &mut Tx, unit: UnitId) -> Result<Option<Look>> {
    let all = units::all(tx).await?;
    let mut at = Some(unit);
    // The tree is as deep as it has units at most.
    for _ in 0..=all.len() {
        let Some(here) = at else { break };
        if let Some(look) = own(tx, here).await? {
            return Ok(Some(look));
        }
        at = above(&all, here);
    }
    Ok(None)
}

fn above(all: &[Unit], unit: UnitId) -> Option<UnitId> {
    all.iter().find(|known| known.id == unit).and_then(|known| known.parent)
}

/// The unit's own, the newest.
pub async fn own(tx: &mut Tx, unit: UnitId) -> Result<Option<Look>> {
    tx.maybe(
        sql!(
            "select b.id, b.unit_id, b.colour, b.picture_id, i.hash, a.name, b.at
             from form_brands b join actors a on a.id = b.actor_id left join form_pictures i on i.id = b.picture_id
             where b.unit_id = $1 order by b.id desc limit 1"
        ),
        params![unit],
    )
    .await
}

/// Sets it. What was there stays a row, so that it can be said who changed it.
pub async fn set(
    tx: &mut Tx,
    permit: &Permit,
    unit: UnitId,
    colour: &str,
    picture: Option<Id<Picture>>,
) -> Result<()> {
    if !tx.actor().units_of(permit).contains(&unit) {
        return Err(Error::NotFound);
    }
    if Brand::of(colour).is_none() {
        return Err(Error::field("colour", say::colour_unreadable()));
    }
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into form_brands (unit_id, colour, picture_id, actor_id, at) values ($1, $2, $3, $4, $5)"
        ),
        params![unit, colour.trim(), picture, actor, now],
    )
    .await?;
    tx.trail(Mark::changed(permit, "look").subject(unit.get()).detail("colour")).await
}

/// Puts a page in the dress of a unit.
pub async fn dress(tx: &mut Tx, face: &mut Face, unit: UnitId) -> Result<()> {
    if let Some(look) = of(tx, unit).await? {
        face.styles = vec![format!("/look/{}", look.id)];
        face.logo = look.hash.map(|hash| format!("/media/{hash}"));
    }
    Ok(())
}

/// The style sheet of one look. A look never changes, so a browser may keep it for a year.
async fn style(v: Visit) -> Result<Response> {
    sheet(&v, ":root").await
}

/// The same for one element alone, among pages in the colours of the house.
async fn sample(v: Visit) -> Result<Response> {
    sheet(&v, ".look-sample").await
}

async fn sheet(v: &Visit, of: &str) -> Result<Response> {
    let id: Id<Look> = v.path("id")?;
    let mut tx = v.house.read(&v.actor).await?;
    let (colour,): (String,) =
        tx.one(sql!("select colour from form_brands where id = $1"), params![id]).await?;
    let css = Brand::of(&colour).map(|brand| brand.css(of)).unwrap_or_default();
    Response::builder()
        .header(header::CONTENT_TYPE, "text/css; charset=utf-8")
        .header(header::CACHE_CONTROL, "public, max-age=31536000, immutable")
        .body(Body::from(css))
        .map_err(Error::broken)
}
