use std::{convert::Infallible, time::Duration};

use axum::{body::Body, response::Response};
use bytes::Bytes;
use futures_util::stream;
use http::header;
use kring_core::{Error, Result};
use kring_frame::{Permit, Visit};

use crate::list::{self, Import};

/// Where an import stands, for the page to compare.
pub fn mark(i: &Import) -> String {
    format!("{}-{}", i.state, i.at_line)
}

/// Says when an import has moved on; the page then looks for itself.
pub async fn live(v: Visit, _permit: Permit) -> Result<Response> {
    let id: i64 = v.path("id")?;
    let shown = v.query()?.get("at").to_owned();
    list::one(&mut v.house.read(&v.actor).await?, id).await?;
    let bell = v.house.doorbell.listen();
    // Five minutes at most: then the browser asks again, and is asked for its right again.
    let watch = stream::unfold((v, bell, shown, 300_u32), move |(v, mut bell, shown, left)| async move {
        for left in (1..left).rev() {
            if v.house.stopping().is_cancelled() {
                return None;
            }
            let mut tx = v.house.read(&v.actor).await.ok()?;
            let import = list::one(&mut tx, id).await.ok()?;
            drop(tx);
            let now = mark(&import);
            if now != shown {
                let event = Bytes::from_static(b"event: change\ndata: import\n\n");
                return Some((Ok::<Bytes, Infallible>(event), (v, bell, now, left)));
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                rung = bell.changed() => {
                    rung.ok()?;
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
        }
        None
    });
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream")
        .header(header::CACHE_CONTROL, "no-store")
        .body(Body::from_stream(watch))
        .map_err(Error::broken)
}
