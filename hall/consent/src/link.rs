//! The links behind "stop" in mails: what each is for, and nothing that shows whose it is.

use kring_core::{Error, Result, Token};
use kring_frame::{PersonId, Purpose, Tx, params, record, sql};
use kring_people::merge;

use crate::Channel;

record! {
    /// What a link behind "stop" is for.
    #[derive(Clone, Debug)]
    pub struct Link {
        pub person: PersonId,
        pub purpose: Purpose,
        pub channel: Channel,
    }
}

/// Makes a link for one message; we keep its hash only.
pub async fn new_link(tx: &mut Tx, person: PersonId, purpose: Purpose, channel: Channel) -> Result<Token> {
    let made = new_links(tx, &[Link { person, purpose, channel }]).await?;
    made.into_iter().next().ok_or_else(|| Error::broken("a link was not made"))
}

/// One for each of many.
pub async fn new_links(tx: &mut Tx, wanted: &[Link]) -> Result<Vec<Token>> {
    let now = tx.now();
    let tokens: Vec<Token> = wanted.iter().map(|_| Token::new(&tx.house().chance)).collect();
    let set =
        |(link, token): (&Link, &Token)| params![token.hash(), link.person, link.purpose, link.channel, now];
    let sets = wanted.iter().zip(&tokens).map(set).collect();
    tx.many(
        sql!("insert into choice_links (hash, person_id, purpose, channel, made_at) values ($1, $2, $3, $4, $5)"),
        sets,
    )
    .await?;
    Ok(tokens)
}

/// The link, for the number its person is known by now.
pub(crate) async fn link(tx: &mut Tx, token: &Token) -> Result<Link> {
    let link: Link = tx
        .one(
            sql!("select person_id, purpose, channel from choice_links where hash = $1"),
            params![token.hash()],
        )
        .await?;
    Ok(Link { person: merge::current(tx, link.person).await?, ..link })
}

/// Did this person ever say yes to what the link is for?
pub(crate) async fn had_consent(tx: &mut Tx, link: &Link) -> Result<bool> {
    let found: Option<(i64,)> = tx
        .maybe(
            sql!(
                "select id from consent_ledger where person_id = $1 and purpose = $2 and channel = $3 and act = 'consent'
                   and void_at is null limit 1"
            ),
            params![link.person, link.purpose, link.channel],
        )
        .await?;
    Ok(found.is_some())
}
