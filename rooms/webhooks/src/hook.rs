//! A webhook: where it goes, what is told, with whose eyes, and whether it works.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use kring_core::{Error, Id, Result, Timestamp};
use kring_frame::{ActorId, Fut, Mark, Permit, Tx, actor_of, params, record, rules::Rule, sql};

use crate::{
    catalogue::{self, Offered},
    say,
    secret::Shared,
};

/// So long the secret before the new one still signs too, and the other side can change over.
pub const OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// After so long without one answer nothing is tried any more, and somebody is asked to look.
pub const GIVE_UP: SignedDuration = SignedDuration::from_hours(5 * 24);

kring_db::stored! {
    pub enum State {
        On = "on",
        Paused = "paused",
        /// The other side answered that it does not exist any more (410).
        Gone = "gone",
        /// Nothing arrived for five days.
        Failing = "failing",
        Removed = "removed",
    }
}

record! {
    #[derive(Clone, Debug)]
    pub struct Webhook {
        pub id: Id<Webhook>,
        pub name: String,
        pub url: String,
        kinds: String,
        pub key: ActorId,
        pub key_name: String,
        pub made_by: String,
        pub made_at: Timestamp,
        pub state: State,
        salt: String,
        old_salt: Option<String>,
        pub old_until: Option<Timestamp>,
        pub rest_until: i64,
        pub faults: i64,
        pub failing_since: Option<Timestamp>,
        pub last_ok_at: Option<Timestamp>,
    }
}

impl Webhook {
    pub fn kinds(&self) -> impl Iterator<Item = &'static Offered> + '_ {
        self.kinds.split(' ').filter_map(catalogue::find)
    }

    pub fn hears(&self, kind: &str) -> bool {
        self.kinds.split(' ').any(|known| known == kind)
    }

    /// The name of its cursor in the log.
    pub fn reader(&self) -> String {
        format!("webhook/{}", self.id)
    }

    /// The secrets that sign now, the newest first.
    pub fn secrets(&self, tx: &Tx) -> Result<Vec<Shared>> {
        let key = &tx.house().settings.trail_key;
        let old = self.old_salt.as_ref().filter(|_| self.old_until.is_some_and(|until| until > tx.now()));
        let salts = [Some(&self.salt), old];
        salts.into_iter().flatten().map(|salt| Shared::new(key, self.id.get(), salt)).collect()
    }
}

/// What somebody decided about a webhook.
#[derive(Clone, Debug)]
pub struct Draft {
    pub name: String,
    /// Read by the way out, and so allowed.
    pub url: String,
    pub kinds: Vec<&'static Offered>,
    pub key: ActorId,
    pub segments: Vec<i64>,
}

