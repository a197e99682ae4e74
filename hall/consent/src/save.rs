//! What one person chooses at once on the page behind the links in mails, and its undoing. What belongs to one press of the
//! button is one save; nothing is ever taken away, so undoing adds rows that say what held before.

use kring_core::{Lang, Result, Timestamp};
use kring_frame::{About, ConsentChanged, PersonId, Purpose, Tx, params, sql};

use crate::{
    Act, Channel, Entry, Link, Rule, Standing, facts_of,
    link::had_consent,
    own::{Wish, wish},
    record, rule,
    wishes::{CHANNELS, PURPOSES},
};

/// Which version of the words stands on the page now.
pub(crate) const WORDING: i64 = 1;

/// By which door: whoever holds the link.
const HOW: &str = "link:mail";

/// A box on the page: one purpose over one channel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tick {
    pub purpose: Purpose,
    pub channel: Channel,
    pub on: bool,
    /// It may be ticked here. Off it may always be.
    pub open: bool,
    standing: Standing,
    needs_yes: bool,
}

impl Tick {
    pub fn key(self) -> String {
        format!("{}.{}", self.purpose, self.channel)
    }
}

/// The words of a yes to this purpose, where one is needed.
pub(crate) const fn wording(purpose: Purpose) -> Option<&'static str> {
    match purpose {
        Purpose::Marketing => Some("choice-marketing"),
        Purpose::Alumni => Some("choice-alumni"),
        _ => None,
    }
}

/// All boxes, as they stand. They say what the person said, never what we make of it: whether an address is known or how old
/// somebody is would be told to whoever a mail was forwarded to.
pub(crate) async fn ticks(tx: &mut Tx, person: PersonId) -> Result<(bool, Vec<Tick>)> {
    let (mut all, mut blocked) = (Vec::new(), false);
    for purpose in PURPOSES {
        for channel in CHANNELS {
            let facts = facts_of(tx, person, purpose, channel).await?;
            blocked |= facts.blocked;
            let needs_yes =
                !matches!(rule(purpose, channel, facts.recipient), Rule::Free | Rule::UntilObjection);
            let on = match facts.standing {
                Standing::Withdrawn | Standing::Objected => false,
                Standing::Consented | Standing::ParentConsented => true,
                Standing::Customer => rule(purpose, channel, facts.recipient) != Rule::Consent,
                Standing::Silent => !needs_yes,
            };
            // The link came to a mail address, so whoever holds it has shown that mail to it is wanted. It shows nothing of a
            // telephone: there a first yes is said to a colleague, or a forwarded mail could have somebody called.
            let open = on
                || !needs_yes
                || channel == Channel::Mail
                || had_consent(tx, &Link { person, purpose, channel }).await?;
            all.push(Tick { purpose, channel, on, open, standing: facts.standing, needs_yes });
        }
    }
    Ok((blocked, all))
}

/// What the page showed, and what came back.
#[derive(Debug)]
pub(crate) struct Asked {
    /// The boxes that were ticked when the page was opened, and those that are now, by key.
    pub seen: Vec<String>,
    pub on: Vec<String>,
    /// A wish, as it was seen and as it is now.
    pub wishes: Vec<(Wish, String, String)>,
    /// In which language the words of a yes stood there.
    pub lang: Lang,
}

/// Writes down what is another than was seen. A page that lay open while the same person stopped something elsewhere brings
/// nothing back: what was not touched on it is not in it.
pub(crate) async fn save(tx: &mut Tx, person: PersonId, asked: &Asked) -> Result<bool> {
    let mut entries = Vec::new();
    for tick in ticks(tx, person).await?.1 {
        let key = tick.key();
        let (seen, wanted) = (asked.seen.contains(&key), asked.on.contains(&key));
        if seen == wanted || tick.on == wanted || (wanted && !tick.open) {
            continue;
        }
        let off = matches!(tick.standing, Standing::Withdrawn | Standing::Objected);
        let act = match (wanted, tick.needs_yes) {
            (false, _) => Act::Withdrawal,
            (true, true) => Act::Consent,
            (true, false) if off => Act::Lifted,
            (true, false) => continue,
        };
        let wording = (act == Act::Consent).then(|| wording(tick.purpose)).flatten();
        entries.push(Entry {
            wording: wording.map(|key| (key.into(), WORDING, asked.lang.into())),
            ..Entry::new(person, tick.purpose, tick.channel, act, HOW)
        });
    }
    let wishes: Vec<_> = asked.wishes.iter().filter(|(_, seen, value)| seen != value).collect();
    if entries.is_empty() && wishes.is_empty() {
        return Ok(false);
    }
    let save = begin(tx, person).await?;
    for entry in entries {
        record(tx, &Entry { save: Some(save), ..entry }).await?;
    }
    for (which, was, value) in wishes {
        wish(tx, person, *which, value, was, save, HOW).await?;
    }
    Ok(true)
}

