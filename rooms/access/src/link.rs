use jiff::SignedDuration;
use kring_core::{Error, Result, Timestamp, Token};
use kring_db::stored;
use kring_frame::{ActorId, Tx, params, sql};

stored! {
    /// What a link is for. It opens nothing else: the purpose is part of every look-up.
    pub(crate) enum Purpose {
        /// Making the first account.
        SetUp = "set_up",
        /// Choosing a password: the first of an invited colleague, or a new one.
        Password = "password",
    }
}

/// Makes a link that works once, instead of those before it for the same purpose and account.
pub(crate) async fn make(
    tx: &mut Tx,
    purpose: Purpose,
    account: Option<ActorId>,
    life: SignedDuration,
) -> Result<Token> {
    let (token, now) = (Token::new(&tx.house().chance), tx.now());
    tx.run(
        sql!("delete from access_links where purpose = $1 and account_id is not distinct from $2 and used_at is null"),
        params![purpose, account],
    )
    .await?;
    tx.run(
        sql!(
            "insert into access_links (token_hash, purpose, account_id, made_at, expires_at)
             values ($1, $2, $3, $4, $5)"
        ),
        params![token.hash(), purpose, account, now, now + life],
    )
    .await?;
    Ok(token)
}

/// Whose link this is, without using it up. `Gone` when it was used or is too old.
pub(crate) async fn look(tx: &mut Tx, purpose: Purpose, token: &Token) -> Result<Option<ActorId>> {
    let (account, expires, used): (Option<ActorId>, Timestamp, Option<Timestamp>) = tx
        .one(
            sql!("select account_id, expires_at, used_at from access_links where token_hash = $1 and purpose = $2"),
            params![token.hash(), purpose],
        )
        .await?;
    if used.is_some() || expires <= tx.now() { Err(Error::Gone) } else { Ok(account) }
}

/// Uses a link up. Of two who try at the same moment, one is told that it is over.
pub(crate) async fn spend(tx: &mut Tx, purpose: Purpose, token: &Token) -> Result<Option<ActorId>> {
    let now = tx.now();
    let spent: Option<(Option<ActorId>,)> = tx
        .maybe(
            sql!(
                "update access_links set used_at = $3
                 where token_hash = $1 and purpose = $2 and used_at is null and expires_at > $3 returning account_id"
            ),
            params![token.hash(), purpose, now],
        )
        .await?;
    match spent {
        Some((account,)) => Ok(account),
        None => look(tx, purpose, token).await.and(Err(Error::Gone)),
    }
}

/// Ends every open link of an account; those that were used stay as a memory of it.
pub(crate) async fn void(tx: &mut Tx, account: ActorId) -> Result<()> {
    tx.run(sql!("delete from access_links where account_id = $1 and used_at is null"), params![account])
        .await
        .map(drop)
}
