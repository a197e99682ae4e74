//! The first start: nobody can sign in yet, and there is no password that anybody knows.

use jiff::SignedDuration;
use kring_core::{Error, Lang, Result, Token};
use kring_frame::{Actor, ActorId, House, Tx, params, sql};
use kring_people::units;

use crate::{NewAccount, PasswordHash, account, grants, key, link, roles};

const TOKEN_LIFE: SignedDuration = SignedDuration::from_hours(24);
const EDITION: &str = "access.roles";

/// The path of a page on which the first administrator makes an account, as long as there is none: for the console,
/// which only the operator reads. Each start gives a new one and ends those before; it works once, for 24 hours.
pub async fn first_token(house: &House) -> Result<Option<String>> {
    let mut tx = house.write(&Actor::robot()).await?;
    if account::is_anybody(&mut tx).await? {
        return Ok(None);
    }
    let token = link::make(&mut tx, link::Purpose::SetUp, None, TOKEN_LIFE).await?;
    tx.commit().await?;
    Ok(Some(format!("/set-up/{}", token.reveal())))
}

/// Works out anew what everybody reaches, when this binary's roles are others than those of the last start. Called at
/// every start; returns how many accounts and keys were looked at.
pub async fn at_start(house: &House) -> Result<usize> {
    let mut tx = house.write(&Actor::robot()).await?;
    let edition = roles::edition();
    if tx.fact(EDITION).await?.as_deref() == Some(edition.as_str()) {
        return Ok(0);
    }
    let accounts: Vec<(ActorId,)> = tx.all(sql!("select actor_id from accounts"), params![]).await?;
    let keys: Vec<(ActorId,)> = tx.all(sql!("select actor_id from api_keys"), params![]).await?;
    for (id,) in &accounts {
        grants::renew(&mut tx, *id).await?;
    }
    for (id,) in &keys {
        key::renew(&mut tx, *id).await?;
    }
    tx.set_fact(EDITION, &edition).await?;
    tx.commit().await?;
    Ok(accounts.len() + keys.len())
}

/// What the first page asks.
pub(crate) struct First<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub lang: Lang,
    /// The institution's own name, when it has no unit yet.
    pub top: &'a str,
}

/// The top of the tree, if there is one.
pub(crate) async fn top_unit(tx: &mut Tx) -> Result<Option<units::Unit>> {
    Ok(units::all(tx).await?.into_iter().find(|u| u.parent.is_none()))
}

/// Uses the token up and makes the first administrator. Of two who hold the same token one comes in.
pub(crate) async fn make_first(
    tx: &mut Tx,
    token: &Token,
    first: &First<'_>,
    password: &PasswordHash,
) -> Result<ActorId> {
    link::spend(tx, link::Purpose::SetUp, token).await?;
    if account::is_anybody(tx).await? {
        return Err(Error::Gone);
    }
    let unit = match top_unit(tx).await? {
        Some(unit) => unit.id,
        None => units::add(tx, None, first.top, first.top, "institution").await?,
    };
    let new = NewAccount { name: first.name, email: first.email, unit, lang: Some(first.lang) };
    let id = account::add_account(tx, &new, Some(password)).await?;
    grants::grant(tx, id, roles::ADMIN, unit).await?;
    Ok(id)
}

/// Somebody with an active account, by the address they sign in with: for commands that are run in their name.
pub async fn actor_with(house: &House, email: &str) -> Result<Option<Actor>> {
    let mut tx = house.read(&Actor::robot()).await?;
    let found: Option<(ActorId,)> = tx
        .maybe(
            sql!("select actor_id from accounts where email_key = $1 and state = 'active'"),
            params![account::email_key(email)],
        )
        .await?;
    match found {
        Some((id,)) => kring_frame::actor_of(&mut tx, id).await.map(Some),
        None => Ok(None),
    }
}
