//! Writes of the API that are sent twice have their effect once: a key in the header names the write, and the first
//! answer is kept in the transaction of the effect itself.

use axum::{body::Body, response::Response};
use http::{StatusCode, header};
use kring_core::{Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{Tx, Visit, params, say, sql};

/// Whether this write is new.
pub enum Once {
    /// Done before: this was the answer.
    Answered(Response),
    /// New: do it in this transaction, and answer through the slot, which commits.
    Fresh(Box<Tx>, Slot),
}

/// Where the answer of a fresh write goes.
pub struct Slot {
    key: Option<String>,
}

impl Visit {
    /// Begins a write that may be a repetition. The key is the caller's (`Idempotency-Key`), and counts per
    /// actor; the same key with another body is refused.
    pub async fn once(&self) -> Result<Once> {
        let given = self.headers.get("idempotency-key").map(|v| v.to_str().unwrap_or_default().to_owned());
        let mut tx = self.house.write_short(&self.actor).await?;
        let Some(key) = given else { return Ok(Once::Fresh(Box::new(tx), Slot { key: None })) };
        if key.is_empty() || key.len() > 200 {
            return Err(Error::field("Idempotency-Key", say::key_unreadable()));
        }
        let mut hash = Sha256::new();
        hash.update(self.method.as_str());
        hash.update(self.uri.path());
        hash.update(&self.body);
        let hash = hash.finalize().to_vec();
        let (actor, now) = (self.actor.id, tx.now());
        // A second write with the same key waits here until the first has committed or gone.
        let fresh = tx
            .run(
                sql!(
                    "insert into api_answers (actor_id, idem_key, request_hash, at) values ($1, $2, $3, $4)
                     on conflict (actor_id, idem_key) do nothing"
                ),
                params![actor, &key, hash.as_slice(), now],
            )
            .await?;
        if fresh == 1 {
            return Ok(Once::Fresh(Box::new(tx), Slot { key: Some(key) }));
        }
        let (known, status, body): (Vec<u8>, Option<i64>, Option<String>) = tx
            .one(
                sql!(
                    "select request_hash, status, body from api_answers where actor_id = $1 and idem_key = $2"
                ),
                params![actor, key],
            )
            .await?;
        if known != hash {
            return Err(Error::field("Idempotency-Key", say::key_reused()));
        }
        let status = status.and_then(|s| StatusCode::from_u16(u16::try_from(s).ok()?).ok());
        match (status, body) {
            (Some(status), Some(body)) => json(status, body).map(Once::Answered),
            _ => Err(Error::TooMany(jiff::SignedDuration::from_secs(1))),
        }
    }
}

impl Slot {
    /// Keeps the answer, commits, and gives it.
    pub async fn answer(
        self,
        mut tx: Box<Tx>,
        status: StatusCode,
        value: &impl Serialize,
    ) -> Result<Response> {
        let body = serde_json::to_string(value).map_err(Error::broken)?;
        if let Some(key) = self.key {
            let actor = tx.actor().id;
            tx.run(
                sql!("update api_answers set status = $3, body = $4 where actor_id = $1 and idem_key = $2"),
                params![actor, key, i64::from(status.as_u16()), &body],
            )
            .await?;
        }
        tx.commit().await?;
        json(status, body)
    }
}

fn json(status: StatusCode, body: String) -> Result<Response> {
    Response::builder()
        .status(status)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body))
        .map_err(Error::broken)
}
