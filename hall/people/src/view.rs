//! Views that somebody keeps: a filter with its columns under a name, for oneself or for everybody.

use kring_core::{Error, Result};
use kring_frame::{ActorId, Tx, params, record, sql};

record! {
    #[derive(Clone, Debug)]
    pub struct View {
        pub id: i64,
        pub name: String,
        /// What stands behind the question mark.
        pub query: String,
        pub shared: bool,
        pub mine: bool,
    }
}

/// One's own views of a list, and those that are shared.
pub async fn of(tx: &mut Tx, me: ActorId, place: &str) -> Result<Vec<View>> {
    tx.all(
        sql!(
            "select id, name, query, shared, actor_id = $1 from saved_views
             where place = $2 and (actor_id = $1 or shared) order by shared, name, id"
        ),
        params![me, place],
    )
    .await
}

/// Keeps a view; one of mine with the same name is replaced.
pub async fn keep(tx: &mut Tx, place: &str, name: &str, query: &str, shared: bool) -> Result<()> {
    if name.is_empty() {
        return Err(Error::field("name", crate::say::view_name_missing()));
    }
    let (now, me) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into saved_views (actor_id, place, name, query, shared, at) values ($1, $2, $3, $4, $5, $6)
             on conflict (actor_id, place, name) do update set query = excluded.query, shared = excluded.shared, at = excluded.at"
        ),
        params![me, place, name, query, shared, now],
    )
    .await
    .map(drop)
}

/// Takes away a view of one's own.
pub async fn remove(tx: &mut Tx, id: i64) -> Result<()> {
    let me = tx.actor().id;
    let n = tx.run(sql!("delete from saved_views where id = $1 and actor_id = $2"), params![id, me]).await?;
    if n == 1 { Ok(()) } else { Err(Error::NotFound) }
}
