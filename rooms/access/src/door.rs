//! Signing in. The answer and the time it takes are the same for an address that we know and one that we do not.
//!
//! Four limits, counted in the database, so shared by all nodes. The first is on one account from one network, and
//! is final: [`HERE`] tries are looked at, the others are refused unseen. The other three are on an account, a network
//! and the whole house, for who guesses from many places or at many doors. Once one of them is used up, only
//! somebody who signed in from this network before still gets in, so that strangers cannot lock the staff out of
//! their own building.

use std::collections::HashMap;

use jiff::SignedDuration;
use kring_core::{Error, Lang, Result, Token};
use kring_frame::{
    Actor, ActorId, ActorKind, Deed, House, Mark, Purpose, Tx, fingerprint, params, record, sql,
};

use crate::{account, browser, password, session};

const QUARTER: SignedDuration = SignedDuration::from_mins(15);
/// Failures at one account from one network in a quarter of an hour.
pub(crate) const HERE: i64 = 10;
/// Tries at one account from everywhere in an hour.
const ACCOUNT: i64 = 100;
/// Tries from one network in a quarter: a whole school may come in through one address at half past eight.
const NETWORK: i64 = 500;
/// Tries at the whole house in a quarter.
const HOUSE: i64 = 3_000;
/// A network from which nobody signed in for this long is strange again.
const FAMILIAR: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Somebody who wants to come in.
pub(crate) struct Attempt<'a> {
    pub email: &'a str,
    pub password: &'a str,
    pub network: String,
    pub user_agent: &'a str,
    /// The language they chose on the page, to be remembered when they have none yet.
    pub chosen: Option<Lang>,
    /// The session they were in until now.
    pub before: Option<(ActorId, i64)>,
}

pub(crate) enum Answer {
    Welcome(Token),
    /// No such account, another password, disabled, only invited: which of these is nobody's business.
    Wrong,
    TooMany(SignedDuration),
}

record! {
    struct Found {
        id: ActorId,
        name: String,
        password: Option<String>,
        open: bool,
        familiar: bool,
    }
}

pub(crate) async fn enter(house: &House, attempt: &Attempt<'_>) -> Result<Answer> {
    let mut tx = house.write(&Actor::visitor()).await?;
    let knocked = knock(&mut tx, attempt.email, &attempt.network).await;
    let found = find(&mut tx, attempt).await?;
    // Also when refused: a knock that is not committed was not counted.
    tx.commit().await?;
    let crowded = match knocked {
        Ok(crowded) => crowded,
        Err(Error::TooMany(wait)) => return Ok(Answer::TooMany(wait)),
        Err(why) => return Err(why),
    };
    let stored = found.as_ref().and_then(|f| f.password.clone());
    let fits = password::verify(attempt.password, stored).await?;
    let welcome = found.as_ref().filter(|f| fits && f.open && (crowded.is_none() || f.familiar));
    match (welcome, crowded) {
        (Some(found), _) => let_in(house, found, attempt).await.map(Answer::Welcome),
        (None, crowded) => {
            let mut tx = house.write(&Actor::visitor()).await?;
            let mark = Mark::of(Deed::SignInRefused, Purpose::Operations, "account");
            let mark = found.iter().fold(mark, |mark, f| mark.subject(f.id.get()));
            tx.trail(mark).await?;
            tx.commit().await?;
            Ok(crowded.map_or(Answer::Wrong, Answer::TooMany))
        }
    }
}

/// Counts a try. An error when this account was tried too often from here; otherwise how long strangers have to wait,
/// if they have to. A try that is refused unseen is not counted for the others, so a single stubborn guesser does
/// not use up what everybody shares.
pub(crate) async fn knock(tx: &mut Tx, email: &str, network: &str) -> Result<Option<SignedDuration>> {
    tx.knock(&own_door(tx.house(), email, network), HERE, QUARTER).await?;
    let who = fingerprint(tx.house(), &account::email_key(email));
    let mut wait = None;
    for (door, most, window) in [
        (format!("sign-in/account/{who}"), ACCOUNT, QUARTER * 4),
        (format!("sign-in/network/{network}"), NETWORK, QUARTER),
        ("sign-in/house".to_owned(), HOUSE, QUARTER),
    ] {
        match tx.knock(&door, most, window).await {
            Err(Error::TooMany(longer)) => wait = wait.max(Some(longer)),
            other => other?,
        }
    }
    Ok(wait)
}

fn own_door(house: &House, email: &str, network: &str) -> String {
    format!("sign-in/{}/{network}", fingerprint(house, &account::email_key(email)))
}

/// Forgets the tries at this account from here: whoever had the password is no guesser, and may come in as often as
/// they like.
pub(crate) async fn forgive(tx: &mut Tx, email: &str, network: &str) -> Result<()> {
    let door = own_door(tx.house(), email, network);
    tx.run(sql!("delete from knocks where door = $1"), params![door]).await.map(drop)
}

/// One statement for known and unknown.
async fn find(tx: &mut Tx, attempt: &Attempt<'_>) -> Result<Option<Found>> {
    let (since, demo) = (tx.now() - FAMILIAR, tx.house().settings.demo);
    tx.maybe(
        sql!(
            "select a.actor_id, n.name, a.password, a.state = 'active' and (not a.demo or $4), f.at is not null
             from accounts a
             join actors n on n.id = a.actor_id
             left join familiar_networks f on f.account_id = a.actor_id and f.network = $2 and f.at > $3
             where a.email_key = $1"
        ),
        params![account::email_key(attempt.email), &attempt.network, since, demo],
    )
    .await
}

async fn let_in(house: &House, found: &Found, attempt: &Attempt<'_>) -> Result<Token> {
    let who = Actor::with_rights(found.id, ActorKind::Staff, &found.name, HashMap::new());
    let mut tx = house.write(&who).await?;
    let now = tx.now();
    if let Some((account, session)) = attempt.before {
        // Whoever was signed in at this browser is not any more.
        match session::end(&mut tx, account, session).await {
            Ok(()) | Err(Error::NotFound) => {}
            Err(why) => return Err(why),
        }
    }
    forgive(&mut tx, attempt.email, &attempt.network).await?;
    let token = welcome(&mut tx, found.id, attempt.user_agent, &attempt.network).await?;
    if let Some(lang) = attempt.chosen {
        tx.run(
            sql!("update accounts set lang = $2 where actor_id = $1 and lang is null"),
            params![found.id, lang],
        )
        .await?;
    }
    tx.run(sql!("delete from familiar_networks where at < $1"), params![now - FAMILIAR]).await?;
    tx.commit().await?;
    Ok(token)
}

/// Begins a session and remembers from where. Also for who just proved to be somebody by a link.
pub(crate) async fn welcome(tx: &mut Tx, id: ActorId, user_agent: &str, network: &str) -> Result<Token> {
    let now = tx.now();
    let token = session::begin(tx, id, &browser::family(user_agent)).await?;
    tx.run(
        sql!(
            "insert into familiar_networks (account_id, network, at) values ($1, $2, $3)
             on conflict (account_id, network) do update set at = excluded.at"
        ),
        params![id, network, now],
    )
    .await?;
    tx.trail(Mark::of(Deed::SignedIn, Purpose::Operations, "account").subject(id.get())).await?;
    Ok(token)
}
