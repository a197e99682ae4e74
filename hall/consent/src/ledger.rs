use std::borrow::Cow;

use jiff::{civil::Date, tz::TimeZone};
use kring_core::{Error, Lang, Result, Timestamp, Tongue};
use kring_db::stored;
use kring_frame::{
    About, ConsentChanged, Forgotten, Fut, PersonId, Purpose, Section, Tx, UnitId, params, record as row, sql,
};
use kring_people::relationship;
use serde_json::json;

use crate::{Channel, Facts, MessageClass, Words, facts_of_many, may, own::wished, permission::Age, say};

stored! {
    pub enum Act {
        Consent = "consent",
        /// Paid for something, was told, and did not refuse (Tw 11.7 lid 3).
        Customer = "customer",
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
    pub wording: Option<(Cow<'static, str>, i64, Tongue)>,
    /// By which door: `form:contact`, `link:mail`, `one-click`, `staff`, `import:3`.
    pub how: String,
    /// What shows it: a message id, a form id.
    pub proof: String,
    /// The legal entity that asked; `None` is the institution.
    pub controller: Option<UnitId>,
    /// Who gave it, when it was not the person: a parent of somebody under sixteen.
    pub given_by: Option<PersonId>,
    /// When it was said, if that was not now: a list tells of last year. The newest by this counts, so that an old yes never
    /// overrides what was said since.
    pub said_at: Option<Timestamp>,
    /// With what else it was chosen, on the page behind the links in mails.
    pub save: Option<i64>,
}

impl Entry {
    /// An act of the person themselves, towards the institution. `how` is the door.
    pub fn new(person: PersonId, purpose: Purpose, channel: Channel, act: Act, how: &str) -> Self {
        Self {
            person,
            purpose,
            channel,
            act,
            wording: None,
            how: how.to_owned(),
            proof: String::new(),
            controller: None,
            given_by: None,
            said_at: None,
            save: None,
        }
    }
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
        /// When it was said; empty is when it was written down.
        pub said_at: Option<Timestamp>,
        /// Taken back with the list that brought it: counts no more.
        pub void_at: Option<Timestamp>,
    }
}

/// Adds to the ledger. It holds from the commit on: the transaction before DATA reads it again.
///
/// A consent that somebody else gives needs a relation that speaks for the person: a parent or whoever represents them,
/// and only while the person is under age. A consent of one's own under sixteen is written down, and counts from the
/// sixteenth birthday on; until then the permission function says no. Answers the row.
pub async fn record(tx: &mut Tx, e: &Entry) -> Result<i64> {
    if let Some(guardian) = e.given_by {
        let speaks = relationship::of(tx, e.person)
            .await?
            .into_iter()
            .any(|r| r.inverse && r.other == Some(guardian) && r.kind.is_guardian() && r.to.is_none());
        if !speaks {
            return Err(Error::field("given_by", say::guardian_unknown()));
        }
    }
    let (key, version, lang) = match &e.wording {
        Some((key, version, lang)) => (Some(&**key), Some(*version), Some(lang.clone())),
        None => (None, None, None),
    };
    let (now, actor) = (tx.now(), tx.actor().id);
    let said_at = e.said_at.unwrap_or(now).min(now);
    let (id,): (i64,) = tx.one(
        sql!(
            "insert into consent_ledger (person_id, purpose, channel, act, wording_key, wording_version, lang, how, proof, actor_id, at,
                 controller_id, given_by, said_at, save_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) returning id"
        ),
        params![
            e.person,
            e.purpose,
            e.channel,
            e.act,
            key,
            version,
            lang,
            &e.how,
            &e.proof,
            actor,
            now,
            e.controller,
            e.given_by,
            said_at,
            e.save
        ],
    )
    .await?;
    let told = ConsentChanged {
        purpose: e.purpose.to_string(),
        channel: e.channel.to_string(),
        act: e.act.to_string(),
    };
    tx.tell(About::person(e.person), &told).await?;
    Ok(id)
}

