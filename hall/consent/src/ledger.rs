use jiff::{civil::Date, tz::TimeZone};
use kring_core::{Error, Lang, Result, Timestamp, Token};
use kring_db::stored;
use kring_frame::{
    About, ConsentChanged, Forgotten, Fut, PersonId, Purpose, Section, Tx, params, record as row, sql,
};
use kring_people::{contact, merge, person};
use serde_json::json;

use crate::{Channel, Facts, MessageClass, Standing, Words, may, permission::Age};

stored! {
    pub enum Act {
        Consent = "consent",
        Withdrawal = "withdrawal",
        Objection = "objection",
        /// The person takes back a withdrawal or an objection; not yet a consent.
        Lifted = "lifted",
        Block = "block",
        Unblock = "unblock",
    }
}

/// A row for the ledger.
#[derive(Clone, Debug)]
pub struct Entry {
    pub person: PersonId,
    pub purpose: Purpose,
    pub channel: Channel,
    pub act: Act,
    /// Which words, in which version and language, for a consent.
    pub wording: Option<(&'static str, i64, Lang)>,
    /// By which door: `form:contact`, `link:mail`, `one-click`, `staff`, `import:3`.
    pub how: String,
    /// What shows it: a message id, a form id.
    pub proof: String,
}

row! {
    /// A row of the ledger as it is shown.
    #[derive(Clone, Debug, serde::Serialize)]
    pub struct Ledger {
        pub purpose: String,
        pub channel: String,
        pub act: String,
        pub wording: Option<String>,
        pub how: String,
        pub proof: String,
        pub at: Timestamp,
    }
}

/// Adds to the ledger. It holds from the commit on: the transaction before DATA reads it again.
pub async fn record(tx: &mut Tx, e: &Entry) -> Result<()> {
    let (key, version, lang) = match e.wording {
        Some((key, version, lang)) => (Some(key), Some(version), Some(lang)),
        None => (None, None, None),
    };
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into consent_ledger (person_id, purpose, channel, act, wording_key, wording_version, lang, how, proof, actor_id, at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![e.person, e.purpose, e.channel, e.act, key, version, lang, &e.how, &e.proof, actor, now],
    )
    .await?;
    let told = ConsentChanged {
        purpose: e.purpose.to_string(),
        channel: e.channel.to_string(),
        act: e.act.to_string(),
    };
    tx.tell(About::person(e.person), &told).await.map(drop)
}

/// The facts for the permission function, read in the caller's transaction.
pub async fn facts_of(tx: &mut Tx, id: PersonId, purpose: Purpose, channel: Channel) -> Result<Facts> {
    let person = person::load(tx, id).await?;
    let acts: Vec<(Act, String)> = tx
        .all(
            sql!(
                "select act, purpose from consent_ledger
                 where person_id = $1 and ((purpose = $2 and channel = $3) or act in ('block', 'unblock')) order by id desc"
            ),
            params![id, purpose, channel],
        )
        .await?;
    let blocked = acts
        .iter()
        .find(|(a, _)| matches!(a, Act::Block | Act::Unblock))
        .is_some_and(|(a, _)| *a == Act::Block);
    let standing = acts
        .iter()
        .find_map(|(act, p)| match act {
            _ if p != purpose.as_str() => None,
            Act::Consent => Some(Standing::Consented),
            Act::Withdrawal => Some(Standing::Withdrawn),
            Act::Objection => Some(Standing::Objected),
            Act::Lifted => Some(Standing::Silent),
            Act::Block | Act::Unblock => None,
        })
        .unwrap_or_default();
    let contacts = contact::of(tx, id).await?;
    let reachable = match channel {
        Channel::Mail => contacts.iter().any(|c| c.kind == contact::Kind::Email),
        Channel::Phone => contacts.iter().any(|c| c.kind == contact::Kind::Phone),
        Channel::Post => false,
    };
    let age = age(person.birth_date, tx.now(), &tx.house().settings.zone);
    Ok(Facts { deceased: person.deceased, blocked, age, standing, reachable })
}

fn age(born: Option<Date>, now: Timestamp, zone: &TimeZone) -> Age {
    let Some(born) = born else { return Age::Unknown };
    let today = now.to_zoned(zone.clone()).date();
    let years =
        today.year() - born.year() - i16::from((today.month(), today.day()) < (born.month(), born.day()));
    match years {
        ..16 => Age::Under16,
        16..18 => Age::From16,
        18.. => Age::Adult,
    }
}

pub async fn ledger_of(tx: &mut Tx, id: PersonId) -> Result<Vec<Ledger>> {
    tx.all(
        sql!(
            "select l.purpose, l.channel, l.act, w.text, l.how, l.proof, l.at from consent_ledger l
             left join wordings w on w.wording_key = l.wording_key and w.version = l.wording_version and w.lang = l.lang
             where l.person_id = $1 order by l.id desc"
        ),
        params![id],
    )
    .await
}

/// The one line of permissions on a person's page: each thing we may or may not do, with its reason.
pub fn head(tx: &mut Tx, lang: Lang, id: PersonId) -> Fut<'_, Option<(String, Vec<String>)>> {
    Box::pin(async move {
        let w = Words(lang);
        let mut says = Vec::new();
        for (label, purpose, channel, class) in [
            (w.head_answer(), Purpose::Service, Channel::Mail, MessageClass::Transactional),
            (w.head_survey(), Purpose::Research, Channel::Mail, MessageClass::Announcement),
            (w.head_news(), Purpose::Marketing, Channel::Mail, MessageClass::Announcement),
        ] {
            let facts = facts_of(tx, id, purpose, channel).await?;
            let verdict = may(&facts, purpose, channel, class);
            let why = verdict.reasons.first().map_or("", |r| r.in_lang(lang));
            says.push(if verdict.allowed { w.head_yes(label, why) } else { w.head_no(label, why) });
        }
        Ok(Some((w.head_title().to_owned(), says)))
    })
}

