//! The inbox notices by itself that something changed: a server-sent event that says no more than "look again".

use std::{convert::Infallible, time::Duration};

use axum::{
    body::{Body, Bytes},
    response::Response,
};
use futures_util::stream;
use http::header;
use kring_core::{Error, Result};
use kring_frame::{House, Permit, Visit, params, sql};

use crate::WORK_REQUESTS;

/// What an event may follow at the earliest: a desk in a storm is redrawn four times a second at most.
const CALM: Duration = Duration::from_millis(250);

struct Listener {
    house: House,
    permit: Permit,
    bell: tokio::sync::watch::Receiver<u64>,
    stamp: Option<(i64, i64)>,
}

/// Stays open and says `change` whenever a request in this actor's units changed. It carries nothing, so it can tell
/// nobody what he may not see; the page it makes the browser fetch is scoped as ever.
pub async fn live(v: Visit, permit: Permit) -> Result<Response> {
    let listener = Listener { bell: v.house.doorbell.listen(), house: v.house.clone(), permit, stamp: None };
    let events = stream::unfold(listener, |mut l| async move {
        let chunk = l.next().await?;
        Some((Ok::<_, Infallible>(Bytes::from_static(chunk)), l))
    });
    Response::builder()
        .header(header::CONTENT_TYPE, "text/event-stream")
        .header("x-accel-buffering", "no")
        .body(Body::from_stream(events))
        .map_err(Error::broken)
}

impl Listener {
    /// The next piece of the stream: an event, or a comment that keeps the line open. `None` ends it.
    async fn next(&mut self) -> Option<&'static [u8]> {
        let mut quiet = 0;
        loop {
            if self.house.stopping().is_cancelled() {
                return None;
            }
            let before = self.stamp;
            self.stamp = self.look().await.ok();
            match before {
                None => return Some(b"retry: 2000\n\n"),
                Some(_) if before != self.stamp => return Some(b"event: change\ndata: look\n\n"),
                Some(_) => {}
            }
            tokio::select! {
                () = self.house.stopping().cancelled() => return None,
                _ = self.bell.changed() => tokio::time::sleep(CALM).await,
                // Another node may have written: a look every two seconds needs no bell.
                () = tokio::time::sleep(Duration::from_secs(2)) => quiet += 1,
            }
            if quiet >= 10 {
                return Some(b": still here\n\n");
            }
        }
    }

    /// A number that changes with every change of a request in reach, and one for who looks at them.
    async fn look(&self) -> Result<(i64, i64)> {
        let mut tx = self.house.db.read().await?;
        tx.one(
            sql!(
                "select coalesce(cast(sum(r.version) as bigint), 0) + 1000 * count(*),
                        (select count(*) from request_looking l where l.seen_at > $3)
                 from requests r where r.state in ('new', 'assigned', 'waiting')
                   and r.unit_id in (select unit_id from reach where actor_id = $1 and right_key = $2)"
            ),
            params![
                self.permit.actor(),
                WORK_REQUESTS.key,
                self.house.clock.now() - jiff::SignedDuration::from_secs(25)
            ],
        )
        .await
    }
}