impl Draft {
    fn kinds(&self) -> String {
        let mut kinds: Vec<&str> = self.kinds.iter().map(|offered| offered.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds.join(" ")
    }

    /// Nobody can let another system hear what they, or the key, may not see themselves.
    async fn check(&self, tx: &mut Tx, permit: &Permit) -> Result<()> {
        if self.kinds.is_empty() {
            return Err(Error::field("kind", say::kinds_missing()));
        }
        if !keys(tx, permit).await?.iter().any(|(id, _)| *id == self.key) {
            return Err(Error::field("key", say::key_unknown()));
        }
        let key = actor_of(tx, self.key).await?;
        let house = tx.house().clone();
        for offered in &self.kinds {
            if !key.sees(offered.purpose.as_str(), None, &house.rooms.rights) {
                return Err(Error::field("kind", say::key_sees_not(offered.kind)));
            }
        }
        let of_segments = self.kinds.iter().any(|offered| offered.of_segment());
        if of_segments && self.segments.is_empty() {
            return Err(Error::field("segment", say::segments_missing()));
        }
        let Some(rooms) = house.rooms.segments.filter(|_| of_segments) else { return Ok(()) };
        let saved: BTreeMap<i64, Rule> = (rooms.saved)(tx).await?.into_iter().collect();
        for id in &self.segments {
            let asked =
                |actor| saved.get(id).is_some_and(|rule| house.rooms.facts.may_ask(actor, &saved, rule));
            if !asked(tx.actor()) {
                return Err(Error::field("segment", say::segment_unknown()));
            }
            if !asked(&key) {
                let name = (rooms.name)(tx, *id).await?.unwrap_or_default();
                return Err(Error::field("segment", say::segment_key_sees_not(&name)));
            }
        }
        Ok(())
    }
}

/// The keys that can listen: those of units that this permit manages, and not revoked. A key without rights any more sees
/// nothing, so its webhook would tell nothing.
pub async fn keys(tx: &mut Tx, permit: &Permit) -> Result<Vec<(ActorId, String)>> {
    tx.all(
        sql!(
            "select a.id, a.name from actors a
             where a.kind = 'key' and exists (select 1 from reach h where h.actor_id = a.id)
               and not exists (select 1 from reach h where h.actor_id = a.id and h.unit_id not in
                   (select m.unit_id from reach m where m.actor_id = $1 and m.right_key = $2))
             order by lower(a.name), a.id"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

/// Makes a webhook, which hears what happens from now on; with the secret that is shown once.
pub async fn make(tx: &mut Tx, permit: &Permit, draft: &Draft) -> Result<(Id<Webhook>, Shared)> {
    draft.check(tx, permit).await?;
    let (now, salt) = (tx.now(), salt(tx));
    let (id,): (Id<Webhook>,) = tx
        .one(
            sql!(
                "insert into webhooks (name, url, kinds, key_id, made_by, made_at, state, salt)
                 values ($1, $2, $3, $4, $5, $6, 'on', $7) returning id"
            ),
            params![&draft.name, &draft.url, draft.kinds(), draft.key, permit.actor(), now, &salt],
        )
        .await?;
    keep_segments(tx, id, draft).await?;
    let reader = format!("webhook/{id}");
    let end = tx.events_end().await?;
    tx.cursor(&reader).await?;
    tx.move_cursor(&reader, end).await?;
    mark(tx, permit, id, &format!("made,kinds={}", draft.kinds().replace(' ', "+"))).await?;
    let shared = Shared::new(&tx.house().settings.trail_key, id.get(), &salt)?;
    Ok((id, shared))
}

pub async fn change(tx: &mut Tx, permit: &Permit, id: Id<Webhook>, draft: &Draft) -> Result<()> {
    one(tx, permit, id).await?;
    draft.check(tx, permit).await?;
    tx.run(
        sql!("update webhooks set name = $2, url = $3, kinds = $4, key_id = $5 where id = $1"),
        params![id, &draft.name, &draft.url, draft.kinds(), draft.key],
    )
    .await?;
    keep_segments(tx, id, draft).await?;
    mark(tx, permit, id, &format!("changed,kinds={}", draft.kinds().replace(' ', "+"))).await
}

async fn keep_segments(tx: &mut Tx, id: Id<Webhook>, draft: &Draft) -> Result<()> {
    tx.run(sql!("delete from webhook_segments where webhook_id = $1"), params![id]).await?;
    if draft.kinds.iter().any(|offered| offered.of_segment()) {
        let sets = draft.segments.iter().map(|segment| params![id, *segment]).collect();
        tx.many(
            sql!(
                "insert into webhook_segments (webhook_id, segment_id) values ($1, $2)
                 on conflict (webhook_id, segment_id) do nothing"
            ),
            sets,
        )
        .await?;
    }
    Ok(())
}

/// Pauses: what happens meanwhile waits in the log. Or begins again where it stopped.
pub async fn set_state(tx: &mut Tx, permit: &Permit, id: Id<Webhook>, state: State) -> Result<()> {
    one(tx, permit, id).await?;
    tx.run(
        sql!(
            "update webhooks set state = $2, faults = 0, failing_since = null, rest_until = 0 where id = $1"
        ),
        params![id, state],
    )
    .await?;
    mark(tx, permit, id, state.as_str()).await?;
    // Whoever waits for work looks again.
    tx.house().doorbell.ring();
    Ok(())
}

/// Takes a webhook away with all that it told. What it was stays in the trail.
pub async fn remove(tx: &mut Tx, permit: &Permit, id: Id<Webhook>) -> Result<()> {
    one(tx, permit, id).await?;
    tx.run(
        sql!(
            "delete from webhook_attempts where message_id in (select m.id from webhook_messages m where m.webhook_id = $1)"
        ),
        params![id],
    )
    .await?;
    tx.run(sql!("delete from webhook_messages where webhook_id = $1"), params![id]).await?;
    tx.run(sql!("delete from webhook_segments where webhook_id = $1"), params![id]).await?;
    tx.run(
        sql!("update webhooks set state = 'removed', url = '', salt = '', old_salt = null where id = $1"),
        params![id],
    )
    .await?;
    mark(tx, permit, id, "removed").await
}

/// Makes another secret; the one before signs beside it for a day.
pub async fn rotate(tx: &mut Tx, permit: &Permit, id: Id<Webhook>) -> Result<Shared> {
    one(tx, permit, id).await?;
    let (salt, until) = (salt(tx), tx.now() + OVERLAP);
    tx.run(
        sql!("update webhooks set old_salt = salt, old_until = $3, salt = $2 where id = $1"),
        params![id, &salt, until],
    )
    .await?;
    mark(tx, permit, id, "secret").await?;
    Shared::new(&tx.house().settings.trail_key, id.get(), &salt)
}

fn salt(tx: &Tx) -> String {
    URL_SAFE_NO_PAD.encode(tx.house().chance.bytes::<16>())
}

async fn mark(tx: &mut Tx, permit: &Permit, id: Id<Webhook>, what: &str) -> Result<()> {
    tx.trail(Mark::changed(permit, "webhook").subject(id.get()).detail(what)).await
}

/// Those whose key this permit manages, by name.
pub async fn all(tx: &mut Tx, permit: &Permit) -> Result<Vec<Webhook>> {
    tx.all(
        sql!(
            "select w.id, w.name, w.url, w.kinds, w.key_id, k.name, m.name, w.made_at, w.state, w.salt, w.old_salt, w.old_until,
                    w.rest_until, w.faults, w.failing_since, w.last_ok_at
             from webhooks w join actors k on k.id = w.key_id join actors m on m.id = w.made_by
             where w.state <> 'removed' and not exists (select 1 from reach h where h.actor_id = w.key_id and h.unit_id not in
                   (select r.unit_id from reach r where r.actor_id = $1 and r.right_key = $2))
             order by lower(w.name), w.id"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

pub async fn one(tx: &mut Tx, permit: &Permit, id: Id<Webhook>) -> Result<Webhook> {
    all(tx, permit).await?.into_iter().find(|webhook| webhook.id == id).ok_or(Error::NotFound)
}

/// Those that are told something now, for the house itself.
pub async fn on(tx: &mut Tx) -> Result<Vec<Webhook>> {
    tx.all(
        sql!(
            "select w.id, w.name, w.url, w.kinds, w.key_id, k.name, m.name, w.made_at, w.state, w.salt, w.old_salt, w.old_until,
                    w.rest_until, w.faults, w.failing_since, w.last_ok_at
             from webhooks w join actors k on k.id = w.key_id join actors m on m.id = w.made_by
             where w.state = 'on' order by w.id"
        ),
        params![],
    )
    .await
}

/// Of which segments it hears.
pub async fn segments_of(tx: &mut Tx, id: Id<Webhook>) -> Result<Vec<i64>> {
    let rows: Vec<(i64,)> = tx
        .all(
            sql!("select segment_id from webhook_segments where webhook_id = $1 order by segment_id"),
            params![id],
        )
        .await?;
    Ok(rows.into_iter().map(|(segment,)| segment).collect())
}

/// Of which segments somebody outside wants to hear who joins and leaves. Paused ones too: they hear it later.
pub fn segments_wanted(tx: &mut Tx) -> Fut<'_, Vec<i64>> {
    Box::pin(async move {
        let rows: Vec<(i64,)> =
            tx.all(sql!("select distinct segment_id from webhook_segments"), params![]).await?;
        Ok(rows.into_iter().map(|(segment,)| segment).collect())
    })
}