row! {
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
    let token = Token::new(&tx.house().chance);
    let now = tx.now();
    tx.run(
        sql!("insert into choice_links (hash, person_id, purpose, channel, made_at) values ($1, $2, $3, $4, $5)"),
        params![token.hash(), person, purpose, channel, now],
    )
    .await?;
    Ok(token)
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
                "select id from consent_ledger where person_id = $1 and purpose = $2 and channel = $3 and act = 'consent' limit 1"
            ),
            params![link.person, link.purpose, link.channel],
        )
        .await?;
    Ok(found.is_some())
}

pub fn dossier(tx: &mut Tx, id: PersonId) -> Fut<'_, Vec<Section>> {
    Box::pin(async move {
        let ledger = ledger_of(tx, id).await?;
        let attention: Vec<(String, Timestamp)> = tx
            .all(sql!("select kind, at from attention where person_id = $1 order by at"), params![id])
            .await?;
        let attention: Vec<_> =
            attention.into_iter().map(|(kind, at)| json!({"kind": kind, "at": at})).collect();
        let data = serde_json::to_value(&ledger).map_err(Error::broken)?;
        Ok(vec![Section { title: "consent".into(), data: json!({"ledger": data, "attention": attention}) }])
    })
}

/// The ledger of somebody who is gone proves nothing any more; an objection lives on in the tombstone that
/// privacy keeps.
pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = 0;
        for delete in [
            sql!("delete from consent_ledger where person_id = $1"),
            sql!("delete from choice_links where person_id = $1"),
            sql!("delete from attention where person_id = $1"),
            sql!("delete from attention_locks where person_id = $1"),
        ] {
            erased += tx.run(delete, params![id]).await?;
        }
        Ok(Forgotten { erased, kept: Vec::new() })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_count_from_the_day_itself() {
        let zone = TimeZone::UTC;
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let at = |born: &str| age(Some(born.parse().unwrap()), now, &zone);
        assert_eq!(at("2010-11-22"), Age::Under16);
        assert_eq!(at("2010-11-21"), Age::From16);
        assert_eq!(at("2008-11-22"), Age::From16);
        assert_eq!(at("2008-11-21"), Age::Adult);
        assert_eq!(age(None, now, &zone), Age::Unknown);
    }
}