/// Keeps the exact words of a yes, so that a row of the ledger shows years later what was agreed to. A version is never edited:
/// the words that are there stay.
pub async fn keep_wording(tx: &mut Tx, key: &str, version: i64, lang: &Tongue, text: &str) -> Result<()> {
    tx.run(
        sql!(
            "insert into wordings (wording_key, version, lang, text) values ($1, $2, $3, $4)
             on conflict (wording_key, version, lang) do nothing"
        ),
        params![key, version, lang, text],
    )
    .await
    .map(drop)
}

/// The facts for the permission function, read in the caller's transaction, for the institution itself.
pub async fn facts_of(tx: &mut Tx, id: PersonId, purpose: Purpose, channel: Channel) -> Result<Facts> {
    facts_for(tx, id, purpose, channel, None).await
}

/// As [`facts_of`], for one of the legal entities of the house; `None` is the institution.
pub async fn facts_for(
    tx: &mut Tx,
    id: PersonId,
    purpose: Purpose,
    channel: Channel,
    controller: Option<UnitId>,
) -> Result<Facts> {
    facts_of_many(tx, &[id], purpose, channel, controller).await?.remove(&id).ok_or(Error::NotFound)
}

/// How old somebody is on this day. Of a year alone we know only the youngest they may be.
pub fn age(born: Option<Date>, year: Option<i64>, now: Timestamp, zone: &TimeZone) -> Age {
    let last_day = |year: i64| Date::new(i16::try_from(year).ok()?, 12, 31).ok();
    let Some(born) = born.or_else(|| last_day(year?)) else { return Age::Unknown };
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
            "select l.purpose, l.channel, l.act, w.text, l.how, l.proof, l.at, l.said_at, l.void_at from consent_ledger l
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
            (w.head_call(), Purpose::Marketing, Channel::Phone, MessageClass::Announcement),
        ] {
            let facts = facts_of(tx, id, purpose, channel).await?;
            let verdict = may(&facts, purpose, channel, class);
            let why = verdict.reasons.first().map_or("", |r| r.in_lang(lang));
            says.push(if verdict.allowed { w.head_yes(label, why) } else { w.head_no(label, why) });
        }
        Ok(Some((w.head_title().to_owned(), says)))
    })
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
        let wishes = serde_json::to_value(wished(tx, id).await?).map_err(Error::broken)?;
        let data = json!({"ledger": data, "attention": attention, "wishes": wishes});
        Ok(vec![Section { title: "consent".into(), data }])
    })
}

/// The ledger of somebody who is gone proves nothing any more; an objection lives on in the tombstone that
/// privacy keeps.
pub fn forget(tx: &mut Tx, id: PersonId) -> Fut<'_, Forgotten> {
    Box::pin(async move {
        let mut erased = 0;
        // A consent that they gave for a child stays the child's; only who gave it is forgotten, so it no longer counts.
        tx.run(
            sql!("update consent_ledger set act = 'lifted', given_by = null where given_by = $1"),
            params![id],
        )
        .await?;
        for delete in [
            sql!("delete from consent_ledger where person_id = $1"),
            sql!("delete from choice_links where person_id = $1"),
            sql!("delete from own_wishes where person_id = $1"),
            sql!("delete from choice_saves where person_id = $1"),
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
        let at = |born: &str| age(Some(born.parse().unwrap()), None, now, &zone);
        assert_eq!(at("2010-11-22"), Age::Under16);
        assert_eq!(at("2010-11-21"), Age::From16);
        assert_eq!(at("2008-11-22"), Age::From16);
        assert_eq!(at("2008-11-21"), Age::Adult);
        assert_eq!(age(None, None, now, &zone), Age::Unknown);
        assert_eq!(
            age(None, Some(2010), now, &zone),
            Age::Under16,
            "they may have been born on the last day of it"
        );
        assert_eq!(age(None, Some(2007), now, &zone), Age::Adult);
    }
}
