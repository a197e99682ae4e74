use jiff::SignedDuration;
use kring_core::{Error, Result, Timestamp, Token};
use kring_frame::{ActorId, Tx, params, record, sql};

/// A session ends after this long without a request …
pub(crate) const IDLE: SignedDuration = SignedDuration::from_hours(12);
/// … and in any case after this long.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(14 * 24);

record! {
    #[derive(Clone, Debug)]
    pub(crate) struct Session {
        pub id: i64,
        pub browser: String,
        pub created_at: Timestamp,
        pub last_seen_at: Timestamp,
    }
}

/// Begins a session. Its token is always new: whatever cookie came with the request is not looked at, so nobody
/// can lay one ready in somebody else's browser.
pub(crate) async fn begin(tx: &mut Tx, account: ActorId, browser: &str) -> Result<Token> {
    let (token, now) = (Token::new(&tx.house().chance), tx.now());
    tx.run(sql!("delete from sessions where expires_at < $1 or last_seen_at < $2"), params![now, now - IDLE])
        .await?;
    tx.run(
        sql!(
            "insert into sessions (token_hash, account_id, created_at, last_seen_at, expires_at, browser)
             values ($1, $2, $3, $3, $4, $5)"
        ),
        params![token.hash(), account, now, now + LONGEST, browser],
    )
    .await?;
    tx.run(sql!("update accounts set signed_in_at = $2 where actor_id = $1"), params![account, now]).await?;
    Ok(token)
}

/// Gives a session another token: after a change of password or of one's own rights, what was stolen before
/// is worth nothing.
pub(crate) async fn renew(tx: &mut Tx, account: ActorId, session: i64) -> Result<Token> {
    let token = Token::new(&tx.house().chance);
    let renewed = tx
        .run(
            sql!("update sessions set token_hash = $3 where id = $1 and account_id = $2"),
            params![session, account, token.hash()],
        )
        .await?;
    if renewed == 1 { Ok(token) } else { Err(Error::NotFound) }
}

/// The sessions of an account, the latest used first.
pub(crate) async fn of(tx: &mut Tx, account: ActorId) -> Result<Vec<Session>> {
    let now = tx.now();
    tx.all(
        sql!(
            "select id, browser, created_at, last_seen_at from sessions
             where account_id = $1 and expires_at > $2 and last_seen_at > $3 order by last_seen_at desc, id desc"
        ),
        params![account, now, now - IDLE],
    )
    .await
}

/// Ends one session of this account; somebody else's is not found.
pub(crate) async fn end(tx: &mut Tx, account: ActorId, session: i64) -> Result<()> {
    let ended = tx
        .run(sql!("delete from sessions where id = $1 and account_id = $2"), params![session, account])
        .await?;
    if ended == 1 { Ok(()) } else { Err(Error::NotFound) }
}

/// Ends every session of an account, but for one perhaps.
pub(crate) async fn end_all(tx: &mut Tx, account: ActorId, but: Option<i64>) -> Result<()> {
    tx.run(
        sql!("delete from sessions where account_id = $1 and id <> $2"),
        params![account, but.unwrap_or(0)],
    )
    .await
    .map(drop)
}