async fn begin(tx: &mut Tx, person: PersonId) -> Result<i64> {
    let (now, actor) = (tx.now(), tx.actor().id);
    let (id,) = tx
        .one(
            sql!(
                "insert into choice_saves (person_id, how, actor_id, at) values ($1, $2, $3, $4) returning id"
            ),
            params![person, HOW, actor, now],
        )
        .await?;
    Ok(id)
}

/// The last save, which is the one that can be undone.
pub(crate) async fn last(tx: &mut Tx, person: PersonId) -> Result<Option<(i64, Timestamp)>> {
    tx.maybe(
        sql!("select id, at from choice_saves where person_id = $1 order by id desc limit 1"),
        params![person],
    )
    .await
}

/// Puts back what the last save changed, as far as nothing was said about it since; it is a save of its own, so undoing it
/// does it again. `false`: another was made meanwhile, and this page does not know it.
pub(crate) async fn undo(tx: &mut Tx, person: PersonId, save: i64) -> Result<bool> {
    if last(tx, person).await?.map(|(id, _)| id) != Some(save) {
        return Ok(false);
    }
    let rows: Vec<(i64, Purpose, Channel)> = tx
        .all(
            sql!(
                "select l.id, l.purpose, l.channel from consent_ledger l
                 where l.save_id = $1 and l.person_id = $2 and l.void_at is null
                   and not exists (select 1 from consent_ledger n
                     where n.person_id = l.person_id and n.purpose = l.purpose and n.channel = l.channel and n.void_at is null
                       and (coalesce(n.said_at, n.at), n.id) > (coalesce(l.said_at, l.at), l.id))"
            ),
            params![save, person],
        )
        .await?;
    let wishes: Vec<(Wish, String, String)> = tx
        .all(
            sql!(
                "select w.wish, w.value, w.was from own_wishes w where w.save_id = $1 and w.person_id = $2
                   and not exists (select 1 from own_wishes n
                     where n.person_id = w.person_id and n.wish = w.wish and n.id > w.id)"
            ),
            params![save, person],
        )
        .await?;
    let anew = begin(tx, person).await?;
    for (row, purpose, channel) in rows {
        let before: Option<(i64, Act)> = tx
            .maybe(
                sql!(
                    "select b.id, b.act from consent_ledger b join consent_ledger l on l.id = $1
                     where b.person_id = l.person_id and b.purpose = l.purpose and b.channel = l.channel
                       and b.void_at is null and (b.act not in ('consent', 'customer') or b.controller_id is null)
                       and (coalesce(b.said_at, b.at), b.id) < (coalesce(l.said_at, l.at), l.id)
                     order by coalesce(b.said_at, b.at) desc, b.id desc limit 1"
                ),
                params![row],
            )
            .await?;
        match before {
            Some((before, act)) => again(tx, person, before, anew, (purpose, channel, act)).await?,
            None => {
                let silent = Entry::new(person, purpose, channel, Act::Lifted, HOW);
                record(tx, &Entry { save: Some(anew), ..silent }).await?;
            }
        }
    }
    for (which, value, was) in wishes {
        wish(tx, person, which, &was, &value, anew, HOW).await?;
    }
    Ok(true)
}

/// What was said before is said again: to the same words, by the same parent.
async fn again(
    tx: &mut Tx,
    person: PersonId,
    row: i64,
    save: i64,
    (purpose, channel, act): (Purpose, Channel, Act),
) -> Result<()> {
    let (now, actor) = (tx.now(), tx.actor().id);
    tx.run(
        sql!(
            "insert into consent_ledger (person_id, purpose, channel, act, wording_key, wording_version, lang, how, proof, actor_id, at,
                 controller_id, given_by, said_at, save_id)
             select person_id, purpose, channel, act, wording_key, wording_version, lang, cast($2 as text), proof, cast($3 as bigint),
                 cast($4 as bigint), controller_id, given_by, cast($4 as bigint), cast($5 as bigint)
             from consent_ledger where id = $1"
        ),
        params![row, HOW, actor, now, save],
    )
    .await?;
    let told =
        ConsentChanged { purpose: purpose.to_string(), channel: channel.to_string(), act: act.to_string() };
    tx.tell(About::person(person), &told).await.map(drop)
}
