use kring_core::{Error, Result, Timestamp, Token};
use kring_frame::{Access, ActorId, House, Mark, Permit, Right, RouteKind, Tx, UnitId, params, record, sql};
use kring_people::units;

use crate::{grants, say};

record! {
    #[derive(Clone, Debug)]
    pub(crate) struct Key {
        pub id: ActorId,
        pub name: String,
        pub scopes: String,
        pub unit: UnitId,
        pub made_by: String,
        pub created_at: Timestamp,
        pub last_used_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
    }
}

/// The rights that some route of the API asks for. Others would only make a key look stronger than it is.
pub(crate) fn rights_of_the_api(house: &House) -> Vec<&'static Right> {
    let used: Vec<&'static str> = house
        .rooms
        .routes
        .iter()
        .filter(|route| route.kind == RouteKind::Api)
        .filter_map(|route| match route.access {
            Access::Right(right) => Some(right.key),
            Access::SignedIn(_) | Access::Open(_) => None,
        })
        .collect();
    // What a segment asks is decided fact by fact.
    let asked = |key: &str| house.rooms.facts.list.iter().any(|fact| fact.right.key == key);
    let offered = house.rooms.rights.iter().copied();
    offered.filter(|right| used.contains(&right.key) || asked(right.key)).collect()
}

/// Makes a key with these rights in this unit and below. Nobody gives away what they do not hold there themselves.
pub async fn make(tx: &mut Tx, permit: &Permit, name: &str, scopes: &[&str], unit: UnitId) -> Result<Token> {
    grants::within(tx, permit, unit).await?;
    let offered = rights_of_the_api(tx.house());
    let mut given: Vec<&'static str> = Vec::new();
    for scope in scopes {
        let right = offered.iter().find(|r| r.key == *scope && tx.actor().units(r).contains(&unit));
        given.push(right.ok_or_else(|| Error::field("scope", say::scope_unknown()))?.key);
    }
    given.sort_unstable();
    given.dedup();
    if given.is_empty() {
        return Err(Error::field("scope", say::scope_missing()));
    }
    let (token, now) = (Token::new(&tx.house().chance), tx.now());
    let (id,): (ActorId,) = tx
        .one(sql!("insert into actors (kind, name) values ('key', $1) returning id"), params![name])
        .await?;
    tx.run(
        sql!(
            "insert into api_keys (actor_id, token_hash, scopes, unit_id, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6)"
        ),
        params![id, token.hash(), given.join(" "), unit, permit.actor(), now],
    )
    .await?;
    renew(tx, id).await?;
    let detail = format!("made,scopes={},unit={unit}", given.join("+"));
    tx.trail(Mark::changed(permit, "key").subject(id.get()).detail(detail)).await?;
    Ok(token)
}

/// Works out anew what a key reaches: nothing once it is revoked.
pub(crate) async fn renew(tx: &mut Tx, id: ActorId) -> Result<()> {
    let (scopes, unit, revoked): (String, UnitId, Option<Timestamp>) = tx
        .one(sql!("select scopes, unit_id, revoked_at from api_keys where actor_id = $1"), params![id])
        .await?;
    let units = units::all(tx).await?;
    let rights: Vec<&str> = if revoked.is_some() { Vec::new() } else { scopes.split(' ').collect() };
    units::set_reach(tx, id, &grants::held(&rights, unit, &units)).await
}

/// The keys of the units that this permit manages, those in use first, then the newest.
pub(crate) async fn list(tx: &mut Tx, permit: &Permit) -> Result<Vec<Key>> {
    tx.all(
        sql!(
            "select k.actor_id, n.name, k.scopes, k.unit_id, m.name, k.created_at, k.last_used_at, k.revoked_at
             from api_keys k
             join actors n on n.id = k.actor_id
             join actors m on m.id = k.created_by
             join reach r on r.actor_id = $1 and r.right_key = $2 and r.unit_id = k.unit_id
             order by k.revoked_at is not null, k.actor_id desc limit 200"
        ),
        params![permit.actor(), permit.right()],
    )
    .await
}

/// Revokes a key at once and for good; one outside the permit's units is not found.
pub(crate) async fn revoke(tx: &mut Tx, permit: &Permit, id: ActorId) -> Result<()> {
    let now = tx.now();
    let revoked = tx
        .run(
            sql!(
                "update api_keys set revoked_at = $4 where actor_id = $3 and revoked_at is null and unit_id in
                     (select unit_id from reach where actor_id = $1 and right_key = $2)"
            ),
            params![permit.actor(), permit.right(), id, now],
        )
        .await?;
    if revoked == 0 {
        return Err(Error::NotFound);
    }
    renew(tx, id).await?;
    tx.trail(Mark::changed(permit, "key").subject(id.get()).detail("revoked")).await
}
