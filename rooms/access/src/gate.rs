use std::collections::HashMap;

use jiff::SignedDuration;
use kring_core::{Lang, Result, Timestamp, Token};
use kring_db::Tx;
use kring_frame::{Actor, ActorId, ActorKind, Fut, Gate, House, SignedIn, UnitId, params, record, sql};

use crate::session::IDLE;

/// How stale "last seen" may be: a write for every request would make readers wait for writers.
const GLANCE: SignedDuration = SignedDuration::from_mins(1);

/// The gate of the house. It remembers nothing: each request asks the database, so a session that was ended or a
/// right that was taken is over at the next request, on every node.
pub(crate) struct Door;

record! {
    struct Held {
        session: i64,
        seen: Timestamp,
        account: ActorId,
        name: String,
        lang: Option<Lang>,
        unit_nl: String,
        unit_en: String,
    }
}

impl Gate for Door {
    fn by_cookie<'a>(&'a self, house: &'a House, token: Token) -> Fut<'a, Option<(Actor, SignedIn)>> {
        Box::pin(by_cookie(house, token))
    }

    fn by_key<'a>(&'a self, house: &'a House, token: Token) -> Fut<'a, Option<Actor>> {
        Box::pin(by_key(house, token))
    }
}

async fn by_cookie(house: &House, token: Token) -> Result<Option<(Actor, SignedIn)>> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let held: Option<Held> = tx
        .maybe(
            sql!(
                "select s.id, s.last_seen_at, a.actor_id, n.name, a.lang, u.name_nl, u.name_en
                 from sessions s
                 join accounts a on a.actor_id = s.account_id and a.state = 'active'
                 join actors n on n.id = a.actor_id
                 join units u on u.id = a.unit_id
                 where s.token_hash = $1 and s.expires_at > $2 and s.last_seen_at > $3 and (not a.demo or $4)"
            ),
            params![token.hash(), now, now - IDLE, house.settings.demo],
        )
        .await?;
    let Some(held) = held else { return Ok(None) };
    let rights = rights(&mut tx, held.account).await?;
    drop(tx);
    if now.duration_since(held.seen) >= GLANCE {
        let mut tx = house.db.write().await?;
        tx.run(sql!("update sessions set last_seen_at = $2 where id = $1"), params![held.session, now])
            .await?;
        tx.commit().await?;
    }
    let actor = Actor::with_rights(held.account, ActorKind::Staff, &held.name, rights);
    let role = if held.lang == Some(Lang::En) { held.unit_en } else { held.unit_nl };
    let me = SignedIn {
        account: held.account.get(),
        session: held.session,
        name: held.name,
        role,
        lang: held.lang,
    };
    Ok(Some((actor, me)))
}

async fn by_key(house: &House, token: Token) -> Result<Option<Actor>> {
    let now = house.clock.now();
    let mut tx = house.db.read().await?;
    let held: Option<(ActorId, String, Option<Timestamp>)> = tx
        .maybe(
            sql!(
                "select k.actor_id, n.name, k.last_used_at from api_keys k join actors n on n.id = k.actor_id
                 where k.token_hash = $1 and k.revoked_at is null"
            ),
            params![token.hash()],
        )
        .await?;
    let Some((id, name, used)) = held else { return Ok(None) };
    let rights = rights(&mut tx, id).await?;
    drop(tx);
    if used.is_none_or(|used| now.duration_since(used) >= GLANCE) {
        let mut tx = house.db.write().await?;
        tx.run(sql!("update api_keys set last_used_at = $2 where actor_id = $1"), params![id, now]).await?;
        tx.commit().await?;
    }
    Ok(Some(Actor::with_rights(id, ActorKind::Key, &name, rights)))
}

async fn rights(tx: &mut Tx, actor: ActorId) -> Result<HashMap<String, Vec<UnitId>>> {
    let rows: Vec<(String, UnitId)> =
        tx.all(sql!("select right_key, unit_id from reach where actor_id = $1"), params![actor]).await?;
    let mut rights: HashMap<String, Vec<UnitId>> = HashMap::new();
    for (right, unit) in rows {
        rights.entry(right).or_default().push(unit);
    }
    Ok(rights)
}
